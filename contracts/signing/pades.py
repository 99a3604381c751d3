"""Signing a PDF: PAdES B-B, or B-T with a time stamp, as an addition that leaves every earlier byte as it is."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pyhanko.pdf_utils.content import ImportedPdfPage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.stamp import StaticStampStyle

from contracts.signing.places import Place

# What pyHanko raises of a file that is damaged, or made to look like one.
UNREADABLE = (
    PdfError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    IndexError,
    RecursionError,
    zlib.error,
)
SIDES = {"ours": ("本单位", "institution"), "theirs": ("对方", "other side")}


class SigningProblem(ValueError):
    """A PDF that cannot be signed; Chinese, with an English twin."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh)
        self.zh = zh
        self.en = en


@dataclass(frozen=True)
class Signing:
    """One signature to set: the name of its field, and where and how it shows; without a place it is invisible.

    `stamp` is a PDF of one page that is shown in the place.
    """

    field: str
    reason: str = ""
    place: Place | None = None
    stamp: bytes = b""


class _Addition(IncrementalPdfFileWriter):
    """Adds a signature and leaves the metadata alone: PDF/A asks that both of its forms agree, which pyHanko undoes."""

    def _update_meta(self) -> None:
        pass


def sign_pdf(pdf: bytes, signer: Signer, signing: Signing, authority: TimeStamper | None = None) -> bytes:
    """Return a PDF with one signature more.

    Raises: SigningProblem for a PDF that cannot take it, or that has this field signed already.
    """
    if signing.field in signed_fields(pdf):
        raise SigningProblem(
            f"该文件的“{signing.field}”已经签名", f"'{signing.field}' has been signed already"
        )
    target = _Addition(BytesIO(pdf))
    spec = SigFieldSpec(signing.field)
    if signing.place is not None:
        spec = SigFieldSpec(signing.field, on_page=signing.place.page, box=signing.place.box)
    about = PdfSignatureMetadata(
        field_name=signing.field, md_algorithm="sha256", reason=signing.reason or None, name=signer.subject_name,
        subfilter=SigSeedSubFilter.PADES,
    )  # fmt: skip
    with TemporaryDirectory(prefix="panhuo-stamp-") as folder:
        style = _style(signing, Path(folder) / "stamp.pdf")
        made = PdfSigner(about, signer, timestamper=authority, new_field_spec=spec, stamp_style=style)
        return bytes(made.sign_pdf(target).getvalue())


def _style(signing: Signing, path: Path) -> StaticStampStyle | None:
    """Return how a signature shows; pyHanko reads the picture from a file while it signs."""
    if signing.place is None or not signing.stamp:
        return None
    path.write_bytes(signing.stamp)
    page: Any = ImportedPdfPage
    return StaticStampStyle(border_width=0, background=page(str(path)), background_opacity=1.0)


def signed_fields(pdf: bytes) -> tuple[str, ...]:
    """Return the names of the fields that are signed.

    Raises: SigningProblem for a file that cannot be read.
    """
    try:
        found: Iterable[object] = PdfFileReader(BytesIO(pdf), strict=False).embedded_signatures
        return tuple(str(getattr(one, "field_name", "")) for one in found)
    except UNREADABLE as error:
        raise SigningProblem("PDF无法读取，不能签名或核验", f"the PDF cannot be read: {error}") from error
