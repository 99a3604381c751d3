"""What the doors read: frozen views of cases, deadlines, documents and messages, each scoped by organization.

Reads only. Rows stay in `cases/`; everything here is plain values.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, or_, select
from sqlmodel.sql.expression import Select

from cases.backlog import OutboxView, of_case
from cases.companies import CompanyView, get_company
from cases.db import Database, cursor_of
from cases.errors import NotFound
from cases.loading import Loaded, load
from cases.scope import Person
from cases.tables import Case, CasePatent, Company, Deadline, Document, LabelEvent, Patent, TrailEntry, User
from cases.trail import Entry, entries, terms_before, warned
from contracts.kinds import made_for
from rules.derivation import Derivation
from rules.patent_numbers import display_number
from rules.text import normalize
from states.approval_route import Row, rows
from states.catalog import mode_of
from states.decide import Option, cautions, options, why_not
from states.modes import Mode
from states.plan import Unmet

PAGE_SIZE = 20
TIMELINE_SIZE = 50


@dataclass(frozen=True, slots=True)
class DeadlineView:
    """A deadline with how it came about. `days_left` counts from the asking day, negative when overdue.

    It belongs to a case or to a patent: the other id is None, and number and title are those of what it belongs to.
    """

    id: int
    case_id: int | None
    patent_id: int | None
    case_no: str
    case_title: str
    key: str
    title: str
    title_en: str
    kind: str
    rule_id: str
    rule_version: str
    article: str
    confidence: str
    base_event: str
    base_date: date
    period: str
    nominal: date
    due: date
    roll: str
    provisional: bool
    explanation_zh: tuple[str, ...]
    explanation_en: tuple[str, ...]
    derivation: Derivation | None
    internal: date | None
    rungs: tuple[int, ...]
    next_on: date | None
    status: str
    replaces: int | None
    closed_on: date | None
    owner: str
    days_left: int

    @property
    def path(self) -> str:
        """The desk's page of what the deadline belongs to."""
        return f"/patents/{self.patent_id}" if self.case_id is None else f"/cases/{self.case_id}"


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document made or being made; `superseded` once what it was made for has become void since."""

    id: int
    kind: str
    version: int
    title: str
    filename: str
    draft: bool
    status: str
    error: str
    sha256: str
    size: int
    pages: int
    terms_hash: str
    flow_run_id: str
    requested_at: datetime
    superseded: bool = False


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in a list."""

    id: int
    number: str
    title: str
    mode: str
    stage: str
    leaves: tuple[str, ...]
    company: str
    officer: str
    patents: int
    next_due: date | None
    opened_on: date
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list. `total` counts all that match."""

    rows: tuple[CaseRow, ...]
    total: int
    page: int
    size: int


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything the case page shows.

    `timeline` is one page of the trail, the newest entries first, of `entries` in all; `earlier_terms` are the terms
    before that page, `opening_warnings` what other cases stood against this one when it was opened or a patent joined.
    """

    id: int
    number: str
    title: str
    mode: Mode
    stage: str
    position: tuple[str, ...]
    version: int
    officer: str
    officer_id: int
    opened_on: date
    company: CompanyView | None
    loaded: Loaded
    terms: Mapping[str, Any]
    options: tuple[Option, ...]
    cautions: tuple[Unmet, ...]
    deadlines: tuple[DeadlineView, ...]
    documents: tuple[DocumentView, ...]
    timeline: tuple[Entry, ...]
    earlier_terms: Mapping[str, Any]
    opening_warnings: tuple[tuple[str, str], ...]
    entries: int
    outbox: tuple[OutboxView, ...]
    labels: tuple[tuple[str, date, str], ...]
    approval: tuple[Row, ...] = ()


def case_id_of(session: Session, org_id: int, number: str) -> int:
    """Return the id of a case by its number.

    Raises: NotFound.
    """
    query = select(Case.id).where(Case.org_id == org_id, Case.number == normalize(number).upper())
    found = session.exec(query).first()
    if found is None:
        raise NotFound(f"没有编号为“{number}”的案件", f"no case {number}")
    return found


