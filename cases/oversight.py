"""Who supervises whom: bureaus are founded, institutions agree and end it, and each taking of figures is on record."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import Session, col, select

from cases.db import Database, cursor_of
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.scope import Author, Origin, Person
from cases.supervision_tables import Bureau, DataAccess, Oversight
from cases.tables import Organization, User
from cases.trail import append_org, hold_org
from rules.text import normalize

SUPERVISOR = "supervisor"
# The roles that people of a bureau may have, and of every other organization: nobody crosses over.
BUREAU_ROLES = frozenset({SUPERVISOR, "administrator"})
LEAST_PURPOSE = 4
SETUP = Author(None, "初始设置", Origin("setup"))


@dataclass(frozen=True, slots=True)
class BureauView:
    """A bureau as an institution sees it: whether it may see the figures now, and since when."""

    id: int
    name: str
    agreed_at: datetime | None
    agreed_by: str = ""


@dataclass(frozen=True, slots=True)
class AccessView:
    """One taking of figures."""

    bureau: str
    login: str
    what: str
    purpose: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Institution:
    """An institution that has agreed."""

    org_id: int
    name: str


def found_bureau(db: Database, *, name: str, login: str, person: str, now: datetime | None = None) -> int:
    """Write a bureau with its first supervisor, and return the supervisor's id. For whoever sets the product up.

    Raises: Invalid with the fields; Conflict if the login or the name is taken.
    Effects: writes organization, bureau, user and two entries of the new organization's trail.
    """
    moment = now or datetime.now(UTC)
    name, login, person = normalize(name), normalize(login), normalize(person)
    wrong = {}
    if not 2 <= len(name) <= 100:
        wrong["name"] = "单位名称须为2至100个字"
    if not login.isascii() or not 2 <= len(login) <= 50:
        wrong["login"] = "用户名须为2至50个英文字母、数字或符号"
    if not 1 <= len(person) <= 50:
        wrong["person"] = "姓名须为1至50个字"
    if wrong:
        raise Invalid("监管单位信息有误", wrong, "the bureau is not valid")
    with db.write() as session:
        taken = session.exec(select(User.id).where(User.login == login)).first()
        if (
            taken is not None
            or session.exec(select(Organization.id).where(Organization.name == name)).first()
        ):
            raise Conflict("用户名或单位名称已被使用", "the login or the name is taken")
        org = Organization(name=name, created_at=moment)
        session.add(org)
        session.flush()
        org_id = int(org.id or 0)
        user = User(org_id=org_id, login=login, name=person, role=SUPERVISOR, created_at=moment)
        session.add_all([Bureau(org_id=org_id, created_at=moment), user])
        session.flush()
        cur = cursor_of(session, db.postgres)
        append_org(cur, org_id, SETUP, "bureau_founded", {"name": name}, moment)
        body = {"login": login, "role": SUPERVISOR, "user_id": user.id}
        append_org(cur, org_id, SETUP, "user_added", body, moment)
        return int(user.id or 0)


def is_bureau(session: Session, org_id: int) -> bool:
    """Say whether an organization is a bureau."""
    return session.exec(select(Bureau.id).where(Bureau.org_id == org_id)).first() is not None


def flaw_of_role(session: Session, org_id: int, role: str) -> str:
    """Return why nobody of this organization can have the role, or nothing."""
    if (role == SUPERVISOR) != is_bureau(session, org_id) and (
        role == SUPERVISOR or role not in BUREAU_ROLES
    ):
        return "监管人员只能属于监管单位，监管单位只有监管人员和管理员"
    return ""


def agree(db: Database, person: Person, bureau_id: int, now: datetime) -> None:
    """Let a bureau see the institution's figures.

    Raises: Forbidden; NotFound; Conflict if it may already.
    Effects: writes oversight and an entry of the institution's trail.
    """
    _check_administrator(person)
    with db.write() as session:
        hold_org(cursor_of(session, db.postgres), person.org_id)
        bureau = _bureau(session, bureau_id)
        if is_bureau(session, person.org_id) or _standing(session, person.org_id, bureau_id) is not None:
            raise Conflict("已同意该监管单位查看汇总数据", "agreed already")
        session.add(
            Oversight(org_id=person.org_id, bureau_id=bureau_id, agreed_by=person.name, agreed_at=now)
        )
        session.flush()
        append_org(
            cursor_of(session, db.postgres),
            person.org_id,
            person.author,
            "oversight_agreed",
            {"name": bureau},
            now,
        )


def end_agreement(db: Database, person: Person, bureau_id: int, now: datetime) -> None:
    """Let a bureau see the institution's figures no more.

    Raises: Forbidden; NotFound if it does not see them.
    Effects: writes oversight and an entry of the institution's trail.
    """
    _check_administrator(person)
    with db.write() as session:
        hold_org(cursor_of(session, db.postgres), person.org_id)
        bureau = _bureau(session, bureau_id)
        found = _standing(session, person.org_id, bureau_id)
        if found is None:
            raise NotFound("没有同意过该监管单位", "there is no agreement")
        found.ended_by, found.ended_at = person.name, now
        session.add(found)
        session.flush()
        append_org(
            cursor_of(session, db.postgres),
            person.org_id,
            person.author,
            "oversight_ended",
            {"name": bureau},
            now,
        )


def bureaus(session: Session, org_id: int) -> tuple[BureauView, ...]:
    """Return every bureau of the installation, with how the institution stands to it."""
    query = select(Bureau, Organization).join(Organization, col(Organization.id) == Bureau.org_id)
    found = []
    for bureau, organization in session.exec(query.order_by(Organization.name)):
        standing = _standing(session, org_id, int(bureau.id or 0))
        found.append(
            BureauView(
                int(bureau.id or 0), organization.name, standing.agreed_at if standing else None,
                standing.agreed_by if standing else "",
            )
        )  # fmt: skip
    return tuple(found)


def accesses(session: Session, org_id: int, limit: int = 50) -> tuple[AccessView, ...]:
    """Return who took the institution's figures along, the newest first."""
    query = (
        select(DataAccess, Organization.name)
        .join(Bureau, col(Bureau.id) == DataAccess.bureau_id)
        .join(Organization, col(Organization.id) == Bureau.org_id)
        .where(DataAccess.org_id == org_id)
        .order_by(col(DataAccess.id).desc())
        .limit(limit)
    )
    return tuple(
        AccessView(name, row.login, row.what, row.purpose, row.at) for row, name in session.exec(query)
    )


