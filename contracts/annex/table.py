"""A long table as plain values: columns, rows, and the pages it lies on.

In: rows of text. Out: nothing rendered; what the fast engine needs to draw the table as the style sheet would. Where
the table stands, the HTML of the document holds `placeholder(name)`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

LONG_FROM = 30  # Rows; below, one engine for the whole document costs no more (bench/annex.py).
LONGEST_CELL = 300  # Characters; a row that fills a page is left to the engine that can break it.


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, its width in mm or None for what is left, and how a row of words fills it."""

    head: str
    width: float | None
    text: str
    centered: bool = True

    @property
    def head_lines(self) -> list[str]:
        """The head, line by line."""
        return self.head.split("\n")

    def lines(self, row: Mapping[str, Any]) -> list[str]:
        """Return a row's cell, line by line."""
        return self.text.format_map(row).split("\n")


@dataclass(frozen=True, slots=True)
class Area:
    """Where tables lie on a page, in mm: the size of the page and its margins, as `@page wide` has them."""

    page_width: float = 297
    page_height: float = 210
    top: float = 24
    bottom: float = 20
    left: float = 20
    right: float = 20

    @property
    def width(self) -> float:
        """The width between the margins."""
        return self.page_width - self.left - self.right

    @property
    def height(self) -> float:
        """The height between the margins."""
        return self.page_height - self.top - self.bottom


@dataclass(frozen=True, slots=True)
class LongTable:
    """A table for the fast engine. `rows` hold one list of lines per column."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[tuple[str, ...], ...], ...]
    area: Area = Area()


# The list of patents. Widths, sizes and margins are those of `.patents` in contract.css; a test compares them.
PATENT_COLUMNS = (
    Column("序号", 10, "{n}"),
    Column("专利号\n（申请号）", 38, "{patent_no}\n（{application_no}）"),
    Column("发明创造名称", None, "{title}", centered=False),
    Column("类型", 25, "{kind}"),
    Column("专利申请人、\n专利权人", 40, "{owners}", centered=False),
    Column("发明人\n（设计人）", 36, "{inventors}", centered=False),
    Column("申请日", 20, "{filing_date}"),
    Column("授权\n公告日", 20, "{grant_date}"),
    Column("有效期限\n届满日", 20, "{term_end}"),
)


def long_table(name: str, columns: tuple[Column, ...], rows: Iterable[Mapping[str, Any]]) -> LongTable:
    """Return a table of rows of words."""
    cells = tuple(tuple(tuple(column.lines(row)) for column in columns) for row in rows)
    return LongTable(name, columns, cells)


def is_for_fast_engine(table: LongTable) -> bool:
    """Say whether the fast engine is worth its start and can set the table: many rows, none of them huge."""
    if len(table.rows) < LONG_FROM:
        return False
    return all(sum(map(len, cell)) <= LONGEST_CELL for row in table.rows for cell in row)


def placeholder(name: str) -> str:
    """Return what stands in the HTML where the fast engine's table will lie."""
    return f'<div class="long-table" data-table="{name}"></div>'
