"""The running text of a Word file in one state of its tracked changes: all accepted, or all rejected.

A paragraph whose mark was deleted runs on into the next one when changes are accepted; one whose mark was inserted
does so when they are rejected. Contents and field codes are no words of the contract; results of fields are.
"""

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass

from contracts.word.markup import MARK

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_NUMBER = re.compile(
    r"^\s*(第[零一二三四五六七八九十百〇0-9]+条|附件[一二三四五六七八九十]+|\d+(?:\.\d+)+|[（(][一二三四五六七八九十]+[）)])"
    r"[\s、.．]*"
)
_CHARACTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
_ALWAYS = frozenset(
    {
        "hyperlink",
        "smartTag",
        "sdt",
        "sdtContent",
        "customXml",
        "fldSimple",
        "r",
        "dir",
        "bdo",
        "ruby",
        "rubyBase",
    }
)
_WHEN_ACCEPTED, _WHEN_REJECTED = frozenset({"ins", "moveTo"}), frozenset({"del", "moveFrom"})
_BOXES = frozenset({"drawing", "pict", "object"})


@dataclass(frozen=True, slots=True)
class Found:
    """One paragraph or table row that was read, its number included. `names` are this product's bookmarks at it."""

    text: str
    names: tuple[str, ...] = ()
    in_table: bool = False


def tag_of(node: ET.Element) -> str:
    """Return the local name of an element; another vocabulary's are empty."""
    tag = node.tag
    if not isinstance(tag, str):
        return ""
    if tag.startswith(_W):
        return tag[len(_W) :]
    return (
        tag[len(_STRICT) :]
        if tag.startswith(_STRICT)
        else tag.rpartition("}")[2]
        if "AlternateContent" in tag
        else ""
    )


def value_of(node: ET.Element, name: str = "val") -> str:
    """Return an attribute of Word's vocabulary, or the empty text."""
    return node.get(_W + name) or node.get(_STRICT + name) or ""


def split_number(text: str) -> tuple[str, str]:
    """Return the literal number at the beginning of a paragraph, and the rest."""
    found = _NUMBER.match(text)
    return (found[1], text[found.end() :]) if found else ("", text)