def case_page(
    db: Database, session: Session, person: Person, case_id: int, today: date, *, timeline_page: int = 1
) -> CasePage:
    """Return a case as its page shows it, with one page of its trail.

    Raises: NotFound if the person's organization has no such case.
    """
    loaded = load(cursor_of(session, db.postgres), case_id, person.org_id)
    case, officer = session.exec(
        select(Case, User).join(User, col(User.id) == col(Case.officer_id)).where(Case.id == case_id)
    ).one()
    book, chain = loaded.book, f"case:{case_id}"
    shown = entries(
        session,
        person.org_id,
        chain,
        newest_first=True,
        after=(timeline_page - 1) * TIMELINE_SIZE,
        limit=TIMELINE_SIZE,
    )
    return CasePage(
        id=case_id,
        number=case.number,
        title=case.title,
        mode=loaded.mode,
        stage=case.stage,
        position=loaded.position,
        version=case.version,
        officer=officer.name,
        officer_id=case.officer_id,
        opened_on=case.opened_on,
        company=get_company(session, person.org_id, case.company_id) if case.company_id else None,
        loaded=loaded,
        terms=orjson.loads(case.terms),
        options=options(loaded.mode, loaded.position, loaded.facts, today, book=book, actor=person.actor),
        cautions=cautions(loaded.mode, loaded.position, loaded.facts, today, book=book, actor=person.actor),
        deadlines=deadlines(session, person.org_id, today, case_id=case_id, open_only=False),
        documents=documents(session, person.org_id, case_id),
        timeline=shown,
        earlier_terms=terms_before(session, person.org_id, chain, shown[-1].seq) if shown else {},
        opening_warnings=warned(session, person.org_id, chain),
        entries=loaded.trail_seq,
        outbox=of_case(session, person.org_id, case_id),
        labels=_labels(session, person.org_id, case_id),
        approval=rows(loaded.facts.data, loaded.facts.approvers, today),
    )


def steps_of(
    db: Database, session: Session, person: Person, case_id: int, today: date, *, everywhere: bool = False
) -> tuple[Loaded, tuple[Option, ...]]:
    """Return a case with the steps that its place offers, or with `everywhere` all steps of its mode.

    Raises: NotFound if the person's organization has no such case.
    """
    case = load(cursor_of(session, db.postgres), case_id, person.org_id)
    found = options(
        case.mode, case.position, case.facts, today, book=case.book, actor=person.actor, everywhere=everywhere
    )
    return case, found


def explain(db: Database, session: Session, person: Person, case_id: int, event: str, today: date) -> Option:
    """Return one step of a case with every reason why it is not possible.

    Raises: NotFound for an unknown case or step.
    """
    loaded = load(cursor_of(session, db.postgres), case_id, person.org_id)
    if event not in loaded.mode.steps:
        known = "、".join(loaded.mode.steps)
        raise NotFound(f"没有名为“{event}”的步骤，可用的步骤：{known}", f"no step '{event}'; steps: {known}")
    return why_not(
        loaded.mode, loaded.position, event, loaded.facts, today, book=loaded.book, actor=person.actor
    )


def list_cases(
    session: Session,
    org_id: int,
    *,
    q: str = "",
    stage: str = "",
    mode: str = "",
    officer_id: int | None = None,
    overdue_on: date | None = None,
    page: int = 1,
    size: int = PAGE_SIZE,
) -> Page:
    """Return one page of the organization's cases, the last changed first.

    `overdue_on` leaves those that have an open deadline before that day.
    """
    conditions = _narrowed(org_id, q, mode, officer_id, overdue_on)
    if stage:
        conditions.append(Case.stage == stage)
    base = (
        select(Case, func.coalesce(Company.name, ""), User.name)
        .select_from(Case)
        .outerjoin(Company, col(Company.id) == col(Case.company_id))
        .join(User, col(User.id) == col(Case.officer_id))
        .where(*conditions)
    )
    total = _count(session, conditions)
    newest = base.order_by(col(Case.updated_at).desc(), col(Case.id).desc())
    rows = session.exec(newest.offset((page - 1) * size).limit(size)).all()
    ids = [int(case.id or 0) for case, _, _ in rows]
    dues = _next_dues(session, ids)
    counts = _patent_counts(session, ids)
    return Page(
        tuple(
            CaseRow(
                id=int(case.id or 0), number=case.number, title=case.title, mode=case.mode, stage=case.stage,
                leaves=mode_of(case.mode).chart.in_order(case.state.split()), company=company, officer=officer,
                patents=counts.get(int(case.id or 0), 0), next_due=dues.get(int(case.id or 0)),
                opened_on=case.opened_on, updated_at=case.updated_at,
            )
            for case, company, officer in rows
        ),
        total, page, size,
    )  # fmt: skip


