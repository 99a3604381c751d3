"""Small reads for the web desk alone: recent entries, users with their standing, and what hangs on what.

Reads only, each scoped by organization. Rows stay in `cases/`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from sqlmodel import Session, col, func, select

from cases.errors import NotFound
from cases.imports import PATENTS
from cases.scope import Person
from cases.tables import (
    ApiToken,
    Case,
    CasePatent,
    Company,
    Document,
    ImportRun,
    Patent,
    TrailEntry,
    User,
)
from cases.trail import Entry
from cases.views import DocumentView, document_view


@dataclass(frozen=True, slots=True)
class RecentEntry:
    """An entry of the trail with the case it belongs to, if any."""

    entry: Entry
    case_id: int | None
    case_no: str
    case_title: str
    mode: str


@dataclass(frozen=True, slots=True)
class UserRow:
    """A user as the administrator sees them."""

    id: int
    login: str
    name: str
    role: str
    email: str
    active: bool
    has_password: bool
    locked_until: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class TokenRow:
    """An API token; the token itself is not stored."""

    id: int
    name: str
    created_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class CaseLink:
    """A case that something belongs to."""

    id: int
    number: str
    title: str
    stage: str
    opened_on: date


@dataclass(frozen=True, slots=True)
class ImportView:
    """One import of a patent list."""

    id: int
    filename: str
    size: int
    sha256: str
    status: str
    mapping: dict[str, str]
    rows: int
    accepted: int
    unchanged: int
    rejected: int
    errors: tuple[dict[str, object], ...]
    rejects_file: str
    message: str
    user: str
    created_at: datetime
    finished_at: datetime | None


def recent(session: Session, org_id: int, limit: int) -> tuple[RecentEntry, ...]:
    """Return the newest entries of all chains of the organization."""
    query = (
        select(TrailEntry, Case.number, Case.title, Case.mode)
        .join(Case, col(Case.id) == col(TrailEntry.case_id), isouter=True)
        .where(TrailEntry.org_id == org_id)
        .order_by(col(TrailEntry.at).desc(), col(TrailEntry.id).desc())
        .limit(limit)
    )
    return tuple(
        RecentEntry(
            Entry(r.chain, r.seq, r.at, r.actor_id, r.verb, orjson.loads(r.body), r.hash),
            r.case_id, number or "", title or "", mode or "",
        )
        for r, number, title, mode in session.exec(query)
    )  # fmt: skip


def patent_count(session: Session, org_id: int) -> int:
    """Return how many patents the base library holds."""
    return session.exec(select(func.count(col(Patent.id))).where(Patent.org_id == org_id)).one()


def users_of(session: Session, org_id: int) -> tuple[UserRow, ...]:
    """Return all users of the organization, active ones first."""
    query = select(User).where(User.org_id == org_id).order_by(col(User.active).desc(), col(User.login))
    return tuple(
        UserRow(
            int(u.id or 0), u.login, u.name, u.role, u.email, u.active, bool(u.password_hash), u.locked_until,
            u.created_at,
        )
        for u in session.exec(query)
    )  # fmt: skip


def user_of(session: Session, org_id: int, user_id: int) -> UserRow:
    """Return one user of the organization.

    Raises: NotFound.
    """
    for row in users_of(session, org_id):
        if row.id == user_id:
            return row
    raise NotFound("没有找到该用户", "no such user")


def tokens_of(session: Session, person: Person) -> tuple[TokenRow, ...]:
    """Return a person's API tokens, the newest first."""
    query = select(ApiToken).where(ApiToken.user_id == person.id, ApiToken.org_id == person.org_id)
    rows = session.exec(query.order_by(col(ApiToken.id).desc()))
    return tuple(TokenRow(int(r.id or 0), r.name, r.created_at, r.revoked_at) for r in rows)


def has_feed(session: Session, person: Person) -> bool:
    """Say whether a calendar link has been made."""
    return bool(session.exec(select(User.feed_hash).where(User.id == person.id)).one())


def cases_of_patent(session: Session, org_id: int, patent_id: int) -> tuple[CaseLink, ...]:
    """Return the cases a patent is in, the newest first."""
    query = select(Case).join(CasePatent, col(CasePatent.case_id) == col(Case.id))
    query = query.where(Case.org_id == org_id, CasePatent.patent_id == patent_id)
    return _links(session, query)


def cases_of_company(session: Session, org_id: int, company_id: int) -> tuple[CaseLink, ...]:
    """Return the cases with a company, the newest first."""
    return _links(session, select(Case).where(Case.org_id == org_id, Case.company_id == company_id))


def _links(session: Session, query: Any) -> tuple[CaseLink, ...]:
    rows: Iterable[Case] = session.exec(query.order_by(col(Case.id).desc()).limit(50))
    return tuple(CaseLink(int(c.id or 0), c.number, c.title, c.stage, c.opened_on) for c in rows)


def case_titles(session: Session, org_id: int, case_ids: Sequence[int]) -> dict[int, str]:
    """Return the titles of those of these cases that the organization has."""
    query = select(Case.id, Case.title).where(Case.org_id == org_id, col(Case.id).in_(case_ids))
    return {int(id_ or 0): title for id_, title in session.exec(query)}


def officers(session: Session, org_id: int) -> tuple[tuple[int, str], ...]:
    """Return id and name of everybody who has a case in hand, live or ended."""
    query = select(User.id, User.name).where(
        User.org_id == org_id, col(User.id).in_(select(Case.officer_id).where(Case.org_id == org_id))
    )
    return tuple((int(id_ or 0), name) for id_, name in session.exec(query.order_by(col(User.name))))


def company_count(session: Session, org_id: int) -> int:
    """Return how many companies are registered."""
    return session.exec(select(func.count(col(Company.id))).where(Company.org_id == org_id)).one()


def document_of(session: Session, org_id: int, case_id: int, document_id: int) -> DocumentView:
    """Return one document of a case.

    Raises: NotFound.
    """
    row = session.get(Document, document_id)
    if row is None or row.org_id != org_id or row.case_id != case_id:
        raise NotFound("没有找到该文书，请从案件页面重新打开", "no such document")
    return document_view(row)


def imports_of(session: Session, org_id: int, limit: int = 30, kind: str = PATENTS) -> tuple[ImportView, ...]:
    """Return the imports of the organization of one kind, the newest first."""
    query = select(ImportRun, User.name).join(User).where(ImportRun.org_id == org_id, ImportRun.kind == kind)
    rows = session.exec(query.order_by(col(ImportRun.id).desc()).limit(limit))
    return tuple(_import(row, user) for row, user in rows)


def import_of(session: Session, org_id: int, import_id: int, kind: str = PATENTS) -> ImportView:
    """Return one import of the organization of that kind.

    Raises: NotFound.
    """
    query = select(ImportRun, User.name).join(User)
    query = query.where(ImportRun.org_id == org_id, ImportRun.id == import_id, ImportRun.kind == kind)
    found = session.exec(query).first()
    if found is None:
        raise NotFound("没有找到这次导入，请从导入记录重新打开", "no such import")
    return _import(*found)


def _import(row: ImportRun, user: str) -> ImportView:
    return ImportView(
        id=int(row.id or 0), filename=row.filename, size=row.size, sha256=row.sha256, status=row.status,
        mapping=orjson.loads(row.mapping),
        rows=row.rows, accepted=row.accepted, unchanged=row.unchanged, rejected=row.rejected,
        errors=tuple(orjson.loads(row.errors)), rejects_file=row.rejects_file, message=row.message, user=user,
        created_at=row.created_at, finished_at=row.finished_at,
    )  # fmt: skip
