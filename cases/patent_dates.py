"""Keeps the dates of annual fees as deadlines of their patents: opened ahead, moved, met and dropped as the record says.

A date is opened some months before the fee is due, so that it is reminded of like every other; from the day after, the
end of the grace period stands beside it. Recording the fee as paid closes both, the end of the right drops them. A fee
of which nobody has said that it was paid stays open and overdue, until the register shows the right in force after the
grace period. Doing it again, or twice at once, changes nothing more.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from cases.db import Cursor, Database, as_date, cursor_of
from cases.rulebooks import DEFAULT_LAYERS, book_of
from cases.scope import Author, Origin
from cases.trail import append_org
from cases.writing import explanation_of, insert_deadline
from rules.deadlines import Deadline
from rules.packs import PackError, RuleBook
from rules.patent_clock import ALIVE, ClockFacts, fee_clocks

AHEAD = timedelta(days=120)
PAGE = 2_000
FEE, GRACE = "annual_fee", "fee_grace"
KEYS = {"T-08": FEE, "T-09": GRACE}
VERB = "annual_fees_dated"
SYSTEM = Author(None, "系统", Origin("flow"))

LAYERS = "SELECT rule_layers FROM organization WHERE id = ?"
PATENTS = "SELECT id FROM patent WHERE org_id = ? AND id > ? ORDER BY id LIMIT ?"
THESE = (
    "SELECT id, kind, status, filing_date, grant_date, fee_paid_year, register_checked_on FROM patent "
    "WHERE id IN :ids"
)
OPEN = (
    "SELECT patent_id, id, key, due, base_date, provisional, owner_id FROM deadline "
    "WHERE patent_id IN :ids AND status = 'open' ORDER BY id"
)
OFFICERS = (
    "SELECT p.patent_id, MAX(c.officer_id) FROM case_patent p JOIN conversion_case c ON c.id = p.case_id "
    "WHERE p.patent_id IN :ids AND c.closed_on IS NULL GROUP BY p.patent_id"
)
LAST_SEQ = (
    "SELECT patent_id, key, MAX(COALESCE(closed_seq, opened_seq)) FROM deadline WHERE patent_id IN :ids "
    "GROUP BY patent_id, key"
)
CLOSE = "UPDATE deadline SET status = ?, closed_seq = opened_seq + 1, closed_on = ? WHERE id = ? AND status = 'open'"
CONFIRM = "UPDATE deadline SET provisional = ?, explanation = ? WHERE id = ? AND status = 'open'"
# The new officer is told at the next sweep how the date stands.
HAND_OVER = "UPDATE deadline SET owner_id = ?, next_on = ? WHERE id = ? AND status = 'open'"


@dataclass(frozen=True, slots=True)
class Dated:
    """How many patents were looked at, and what became of their dates."""

    patents: int = 0
    opened: int = 0
    moved: int = 0
    met: int = 0
    dropped: int = 0
    confirmed: int = 0
    handed_over: int = 0

    def __add__(self, other: "Dated") -> "Dated":
        return Dated(*(getattr(self, name) + getattr(other, name) for name in COUNTS))

    def as_json(self) -> dict[str, int]:
        """Return the JSON form for the command line."""
        return {name: getattr(self, name) for name in COUNTS}

    @property
    def changed(self) -> int:
        """How many dates were written."""
        return sum(self.as_json().values()) - self.patents


COUNTS = tuple(field.name for field in fields(Dated))


@dataclass(frozen=True, slots=True)
class OpenDate:
    """An open date of a patent as the record has it."""

    id: int
    key: str
    due: date
    base: date
    provisional: bool
    owner_id: int | None

    @property
    def year(self) -> int:
        """The patent year of a fee."""
        return int(self.key.partition(":")[2])


class DatedPatent(Protocol):
    """A patent with its open dates of one kind, the officer who has it in a case, and why a date of it ends."""

    @property
    def id(self) -> int:
        """The patent."""

    @property
    def open(self) -> tuple[OpenDate, ...]:
        """Its open dates of this kind."""

    @property
    def officer_id(self) -> int | None:
        """Whose dates they are."""

    def end_of(self, row: OpenDate) -> str:
        """Return why a date is watched no more: met or dropped."""


@dataclass(frozen=True, slots=True)
class _Patent:
    """A patent as its annual fees see it."""

    id: int
    facts: ClockFacts
    open: tuple[OpenDate, ...]
    officer_id: int | None
    checked_on: date | None

    def end_of(self, row: OpenDate) -> str:
        """Say why a date is watched no more: the fee is paid, or there is no fee any more."""
        paid = (self.facts.fee_paid_year or 0) >= row.year or self.is_settled(row.year)
        return "met" if paid and self.facts.status in ALIVE else "dropped"

    def is_settled(self, year: int) -> bool:
        """Whether the register was seen in force after the grace period of a year's fee: then it was paid."""
        ended = [row.due for row in self.open if row.key == f"{GRACE}:{year}"]
        seen = self.checked_on if self.facts.status == "in_force" else None
        return seen is not None and any(due < seen for due in ended)


