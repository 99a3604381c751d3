"""The outbox: work written in an action's transaction and handed on after commit.

Delivered at least once, in the order of each case; rows without a case wait for nobody. Every organization gets its
share, half of it for the newest rows, so that what somebody has just asked for does not wait behind bulk work, half for
the oldest, so that nothing waits for ever. A living worker extends its lease; the rows of one that died come back when
it runs out, and a worker that comes back late changes nothing any more. Handlers must be harmless when repeated. After
the last try, or when no try can help, a row is `dead`, with its reason, and can be started again by hand.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zlib import crc32

import orjson

from cases.db import Cursor, Database

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 6
PATIENT_ATTEMPTS = 24  # nearly a day, for what others must mend: a mail server, a full disk
BACK_OFF = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
JITTER = 0.25
INTERRUPTED = "处理程序多次中断，未能完成"

INSERT = (
    "INSERT INTO outbox (org_id, case_id, topic, key, payload, status, attempts, error, flow_run_id, created_at, "
    "available_at) VALUES (?, ?, ?, ?, ?, 'pending', 0, '', '', ?, ?) ON CONFLICT (key) DO NOTHING"
)
# Exactly the words of the partial indexes, so that the planner of either database finds them.
_WAITING = "status IN ('pending', 'running')"
_DUE = f"o.{_WAITING} AND o.available_at <= ?"
# A row waits while an earlier row of its case is not finished, or any other is being worked on; a dead row holds
# nothing up.
_NEXT = (
    f"NOT EXISTS (SELECT 1 FROM outbox e WHERE e.case_id = o.case_id AND e.{_WAITING} "  # noqa: S608
    "AND (e.id < o.id OR (e.id > o.id AND e.status = 'running' AND e.available_at > ?)))"
)
ANYTHING_DUE = f"SELECT 1 FROM outbox o WHERE {_DUE} LIMIT 1"  # noqa: S608
# The organizations with waiting rows, found by jumps along the index: its cost is theirs, not that of their rows.
WAITING_ORGANIZATIONS = f"""
WITH RECURSIVE waiting(org_id) AS (
    SELECT MIN(org_id) FROM outbox WHERE {_WAITING}
    UNION ALL
    SELECT (SELECT MIN(n.org_id) FROM outbox n WHERE n.{_WAITING} AND n.org_id > waiting.org_id)
    FROM waiting WHERE waiting.org_id IS NOT NULL
)
SELECT org_id FROM waiting WHERE org_id IS NOT NULL
"""  # noqa: S608
READY = f"SELECT o.id FROM outbox o WHERE o.org_id = ? AND {_DUE} AND {_NEXT}"  # noqa: S608
CLAIM = f"""
WITH chosen AS (SELECT id FROM outbox WHERE id IN :ids)
UPDATE outbox SET status = 'running', attempts = attempts + 1, available_at = ?, flow_run_id = ?
WHERE id IN (SELECT id FROM chosen) AND {_WAITING} AND available_at <= ?
RETURNING id, org_id, case_id, topic, payload, attempts
"""  # noqa: S608
CROWD = f"SELECT COUNT(*) FROM (SELECT 1 FROM outbox o WHERE o.topic = ? AND {_DUE} LIMIT ?) AS due"  # noqa: S608
# What a worker holds: a row that runs, in the try that this worker claimed.
_HELD = "WHERE id = ? AND status = 'running' AND attempts = ?"
LINK = f"UPDATE outbox SET flow_run_id = ?, available_at = ? {_HELD}"  # noqa: S608
FINISH = f"UPDATE outbox SET status = 'done', error = '', finished_at = ? {_HELD}"  # noqa: S608
FAIL = f"UPDATE outbox SET status = ?, error = ?, available_at = ?, finished_at = ? {_HELD}"  # noqa: S608
EXTEND = f"UPDATE outbox SET available_at = ? {_HELD}"  # noqa: S608
RELEASE = f"UPDATE outbox SET status = 'pending', attempts = attempts - 1, available_at = ? {_HELD}"  # noqa: S608
GIVE_UP = (
    "UPDATE outbox SET status = 'dead', error = ?, finished_at = ? "
    "WHERE status IN ('pending', 'running') AND available_at <= ? AND status = 'running' AND attempts >= ? "
    "AND (attempts >= ? OR error = '')"
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


def anything_due(db: Database, now: datetime) -> bool:
    """Say whether a row is due; much cheaper than claiming, and writes nothing."""
    with db.looking() as cur:
        return cur.one(ANYTHING_DUE, cur.moment(now)) is not None


def crowded(db: Database, topic: str, least: int, now: datetime) -> bool:
    """Say whether at least so many rows of a topic are due."""
    with db.looking() as cur:
        (count,) = cur.one(CROWD, topic, cur.moment(now), least)
    return int(count) >= least


def claim(
    db: Database, now: datetime, limit: int = 20, *, topics: Collection[str] = (), run_id: str = "",
    oldest_first: bool = False,
) -> tuple[Work, ...]:  # fmt: skip
    """Take rows that are due, at most one per case, under a lease.

    Args:
        topics: only rows of these topics, if any are named. What a newer release wrote is left to its own workers.
        run_id: the flow run that works on them, where it is known already.
        oldest_first: the oldest rows of each organization alone.

    Effects: rows whose last worker died too are given up as dead.
    """
    with db.cursor() as cur:
        moment = cur.moment(now)
        cur.run(GIVE_UP, INTERRUPTED, moment, moment, MAX_ATTEMPTS, PATIENT_ATTEMPTS)
        wanted = _Wanted(tuple(topics), oldest_first, Random(int(now.timestamp() * 1000)))  # noqa: S311
        chosen = _choose(cur, moment, limit, wanted)
        rows = cur.of_many(CLAIM, chosen, cur.moment(now + LEASE), run_id, moment) if chosen else []
    return tuple(Work(i, o, c, t, orjson.loads(p), a) for i, o, c, t, p, a in sorted(rows))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which rows a claim looks for; `chance` deals out what cannot be shared evenly."""

    topics: tuple[str, ...]
    oldest_first: bool
    chance: Random


