"""A scheduled run in the record's own ledger, as long as it lasts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import uuid4

from prefect.runtime import flow_run
from structlog.contextvars import bind_contextvars, unbind_contextvars

from cases.runs import ALIVE, About, begin_run, end_run, keep_alive
from cases.settings import SHANGHAI
from flows.failures import failure_of
from flows.shop import run_id, shop


@dataclass
class Noted:
    """A run that goes on: what it comes to is written into `result`, for people."""

    id: str
    result: str = ""


@asynccontextmanager
async def noted(flow: str, subject: str = "") -> AsyncIterator[Noted]:
    """Write a run of the whole installation into the ledger: that it began, that it lives, how it ended."""
    place, run = shop(), Noted(run_id() or f"cron-{uuid4()}")
    bind_contextvars(run=run.id)
    await asyncio.to_thread(begin_run, place.db, run.id, About(flow, subject), place.clock())
    beating = asyncio.create_task(_beat(run.id))
    try:
        yield run
    except Exception as error:
        failure = failure_of(error)
        end_run(place.db, run.id, place.clock(), error=failure.reason, detail=failure.detail)
        raise
    else:
        await asyncio.to_thread(end_run, place.db, run.id, place.clock(), result=run.result)
    finally:
        beating.cancel()
        unbind_contextvars("run")


def by_day() -> str:
    """Return the name of a run of a daily flow: what it is, and for which day."""
    on = (flow_run.get_parameters() or {}).get("on") or shop().clock().astimezone(SHANGHAI).date()
    return f"{flow_run.get_flow_name()} {on}"


async def _beat(id_: str) -> None:
    while True:
        await asyncio.sleep(ALIVE.total_seconds() / 3)
        await asyncio.to_thread(keep_alive, shop().db, [id_], shop().clock())
