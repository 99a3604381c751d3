"""How the record stood on a past day: stage, mode and terms of cases from their trail, and what was overdue."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import orjson
from sqlmodel import Session, col, or_, select

from cases.audit_checker import retell
from cases.errors import Invalid
from cases.settings import SHANGHAI
from cases.tables import Case, Deadline, Patent, TrailEntry, User
from cases.terms import terms_facts
from states.facts import TermsFacts


@dataclass(frozen=True, slots=True)
class Late:
    """A deadline that was not met by its day; one of a patent names the patent instead of a case."""

    case_id: int | None
    case_no: str
    case_title: str
    title: str
    kind: str
    due: date
    days: int
    article: str
    confidence: str
    owner: str


def stages_on(session: Session, org_id: int, day: date) -> dict[int, str]:
    """Return by its id the stage of every case that was open on the evening of a day, as the steps up to then left it."""
    query = (
        select(TrailEntry.case_id, TrailEntry.body)
        .join(Case, col(Case.id) == col(TrailEntry.case_id))
        .where(TrailEntry.org_id == org_id, (col(Case.closed_on).is_(None)) | (col(Case.closed_on) > day))
        .order_by(col(TrailEntry.case_id), col(TrailEntry.seq))
    )
    stages: dict[int, str] = {}
    for case_id, body in session.exec(query.execution_options(yield_per=500)):
        told = orjson.loads(body)
        if case_id is not None and told.get("stage") and told.get("today", "9") <= day.isoformat():
            stages[case_id] = told["stage"]
    return stages


def changed_since(session: Session, org_id: int, day: date) -> dict[int, tuple[str, TermsFacts]]:
    """Return the mode and terms that cases had on the evening of a day, of those that took others since.

    A case whose terms of then cannot be read any more is left out: its present ones stand in.
    """
    evening = datetime.combine(day, time.min, SHANGHAI)
    text = col(TrailEntry.body)
    query = (
        select(TrailEntry.case_id)
        .where(
            TrailEntry.org_id == org_id, col(TrailEntry.at) >= evening, col(TrailEntry.case_id).is_not(None)
        )
        .where(or_(text.contains('"terms":{', autoescape=True), text.contains('"mode":"', autoescape=True)))
        .distinct()
    )
    found = {}
    for case_id in session.exec(query).all():
        told = _told_on(session, org_id, int(case_id or 0), day)
        if told.get("terms"):
            with suppress(Invalid):
                found[int(case_id or 0)] = told["mode"], terms_facts(told["mode"], told["terms"], ()).facts
    return found


def _told_on(session: Session, org_id: int, case_id: int, day: date) -> dict[str, Any]:
    """Fold the entries of a case up to a day; nothing if it was opened later."""
    query = select(TrailEntry.body).where(TrailEntry.org_id == org_id, TrailEntry.chain == f"case:{case_id}")
    told: dict[str, Any] = {}
    for body in map(orjson.loads, session.exec(query.order_by(col(TrailEntry.seq)))):
        if body.get("today", "") > day.isoformat():
            break
        retell(told, body)
    return told


def late_on(session: Session, org_id: int, day: date) -> Iterator[Late]:
    """Yield what was overdue on the evening of a day, the latest first; expected days of others are no duties."""
    query = (
        select(Deadline, Case, Patent, User.name)
        .join(Case, col(Case.id) == col(Deadline.case_id), isouter=True)
        .join(Patent, col(Patent.id) == col(Deadline.patent_id), isouter=True)
        .join(User, col(User.id) == col(Deadline.owner_id))
        .where(Deadline.org_id == org_id, Deadline.due < day, Deadline.base_date <= day)
        .where((col(Deadline.closed_on).is_(None)) | (col(Deadline.closed_on) > day))
        .where(col(Deadline.kind).in_(tuple(KINDS)))
        .order_by(
            col(Deadline.due),
            col(Deadline.case_id),
            col(Deadline.patent_id),
            col(Deadline.key),
            col(Deadline.id),
        )
    )
    for row, case, patent, owner in session.exec(query):
        late = (day - row.due).days
        number, title = (case.number, case.title) if case else (patent.application_no, patent.title)
        yield Late(
            row.case_id, number, title, row.title, row.kind, row.due, late, row.article, row.confidence, owner
        )


# The kinds of deadlines that somebody of the institution can miss.
KINDS = {"statutory": "法定", "contract": "合同", "internal": "内部"}
