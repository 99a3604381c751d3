"""Who sits for which body, and who deputizes for whom: kept by administrators, seen by everyone of the institution.

Every change is an entry of the organization's trail, with both names. What a deputy has decided stays on record in the
case; a seat that ends takes nothing back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from cases.approval_tables import ApprovalDeputy, ApprovalSeat
from cases.db import Database, cursor_of
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.rulebooks import book_of
from cases.scope import Person
from cases.tables import Organization, User
from cases.trail import append_org, hold_org
from rules.approval_routes import ApprovalBody
from rules.policy import HousePolicy
from rules.text import normalize

ROLE = "approver"
MOST_REASON = 200


@dataclass(frozen=True, slots=True)
class Sitting:
    """A person with a seat. `id` is the seat's."""

    id: int
    login: str
    name: str
    active: bool


@dataclass(frozen=True, slots=True)
class Office:
    """A body and who sits for it; `known` is False if the house pack no longer names it."""

    body: ApprovalBody
    seats: tuple[Sitting, ...]
    known: bool = True


@dataclass(frozen=True, slots=True)
class Deputizing:
    """Who deputizes for whom. `standing` is 'now', 'coming' or 'over' on the asking day."""

    id: int
    login: str
    name: str
    deputy_login: str
    deputy: str
    first_day: date
    last_day: date
    reason: str
    standing: str


@dataclass(frozen=True, slots=True)
class Seating:
    """The bodies with their seats, and the deputies: those in force, then coming, then over."""

    offices: tuple[Office, ...]
    deputies: tuple[Deputizing, ...]

    @property
    def is_assigned(self) -> bool:
        """Whether any seat is assigned; if none is, every approver may decide for every body."""
        return any(office.seats for office in self.offices)


def seating(session: Session, org_id: int, today: date) -> Seating:
    """Return the institution's seats and deputies as they are on a day."""
    seats: dict[str, list[Sitting]] = {}
    query = select(ApprovalSeat, User).join(User, col(User.id) == col(ApprovalSeat.user_id))
    for seat, user in session.exec(query.where(ApprovalSeat.org_id == org_id).order_by(col(ApprovalSeat.id))):
        seats.setdefault(seat.body, []).append(Sitting(int(seat.id or 0), user.login, user.name, user.active))
    bodies = {body.id: body for body in _policy(session, org_id, today).bodies}
    known = [Office(body, tuple(seats.get(body.id, ()))) for body in bodies.values()]
    gone = [
        Office(ApprovalBody(id=name, zh=name, en=name), tuple(found), known=False)
        for name, found in seats.items()
        if name not in bodies
    ]
    return Seating((*known, *gone), _deputies(session, org_id, today))


def _deputies(session: Session, org_id: int, today: date) -> tuple[Deputizing, ...]:
    person, deputy = aliased(User), aliased(User)
    query = (
        select(ApprovalDeputy, person, deputy)
        .join(person, col(person.id) == col(ApprovalDeputy.user_id))
        .join(deputy, col(deputy.id) == col(ApprovalDeputy.deputy_id))
        .where(ApprovalDeputy.org_id == org_id)
        .order_by(col(ApprovalDeputy.first_day).desc(), col(ApprovalDeputy.id))
    )
    found = [
        Deputizing(
            int(row.id or 0), one.login, one.name, other.login, other.name, row.first_day, row.last_day, row.reason,
            "over" if row.last_day < today else "coming" if row.first_day > today else "now",
        )
        for row, one, other in session.exec(query)
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: ("now", "coming", "over").index(one.standing)))


def assign_seat(
    db: Database, by: Person, body: str, login: str, *, today: date, now: datetime | None = None
) -> int:
    """Let an approver sit for a body and return the seat's id.

    Raises: Forbidden; Invalid with the fields; Conflict if they sit there already.
    Effects: writes the seat and one entry of the organization's trail.
    """
    _check_administrator(by)
    moment = now or datetime.now(UTC)
    with db.write() as session:
        cur = cursor_of(session, db.postgres)
        hold_org(cur, by.org_id)
        fields: dict[str, str] = {}
        known = {one.id: one for one in _policy(session, by.org_id, today).bodies}
        found = known.get(body) or next((one for one in known.values() if one.zh == normalize(body)), None)
        if found is None:
            fields["body"] = f"没有这个审批机构，可选：{'、'.join(known)}"
        user = _approver(session, by.org_id, login, "login", fields)
        if found is None or user is None:
            raise Invalid("审批席位有误，请改正后重新提交", fields, "the seat is not valid")
        row = ApprovalSeat(org_id=by.org_id, body=found.id, user_id=int(user.id or 0), created_at=moment)
        same = select(ApprovalSeat).where(
            ApprovalSeat.org_id == by.org_id, ApprovalSeat.body == found.id, ApprovalSeat.user_id == user.id
        )
        if session.exec(same).first():
            raise Conflict(f"{user.name}已有“{found.zh}”的席位", f"{user.login} sits for {found.id} already")
        session.add(row)
        session.flush()
        told = {"body": found.id, "body_zh": found.zh, "login": user.login, "name": user.name}
        append_org(cur, by.org_id, by.author, "approval_seat_assigned", told, moment)
        return int(row.id or 0)


