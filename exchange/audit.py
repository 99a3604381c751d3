"""What an auditor takes along: the trail, the cases and documents as they stand, and a checker that needs nothing else.

Format 1, a zip. `trail.jsonl` has one entry a line: chain, seq, prev, hash and the exact body that was hashed;
`cases.jsonl` the cases as they stand, in the words in which their entries tell them; `documents.jsonl` every document
with its hash; `files/<sha256>` their bytes, if asked for. `manifest.json` names every part with its SHA-256 and is
sealed by a hash of itself. `check.py` verifies all of it with Python alone. No password and no token is inside.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import sqlalchemy as core
from sqlmodel import Session, col, select

from cases import audit_checker as checker
from cases.db import Database
from cases.errors import Forbidden, NotFound
from cases.file_table import CaseFile
from cases.files import Damaged, Files
from cases.replay import PAGE, batched, one_moment, stored_cases
from cases.scope import AUDITORS, Person
from cases.settings import Settings
from cases.tables import Case, CasePatent, Company, Document, Organization, Patent, TrailEntry, User
from exchange.zips import Parts, zip_at
from templates import Environment, environment

CHECKER = "check.py"
READ_ME = ("README.zh.md", "README.en.md")


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What an export holds. `manifest_hash` is what the checker shows, too; `missing` files are not in the store."""

    path: Path
    scope: str
    manifest_hash: str
    entries: int
    cases: int
    documents: int
    files: int
    missing: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the JSON form for the command line."""
        return {
            "path": str(self.path), "scope": self.scope, "manifest_hash": self.manifest_hash, "entries": self.entries,
            "cases": self.cases, "documents": self.documents, "files": self.files, "missing_files": list(self.missing),
        }  # fmt: skip


def check_auditor(person: Person) -> None:
    """Let only administrators and read-only people (auditors) pass.

    Raises: Forbidden.
    """
    if person.role not in AUDITORS:
        raise Forbidden("审计导出仅限管理员和只读用户（审计人员）", "the audit export is for auditors")


def export_audit(
    db: Database,
    settings: Settings,
    person: Person,
    target: Path,
    now: datetime,
    *,
    case_id: int | None = None,
    files: bool = False,
) -> AuditReport:
    """Write the audit archive of the person's organization, or of one of its cases, as of one moment.

    With all cases goes the organization's own chain. With `files` the bytes of documents and of uploaded files are put in.

    Raises: Forbidden; NotFound for a case of another organization; OSError if the folder cannot be written.
    Effects: writes `target`, whole or not at all.
    """
    check_auditor(person)
    with zip_at(target, now) as parts, db.read() as session:
        one_moment(session)
        org = session.get_one(Organization, person.org_id)
        scope = _scope(session, person.org_id, case_id)
        entries = parts.lines(checker.TRAIL, _lines(_entries(session, person.org_id, case_id)))
        cases = parts.lines(checker.CASES, _lines(_cases(session, person.org_id, case_id)))
        documents = parts.lines(checker.DOCUMENTS, _lines(_documents(session, person.org_id, case_id)))
        wanted = _wanted(session, person.org_id, case_id) if files else ()
        missing = tuple(digest for digest in wanted if not _put(parts, settings.files, digest))
        parts.whole(CHECKER, Path(checker.__file__).read_bytes())
        counts = {
            "entries": entries,
            "cases": cases,
            "documents": documents,
            "files": len(wanted) - len(missing),
        }
        for name in READ_ME:
            text = _texts().get_template(f"audit/{name}").render(org=org.name, scope=scope, at=now, **counts)
            parts.whole(name, text.encode())
        manifest = {
            "counts": counts,
            "exported_at": parts.moment.isoformat(),
            "exported_by": person.name,
            "format": checker.FORMAT,
            "missing_files": list(missing),
            "organization": {
                "id": org.id, "name": org.name, "trail_head": org.trail_head, "trail_seq": org.trail_seq,
            },
            "parts": dict(parts.digests),
            "scope": scope,
            "version": checker.VERSION,
        }  # fmt: skip
        seal = sha256(checker.plain(manifest).encode()).hexdigest()
        parts.whole(checker.MANIFEST, (checker.plain({**manifest, "seal": seal}) + "\n").encode())
    digest = parts.digests[checker.MANIFEST]
    return AuditReport(target, scope, digest, entries, cases, documents, counts["files"], missing)


def _scope(session: Session, org_id: int, case_id: int | None) -> str:
    if case_id is None:
        return "all"
    number = session.exec(select(Case.number).where(Case.id == case_id, Case.org_id == org_id)).first()
    if number is None:
        raise NotFound("没有找到该案件，请从案件列表重新打开", "no such case")
    return number


@lru_cache
def _texts() -> Environment:
    return environment()


def _lines(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    return (f"{checker.plain(row)}\n".encode() for row in rows)


def _entries(session: Session, org_id: int, case_id: int | None) -> Iterator[dict[str, Any]]:
    trail = TrailEntry.metadata.tables["trail"].c
    columns = (trail.chain, trail.seq, trail.prev, trail.hash, trail.body)
    query = core.select(*columns).where(trail.org_id == org_id).order_by(trail.chain, trail.seq)
    query = query.where(trail.chain == f"case:{case_id}") if case_id is not None else query
    rows = session.connection().execution_options(yield_per=1000).execute(query)
    return (dict(row) for row in rows.mappings())


def _cases(session: Session, org_id: int, case_id: int | None) -> Iterator[dict[str, Any]]:
    query = select(Case.id).where(Case.org_id == org_id).order_by(col(Case.id))
    query = query.where(Case.id == case_id) if case_id is not None else query
    for ids in batched(session.exec(query).all(), PAGE):
        stored = stored_cases(session, [int(id_ or 0) for id_ in ids])
        patents = _patents(session, list(stored))
        for id_, seq, head, company, officer in session.connection().execute(_beside(ids)):
            case = stored[int(id_ or 0)]
            yield {
                **case, "id": id_, "company": company, "officer": officer, "trail_seq": seq, "trail_head": head,
                "application_numbers": patents.get(int(id_ or 0), []),
            }  # fmt: skip


def _beside(ids: list[int | None]) -> Any:
    """Return the query of what a case's row says beside what its entries tell."""
    query = core.select(Case.id, Case.trail_seq, Case.trail_head, Company.name, User.name).select_from(Case)  # type: ignore[call-overload]
    query = query.outerjoin(Company, col(Company.id) == col(Case.company_id))
    query = query.join(User, col(User.id) == col(Case.officer_id))
    return query.where(col(Case.id).in_(ids)).order_by(col(Case.id))


