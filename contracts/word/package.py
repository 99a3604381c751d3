"""The Word file as a package: fixed parts, properties, identity and the text, zipped without a clock.

The same sheet gives the same bytes: times in the zip are fixed, the dates in the properties are days of the case.
Changes are recorded from the first keystroke (`trackRevisions`), so that the other side need not think of it.
Source: ECMA-376 parts 1 and 2
"""

import io
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from contracts.word.body import document_xml, footer_xml, header_xml
from contracts.word.sheet import Passage, Sheet, passages, passages_from, passages_json, sheet_hash, text_hash
from contracts.word.styles import styles_xml
from contracts.word.theme import theme_xml

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
IDENTITY_NAMESPACE = "urn:panhuo:contract:1"
IDENTITY_PART = "customXml/item1.xml"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@dataclass(frozen=True, slots=True)
class Identity:
    """What a Word file says of itself: whose text it is, which version, and the hash of its words."""

    kind: str
    case_no: str
    number: str
    version: int
    text_sha256: str
    sheet_sha256: str


def identity_of(sheet: Sheet, version: int) -> Identity:
    """Return what the Word file of a sheet says of itself."""
    return Identity(
        sheet.kind, sheet.case_no, sheet.number, version, text_hash(passages(sheet)), sheet_hash(sheet)
    )


def build_docx(sheet: Sheet, version: int = 1) -> bytes:
    """Return the Word file of a contract; the same input gives the same bytes."""
    identity = identity_of(sheet, version)
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(_ROOT_RELATIONS),
        "word/document.xml": document_xml(sheet),
        "word/_rels/document.xml.rels": _relations(_TEXT_RELATIONS),
        "word/styles.xml": styles_xml(),
        "word/settings.xml": _settings(),
        "word/fontTable.xml": _fonts(),
        "word/theme.xml": theme_xml(),
        "word/headerTall.xml": header_xml(sheet, wide=False),
        "word/headerWide.xml": header_xml(sheet, wide=True),
        "word/footer.xml": footer_xml(),
        "docProps/core.xml": _core(sheet, version),
        "docProps/app.xml": _application(),
        "docProps/custom.xml": _custom(identity),
        IDENTITY_PART: _identity(identity, passages_json(passages(sheet))),
        "customXml/itemProps1.xml": _item_properties(),
        "customXml/_rels/item1.xml.rels": _relations(_ITEM_RELATIONS),
    }
    return zipped({name: text.encode("utf-8") for name, text in parts.items()})


def sent_passages(data: bytes) -> tuple[Passage, ...]:
    """Return the passages that a Word file made here was written from, as they were kept in it.

    Only for files from the own store: in one that came back they are whatever somebody left there.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = ET.fromstring(archive.read(IDENTITY_PART))  # noqa: S314 - Made here.
    return passages_from(root.text or "[]")


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """Return a package of these parts with fixed times."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            info = zipfile.ZipInfo(name, date_time=_EPOCH)
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    return buffer.getvalue()


_TYPES = {
    "word/document.xml": f"{_WORD}.document.main+xml",
    "word/styles.xml": f"{_WORD}.styles+xml",
    "word/settings.xml": f"{_WORD}.settings+xml",
    "word/fontTable.xml": f"{_WORD}.fontTable+xml",
    "word/theme.xml": "application/vnd.openxmlformats-officedocument.theme+xml",
    "word/headerTall.xml": f"{_WORD}.header+xml",
    "word/headerWide.xml": f"{_WORD}.header+xml",
    "word/footer.xml": f"{_WORD}.footer+xml",
    "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    "docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
    "docProps/custom.xml": "application/vnd.openxmlformats-officedocument.custom-properties+xml",
    "customXml/itemProps1.xml": "application/vnd.openxmlformats-officedocument.customXmlProperties+xml",
}
_ROOT_RELATIONS = (
    ("rId1", f"{_OFFICE}/relationships/officeDocument", "word/document.xml"),
    ("rId2", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
    ("rId3", f"{_OFFICE}/relationships/extended-properties", "docProps/app.xml"),
    ("rId4", f"{_OFFICE}/relationships/custom-properties", "docProps/custom.xml"),
)
_TEXT_RELATIONS = (
    ("rIdStyles", f"{_OFFICE}/relationships/styles", "styles.xml"),
    ("rIdSettings", f"{_OFFICE}/relationships/settings", "settings.xml"),
    ("rIdFonts", f"{_OFFICE}/relationships/fontTable", "fontTable.xml"),
    ("rIdTheme", f"{_OFFICE}/relationships/theme", "theme.xml"),
    ("rIdHeaderTall", f"{_OFFICE}/relationships/header", "headerTall.xml"),
    ("rIdHeaderWide", f"{_OFFICE}/relationships/header", "headerWide.xml"),
    ("rIdFooter", f"{_OFFICE}/relationships/footer", "footer.xml"),
    ("rIdIdentity", f"{_OFFICE}/relationships/customXml", "../customXml/item1.xml"),
)
_ITEM_RELATIONS = (("rId1", f"{_OFFICE}/relationships/customXmlProps", "itemProps1.xml"),)
_ITEM_ID = "{7B0C1F5E-5A0B-4C55-9B55-50414E48554F}"


def _content_types() -> str:
    known = "".join(f'<Override PartName="/{name}" ContentType="{type_}"/>' for name, type_ in _TYPES.items())
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/'
        f'vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f"{known}</Types>"
    )