def remove_seat(db: Database, by: Person, seat_id: int, now: datetime | None = None) -> None:
    """Take a seat away.

    Raises: Forbidden; NotFound, also for a seat of another institution.
    """
    _check_administrator(by)
    with db.write() as session:
        cur = cursor_of(session, db.postgres)
        hold_org(cur, by.org_id)
        row = session.get(ApprovalSeat, seat_id)
        if row is None or row.org_id != by.org_id:
            raise NotFound("没有找到该审批席位", "no such seat")
        user = session.get_one(User, row.user_id)
        told = {"body": row.body, "login": user.login, "name": user.name}
        session.delete(row)
        session.flush()
        append_org(cur, by.org_id, by.author, "approval_seat_removed", told, now or datetime.now(UTC))


def name_deputy(
    db: Database, by: Person, login: str, deputy: str, first: date, last: date, reason: str,
    *, today: date, now: datetime | None = None,
) -> int:  # fmt: skip
    """Let an approver deputize for another from the first to the last day, and return the entry's id.

    Raises: Forbidden; Invalid with the fields; Conflict if they do so already on some of these days.
    Effects: writes the deputy and one entry of the organization's trail.
    """
    _check_administrator(by)
    moment = now or datetime.now(UTC)
    with db.write() as session:
        cur = cursor_of(session, db.postgres)
        hold_org(cur, by.org_id)
        fields = _day_faults(first, last, today)
        why = normalize(reason)
        if not 2 <= len(why) <= MOST_REASON:
            fields["reason"] = f"请写明代理的原因，2至{MOST_REASON}个字"
        person = _approver(session, by.org_id, login, "login", fields)
        other = _approver(session, by.org_id, deputy, "deputy", fields)
        if person is not None and other is not None and person.id == other.id:
            fields["deputy"] = "本人不能做自己的代理人"
        if fields or person is None or other is None:
            raise Invalid("代理有误，请改正后重新提交", fields, "the deputy is not valid")
        row = ApprovalDeputy(
            org_id=by.org_id, user_id=int(person.id or 0), deputy_id=int(other.id or 0), first_day=first,
            last_day=last, reason=why, created_at=moment,
        )  # fmt: skip
        _check_apart(session, row)
        session.add(row)
        session.flush()
        append_org(cur, by.org_id, by.author, "approval_deputy_named", _told(row, person, other), moment)
        return int(row.id or 0)


def end_deputy(db: Database, by: Person, deputy_id: int, now: datetime | None = None) -> None:
    """Take a deputy's authority away at once.

    Raises: Forbidden; NotFound, also for another institution's.
    """
    _check_administrator(by)
    with db.write() as session:
        cur = cursor_of(session, db.postgres)
        hold_org(cur, by.org_id)
        row = session.get(ApprovalDeputy, deputy_id)
        if row is None or row.org_id != by.org_id:
            raise NotFound("没有找到该代理", "no such deputy")
        told = _told(row, session.get_one(User, row.user_id), session.get_one(User, row.deputy_id))
        session.delete(row)
        session.flush()
        append_org(cur, by.org_id, by.author, "approval_deputy_ended", told, now or datetime.now(UTC))


def _told(row: ApprovalDeputy, person: User, deputy: User) -> Mapping[str, str]:
    return {
        "login": person.login, "name": person.name, "deputy_login": deputy.login, "deputy": deputy.name,
        "first_day": row.first_day.isoformat(), "last_day": row.last_day.isoformat(), "reason": row.reason,
    }  # fmt: skip


def _day_faults(first: date, last: date, today: date) -> dict[str, str]:
    if last < first:
        return {"last_day": "末日早于首日，请核对"}
    return {"last_day": "代理的日期已过，请填写今后的日期"} if last < today else {}


def _check_apart(session: Session, row: ApprovalDeputy) -> None:
    same = select(ApprovalDeputy).where(
        ApprovalDeputy.org_id == row.org_id, ApprovalDeputy.user_id == row.user_id,
        ApprovalDeputy.deputy_id == row.deputy_id, col(ApprovalDeputy.first_day) <= row.last_day,
        col(ApprovalDeputy.last_day) >= row.first_day,
    )  # fmt: skip
    if found := session.exec(same).first():
        days = f"{found.first_day.isoformat()}至{found.last_day.isoformat()}"
        raise Conflict(f"同一代理已登记（{days}），请先终止原代理", "they deputize on these days already")


def _check_administrator(by: Person) -> None:
    if by.role != "administrator":
        raise Forbidden("审批席位和代理须由管理员维护", "only administrators assign seats and deputies")


def _approver(session: Session, org_id: int, login: str, field: str, fields: dict[str, str]) -> User | None:
    """Return the active approver of the organization with that login, or note what is wrong."""
    query = select(User).where(User.org_id == org_id, User.login == normalize(login))
    user = session.exec(query).first()
    if user is None or not user.active:
        fields[field] = "本单位没有这个在用的用户名"
        return None
    if user.role != ROLE:
        fields[field] = f"{user.name}的角色不是审批人"
        return None
    return user


def _policy(session: Session, org_id: int, today: date) -> HousePolicy:
    return book_of(session.get_one(Organization, org_id).rule_layers).house(today)
