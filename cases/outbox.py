"""The outbox: work written in an action's transaction and handed on after commit.

Delivered at least once, in the order of each case. A living worker extends its lease; the rows of one that died
come back when it runs out, and a worker that comes back late changes nothing any more. Handlers must be harmless
when repeated. After the last try a row is `dead`, with its reason, and can be started again by hand.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlmodel import Session, col, func, select

from cases.db import Cursor, Database
from cases.tables import Outbox

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 6
BACK_OFF = timedelta(seconds=5)
INTERRUPTED = "处理程序多次中断，未能完成"

INSERT = (
    "INSERT INTO outbox (org_id, case_id, topic, key, payload, status, attempts, error, flow_run_id, created_at, "
    "available_at) VALUES (?, ?, ?, ?, ?, 'pending', 0, '', '', ?, ?) ON CONFLICT (key) DO NOTHING"
)
# A row waits while an earlier row of its case is not finished; a dead row holds nothing up. The newest come first, so
# that what somebody has just asked for does not wait behind bulk work.
CLAIM = """
UPDATE outbox SET status = 'running', attempts = attempts + 1, available_at = ?
WHERE id {chosen}
    SELECT o.id FROM outbox o
    WHERE o.status IN ('pending', 'running') AND o.available_at <= ?
    AND NOT EXISTS (
        SELECT 1 FROM outbox e WHERE e.case_id = o.case_id AND e.id < o.id AND e.status IN ('pending', 'running')
    )
    ORDER BY o.id DESC LIMIT ?{closed}
RETURNING id, org_id, case_id, topic, payload, attempts
"""
CLAIM_SQLITE = CLAIM.format(chosen="IN (", closed=")")
# An array is computed once; the planner may run a sub-select with LIMIT once a row, and claim more than the limit.
CLAIM_POSTGRES = CLAIM.format(chosen="= ANY(ARRAY(", closed=" FOR UPDATE SKIP LOCKED))")
# What a worker holds: a row that runs, in the try that this worker claimed.
_HELD = "WHERE id = ? AND status = 'running' AND attempts = ?"
FINISH = f"UPDATE outbox SET status = 'done', error = '', finished_at = ?, flow_run_id = ? {_HELD}"  # noqa: S608
FAIL = f"UPDATE outbox SET status = ?, error = ?, available_at = ?, finished_at = ? {_HELD}"  # noqa: S608
EXTEND = f"UPDATE outbox SET available_at = ? {_HELD}"  # noqa: S608
RELEASE = f"UPDATE outbox SET status = 'pending', attempts = attempts - 1, available_at = ? {_HELD}"  # noqa: S608
GIVE_UP = (
    "UPDATE outbox SET status = 'dead', error = ?, finished_at = ? "
    "WHERE status IN ('pending', 'running') AND available_at <= ? AND status = 'running' AND attempts >= ?"
)
REVIVE = (
    "UPDATE outbox SET status = 'pending', attempts = 0, available_at = ?, finished_at = NULL "
    "WHERE id = ? AND org_id = ? AND status = 'dead'"
)


@dataclass(frozen=True, slots=True)
class Work:
    """One claimed row. `payload` holds ids only."""

    id: int
    org_id: int
    case_id: int | None
    topic: str
    payload: dict[str, Any]
    attempts: int


def put(
    cur: Cursor, org_id: int, topic: str, key: str, payload: dict[str, Any], now: datetime, *, due: datetime | None = None
) -> None:  # fmt: skip
    """Add a row, to be handed on at once or when it is `due`; a key that is already there adds nothing."""
    body = orjson.dumps(payload).decode()
    cur.run(INSERT, org_id, None, topic, key, body, cur.moment(now), cur.moment(due or now))


def claim(db: Database, now: datetime, limit: int = 20) -> tuple[Work, ...]:
    """Take rows that are due, at most one per case, under a lease.

    Effects: rows whose last worker died too are given up as dead.
    """
    sql = CLAIM_POSTGRES if db.postgres else CLAIM_SQLITE
    with db.cursor() as cur:
        moment = cur.moment(now)
        cur.run(GIVE_UP, INTERRUPTED, moment, moment, MAX_ATTEMPTS)
        rows = cur.all(sql, cur.moment(now + LEASE), moment, limit)
    return tuple(Work(i, o, c, t, orjson.loads(p), a) for i, o, c, t, p, a in sorted(rows))


def extend(db: Database, works: Iterable[Work], now: datetime) -> None:
    """Hold rows longer: a living worker does this while it works on them."""
    with db.cursor() as cur:
        until = cur.moment(now + LEASE)
        cur.many(EXTEND, [(until, work.id, work.attempts) for work in works])


def release(db: Database, work: Work, now: datetime) -> None:
    """Give a row back unfinished, as when the worker is stopped; the try does not count."""
    with db.cursor() as cur:
        cur.run(RELEASE, cur.moment(now), work.id, work.attempts)


def finish(db: Database, work: Work, now: datetime, flow_run_id: str = "") -> None:
    """Mark a row done."""
    with db.cursor() as cur:
        cur.run(FINISH, cur.moment(now), flow_run_id, work.id, work.attempts)


def fail(db: Database, work: Work, reason: str, now: datetime) -> None:
    """Put a row back with a growing pause, or declare it dead after the last try."""
    dead = work.attempts >= MAX_ATTEMPTS
    again = now + BACK_OFF * 4 ** (work.attempts - 1)
    with db.cursor() as cur:
        status, finished = ("dead", cur.moment(now)) if dead else ("pending", None)
        cur.run(FAIL, status, reason[:2000], cur.moment(again), finished, work.id, work.attempts)


def revive(db: Database, org_id: int, outbox_id: int, now: datetime) -> None:
    """Start a dead row again."""
    with db.cursor() as cur:
        cur.run(REVIVE, cur.moment(now), outbox_id, org_id)


def backlog(session: Session, org_id: int | None = None) -> dict[str, int]:
    """Return how many rows stand in each status."""
    query = select(Outbox.status, func.count()).group_by(Outbox.status)
    if org_id is not None:
        query = query.where(Outbox.org_id == org_id)
    return dict(session.exec(query).all())


@dataclass(frozen=True, slots=True)
class OutboxView:
    """A row as the case page shows it."""

    id: int
    topic: str
    status: str
    attempts: int
    error: str
    flow_run_id: str
    created_at: datetime


def of_case(session: Session, org_id: int, case_id: int, limit: int = 20) -> tuple[OutboxView, ...]:
    """Return a case's rows, the newest first."""
    query = select(Outbox).where(Outbox.org_id == org_id, Outbox.case_id == case_id)
    rows = session.exec(query.order_by(col(Outbox.id).desc()).limit(limit))
    return tuple(
        OutboxView(int(r.id or 0), r.topic, r.status, r.attempts, r.error, r.flow_run_id, r.created_at)
        for r in rows
    )
