"""The register of demands 需求: what companies look for, who answers, by when, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

import orjson
from sqlmodel import Session, col, func, or_, select

from cases.companies import get_company
from cases.db import Cursor, Database, cursor_of
from cases.demand_fields import checked_demand
from cases.demand_tables import STATUS, Demand, DemandStep
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.idempotency import note_made
from cases.scope import Person
from cases.tables import Company, User
from cases.trail import append_org, hold_org
from rules.text import normalize

EDITORS = frozenset({"officer", "administrator"})
PAGE_SIZE = 20
OPEN = ("new", "answered", "matched")
LONGEST_REASON = 500
NO_DEMAND = ("没有找到该需求，请从需求列表重新打开", "no such demand")


@dataclass(frozen=True, slots=True)
class DemandView:
    """One demand as people see it."""

    id: int
    number: str
    company_id: int
    company: str
    title: str
    text: str
    industries: tuple[str, ...]
    region: str
    budget_fen: int | None
    cooperation: str
    modes: tuple[str, ...]
    received_on: date
    due_on: date
    owner_id: int
    owner: str
    status: str
    source: str
    updated_at: datetime

    def is_overdue(self, today: date) -> bool:
        """Say whether the answer is late."""
        return self.status == "new" and self.due_on < today


@dataclass(frozen=True, slots=True)
class DemandPage:
    """One page of demands. `total` counts all that match."""

    rows: tuple[DemandView, ...]
    total: int
    page: int
    size: int


@dataclass(frozen=True, slots=True)
class DemandStepView:
    """One change of where a demand stands."""

    status: str
    reason: str
    who: str
    at: datetime


def check_editor(person: Person) -> None:
    """Let only those pass who keep the register.

    Raises: Forbidden.
    """
    if person.role not in EDITORS:
        raise Forbidden("需求由转化专员登记和答复", "only officers keep the register of demands")


def save_demand(
    db: Database,
    person: Person,
    values: Mapping[str, object],
    *,
    demand_id: int | None = None,
    today: date,
    now: datetime | None = None,
) -> int:
    """Register a demand, or change one, and return its id.

    Raises: Forbidden; Invalid with the fields; NotFound for a demand or company of another organization.
    Effects: writes demand, the first step of a new one and an entry of the organization's trail.
    """
    check_editor(person)
    moment = now or datetime.now(UTC)
    with db.write() as session:
        cur = cursor_of(session, db.postgres)
        hold_org(cur, person.org_id)
        row = _existing(session, person.org_id, demand_id) if demand_id is not None else None
        return note_made(write_demand(session, cur, person, values, row, today=today, now=moment))


def write_demand(
    session: Session,
    cur: Cursor,
    person: Person,
    values: Mapping[str, object],
    row: Demand | None,
    *,
    today: date,
    now: datetime,
) -> int:
    """Write a demand inside the caller's transaction, which holds the organization; return its id.

    Raises: Invalid, NotFound.
    """
    fields, faults = checked_demand(values, today, person.id)
    if faults:
        raise Invalid("需求信息有误，请改正后重新提交", faults, "the demand is not valid")
    _check_belongs(session, person.org_id, fields)
    is_new = row is None
    demand = row or Demand(
        org_id=person.org_id, number=next_number(cur, person.org_id, today), created_at=now, **fields,
        updated_at=now, content_hash="",
    )  # fmt: skip
    for name, value in fields.items():
        setattr(demand, name, value)
    demand.content_hash, demand.updated_at = content_hash(fields), now
    session.add(demand)
    session.flush()
    made = int(demand.id or 0)
    if is_new:
        session.add(DemandStep(org_id=person.org_id, demand_id=made, status="new", user_id=person.id, at=now))
    body = {**_told(fields), "demand_id": made, "number": demand.number}
    append_org(cursor_of(session, cur.postgres), person.org_id, person.author, "demand_saved", body, now)
    return made


def content_hash(fields: Mapping[str, Any]) -> str:
    """Return the hash of what a demand says."""
    return sha256(orjson.dumps(_told(fields), option=orjson.OPT_SORT_KEYS)).hexdigest()


def _told(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in fields.items()}


def next_number(cur: Cursor, org_id: int, today: date) -> str:
    """Return the next number of a demand in the year."""
    prefix = f"XQ{today.year}-"
    row = cur.one(
        "SELECT number FROM demand WHERE org_id = ? AND number LIKE ? ORDER BY number DESC LIMIT 1",
        org_id, f"{prefix}%",
    )  # fmt: skip
    return f"{prefix}{(int(row[0].removeprefix(prefix)) if row else 0) + 1:05d}"


def _check_belongs(session: Session, org_id: int, fields: Mapping[str, Any]) -> None:
    get_company(session, org_id, fields["company_id"])
    owner = session.get(User, fields["owner_id"])
    if owner is None or owner.org_id != org_id or not owner.active:
        reason = "请选择本单位在用的用户作为负责人"
        raise Invalid("需求信息有误，请改正后重新提交", {"owner_id": reason}, "no such owner")


def move_demand(
    db: Database, person: Person, demand_id: int, status: str, reason: str, *, now: datetime | None = None
) -> None:
    """Answer, close or reopen a demand, with the reason.

    Raises: Forbidden, NotFound, Invalid without a reason, Conflict if it stands there already.
    """
    check_editor(person)
    told = normalize(reason)
    fields = {} if status in STATUS else {"status": f"状态可填：{'、'.join(STATUS)}"}
    if not 2 <= len(told) <= LONGEST_REASON:
        fields["reason"] = f"请写明理由或答复内容，2至{LONGEST_REASON}个字"
    if fields:
        raise Invalid("需求状态没有改变，请补充后重新提交", fields, "the status was not changed")
    moment = now or datetime.now(UTC)
    with db.write() as session:
        cur = cursor_of(session, db.postgres)
        hold_org(cur, person.org_id)
        row = _existing(session, person.org_id, demand_id)
        if row.status == status:
            raise Conflict(f"需求{row.number}已经是“{STATUS[status][0]}”", f"it is {status} already")
        write_step(session, cur, person, row, status, told, moment)


def write_step(
    session: Session, cur: Cursor, person: Person, row: Demand, status: str, reason: str, now: datetime
) -> None:
    """Write where a demand stands now, its step and the entry of the trail, inside the caller's transaction."""
    before, row.status, row.updated_at = row.status, status, now
    session.add(row)
    session.add(
        DemandStep(
            org_id=row.org_id, demand_id=int(row.id or 0), status=status, reason=reason, user_id=person.id, at=now
        )
    )  # fmt: skip
    session.flush()
    body = {"after": status, "before": before, "demand_id": row.id, "number": row.number, "reason": reason}
    append_org(cur, person.org_id, person.author, "demand_moved", body, now)


