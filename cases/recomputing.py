"""Recomputes dates that were computed before the holidays of their year were published.

A date that comes out the same loses its provisional mark; one that moves gets a new row that replaces the old one,
and its owner a message. Each case is one transaction with one entry in its trail. Running it again, or twice at
once, changes nothing more.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import orjson

from cases.beside import staying
from cases.db import Cursor, Database, as_date, cursor_of
from cases.delivering import queue_deliveries
from cases.errors import NotFound
from cases.loading import Loaded, load
from cases.scope import Origin
from cases.second_look import rest_of
from cases.writing import Stamp, carry_out, explanation_of
from rules.deadline_forms import NeedsMore
from rules.deadline_rule import DeadlineRule
from rules.deadlines import Deadline, compute, fixed
from rules.holiday_notices import calendar_of
from rules.packs import PackError, UnknownRule
from rules.second_count import next_worked, publicity_closes
from states.facts import Actor
from states.recorded import pauses_in, payment_day, payment_named, payments_in, publicity_in

VERB = "deadline_recomputed"
SYSTEM = Actor(id=None, name="系统", role="")  # type: ignore[arg-type]  # nobody acts: the trail says so
PAGE = 500

# Dates of the contract and of a publicity follow from the calendar, too, without a mark of their own.
WAITING = (
    "d.status = 'open' AND (d.provisional = ? OR d.rule_id = 'PUB' OR d.key LIKE 'payment:%') "
    "AND c.closed_on IS NULL"
)
CASES = (
    "SELECT DISTINCT d.case_id, d.org_id FROM deadline d JOIN conversion_case c ON c.id = d.case_id "  # noqa: S608
    f"WHERE {WAITING} AND d.case_id > ? ORDER BY d.case_id LIMIT ?"
)
ROWS = (
    "SELECT d.id, d.key, d.title, d.rule_id, d.rule_version, d.base_event, d.period, d.base_date, d.due, d.provisional "  # noqa: S608
    "FROM deadline d JOIN conversion_case c ON c.id = d.case_id "
    f"WHERE {WAITING} AND d.case_id = ? ORDER BY d.id"
)
OPEN = (
    "SELECT id, key, title, rule_id, rule_version, base_event, period, base_date, due FROM deadline "
    "WHERE case_id = ? AND status = 'open' ORDER BY id"
)
FIND_MESSAGE = "SELECT id, lines FROM message WHERE user_id = ? AND \"on\" = ? AND kind = 'recomputed' AND read_at IS NULL"
ADD_LINES = "UPDATE message SET subject = ?, lines = ? WHERE id = ?"
ADD_MESSAGE = (
    'INSERT INTO message (org_id, user_id, "on", kind, subject, lines, mail_status, created_at) '
    "VALUES (?, ?, ?, 'recomputed', ?, ?, '', ?) RETURNING id"
)
CONFIRM = "UPDATE deadline SET provisional = ?, explanation = ? WHERE id = ? AND status = 'open'"


@dataclass(frozen=True, slots=True)
class Change:
    """A deadline that was looked at anew: moved, or confirmed if both dates are the same."""

    case_id: int
    case_no: str
    key: str
    title: str
    before: date
    after: date

    @property
    def moved(self) -> bool:
        """Whether the date is another one."""
        return self.before != self.after

    def as_json(self) -> dict[str, Any]:
        """Return the JSON form for the command line."""
        return {
            "case_id": self.case_id, "case_no": self.case_no, "key": self.key, "title": self.title,
            "before": self.before.isoformat(), "after": self.after.isoformat(),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class RecomputeReport:
    """What a run did, or would do. `examined` counts the cases with a date that may change."""

    on: date
    examined: int
    changes: tuple[Change, ...]

    @property
    def moved(self) -> int:
        """How many dates moved."""
        return sum(change.moved for change in self.changes)

    def as_json(self) -> dict[str, Any]:
        """Return the JSON form for the command line."""
        return {
            "on": self.on.isoformat(), "examined": self.examined, "moved": self.moved,
            "confirmed": len(self.changes) - self.moved, "changes": [change.as_json() for change in self.changes],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Row:
    """An open deadline, as far as it is computed anew."""

    key: str
    title: str
    rule_id: str
    version: str
    event: str
    period: str
    base: date
    due: date


@dataclass(frozen=True, slots=True)
class _Source:
    """A date that is not counted from a period: today's, and what it was while its year was not published."""

    due: date
    guess: date
    suffix: str
    zh: tuple[str, ...]
    en: tuple[str, ...]
    provisional: bool


