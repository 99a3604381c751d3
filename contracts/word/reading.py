"""A Word file read back: its words with all tracked changes accepted and with all rejected, comments, the rest.

In: the bytes of a file from outside, checked by `received.word_files` first. Out: passages as Word or WPS would show
them. Nothing outside the file is looked at. Text boxes, notes, head and foot are read too: words may hide in them.
Source: ECMA-376 part 1 §17
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal

from contracts.received.word_files import Package, open_package
from contracts.word.flow import Flow, Found, tag_of, value_of
from contracts.word.package import IDENTITY_NAMESPACE, Identity

RevisionKind = Literal["insert", "delete", "move_from", "move_to"]
_REVISIONS: dict[str, RevisionKind] = {
    "ins": "insert", "del": "delete", "moveFrom": "move_from", "moveTo": "move_to",
}  # fmt: skip
# The parts beside the text, by the beginning of their names.
_BESIDE = (("header", "页眉"), ("footer", "页脚"), ("footnotes", "脚注"), ("endnotes", "尾注"))


@dataclass(frozen=True, slots=True)
class Revision:
    """One tracked change as Word recorded it. `place` is the words of the paragraph in which it stands."""

    kind: RevisionKind
    author: str
    on: str
    text: str
    place: str


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment; `place` are the words that it is about."""

    author: str
    on: str
    text: str
    place: str


@dataclass(frozen=True, slots=True)
class Aside:
    """Words outside the running text: where, and what they are with all changes accepted."""

    where: str
    text: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """A Word file that came back. `accepted` and `rejected` are its passages in both states of tracked changes."""

    sha256: str
    accepted: tuple[Found, ...]
    rejected: tuple[Found, ...]
    revisions: tuple[Revision, ...] = ()
    comments: tuple[Comment, ...] = ()
    asides: tuple[Aside, ...] = ()
    identity: Identity | None = None
    remarks: tuple[tuple[str, str], ...] = field(default=())


def read_docx(data: bytes) -> Incoming:
    """Read a Word file that came back.

    Raises: NotAccepted, in Chinese, for what cannot or may not be read.
    """
    package = open_package(data)
    root = ET.fromstring(package.parts[package.main])  # noqa: S314 - `received.word_files` has refused entities and doctypes.
    body = next((node for node in root if tag_of(node) == "body"), root)
    accepted, rejected = Flow(accept=True), Flow(accept=False)
    accepted.read(body)
    rejected.read(body)
    beside = tuple(_beside(package))
    boxes = tuple(Aside("文本框", text) for text in dict.fromkeys(accepted.boxes))
    return Incoming(
        sha256=sha256(data).hexdigest(),
        accepted=tuple(accepted.found),
        rejected=tuple(rejected.found),
        revisions=(
            *_revisions(root),
            *(one for aside in _beside_roots(package) for one in _revisions(aside[1])),
        ),
        comments=tuple(_comments(package, root)),
        asides=(*beside, *boxes),
        identity=_identity(package),
        remarks=package.remarks,
    )


def _revisions(root: ET.Element) -> Iterator[Revision]:
    """Yield the tracked changes of a part, paragraph by paragraph; changes of format alone are none."""
    for paragraph in _all(root, "p"):
        place = _text(paragraph)
        for node in paragraph.iter():
            kind = _REVISIONS.get(tag_of(node))
            text = _text(node) if kind else ""
            if kind and text:
                yield Revision(kind, value_of(node, "author"), value_of(node, "date")[:10], text, place[:60])


def _text(node: ET.Element) -> str:
    return "".join(inner.text or "" for inner in node.iter() if tag_of(inner) in ("t", "delText"))


def _all(root: ET.Element, name: str) -> Iterator[ET.Element]:
    return (node for node in root.iter() if tag_of(node) == name)


def _comments(package: Package, root: ET.Element) -> Iterator[Comment]:
    content = package.parts.get("word/comments.xml")
    if content is None:
        return
    about = _commented(root)
    for node in _all(_parsed(content), "comment"):
        text = "\n".join(filter(None, (_text(paragraph) for paragraph in _all(node, "p"))))
        place = about.get(value_of(node, "id"), "")
        yield Comment(value_of(node, "author"), value_of(node, "date")[:10], text, place[:120])


def _commented(root: ET.Element) -> dict[str, str]:
    """Return the words between start and end of each comment's range, by the comment's number."""
    words: dict[str, str] = {}
    running: set[str] = set()
    for node in root.iter():
        name = tag_of(node)
        if name == "commentRangeStart":
            running.add(value_of(node, "id"))
        elif name == "commentRangeEnd":
            running.discard(value_of(node, "id"))
        elif name in ("t", "delText"):
            for number in running:
                words[number] = words.get(number, "") + (node.text or "")
    return words


def _parsed(content: bytes) -> ET.Element:
    return ET.fromstring(content)  # noqa: S314 - `received.word_files` has refused entities and doctypes.


def _beside_roots(package: Package) -> Iterator[tuple[str, ET.Element]]:
    for name, content in sorted(package.parts.items()):
        where = next((zh for start, zh in _BESIDE if name.startswith(f"word/{start}")), "")
        if where and name.endswith(".xml"):
            yield where, _parsed(content)


def _beside(package: Package) -> Iterator[Aside]:
    for where, root in _beside_roots(package):
        flow = Flow(accept=True)
        for part in [root] if where in ("页眉", "页脚") else list(root):
            flow.read(part)
        for text in (*(found.text for found in flow.found), *flow.boxes):
            yield Aside(where, text)


def _identity(package: Package) -> Identity | None:
    """Return what the file says of itself, from its own XML part or from its properties."""
    for name, content in package.parts.items():
        if (
            name.startswith("customXml/item")
            and name.endswith(".xml")
            and IDENTITY_NAMESPACE.encode() in content
        ):
            root = _parsed(content)
            if root.tag == f"{{{IDENTITY_NAMESPACE}}}contract":
                return _identified(dict(root.attrib))
    properties = package.parts.get("docProps/custom.xml")
    if properties is None:
        return None
    return _identified(
        {
            node.get("name", "").removeprefix("panhuo_"): "".join(node.itertext())
            for node in _parsed(properties)
            if node.get("name", "").startswith("panhuo_")
        }
    )


def _identified(facts: dict[str, str]) -> Identity | None:
    version = facts.get("version", "")
    if not version.isascii() or not version.isdigit() or len(version) > 6:
        return None
    return Identity(
        facts.get("kind", ""), facts.get("case_no", ""), facts.get("number", ""), int(version),
        facts.get("text_sha256", ""), facts.get("sheet_sha256", ""),
    )  # fmt: skip
