"""Who holds a case and since when: read off the same decision that the case page shows, never stored.

In: a loaded case and the day. Out: the steps that carry it on, and the role whose turn it is. Decides nothing
itself; reads only.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, cast, literal
from sqlmodel import Session, col, select

from cases.approvers import SUBMITTED
from cases.db import Database, cursor_of
from cases.loading import Loaded, is_waiting_for_approval
from cases.loading_many import load_many
from cases.settings import SHANGHAI
from cases.tables import Case, Deadline, TrailEntry, User
from states.amendments import approval_data, is_submitted
from states.approval_route import Row, rows
from states.decide import ROLES, Option, options
from states.facts import Actor
from states.payloads import EditTerms

CARRYING_TONES = frozenset({"primary", "success"})
SOON_DAYS = 7
NOBODY = Actor(0, "", "readonly")


@dataclass(frozen=True, slots=True)
class Due:
    """An open deadline. `days_left` is negative when overdue; `who` is the role that must act."""

    id: int
    case_id: int
    title: str
    title_en: str
    due: date
    days_left: int
    kind: str
    confidence: str
    who: str
    owner_id: int


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose turn it is. `roles` may be ('outside',), or empty while only a date is awaited.

    `since` is the day of the last entry of the case's trail in Shanghai, or since when the approvers have been asked;
    `name` is the officer's, if it is theirs. `asked` are the bodies of the approval that are asked now.
    """

    roles: tuple[str, ...]
    name: str
    since: date
    days: int
    asked: tuple[Row, ...] = ()

    @property
    def who_zh(self) -> str:
        """The holder in Chinese."""
        if not self.roles:
            return "等待期限届满"
        named = "、".join(self._named(role, 0) for role in self.roles)
        return f"{named} {self.name}" if self.name else named

    @property
    def who_en(self) -> str:
        """The holder in English."""
        if not self.roles:
            return "Waits for a date"
        named = ", ".join(self._named(role, 1) for role in self.roles)
        named = named[0].upper() + named[1:]
        return f"{named} {self.name}" if self.name else named

    def _named(self, role: str, language: int) -> str:
        """Return a role, that of the approvers with the bodies and persons that are asked."""
        name = ROLES[role][language]
        if role != "approver" or not self.asked:
            return name
        told = [row.told[language] for row in self.asked]
        return f"{name}（{'；'.join(told)}）" if language == 0 else f"{name} ({'; '.join(told)})"


def chain_of(case_id: Any) -> Any:
    """Return the SQL name of a case's chain."""
    return literal("case:") + cast(case_id, String)


def carrying(case: Loaded, found: Iterable[Option]) -> tuple[Option, ...]:
    """Return the steps that bring a case further, possible or not; endings and corrections are none."""
    return tuple(option for option in found if _carries(case, option))


def _carries(case: Loaded, option: Option) -> bool:
    step = option.step
    if step.payload is EditTerms:
        return not case.facts.terms.complete
    if step.event == "approve_amendment":
        return is_submitted(case.facts.data)
    if step.tone not in CARRYING_TONES or step.from_outside:
        return False
    here = frozenset(case.position)
    arcs = case.mode.chart.table.get(step.event, ())
    if any(here & arc.source_leaves and set(arc.leaves_entered) - here for arc in arcs):
        return True
    # Where a step keeps the place, it is left to be done only if what it leads to elsewhere is not reached.
    reached = {leaf for arc in arcs for leaf in arc.leaves_entered}
    return bool(reached) and not reached & here and not option.unmet


def asked_of_all(case: Loaded, today: date) -> tuple[Option, ...]:
    """Return the options of a case as they are for everybody, whoever asks."""
    return options(case.mode, case.position, case.facts, today, book=case.book, actor=NOBODY)


