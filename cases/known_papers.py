"""Which paper is this? A token, or a file, against the papers that this record has issued.

Reads only. `vouched` is for everybody who holds a paper: it tells that it was issued, its number, day and version,
and whether it still counts. `recognized` is for the institution's own people: it names the case and what differs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Literal

from sqlmodel import Session, col, select

from cases.file_kinds import KINDS
from cases.file_table import CaseFile
from cases.seal_tables import IssuedPaper
from cases.seals import KeyView, key_named
from cases.tables import Case, Document, Organization
from cases.views import documents
from contracts.seal.paper_checker import NoToken, check, inside, is_signed_by, read_token

Text = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Vouched:
    """A paper that an institution issued. `standing` is unknown where the record no longer holds the paper itself."""

    institution: str
    title: str
    number: str
    version: int
    day: date | None
    draft: bool
    standing: Literal["current", "superseded", "unknown"]
    key: KeyView
    token: str
    sha256s: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recognized:
    """What a file is to an institution: `same` to the byte, `differs` from the paper that it says it is, or `unknown`."""

    answer: Literal["same", "differs", "unknown"]
    sha256: str
    title: str = ""
    version: int = 0
    case_id: int = 0
    case_no: str = ""
    expected: str = ""
    differences: tuple[Text, ...] = ()


def vouched(session: Session, token: str) -> Vouched | None:
    """Return what this record vouches for of a token; None if its signature is that of no institution here."""
    try:
        claim, signature = read_token(token)
    except NoToken:
        return None
    key = key_named(session, claim.key_id)
    if key is None or not is_signed_by(claim, signature, key.raw):
        return None
    issued = _issued(session, key.org_id, claim.content_hash)
    mine = next((row for row in issued if row.version == claim.version), None) or next(iter(issued), None)
    return Vouched(
        session.get_one(Organization, key.org_id).name, mine.title if mine else claim.kind, claim.number, claim.version,
        claim.day, claim.draft, _standing(session, mine), key, token, tuple(row.sha256 for row in issued if row.sha256),
    )  # fmt: skip


def compared(paper: Vouched, pdf: bytes, *, words: bool = True) -> tuple[Text, ...]:
    """Return in what a file differs from the paper that a token vouches for; nothing if it is that paper.

    Without `words` its pages are not read: for files that come from anybody.
    """
    digest = sha256(pdf).hexdigest()
    if digest in paper.sha256s:
        return ()
    report = check(pdf, paper.key.raw, paper.token, words=words)
    bytes_differ = (
        f"文件的校验值是{digest}，与本单位出具的文件不同，至少有一个字节不一致",
        f"the file's SHA-256 is {digest}: not the bytes that were issued",
    )
    return (bytes_differ, *report.findings)


def recognized(session: Session, org_id: int, data: bytes) -> Recognized:
    """Return what a file is to the institution."""
    digest = sha256(data).hexdigest()
    for document, number in _documents(session, org_id, digest):
        return Recognized("same", digest, document.title, document.version, document.case_id, number, digest)
    for file, number in _files(session, org_id, digest):
        kind = KINDS[file.kind].zh if file.kind in KINDS else file.kind
        return Recognized("same", digest, f"{kind} {file.filename}", 0, file.case_id, number, digest)
    return _differing(session, org_id, data, digest) or Recognized("unknown", digest)


def _differing(session: Session, org_id: int, data: bytes, digest: str) -> Recognized | None:
    """Return the paper that a file says it is, and in what it differs."""
    token = inside(data).token
    paper = vouched(session, token) if token else None
    if paper is None or paper.key.org_id != org_id:
        return None
    content = read_token(paper.token)[0].content_hash
    rows = _issued(session, org_id, content)
    row = next((row for row in rows if row.version == paper.version), None) or next(iter(rows), None)
    if row is None:
        return None
    number = session.get_one(Case, row.case_id).number
    return Recognized(
        "differs", digest, row.title, row.version, row.case_id, number, row.sha256, compared(paper, data)
    )


def _issued(session: Session, org_id: int, content_hash: str) -> Sequence[Document]:
    query = select(Document).join(IssuedPaper, col(IssuedPaper.document_id) == col(Document.id))
    query = query.where(IssuedPaper.org_id == org_id, IssuedPaper.content_hash == content_hash)
    return session.exec(query.order_by(col(Document.version).desc())).all()


def _standing(session: Session, row: Document | None) -> Literal["current", "superseded", "unknown"]:
    """Say whether a paper still counts: nothing newer of its kind has other content, and what it was for stands."""
    if row is None:
        return "unknown"
    views = {view.id: view for view in documents(session, row.org_id, row.case_id)}
    is_void = views[int(row.id or 0)].superseded
    newer = any(
        view.kind == row.kind
        and view.status == "ready"
        and view.version > row.version
        and view.sha256 != row.sha256
        for view in views.values()
    )
    return "superseded" if is_void or newer else "current"


def _documents(session: Session, org_id: int, digest: str) -> Sequence[tuple[Document, str]]:
    query = (
        select(Document, Case.number).join(Case).where(Document.org_id == org_id, Document.sha256 == digest)
    )
    return session.exec(query.order_by(col(Document.version).desc())).all()


def _files(session: Session, org_id: int, digest: str) -> Sequence[tuple[CaseFile, str]]:
    query = (
        select(CaseFile, Case.number).join(Case).where(CaseFile.org_id == org_id, CaseFile.sha256 == digest)
    )
    return session.exec(query.order_by(col(CaseFile.id).desc())).all()
