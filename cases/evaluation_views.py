"""Evaluations as people see them: one, a page of them, and those whose care is in doubt. Reads only."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from cases.enterprise_tables import Evaluation, Expert
from cases.tables import Company, Patent
from rules.evaluations import HEADS, Opinion
from rules.patent_numbers import display_number

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class Head:
    """One head of an evaluation: its names, the score and the words."""

    key: str
    zh: str
    en: str
    score: int
    text: str


@dataclass(frozen=True, slots=True)
class EvaluationView:
    """One evaluation. `by` is the enterprise's or the expert's name, `conflict` what stands against the expert."""

    id: int
    patent_id: int
    title: str
    number: str
    evaluator: str
    company_id: int | None
    expert_id: int | None
    by: str
    heads: tuple[Head, ...]
    score: int
    willing_to_talk: bool
    contact_consent: bool
    on: date
    seconds: int | None
    source: str
    flags: tuple[str, ...]
    conflict: str
    status: str
    review_note: str
    reviewed_by: str
    reviewed_at: datetime | None


def opinion_of(row: Evaluation) -> Opinion:
    """Return what a row says, as the rules take it."""
    by = f"company:{row.company_id}" if row.company_id is not None else f"expert:{row.expert_id}"
    return Opinion(
        row.patent_id, by, (row.prospect, row.improvement, row.cooperation),
        (row.prospect_text, row.improvement_text, row.cooperation_text), row.seconds,
    )  # fmt: skip


def doubtful() -> ColumnElement[bool]:
    """Return the condition for evaluations that the quality check flagged and nobody has looked at."""
    return (col(Evaluation.flags) != "[]") & col(Evaluation.reviewed_at).is_(None)


def list_evaluations(
    session: Session, org_id: int, *, patent_id: int | None = None, company_id: int | None = None, evaluator: str = "",
    doubtful_only: bool = False, page: int = 1, size: int = PAGE_SIZE,
) -> tuple[tuple[EvaluationView, ...], int]:  # fmt: skip
    """Return one page of the evaluations, the newest first, and how many there are."""
    conditions: list[Any] = [Evaluation.org_id == org_id]
    wanted = {"patent_id": patent_id, "company_id": company_id, "evaluator": evaluator}
    conditions += [col(getattr(Evaluation, name)) == value for name, value in wanted.items() if value]
    if doubtful_only:
        conditions.append(doubtful())
    total = session.exec(select(func.count()).select_from(Evaluation).where(*conditions)).one()
    query = (
        select(Evaluation, Patent, func.coalesce(Company.name, Expert.name, ""))
        .join(Patent, col(Patent.id) == col(Evaluation.patent_id))
        .outerjoin(Company, col(Company.id) == col(Evaluation.company_id))
        .outerjoin(Expert, col(Expert.id) == col(Evaluation.expert_id))
        .where(*conditions)
        .order_by(col(Evaluation.on).desc(), col(Evaluation.id).desc())
        .offset((page - 1) * size)
        .limit(size)
    )
    return tuple(_view(*row) for row in session.exec(query)), total


def _view(row: Evaluation, patent: Patent, by: str) -> EvaluationView:
    opinion = opinion_of(row)
    heads = tuple(
        Head(key, zh, en, score, text)
        for (key, (zh, en)), score, text in zip(HEADS.items(), opinion.scores, opinion.texts, strict=True)
    )
    return EvaluationView(
        int(row.id or 0), row.patent_id, patent.title, display_number(patent.application_no), row.evaluator,
        row.company_id, row.expert_id, by, heads, opinion.score, row.willing_to_talk, row.contact_consent, row.on,
        row.seconds, row.source, tuple(orjson.loads(row.flags)), row.conflict, row.status, row.review_note,
        row.reviewed_by, row.reviewed_at,
    )  # fmt: skip


def evaluation_counts(session: Session, org_id: int) -> tuple[int, int, int]:
    """Return how many evaluations there are, of how many patents, and how many of them are in doubt."""
    of_org = Evaluation.org_id == org_id
    total, patents = session.exec(
        select(func.count(), func.count(col(Evaluation.patent_id).distinct())).where(of_org)
    ).one()
    waiting = select(func.count()).select_from(Evaluation).where(of_org, doubtful())
    return total, patents, session.exec(waiting).one()
