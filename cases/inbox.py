"""What waits for a person: their turn, others' turn, overdue. One pass over the live cases of the organization.

In: a person, the day, and two filters. Out: frozen items. Everything is read off the pure decision and the open
deadlines; nothing about turns is stored. Reads only.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, func, select

from cases.db import Cursor, Database, cursor_of
from cases.loading import Loaded
from cases.loading_many import load_many
from cases.scope import Person
from cases.standing import (
    SOON_DAYS,
    Due,
    Holder,
    asked_of_all,
    carrying,
    chain_of,
    holder,
    open_dues,
    roles_of,
)
from cases.tables import Case, Company, TrailEntry, User
from states.decide import Option, why_not
from states.steps import OFFICER, Step

EVERYONE = 0
WATCHERS = frozenset({"administrator", "readonly"})


@dataclass(frozen=True, slots=True)
class Item:
    """A case in the inbox: where it stands, who holds it, what the person can do, and by when.

    `steps` carry the case on and are open to the person now; `due` is the deadline that brought the item
    here, or the case's next one.
    """

    case_id: int
    number: str
    title: str
    mode: str
    stage: str
    company: str
    officer_id: int
    officer: str
    holder: Holder
    steps: tuple[Step, ...]
    due: Due | None


@dataclass(frozen=True, slots=True)
class Inbox:
    """The three lists of a person, the most pressing first; `overdue` has one item per deadline.

    `officers` are who has live cases in the organization, whatever the filters.
    """

    needs: tuple[Item, ...]
    waiting: tuple[Item, ...]
    overdue: tuple[Item, ...]
    officers: tuple[tuple[int, str], ...]

    def items(self, which: str) -> tuple[Item, ...]:
        """Return one list by its name."""
        return {"needs": self.needs, "waiting": self.waiting, "overdue": self.overdue}[which]


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    number: str
    title: str
    mode: str
    stage: str
    officer_id: int
    company: str
    officer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class _View:
    """Whose inbox it is. `officer_id` is an officer's id, `EVERYONE`, or None: own cases for an officer, else all."""

    person: Person
    officer_id: int | None
    touched: frozenset[int]

    @property
    def only(self) -> int | None:
        """The officer whose cases alone are looked at."""
        return self.officer_id or None

    def is_turn(self, row: _Row) -> bool:
        """Say whether this case's steps are this person's to take."""
        if self.person.role == "officer" and self.officer_id is None:
            return row.officer_id == self.person.id
        return self.person.role != "readonly"

    def is_theirs(self, due: Due) -> bool:
        """Say whether a deadline is this person's to see to."""
        if self.person.role in WATCHERS or (self.person.role == "officer" and self.officer_id is not None):
            return True
        own = due.owner_id == self.person.id
        return own if self.person.role == "officer" else own or due.who == self.person.role

    def follows(self, row: _Row) -> bool:
        """Say whether the person waits for this case: owns it, has acted in it, or watches over all."""
        if self.person.role in WATCHERS or (self.person.role == "officer" and self.officer_id is not None):
            return True
        return row.officer_id == self.person.id or row.id in self.touched


def inbox(
    db: Database,
    session: Session,
    person: Person,
    today: date,
    *,
    mode: str = "",
    officer_id: int | None = None,
) -> Inbox:
    """Return what waits for a person on a day.

    Args:
        mode: only cases of this conversion mode.
        officer_id: only cases of this officer; `EVERYONE` for all; None for what concerns the person: an
            officer's own cases and those they acted in, everybody's for the other roles.
    """
    rows = _live(session, person.org_id)
    officers = tuple(sorted({(row.officer_id, row.officer) for row in rows}, key=lambda one: one[1]))
    view = _View(person, officer_id, _touched(session, person))
    kept = [row for row in rows if (not mode or row.mode == mode) and view.only in (None, row.officer_id)]
    dues = open_dues(session, person.org_id, today)
    if person.role == "officer" and officer_id is None:
        kept = [row for row in kept if _concerns(view, row, dues)]
    items = _sorted_out(cursor_of(session, db.postgres), view, kept, dues, today)
    return Inbox(*items, officers)


def _concerns(view: _View, row: _Row, dues: Mapping[int, Sequence[Due]]) -> bool:
    return view.follows(row) or any(view.is_theirs(due) for due in dues.get(row.id, ()))


