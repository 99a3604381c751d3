"""出件: hands outbox rows to their flows: one row in a run of its own, named and tagged with its case; many cheap ones in
one run. While Prefect does not answer, rows are handed on without it.
"""

import asyncio
import logging
from asyncio import Task
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event
from time import monotonic
from typing import Any
from uuid import uuid4

from prefect import flow, tags
from prefect.artifacts import acreate_table_artifact
from prefect.runtime import flow_run

from cases.handing import BATCH, flow_of, leave
from cases.outbox import Work, anything_due, claim
from cases.papers import case_number
from cases.sending import settle_stranded
from flows.carrying import alone, crowds, hand_on, hand_on_batch
from flows.file_contract import file_contract
from flows.in_hand import IN_HAND, InHand, carry_out_many
from flows.notify import (
    notify_approvers,
    send_gathered,
    send_letter,
    send_mail,
    send_rating_link,
    take_in_patents,
)
from flows.register import register
from flows.render import render
from flows.shop import shop

LOG = logging.getLogger("panhuo.dispatch")
AT_ONCE = 4
LOOK_SECONDS = 0.2  # how often rows are looked for while others are in hand
LONGEST_SECONDS = 3600.0  # how long a flow is waited for; what takes longer goes on unwatched
REPORT_SECONDS = 15.0  # how long a run whose work is written down may take to tell Prefect
AWAY_SECONDS = 30.0  # how long Prefect is left alone after it did not answer

Run = Callable[[Work, str], Awaitable[Any]]

RUNS: dict[str, Run] = {
    "render": lambda work, case_no: render(work.payload["document_id"], case_no),
    "file_contract": lambda work, case_no: file_contract(work.payload["case_id"], case_no),
    "notify_approvers": lambda work, case_no: notify_approvers(work.payload["case_id"], case_no),
    "mail": lambda work, _: send_mail(work.payload["message_id"]),
    "deliver": lambda work, _: send_gathered(work.payload["delivery_id"]),
    "enterprise_letter": lambda work, _: send_letter(work.payload["letter_id"]),
    "stocktake": lambda work, _: take_in_patents(work.payload["stocktake_id"]),
    "rating_link": lambda work, _: send_rating_link(work.payload["link_id"]),
    "register": lambda work, _: register(work.payload["import_id"]),
}


class _Prefect:
    """Whether Prefect answered when it was last asked; one that did not is left alone for a while."""

    def __init__(self) -> None:
        self._until = 0.0

    def is_away(self) -> bool:
        """Say whether it is not worth asking yet."""
        return monotonic() < self._until

    def note_away(self) -> None:
        """Remember that it did not answer."""
        self._until = monotonic() + AWAY_SECONDS


_PREFECT = _Prefect()


@dataclass
class _Hands:
    """What one `drain` has in hand: single rows, and a run for each crowded topic."""

    singles: set[Task[None]] = field(default_factory=set)
    batches: dict[str, Task[None]] = field(default_factory=dict)
    stop: Event = field(default_factory=Event)
    taken: int = 0

    def clear_ended(self) -> None:
        """Let go of what has ended."""
        self.singles = {task for task in self.singles if not task.done()}
        self.batches = {topic: task for topic, task in self.batches.items() if not task.done()}

    def all(self) -> set[Task[None]]:
        """Return every task that goes on."""
        return {*self.singles, *self.batches.values()}


