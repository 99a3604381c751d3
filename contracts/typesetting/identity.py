"""What a PDF says of itself: PDF/A-3a and PDF/UA-1 in its metadata, its files once, and days from the document.

WeasyPrint writes one identifier, of the variant it is asked for. The second one, and the description of its
schema that PDF/A asks for, are added here.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import weasyprint
from weasyprint import pdf as generator

from contracts.jobs import Particulars

VARIANT = "pdf/a-3a"
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # Of files in documents that have no day of their own.
_UNIVERSAL_ACCESS = (
    b'<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="">'
    b"<pdfuaid:part>1</pdfuaid:part></rdf:Description>"
    b'<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" '
    b'xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" '
    b'xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" rdf:about="">'
    b'<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
    b"<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>"
    b"<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    b"<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>"
    b'<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">'
    b"<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>"
    b"<pdfaProperty:category>internal</pdfaProperty:category>"
    b"<pdfaProperty:description>part of ISO 14289 that the file follows</pdfaProperty:description>"
    b"</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"
)


def apply() -> None:
    """Let WeasyPrint read its color profile once and as it is: it opens it for each document, and rewrites it."""
    generator.ColorProfile = _profile


def _profile(file: Any, source: str, intent: str, components: Any) -> Any:
    with file:
        pass
    return _read_profile(file.name, source, intent, len(components))


@lru_cache(maxsize=1)
def _read_profile(path: str, source: str, intent: str, components: int) -> Any:
    return SimpleNamespace(
        src=source, rendering_intent=intent, components=("r", "g", "b")[:components], pdf_reference=None,
        name=source.removesuffix(".icc"), content=Path(path).read_bytes(),
    )  # fmt: skip


def describe(document: Any, title: str, of: Particulars, files: Mapping[str, bytes]) -> None:
    """Set the metadata and files of a rendered document."""
    metadata = document.metadata
    metadata.title = metadata.title or title
    metadata.authors = [of.author] if of.author else []
    metadata.keywords = [of.number] if of.number else []
    metadata.generator = "Panhuo 盘活"
    metadata.lang = metadata.lang or "zh-CN"
    moment = _EPOCH
    if of.day is not None:
        metadata.created = metadata.modified = f"{of.day.isoformat()}T00:00:00+08:00"
        moment = datetime(of.day.year, of.day.month, of.day.day, tzinfo=UTC)
    metadata.attachments = [
        weasyprint.Attachment(
            string=content, name=name, description=f"{metadata.title}：数据", created=moment, modified=moment,
            relationship="Data",
        )
        for name, content in files.items()
    ]  # fmt: skip
    _declare_access(metadata)


def _declare_access(metadata: Any) -> None:
    release = metadata.generate_rdf_metadata

    def generate(variant: str, version: int, conformance: str) -> bytes:
        made: bytes = release(variant, version, conformance)
        return made.replace(b"</rdf:RDF>", _UNIVERSAL_ACCESS + b"</rdf:RDF>")

    metadata.generate_rdf_metadata = generate


def finish(document: Any, pdf: Any) -> None:
    """Name each attached file once: WeasyPrint lists it as a file of the document twice."""
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = type(pdf.catalog["AF"])(dict.fromkeys(pdf.catalog["AF"]))
