"""The base library of patents: storing checked lists, and reading single patents and pages of them.

Checking belongs to `exchange.patent_rows`; here a patent arrives checked. An import writes batches, each in a
transaction of its own, and may be repeated at any time: what is there already is left alone.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

import orjson
from sqlmodel import Session, col, func, or_, select

from cases.db import Cursor, Database, cursor_of
from cases.errors import NotFound
from cases.patent_index import index_patents
from cases.patent_sql import (
    UPSERT,
    CheckedPatent,
    content_of,
    hash_of,
    ids_of,
    lock_imports,
    merged,
    parameters,
    stored_rows,
)
from cases.tables import Patent
from rules.identifiers import KIND_ZH, ApplicationNumber
from rules.patent_term import term_of
from rules.text import fold, normalize

BATCH = 2_000
PAGE_SIZE = 20

STATUS_ZH = {
    "pending": "审查中",
    "in_force": "有效",
    "in_grace": "年费滞纳期内",
    "lapsed": "已终止",
    "expired": "期限届满",
    "void": "宣告无效",
    "unknown": "待核实",
}


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of distinct, good patents. `unchanged` were in the record already and were left alone."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0

    @property
    def accepted(self) -> int:
        """All good patents, whether they were new or not."""
        return self.added + self.changed + self.unchanged

    def __add__(self, other: "ImportResult") -> "ImportResult":
        return ImportResult(
            self.added + other.added, self.changed + other.changed, self.unchanged + other.unchanged
        )


def import_patents(
    db: Database,
    *,
    org_id: int,
    rows: Iterable[CheckedPatent],
    import_id: int | None,
    now: datetime,
    dry_run: bool = False,
    on_progress: Callable[[int], None] | None = None,
) -> ImportResult:
    """Store checked patents, each application number once.

    A patent that says what the last import of it said, or nothing new, is not touched. Blanks never replace
    values, an inferred status never replaces a stated one, flags stay as officers set them.

    `dry_run` only counts. `on_progress` gets the number of patents handled so far, after each batch.

    Effects: writes patents, one transaction per batch of 2,000.
    """
    result = ImportResult()
    for batch in _batches(rows):
        if dry_run:
            with db.read() as session:
                counts, _ = _compare(cursor_of(session, db.postgres), org_id, batch, import_id, now)
        else:
            with db.cursor() as cur:
                lock_imports(cur, org_id)
                counts, writes = _compare(cur, org_id, batch, import_id, now)
                cur.many(UPSERT, writes)
                index_patents(cur, ids_of(cur, org_id, [str(row[1]) for row in writes]))
        result += counts
        if on_progress:
            on_progress(result.accepted)
    return result


def _batches(rows: Iterable[CheckedPatent]) -> Iterator[list[CheckedPatent]]:
    source = iter(rows)
    while batch := list(islice(source, BATCH)):
        yield batch


def _compare(
    cur: Cursor, org_id: int, batch: list[CheckedPatent], import_id: int | None, now: datetime
) -> tuple[ImportResult, list[tuple[object, ...]]]:
    """Return the counts of a batch and the parameters of the rows that have to be written."""
    stored = stored_rows(cur, org_id, [patent.application_no for patent in batch])
    writes, changed = [], 0
    for patent in batch:
        content = content_of(patent)
        digest = hash_of(patent, content)
        known = stored.get(patent.application_no)
        if known is not None:
            if known[0] == digest:
                continue
            content = merged(content, known[1], patent.is_status_stated)
            if content == known[1]:
                continue
            changed += 1
        writes.append(parameters(cur, org_id, patent.application_no, content, digest, import_id, now))
    return ImportResult(len(writes) - changed, changed, len(batch) - len(writes)), writes


@dataclass(frozen=True, slots=True)
class PatentView:
    """One patent as people see it. `term_end` is its last protected day, None without a filing date."""

    id: int
    application_no: str
    kind: str
    title: str
    owners: tuple[str, ...]
    inventors: tuple[str, ...]
    filing_date: date | None
    grant_date: date | None
    publication_no: str
    ipc: str
    address: str
    college: str
    status: str
    flags: tuple[str, ...]
    register_checked_on: date | None
    term_end: date | None
    import_id: int | None
    updated_at: datetime
    fee_paid_year: int | None = None
    fee_reduction: str = ""

    @property
    def number(self) -> ApplicationNumber:
        """The application number with its printed forms."""
        length = len(self.application_no)
        year = int(self.application_no[:4]) if length == 13 else _long_year(self.application_no[:2])
        return ApplicationNumber(self.application_no, self.kind, year)  # type: ignore[arg-type]

    @property
    def display_no(self) -> str:
        """201710601862.3."""
        return self.number.display

    @property
    def patent_no(self) -> str:
        """ZL201710601862.3."""
        return self.number.patent_no

    @property
    def kind_zh(self) -> str:
        """发明, 实用新型 or 外观设计."""
        return KIND_ZH[self.kind]

    @property
    def status_zh(self) -> str:
        """The status in Chinese."""
        return STATUS_ZH[self.status]


def _long_year(short: str) -> int:
    return 1900 + int(short) if int(short) >= 85 else 2000 + int(short)


@dataclass(frozen=True, slots=True)
class PatentPage:
    """One page of patents. `total` counts all that match."""

    rows: tuple[PatentView, ...]
    total: int
    page: int
    size: int


def list_patents(
    session: Session,
    org_id: int,
    *,
    q: str = "",
    status: str = "",
    kind: str = "",
    college: str = "",
    import_id: int | None = None,
    page: int = 1,
    size: int = PAGE_SIZE,
) -> PatentPage:
    """Return one page of the organization's patents, the last filed first.

    `q` is part of a title, owner, inventor or number; a number may carry ZL, CN, blanks and the dot.
    """
    conditions: list[Any] = [Patent.org_id == org_id]
    if q := normalize(q):
        conditions.append(_matching(q))
    exact = (("status", status), ("kind", kind), ("college", college), ("import_id", import_id))
    conditions.extend(getattr(Patent, name) == value for name, value in exact if value)
    total = session.exec(select(func.count(col(Patent.id))).where(*conditions)).one()
    query = select(Patent).where(*conditions)
    query = query.order_by(col(Patent.filing_date).desc().nulls_last(), col(Patent.id).desc())
    rows = session.exec(query.offset((page - 1) * size).limit(size)).all()
    return PatentPage(tuple(_view(row) for row in rows), total, page, size)


def _matching(q: str) -> Any:
    columns = (Patent.title, Patent.owners, Patent.inventors, Patent.publication_no)
    found = [col(column).contains(q, autoescape=True) for column in columns]
    digits = fold(q).removeprefix("ZL").removeprefix("CN").replace(".", "")
    if digits[:1].isdigit():
        found.append(col(Patent.application_no).contains(digits, autoescape=True))
    return or_(*found)


def get_patent(session: Session, org_id: int, patent_id: int) -> PatentView:
    """Return one patent of the organization.

    Raises: NotFound.
    """
    row = session.get(Patent, patent_id)
    if row is None or row.org_id != org_id:
        raise NotFound(
            f"没有编号为 {patent_id} 的专利。请从专利列表重新选择。", f"There is no patent {patent_id}."
        )
    return _view(row)


def patent_views(session: Session, org_id: int, patent_ids: Sequence[int]) -> tuple[PatentView, ...]:
    """Return those of these patents that the organization has, in no order."""
    query = select(Patent).where(Patent.org_id == org_id, col(Patent.id).in_(patent_ids))
    return tuple(_view(row) for row in session.exec(query))


def colleges(session: Session, org_id: int) -> tuple[str, ...]:
    """Return the colleges that occur in the organization's patents, in order."""
    query = select(Patent.college).where(Patent.org_id == org_id, Patent.college != "").distinct()
    return tuple(sorted(session.exec(query)))


def _view(row: Patent) -> PatentView:
    return PatentView(
        id=int(row.id or 0), application_no=row.application_no, kind=row.kind, title=row.title,
        owners=tuple(orjson.loads(row.owners)), inventors=tuple(orjson.loads(row.inventors)),
        filing_date=row.filing_date, grant_date=row.grant_date, publication_no=row.publication_no,
        ipc=row.ipc, address=row.address, college=row.college, status=row.status,
        flags=tuple(orjson.loads(row.flags)),
        register_checked_on=row.register_checked_on,
        term_end=term_of(row.kind, row.filing_date).last_day if row.filing_date else None,
        import_id=row.import_id, updated_at=row.updated_at, fee_paid_year=row.fee_paid_year,
        fee_reduction=row.fee_reduction,
    )  # fmt: skip
