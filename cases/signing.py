"""Signing a case's contract electronically, and checking the signatures of its files.

The contract that goes to signing is the final one; each signature makes a new file of the case, and no earlier file
changes. Certificate, time-stamp authority and trusted certificates are settings of the administrator; nothing of the
private key or its password enters the record.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from asn1crypto import x509  # type: ignore[import-untyped]  # comes with pyHanko, has no annotations
from sqlmodel import Session, col, select

from cases.case_files import CaseFileView, Kept, check_case, file_bytes, files_of, keep_file
from cases.db import Database, cursor_of
from cases.errors import ActionError, Conflict, Forbidden, Invalid, NotFound
from cases.file_kinds import OFFICERS
from cases.files import Damaged
from cases.loading import Loaded, load
from cases.papers import Renders
from cases.scope import Person
from cases.settings import SHANGHAI, Settings
from cases.tables import Document
from contracts.signing.certificate import CertificateProblem, TimeAuthority, load_certificate, load_trusted
from contracts.signing.checking import SignatureFound, check_signatures
from contracts.signing.pades import SIDES, Signing, SigningProblem, sign_pdf, signed_fields
from contracts.signing.places import seal_cells
from contracts.signing.stamp import stamp_job

KIND = "e_signed"
SIGNED_KINDS = frozenset({KIND, "signed_contract"})
STARTED = ("signing", "signed")
Text = tuple[str, str]
NOT_CONFIGURED = (
    "尚未配置签名证书：请由管理员设置PANHUO_SIGN_CERTIFICATE（PKCS#12文件）和PANHUO_SIGN_PASSWORD",
    "no certificate is configured: set PANHUO_SIGN_CERTIFICATE",
)


def sign_contract(
    db: Database,
    settings: Settings,
    renderer: Renders | None,
    person: Person,
    case_id: int,
    side: str,
    *,
    certificate: Path | None = None,
    password: str | None = None,
    now: datetime | None = None,
) -> Kept:
    """Set one side's signature on the final contract and keep the signed file; without a renderer it is invisible.

    The second signature goes onto the file that bears the first. Another certificate than the configured one may be
    named, for instance that of the other side where both sign here.

    Raises: Forbidden, NotFound, Invalid, Conflict; each with what to do.
    Effects: writes the file store, case_file and trail.
    """
    if person.role not in OFFICERS:
        raise Forbidden("合同须由转化专员签署", "only officers sign contracts")
    if side not in SIDES:
        raise Invalid(
            f"签署方只能是{'、'.join(SIDES)}", {"side": "ours或theirs"}, "the side is ours or theirs"
        )
    path = certificate or (Path(settings.sign_certificate) if settings.sign_certificate else None)
    if path is None:
        raise Invalid(
            NOT_CONFIGURED[0], {}, NOT_CONFIGURED[1],
        )  # fmt: skip
    moment = now or datetime.now(UTC)
    name, pdf = to_sign(db, settings, person, case_id)
    try:
        signed = _signed(
            settings,
            renderer,
            pdf,
            side,
            path,
            settings.sign_password if password is None else password,
            moment,
        )
    except (CertificateProblem, SigningProblem) as problem:
        raise Invalid(problem.zh, {}, problem.en) from problem
    note = f"{SIDES[side][0]}电子签名"
    return keep_file(
        db, settings, person, case_id, kind=KIND, filename=name, data=signed, note=note, now=moment
    )


def _signed(
    settings: Settings,
    renderer: Renders | None,
    pdf: bytes,
    side: str,
    path: Path,
    password: str,
    moment: datetime,
) -> bytes:
    signer = load_certificate(path, password)
    authority = TimeAuthority(settings.sign_authority) if settings.sign_authority else None
    cells = seal_cells(pdf)
    index = list(SIDES).index(side)
    place, stamp = None, b""
    if renderer is not None and index < len(cells):
        shown = moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
        held: Any = signer.signing_cert
        serial = f"{held.serial_number:X}"
        place = cells[index]
        stamp = renderer.render_job(stamp_job(str(signer.subject_name), shown, serial)).data
    return sign_pdf(pdf, signer, Signing(field_of(side), "签订合同", place, stamp), authority)


def to_sign(db: Database, settings: Settings, person: Person, case_id: int) -> tuple[str, bytes]:
    """Return name and bytes of what is signed next: the file with a first signature, or the final contract.

    Raises: NotFound without a final contract; Conflict if its text is not what was approved.
    """
    with db.read() as session:
        case = load(cursor_of(session, db.postgres), case_id, person.org_id)
        _check_approved(case)
        final = final_contract(session, case)
        earlier = [file for file in files_of(session, person.org_id, case_id) if file.kind == KIND]
    if final is None:
        raise NotFound(
            "合同定稿尚未生成，请定稿送签并等待文书生成后再签署", "the final contract is not ready"
        )
    try:
        pdf = settings.files.fetch(final.sha256)
    except (FileNotFoundError, Damaged) as error:
        raise Conflict(
            "合同定稿的文件缺失或被改动，不能签署。请从备份恢复，或重新生成合同后再签署",
            "the stored final contract is missing or altered",
        ) from error
    name = final.filename.removesuffix(".pdf") + "-已签.pdf"
    for file in earlier:
        begun = file_bytes(settings, file)
        if begun.startswith(pdf):
            return name, begun
    return name, pdf


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a case's contract can be signed here now: the sides that may, or why none can; Chinese, English."""

    sides: tuple[str, ...] = ()
    why: Text = ("", "")