def recompute(
    db: Database, now: datetime, today: date, *, dry_run: bool = False, door: str = "flow"
) -> RecomputeReport:
    """Recompute every open date that rests on a calendar which was not known when it was computed.

    A date whose rule version is no longer in the packs stays as it is. With `dry_run` nothing is written.

    Effects: per case one transaction: deadlines, one trail entry, and messages to the owners of moved dates.
    """
    examined = 0
    changes: list[Change] = []
    for case_id, org_id in _cases(db):
        examined += 1
        if dry_run:
            with db.read() as session:
                changes += _previewed(cursor_of(session, db.postgres), case_id, org_id)
        else:
            with db.cursor() as cur:
                changes += _recompute(cur, case_id, org_id, Stamp(SYSTEM, today, now, origin=Origin(door)))
    return RecomputeReport(today, examined, tuple(changes))


def _cases(db: Database) -> Iterator[tuple[int, int]]:
    last = 0
    while True:
        with db.read() as session:
            rows = cursor_of(session, db.postgres).all(CASES, True, last, PAGE)
        if not rows:
            return
        yield from ((case_id, org_id) for case_id, org_id in rows)
        last = rows[-1][0]


def _recompute(cur: Cursor, case_id: int, org_id: int, stamp: Stamp) -> list[Change]:
    """Write what changes in one case, under its lock."""
    try:
        case = load(cur, case_id, org_id, lock=True)
    except (NotFound, PackError):
        return []
    found = list(_changes(cur, case))
    if not found:
        return []
    changes = [change for change, _, _ in found]
    payload = {"deadlines": [change.as_json() for change in changes]}
    moves = tuple((change.key, deadline) for change, deadline, _ in found if change.moved)
    carry_out(cur, case, staying(case, VERB, moves=moves), stamp, payload)
    for change, deadline, row_id in found:
        if not change.moved:
            cur.run(CONFIRM, deadline.provisional, explanation_of(deadline), row_id)
    _tell(
        cur,
        org_id,
        case.facts.officer_id,
        [change for change in changes if change.moved],
        stamp.today,
        stamp.now,
    )
    return changes


def _previewed(cur: Cursor, case_id: int, org_id: int) -> list[Change]:
    try:
        return [change for change, _, _ in _changes(cur, load(cur, case_id, org_id))]
    except (NotFound, PackError):
        return []


def _changes(cur: Cursor, case: Loaded) -> Iterator[tuple[Change, Deadline, int]]:
    """Yield what comes out otherwise now: the change, the new deadline and the row that it replaces."""
    for id_, key, title, rule_id, version, event, period, base, due, provisional in cur.all(
        ROWS, True, case.id
    ):
        row = _Row(key, title, rule_id, version, event, period, _date(base), _date(due))
        new = _anew(case, row, bool(provisional))
        if new is not None and (new.due != row.due or (provisional and not new.provisional)):
            yield Change(case.id, case.facts.case_no, row.key, row.title, row.due, new.due), new, id_


def under_new_rules(cur: Cursor, case: Loaded) -> Iterator[tuple[Change, Deadline, int]]:
    """Yield the open dates that the present version of their rule counts otherwise than the version they rest on.

    Each is the change, the new deadline and the row that it would replace. Dates that a person, a contract or a
    notice has named do not follow a rule.
    """
    for id_, key, title, rule_id, version, event, period, base, due in cur.all(OPEN, case.id):
        row = _Row(key, title, rule_id, version, event, period, _date(base), _date(due))
        new = _renewed(case, row)
        if new is not None and new.due != row.due:
            yield Change(case.id, case.facts.case_no, row.key, row.title, row.due, new.due), new, id_


def _renewed(case: Loaded, row: _Row) -> Deadline | None:
    try:
        rule = case.book.deadline(row.rule_id, row.base)
    except UnknownRule:
        return None
    if rule.version == row.version:
        return None
    if rule.id == "PUB" or row.key.startswith("payment:"):
        source = _publicity(case, row) if rule.id == "PUB" else _payment(case, row)
        return _named(case, row, rule, source) if source else None
    return _counted(case, row, rule) if row.period and rule.names_date else None