def case_ids(
    session: Session,
    org_id: int,
    *,
    q: str = "",
    stage: str = "",
    mode: str = "",
    officer_id: int | None = None,
    overdue_on: date | None = None,
    modes: Sequence[str] = (),
) -> tuple[int, ...]:
    """Return the cases of the list under its filters, the oldest first; `modes` leaves those of some modes."""
    conditions = [*_narrowed(org_id, q, mode, officer_id, overdue_on), col(Case.mode).in_(modes)]
    if stage:
        conditions.append(Case.stage == stage)
    query = select(Case.id).outerjoin(Company, col(Company.id) == col(Case.company_id)).where(*conditions)
    return tuple(int(id_ or 0) for id_ in session.exec(query.order_by(col(Case.id))))


def _narrowed(org_id: int, q: str, mode: str, officer_id: int | None, overdue_on: date | None) -> list[Any]:
    conditions: list[Any] = [Case.org_id == org_id]
    if q := normalize(q):
        like = [col(c).contains(q, autoescape=True) for c in (Case.number, Case.title, Company.name)]
        conditions.append(or_(*like))
    if mode:
        conditions.append(Case.mode == mode)
    if officer_id:
        conditions.append(Case.officer_id == officer_id)
    if overdue_on:
        late = select(Deadline.case_id).where(
            col(Deadline.case_id).is_not(None),
            Deadline.org_id == org_id,
            Deadline.status == "open",
            Deadline.due < overdue_on,
        )
        conditions.append(col(Case.id).in_(late))
    return conditions


def _count(session: Session, conditions: list[Any]) -> int:
    query = select(func.count(col(Case.id))).select_from(Case)
    query = query.outerjoin(Company, col(Company.id) == col(Case.company_id))
    return session.exec(query.where(*conditions)).one()


def _next_dues(session: Session, ids: list[int]) -> dict[int, date]:
    query = select(Deadline.case_id, func.min(Deadline.due)).where(
        col(Deadline.case_id).in_(ids), Deadline.status == "open"
    )
    return {id_: due for id_, due in session.exec(query.group_by(col(Deadline.case_id))) if id_ is not None}


def _patent_counts(session: Session, ids: list[int]) -> dict[int, int]:
    query = select(CasePatent.case_id, func.count()).where(col(CasePatent.case_id).in_(ids))
    return dict(session.exec(query.group_by(col(CasePatent.case_id))).all())


def stage_counts(
    session: Session,
    org_id: int,
    *,
    q: str = "",
    mode: str = "",
    officer_id: int | None = None,
    overdue_on: date | None = None,
) -> dict[str, int]:
    """Return how many cases stand in each stage, of those that a list so narrowed shows."""
    query = select(Case.stage, func.count()).outerjoin(Company, col(Company.id) == col(Case.company_id))
    narrowed = query.where(*_narrowed(org_id, q, mode, officer_id, overdue_on)).group_by(Case.stage)
    return dict(session.exec(narrowed).all())


def awaiting_approval(session: Session, org_id: int, limit: int = 20) -> tuple[tuple[int, str, str], ...]:
    """Return (id, number, title) of the cases that wait for an approver."""
    query = select(Case.id, Case.number, Case.title).where(
        Case.org_id == org_id, col(Case.state).contains(" approval_submitted ")
    )
    rows = session.exec(query.order_by(col(Case.updated_at)).limit(limit))
    return tuple((int(id_ or 0), number, title) for id_, number, title in rows)


def deadlines(
    session: Session,
    org_id: int,
    today: date,
    *,
    case_id: int | None = None,
    patent_id: int | None = None,
    open_only: bool = True,
    until: date | None = None,
    person: Person | None = None,
    rule_id: str = "",
    of: str = "",
    limit: int = 500,
) -> tuple[DeadlineView, ...]:
    """Return deadlines by due date; open ones first when all are asked for. `of` is `cases` or `patents`; both if empty."""
    query = _deadlines_of(org_id)
    if case_id is not None:
        query = query.where(Deadline.case_id == case_id)
    if patent_id is not None:
        query = query.where(Deadline.patent_id == patent_id)
    if open_only:
        query = query.where(Deadline.status == "open")
    if until is not None:
        query = query.where(Deadline.due <= until)
    if person is not None:
        query = query.where(mine(person))
    if rule_id:
        query = query.where(Deadline.rule_id == rule_id)
    if of in ("cases", "patents"):
        query = query.where(col(Deadline.case_id if of == "cases" else Deadline.patent_id).is_not(None))
    order = (col(Deadline.status) != "open", col(Deadline.due), col(Deadline.id))
    rows = session.exec(query.order_by(*order).limit(limit))
    return tuple(_deadline(row, number, title, owner, today) for row, number, title, owner in rows)


