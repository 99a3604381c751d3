"""Approved = signed = filed: the chain from the terms that were approved to the contract in the pack, link by link.

Reads only. Each link says what it holds (a hash), who made it and when, and whether it agrees with the link before; where
it does not, the exact difference. What cannot be compared (a scan without words) says so and is never called equal.
"""

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from typing import Any, Literal

from sqlmodel import Session, col, select

from cases.case_files import CaseFileView, file_bytes, files_of
from cases.db import Database, cursor_of
from cases.errors import ActionError, Invalid
from cases.files import Damaged, fetch
from cases.loading import Loaded, load
from cases.settings import Settings
from cases.signing import KIND, final_contract, trusted_by
from cases.tables import Document
from cases.trail import Entry, entries
from contracts.kinds import PACK
from contracts.seal.paper_checker import differing, inside, lines_of, printed
from contracts.signing.certificate import CertificateProblem
from contracts.signing.checking import SignatureFound, check_signatures
from contracts.signing.pades import SigningProblem

Text = tuple[str, str]
Answer = Literal["same", "differs", "unknown", "waiting"]
SIGNED = ("signed_contract", "e_signed")
APPROVED = frozenset({"approve", "submit_approval"})
GONE = ("文件库中的文件缺失或被改动，无法核对", "the stored file is missing or altered")


@dataclass(frozen=True, slots=True)
class Link:
    """One link: what it is, its hash, who and when, whether it agrees with the link before, and what to know of it."""

    name: Text
    answer: Answer
    hash: str = ""
    who: str = ""
    at: datetime | None = None
    notes: tuple[Text, ...] = ()
    signatures: tuple[SignatureFound, ...] = ()


@dataclass(frozen=True, slots=True)
class _Record:
    """What the links are made from."""

    case: Loaded
    told: Sequence[Entry]
    final: Document | None
    lines: Sequence[str]


def proof_of(
    db: Database, session: Session, settings: Settings, org_id: int, case_id: int
) -> tuple[Link, ...]:
    """Return the links of a case in order.

    Raises: NotFound.
    """
    case = load(cursor_of(session, db.postgres), case_id, org_id)
    final = final_contract(session, case)
    known = _Record(case, entries(session, org_id, f"case:{case_id}"), final, _lines(settings, final))
    signed = [file for file in files_of(session, org_id, case_id) if file.kind in SIGNED]
    return (
        _approved(known),
        _final(known),
        *(
            [_signed(settings, known, file) for file in reversed(signed)]
            or [_waiting("已签合同", "signed copy")]
        ),
        _filed(session, settings, known),
    )


def _approved(known: _Record) -> Link:
    data, present = known.case.facts.data, known.case.facts.terms.hashes.get("approval", "")
    approved = str(data.get("approval", "hash") or "")
    name = ("审批通过的商务条款", "terms that were approved")
    if not approved:
        return Link(name, "waiting")
    made = _last(known.told, APPROVED)
    if approved == present:
        return Link(name, "same", approved, *made)
    note = (f"现行条款的校验值是{present}，与审批时不同", f"the present terms hash to {present}")
    return Link(name, "differs", approved, *made, (note,))


def _final(known: _Record) -> Link:
    name, made = ("合同定稿", "final contract"), _last(known.told, frozenset({"finalize_contract"}))
    final = known.final
    if final is None:
        return Link(name, "waiting", "", *made)
    if not known.lines:
        return Link(name, "unknown", final.sha256, *made, (GONE,))
    text = (f"条款文本校验值{_digest(known.lines)}", f"hash of its text {_digest(known.lines)}")
    return Link(name, "same", final.sha256, *made, (text,))


def _signed(settings: Settings, known: _Record, file: CaseFileView) -> Link:
    name = (f"已签合同：{file.filename}", f"signed copy: {file.filename}")
    try:
        data = file_bytes(settings, file)
    except ActionError as error:
        gone: Text = (error.message, error.message_en)
        return Link(name, "differs", file.sha256, file.uploaded_by, file.uploaded_at, (gone,))
    answer, notes = _compared(known, data, file.media_type)
    signatures = _signatures(settings, data, file)
    if any(not one.ok for one in signatures):
        answer = "differs"
    return Link(name, answer, file.sha256, file.uploaded_by, file.uploaded_at, notes, signatures)


