"""Documents of a case: asked for, made, stored under their hash, found again.

A document that is ready stays as it is: asking again makes a new version. Making one twice (a flow that ran
again) changes nothing. Once signed, the contract is made from the terms that were approved; a difference is an
error, never a silent new text.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Protocol

import orjson
from sqlmodel import Session, select

from cases.agreements import has_happened, numbers_of
from cases.case_view import case_view
from cases.db import Cursor, Database
from cases.errors import ActionError, Conflict, Forbidden, Invalid, NotFound
from cases.files import Damaged
from cases.idempotency import note_made
from cases.loading import Loaded, load
from cases.official import gathered
from cases.packs import make_pack
from cases.scope import Person
from cases.seal_tables import IssuedPaper
from cases.seals import seal_of
from cases.settings import SHANGHAI, Settings
from cases.tables import Case, Document
from cases.views import DocumentView, document_view
from cases.writing import queue_document
from contracts.documents import build_job, content_hash
from contracts.glyphs import MissingGlyph
from contracts.jobs import RenderedPdf, RenderJob, RenderProblem
from contracts.kinds import PACK, every_kind, is_pack, pack_title, split_kind
from contracts.kinds import document_of as contract_document
from contracts.mode import Document as ContractDocument
from contracts.modes import MODES
from contracts.papers.acts import ACTS, ACTS_OF, act_of_pack
from contracts.papers.checklist import checklist
from contracts.seal.paper_checker import SEAL, read_token
from states.facts import CaseData

LAST_STEP = "SELECT MAX(seq) FROM trail WHERE case_id = ? AND verb IN ({})"
FINAL = (ActionError, MissingGlyph, RenderProblem)  # trying again would come to the same
WRITERS = frozenset({"officer", "administrator"})


class Renders(Protocol):
    """A renderer of jobs; `contracts.pdf.Renderer` is one. `fonts` is the folder of its fonts."""

    fonts: Path

    def render_job(self, job: RenderJob) -> RenderedPdf:
        """Return the PDF of a job."""


def kinds_of(mode: str) -> tuple[str, ...]:
    """Return the kinds of documents that a case of a mode can have, the packs of its official acts last."""
    return (*every_kind(MODES[mode]), *(ACTS[slug].pack for slug in ACTS_OF[mode]))


def kinds_of_case(session: Session, case_id: int) -> tuple[str, ...]:
    """Return the kinds of documents that a case can have; those of licensees once for each of them."""
    mode, data = session.exec(select(Case.mode, Case.data).where(Case.id == case_id)).one()
    return kinds_for(mode, CaseData(orjson.loads(data)))


def kinds_for(mode: str, data: CaseData) -> tuple[str, ...]:
    """Return the kinds of documents that a case with this data can have, the pack last."""
    return tuple(
        name
        for kind in kinds_of(mode)
        for name in (
            _pack_names(mode, kind, data) if is_pack(kind) else _names(contract_document(kind, mode), data)
        )
    )


def _pack_names(mode: str, kind: str, data: CaseData) -> tuple[str, ...]:
    """Return a pack's kind as the case has it: once, or one for each licensee."""
    act = act_of_pack(mode, kind)
    if act is None or not act.each:
        return (kind,)
    return tuple(f"{kind}:{number}" for number in numbers_of("acceptance", data))


def _names(document: ContractDocument, data: CaseData) -> tuple[str, ...]:
    """Return a document's kind as the case has it: once, once apiece, or not at all yet."""
    if document.each:
        return tuple(f"{document.kind}:{number}" for number in numbers_of(document.each, data))
    return (document.kind,) if not document.when or has_happened(document.when, data) else ()


def title_of(mode: str, kind: str) -> tuple[str, str]:
    """Return the Chinese and English title that a document kind has in a mode.

    Raises: UnknownDocument.
    """
    if is_pack(kind):
        return pack_title(mode, kind)
    document = contract_document(kind, mode)
    return document.title_zh, document.title_en


def case_number(db: Database, case_id: int | None) -> str:
    """Return a case's number, or the empty text."""
    if case_id is None:
        return ""
    with db.read() as session:
        return session.exec(select(Case.number).where(Case.id == case_id)).first() or ""


