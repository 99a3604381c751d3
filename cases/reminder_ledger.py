"""Writes what a sweep tells: per person one transaction with message, ledger rows and what is sent; then the next days.

A person's message and its ledger rows stand or fall together, under the person's lock, so that whoever crashes,
repeats or sweeps at the same time finds either all of it or nothing. A deadline's next day is moved on only after
everybody was told; until then the next sweep looks at it again, and the ledger says who is told already.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import orjson

from cases.db import Cursor, Database
from cases.delivering import queue_many
from cases.reminder_lines import JsonLine, Line, subject_of, told
from cases.reminder_sending import can_be_added_to

BATCH = 500

LOCK_PEOPLE = "SELECT id FROM app_user WHERE id IN :ids AND active = ? ORDER BY id"
# One statement for all lines of a transaction: rows that are there already, and deadlines that were closed meanwhile,
# add nothing and are not returned.
_CLAIM = (
    'INSERT INTO reminder (org_id, deadline_id, rung, covered_by, channel, user_id, "on", message_id, created_at) '
    "SELECT d.org_id, d.id, {rung}, {covered}, 'inbox', {user}, ?, {message}, ? FROM {rows} "
    "JOIN deadline d ON d.id = {id} AND d.status = 'open' WHERE true "
    "ON CONFLICT (deadline_id, rung, channel, user_id) DO NOTHING RETURNING user_id, deadline_id"
)
CLAIM_SQLITE = _CLAIM.format(
    user="k.value ->> 0", message="k.value ->> 1", id="k.value ->> 2", rung="k.value ->> 3", covered="k.value ->> 4",
    rows="json_each(?) k",
)  # fmt: skip
CLAIM_POSTGRES = _CLAIM.format(
    user="k.reader", message="k.message", id="k.id", rung="k.rung", covered="k.covered",
    rows="unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::int[], ?::int[]) AS k(reader, message, id, rung, covered)",
)  # fmt: skip
OF_TODAY = "SELECT user_id, id, lines FROM message WHERE user_id IN :ids AND \"on\" = ? AND kind = 'reminder' ORDER BY id"
ADD_MESSAGES = (
    "WITH k(id) AS :ids "
    'INSERT INTO message (org_id, user_id, "on", kind, subject, lines, mail_status, created_at) '
    "SELECT ?, k.id, ?, 'reminder', '', '[]', '', ? FROM k RETURNING user_id, id"
)
DROP_MESSAGE = "DELETE FROM message WHERE id = ?"
# What is added to a message that was read makes it unread again.
PUT_LINES = "UPDATE message SET subject = ?, lines = ?, read_at = NULL WHERE id = ?"
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
    batch: int = BATCH


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
    for users in _bounded(lines, sweep.batch):
        with sweep.db.cursor() as cur:
            written += _tell(cur, sweep, {user_id: lines[user_id] for (user_id,) in _held(cur, users)})
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


def _bounded(lines: Mapping[int, Sequence[Line]], batch: int) -> Iterable[list[int]]:
    """Put people together until their lines fill a transaction."""
    users: list[int] = []
    size = 0
    for user_id in sorted(lines):
        users.append(user_id)
        size += sum(1 + len(line.covers) for line in lines[user_id])
        if size >= batch:
            yield users
            users, size = [], 0
    if users:
        yield users


def _held(cur: Cursor, users: Sequence[int]) -> list[Any]:
    """Lock the people, in the order of their ids, before anything else is locked; who left meanwhile is not told."""
    return cur.of_many(LOCK_PEOPLE + (" FOR NO KEY UPDATE" if cur.postgres else ""), users, True)


@dataclass(frozen=True, slots=True)
class _Letter:
    """One person's message: its id, the lines that it holds already, and those to be told."""

    user_id: int
    id: int
    held: tuple[JsonLine, ...]
    lines: Sequence[Line]

    @property
    def is_new(self) -> bool:
        """Whether the message is made for these lines."""
        return not self.held