def mine(person: Person) -> ColumnElement[bool]:
    """Return the condition for deadlines that a person must see to: of their cases, or of their role."""
    own = col(Deadline.owner_id) == person.id
    return own if person.role == "officer" else own | (col(Deadline.who) == person.role)


def deadline_views(session: Session, org_id: int, ids: list[int], today: date) -> tuple[DeadlineView, ...]:
    """Return the deadlines of these ids that belong to the organization."""
    rows = session.exec(_deadlines_of(org_id).where(col(Deadline.id).in_(ids)))
    return tuple(_deadline(row, number, title, owner, today) for row, number, title, owner in rows)


def _deadlines_of(org_id: int) -> "Select[Deadline, str, str, str]":
    """Return the query of an organization's deadlines, each with number and title of its case or patent, and its owner."""
    return (
        select(
            Deadline,
            func.coalesce(Case.number, Patent.application_no, ""),
            func.coalesce(Case.title, Patent.title, ""),
            func.coalesce(User.name, ""),
        )
        .select_from(Deadline)
        .outerjoin(Case, col(Case.id) == col(Deadline.case_id))
        .outerjoin(Patent, col(Patent.id) == col(Deadline.patent_id))
        .outerjoin(User, col(User.id) == col(Deadline.owner_id))
        .where(Deadline.org_id == org_id)
    )


def _deadline(row: Deadline, number: str, title: str, owner: str, today: date) -> DeadlineView:
    told = orjson.loads(row.explanation)
    return DeadlineView(
        id=int(row.id or 0), case_id=row.case_id, patent_id=row.patent_id,
        case_no=display_number(number) if row.patent_id else number, case_title=title,
        key=row.key, title=row.title,
        title_en=row.title_en, kind=row.kind, rule_id=row.rule_id, rule_version=row.rule_version,
        article=row.article, confidence=row.confidence, base_event=row.base_event, base_date=row.base_date,
        period=row.period, nominal=row.nominal, due=row.due, roll=row.roll, provisional=row.provisional,
        explanation_zh=tuple(told["zh"]), explanation_en=tuple(told["en"]),
        derivation=Derivation.from_json(told["tree"]) if "tree" in told else None,
        internal=date.fromisoformat(told["internal"]) if told.get("internal") else None,
        rungs=tuple(int(part) for part in row.rungs.split(",") if part), next_on=row.next_on, status=row.status,
        replaces=row.replaces, closed_on=row.closed_on, owner=owner, days_left=(row.due - today).days,
    )  # fmt: skip


def documents(session: Session, org_id: int, case_id: int) -> tuple[DocumentView, ...]:
    """Return a case's documents, the newest first."""
    query = select(Document).where(Document.org_id == org_id, Document.case_id == case_id)
    rows = session.exec(query.order_by(col(Document.id).desc())).all()
    voided = _voided(session, org_id, case_id) if any(made_for(row.kind) for row in rows) else {}
    return tuple(
        replace(document_view(row), superseded=voided.get(made_for(row.kind), 0) > row.requested_seq)
        for row in rows
    )


def _voided(session: Session, org_id: int, case_id: int) -> dict[str, int]:
    """Return the entry that voided each thing last."""
    query = select(TrailEntry.seq, TrailEntry.body).where(
        TrailEntry.org_id == org_id, TrailEntry.chain == f"case:{case_id}",
        col(TrailEntry.body).contains('"voids":["'),
    )  # fmt: skip
    found = session.exec(query.order_by(col(TrailEntry.seq)))
    return {name: seq for seq, body in found for name in orjson.loads(body)["voids"]}


def document_view(row: Document) -> DocumentView:
    """Return a document row as the doors show it."""
    return DocumentView(
        id=int(row.id or 0), kind=row.kind, version=row.version, title=row.title, filename=row.filename,
        draft=row.draft, status=row.status, error=row.error, sha256=row.sha256, size=row.size, pages=row.pages,
        terms_hash=row.terms_hash, flow_run_id=row.flow_run_id, requested_at=row.requested_at,
    )  # fmt: skip


def _labels(session: Session, org_id: int, case_id: int) -> tuple[tuple[str, date, str], ...]:
    query = select(LabelEvent).where(LabelEvent.org_id == org_id, LabelEvent.case_id == case_id)
    rows = session.exec(query.order_by(col(LabelEvent.id)))
    return tuple(dict.fromkeys((row.label, row.on, row.evidence) for row in rows))
