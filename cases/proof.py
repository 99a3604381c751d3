"""Approved = signed = filed: the chain from the terms that were approved to the contract in the pack, link by link.

Reads only. Each link says what it holds (a hash), who made it and when, and whether it agrees with the link before; where
it does not, the exact difference. What cannot be compared (a scan without words) says so and is never called equal.
A contract that was changed by agreement later is still proven against the terms on which it was signed.
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
from cases.files import Damaged
from cases.loading import Loaded, load
from cases.settings import Settings
from cases.signed_state import Standing, contract_for, standing
from cases.signing import KIND, trusted_by
from cases.tables import Document
from cases.trail import Entry, entries
from contracts.kinds import PACK
from contracts.seal.paper_checker import inside, lines_of
from contracts.signing.certificate import CertificateProblem
from contracts.signing.checking import SignatureFound, check_signatures
from contracts.signing.comparing import NoWords, compare_printed
from contracts.signing.pades import SigningProblem
from states.signature_payloads import Sign
from states.signatures import NAMED

Text = tuple[str, str]
Answer = Literal["same", "differs", "unknown", "waiting"]
SIGNED = ("signed_contract", "e_signed")
APPROVED = frozenset({"approve", "submit_approval"})
FINAL = frozenset({"finalize_contract"})
SCAN = (
    "扫描件，无法逐字核对，已记录校验值",
    "a scan: its words cannot be compared, its hash is recorded",
)
SAME_WORDS = (
    "封面、条款、表格、附件与合同定稿逐字一致",
    "cover, articles, tables and annexes are word by word the final contract",
)
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
    """What the links are made from: the case, its entries, how it stood at its signature, and the final contract."""

    case: Loaded
    told: Sequence[Entry]
    stood: Standing
    final: Document | None
    pdf: bytes


def proof_of(
    db: Database, session: Session, settings: Settings, org_id: int, case_id: int
) -> tuple[Link, ...]:
    """Return the links of a case in order.

    Raises: NotFound.
    """
    case = load(cursor_of(session, db.postgres), case_id, org_id)
    told = entries(session, org_id, f"case:{case_id}")
    stood = standing(told)
    final = contract_for(session, case_id, stood)
    known = _Record(case, told, stood, final, _bytes(settings, final))
    files = files_of(session, org_id, case_id)
    signed = [_signed(settings, known, file) for file in reversed(files) if file.kind in SIGNED]
    return (
        _approved(known),
        _final(known),
        *(signed or [Link(("已签合同", "signed copy"), "waiting")]),
        _recorded(known, files),
        _filed(session, settings, known, [file for file in files if file.kind in SIGNED]),
    )


def _approved(known: _Record) -> Link:
    approved, present = known.stood.approved, known.stood.hashes.get("approval", "")
    name = ("审批通过的商务条款", "terms that were approved")
    if not approved:
        return Link(name, "waiting")
    made = _last(known.told, APPROVED)
    notes = _amended(known)
    if approved == present:
        return Link(name, "same", approved, *made, notes)
    note = (f"现行条款的校验值是{present}，与审批时不同", f"the present terms hash to {present}")
    return Link(name, "differs", approved, *made, (note, *notes))


def _amended(known: _Record) -> tuple[Text, ...]:
    count = len(known.case.data.get("amendments", {}).get("list", ()))
    if known.stood.signature is None or not count:
        return ()
    return ((
        f"签订后又签有变更或续展协议{count}份；本页按签订时的条款核对原合同，协议见“附件”和“文书”",
        f"{count} agreements changed the contract later; it is compared with the terms on which it was signed",
    ),)  # fmt: skip


def _final(known: _Record) -> Link:
    name, made = ("合同定稿", "final contract"), _last(known.told, FINAL)
    final = known.final
    if final is None:
        return Link(name, "waiting", "", *made)
    if not known.pdf:
        return Link(name, "differs", final.sha256, *made, (GONE,))
    text = sha256("\n".join(_lines(known.pdf)).encode()).hexdigest()
    note = (
        f"第{final.version}版，条款文本校验值{text}",
        f"version {final.version}, hash of its articles {text}",
    )
    return Link(name, "same", final.sha256, *made, (note,))


def _signed(settings: Settings, known: _Record, file: CaseFileView) -> Link:
    name = (f"已签合同：{file.filename}", f"signed copy: {file.filename}")
    made = (file.sha256, file.uploaded_by, file.uploaded_at)
    try:
        data = file_bytes(settings, file)
    except ActionError as error:
        gone: Text = (error.message, error.message_en)
        return Link(name, "differs", *made, (gone,))
    answer, notes = _compared(known, data, file.media_type)
    signatures = _signatures(settings, data, file)
    if any(not one.ok for one in signatures):
        answer = "differs"
    return Link(name, answer, *made, notes, signatures)


def _compared(known: _Record, data: bytes, media_type: str) -> tuple[Answer, tuple[Text, ...]]:
    """Compare what is printed on a signed copy with what is printed on the final contract."""
    if not known.pdf:
        return "unknown", (("没有可供比对的合同定稿", "there is no final contract to compare with"),)
    if data == known.pdf:
        return "same", (("与合同定稿逐字节一致", "byte by byte the final contract"),)
    if media_type != "application/pdf":
        return "unknown", (SCAN,)
    try:
        found = compare_printed(known.pdf, data)
    except NoWords:
        return "unknown", (SCAN,)
    if found.differences:
        return "differs", (*found.differences, *found.filled_in)
    added = ((
        "文件以合同定稿的全部字节开头，签名系追加", "it begins with every byte of the final contract",
    ),)  # fmt: skip
    return "same", (SAME_WORDS, *(added if data.startswith(known.pdf) else ()), *found.filled_in)


def _recorded(known: _Record, files: Sequence[CaseFileView]) -> Link:
    """Tell what was recorded of the signature, and whether the copy that was named then is still the same file."""
    name, signature = ("签订登记", "record of the signature"), known.stood.signature
    if signature is None:
        return Link(name, "waiting")
    contract = known.case.data.get("contract", {})
    digest = str(contract.get("signed_sha256", ""))
    made = (digest, signature.actor_name, signature.at)
    notes = tuple(_told_of(contract))
    if not digest:
        note = ("登记签订时没有指明已签合同的附件编号", "the record names no file as the signed copy")
        return Link(name, "unknown", *made, (*notes, note))
    if any(file.sha256 == digest for file in files):
        return Link(name, "same", *made, notes)
    note = ("登记时指明的已签合同不在本案附件中", "the copy that it names is not among the files")
    return Link(name, "differs", *made, (*notes, note))


def _told_of(contract: Mapping[str, Any]) -> Iterator[Text]:
    """Yield what the record of a signature holds, in the words of its form."""
    for field, about in Sign.model_fields.items():
        value, shown = contract.get(field), about.json_schema_extra
        if value in (None, "") or not isinstance(shown, dict):
            continue
        zh: Any = shown.get("options_zh", {})
        en: Any = shown.get("options_en", {})
        number = ("附件", "file ") if field in NAMED else ("", "")
        yield (
            f"{shown['label_zh']}：{number[0]}{zh.get(value, value)}",
            f"{shown['label_en']}: {number[1]}{en.get(value, value)}",
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


def _filed(session: Session, settings: Settings, known: _Record, signed: Sequence[CaseFileView]) -> Link:
    """Compare the contract inside the newest pack with the final contract; a scan with the signed copy, by its bytes."""
    name = ("申报材料包中的合同", "contract in the filing pack")
    query = select(Document).where(
        Document.case_id == known.case.id, Document.kind == PACK, Document.status == "ready"
    )
    pack = session.exec(query.order_by(col(Document.version).desc())).first()
    made = _last(known.told, frozenset({"submit_filing"}))
    if pack is None:
        return Link(name, "waiting", "", *made)
    try:
        packed = settings.files.fetch(pack.sha256)
        inner, held = next(_contracts(packed), None), _hashes(packed)
    except (FileNotFoundError, Damaged, zipfile.BadZipFile):
        return Link(name, "differs", pack.sha256, *made, (GONE,))
    if inner is None:
        scans = tuple(_as_signed(file) for file in signed if file.sha256 in held)
        none: Text = ("材料包中没有合同", "the pack holds no contract")
        return Link(name, "same" if scans else "unknown", pack.sha256, *made, scans or (none,))
    digest = sha256(inner).hexdigest()
    inside_pack = (f"包内合同的校验值{digest}", f"hash of the contract inside {digest}")
    answer, notes = _compared(known, inner, "application/pdf")
    return Link(name, answer, pack.sha256, *made, (inside_pack, *notes))


def _as_signed(file: CaseFileView) -> Text:
    return (
        f"包内合同与已签合同“{file.filename}”逐字节一致（校验值{file.sha256}）",
        f"byte by byte the signed copy '{file.filename}' ({file.sha256})",
    )


def _hashes(pack: bytes) -> frozenset[str]:
    with zipfile.ZipFile(BytesIO(pack)) as archive:
        return frozenset(sha256(archive.read(name)).hexdigest() for name in archive.namelist())


def _contracts(pack: bytes) -> Iterator[bytes]:
    with zipfile.ZipFile(BytesIO(pack)) as archive:
        for name in archive.namelist():
            if name.endswith(".pdf"):
                data = archive.read(name)
                if inside(data).told.get("kind") == "contract":
                    yield data


def _lines(pdf: bytes) -> Sequence[str]:
    return lines_of(inside(pdf).told.get("articles") or ())


def _bytes(settings: Settings, final: Document | None) -> bytes:
    """Return the final contract as it is stored; nothing if it is gone or is not what was made."""
    if final is None:
        return b""
    try:
        return settings.files.fetch(final.sha256)
    except (FileNotFoundError, Damaged):
        return b""


def _last(told: Sequence[Entry], verbs: frozenset[str]) -> tuple[str, datetime | None]:
    """Return who took the last of some steps, and when."""
    found = next((entry for entry in reversed(told) if entry.verb in verbs), None)
    return (found.actor_name, found.at) if found else ("", None)