def readiness(db: Database, settings: Settings, person: Person, case_id: int) -> Readiness:
    """Say which sides may sign a case's contract electronically here, or what stands in the way.

    Raises: NotFound for a case of another organization.
    """
    with db.read() as session:
        check_case(session, person.org_id, case_id)
    if person.role not in OFFICERS:
        return Readiness(why=("合同由转化专员签署", "officers sign contracts"))
    if not settings.sign_certificate:
        return Readiness(why=NOT_CONFIGURED)
    try:
        _, pdf = to_sign(db, settings, person, case_id)
        done = signed_fields(pdf)
    except (ActionError, SigningProblem) as problem:
        zh = problem.message if isinstance(problem, ActionError) else problem.zh
        en = problem.message_en if isinstance(problem, ActionError) else problem.en
        return Readiness(why=(zh, en))
    sides = tuple(side for side in SIDES if field_of(side) not in done)
    return Readiness(sides) if sides else Readiness(why=("双方均已电子签名", "both sides have signed"))


def field_of(side: str) -> str:
    """Return the name of the signature field of a side."""
    return f"panhuo-{side}"


def _check_approved(case: Loaded) -> None:
    """Refuse a contract whose terms are not those that were approved, or that is not final.

    Raises: Conflict.
    """
    if (
        not any(leaf in case.position for leaf in STARTED)
        and case.mode.chart.stage(case.position) != "performance"
    ):
        raise Conflict("合同尚未定稿送签，不能签署", "the contract is not final yet")
    approved, present = case.facts.data.get("approval", "hash"), case.facts.terms.hashes.get("approval")
    if approved is not None and approved != present:
        raise Conflict(
            "合同条款与审批通过的条款不一致，不能签署。请恢复原条款，或按现条款重新报批",
            "the terms are not those that were approved",
        )


def final_contract(session: Session, case: Loaded) -> Document | None:
    """Return the newest contract of a case that is no draft and was made from the present terms."""
    query = select(Document).where(
        Document.case_id == case.id, Document.kind == "contract", Document.status == "ready",
        col(Document.draft).is_(False), Document.terms_hash == case.facts.terms.hashes.get("terms", ""),
    )  # fmt: skip
    return session.exec(query.order_by(col(Document.version).desc())).first()


def signatures_of(
    settings: Settings, pdf: bytes, moment: datetime | None = None
) -> tuple[SignatureFound, ...]:
    """Return the signatures of a PDF, under the certificates that the administrator trusts.

    Raises: Invalid for a file that is no PDF, or trusted certificates that cannot be read.
    """
    try:
        return check_signatures(pdf, trusted_by(settings), moment)
    except (SigningProblem, CertificateProblem) as problem:
        raise Invalid(problem.zh, {}, problem.en) from problem


def trusted_by(settings: Settings) -> tuple[x509.Certificate, ...]:
    """Return the certificates that the administrator trusts.

    Raises: CertificateProblem.
    """
    return load_trusted(Path(settings.sign_trust)) if settings.sign_trust else ()


def signatures_by_file(
    settings: Settings, files: Sequence[CaseFileView]
) -> dict[int, tuple[SignatureFound, ...]]:
    """Return the signatures of the signed contracts among files, by the file's id; none for what cannot be read."""
    found: dict[int, tuple[SignatureFound, ...]] = {}
    for file in files:
        if file.kind in SIGNED_KINDS and file.media_type == "application/pdf":
            with suppress(ActionError):
                found[file.id] = signatures_of(settings, file_bytes(settings, file))
    return found
