"""A long table as plain values: columns, rows, and the pages it lies on.

In: rows of text. Out: nothing rendered; what the fast engine needs to draw the table as the style sheet would. Where
the table stands, the HTML of the document holds `placeholder(name)`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

LONG_FROM = 30  # Rows; below, one engine for the whole document costs no more (bench/annex.py).
LONGEST_CELL = 300  # Characters; a row that fills a page is left to the engine that can break it.


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head (also in English), its width in mm or None for what is left, and how a row of words fills it."""

    head: str
    width: float | None
    text: str
    english: str
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
    Column("序号", 10, "{n}", "No."),
    Column("专利号\n（申请号）", 38, "{patent_no}\n（{application_no}）", "Patent no. (application no.)"),
    Column("发明创造名称", None, "{title}", "Title", centered=False),
    Column("类型", 25, "{kind}", "Type"),
    Column("专利申请人、\n专利权人", 40, "{owners}", "Applicants, patentees", centered=False),
    Column("发明人\n（设计人）", 36, "{inventors}", "Inventors", centered=False),
    Column("申请日", 20, "{filing_date}", "Filing date"),
    Column("授权\n公告日", 20, "{grant_date}", "Grant date"),
    Column("有效期限\n届满日", 20, "{term_end}", "Expiry date"),
)


def in_both(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Return the columns with the English of their heads below the Chinese."""
    return tuple(replace(column, head=f"{column.head}\n{column.english}") for column in columns)


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