def _anew(case: Loaded, row: _Row, provisional: bool) -> Deadline | None:
    """Return the deadline as it would be computed today; None if that is not known, or it was no guess."""
    try:
        rule = case.book.deadline(row.rule_id, row.base)
    except UnknownRule:
        return None
    if rule.version != row.version:
        return None
    if rule.id == "PUB" or row.key.startswith("payment:"):
        return _from_source(case, row, rule, provisional)
    new = _counted(case, row, rule) if provisional and rule.names_date else None
    return new if new is not None and new.period == row.period else None


def _counted(case: Loaded, row: _Row, rule: DeadlineRule) -> Deadline | None:
    suffix = row.title.removeprefix(f"{rule.title}：") if row.title != rule.title else ""
    year = int(row.period.removesuffix("y")) + 1 if rule.form == "per_year" else None
    try:
        new = compute(
            rule, row.base, title_suffix=suffix, calendar=calendar_of(case.book), year=year,
            margin=case.book.house(row.base).margins.get(rule.id, 0), amount_fen=case.facts.terms.amount_fen,
        )  # fmt: skip
    except NeedsMore:
        return None
    return replace(new, base_event=row.event)


def _from_source(case: Loaded, row: _Row, rule: DeadlineRule, provisional: bool) -> Deadline | None:
    """Recompute a date that follows from the publicity or the terms, if what is recorded was a guess."""
    source = _publicity(case, row) if rule.id == "PUB" else _payment(case, row)
    if source is None or row.due not in (source.due, source.guess):
        return None
    if source.due == row.due and not (provisional and not source.provisional):
        return None
    return _named(case, row, rule, source)


def _named(case: Loaded, row: _Row, rule: DeadlineRule, source: _Source) -> Deadline:
    return fixed(
        rule, source.due, base_event=row.event, base_date=row.base, title_suffix=source.suffix,
        because_zh=source.zh, because_en=source.en, provisional=source.provisional,
        calendar=calendar_of(case.book), margin=case.book.house(row.base).margins.get(rule.id, 0),
    )  # fmt: skip


def _publicity(case: Loaded, row: _Row) -> _Source | None:
    data = case.facts.data
    posted, ends = data.day("publicity", "posted_on"), publicity_in(case.book, data)
    if posted is None or ends is None:
        return None
    policy, pauses = case.book.house(posted), pauses_in(data.items("publicity", "pauses"))
    then = rest_of(case.book).before(row.due.year)
    guess = publicity_closes(posted, policy.publicity_days, policy.publicity_unit, pauses, then)
    return _Source(
        ends.may_close_from, guess.due, "", ends.explanation_zh, ends.explanation_en, ends.provisional
    )


def _payment(case: Loaded, row: _Row) -> _Source | None:
    named = payment_named(payments_in(case.facts.terms.payments, case.facts.data), row.key)
    if named is None:
        return None
    day = payment_day(named, case.book)
    then = rest_of(case.book).before(named.due.year)
    return _Source(day.due, next_worked(named.due, then), named.label, day.zh, day.en, day.provisional)


def _tell(cur: Cursor, org_id: int, user_id: int, moved: list[Change], today: date, now: datetime) -> None:
    """Tell the owner in one message a day, to which further cases of the same run are added."""
    if not moved:
        return
    lines = [
        {
            "case_id": change.case_id, "case_no": change.case_no, "title": change.title,
            "due": change.after.isoformat(), "note": f"原为{change.before.isoformat()}，放假安排公布后重新计算",
        }
        for change in moved
    ]  # fmt: skip
    found = cur.one(FIND_MESSAGE, user_id, cur.day(today))
    told = [*orjson.loads(found[1]), *lines] if found else lines
    subject, body = f"期限重新计算：{len(told)}项日期有变", orjson.dumps(told).decode()
    if found:
        cur.run(ADD_LINES, subject, body, found[0])
    else:
        (added,) = cur.one(ADD_MESSAGE, org_id, user_id, cur.day(today), subject, body, cur.moment(now))
        queue_deliveries(
            cur, added, now, mail=False
        )  # the line may still grow, and the date itself is reminded of


def _date(value: object) -> date:
    found = as_date(value)
    if found is None:
        raise ValueError("a deadline without a date")
    return found