def _compared(known: _Record, data: bytes, media_type: str) -> tuple[Answer, tuple[Text, ...]]:
    """Compare the words of a signed copy with those of the final contract."""
    scan = (
        "扫描件，无法逐字核对，已记录校验值",
        "a scan: its words cannot be compared, its hash is recorded",
    )
    if not known.lines:
        return "unknown", (("没有可供比对的合同定稿", "there is no final contract to compare with"),)
    if media_type != "application/pdf":
        return "unknown", (scan,)
    try:
        words = printed(data)
    except ValueError:
        return "unknown", (GONE,)
    if len(words) < 200:
        return "unknown", (scan,)
    found = tuple(differing(words, known.lines))
    return (
        ("differs", found)
        if found
        else ("same", (("与合同定稿逐字一致", "word by word the final contract"),))
    )


def _signatures(settings: Settings, data: bytes, file: CaseFileView) -> tuple[SignatureFound, ...]:
    """Return the signatures of a file; one that was signed electronically and cannot be read has a bad one.

    Raises: Invalid for trusted certificates that cannot be read.
    """
    if file.media_type != "application/pdf":
        return ()
    try:
        return check_signatures(data, trusted_by(settings))
    except CertificateProblem as problem:
        raise Invalid(problem.zh, {}, problem.en) from problem
    except SigningProblem as problem:
        why = ((problem.zh, problem.en),)
        unread = SignatureFound("", "", "", None, None, False, False, None, why)
        return (unread,) if file.kind == KIND else ()


def _filed(session: Session, settings: Settings, known: _Record) -> Link:
    """Compare the contract inside the newest pack with the final contract."""
    name = ("申报材料包中的合同", "contract in the filing pack")
    query = select(Document).where(
        Document.case_id == known.case.id, Document.kind == PACK, Document.status == "ready"
    )
    pack = session.exec(query.order_by(col(Document.version).desc())).first()
    made = _last(known.told, frozenset({"submit_filing"}))
    if pack is None:
        return Link(name, "waiting", "", *made)
    try:
        inner = next(_contracts(fetch(settings.files, pack.sha256)), None)
    except (OSError, Damaged, zipfile.BadZipFile):
        return Link(name, "differs", pack.sha256, *made, (GONE,))
    if inner is None:
        return Link(
            name, "unknown", pack.sha256, *made, (("材料包中没有合同", "the pack holds no contract"),)
        )
    data, told = inner
    found = _first_difference(known.lines, lines_of(told["articles"]))
    inside_pack = (
        f"包内合同的校验值{sha256(data).hexdigest()}",
        f"hash of the contract inside {sha256(data).hexdigest()}",
    )
    return Link(name, "differs" if found else "same", pack.sha256, *made, (inside_pack, *found))


def _contracts(pack: bytes) -> Iterator[tuple[bytes, Mapping[str, Any]]]:
    with zipfile.ZipFile(BytesIO(pack)) as archive:
        for name in archive.namelist():
            if name.endswith(".pdf"):
                data = archive.read(name)
                told = inside(data).told
                if told.get("kind") == "contract" and told.get("articles"):
                    yield data, told


def _first_difference(before: Sequence[str], after: Sequence[str]) -> tuple[Text, ...]:
    for one, other in zip(before, after, strict=False):
        if one != other:
            return ((f"定稿为“{one}”，此处为“{other}”", f"final: '{one}'; here: '{other}'"),)
    if len(before) != len(after):
        return (
            (f"定稿有{len(before)}行，此处有{len(after)}行", f"{len(before)} lines against {len(after)}"),
        )
    return ()


def _lines(settings: Settings, final: Document | None) -> Sequence[str]:
    if final is None:
        return ()
    try:
        return lines_of(inside(fetch(settings.files, final.sha256)).told.get("articles") or ())
    except OSError:
        return ()


def _digest(lines: Sequence[str]) -> str:
    return sha256("\n".join(lines).encode()).hexdigest()


def _waiting(zh: str, en: str) -> Link:
    return Link((zh, en), "waiting")


def _last(told: Sequence[Entry], verbs: frozenset[str]) -> tuple[str, datetime | None]:
    """Return who took the last of some steps, and when."""
    found = next((entry for entry in reversed(told) if entry.verb in verbs), None)
    return (found.actor_name, found.at) if found else ("", None)
