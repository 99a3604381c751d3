"""Sweeps open deadlines and writes one merged message per person and day, each rung exactly once.

A rung is a distance to the due date: 30 means "30 days before", 0 the day itself, -7 "7 days overdue". When
sweeps were missed, the next one tells the tightest rung reached, and the ledger says which wider ones it covers.
The sweep looks only at deadlines whose `next_on` has come. The ledger's unique key makes reruns and two sweepers at
once harmless. A moved deadline is a new row, so it reminds afresh.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from cases.db import Database, as_date, cursor_of
from cases.ladders import follow
from cases.reminder_ledger import BATCH, Sweep, Written, move_on, tell
from cases.reminder_lines import Due, JsonLine, Line, told
from cases.reminder_people import People, involved
from cases.rulebooks import DEFAULT_LAYERS, book_of
from rules.holiday_notices import calendar_of
from rules.packs import PackError, RuleBook
from rules.policy import Reminding

ORGANIZATIONS = (
    "SELECT o.id, o.name, o.rule_layers, s.last_on, s.ladders FROM organization o "
    "LEFT JOIN reminder_sweep s ON s.org_id = o.id ORDER BY o.id"
)
SWEEP = (
    "SELECT d.id, d.case_id, d.patent_id, d.title, d.due, d.kind, d.rule_id, d.rungs, d.overdue_rungs, d.owner_id, "
    "d.who, d.confidence, d.article, COALESCE(c.number, p.application_no, ''), COALESCE(c.title, p.title, ''), d.next_on "
    "FROM deadline d LEFT JOIN conversion_case c ON c.id = d.case_id LEFT JOIN patent p ON p.id = d.patent_id "
    "WHERE d.org_id = ? AND d.status = 'open' AND d.next_on <= ?"
)
STATUTORY = f"{SWEEP} AND d.kind = 'statutory'"
LEDGER = "SELECT deadline_id, rung, user_id FROM reminder WHERE deadline_id IN :ids AND channel = 'inbox'"
SWEPT = (
    "INSERT INTO reminder_sweep (org_id, last_on, ladders) VALUES (?, ?, ?) "
    "ON CONFLICT (org_id) DO UPDATE SET last_on = excluded.last_on, ladders = excluded.ladders "
    "WHERE reminder_sweep.last_on IS NULL OR reminder_sweep.last_on <= excluded.last_on"
)


@dataclass(frozen=True, slots=True)
class RemindReport:
    """What a sweep did.

    `examined` deadlines had a rung to be told; `reminders` lines went into `messages`; `covered` wider rungs were
    passed while nothing ran; `waiting` deadlines have a line that waits for tomorrow's message; of `untold` deadlines
    nobody at all can be told; `missed` days had no sweep. `faults` are rule packs that could not be read.
    """

    on: date
    examined: int = 0
    reminders: int = 0
    messages: int = 0
    covered: int = 0
    waiting: int = 0
    untold: int = 0
    missed: int = 0
    faults: tuple[str, ...] = ()

    def __add__(self, other: "RemindReport") -> "RemindReport":
        return RemindReport(
            self.on, self.examined + other.examined, self.reminders + other.reminders,
            self.messages + other.messages, self.covered + other.covered, self.waiting + other.waiting,
            self.untold + other.untold, max(self.missed, other.missed),
            self.faults + other.faults,
        )  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """Return the JSON form for the command line."""
        return {
            "on": self.on.isoformat(), "examined": self.examined, "reminders": self.reminders,
            "messages": self.messages, "covered": self.covered, "waiting": self.waiting, "untold": self.untold,
            "missed": self.missed, "faults": list(self.faults),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """What is to be told on a day in one organization: everybody's lines, and the deadlines that they come from."""

    dues: tuple[Due, ...]
    lines: Mapping[int, Sequence[Line]]
    names: Mapping[int, str]
    untold: frozenset[int]

    def by_person(self) -> list[tuple[str, list[JsonLine]]]:
        """Return everybody's name with the lines of their message, in the order of the names."""
        return sorted((self.names[user_id], told(lines)) for user_id, lines in self.lines.items())


@dataclass(frozen=True, slots=True)
class _Organization:
    id: int
    name: str
    layers: str
    last_on: date | None
    ladders: str

    def missed(self, on: date) -> tuple[date, ...]:
        """Return the days between the last sweep and this one."""
        if self.last_on is None:
            return ()
        days = (on - self.last_on).days - 1
        return tuple(self.last_on + timedelta(days=number + 1) for number in range(days))