def request_document(
    db: Database, person: Person, case_id: int, kind: str, *, now: datetime | None = None
) -> int:
    """Ask for a new version of a document and return its id.

    Raises: Forbidden, NotFound, Invalid for an unknown kind.
    Effects: writes document and outbox.
    """
    if person.role not in WRITERS:
        raise Forbidden("文书须由转化专员生成", "only officers make documents")
    moment = now or datetime.now(UTC)
    with db.cursor() as cur:
        case = load(cur, case_id, person.org_id, lock=True)
        if kind not in kinds_for(case.mode.slug, case.facts.data):
            raise Invalid(f"没有名为“{kind}”的文书", {"kind": "请从列表中选择"}, f"no document '{kind}'")
        document_id = queue_document(
            cur, case, kind, signed=is_signed(case), seq=case.trail_seq, now=cur.moment(moment)
        )
        return note_made(document_id)


def filing_papers(db: Database, case_id: int, now: datetime) -> tuple[int, ...]:
    """Queue the official forms and the pack of the contract's effect, once; return their ids in order of making.

    The contract itself was made when it was signed. A form that only today's checklist asks for, such as the
    explanation of a late filing, is made with them. A mode without an official act has none, and a case that has ended
    gets none any more.

    Raises: NotFound.
    """
    asked = _forms_asked(db, case_id, now.astimezone(SHANGHAI).date())
    with db.cursor() as cur:
        owner = cur.one("SELECT org_id FROM conversion_case WHERE id = ?", case_id)
        if owner is None:
            raise NotFound(f"没有编号为{case_id}的案件，申报材料没有生成", f"no case {case_id}")
        case = load(cur, case_id, owner[0], lock=True)
        filing = MODES[case.mode.slug].filing
        if filing is None or case.mode.chart.stage(case.position) == "end":
            return ()
        (seq,) = cur.one(LAST_STEP.format(", ".join("?" * len(filing.after))), case_id, *filing.after)
        forms = dict.fromkeys((*filing.forms, *asked))
        return tuple(_once(cur, case, kind, seq, now) for kind in (*forms, PACK))


def _forms_asked(db: Database, case_id: int, today: date) -> tuple[str, ...]:
    """Return the forms that the checklist of the contract's official act asks for and that are not there yet."""
    with db.read() as session:
        case = session.get(Case, case_id)
        act = act_of_pack(case.mode, PACK) if case is not None else None
        if case is None or act is None:
            return ()
        view = case_view(db, session, case.org_id, case_id, draft=False)
        lines = checklist(act, view, today, gathered(session, case.org_id, case_id), None)
    return tuple(line.kind for line in lines.lacking if line.is_form and line.kind != "contract")


def _once(cur: Cursor, case: Loaded, kind: str, seq: int, now: datetime) -> int:
    found = cur.one(
        "SELECT id FROM document WHERE case_id = ? AND kind = ? AND requested_seq = ?", case.id, kind, seq
    )
    if found:
        return int(found[0])
    return queue_document(cur, case, kind, signed=True, seq=seq, now=cur.moment(now), outbox=False)


def is_signed(case: Loaded) -> bool:
    """Say whether a contract made now is no draft any more: it is signed, or final and out for signing."""
    return case.facts.data.day("contract", "signed_on") is not None or "signing" in case.position


def render_document(
    db: Database,
    settings: Settings,
    renderer: Renders,
    document_id: int,
    now: datetime,
    flow_run_id: str = "",
) -> str:
    """Make one queued document and return a line about it; a ready one is left alone.

    Raises: whatever makes it impossible for now; the document then shows why.
    Effects: writes the file store and the document row.
    """
    with db.read() as session:
        document = session.get(Document, document_id)
        if document is None:
            return "文书已不存在"
        if document.status == "ready":
            return f"{document.title}已生成"
        try:
            made = _make(db, session, settings, renderer, document)
        except ActionError as error:
            failure: Exception | None = error
            reason = error.message
        except Exception as error:
            failure, reason = error, f"{error}"[:500]
        else:
            failure, reason = None, ""
    if failure is not None:
        _note_failure(db, document_id, reason, flow_run_id)
        if isinstance(failure, FINAL):
            return f"未生成：{reason}"
        raise failure
    _note_success(db, document_id, made, settings.files.store(made.data), now, flow_run_id)
    return f"{made.title}：{made.pages}页" if made.pages else made.title


