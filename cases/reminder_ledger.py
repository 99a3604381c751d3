"""Writes what a sweep tells: per person one transaction with message, ledger rows and what is sent; then the next days.

A person's message and its ledger rows stand or fall together, under the person's lock, so that whoever crashes,
repeats or sweeps at the same time finds either all of it or nothing. A deadline's next day is moved on only after
everybody was told; until then the next sweep looks at it again, and the ledger says who is told already.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson

from cases.db import Cursor, Database
from cases.delivering import queue_deliveries
from cases.reminder_lines import JsonLine, Line, subject_of, told
from cases.reminder_sending import can_be_added_to

BATCH = 500

LOCK_PEOPLE = "SELECT id FROM app_user WHERE id IN :ids AND active = ? ORDER BY id"
# One statement for all lines of a person: rows that are there already, and deadlines that were closed meanwhile, add
# nothing and are not returned.
_CLAIM = (
    'INSERT INTO reminder (org_id, deadline_id, rung, covered_by, channel, user_id, "on", message_id, created_at) '
    "SELECT d.org_id, d.id, {rung}, {covered}, 'inbox', ?, ?, ?, ? FROM {rows} "
    "JOIN deadline d ON d.id = {id} AND d.status = 'open' WHERE true "
    "ON CONFLICT (deadline_id, rung, channel, user_id) DO NOTHING RETURNING deadline_id"
)
CLAIM_SQLITE = _CLAIM.format(
    id="k.value ->> 0", rung="k.value ->> 1", covered="k.value ->> 2", rows="json_each(?) k"
)
CLAIM_POSTGRES = _CLAIM.format(
    id="k.id", rung="k.rung", covered="k.covered",
    rows="unnest(?::bigint[], ?::int[], ?::int[]) AS k(id, rung, covered)",
)  # fmt: skip
OF_TODAY = "SELECT id, lines FROM message WHERE user_id = ? AND \"on\" = ? AND kind = 'reminder' ORDER BY id DESC LIMIT 1"
ADD_MESSAGE = (
    'INSERT INTO message (org_id, user_id, "on", kind, subject, lines, mail_status, created_at) '
    "VALUES (?, ?, ?, 'reminder', ?, ?, '', ?) RETURNING id"
)
DROP_MESSAGE = "DELETE FROM message WHERE id = ?"
# What is added to a message that was read makes it unread again.
ADD_LINES = "UPDATE message SET subject = ?, lines = ?, read_at = NULL WHERE id = ?"
MOVE_ON_SQLITE = "UPDATE deadline SET next_on = ? WHERE id = ? AND next_on = ? AND status = 'open'"
# Rows that somebody holds are left for the next sweep, so that a sweep never waits for a person's step, nor stops one.
MOVE_ON_POSTGRES = (
    "UPDATE deadline d SET next_on = k.next FROM (SELECT x.id, v.next "
    "FROM unnest(?::bigint[], ?::date[], ?::date[]) AS v(id, next, seen) "
    "JOIN deadline x ON x.id = v.id AND x.next_on = v.seen AND x.status = 'open' "
    "FOR NO KEY UPDATE OF x SKIP LOCKED) k WHERE d.id = k.id"
)


@dataclass(frozen=True, slots=True)
class Sweep:
    """What all parts of a sweep of one organization know. `missed` are days on which nothing ran."""

    db: Database
    org_id: int
    on: date
    now: datetime
    mail: bool
    missed: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: lines told, rungs covered by them, messages; and the deadlines that wait for tomorrow."""

    lines: int = 0
    covered: int = 0
    messages: int = 0
    waiting: frozenset[int] = frozenset()

    def __add__(self, other: "Written") -> "Written":
        return Written(
            self.lines + other.lines, self.covered + other.covered, self.messages + other.messages,
            self.waiting | other.waiting,
        )  # fmt: skip


def tell(sweep: Sweep, lines: Mapping[int, Sequence[Line]]) -> Written:
    """Write everybody's message, some people a transaction.

    Effects: reminder, message and what sends it, in transactions of bounded size; a single person's message is never
    divided.
    """
    written = Written()
    for users in _bounded(lines):
        with sweep.db.cursor() as cur:
            for (user_id,) in _held(cur, users):
                written += _tell_one(cur, sweep, user_id, lines[user_id])
    return written