def _choose(cur: Cursor, moment: object, limit: int, wanted: _Wanted) -> list[int]:
    """Return rows that may be taken: of each organization its share, the turns beginning anywhere.

    What is left of the shares goes to those that have more.
    """
    waiting = [int(row[0]) for row in cur.all(WAITING_ORGANIZATIONS)]
    start = wanted.chance.randrange(len(waiting)) if waiting else 0
    turns = waiting[start:] + waiting[:start]
    chosen: list[int] = []
    full: list[tuple[int, set[int]]] = []
    for left, org_id in zip(range(len(turns), 0, -1), turns, strict=True):
        share = -(-(limit - len(chosen)) // left)
        found = _ready(cur, org_id, moment, share, wanted) if share else set()
        chosen += found
        if found and len(found) == share:
            full.append((org_id, found))
    for org_id, found in full:
        if (room := limit - len(chosen)) > 0:
            more = _ready(cur, org_id, moment, len(found) + room, wanted) - found
            chosen += sorted(more)[:room]
    return chosen


def _ready(cur: Cursor, org_id: int, moment: object, share: int, wanted: _Wanted) -> set[int]:
    """Return an organization's rows that may be taken: half of them its newest, half its oldest."""
    newest = 0 if wanted.oldest_first else (share + wanted.chance.randrange(2)) // 2
    found: set[int] = set()
    for order, count in (("DESC", newest), ("ASC", share - newest)):
        if count:
            of_topic = f" AND o.topic IN ({', '.join('?' * len(wanted.topics))})" if wanted.topics else ""
            lock = " FOR UPDATE OF o SKIP LOCKED" if cur.postgres else ""
            sql = f"{READY}{of_topic} ORDER BY o.id {order} LIMIT ?{lock}"
            found.update(row[0] for row in cur.all(sql, org_id, moment, moment, *wanted.topics, count))
    return found


def extend(db: Database, works: Iterable[Work], now: datetime) -> None:
    """Hold rows longer: a living worker does this while it works on them."""
    with db.cursor() as cur:
        until = cur.moment(now + LEASE)
        cur.many(EXTEND, [(until, work.id, work.attempts) for work in works])


def release(db: Database, work: Work, now: datetime) -> None:
    """Give a row back unfinished, as when the worker is stopped; the try does not count."""
    with db.cursor() as cur:
        cur.run(RELEASE, cur.moment(now), work.id, work.attempts)


def finish(db: Database, work: Work, now: datetime) -> None:
    """Mark a row done."""
    with db.cursor() as cur:
        write_finish(cur, [work], now)


def write_finish(cur: Cursor, works: Iterable[Work], now: datetime) -> None:
    """Mark rows done in the caller's transaction."""
    moment = cur.moment(now)
    cur.many(FINISH, [(moment, work.id, work.attempts) for work in works])


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a try came to nothing. `reason` is for officers, in Chinese; `detail` the raw text, for administrators.

    A `final` failure would be the same at every try. An `outer` one others must mend, such as a mail server that is
    away: it is tried for nearly a day.
    """

    reason: str
    detail: str = ""
    final: bool = False
    outer: bool = False


def fail(db: Database, work: Work, failure: Failure | str, now: datetime) -> None:
    """Put a row back with a growing pause, or declare it dead when no try is left or none can help."""
    with db.cursor() as cur:
        write_failure(cur, work, failure if isinstance(failure, Failure) else Failure(failure), now)


def write_failure(cur: Cursor, work: Work, failure: Failure, now: datetime) -> None:
    """Do the same in the caller's transaction."""
    tries = PATIENT_ATTEMPTS if failure.outer else MAX_ATTEMPTS
    dead = failure.final or work.attempts >= tries
    status, finished = ("dead", cur.moment(now)) if dead else ("pending", None)
    again = cur.moment(now + pause_after(work))
    cur.run(FAIL, status, failure.reason[:2000], again, finished, work.id, work.attempts)


def pause_after(work: Work) -> timedelta:
    """Return how long a row waits after a failed try: longer each time, a little different for every row.

    Rows that failed together, because a server was away, do not all come back in the same second.
    """
    pause = min(BACK_OFF * int(4 ** min(work.attempts - 1, 10)), LONGEST_PAUSE)
    return pause * (1 + JITTER * (crc32(f"{work.id}:{work.attempts}".encode()) % 1000) / 1000)


def revive(db: Database, org_id: int, outbox_id: int, now: datetime) -> bool:
    """Start a dead row again; False if it is not dead any more, as when somebody else was quicker."""
    with db.cursor() as cur:
        cur.run(REVIVE, cur.moment(now), outbox_id, org_id)
        return bool(cur.raw.rowcount)
