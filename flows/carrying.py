"""Handing outbox rows on, without Prefect: one row in a run of its own, or many cheap ones in one run.

Prefect wraps these functions (`flows.dispatch`); `panhuo dispatch`, cron and tests call them as they are, and the record
shows the same afterwards. Imports nothing of Prefect.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic
from uuid import uuid4

from structlog.contextvars import bound_contextvars

from cases.handing import (
    BATCH,
    Settled,
    check_all_known,
    check_known,
    claim_batch,
    complete,
    flow_of,
    give_back,
    hold_on,
    settle_batch,
    take_up,
)
from cases.outbox import LEASE, Failure, Work, anything_due, claim, crowded, release
from cases.runs import About, begin_run, end_run
from cases.sending import settle_stranded
from flows.failures import failure_of
from flows.work import BATCHES, TOPICS, Do, Workshop, perform

LOG = logging.getLogger("panhuo.dispatch")
CROWD = 25  # from so many rows of a cheap topic on, one run takes them all
CHUNK = 200
CHUNK_SECONDS = 5.0
HOPELESS = 3
BATCH_ROWS = 10_000  # a run that never ended could not be read
HELD_SECONDS = 540.0
ALONE_AT_ONCE = 2


def new_run_id() -> str:
    """Return an id for a run that Prefect takes no part in."""
    return f"cron-{uuid4()}"


@contextmanager
def holding(shop: Workshop, works: Sequence[Work], run_id: str) -> Iterator[None]:
    """Extend the lease of rows, and the life of their run, while they are worked on; not longer than work may take."""
    ended = Event()

    def hold() -> None:
        until = monotonic() + HELD_SECONDS
        while monotonic() < until and not ended.wait(LEASE.total_seconds() / 3):
            try:
                hold_on(shop.db, works, [run_id], shop.clock())
            except Exception:
                LOG.exception("the lease of %s rows could not be extended", len(works))

    thread = Thread(target=hold, name="holding", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def hand_on(shop: Workshop, work: Work, run_id: str, do: Callable[[], str] | None = None) -> str:
    """Do one claimed row in a run of its own, write down what came of it, and return that.

    Args:
        do: what is done instead of the topic's own function.

    Raises: whatever made it impossible, after it was written down.
    """
    if not take_up(shop.db, work, run_id, shop.clock()):
        return "已由其他处理程序接手"
    try:
        with bound_contextvars(run=run_id, row=work.id), holding(shop, [work], run_id):
            if do is not None:
                check_known(shop.db, work)
            result = perform(shop, work, run_id) if do is None else do()
    except Exception as error:
        LOG.warning("outbox row %s (%s) failed: %s", work.id, work.topic, type(error).__name__)
        give_back(shop.db, work, run_id, failure_of(error), shop.clock())
        raise
    complete(shop.db, work, run_id, result, shop.clock())
    return result


def hand_on_batch(
    shop: Workshop, topic: str, run_id: str, *, limit: int = BATCH_ROWS, stop: Event | None = None
) -> Counter[str]:
    """Do the rows of a cheap topic that are due in one run, chunk by chunk; return how many came to what.

    What is claimed and not done when it is stopped comes back at once.
    """
    begin_run(shop.db, run_id, About(BATCH, flow_of(topic)), shop.clock())
    done: Counter[str] = Counter()
    try:
        with BATCHES[topic](shop) as do:
            while (left := limit - done.total()) > 0 and not (stop and stop.is_set()):
                works = claim_batch(shop.db, topic, run_id, min(CHUNK, left), shop.clock())
                if not works:
                    break
                _hand_on_chunk(shop, works, do, run_id, done, stop)
    except Exception as error:
        failure = failure_of(error)
        end_run(shop.db, run_id, shop.clock(), error=failure.reason, detail=failure.detail)
        raise
    end_run(shop.db, run_id, shop.clock(), result=f"完成{done['done']}项，未成功{done['failed']}项")
    return done


def _hand_on_chunk(
    shop: Workshop, works: Sequence[Work], do: Do, run_id: str, done: Counter[str], stop: Event | None
) -> None:
    """Do a chunk; what came of its rows is written every few seconds, so that a crash repeats little.

    When what others must mend has failed a few in a row, the rest of the chunk is not tried: each try may take long.
    """
    settled: list[Settled] = []
    written, outer, hopeless = monotonic(), 0, None
    with holding(shop, works, run_id):
        unknown = check_all_known(shop.db, works)
        for work in works:
            if stop and stop.is_set():
                release(shop.db, work, shop.clock())
                continue
            lacking = unknown.get(work.id)
            failure = failure_of(lacking) if lacking else hopeless or _failure_in(shop, work, do, run_id)
            outer = outer + 1 if failure and failure.outer else 0
            hopeless = failure if outer >= HOPELESS else None
            settled.append(Settled(work, failure))
            done["failed" if failure else "done"] += 1
            if monotonic() - written > CHUNK_SECONDS:
                settle_batch(shop.db, run_id, settled, done.total(), shop.clock())
                settled, written = [], monotonic()
    settle_batch(shop.db, run_id, settled, done.total(), shop.clock())


def _failure_in(shop: Workshop, work: Work, do: Do, run_id: str) -> Failure | None:
    try:
        do(work.payload, run_id)
    except Exception as error:
        LOG.warning("outbox row %s (%s) failed: %s", work.id, work.topic, type(error).__name__)
        return failure_of(error)
    return None


def crowds(shop: Workshop) -> tuple[str, ...]:
    """Return the cheap topics of which so many rows are due that one run takes them."""
    return tuple(topic for topic in BATCHES if crowded(shop.db, topic, CROWD, shop.clock()))


def alone(crowded_topics: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the topics whose rows are handed on one by one now. Those of a newer release are left to its workers."""
    return tuple(topic for topic in TOPICS if topic not in crowded_topics)


def hand_on_all(shop: Workshop, limit: int | None = None) -> Counter[str]:
    """Hand on what is due, without Prefect, until nothing is due or so many rows were taken.

    Safe beside running workers: what they hold is left to them. A failed row is not tried again before its pause is over.
    What no worker can send is called failed first.
    """
    settle_stranded(shop.db, shop.clock())
    done: Counter[str] = Counter()
    while (limit is None or done.total() < limit) and anything_due(shop.db, shop.clock()):
        left = BATCH_ROWS if limit is None else limit - done.total()
        before = done.total()
        many = crowds(shop)
        for topic in many:
            done += hand_on_batch(shop, topic, new_run_id(), limit=left - (done.total() - before))
        room = min(ALONE_AT_ONCE, left - (done.total() - before))
        for work in claim(shop.db, shop.clock(), room, topics=alone(many)) if room > 0 else ():
            done[_outcome(shop, work)] += 1
        if done.total() == before:
            break
    return done


def _outcome(shop: Workshop, work: Work) -> str:
    try:
        hand_on(shop, work, new_run_id())
    except Exception:
        return "failed"
    return "done"