def remind(db: Database, on: date, now: datetime, *, mail: bool = False, batch: int = BATCH) -> RemindReport:
    """Sweep all open deadlines for one day.

    Args:
        mail: also queue e-mail for people who have an address.
        batch: about how many ledger rows a transaction writes; a person's message is never divided.

    Effects: writes reminders, messages, outbox rows and the days of the next reminders, in many small transactions;
    a sweep that breaks off is completed by the next one. Sends nothing.
    """
    report = RemindReport(on)
    for org in _organizations(db):
        report += _sweep(db, org, Sweep(db, org.id, on, now, mail, org.missed(on), batch))
    return report


def preview(db: Database, on: date) -> tuple[tuple[str, Found], ...]:
    """Return what a sweep of the day would tell in each organization, with its name. Reads only."""
    return tuple((org.name, _found(db, org, on, _book(org)[0])) for org in _organizations(db))


def _organizations(db: Database) -> list[_Organization]:
    with db.read() as session:
        rows = cursor_of(session, db.postgres).all(ORGANIZATIONS)
    return [
        _Organization(id_, name, layers, as_date(last_on), ladders or "")
        for id_, name, layers, last_on, ladders in rows
    ]


def _sweep(db: Database, org: _Organization, sweep: Sweep) -> RemindReport:
    book, fault = _book(org)
    on = sweep.on
    if not fault and org.ladders and org.ladders != book.ladders:
        follow(db, org.id, book, on)
    found = _found(db, org, on, book)
    written = tell(sweep, found.lines)
    move_on(sweep, _next_days(found, written, on))
    with db.cursor() as cur:
        cur.run(SWEPT, org.id, cur.day(on), org.ladders if fault else book.ladders)
    return RemindReport(
        on, len(found.dues), written.lines, written.messages, written.covered, len(written.waiting),
        len(found.untold), len(sweep.missed), (fault,) if fault else (),
    )  # fmt: skip


def _book(org: _Organization) -> tuple[RuleBook, str]:
    """Return an organization's rulebook; that of the product, with what is wrong, if its own cannot be read."""
    try:
        return book_of(org.layers), ""
    except PackError as error:
        told = f"单位{org.id}的规则包有误，本次按随附规则包提醒：{error}"
        return book_of(DEFAULT_LAYERS), told


def _found(db: Database, org: _Organization, on: date, book: RuleBook) -> Found:
    reminding = book.house(on).reminding
    is_quiet = reminding.quiet and not calendar_of(book).is_workday(on)
    with db.read() as session:
        cur = cursor_of(session, db.postgres)
        rows = cur.all(STATUTORY if is_quiet else SWEEP, org.id, cur.day(on))
        dues = tuple(Due.of(row, reminding) for row in rows)
        if not dues:
            return Found((), {}, {}, frozenset())
        people = involved(cur, org.id, dues, reminding)
        ledger = {tuple(row) for row in cur.of_many(LEDGER, [due.id for due in dues])}
    return _lines(dues, people, ledger, reminding, on)


def _lines(
    dues: tuple[Due, ...], people: People, ledger: set[tuple[int, int, int]], reminding: Reminding, on: date
) -> Found:
    lines: dict[int, list[Line]] = defaultdict(list)
    untold = set()
    for due in dues:
        days_left = (due.due - on).days
        *wider, rung = due.ladder.reached(days_left) or (None,)
        if rung is None:
            continue
        passed_by = {passed: people.told(due, passed, reminding) for passed in wider if passed is not None}
        readers = people.told(due, rung, reminding)
        if not readers:
            untold.add(due.id)
        for user_id in readers:
            if (due.id, rung, user_id) not in ledger:
                covers = tuple(passed for passed, who in passed_by.items() if user_id in who)
                covers = tuple(passed for passed in covers if (due.id, passed, user_id) not in ledger)
                owed = due.statutory and due.owner_id == user_id
                lines[user_id].append(Line(due, rung, covers, days_left, owed))
    return Found(dues, lines, people.names, frozenset(untold))


def _next_days(found: Found, written: Written, on: date) -> Iterator[tuple[int, date | None, date]]:
    """Yield the deadlines whose next day moves on: everybody was told, and nobody's line waits."""
    for due in found.dues:
        if due.id not in written.waiting and due.id not in found.untold:
            yield due.id, due.ladder.next_after(due.due, on), due.next_on