def _tell(cur: Cursor, sweep: Sweep, lines: Mapping[int, Sequence[Line]]) -> Written:
    """Write what some people are told: into today's message while it has not gone out, else into a further one.

    A line that can wait does not make a second message of the day: it waits for tomorrow's.
    """
    opened, late = _opened_today(cur, sweep, lines)
    waiting = {user_id for user_id in late if not any(line.presses for line in lines[user_id])}
    fresh = [user_id for user_id in lines if user_id not in waiting and user_id not in opened]
    day, moment = cur.day(sweep.on), cur.moment(sweep.now)
    made = dict(cur.of_many(ADD_MESSAGES, fresh, sweep.org_id, day, moment)) if fresh else {}
    letters = [_Letter(user_id, id_, (), lines[user_id]) for user_id, id_ in made.items()]
    letters += [_Letter(user_id, id_, held, lines[user_id]) for user_id, (id_, held) in opened.items()]
    kept, covered = _claimed(cur, sweep, letters)
    _put(cur, sweep, kept)
    cur.many(DROP_MESSAGE, [(id_,) for id_ in set(made.values()) - {letter.id for letter in kept}])
    return Written(
        sum(len(letter.lines) for letter in kept), covered, sum(letter.is_new for letter in kept),
        frozenset(line.due.id for user_id in waiting for line in lines[user_id]),
    )  # fmt: skip


def _opened_today(
    cur: Cursor, sweep: Sweep, lines: Mapping[int, Sequence[Line]]
) -> tuple[dict[int, tuple[int, tuple[JsonLine, ...]]], set[int]]:
    """Return people's messages of today that lines can be added to, and the people whose message has gone out."""
    opened: dict[int, tuple[int, tuple[JsonLine, ...]]] = {}
    late = set()
    rows = {row[0]: row[1:] for row in cur.of_many(OF_TODAY, list(lines), cur.day(sweep.on))}
    for user_id, (id_, held) in rows.items():
        if can_be_added_to(cur, id_, owed=any(line.owed for line in lines[user_id])):
            opened[user_id] = id_, tuple(orjson.loads(held))
        else:
            late.add(user_id)
    return opened, late


def _claimed(cur: Cursor, sweep: Sweep, letters: Sequence[_Letter]) -> tuple[list[_Letter], int]:
    """Write the ledger; return the letters with the lines that nobody else has told, and how many rungs they cover."""
    told_now = [(one.user_id, one.id, line.due.id, line.rung, None) for one in letters for line in one.lines]
    fresh = _claim(cur, sweep, told_now)
    kept = [
        replace(one, lines=tuple(line for line in one.lines if (one.user_id, line.due.id) in fresh))
        for one in letters
    ]
    kept = [one for one in kept if one.lines]
    covered = [
        (one.user_id, one.id, line.due.id, wider, line.rung)
        for one in kept
        for line in one.lines
        for wider in line.covers
    ]
    _claim(cur, sweep, covered)
    return kept, len(covered)


def _claim(
    cur: Cursor, sweep: Sweep, rows: Sequence[tuple[int, int, int, int, int | None]]
) -> frozenset[tuple[int, int]]:
    """Write ledger rows (reader, message, deadline, rung, covered by); return readers and deadlines of the new ones."""
    if not rows:
        return frozenset()
    stamp = (cur.day(sweep.on), cur.moment(sweep.now))
    if cur.postgres:
        columns = [list(column) for column in zip(*rows, strict=True)]
        added = cur.all(CLAIM_POSTGRES, *stamp, *columns)
    else:
        added = cur.all(CLAIM_SQLITE, *stamp, orjson.dumps(rows).decode())
    return frozenset((int(user_id), int(deadline_id)) for user_id, deadline_id in added)


def _put(cur: Cursor, sweep: Sweep, letters: Sequence[_Letter]) -> None:
    """Write the text of the messages, and queue what sends them."""
    texts = []
    for one in letters:
        shown = [*one.held, *told(one.lines)]
        missed = len(sweep.missed) if any(line.due.next_on in sweep.missed for line in one.lines) else 0
        texts.append((subject_of(shown, missed), orjson.dumps(shown).decode(), one.id))
    cur.many(PUT_LINES, texts)
    owed = {one.id: any(line.owed for line in one.lines) for one in letters}
    queue_many(cur, owed, sweep.now, mail=sweep.mail)
