"""Review items: what two computations of the record see differently, until a person has looked at it.

The nightly check opens them (`cases.rechecking`); only a person closes one, with a note that stays on record.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import Select

from cases.db import Cursor, Database
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.review_table import ReviewItem
from cases.scope import Person
from cases.tables import Case, User
from cases.trail import append_org, canonical
from rules.text import normalize

CLOSERS = frozenset({"officer", "administrator"})
STATUSES = ("open", "closed")
PAGE_SIZE = 20
LONGEST_NOTE = 1000

# A difference that a person has looked at and closed stays closed as long as both sides say the same.
OPEN_ITEM = (
    "INSERT INTO review_item (org_id, kind, subject, case_id, found, status, note, created_at) "
    "SELECT ?, ?, ?, ?, ?, 'open', '', ? WHERE NOT EXISTS "
    "(SELECT 1 FROM review_item WHERE org_id = ? AND subject = ? AND found = ? AND status = 'closed') "
    "ON CONFLICT (org_id, subject) WHERE status = 'open' DO NOTHING RETURNING id"
)
CLOSE_ITEM = (
    "UPDATE review_item SET status = 'closed', note = ?, closed_at = ?, closed_by = ? "
    "WHERE id = ? AND org_id = ? AND status = 'open' RETURNING subject, case_id"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A difference as the check found it. `found` is JSON; it holds no moment, so that it stays the same."""

    org_id: int
    kind: str
    subject: str
    case_id: int | None
    found: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A review item. `found` holds title, article, `differs` and the derivations `first` and `second`."""

    id: int
    kind: str
    subject: str
    case_id: int | None
    case_no: str
    case_title: str
    found: Mapping[str, Any]
    status: str
    note: str
    created_at: datetime
    closed_at: datetime | None
    closed_by: str


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """One page of the items. `total` counts all that match."""

    rows: tuple[ReviewView, ...]
    total: int
    page: int
    size: int


def open_items(cur: Cursor, findings: tuple[Finding, ...], now: datetime) -> int:
    """Open one item per subject that has none open, and return how many were opened.

    Effects: writes review items; the caller's transaction commits.
    """
    opened = 0
    for finding in findings:
        text = canonical(finding.found)
        row = cur.one(
            OPEN_ITEM, finding.org_id, finding.kind, finding.subject, finding.case_id, text, cur.moment(now),
            finding.org_id, finding.subject, text,
        )  # fmt: skip
        opened += row is not None
    return opened


def open_reviews(session: Session, org_id: int) -> int:
    """Return how many items of an organization wait for a person."""
    query = select(func.count(col(ReviewItem.id)))
    return session.exec(query.where(ReviewItem.org_id == org_id, ReviewItem.status == "open")).one()


def list_reviews(
    session: Session, org_id: int, *, status: str = "open", page: int = 1, size: int = PAGE_SIZE
) -> ReviewPage:
    """Return one page of an organization's items, the newest first; another `status` than the two is all."""
    matching = [ReviewItem.org_id == org_id]
    if status in STATUSES:
        matching.append(ReviewItem.status == status)
    total = session.exec(select(func.count(col(ReviewItem.id))).where(*matching)).one()
    query = _items().where(*matching).order_by(col(ReviewItem.id).desc())
    rows = session.exec(query.offset((page - 1) * size).limit(size))
    return ReviewPage(tuple(_view(*row) for row in rows), total, page, size)


def get_review(session: Session, org_id: int, review_id: int) -> ReviewView:
    """Return one item of the organization.

    Raises: NotFound.
    """
    query = _items().where(ReviewItem.id == review_id, ReviewItem.org_id == org_id)
    row = session.exec(query).first()
    if row is None:
        raise NotFound("没有找到该复核事项，请从复核事项列表重新打开", "no such review item")
    return _view(*row)


def close_review(
    db: Database, person: Person, review_id: int, note: str, now: datetime | None = None
) -> ReviewView:
    """Close an item with a note and return it.

    Raises: Forbidden; Invalid with the field `note`; NotFound; Conflict if it is closed already.
    Effects: writes the item and one entry of the organization's trail.
    """
    if person.role not in CLOSERS:
        raise Forbidden(
            "复核事项须由转化专员或管理员办结", "only officers and administrators close review items"
        )
    told = _checked(note)
    moment = now or datetime.now(UTC)
    with db.cursor() as cur:
        values = (told, cur.moment(moment), person.id, review_id, person.org_id)
        row = cur.one(CLOSE_ITEM, *values)
        if row is not None:
            body = {"review_id": review_id, "subject": row[0], "case_id": row[1], "note": told}
            append_org(cur, person.org_id, person.author, "review_closed", body, moment)
    with db.read() as session:
        item = get_review(session, person.org_id, review_id)
    if row is None:
        raise Conflict(
            f"该复核事项已由{item.closed_by or '他人'}办结，请刷新页面", "the review item is closed already"
        )
    return item


def _checked(note: str) -> str:
    told = normalize(note)
    if not 2 <= len(told) <= LONGEST_NOTE:
        reason = f"请填写核对结果，2至{LONGEST_NOTE}个字"
        raise Invalid(f"不能办结：{reason}", {"note": reason}, "say in the note what was found")
    return told


def _items() -> "Select[ReviewItem, str, str, str]":
    return (
        select(ReviewItem, Case.number, Case.title, User.name)
        .select_from(ReviewItem)
        .join(Case, col(Case.id) == col(ReviewItem.case_id), isouter=True)
        .join(User, col(User.id) == col(ReviewItem.closed_by), isouter=True)
    )


def _view(row: ReviewItem, number: str | None, title: str | None, closed_by: str | None) -> ReviewView:
    return ReviewView(
        id=int(row.id or 0), kind=row.kind, subject=row.subject, case_id=row.case_id, case_no=number or "",
        case_title=title or "", found=orjson.loads(row.found), status=row.status, note=row.note,
        created_at=row.created_at, closed_at=row.closed_at, closed_by=closed_by or "",
    )  # fmt: skip