def existing_demand(session: Session, org_id: int, demand_id: int) -> Demand:
    """Return the row of a demand of the organization, for the actions on it.

    Raises: NotFound.
    """
    return _existing(session, org_id, demand_id)


def _existing(session: Session, org_id: int, demand_id: int) -> Demand:
    row = session.get(Demand, demand_id)
    if row is None or row.org_id != org_id:
        raise NotFound(*NO_DEMAND)
    return row


def get_demand(session: Session, org_id: int, demand_id: int) -> DemandView:
    """Return one demand of the organization.

    Raises: NotFound.
    """
    found = session.exec(_named().where(Demand.org_id == org_id, Demand.id == demand_id)).first()
    if found is None:
        raise NotFound(*NO_DEMAND)
    return _view(*found)


def _named() -> Any:
    """Return the query of demands with the names of their companies and owners."""
    return (
        select(Demand, Company.name, User.name)
        .join(Company, col(Company.id) == col(Demand.company_id))
        .join(User, col(User.id) == col(Demand.owner_id))
    )


def demand_id_of(session: Session, org_id: int, named: str) -> int:
    """Return the id of a demand by its number.

    Raises: NotFound.
    """
    query = select(Demand.id).where(Demand.org_id == org_id, Demand.number == normalize(named).upper())
    found = session.exec(query).first()
    if found is None:
        raise NotFound(f"没有编号为{named}的需求，请核对", f"no demand {named}")
    return found


