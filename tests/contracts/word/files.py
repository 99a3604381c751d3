"""Word files of the sample contracts, changed as other people's Word would: no real document is needed."""

import io
import re
import zipfile
from collections.abc import Callable
from xml.sax.saxutils import escape

from contracts.view import CaseView
from contracts.word.package import build_docx, zipped
from contracts.word.sheet import Passage, passages, sheet_of
from tests.contracts import (
    equity_samples,
    samples,
    test_development,
    test_open_license,
    test_patent_pool,
    test_transfer,
)

MAIN = "word/document.xml"
BY = 'w:author="王䶮" w:date="2026-02-03T10:00:00Z"'
VIEWS: dict[str, Callable[[], CaseView]] = {
    "ordinary_license": lambda: samples.view("ordinary_license"),
    "sole_license": lambda: samples.view("sole_license"),
    "exclusive_license": lambda: samples.view("exclusive_license"),
    "transfer": lambda: test_transfer.view(**test_transfer.FULL),
    "equity": equity_samples.view,
    "patent_pool": test_patent_pool.paper,
    "development": test_development.paper,
    "open_license": test_open_license._accepted,
}
KINDS = {"open_license": "acceptance_contract"}


def sent(view: CaseView | None = None, kind: str = "contract") -> tuple[bytes, tuple[Passage, ...]]:
    """The Word file of a contract, and its passages as they are kept."""
    sheet = sheet_of(view or samples.view(), kind)
    return build_docx(sheet), passages(sheet)


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_parts(data: bytes, **parts: bytes) -> bytes:
    return zipped({**parts_of(data), **parts})


def edited(data: bytes, *changes: tuple[str, str]) -> bytes:
    """The file after replacing pieces of its XML, each of which must be there."""
    text = parts_of(data)[MAIN].decode()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return zipped({**parts_of(data), MAIN: text.encode()})


def run(text: str, *, deleted: bool = False) -> str:
    name = "delText" if deleted else "t"
    return f'<w:r><w:{name} xml:space="preserve">{escape(text)}</w:{name}></w:r>'


def cut(text: str) -> tuple[str, str]:
    """End and begin of a run around a tracked change inside running text."""
    return "</w:t></w:r>" + text + '<w:r><w:t xml:space="preserve">', text


def replaced(old: str, new: str) -> str:
    """A tracked replacement inside a run of text."""
    gone = f'<w:del w:id="901" {BY}>{run(old, deleted=True)}</w:del>' if old else ""
    come = f'<w:ins w:id="902" {BY}>{run(new)}</w:ins>' if new else ""
    return cut(gone + come)[0]


def paragraph_with(data: bytes, words: str) -> str:
    """The XML of the first paragraph that holds these words."""
    text = parts_of(data)[MAIN].decode()
    found: list[str] = re.findall(r"<w:p>.*?</w:p>", text, re.DOTALL)
    return next(one for one in found if words in one and "hyperlink" not in one)


def without_bookmarks(data: bytes) -> bytes:
    text = re.sub(r"<w:bookmark(?:Start|End)[^>]*/>", "", parts_of(data)[MAIN].decode())
    return zipped({**parts_of(data), MAIN: text.encode()})
