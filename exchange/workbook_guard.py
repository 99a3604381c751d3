"""Makes sure that a workbook cannot blow up in the reader, before the reader sees it.

A workbook is a zip of XML. The sizes in the zip's directory are only claims, so each part is really inflated
while its bytes are counted. The reader lays a sheet out as a full rectangle and copies a shared text into
each cell that shows it, so the extent of the cells and the length of the shown texts are measured too.
"""

import re
import zipfile
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO
from xml.parsers import expat

from exchange.tables import FileRefused

MOST_BYTES = 512 << 20
MOST_RATIO = 200
RATIO_FROM = 32 << 20
MOST_PARTS = 2_000
MOST_CELLS = 20_000_000
MOST_TEXT = 1 << 30
CHUNK = 1 << 20
OVERLAP = 64
SHARED = "xl/sharedStrings.xml"
SHEETS = "xl/worksheets/"

_CELL = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,9})([0-9]{1,12})["']""")
_MARKUP_PER_CELL = 3


def check_workbook(path: Path) -> None:
    """Refuse what is no xlsx, damaged or too large to be laid out in memory.

    Raises: FileRefused.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_archive(archive, path.stat().st_size)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise damaged() from error
    except (OSError, expat.ExpatError, ValueError) as error:
        raise damaged() from error


def damaged(sheet: str = "") -> FileRefused:
    """Return the refusal of a workbook, or of one sheet, that cannot be read."""
    where = f"工作表“{sheet}”" if sheet else "工作簿"
    return FileRefused(
        f"{where}已损坏，无法读取。请用电子表格打开确认后另存为 xlsx，再导入一次。",
        "The workbook is damaged. Open it, save it as xlsx again and import that.",
    )


def _check_archive(archive: zipfile.ZipFile, packed: int) -> None:
    parts = archive.infolist()
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise FileRefused(
            "这不是 xlsx 工作簿。请用电子表格打开，另存为 .xlsx 或 csv（UTF-8）后再导入。",
            "This is not an xlsx workbook. Save the list as .xlsx or csv.",
        )
    if len(parts) > MOST_PARTS:
        raise _too_large(f"工作簿内有 {len(parts)} 个部件")
    budget = _Budget(packed)
    longest = markup = 0
    for part in parts:
        with archive.open(part) as file:
            if part.filename.startswith(SHEETS):
                markup = max(markup, _measure_sheet(budget.read(file)))
            elif part.filename == SHARED:
                longest = max(map(len, _runs(budget.read(file))), default=0)
            else:
                for _ in budget.read(file):
                    pass
    if longest * markup // _MARKUP_PER_CELL > MOST_TEXT:
        _check_shown_text(archive, [part.filename for part in parts if part.filename.startswith(SHEETS)])


class _Budget:
    """Counts inflated bytes over all parts."""

    def __init__(self, packed: int) -> None:
        self.packed = packed
        self.total = 0

    def read(self, file: IO[bytes]) -> Iterator[bytes]:
        while chunk := file.read(CHUNK):
            self.total += len(chunk)
            if self.total > MOST_BYTES:
                raise _too_large(f"解压后超过 {MOST_BYTES >> 20} MB")
            if self.total > RATIO_FROM and self.total > MOST_RATIO * self.packed:
                raise _too_large(f"解压后膨胀到 {MOST_RATIO} 倍以上")
            yield chunk


def _measure_sheet(chunks: Iterator[bytes]) -> int:
    """Refuse cells that lie too far apart, and return the number of tags."""
    columns: set[bytes] = set()
    last_row, tags, tail = 0, 0, b""
    for chunk in chunks:
        tags += chunk.count(b"<")
        found = _CELL.findall(tail + chunk)
        tail = chunk[-OVERLAP:]
        if found:
            columns.update({column for column, _ in found})
            last_row = max(last_row, max(int(row) for _, row in found))
            if last_row * max(map(_column, columns)) > MOST_CELLS:
                raise _too_large("单元格分布的范围过大（可能在表格远处有零散内容）")
    return tags


def _runs(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the stretches between two tags; a stretch may cross chunks."""
    held = b""
    for chunk in chunks:
        *whole, held = (held + chunk).split(b"<")
        yield from whole
    yield held


def _check_shown_text(archive: zipfile.ZipFile, sheets: list[str]) -> None:
    """Add up the shared texts that the cells of each sheet show, and refuse too much of it."""
    lengths = array("q")
    with archive.open(SHARED) as file:
        _parse(file, "si", lambda text: lengths.append(len(text)))
    for name in sheets:
        shown = 0

        def add(text: str) -> None:
            nonlocal shown
            if text.isdecimal() and int(text) < len(lengths):
                shown += lengths[int(text)]

        with archive.open(name) as file:
            _parse(file, "v", add)
        if shown > MOST_TEXT:
            raise _too_large("单元格文字总量过大")


def _parse(file: IO[bytes], wanted: str, take: Callable[[str], object]) -> None:
    """Call `take` with the text inside each element of that name."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    held: list[str] = []

    def start(name: str, _attributes: object) -> None:
        if name.rpartition(" ")[2] == wanted:
            held.clear()

    def end(name: str) -> None:
        if name.rpartition(" ")[2] == wanted:
            take("".join(held))
            held.clear()

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = held.append
    parser.ParseFile(file)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _too_large(what: str) -> FileRefused:
    return FileRefused(
        f"{what}，为安全起见不予读取。请把清单拆成几个文件，或另存为 csv（UTF-8）后再导入。",
        "The workbook is too large to read. Split the list, or save it as csv.",
    )
