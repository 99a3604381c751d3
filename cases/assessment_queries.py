"""Planned applications as people see them, what was filed without an assessment, and how many filings were assessed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, func, or_, select, true

from cases.errors import NotFound
from cases.tables import Patent, User
from cases.use_tables import Assessment
from rules.text import normalize
from states.pre_filing import Plan

SIZE = 20
VIEWS: Mapping[str, tuple[str, str]] = {
    "open": ("待评估", "To be assessed"),
    "passed": ("已通过待提交", "Passed, to be filed"),
    "stopped": ("未通过", "Not passed"),
    "filed": ("已提交申请", "Filed"),
    "all": ("全部", "All"),
}


@dataclass(frozen=True, slots=True)
class AssessmentView:
    """A planned application with what was found of it."""

    id: int
    title: str
    kind: str
    college: str
    inventors: tuple[str, ...]
    funded: bool | None
    program: str
    funder: str
    project_no: str
    project_name: str
    search_note: str
    prospect_note: str
    agency: str
    examination: str
    scores: Mapping[str, int]
    assessors: tuple[str, ...]
    decision: str
    opinion: str
    decided_on: date | None
    declared_on: date | None
    application_no: str
    filed_on: date | None
    overridden_by: str
    override_reason: str

    @property
    def plan(self) -> Plan:
        """The application as the conditions of filing see it."""
        project = (self.program, self.project_name, self.project_no)
        return Plan(
            self.decision, self.decided_on, self.scores, self.funded, project, self.declared_on, bool(self.search_note)
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class AssessmentPage:
    """One page of planned applications."""

    rows: tuple[AssessmentView, ...]
    total: int
    page: int
    size: int = SIZE


@dataclass(frozen=True, slots=True)
class UnassessedRow:
    """An application of the base library that no assessment names."""

    patent_id: int
    number: str
    title: str
    college: str
    filed_on: date | None


@dataclass(frozen=True, slots=True)
class UnassessedPage:
    """One page of them."""

    rows: tuple[UnassessedRow, ...]
    total: int
    page: int
    size: int = SIZE


def assessment_of(session: Session, org_id: int, assessment_id: int) -> AssessmentView:
    """Return one assessment.

    Raises: NotFound.
    """
    query = select(Assessment, User.name).join(
        User, col(User.id) == col(Assessment.overridden_by), isouter=True
    )
    found = session.exec(query.where(Assessment.id == assessment_id, Assessment.org_id == org_id)).first()
    if found is None:
        raise NotFound("没有找到这项申请前评估，请从列表重新打开", "no such assessment")
    return _view(found[0], found[1] or "")


def assessments(
    session: Session,
    org_id: int,
    today: date,
    *,
    view: str = "all",
    q: str = "",
    page: int = 1,
    size: int = SIZE,
) -> AssessmentPage:
    """Return a page of one of VIEWS, the newest first."""
    conditions: list[Any] = [Assessment.org_id == org_id, _of_view(view)]
    if q := normalize(q):
        conditions.append(or_(col(Assessment.title).contains(q, autoescape=True),
                              col(Assessment.inventors).contains(q, autoescape=True)))  # fmt: skip
    total = session.exec(select(func.count()).select_from(Assessment).where(*conditions)).one()
    query = select(Assessment).where(*conditions).order_by(col(Assessment.id).desc())
    rows = session.exec(query.offset((page - 1) * size).limit(size))
    return AssessmentPage(tuple(_view(row, "") for row in rows), total, page, size)


def assessment_counts(session: Session, org_id: int) -> dict[str, int]:
    """Return how many planned applications each of VIEWS holds."""
    return {
        view: session.exec(
            select(func.count()).select_from(Assessment).where(Assessment.org_id == org_id, _of_view(view))
        ).one()
        for view in VIEWS
    }


def unassessed(
    session: Session,
    org_id: int,
    since: date,
    *,
    import_id: int | None = None,
    page: int = 1,
    size: int = SIZE,
) -> UnassessedPage:
    """Return applications filed since a day that nobody assessed before, the newest first; of one import, if named."""
    conditions: list[Any] = [Patent.org_id == org_id, col(Patent.filing_date) >= since, ~_is_assessed()]
    if import_id is not None:
        conditions.append(Patent.import_id == import_id)
    total = session.exec(select(func.count()).select_from(Patent).where(*conditions)).one()
    query = select(Patent).where(*conditions).order_by(col(Patent.filing_date).desc(), col(Patent.id))
    rows = session.exec(query.offset((page - 1) * size).limit(size))
    found = (
        UnassessedRow(int(row.id or 0), row.application_no, row.title, row.college, row.filing_date)
        for row in rows
    )
    return UnassessedPage(tuple(found), total, page, size)


def coverage(session: Session, org_id: int, year: int) -> tuple[int, int]:
    """Return how many applications filed in a year were assessed before, and how many were filed (S2-13).

    Filed are those of the base library and those that only the register of assessments knows yet.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    in_library = (Patent.org_id == org_id, col(Patent.filing_date).between(first, last))
    known = session.exec(select(func.count()).select_from(Patent).where(*in_library)).one()
    covered = session.exec(select(func.count()).select_from(Patent).where(*in_library, _is_assessed())).one()
    only_planned = (
        Assessment.org_id == org_id, col(Assessment.filed_on).between(first, last),
        ~select(Patent.id).where(Patent.org_id == org_id, Patent.application_no == Assessment.application_no).exists(),
    )  # fmt: skip
    waiting = session.exec(select(func.count()).select_from(Assessment).where(*only_planned)).one()
    judged = session.exec(select(func.count()).select_from(Assessment).where(*only_planned, _in_time())).one()
    return covered + judged, known + waiting


def _in_time() -> ColumnElement[bool]:
    """A decision of the assessment stands, from before the filing."""
    return and_(col(Assessment.decision) != "", col(Assessment.decided_on) <= col(Assessment.filed_on))


def _is_assessed() -> ColumnElement[bool]:
    return (
        select(Assessment.id)
        .where(
            Assessment.org_id == Patent.org_id, Assessment.application_no == Patent.application_no, _in_time()
        )
        .exists()
    )


def _of_view(view: str) -> ColumnElement[bool]:
    filed, decision = col(Assessment.filed_on), col(Assessment.decision)
    found: dict[str, ColumnElement[bool]] = {
        "open": and_(filed.is_(None), decision == ""),
        "passed": and_(filed.is_(None), decision == "pass"),
        "stopped": and_(filed.is_(None), decision.in_(("improve", "fail"))),
        "filed": filed.is_not(None),
    }
    return found.get(view, true())


def _view(row: Assessment, overridden_by: str) -> AssessmentView:
    return AssessmentView(
        int(row.id or 0), row.title, row.kind, row.college, tuple(orjson.loads(row.inventors)), row.funded, row.program,
        row.funder, row.project_no, row.project_name, row.search_note, row.prospect_note, row.agency, row.examination,
        orjson.loads(row.scores), tuple(orjson.loads(row.assessors)), row.decision, row.opinion, row.decided_on,
        row.declared_on, row.application_no, row.filed_on, overridden_by, row.override_reason,
    )  # fmt: skip