def date_fees(
    db: Database, org_id: int, now: datetime, on: date, patent_ids: Sequence[int] | None = None
) -> Dated:
    """Bring the dates of annual fees up to the day, of all patents of an organization or of some.

    Effects: writes deadlines, page by page, and one entry in the organization's trail for a page that changed.
    """
    with db.read() as session:
        book = book_in_use(cursor_of(session, db.postgres), org_id)
    total = Dated()
    for ids in pages_of(db, org_id, patent_ids):
        with db.read() as session:
            waiting = [p.id for p in _read(cursor_of(session, db.postgres), ids) if _differs(p, book, on)]
        total += Dated(patents=len(ids))
        if waiting:
            with db.cursor() as cur:
                total += bring_up(cur, org_id, waiting, book, now, on)
    return total


def book_in_use(cur: Cursor, org_id: int) -> RuleBook:
    """Return the rulebook of an organization; that of the product if its own cannot be read, as reminders do."""
    (layers,) = cur.one(LAYERS, org_id)
    try:
        return book_of(layers)
    except PackError:
        return book_of(DEFAULT_LAYERS)


def bring_up(
    cur: Cursor, org_id: int, patent_ids: Sequence[int], book: RuleBook, now: datetime, on: date, *,
    entry: bool = True,
) -> Dated:  # fmt: skip
    """Bring the dates of some patents up to the day, in the caller's transaction.

    Effects: writes deadlines and, with `entry`, one entry in the organization's trail if any has changed.
    """
    total = Dated()
    seqs = last_seqs(cur, patent_ids)
    for patent in _read(cur, patent_ids):
        total += write_dates(cur, org_id, patent, _wanted(patent, book, on), seqs, now, on)
    if entry and total.changed:
        counts = {name: count for name, count in total.as_json().items() if count}
        append_org(cur, org_id, SYSTEM, VERB, {"on": on.isoformat(), **counts}, now)
    return total


def pages_of(db: Database, org_id: int, patent_ids: Sequence[int] | None) -> Iterator[list[int]]:
    """Yield the ids of an organization's patents page by page, or of those named."""
    if patent_ids is not None:
        yield from (list(patent_ids[at : at + PAGE]) for at in range(0, len(patent_ids), PAGE))
        return
    last = 0
    while True:
        with db.read() as session:
            ids = [row[0] for row in cursor_of(session, db.postgres).all(PATENTS, org_id, last, PAGE)]
        if not ids:
            return
        yield ids
        last = ids[-1]


def open_dates(cur: Cursor, ids: Sequence[int], kinds: Collection[str]) -> dict[int, tuple[OpenDate, ...]]:
    """Return the open dates of some patents, by patent; a kind is what stands before the colon of a key."""
    held: dict[int, tuple[OpenDate, ...]] = {}
    for patent_id, id_, key, due, base, provisional, owner_id in cur.of_many(OPEN, ids):
        if key.partition(":")[0] in kinds:
            row = OpenDate(id_, key, _day(due), _day(base), bool(provisional), owner_id)
            held[patent_id] = (*held.get(patent_id, ()), row)
    return held


