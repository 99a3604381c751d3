"""How the record stood on a past day: the stage of each case from its trail, and the deadlines that were overdue."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import orjson
from sqlmodel import Session, col, select

from cases.tables import Case, Deadline, Patent, TrailEntry, User


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
