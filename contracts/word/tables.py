"""The tables of a contract without markup: read from the same templates as those of the PDF.

The templates of annexes and of tables inside clauses are this product's own: tables, notes and plain paragraphs.
So a row that the PDF shows is a row of the Word file, and nobody writes it twice. Widths are those of the style sheet.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment

from contracts.phrases import BLANK, cell
from templates import environment

Align = Literal["left", "center", "right"]
_ALIGNED: Mapping[str, Align] = {"c": "center", "r": "right"}
_STYLES = Path(__file__).resolve().parents[2] / "templates" / "contracts"
_WIDTH = re.compile(r"([^{}]+)\{\s*width:\s*([0-9.]+)mm")
_CLASS = re.compile(r"\.([a-z]+[0-9]+)\b")
_SKIPPED = frozenset({"svg", "style", "script"})


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; `columns` and `rows` say over how many it stretches. A line break is a line break."""

    text: str
    is_head: bool = False
    align: Align = "left"
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Grid:
    """One table: head rows that repeat, rows, and the width of each column in millimeters (None: what is left)."""

    name: str
    head: tuple[tuple[Cell, ...], ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """A paragraph beside a table: a note below it, or a sentence instead of it."""

    text: str
    is_note: bool


def plain_grid(rows: Sequence[Mapping[str, str]]) -> Grid:
    """Return rows of label and value as a table without a head."""
    return Grid("cover", (), tuple((Cell(row["label"]), Cell(row["value"])) for row in rows), (46.0, None))


def blocks_of(template: str, words: Mapping[str, Any]) -> tuple[Grid | Remark, ...]:
    """Return the tables and remarks that a template of an annex or of a table gives for these words."""
    reader = _Reader(_widths())
    reader.feed(_environment().get_template(template).render(words))
    reader.close()
    return tuple(reader.blocks)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return environment(cell=cell, blank=lambda text: text or BLANK)


@lru_cache(maxsize=1)
def _widths() -> Mapping[str, float]:
    css = (_STYLES / "contract.css").read_text(encoding="utf-8")
    return {
        name: float(width) for selectors, width in _WIDTH.findall(css) for name in _CLASS.findall(selectors)
    }


class _Reader(HTMLParser):
    """Collects tables and paragraphs; what it does not know is read for its text alone."""

    def __init__(self, widths: Mapping[str, float]) -> None:
        super().__init__()
        self.blocks: list[Grid | Remark] = []
        self._widths = widths
        self._columns: list[float | None] = []
        self._head: list[tuple[Cell, ...]] = []
        self._rows: list[tuple[Cell, ...]] = []
        self._row: list[Cell] = []
        self._in_head = self._in_table = False
        self._text: list[str] | None = None
        self._attributes: dict[str, str] = {}
        self._skipping = ""
        self._name = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin what a tag begins."""
        found = {name: value or "" for name, value in attrs}
        if self._skipping or tag in _SKIPPED:
            self._skipping = self._skipping or tag
        elif tag == "table":
            self._columns, self._head, self._rows, self._in_table = [], [], [], True
            self._name = found.get("class", "")
        elif tag == "col":
            self._columns.append(self._widths.get(found.get("class", "")))
        elif tag == "thead":
            self._in_head = True
        elif tag == "tr":
            self._row = []
        elif tag in ("td", "th") or (tag == "p" and not self._in_table):
            self._text, self._attributes = [], found
        elif tag == "br" and self._text is not None:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Close what a tag closes."""
        if self._skipping:
            self._skipping = "" if tag == self._skipping else self._skipping
        elif tag in ("td", "th"):
            self._row.append(self._cell(tag))
        elif tag == "tr":
            (self._head if self._in_head else self._rows).append(tuple(self._row))
        elif tag == "thead":
            self._in_head = False
        elif tag == "table":
            self._end_table()
        elif tag == "p" and not self._in_table and self._text is not None:
            self.blocks.append(Remark(self._taken(), "note" in self._attributes.get("class", "")))

    def handle_data(self, data: str) -> None:
        """Keep text inside a cell or paragraph; a line break of the template is a blank, as in HTML."""
        if self._text is not None and not self._skipping:
            self._text.append(re.sub(r"\s*\n\s*", " ", data))

    def _taken(self) -> str:
        text, self._text = "".join(self._text or ()), None
        return text.strip(" ")

    def _cell(self, tag: str) -> Cell:
        known = self._attributes
        aligned: Align = next((_ALIGNED[c] for c in known.get("class", "").split() if c in _ALIGNED), "left")
        is_head = tag == "th"
        return Cell(
            self._taken(), is_head, "center" if is_head else aligned,
            int(known.get("colspan", 1)), int(known.get("rowspan", 1)),
        )  # fmt: skip

    def _end_table(self) -> None:
        self._in_table = False
        first = next(iter((*self._head, *self._rows)), ())
        count = sum(one.columns for one in first)
        columns = (self._columns + [None] * count)[:count]
        self.blocks.append(Grid(self._name, tuple(self._head), tuple(self._rows), tuple(columns)))