def _relations(rows: tuple[tuple[str, str, str], ...]) -> str:
    inner = "".join(f'<Relationship Id="{id_}" Type="{kind}" Target="{to}"/>' for id_, kind, to in rows)
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def _settings() -> str:
    return (
        f'{_HEAD}<w:settings {_W}><w:zoom w:percent="100"/><w:trackRevisions/><w:defaultTabStop w:val="420"/>'
        '<w:characterSpacingControl w:val="compressPunctuation"/><w:compat><w:compatSetting '
        'w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>'
    )


# Name, other name, PANOSE, family, pitch: what another system chooses a substitute by.
_FONTS = (
    ("宋体", "SimSun", "02010600030101010101", "auto", "variable"),
    ("黑体", "SimHei", "02010609060101010101", "modern", "fixed"),
    ("仿宋", "FangSong", "02010609060101010101", "modern", "fixed"),
    ("Times New Roman", "", "02020603050405020304", "roman", "variable"),
)


def _fonts() -> str:
    inner = "".join(
        f'<w:font w:name="{name}">{f"""<w:altName w:val="{other}"/>""" if other else ""}<w:panose1 '
        f'w:val="{panose}"/><w:family w:val="{family}"/><w:pitch w:val="{pitch}"/></w:font>'
        for name, other, panose, family, pitch in _FONTS
    )
    return f"{_HEAD}<w:fonts {_W}>{inner}</w:fonts>"


def _core(sheet: Sheet, version: int) -> str:
    made = f"{sheet.made_on.isoformat()}T00:00:00Z"
    author = escape(sheet.author)
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(sheet.title)}</dc:title><dc:subject>{escape(sheet.number)}</dc:subject>"
        f"<dc:creator>{author}</dc:creator><cp:lastModifiedBy>{author}</cp:lastModifiedBy>"
        f"<cp:revision>{version}</cp:revision>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{made}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{made}</dcterms:modified>'
        f"<dc:language>zh-CN</dc:language></cp:coreProperties>"
    )


def _application() -> str:
    return f'{_HEAD}<Properties xmlns="{_OFFICE}/extended-properties"><Application>Panhuo</Application></Properties>'


def _facts(identity: Identity) -> tuple[tuple[str, str], ...]:
    return (
        ("kind", identity.kind), ("case_no", identity.case_no), ("number", identity.number),
        ("version", str(identity.version)), ("text_sha256", identity.text_sha256),
        ("sheet_sha256", identity.sheet_sha256),
    )  # fmt: skip


def _custom(identity: Identity) -> str:
    inner = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{n}" name="panhuo_{name}">'
        f"<vt:lpwstr>{escape(value)}</vt:lpwstr></property>"
        for n, (name, value) in enumerate(_facts(identity), 2)
    )
    return f'{_HEAD}<Properties xmlns="{_OFFICE}/custom-properties" xmlns:vt="{_OFFICE}/docPropsVTypes">{inner}</Properties>'


def _identity(identity: Identity, told: str) -> str:
    facts = " ".join(f"{name}={quoteattr(value)}" for name, value in _facts(identity))
    return f'{_HEAD}<contract xmlns="{IDENTITY_NAMESPACE}" {facts}>{escape(told)}</contract>'


def _item_properties() -> str:
    return (
        f'{_HEAD}<ds:datastoreItem xmlns:ds="{_OFFICE}/customXml" ds:itemID="{_ITEM_ID}"><ds:schemaRefs>'
        f'<ds:schemaRef ds:uri="{IDENTITY_NAMESPACE}"/></ds:schemaRefs></ds:datastoreItem>'
    )