def roles_of(case: Loaded, found: Sequence[Option], dues: Iterable[Due] = ()) -> tuple[str, ...]:
    """Return the roles whose turn it is.

    Who can carry the case on; or else, outside parties that are to answer; whom a deadline presses; who can meet
    what is unmet. Nobody while only time has to pass.
    """
    further = carrying(case, found)
    if ready := {role for option in further if not option.unmet for role in option.step.roles}:
        return _ordered(ready)
    if any(option.step.from_outside and not option.unmet for option in found):
        return ("outside",)
    if any(all(unmet.waits for unmet in option.unmet) for option in further):
        return ()
    pressed = {due.who for due in dues if due.days_left <= SOON_DAYS}
    return _ordered(pressed or {unmet.who for option in further for unmet in option.unmet})


def _ordered(roles: set[str]) -> tuple[str, ...]:
    """An administrator may do what an officer does, but it is the officer's turn."""
    known = roles - {"administrator"} if "officer" in roles else roles
    return tuple(role for role in ROLES if role in known)


def holder(case: Loaded, roles: tuple[str, ...], officer: str, at: datetime, today: date) -> Holder:
    """Return the holder with the days since the last entry of the trail, or since the approvers were asked."""
    since = at.astimezone(SHANGHAI).date()
    asked = asked_bodies(case, today) if "approver" in roles else ()
    if roles == ("approver",):
        since = min((row.since for row in asked if row.since), default=since)
    name = officer if roles == ("officer",) else ""
    return Holder(roles, name, since, max(0, (today - since).days), asked)


def asked_bodies(case: Loaded, today: date) -> tuple[Row, ...]:
    """Return the bodies that are asked now, with who may decide for them; none unless an approval is under way."""
    if not is_waiting_for_approval(case):
        return ()
    data = case.facts.data if SUBMITTED in case.position else approval_data(case.facts.data)
    return tuple(row for row in rows(data, case.facts.approvers, today) if row.standing == "waiting")


def holders(
    db: Database, session: Session, org_id: int, case_ids: Sequence[int], today: date
) -> dict[int, Holder]:
    """Return who holds each of these cases of the organization; a case that has ended is held by nobody."""
    query = (
        select(Case.id, User.name, TrailEntry.at)
        .join(User, col(User.id) == col(Case.officer_id))
        .join(
            TrailEntry,
            (col(TrailEntry.chain) == chain_of(col(Case.id))) & (col(TrailEntry.seq) == col(Case.trail_seq)),
        )
        .where(Case.org_id == org_id, col(Case.closed_on).is_(None), col(Case.id).in_(case_ids))
    )
    live = session.exec(query).all()
    dues = open_dues(session, org_id, today, case_ids)
    cases = load_many(cursor_of(session, db.postgres), [int(id_ or 0) for id_, _, _ in live], org_id)
    found = {}
    for id_, officer, at in live:
        case = cases[int(id_ or 0)]
        roles = roles_of(case, asked_of_all(case, today), dues.get(case.id, ()))
        found[case.id] = holder(case, roles, officer, at, today)
    return found


def next_dues(session: Session, org_id: int, case_ids: Sequence[int], today: date) -> dict[int, Due]:
    """Return the next open deadline of each of these cases."""
    return {id_: dues[0] for id_, dues in open_dues(session, org_id, today, case_ids).items()}


def open_dues(
    session: Session, org_id: int, today: date, case_ids: Sequence[int] | None = None
) -> dict[int, list[Due]]:
    """Return the open deadlines by case, the earliest first."""
    query: Any = select(  # type: ignore[call-overload]  # more columns than its overloads count
        Deadline.id, Deadline.case_id, Deadline.title, Deadline.title_en, Deadline.due, Deadline.kind,
        Deadline.confidence, Deadline.who, Deadline.owner_id,
    ).where(Deadline.org_id == org_id, Deadline.status == "open", col(Deadline.case_id).is_not(None))  # fmt: skip
    if case_ids is not None:
        query = query.where(col(Deadline.case_id).in_(case_ids))
    found: dict[int, list[Due]] = {}
    for id_, case_id, title, title_en, due, kind, confidence, who, owner in session.exec(
        query.order_by(col(Deadline.due), col(Deadline.id))
    ):
        left = (due - today).days
        entry = Due(id_, case_id, title, title_en, due, left, kind, confidence, who, owner)
        found.setdefault(case_id, []).append(entry)
    return found
