"""Sweeps open deadlines and writes one merged message per person and day, each rung exactly once.

A rung is a distance to the due date: 30 means "30 days before", 0 the day itself, -7 "7 days overdue". When
sweeps were missed, the next one sends the tightest rung reached: one catch-up line, and nothing skipped. The
ledger's unique key makes reruns and two sweepers at once harmless. A moved deadline is a new row, so it
reminds afresh.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import orjson

from cases.db import Cursor, Database, as_date
from cases.outbox import put

FARTHEST_RUNG = 120
ESCALATE_FROM = -7

SWEEP = """
SELECT d.id, d.org_id, d.case_id, d.title, d.due, d.kind, d.rungs, d.overdue_rungs, d.owner_id, d.confidence,
       d.article, c.number, c.title, d.who
FROM deadline d JOIN conversion_case c ON c.id = d.case_id
WHERE d.status = 'open' AND d.due <= ? AND d.id > ?
ORDER BY d.id LIMIT 2000
"""
PEOPLE = "SELECT id, org_id, role, email FROM app_user WHERE active = ?"
CLAIM = (
    'INSERT INTO reminder (org_id, deadline_id, rung, channel, user_id, "on", created_at) '
    "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (deadline_id, rung, channel, user_id) DO NOTHING RETURNING id"
)
ADD_MESSAGE = (
    'INSERT INTO message (org_id, user_id, "on", kind, subject, lines, mail_status, created_at) '
    "VALUES (?, ?, ?, 'reminder', ?, ?, ?, ?) RETURNING id"
)
LINK = "UPDATE reminder SET message_id = ? WHERE id = ?"


@dataclass(frozen=True, slots=True)
class Line:
    """One deadline inside a message."""

    case_id: int
    case_no: str
    case_title: str
    title: str
    due: date
    days_left: int
    rung: int
    kind: str
    article: str
    confidence: str

    def as_json(self) -> dict[str, Any]:
        """Return the JSON form stored with the message."""
        return {
            "case_id": self.case_id, "case_no": self.case_no, "case_title": self.case_title, "title": self.title,
            "due": self.due.isoformat(), "days_left": self.days_left, "rung": self.rung, "kind": self.kind,
            "article": self.article, "confidence": self.confidence,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class RemindReport:
    """What a sweep did."""

    on: date
    examined: int
    reminders: int
    messages: int

    def as_json(self) -> dict[str, Any]:
        """Return the JSON form for the command line."""
        return {
            "on": self.on.isoformat(), "examined": self.examined, "reminders": self.reminders,
            "messages": self.messages,
        }  # fmt: skip


def remind(db: Database, on: date, now: datetime, *, mail: bool = False) -> RemindReport:
    """Sweep all open deadlines for one day.

    Args:
        mail: also queue e-mail for people who have an address.

    Effects: writes reminders, messages and outbox rows in one transaction. Sends nothing.
    """
    examined = reminders = messages = 0
    with db.cursor() as cur:
        people = _people(cur)
        claimed: dict[int, list[tuple[Line, list[int]]]] = defaultdict(list)
        for row in _due(cur, on):
            examined += 1
            line = _line(row, on)
            if line is None:
                continue
            for user in _recipients(row, line.rung, people):
                ids = _claim(cur, row, line.rung, user, mail and bool(user[3]), on, now)
                if ids:
                    reminders += 1
                    claimed[user[0]].append((line, ids))
        for user_id, lines in claimed.items():
            _write_message(cur, people[user_id], lines, on, now)
            messages += 1
    return RemindReport(on, examined, reminders, messages)


def rung_of(days_left: int, rungs: tuple[int, ...], overdue: tuple[int, ...]) -> int | None:
    """Return the tightest rung reached, or None if none is reached yet."""
    if days_left >= 0:
        reached = [rung for rung in rungs if rung >= days_left]
        return min(reached) if reached else None
    late = [rung for rung in overdue if rung <= -days_left]
    if late:
        return -max(late)
    return 0 if 0 in rungs else None


def _people(cur: Cursor) -> dict[int, tuple[int, int, str, str]]:
    return {row[0]: (row[0], row[1], row[2], row[3]) for row in cur.all(PEOPLE, True)}


def _due(cur: Cursor, on: date) -> Any:
    last = 0
    while rows := cur.all(SWEEP, cur.day(on + timedelta(days=FARTHEST_RUNG)), last):
        yield from rows
        last = rows[-1][0]


def _line(row: Any, on: date) -> Line | None:
    due = as_date(row[4])
    if due is None:
        return None
    days_left = (due - on).days
    rung = rung_of(days_left, _numbers(row[6]), _numbers(row[7]))
    if rung is None:
        return None
    return Line(
        case_id=row[2], case_no=row[11], case_title=row[12], title=row[3], due=due, days_left=days_left,
        rung=rung, kind=row[5], article=row[10], confidence=row[9],
    )  # fmt: skip


def _numbers(stored: str) -> tuple[int, ...]:
    return tuple(int(part) for part in stored.split(",") if part)


def _recipients(row: Any, rung: int, people: dict[int, tuple[int, int, str, str]]) -> list[Any]:
    """Return who is told: the case's officer, the role that must act, and from some lateness the approvers."""
    owner = people.get(row[8])
    roles = {row[13]} - {"officer"}
    if rung <= ESCALATE_FROM or owner is None:
        roles.add("approver")
    acting = [p for p in people.values() if p[1] == row[1] and p[2] in roles and p is not owner]
    return [owner, *acting] if owner else acting


def _claim(cur: Cursor, row: Any, rung: int, user: Any, mail: bool, on: date, now: datetime) -> list[int]:
    claimed = []
    for channel in ("inbox", "mail") if mail else ("inbox",):
        found = cur.one(CLAIM, row[1], row[0], rung, channel, user[0], cur.day(on), cur.moment(now))
        if found:
            claimed.append(int(found[0]))
    return claimed


def _write_message(
    cur: Cursor, user: Any, lines: list[tuple[Line, list[int]]], on: date, now: datetime
) -> None:
    ordered = sorted((line for line, _ in lines), key=lambda line: (line.due, line.case_no, line.title))
    late = sum(line.days_left < 0 for line in ordered)
    subject = f"期限提醒：{len(ordered)}项" + (f"，其中{late}项已逾期" if late else "")
    by_mail = any(len(ids) > 1 for _, ids in lines)
    body = orjson.dumps([line.as_json() for line in ordered]).decode()
    status = "queued" if by_mail else ""
    values = (user[1], user[0], cur.day(on), subject, body, status, cur.moment(now))
    (message_id,) = cur.one(ADD_MESSAGE, *values)
    cur.many(LINK, [(message_id, id_) for _, ids in lines for id_ in ids])
    if by_mail:
        put(cur, user[1], "mail", f"mail:{message_id}", {"message_id": message_id}, now)
