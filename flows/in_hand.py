"""The outbox row that a flow works on, if it was started for one: so that row, run and effect are written together."""

import asyncio
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Event

from cases.handing import flow_of
from cases.outbox import Work
from cases.runs import About, begin_run, end_run
from flows.carrying import hand_on, hand_on_batch
from flows.failures import failure_of
from flows.shop import run_id, shop
from flows.work import TOPICS


@dataclass
class InHand:
    """A claimed row on its way through its flow, or many of a topic, then without a row.

    `run_id` is there once the work has begun; `settled` is set when its outcome is written; `stop` ends a long one.
    """

    work: Work | None = None
    run_id: str = ""
    settled: asyncio.Event = field(default_factory=asyncio.Event)
    stop: Event = field(default_factory=Event)


IN_HAND: ContextVar[InHand | None] = ContextVar("IN_HAND", default=None)


async def carry_out(topic: str, payload: Mapping[str, int], do: Callable[[], str] | None = None) -> str:
    """Do a topic's work as the body of its flow, and keep the ledger.

    A flow that somebody started by hand has no row; it is in the ledger all the same.

    Args:
        do: what is done instead of the topic's own function.
    """
    held = IN_HAND.get()
    if held is None or held.work is None:
        return await asyncio.to_thread(_by_hand, topic, payload, do)
    held.run_id = run_id()
    try:
        return await asyncio.to_thread(hand_on, shop(), held.work, held.run_id, do)
    finally:
        held.settled.set()


async def carry_out_many(topic: str) -> dict[str, int]:
    """Do the due rows of a cheap topic as the body of one flow; return how many came to what."""
    held = IN_HAND.get() or InHand()
    held.run_id = run_id()
    try:
        return dict(await asyncio.to_thread(hand_on_batch, shop(), topic, held.run_id, stop=held.stop))
    finally:
        held.settled.set()


def _by_hand(topic: str, payload: Mapping[str, int], do: Callable[[], str] | None) -> str:
    place, id_ = shop(), run_id()
    begin_run(place.db, id_, About(flow_of(topic)), place.clock())
    try:
        result = TOPICS[topic](place, payload, id_) if do is None else do()
    except Exception as error:
        failure = failure_of(error)
        end_run(place.db, id_, place.clock(), error=failure.reason, detail=failure.detail)
        raise
    end_run(place.db, id_, place.clock(), result=result)
    return result