def _sorted_out(
    cur: Cursor, view: _View, rows: Sequence[_Row], dues: Mapping[int, Sequence[Due]], today: date
) -> tuple[tuple[Item, ...], tuple[Item, ...], tuple[Item, ...]]:
    needs: list[Item] = []
    waiting: list[Item] = []
    overdue: list[Item] = []
    cases = load_many(cur, [row.id for row in rows], view.person.org_id)
    for row in rows:
        case = cases[row.id]
        found = asked_of_all(case, today)
        its = dues.get(row.id, ())
        roles = roles_of(case, found, its)
        theirs = [due for due in its if view.is_theirs(due)]
        soon = next((due for due in theirs if due.days_left <= SOON_DAYS), None)
        is_turn, steps = _turn(view, row, case, found, roles, today)
        if soon and not steps and view.person.role not in OFFICER:
            beside = [option for option in found if option.step.tone == "secondary"]
            steps = _ready(case, beside, view.person, today)
        plain = _item(row, holder(case, roles, row.officer, row.at, today), steps)
        first = next(iter(its), None)
        if is_turn or (soon and view.person.role != "readonly"):
            needs.append(replace(plain, due=soon or first))
        elif view.follows(row):
            waiting.append(replace(plain, due=first))
        overdue.extend(replace(plain, due=due) for due in theirs if due.days_left < 0)
    return (
        tuple(sorted(needs, key=_pressing)),
        tuple(sorted(waiting, key=lambda one: (one.holder.since, one.case_id))),
        tuple(sorted(overdue, key=_pressing)),
    )


def _turn(
    view: _View, row: _Row, case: Loaded, found: Sequence[Option], roles: tuple[str, ...], today: date
) -> tuple[bool, tuple[Step, ...]]:
    """Say whether it is this person's turn, with the steps they may take.

    It is also theirs, without a step, when nothing can go on before they meet a condition.
    """
    if not view.is_turn(row):
        return False, ()
    further = carrying(case, found)
    steps = _ready(case, further, view.person, today)
    is_stuck = bool(further) and all(option.unmet for option in further)
    return bool(steps) or (is_stuck and view.person.role in roles), steps


def _ready(case: Loaded, found: Iterable[Option], person: Person, today: date) -> tuple[Step, ...]:
    """Return the steps among these that this very person may take now."""
    return tuple(
        option.step
        for option in found
        if person.role in option.step.roles
        and why_not(
            case.mode, case.position, option.step.event, case.facts, today, book=case.book, actor=person.actor
        ).possible
    )


def _item(row: _Row, held: Holder, steps: tuple[Step, ...]) -> Item:
    return Item(
        case_id=row.id, number=row.number, title=row.title, mode=row.mode, stage=row.stage, company=row.company,
        officer_id=row.officer_id, officer=row.officer, holder=held, steps=steps, due=None,
    )  # fmt: skip


def _pressing(item: Item) -> tuple[date, date, int]:
    return (item.due.due if item.due else date.max, item.holder.since, item.case_id)


def _live(session: Session, org_id: int) -> list[_Row]:
    head = (col(TrailEntry.chain) == chain_of(col(Case.id))) & (col(TrailEntry.seq) == col(Case.trail_seq))
    query: Any = (
        select(  # type: ignore[call-overload]  # more columns than its overloads count
            Case.id, Case.number, Case.title, Case.mode, Case.stage, Case.officer_id,
            func.coalesce(Company.name, ""), User.name,
            TrailEntry.at,
        )
        .select_from(Case)
        .outerjoin(Company, col(Company.id) == col(Case.company_id))
        .join(User, col(User.id) == col(Case.officer_id))
        .join(TrailEntry, head)
        .where(Case.org_id == org_id, col(Case.closed_on).is_(None))
        .order_by(col(Case.id))
    )  # fmt: skip
    return [_Row(*row) for row in session.exec(query)]


def _touched(session: Session, person: Person) -> frozenset[int]:
    """Return the live cases in whose trail the person stands."""
    if person.role in WATCHERS:
        return frozenset()
    query = (
        select(Case.id)
        .join(TrailEntry, col(TrailEntry.chain) == chain_of(col(Case.id)))
        .where(Case.org_id == person.org_id, col(Case.closed_on).is_(None))
        .where(TrailEntry.actor_id == person.id)
    )
    return frozenset(int(id_ or 0) for id_ in session.exec(query))