class Flow:
    """Collects passages of a part of a Word file."""

    def __init__(self, *, accept: bool) -> None:
        self.found: list[Found] = []
        self.boxes: list[str] = []
        self._accept = accept
        self._fields: list[list[str]] = []
        self._names: list[str] = []
        self._held: list[str] = []

    def read(self, parent: ET.Element) -> None:
        """Read the paragraphs and tables of an element in order."""
        for node in parent:
            self._block(node)
        if self._held:
            self._close()

    def _block(self, node: ET.Element) -> None:
        name = tag_of(node)
        if name == "p":
            self._paragraph(node)
        elif name == "tbl":
            for row in _rows(node):
                self._row(row)
        elif name == "bookmarkStart":
            self._bookmark(node)
        elif name in ("sdt", "sdtContent", "customXml", *_WHEN_ACCEPTED, *_WHEN_REJECTED) and self._is_read(
            name
        ):
            for inner in node:
                self._block(inner)

    def _is_read(self, name: str) -> bool:
        return name not in (_WHEN_REJECTED if self._accept else _WHEN_ACCEPTED)

    def _paragraph(self, node: ET.Element) -> None:
        was_in_contents = self._is_in_contents()
        text = self._inline(node)
        if (
            was_in_contents
            or self._is_in_contents()
            or _style(node).upper().startswith("TOC")
            or "\0" in text
        ):
            self._names.clear()
            return
        self._held.append(text)
        if not self._runs_on(node):
            self._close()

    def _runs_on(self, node: ET.Element) -> bool:
        """Whether the mark of a paragraph is not there in this state of the changes."""
        marks = {
            tag_of(inner)
            for props in node
            if tag_of(props) == "pPr"
            for r in props
            if tag_of(r) == "rPr"
            for inner in r
        }
        return bool(marks & (_WHEN_REJECTED if self._accept else _WHEN_ACCEPTED))

    def _close(self) -> None:
        text = "".join(self._held)
        names, self._held, self._names = tuple(self._names), [], []
        if text.strip() and "".join(text.split()) != "目录":
            self.found.append(Found(text.strip(), names))

    def _row(self, row: ET.Element) -> None:
        marks = {tag_of(inner) for props in row if tag_of(props) == "trPr" for inner in props}
        if marks & (_WHEN_REJECTED if self._accept else _WHEN_ACCEPTED):
            return
        cells = [self._cell(cell) for cell in _cells(row) if not _continues(cell)]
        names, self._names = tuple(self._names), []
        if any(cell.strip() for cell in cells):
            self.found.append(Found(" | ".join(cells), names, in_table=True))

    def _cell(self, cell: ET.Element) -> str:
        inner = Flow(accept=self._accept)
        lines = [inner._inline(paragraph) for paragraph in cell.iter() if tag_of(paragraph) == "p"]
        self._names.extend(inner._names)
        self.boxes.extend(inner.boxes)
        return "\n".join(lines).strip("\n")

    def _inline(self, node: ET.Element) -> str:
        """Return the words of a paragraph; a mark inside says that it belongs to the contents."""
        pieces: list[str] = []
        self._collect(node, pieces)
        return "".join(pieces)

    def _collect(self, parent: ET.Element, pieces: list[str]) -> None:
        for node in parent:
            name = tag_of(node)
            if name == "bookmarkStart":
                self._bookmark(node)
            elif name in _WHEN_ACCEPTED | _WHEN_REJECTED:
                if self._is_read(name):
                    self._collect(node, pieces)
            elif name in ("t", "delText"):
                if not self._is_in_code():
                    pieces.append(node.text or "")
            elif name in _CHARACTERS:
                pieces.append(_CHARACTERS[name])
            elif name in ("fldChar", "instrText", "delInstrText"):
                self._field(node, name, pieces)
            elif name in _BOXES:
                self._boxes(node)
            elif name == "AlternateContent":
                self._alternatives(node, pieces)
            elif name in _ALWAYS:
                self._collect(node, pieces)

    def _alternatives(self, node: ET.Element, pieces: list[str]) -> None:
        """Read the first of the forms in which the same content is given."""
        for choice in node:
            if choice.tag.endswith(("}Choice", "}Fallback")):
                self._collect(choice, pieces)
                return

    def _field(self, node: ET.Element, name: str, pieces: list[str]) -> None:
        if name != "fldChar":
            if self._fields:
                self._fields[-1][0] += node.text or ""
                if self._is_in_contents():
                    pieces.append("\0")
            return
        kind = value_of(node, "fldCharType")
        if kind == "begin":
            self._fields.append(["", "code"])
        elif kind == "separate" and self._fields:
            self._fields[-1][1] = "result"
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _is_in_code(self) -> bool:
        return any(state == "code" for _, state in self._fields)

    def _is_in_contents(self) -> bool:
        return any(code.lstrip().upper().startswith("TOC") for code, _ in self._fields)

    def _boxes(self, node: ET.Element) -> None:
        """Keep the words of text boxes apart: they stand beside the text."""
        for box in node.iter():
            if tag_of(box) == "txbxContent":
                inner = Flow(accept=self._accept)
                inner.read(box)
                self.boxes.extend(found.text for found in inner.found)

    def _bookmark(self, node: ET.Element) -> None:
        name = value_of(node, "name")
        if name.startswith(MARK):
            self._names.append(name)


def _rows(table: ET.Element) -> list[ET.Element]:
    """Return the rows of a table, also those inside content controls; rows of inner tables belong to their cell."""
    return [row for node in table for row in _direct(node, "tr", "tbl")]


def _cells(row: ET.Element) -> list[ET.Element]:
    return [cell for node in row for cell in _direct(node, "tc", "tr")]


def _direct(node: ET.Element, wanted: str, stop: str) -> list[ET.Element]:
    name = tag_of(node)
    if name == wanted:
        return [node]
    if name in ("sdt", "sdtContent", "customXml", *_WHEN_ACCEPTED, *_WHEN_REJECTED) and name != stop:
        return [found for inner in node for found in _direct(inner, wanted, stop)]
    return []


def _continues(cell: ET.Element) -> bool:
    """Whether a cell only continues the one above it."""
    for properties in cell:
        if tag_of(properties) == "tcPr":
            return any(tag_of(inner) == "vMerge" and value_of(inner) != "restart" for inner in properties)
    return False


def _style(paragraph: ET.Element) -> str:
    for properties in paragraph:
        if tag_of(properties) == "pPr":
            return next((value_of(inner) for inner in properties if tag_of(inner) == "pStyle"), "")
    return ""
