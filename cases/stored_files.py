"""Are the stored files what the record says? Every document, file of a case and frozen report, hashed anew."""

from collections.abc import Iterator
from dataclasses import dataclass

import orjson
from sqlmodel import Session, col, select

from cases.file_table import CaseFile
from cases.files import Damaged, Files
from cases.periods import KINDS
from cases.report_content import content_hash
from cases.report_tables import Report
from cases.tables import Case, Document, TrailEntry

MISSING = ("文件缺失", "the file is missing")
ALTERED = ("内容与登记的校验值不符，文件被改动", "the bytes do not match the recorded hash")
CHANGED = (
    "冻结的报告内容与登记的校验值不符，被改动",
    "the frozen content of the report does not match its hash",
)
UNTOLD = ("报告与留痕所载的校验值不符", "the report is not the one that the trail tells of")


@dataclass(frozen=True, slots=True)
class Spoiled:
    """A stored file that is gone or altered: whose it is, its name and hash, and what is wrong."""

    case_no: str
    filename: str
    sha256: str
    reason_zh: str
    reason_en: str


@dataclass(frozen=True, slots=True)
class FilesChecked:
    """What a check of the file store found."""

    files: int
    spoiled: tuple[Spoiled, ...]


def check_files(session: Session, files: Files, org_id: int | None = None) -> FilesChecked:
    """Hash every stored file that the record names, of one organization or of all."""
    seen: dict[str, tuple[str, str] | None] = {}
    spoiled = []
    for number, filename, digest in _named(session, org_id):
        if digest not in seen:
            seen[digest] = flaw_of(files, digest)
        if flaw := seen[digest]:
            spoiled.append(Spoiled(number, filename, digest, *flaw))
    spoiled += _changed_reports(session, org_id)
    return FilesChecked(len(seen), tuple(spoiled))


def flaw_of(files: Files, digest: str) -> tuple[str, str] | None:
    """Return what is wrong with a stored file in both languages, or None.

    Raises: StoreDown.
    """
    try:
        files.check(digest)
    except FileNotFoundError:
        return MISSING
    except Damaged:
        return ALTERED
    return None


def _named(session: Session, org_id: int | None) -> Iterator[tuple[str, str, str]]:
    for table in (Document, CaseFile):
        query = select(Case.number, table.filename, table.sha256).join(Case).where(table.sha256 != "")
        query = query if org_id is None else query.where(table.org_id == org_id)
        yield from session.exec(query.order_by(col(table.id)).execution_options(yield_per=1000))
    for row in _reports(session, org_id):
        yield row.period, _name_of(row), row.sha256


def _reports(session: Session, org_id: int | None) -> Iterator[Report]:
    query = select(Report).where(Report.sha256 != "").order_by(col(Report.id))
    query = query if org_id is None else query.where(Report.org_id == org_id)
    yield from session.exec(query.execution_options(yield_per=20))


def _name_of(row: Report) -> str:
    return f"{KINDS[row.kind][0]}-{row.period}-第{row.version}版.xlsx"


def _changed_reports(session: Session, org_id: int | None) -> Iterator[Spoiled]:
    """Yield the frozen reports whose content is not what was hashed, or whose hashes are not what the trail tells."""
    told = _told(session, org_id)
    for row in _reports(session, org_id):
        hashes = (row.sha256, row.content_hash)
        flaw = CHANGED if content_hash(row.content.encode()) != row.content_hash else None
        flaw = flaw or (UNTOLD if told.get(int(row.id or 0)) != hashes else None)
        if flaw:
            yield Spoiled(row.period, _name_of(row), row.content_hash, *flaw)


def _told(session: Session, org_id: int | None) -> dict[int, tuple[str, str]]:
    query = select(TrailEntry.body).where(TrailEntry.verb == "report_made", col(TrailEntry.case_id).is_(None))
    query = query if org_id is None else query.where(TrailEntry.org_id == org_id)
    bodies = map(orjson.loads, session.exec(query))
    return {body["report_id"]: (body["sha256"], body["content_hash"]) for body in bodies}