def agreed(session: Session, person: Person) -> tuple[Institution, ...]:
    """Return the institutions that let the supervisor's bureau see their figures, by name.

    Raises: Forbidden for everybody else.
    """
    if person.role != SUPERVISOR:
        raise Forbidden("本页面仅限监管人员使用", "this page is for supervisors")
    query = (
        select(Organization.id, Organization.name)
        .join(Oversight, col(Oversight.org_id) == Organization.id)
        .join(Bureau, col(Bureau.id) == Oversight.bureau_id)
        .where(Bureau.org_id == person.org_id, col(Oversight.ended_at).is_(None))
        .order_by(Organization.name)
    )
    return tuple(Institution(int(id_ or 0), name) for id_, name in session.exec(query))


def note_access(
    db: Database, person: Person, institutions: Iterable[Institution], what: str, purpose: str, now: datetime
) -> None:
    """Put on record that figures are taken along, for each institution; its administrators can read it.

    Raises: Invalid without a purpose.
    Effects: writes data_access and an entry of the bureau's trail.
    Source: S2-08 (在保障数据安全的前提下…有序获取)
    """
    purpose = normalize(purpose)
    if not LEAST_PURPOSE <= len(purpose) <= 300:
        told = f"请写明数据用途（{LEAST_PURPOSE}至300个字），提供数据的单位可以查看"
        raise Invalid(told, {"purpose": told}, "say what the figures are for")
    with db.write() as session:
        hold_org(cursor_of(session, db.postgres), person.org_id)
        bureau_id = session.exec(select(Bureau.id).where(Bureau.org_id == person.org_id)).one()
        rows = [
            DataAccess(org_id=one.org_id, bureau_id=int(bureau_id or 0), login=person.login, what=what, purpose=purpose, at=now)
            for one in institutions
        ]  # fmt: skip
        session.add_all(rows)
        session.flush()
        body = {"what": what, "purpose": purpose, "institutions": len(rows)}
        append_org(cursor_of(session, db.postgres), person.org_id, person.author, "figures_taken", body, now)


def _check_administrator(person: Person) -> None:
    if person.role != "administrator":
        raise Forbidden("是否同意监管单位查看，由管理员决定", "administrators decide this")


def _bureau(session: Session, bureau_id: int) -> str:
    query = (
        select(Organization.name)
        .join(Bureau, col(Bureau.org_id) == Organization.id)
        .where(Bureau.id == bureau_id)
    )
    name = session.exec(query).first()
    if name is None:
        raise NotFound("没有这个监管单位", "no such bureau")
    return name


def _standing(session: Session, org_id: int, bureau_id: int) -> Oversight | None:
    query = select(Oversight).where(
        Oversight.org_id == org_id, Oversight.bureau_id == bureau_id, col(Oversight.ended_at).is_(None)
    )
    return session.exec(query).first()
