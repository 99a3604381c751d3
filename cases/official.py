"""Official acts of a case: the checklist of each, and contract, forms and register compared, from what the record holds.

Reads only; the packs of `cases.packs` and the doors rest on it.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from cases.case_files import CaseFileView, files_of
from cases.case_view import case_view, register_patents
from cases.db import Database, cursor_of
from cases.errors import Invalid, NotFound
from cases.files import Damaged
from cases.loading import load
from cases.settings import Settings
from cases.tables import Document
from cases.views import documents
from contracts.crosscheck import Compared, compare
from contracts.kinds import document_of, every_kind, is_pack, split_kind
from contracts.modes import MODES
from contracts.papers.acts import ACTS, ACTS_OF
from contracts.papers.checklist import Checklist, Gathered, Paper, checklist
from contracts.papers.missing import missing
from contracts.papers.signed_data import signed_data

SIGNED_FILES = ("e_signed", "signed_contract")
PDF = "application/pdf"


def checklists_of(
    db: Database, session: Session, org_id: int, case_id: int, today: date
) -> tuple[Checklist, ...]:
    """Return the checklist of every official act of a case, those of licensees one by one.

    Raises: NotFound; Invalid while the terms are not complete.
    """
    whole = case_view(db, session, org_id, case_id, draft=False)
    there = gathered(session, org_id, case_id)
    found = [
        checklist(ACTS[slug], whole, today, there) for slug in ACTS_OF[whole.mode] if not ACTS[slug].each
    ]
    numbers = licensees(db, session, org_id, case_id)
    for slug in (slug for slug in ACTS_OF[whole.mode] if ACTS[slug].each):
        for number in numbers:
            view = case_view(db, session, org_id, case_id, draft=False, kind=f"acceptance_contract:{number}")
            found.append(checklist(ACTS[slug], view, today, there, number))
    return tuple(found)


def comparison_of(
    db: Database, session: Session, settings: Settings, org_id: int, case_id: int
) -> tuple[Compared, ...]:
    """Return every field of contract, forms, register and signed contract, compared.

    Raises: NotFound; Invalid while the terms are not complete.
    """
    view = case_view(db, session, org_id, case_id, draft=False)
    signed = signed_of(session, settings, org_id, case_id)
    original = case_view(db, session, org_id, case_id, draft=False, kind="contract")
    return compare(view, register_patents(session, case_id), signed, original)


def gaps_of(db: Database, session: Session, org_id: int, case_id: int) -> Mapping[str, tuple[str, ...]]:
    """Return, by kind of document, what it still lacks; nothing while the terms are not complete.

    Raises: NotFound.
    """
    try:
        view = case_view(db, session, org_id, case_id, draft=False)
    except Invalid:
        return {}
    return {kind: gaps for kind in every_kind(MODES[view.mode]) if (gaps := missing(kind, view))}


def licensees(db: Database, session: Session, org_id: int, case_id: int) -> tuple[int, ...]:
    """Return the numbers of those who accepted an open license."""
    data = load(cursor_of(session, db.postgres), case_id, org_id).facts.data
    return tuple(found["no"] for found in data.items("acceptances", "list"))


def gathered(session: Session, org_id: int, case_id: int) -> Gathered:
    """Return the papers that a case has: the newest valid document of each kind, and the files of people."""
    made: dict[str, Paper] = {}
    for row in documents(session, org_id, case_id):
        if row.status == "ready" and not row.draft and not row.superseded and not is_pack(row.kind):
            made.setdefault(row.kind, Paper(row.filename, row.title, row.sha256, row.pages))
    brought: dict[str, list[Paper]] = {}
    for file in files_of(session, org_id, case_id):
        brought.setdefault(file.kind, []).append(Paper(file.filename, file.kind_zh, file.sha256))
    return Gathered(made, {kind: tuple(found) for kind, found in brought.items()})


def signed_of(session: Session, settings: Settings, org_id: int, case_id: int) -> Mapping[str, Any]:
    """Return the data of the signed contract: from the file that came back if it carries it, or from the final text."""
    for file in _newest_signed(session, org_id, case_id):
        if found := _read(settings, file.sha256):
            return found
    query = select(Document).where(
        Document.case_id == case_id,
        Document.kind == "contract",
        Document.status == "ready",
        col(Document.draft).is_(False),
    )
    final = session.exec(query.order_by(col(Document.version).desc())).first()
    return _read(settings, final.sha256) if final is not None else {}


def _newest_signed(session: Session, org_id: int, case_id: int) -> list[CaseFileView]:
    found = files_of(session, org_id, case_id)
    return [file for file in found if file.kind in SIGNED_FILES and file.media_type == PDF]


def _read(settings: Settings, digest: str) -> Mapping[str, Any]:
    try:
        return signed_data(settings.files.fetch(digest))
    except (Damaged, FileNotFoundError, NotFound):
        return {}


def title_in(mode: str, kind: str) -> str:
    """Return the Chinese title of a paper in a mode."""
    return document_of(split_kind(kind)[0], mode).title_zh