def list_demands(
    session: Session,
    org_id: int,
    *,
    q: str = "",
    status: str = "",
    industry: str = "",
    owner_id: int | None = None,
    company_id: int | None = None,
    overdue_on: date | None = None,
    page: int = 1,
    size: int = PAGE_SIZE,
) -> DemandPage:
    """Return one page of demands: those to be answered first, by the day they are due."""
    found = _conditions(org_id, q, industry, owner_id, company_id)
    if status:
        found.append(Demand.status == status)
    if overdue_on is not None:
        found += [Demand.status == "new", Demand.due_on < overdue_on]
    joined = select(func.count(col(Demand.id))).join(Company, col(Company.id) == col(Demand.company_id))
    total = session.exec(joined.where(*found)).one()
    rows = session.exec(
        _named()
        .where(*found)
        .order_by(col(Demand.status) != "new", col(Demand.due_on), col(Demand.id).desc())
        .offset((page - 1) * size)
        .limit(size)
    )
    return DemandPage(tuple(_view(*row) for row in rows), total, page, size)


def _conditions(
    org_id: int, q: str, industry: str, owner_id: int | None, company_id: int | None
) -> list[Any]:
    found: list[Any] = [Demand.org_id == org_id]
    if q := normalize(q):
        columns = (Demand.title, Demand.text, Demand.number, Company.name)
        found.append(or_(*(col(column).contains(q, autoescape=True) for column in columns)))
    if industry:
        found.append(col(Demand.industries).contains(f'"{industry}"', autoescape=True))
    if owner_id is not None:
        found.append(Demand.owner_id == owner_id)
    if company_id is not None:
        found.append(Demand.company_id == company_id)
    return found


def status_counts(session: Session, org_id: int, today: date) -> dict[str, int]:
    """Return how many demands stand where, and under `overdue` how many answers are late."""
    query = select(Demand.status, func.count(col(Demand.id))).where(Demand.org_id == org_id)
    counts = dict(session.exec(query.group_by(col(Demand.status))).all())
    late = select(func.count(col(Demand.id))).where(
        Demand.org_id == org_id, Demand.status == "new", Demand.due_on < today
    )
    return {**{status: counts.get(status, 0) for status in STATUS}, "overdue": session.exec(late).one()}


def open_demands(session: Session, org_id: int, limit: int = 2_000) -> tuple[DemandView, ...]:
    """Return the demands that are not closed, the newest first."""
    query = _named().where(Demand.org_id == org_id, col(Demand.status).in_(OPEN))
    return tuple(_view(*row) for row in session.exec(query.order_by(col(Demand.id).desc()).limit(limit)))


def steps_of_demand(session: Session, org_id: int, demand_id: int) -> tuple[DemandStepView, ...]:
    """Return how a demand came to stand where it stands, the newest first."""
    query = (
        select(DemandStep, User.name)
        .join(User, col(User.id) == col(DemandStep.user_id), isouter=True)
        .where(DemandStep.org_id == org_id, DemandStep.demand_id == demand_id)
        .order_by(col(DemandStep.id).desc())
    )
    return tuple(
        DemandStepView(row.status, row.reason, name or "", row.at) for row, name in session.exec(query)
    )


def owners(session: Session, org_id: int) -> Sequence[tuple[int, str]]:
    """Return id and name of everybody who may be named as the owner of a demand."""
    query = select(User.id, User.name).where(
        User.org_id == org_id, col(User.active), col(User.role).in_(sorted(EDITORS))
    )
    return [(int(id_ or 0), name) for id_, name in session.exec(query.order_by(col(User.id)))]


def _view(row: Demand, company: str, owner: str) -> DemandView:
    return DemandView(
        id=int(row.id or 0), number=row.number, company_id=row.company_id, company=company, title=row.title,
        text=row.text, industries=tuple(orjson.loads(row.industries)), region=row.region,
        budget_fen=row.budget_fen, cooperation=row.cooperation, modes=tuple(orjson.loads(row.modes)),
        received_on=row.received_on, due_on=row.due_on, owner_id=row.owner_id, owner=owner, status=row.status,
        source=row.source, updated_at=row.updated_at,
    )  # fmt: skip