def move_on(sweep: Sweep, days: Iterable[tuple[int, date | None, date]]) -> None:
    """Set the day of the next reminder: rows of deadline, the new day, and the day that it replaces.

    Effects: writes deadline.next_on, some hundred rows a transaction; a row that has changed meanwhile stays.
    """
    rows = list(days)
    for start in range(0, len(rows), BATCH):
        chunk = rows[start : start + BATCH]
        with sweep.db.cursor() as cur:
            if cur.postgres:
                ids, following, seen = zip(*chunk, strict=True)
                cur.run(MOVE_ON_POSTGRES, list(ids), list(following), list(seen))
            else:
                cur.many(MOVE_ON_SQLITE, [(cur.day(new), id_, cur.day(old)) for id_, new, old in chunk])


def _bounded(lines: Mapping[int, Sequence[Line]]) -> Iterable[list[int]]:
    """Put people together until their lines fill a transaction."""
    users: list[int] = []
    size = 0
    for user_id in sorted(lines):
        users.append(user_id)
        size += sum(1 + len(line.covers) for line in lines[user_id])
        if size >= BATCH:
            yield users
            users, size = [], 0
    if users:
        yield users


def _held(cur: Cursor, users: Sequence[int]) -> list[Any]:
    """Lock the people, in the order of their ids, before anything else is locked; who left meanwhile is not told."""
    return cur.of_many(LOCK_PEOPLE + (" FOR NO KEY UPDATE" if cur.postgres else ""), users, True)


def _tell_one(cur: Cursor, sweep: Sweep, user_id: int, lines: Sequence[Line]) -> Written:
    """Write what one person is told: into today's message while it has not gone out, else into a further one.

    A line that can wait does not make a second message of the day: it waits for tomorrow's.
    """
    today = cur.one(OF_TODAY, user_id, cur.day(sweep.on))
    merges = today is not None and can_be_added_to(cur, today[0], owed=any(line.owed for line in lines))
    if today is not None and not merges and not any(line.presses for line in lines):
        return Written(waiting=frozenset(line.due.id for line in lines))
    message_id = today[0] if today is not None and merges else _empty_message(cur, sweep, user_id)
    fresh = _claim(cur, sweep, user_id, message_id, [(line.due.id, line.rung, None) for line in lines])
    kept = [line for line in lines if line.due.id in fresh]
    if not kept:
        if not merges:
            cur.run(DROP_MESSAGE, message_id)
        return Written()
    covered = [(line.due.id, wider, line.rung) for line in kept for wider in line.covers]
    _claim(cur, sweep, user_id, message_id, covered)
    held = orjson.loads(today[1]) if today is not None and merges else []
    _put_lines(cur, sweep, message_id, held, kept)
    queue_deliveries(cur, message_id, sweep.now, mail=sweep.mail, owed=any(line.owed for line in kept))
    return Written(len(kept), len(covered), int(not merges))


def _empty_message(cur: Cursor, sweep: Sweep, user_id: int) -> int:
    day, moment = cur.day(sweep.on), cur.moment(sweep.now)
    (message_id,) = cur.one(ADD_MESSAGE, sweep.org_id, user_id, day, "", "[]", moment)
    return int(message_id)


def _claim(
    cur: Cursor, sweep: Sweep, user_id: int, message_id: int, rungs: Sequence[tuple[int, int, int | None]]
) -> frozenset[int]:
    """Write ledger rows (deadline, rung, covered by) and return the deadlines for which there was none."""
    stamp = (user_id, cur.day(sweep.on), message_id, cur.moment(sweep.now))
    if not rungs:
        return frozenset()
    if cur.postgres:
        ids, of, by = zip(*rungs, strict=True)
        rows = cur.all(CLAIM_POSTGRES, *stamp, list(ids), list(of), list(by))
    else:
        rows = cur.all(CLAIM_SQLITE, *stamp, orjson.dumps(rungs).decode())
    return frozenset(int(row[0]) for row in rows)


def _put_lines(
    cur: Cursor, sweep: Sweep, message_id: int, held: Sequence[JsonLine], kept: Sequence[Line]
) -> None:
    lines = [*held, *told(kept)]
    missed = len(sweep.missed) if any(line.due.next_on in sweep.missed for line in kept) else 0
    cur.run(ADD_LINES, subject_of(lines, missed), orjson.dumps(lines).decode(), message_id)