def officers_of(cur: Cursor, ids: Sequence[int]) -> dict[int, int]:
    """Return the officers who have some patents in open cases, by patent."""
    return dict(cur.of_many(OFFICERS, ids))


def last_seqs(cur: Cursor, ids: Sequence[int]) -> dict[tuple[int, str], int]:
    """Return the last sequence number of each key of some patents' dates."""
    return {(patent, key): seq for patent, key, seq in cur.of_many(LAST_SEQ, ids)}


def _read(cur: Cursor, ids: Sequence[int]) -> list[_Patent]:
    held, officers = open_dates(cur, ids, KEYS.values()), officers_of(cur, ids)
    return [
        _Patent(
            id_, ClockFacts(kind, status, as_date(filed), as_date(granted), fee_paid_year=paid),
            held.get(id_, ()), officers.get(id_), as_date(checked),
        )
        for id_, kind, status, filed, granted, paid, checked in cur.of_many(THESE, ids)
    ]  # fmt: skip


def _wanted(patent: _Patent, book: RuleBook, on: date) -> dict[str, Deadline]:
    years = [row.year for row in patent.open if row.key.startswith(FEE) and not patent.is_settled(row.year)]
    watched = fee_clocks(patent.facts, book, on, on + AHEAD, years)
    return {f"{KEYS[clock.deadline.rule_id]}:{clock.year}": clock.deadline for clock in watched}


def _differs(patent: _Patent, book: RuleBook, on: date) -> bool:
    wanted = {
        (key, found.due, found.base_date, found.provisional, patent.officer_id)
        for key, found in _wanted(patent, book, on).items()
    }
    return wanted != {(row.key, row.due, row.base, row.provisional, row.owner_id) for row in patent.open}


def write_dates(
    cur: Cursor, org_id: int, patent: DatedPatent, wanted: Mapping[str, Deadline], seqs: Mapping[tuple[int, str], int],
    now: datetime, on: date,
) -> Dated:  # fmt: skip
    """Write what makes the open dates of a patent the wanted ones, and return what became of them.

    Effects: writes deadlines, in the caller's transaction.
    """
    held = {row.key: row for row in patent.open}
    done = dict.fromkeys(COUNTS, 0)
    for key, row in held.items():
        if key not in wanted:
            how = patent.end_of(row)
            cur.run(CLOSE, how, cur.day(on), row.id)
            done[how] += 1
    for key, found in wanted.items():
        old = held.get(key)
        if old is not None and (old.due, old.base) == (found.due, found.base_date):
            for what in _touch_up(cur, old, found, patent.officer_id, on):
                done[what] += 1
            continue
        if old is not None:
            cur.run(CLOSE, "moved", cur.day(on), old.id)
        done["opened" if old is None else "moved"] += 1
        seq = seqs.get((patent.id, key), 0) + (1 if old is None else 2)
        insert_deadline(
            cur, (org_id, None, patent.id), key, found, owner_id=patent.officer_id,
            replaces=old.id if old else None, seq=seq, today=on, now=now,
        )  # fmt: skip
    return Dated(**done)


def _touch_up(cur: Cursor, row: OpenDate, found: Deadline, officer_id: int | None, on: date) -> Iterable[str]:
    """Write what has changed of a date that stays: whether it is a guess, and whose it is."""
    if row.provisional != found.provisional:
        cur.run(CONFIRM, found.provisional, explanation_of(found), row.id)
        yield "confirmed"
    if row.owner_id != officer_id:
        cur.run(HAND_OVER, officer_id, cur.day(on), row.id)
        yield "handed_over"


def _day(value: Any) -> date:
    found = as_date(value)
    if found is None:
        raise ValueError("a deadline without a date")
    return found