@dataclass(frozen=True, slots=True)
class Made:
    """A document's bytes and what is known of them; `code` is what its QR code holds, if it was sealed."""

    title: str
    filename: str
    data: bytes
    pages: int
    input_hash: str
    code: str = ""


def _make(db: Database, session: Session, settings: Settings, renderer: Renders, document: Document) -> Made:
    if is_pack(document.kind):
        return _make_pack(db, session, settings, renderer, document)
    view = case_view(db, session, document.org_id, document.case_id, draft=document.draft, kind=document.kind)
    title, _ = title_of(view.mode, document.kind)
    seal = seal_of(db, settings, document.org_id, document.version)
    job = build_job(document.kind, view, renderer.fonts, seal)
    rendered = renderer.render_job(job)
    filename = f"{view.case_no}-{title}-v{document.version}{'（草案）' if document.draft else ''}.pdf"
    code = (job.attachments or {}).get(SEAL, b"").decode()
    return Made(title, filename, rendered.data, rendered.pages, content_hash(document.kind, view), code)


def _make_pack(
    db: Database, session: Session, settings: Settings, renderer: Renders, document: Document
) -> Made:
    _, number = split_kind(document.kind)
    about = f"acceptance_contract:{number}" if number is not None else ""
    view = case_view(db, session, document.org_id, document.case_id, draft=False, kind=about)
    original = case_view(db, session, document.org_id, document.case_id, draft=False, kind="contract")
    today = document.requested_at.astimezone(SHANGHAI).date()
    packed = make_pack(
        session, settings, renderer, document.kind, document.org_id, document.case_id, view, original, today,
        document.terms_hash,
    )  # fmt: skip
    filename = f"{view.case_no}-{packed.title}-v{document.version}.zip"
    return Made(packed.title, filename, packed.data, 0, packed.inputs)


def _note_success(
    db: Database, document_id: int, made: Made, digest: str, now: datetime, flow_run_id: str
) -> None:
    with db.write() as session:
        row = session.get(Document, document_id)
        if row is None or row.status == "ready":
            return
        row.status, row.error, row.title, row.filename = "ready", "", made.title, made.filename
        row.sha256, row.size, row.pages, row.input_hash = digest, len(made.data), made.pages, made.input_hash
        row.flow_run_id, row.ready_at = flow_run_id, now
        if made.code:
            _note_issued(session, row.org_id, document_id, made.code)


def _note_issued(session: Session, org_id: int, document_id: int, code: str) -> None:
    """Keep what the seal of a paper claims; a paper that was made again, because its first file was lost, claims anew."""
    claim, _ = read_token(code)
    known = session.exec(select(IssuedPaper).where(IssuedPaper.document_id == document_id)).first()
    issued = known or IssuedPaper(
        org_id=org_id, document_id=document_id, key_id="", content_hash="", number="", day=claim.day
    )
    issued.key_id, issued.content_hash = claim.key_id, claim.content_hash
    issued.number, issued.day = claim.number, claim.day
    session.add(issued)


def _note_failure(db: Database, document_id: int, reason: str, flow_run_id: str) -> None:
    with db.write() as session:
        row = session.get(Document, document_id)
        if row is not None and row.status != "ready":
            row.status, row.error, row.flow_run_id = "failed", reason, flow_run_id


def document_of(session: Session, org_id: int, document_id: int) -> DocumentView:
    """Return one document of the organization.

    Raises: NotFound.
    """
    row = session.get(Document, document_id)
    if row is None or row.org_id != org_id:
        raise NotFound("没有找到该文书", "no such document")
    return document_view(row)


def document_file(settings: Settings, document: DocumentView) -> Path:
    """Return where the checked bytes of a ready document lie.

    Raises: NotFound while it is not ready, or if the file is gone; Conflict if it is damaged; StoreDown.
    """
    if document.status != "ready":
        raise NotFound("文书尚未生成完成，请稍后再下载", "the document is not ready")
    try:
        return settings.files.local(document.sha256)
    except FileNotFoundError as error:
        raise NotFound("文书文件缺失，请重新生成或从备份恢复", "the file is missing") from error
    except Damaged as error:
        zh = "文书文件已损坏，内容与登记的校验值不符，请重新生成或从备份恢复"
        raise Conflict(zh, "the stored file is damaged") from error
