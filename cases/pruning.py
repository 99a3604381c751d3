"""Forgetting what was done in the background long ago, so that the tables do not grow for ever.

Dead work and failed runs stay until somebody has looked. What is forgotten here is no proof of anything: documents,
deliveries and the trail keep their own.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cases.db import Database
from cases.nightly import StepReport
from cases.runs import lose_silent, prune_runs

KEPT = timedelta(days=30)
AT_ONCE = 1000
MOST = 200_000
# The newest row stays, so that its number is never given again.
OLD_DONE = (
    "SELECT id FROM outbox WHERE status = 'done' AND finished_at < ? AND id < (SELECT MAX(id) FROM outbox) "
    "ORDER BY finished_at LIMIT ?"
)
DELETE_DONE = "DELETE FROM outbox WHERE id = ? AND status = 'done'"


@dataclass(frozen=True, slots=True)
class Pruned:
    """How much was forgotten."""

    jobs: int
    runs: int


def prune(db: Database, now: datetime, *, most: int = MOST) -> Pruned:
    """Forget finished jobs and runs of long ago, at most so many of each; what is left goes in the next night.

    Effects: deletes from outbox and flow_run, in short transactions.
    """
    return Pruned(prune_outbox(db, now, most=most), prune_runs(db, now, most=most))


def clear_away(db: Database, now: datetime, on: date) -> StepReport:
    """Forget what was done long ago, as a step of the night.

    Effects: as `prune`; runs that fell silent are written down as lost.
    """
    lose_silent(db, now)
    pruned = prune(db, now)
    return StepReport(
        f"清理已完成的后台任务{pruned.jobs}项、流程记录{pruned.runs}条",
        f"{pruned.jobs} finished jobs and {pruned.runs} runs cleared away",
        counts=(("jobs", pruned.jobs), ("runs", pruned.runs)),
    )


def prune_outbox(db: Database, now: datetime, *, most: int = MOST) -> int:
    """Forget jobs that were done long ago and return how many; dead ones stay.

    A job's key is made from the id of a document, message, import or event, which is never given twice, so that a
    forgotten job is not asked for again.
    """
    pruned = 0
    while pruned < most:
        size = min(AT_ONCE, most - pruned)
        with db.cursor() as cur:
            ids = [row[0] for row in cur.all(OLD_DONE, cur.moment(now - KEPT), size)]
            cur.many(DELETE_DONE, [(id_,) for id_ in ids])
        pruned += len(ids)
        if len(ids) < size:
            break
    return pruned
