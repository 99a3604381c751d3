"""Which open deadlines of the record would come out otherwise under other rule packs. Reads only.

In: the record and two rulebooks, before and after an edit. Out: the deadlines that stand as the first one computes
them and that the second one computes otherwise. Dates that a contract, a notice or a person named never move.
"""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from cases.db import Cursor, Database, as_date, cursor_of
from cases.errors import NotFound
from cases.loading import Loaded, load
from rules.deadline_forms import NeedsMore
from rules.deadlines import compute
from rules.holiday_notices import calendar_of
from rules.packs import PackError, RuleBook, UnknownRule
from states.recorded import payment_day, payment_named, payments_in, publicity_in

PAGE = 1000
ROWS = (
    "SELECT d.id, d.case_id, d.org_id, c.number, d.key, d.title, d.title_en, d.rule_id, d.base_date, d.period, d.due "
    "FROM deadline d JOIN conversion_case c ON c.id = d.case_id "
    "WHERE d.status = 'open' AND c.closed_on IS NULL AND d.id > ? ORDER BY d.id LIMIT ?"
)


@dataclass(frozen=True, slots=True)
class Ends:
    """What a rulebook makes of a deadline: the due date, and the house's own earlier date if it has one."""

    due: date
    internal: date | None


@dataclass(frozen=True, slots=True)
class Move:
    """An open deadline that would move; `after` is None if the second rulebook has no such deadline."""

    case_no: str
    key: str
    title: str
    title_en: str
    rule_id: str
    base: date
    before: Ends
    after: Ends | None

    def as_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        after = self.after
        return {
            "case_no": self.case_no, "key": self.key, "title": self.title, "title_en": self.title_en,
            "rule": self.rule_id, "base": self.base.isoformat(),
            "before": self.before.due.isoformat(), "after": after.due.isoformat() if after else None,
            "internal_before": _iso(self.before.internal), "internal_after": _iso(after.internal) if after else None,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class MovesReport:
    """What was looked at. `other` deadlines do not stand as the first rulebook computes them, so nothing is said."""

    examined: int
    other: int
    moves: tuple[Move, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "examined": self.examined, "other": self.other, "moves": [move.as_json() for move in self.moves],
        }  # fmt: skip


def moves(db: Database, before: RuleBook, after: RuleBook) -> MovesReport:
    """Return the open deadlines that an edit of the packs would move; page by page, nothing is written."""
    examined = other = 0
    found: list[Move] = []
    last = 0
    while True:
        with db.read() as session:
            cur = cursor_of(session, db.postgres)
            rows = cur.all(ROWS, last, PAGE)
            for (case_id, org_id), held in groupby(
                sorted(rows, key=lambda row: row[1]), key=lambda row: row[1:3]
            ):
                case = _Case(cur, case_id, org_id)
                for row in held:
                    examined += 1
                    verdict = _verdict(case, row, before, after)
                    other += verdict is None
                    found += [verdict] if isinstance(verdict, Move) else []
        if len(rows) < PAGE:
            return MovesReport(
                examined, other, tuple(sorted(found, key=lambda move: (move.case_no, move.key)))
            )
        last = rows[-1][0]


class _Case:
    """A case that is loaded only if one of its deadlines needs it."""

    def __init__(self, cur: Cursor, case_id: int, org_id: int) -> None:
        self._where = (cur, case_id, org_id)
        self._loaded: Loaded | None = None

    def load(self) -> Loaded:
        if self._loaded is None:
            self._loaded = load(*self._where)
        return self._loaded


@dataclass(frozen=True, slots=True)
class _Row:
    """A recorded deadline, as far as it is computed anew."""

    key: str
    rule_id: str
    base: date
    period: str
    due: date


def _verdict(case: _Case, row: Any, before: RuleBook, after: RuleBook) -> Move | bool | None:
    """Return the move; False if the deadline stays; None if the first rulebook does not give the recorded date."""
    _, _, _, case_no, key, title, title_en, rule_id, base_date, period, due_date = row
    base, due = as_date(base_date), as_date(due_date)
    if base is None or due is None:
        return None
    held = _Row(key, rule_id, base, period, due)
    old = _ends(case, before, held)
    if old is None or old.due != due:
        return None
    new = _ends(case, after, held)
    return old != new and Move(case_no, key, title, title_en, rule_id, base, old, new)


def _ends(case: _Case, book: RuleBook, row: _Row) -> Ends | None:
    """Compute a recorded deadline under a rulebook; None if it has no such rule or cannot tell."""
    try:
        rule = book.deadline(row.rule_id, row.base)
        if rule.id == "PUB":
            return _publicity(case, book)
        if row.key.startswith("payment:"):
            return _payment(case, book, row)
        if not row.period or not rule.names_date:
            return Ends(row.due, None)
        counted = compute(
            rule, row.base, calendar=calendar_of(book), margin=book.house(row.base).margins.get(rule.id, 0),
            amount_fen=case.load().facts.terms.amount_fen if rule.form == "by_amount" else None,
            year=int(row.period.removesuffix("y")) + 1 if rule.form == "per_year" else None,
        )  # fmt: skip
    except (UnknownRule, NeedsMore, NotFound, PackError):
        return None
    return Ends(counted.due, counted.internal)


def _payment(case: _Case, book: RuleBook, row: _Row) -> Ends | None:
    """A payment day that the contract names moves only if the holidays of its year are other ones."""
    facts = case.load().facts
    named = payment_named(payments_in(facts.terms.payments, facts.data), row.key)
    return Ends(payment_day(named, book).due, None) if named else None


def _publicity(case: _Case, book: RuleBook) -> Ends | None:
    ends = publicity_in(book, case.load().facts.data)
    return None if ends is None or ends.paused else Ends(ends.may_close_from, None)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