async def drain() -> int:
    """Hand on every row that is due and return how many runs that took.

    Rows that become due meanwhile are taken too, so that a click does not wait behind a long document or many letters.
    """
    place, hands = shop(), _Hands()
    try:
        while True:
            hands.clear_ended()
            if await asyncio.to_thread(anything_due, place.db, datetime.now(UTC)):
                await _fill(hands)
            if not hands.all():
                return hands.taken
            await asyncio.wait(hands.all(), timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await _put_down(hands)


async def _fill(hands: _Hands) -> None:
    """Start a run for each crowded topic, and take as many single rows as there are hands free."""
    place = shop()
    for topic in await asyncio.to_thread(crowds, place):
        if topic not in hands.batches:
            hands.batches[topic] = asyncio.create_task(_batch(topic, hands.stop))
            hands.taken += 1
    free = AT_ONCE - len(hands.singles)
    if free > 0:
        topics = alone(tuple(hands.batches))
        works = await asyncio.to_thread(claim, place.db, datetime.now(UTC), free, topics=topics)
        hands.taken += len(works)
        hands.singles |= {asyncio.create_task(_hand_on(work)) for work in works}


async def _put_down(hands: _Hands) -> None:
    """End what is still in hand, as when the worker is stopped."""
    hands.stop.set()
    for task in (going := hands.all()):
        task.cancel()
    await asyncio.gather(*going, return_exceptions=True)


async def _hand_on(work: Work) -> None:
    """Run one row's flow; the outcome goes back to the row, never further."""
    place = shop()
    held = InHand(work)
    IN_HAND.set(held)
    case_no = await asyncio.to_thread(case_number, place.db, work.case_id)
    try:
        with tags(f"case:{case_no}") if case_no else tags("panhuo"):
            if not await _by_prefect(lambda: RUNS[work.topic](work, case_no), held):
                await asyncio.to_thread(hand_on, place, work, _own_id(held))
    except asyncio.CancelledError:
        leave(place.db, work, held.run_id, datetime.now(UTC))
        raise
    except Exception as error:
        LOG.warning("outbox row %s (%s) failed: %s", work.id, work.topic, type(error).__name__)


async def _batch(topic: str, stop: Event) -> None:
    """Take the due rows of a crowded topic in one run."""
    held = InHand(stop=stop)
    IN_HAND.set(held)
    try:
        with tags("panhuo"):
            if not await _by_prefect(lambda: dispatch_many(topic), held):
                await asyncio.to_thread(hand_on_batch, shop(), topic, _own_id(held), stop=stop)
    except Exception as error:
        LOG.warning("the run of many rows (%s) failed: %s", topic, type(error).__name__)


def _own_id(held: InHand) -> str:
    """Return an id for a run that Prefect could not take."""
    held.run_id = f"local-{uuid4()}"
    return held.run_id


async def _by_prefect(start: Callable[[], Awaitable[Any]], held: InHand) -> bool:
    """Run a flow; False if its work did not begin, because Prefect does not answer.

    Raises: what the work itself raised, after it was written down.
    """
    if _PREFECT.is_away():
        return False
    try:
        await _finished(start(), held)
    except Exception as error:
        if held.run_id:
            raise
        _PREFECT.note_away()
        LOG.warning("Prefect took no run (%s); going on without it for now", type(error).__name__)
    return bool(held.run_id)


async def _finished(going: Awaitable[Any], held: InHand) -> None:
    """Wait for a flow: as long as its work takes, and once that is written down only a little longer for Prefect."""
    running = asyncio.ensure_future(going)
    settled = asyncio.create_task(held.settled.wait())
    try:
        await asyncio.wait({running, settled}, timeout=LONGEST_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait({running}, timeout=REPORT_SECONDS)
        if running.done():
            await running
    finally:
        settled.cancel()
        running.cancel()


@flow(
    name=BATCH, flow_run_name=lambda: f"{BATCH} {flow_of(flow_run.parameters['topic'])}", persist_result=False
)
async def dispatch_many(topic: str) -> dict[str, int]:
    """Hand on the due rows of a cheap topic in one run, chunk by chunk."""
    done = await carry_out_many(topic)
    row = {"任务": flow_of(topic), "完成": done.get("done", 0), "未成功": done.get("failed", 0)}
    await acreate_table_artifact(
        key=f"dispatch-{topic.replace('_', '-')}", table=[row], description="批量出件结果"
    )
    return done


@flow(name="出件", persist_result=False)
async def dispatch() -> int:
    """Hand on every row that is due, once, and settle what no worker can send; the worker hands on continuously."""
    place = shop()
    await asyncio.to_thread(settle_stranded, place.db, place.clock())
    return await drain()
