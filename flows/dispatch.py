"""出件: hands outbox rows to their flows, each as a run of its own, named and tagged with its case."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from prefect import flow, tags

from cases.outbox import LEASE, Work, claim, extend, fail, finish, release
from cases.papers import case_number
from flows.file_contract import file_contract
from flows.notify import notify_approvers, send_mail
from flows.register import register
from flows.render import render
from flows.shop import shop

LOG = logging.getLogger("panhuo.dispatch")
RUN_LIMIT_SECONDS = 540
AT_ONCE = 2

Run = Callable[[Work, str], Awaitable[Any]]

RUNS: dict[str, Run] = {
    "render": lambda work, case_no: render(work.payload["document_id"], case_no),
    "file_contract": lambda work, case_no: file_contract(work.payload["case_id"], case_no),
    "notify_approvers": lambda work, case_no: notify_approvers(work.payload["case_id"], case_no),
    "mail": lambda work, _: send_mail(work.payload["message_id"]),
    "register": lambda work, _: register(work.payload["import_id"]),
}


async def drain() -> int:
    """Hand on every row that is due and return how many were taken."""
    place = shop()
    taken = 0
    while works := await asyncio.to_thread(claim, place.db, datetime.now(UTC), AT_ONCE):
        taken += len(works)
        holding = asyncio.create_task(_hold(works))
        try:
            await asyncio.gather(*(_hand_on(work) for work in works))
        finally:
            holding.cancel()
    return taken


async def _hold(works: tuple[Work, ...]) -> None:
    """Extend the lease of rows in hand until cancelled."""
    while True:
        await asyncio.sleep(LEASE.total_seconds() / 3)
        await asyncio.to_thread(extend, shop().db, works, datetime.now(UTC))


async def _hand_on(work: Work) -> None:
    """Run one row's flow within its time; the outcome goes back to the row, never further."""
    place = shop()
    case_no = await asyncio.to_thread(case_number, place.db, work.case_id)
    try:
        with tags(f"case:{case_no}") if case_no else tags("panhuo"):
            await asyncio.wait_for(RUNS[work.topic](work, case_no), RUN_LIMIT_SECONDS)
    except asyncio.CancelledError:
        release(place.db, work, datetime.now(UTC))
        raise
    except Exception as error:
        LOG.warning("outbox row %s (%s) failed: %s", work.id, work.topic, type(error).__name__)
        await asyncio.to_thread(fail, place.db, work, f"{type(error).__name__}: {error}", datetime.now(UTC))
    else:
        await asyncio.to_thread(finish, place.db, work, datetime.now(UTC))


@flow(name="出件", persist_result=False)
async def dispatch() -> int:
    """Hand on every row that is due, once; the worker does the same continuously."""
    return await drain()
