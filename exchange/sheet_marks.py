"""What a sheet of a workbook shows beside its values: merged cells, hidden rows and columns, formulas never computed.

The reader of the values does not tell these. They are read from the sheet's XML, after the workbook was found safe.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.parsers import expat

from exchange.tables import FileRefused, Line
from exchange.workbook_guard import damaged

MOST_MERGED = 200_000
MOST_UNSAVED = 1_000_000
_PLACE = re.compile(r"^\$?([A-Za-z]{1,3})\$?(\d{1,7})$")
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships id"


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged range: rows count from 1, columns from 0, all inclusive."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one sheet. `unsaved` are the places (row, column) of formulas without a stored value."""

    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[Merged, ...] = ()
    unsaved: frozenset[tuple[int, int]] = frozenset()


NO_MARKS = Marks()


def marks_of(path: Path, sheet: str) -> Marks:
    """Return the marks of a sheet of a workbook that `check_workbook` has passed.

    Raises: FileRefused if it is damaged, or has more merged cells than a list can have.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            part = _part_of(archive, sheet)
            if part not in archive.namelist():
                return NO_MARKS
            with archive.open(part) as file:
                return _Reader().read(file)
    except (zipfile.BadZipFile, expat.ExpatError, OSError, KeyError, ValueError) as error:
        raise damaged(sheet) from error


def column_letters(index: int) -> str:
    """Return the letters of a column that counts from 0: A, B … Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def unmerged(lines: Iterator[Line], marks: Marks, *, across: bool = False) -> Iterator[Line]:
    """Yield the lines with the value of each merged range repeated downwards; with `across`, also to the right."""
    waiting = sorted(marks.merged, key=lambda range_: (-range_.top, -range_.left))
    held: list[tuple[Merged, str]] = []
    for line in lines:
        while waiting and waiting[-1].top <= line.number:
            range_ = waiting.pop()
            held.append((range_, line.cells[range_.left] if range_.left < len(line.cells) else ""))
        held = [(range_, value) for range_, value in held if range_.bottom >= line.number]
        yield _repeated(line, held, across) if held else line


def _repeated(line: Line, held: list[tuple[Merged, str]], across: bool) -> Line:
    cells = list(line.cells)
    for range_, value in held:
        for column in range(range_.left, (min(range_.right, len(cells) - 1) if across else range_.left) + 1):
            if column < len(cells):
                cells[column] = value
    return Line(line.number, tuple(cells), line.fault)


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """Return the name of the part that holds a sheet."""
    found = dict(_elements(archive, "xl/workbook.xml", "sheet", "name", _RELATION))
    relations = _elements(archive, "xl/_rels/workbook.xml.rels", "Relationship", "Id", "Target")
    target = dict(relations).get(found.get(sheet, ""), "")
    return target.lstrip("/") if target.startswith(("/", "xl/")) else f"xl/{target}"


def _elements(archive: zipfile.ZipFile, part: str, name: str, *wanted: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []

    def start(element: str, attributes: dict[str, str]) -> None:
        if element.rpartition(" ")[2] == name:
            first, second = (attributes.get(key, "") for key in wanted)
            found.append((first, second))

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    with archive.open(part) as file:
        parser.ParseFile(file)
    return found


class _Reader:
    """Collects the marks while the sheet's XML streams by."""

    def __init__(self) -> None:
        self._rows: set[int] = set()
        self._columns: set[int] = set()
        self._merged: list[Merged] = []
        self._unsaved: set[tuple[int, int]] = set()
        self._cell = ""
        self._formula = self._value = self._in_value = False

    def read(self, file: IO[bytes]) -> Marks:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        parser.ParseFile(file)
        return Marks(
            frozenset(self._rows), frozenset(self._columns), tuple(self._merged), frozenset(self._unsaved)
        )

    def _start(self, element: str, attributes: dict[str, str]) -> None:
        name = element.rpartition(" ")[2]
        if name == "c":
            self._cell, self._formula, self._value = attributes.get("r", ""), False, False
        elif name == "f":
            self._formula = True
        elif name in ("v", "t"):
            self._in_value = True
        elif name == "row" and attributes.get("hidden") in ("1", "true"):
            self._rows.add(int(attributes.get("r", "0")))
        elif name == "col" and attributes.get("hidden") in ("1", "true"):
            first, last = int(attributes.get("min", "1")), int(attributes.get("max", "1"))
            self._columns.update(range(first - 1, min(last, 16_384)))
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def _text(self, text: str) -> None:
        if self._in_value and text:
            self._value = True

    def _end(self, element: str) -> None:
        name = element.rpartition(" ")[2]
        if name in ("v", "t"):
            self._in_value = False
        elif name == "c" and self._is_unsaved() and len(self._unsaved) < MOST_UNSAVED:
            column, row = _place(self._cell)
            self._unsaved.add((row, column))

    def _is_unsaved(self) -> bool:
        return self._formula and not self._value and bool(self._cell)

    def _merge(self, reference: str) -> None:
        if len(self._merged) >= MOST_MERGED:
            raise FileRefused(
                f"合并单元格超过{MOST_MERGED}处，不是逐行的清单。请取消合并后重新导入。",
                "There are too many merged cells. Unmerge them and import the sheet again.",
            )
        first, _, last = reference.partition(":")
        left, top = _place(first)
        right, bottom = _place(last or first)
        self._merged.append(Merged(top, left, bottom, right))


def _place(reference: str) -> tuple[int, int]:
    """Return column (from 0) and row (from 1) of a reference such as B5."""
    found = _PLACE.match(reference)
    if found is None:
        raise ValueError(reference)
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - 64
    return column - 1, int(found[2])
