"""Checking the signatures of a PDF: intact, over the whole revision, by whom, when, and under a trusted certificate.

Nothing is fetched. A signature by an algorithm that is not known here (SM2 of many domestic platforms) is told as not
checked, never as good.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto import x509  # type: ignore[import-untyped]  # comes with pyHanko, has no annotations
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from contracts.signing.pades import UNREADABLE, SigningProblem

Text = tuple[str, str]
# A certificate without a trusted chain is a finding here, no event of the log.
for _name_of in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name_of).setLevel(logging.CRITICAL)
_WHOLE = (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION)
_HARMLESS = (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES, ModificationLevel.FORM_FILLING)


@dataclass(frozen=True, slots=True)
class SignatureFound:
    """One signature of a file. `problems` is empty if it is good; `is_trusted` None without trusted certificates."""

    field: str
    signer: str
    issuer: str
    signed_at: datetime | None
    stamped_at: datetime | None
    is_intact: bool
    is_whole: bool
    is_trusted: bool | None
    problems: tuple[Text, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong with it."""
        return not self.problems


def check_signatures(
    pdf: bytes, trusted: Sequence[x509.Certificate] = (), moment: datetime | None = None
) -> tuple[SignatureFound, ...]:
    """Return every signature of a PDF, in the order in which they were set; nothing if it is not signed.

    `moment` is the time at which certificates must be valid; None for now.

    Raises: SigningProblem for a file that cannot be read.
    """
    try:
        found = list(PdfFileReader(BytesIO(pdf), strict=False).embedded_regular_signatures)
    except UNREADABLE as error:
        raise SigningProblem("PDF无法读取，不能签名或核验", f"the PDF cannot be read: {error}") from error
    return tuple(_checked(one, trusted, moment) for one in found)


def _checked(one: Any, trusted: Sequence[x509.Certificate], moment: datetime | None) -> SignatureFound:
    try:
        context = ValidationContext(trust_roots=list(trusted), moment=moment, allow_fetching=False)
        status = validate_pdf_signature(one, context, context)
    except Exception as error:  # What a foreign signature holds may trip any of the libraries below.
        reason = (
            f"签名无法核验（可能使用了SM2等暂不支持的算法）：{type(error).__name__}",
            f"not checked: {error}",
        )
        return SignatureFound(str(one.field_name), "", "", None, None, False, False, None, (reason,))
    is_whole = status.coverage in _WHOLE and status.modification_level in _HARMLESS
    is_intact = bool(status.intact and status.valid)
    is_trusted = bool(status.trusted) if trusted and is_intact else None
    stamp = status.timestamp_validity
    return SignatureFound(
        str(one.field_name), _name(status.signing_cert.subject), _name(status.signing_cert.issuer),
        status.signer_reported_dt, stamp.timestamp if stamp and stamp.intact else None, is_intact, is_whole, is_trusted,
        tuple(_problems(is_intact, is_whole, is_trusted)),
    )  # fmt: skip


def _problems(is_intact: bool, is_whole: bool, is_trusted: bool | None) -> list[Text]:
    found = []
    if not is_intact:
        found.append(("签名之后内容被改动，签名不成立", "the content was altered after signing"))
    if not is_whole:
        found.append(
            (
                "签名没有覆盖整个文件，或签名之后又有不允许的改动",
                "it does not cover the whole file, or the file changed",
            )
        )
    if is_trusted is False:
        found.append(
            ("签名证书不在受信任的证书链内，或已过期", "its certificate is not trusted, or has expired")
        )
    return found


def _name(of: x509.Name) -> str:
    named = of.native
    return str(named.get("common_name") or named.get("organization_name") or of.human_friendly)