def _patents(session: Session, ids: list[int]) -> dict[int, list[str]]:
    query = select(CasePatent.case_id, Patent.application_no).join(Patent)
    found: dict[int, list[str]] = {}
    for case_id, number in session.exec(
        query.where(col(CasePatent.case_id).in_(ids)).order_by(Patent.application_no)
    ):
        found.setdefault(case_id, []).append(number)
    return found


def _documents(session: Session, org_id: int, case_id: int | None) -> Iterator[dict[str, Any]]:
    query = select(Document).where(Document.org_id == org_id).order_by(col(Document.id))
    query = query.where(Document.case_id == case_id) if case_id is not None else query
    for row in session.exec(query.execution_options(yield_per=1000)):
        yield {
            "id": row.id, "case_id": row.case_id, "kind": row.kind, "version": row.version, "title": row.title,
            "filename": row.filename, "draft": row.draft, "status": row.status, "sha256": row.sha256, "size": row.size,
            "terms_hash": row.terms_hash, "requested_seq": row.requested_seq,
        }  # fmt: skip


def _wanted(session: Session, org_id: int, case_id: int | None) -> tuple[str, ...]:
    """Return the hashes of all documents, and of all files that people added."""
    found: set[str] = set()
    for table in (Document, CaseFile):
        query = core.select(col(table.sha256)).where(col(table.org_id) == org_id, col(table.sha256) != "")
        query = query.where(col(table.case_id) == case_id) if case_id is not None else query
        found |= set(session.connection().execute(query).scalars())
    return tuple(sorted(found))


def _put(parts: Parts, files: Files, digest: str) -> bool:
    """Put a stored file in; say whether it was there, undamaged."""
    try:
        path = files.local(digest)
    except (FileNotFoundError, Damaged):
        return False
    parts.file(f"{checker.FILES}{digest}", path)
    return True
