"""What a PDF for the archive and for readers with a screen reader must have, as far as a program can see.

In: the bytes of a PDF. Out: findings. It looks for what PDF/A-3a (ISO 19005-3) and PDF/UA-1 (ISO 14289-1) ask of
fonts, colors, metadata, files, annotations and tags. It is our own reading of them and no certificate: that is for
a validator such as veraPDF, which `docs/pdf.md` tells how to run.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import pikepdf

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_ARCHIVE = "{http://www.aiim.org/pdfa/ns/id/}"
_ACCESS = "{http://www.aiim.org/pdfua/ns/id/}"
_XMP = "{http://ns.adobe.com/xap/1.0/}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_PDF = "{http://ns.adobe.com/pdf/1.3/}"
_NAMESPACE = "{http://www.aiim.org/pdfa/ns/schema#}namespaceURI"
_TWINS = {
    "/Title": f"{_DC}title", "/Author": f"{_DC}creator", "/Subject": f"{_DC}description", "/Keywords": f"{_PDF}Keywords",
    "/Creator": f"{_XMP}CreatorTool", "/Producer": f"{_PDF}Producer", "/CreationDate": f"{_XMP}CreateDate",
    "/ModDate": f"{_XMP}ModifyDate",
}  # fmt: skip
_RELATIONS = frozenset({"/Source", "/Data", "/Alternative", "/Supplement", "/Unspecified"})
_ACTIONS = frozenset({"/GoTo", "/URI", "/GoToR", "/Thread"})
_PRINT, _SUPPRESSED = 4, 1 | 2 | 32  # of an annotation's flags: print; invisible, hidden, no view


@dataclass(frozen=True, slots=True)
class PdfFinding:
    """One thing that is not as it should be. `rule` is a short name, `page` counts from 1, or is 0 for the file."""

    rule: str
    zh: str
    en: str
    page: int = 0


Check = Callable[[pikepdf.Pdf], Iterator[PdfFinding]]


def lint_pdf(data: bytes) -> tuple[PdfFinding, ...]:
    """Return what is not as it should be in a PDF; nothing if all checks pass."""
    from contracts.pdf_lint_tags import TAG_CHECKS  # noqa: PLC0415  It needs the finding from here.

    try:
        pdf = pikepdf.open(io.BytesIO(data))
    except pikepdf.PasswordError:
        return (PdfFinding("encryption", "文件已加密", "the file is encrypted"),)
    except pikepdf.PdfError as error:
        return (PdfFinding("syntax", f"无法读取：{error}", f"cannot be read: {error}"),)
    with pdf:
        return tuple(finding for check in (*ARCHIVE_CHECKS, *TAG_CHECKS) for finding in check(pdf))


def _check_file(pdf: pikepdf.Pdf) -> Iterator[PdfFinding]:
    if pdf.is_encrypted:
        yield PdfFinding("encryption", "文件已加密", "the file is encrypted")
    if "/ID" not in pdf.trailer:
        yield PdfFinding("file-id", "缺少文件标识", "the trailer has no file identifier")
    for name in ("/OpenAction", "/AA"):
        if name in pdf.Root:
            yield PdfFinding("actions", f"文件级动作 {name}", f"an action of the document: {name}")
    names: Any = pdf.Root.get("/Names", {})
    if "/JavaScript" in names:
        yield PdfFinding("javascript", "含有脚本", "the file holds JavaScript")


def _check_metadata(pdf: pikepdf.Pdf) -> Iterator[PdfFinding]:
    stream = pdf.Root.get("/Metadata")
    if stream is None:
        yield PdfFinding("xmp", "缺少元数据", "there is no XMP metadata")
        return
    try:
        tree = ElementTree.fromstring(stream.read_bytes())  # noqa: S314  Entities in XMP are not expanded from outside.
    except ElementTree.ParseError as error:
        yield PdfFinding("xmp", f"元数据不是合法的XML：{error}", f"the XMP metadata is no XML: {error}")
        return
    known = _properties(tree)
    wanted = ((f"{_ARCHIVE}part", "3"), (f"{_ARCHIVE}conformance", "A"), (f"{_ACCESS}part", "1"))
    for name, value in wanted:
        if known.get(name) != value:
            zh = f"元数据未标明 {name.partition('}')[2]}={value}（{name[1:].partition('}')[0]}）"
            yield PdfFinding("identifier", zh, f"XMP does not say {name} = {value}")
    described = {element.text for element in tree.iter(_NAMESPACE)}
    if f"{_ACCESS}part" in known and _ACCESS[1:-1] not in described:
        yield PdfFinding("extension-schema", "元数据未说明pdfuaid", "the pdfuaid schema is not described")
    yield from _check_twins(pdf, known)


def _properties(tree: ElementTree.Element) -> dict[str, str]:
    """Return the simple properties of XMP: attributes and elements of descriptions, lists joined by commas."""
    found: dict[str, str] = {}
    for description in tree.iter(f"{_RDF}Description"):
        found |= {name: value for name, value in description.attrib.items() if not name.startswith(_RDF)}
        for element in description:
            items = [item.text or "" for item in element.iter(f"{_RDF}li")]
            found[element.tag] = ", ".join(items) if items else (element.text or "")
    return found


def _check_twins(pdf: pikepdf.Pdf, known: dict[str, str]) -> Iterator[PdfFinding]:
    """Compare the information dictionary with XMP: what stands in both must be the same."""
    info: Any = pdf.trailer.get("/Info", {})
    for key, name in _TWINS.items():
        if key not in info:
            continue
        said, meant = str(info[key]), known.get(name, "")
        if key in ("/CreationDate", "/ModDate"):
            said, meant = _digits(said), _digits(meant)
        if said != meant:
            zh = f"文档信息 {key} 与元数据不一致：“{said}”“{meant}”"
            yield PdfFinding("info", zh, f"{key} differs from XMP: {said!r}, {meant!r}")


def _digits(moment: str) -> str:
    return "".join(character for character in moment if character.isdigit())


def _check_color(pdf: pikepdf.Pdf) -> Iterator[PdfFinding]:
    for intent in pdf.Root.get("/OutputIntents", []):
        profile = intent.get("/DestOutputProfile")
        if str(intent.get("/S")) == "/GTS_PDFA1" and profile is not None and int(profile.get("/N", 0)) == 3:
            return
    yield PdfFinding("output-intent", "缺少输出意图（sRGB）", "there is no output intent with an RGB profile")


def _check_fonts(pdf: pikepdf.Pdf) -> Iterator[PdfFinding]:
    seen: set[tuple[int, int]] = set()
    for number, page in enumerate(pdf.pages, 1):
        for font in page.resources.get("/Font", {}).values():
            if font.objgen in seen:
                continue
            seen.add(font.objgen)
            yield from _check_font(font, number)


def _check_font(font: Any, page: int) -> Iterator[PdfFinding]:
    name = str(font.get("/BaseFont", "?"))
    inner = font.get("/DescendantFonts", [font])[0]
    descriptor = inner.get("/FontDescriptor", {})
    if not any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")):
        yield PdfFinding("font-embedded", f"字体 {name} 未嵌入", f"font {name} is not embedded", page)
    elif "+" not in name:
        yield PdfFinding("font-subset", f"字体 {name} 整体嵌入", f"font {name} is embedded whole", page)
    if "/ToUnicode" not in font:
        yield PdfFinding("font-unicode", f"字体 {name} 无文字对照", f"font {name} has no ToUnicode map", page)


def _check_streams(pdf: pikepdf.Pdf) -> Iterator[PdfFinding]:
    for item in pdf.objects:
        if not isinstance(item, pikepdf.Stream):
            continue
        filters: Any = item.get("/Filter", [])
        names = [filters] if isinstance(filters, pikepdf.Name) else list(filters)
        if pikepdf.Name.LZWDecode in names:
            yield PdfFinding("filter", "使用了LZW压缩", "LZW compression is used")
        if "/F" in item:
            yield PdfFinding("external-stream", "引用了外部数据流", "a stream lies outside the file")
        if item.get("/Subtype") == pikepdf.Name.Image and bool(item.get("/Interpolate", False)):
            yield PdfFinding("interpolate", "图像要求插值", "a picture asks for interpolation")


def _check_annotations(pdf: pikepdf.Pdf) -> Iterator[PdfFinding]:
    for number, page in enumerate(pdf.pages, 1):
        for annotation in page.get("/Annots", []):
            flags = int(annotation.get("/F", 0))
            if not flags & _PRINT or flags & _SUPPRESSED:
                yield PdfFinding("annotation-flags", "批注不随页打印", "an annotation does not print", number)
            action: Any = annotation.get("/A", {})
            if action and str(action.get("/S")) not in _ACTIONS:
                yield PdfFinding(
                    "actions", f"批注动作 {action.get('/S')}", "an action is not allowed", number
                )


def _check_files(pdf: pikepdf.Pdf) -> Iterator[PdfFinding]:
    associated = [item.objgen for item in pdf.Root.get("/AF", [])]
    if len(associated) != len(set(associated)):
        yield PdfFinding("associated-files", "附件被重复列出", "an associated file is listed twice")
    for name, file in pdf.attachments.items():
        spec: Any = file.obj
        embedded: Any = spec.get("/EF", {}).get("/F", {})
        faults = {
            "未列为关联文件": spec.objgen in associated,
            "未说明与文书的关系": str(spec.get("/AFRelationship")) in _RELATIONS,
            "未说明文件类型": "/Subtype" in embedded,
            "缺少文件名": "/F" in spec and "/UF" in spec,
            "缺少修改日期": "/ModDate" in embedded.get("/Params", {}),
        }
        for zh, fine in faults.items():
            if not fine:
                yield PdfFinding(
                    "associated-files", f"附件 {name} {zh}", f"the file {name} is described badly"
                )


ARCHIVE_CHECKS: tuple[Check, ...] = (
    _check_file, _check_metadata, _check_color, _check_fonts, _check_streams, _check_annotations, _check_files,
)  # fmt: skip
