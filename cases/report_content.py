"""What a report says, before it is written to any file: figures, each defined, and sheets with the rows behind them.

A figure is computed from the rows of its sheet and from nothing else, so that opening it always shows what it counts.
Money is integer fen, days are ISO text, and everything has one canonical JSON form: its hash tells whether anything
has changed since the last version.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from hashlib import sha256
from statistics import median_low
from typing import Any, Literal, TypeVar

import orjson

from rules.packs import RuleBook, UnknownRule

Cell = str | int | None
Shape = Literal["text", "count", "money", "wan", "day"]
How = Literal["count", "sum", "median", "most", "share"]
YES, NO = "是", "否"
MOST_TOLD = 100
UNITS: Mapping[str, tuple[str, str]] = {"money": ("（元）", " (CNY)"), "wan": ("（万元）", " (10,000 CNY)")}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet. `shape` says how its cells are shown: money is fen, shown in 元 or in 万元 (`wan`).

    `rule_id`, `article` and `confidence` tell what asks for the column; `note` what stands in it.
    """

    key: str
    zh: str
    en: str
    shape: Shape = "text"
    note: str = ""
    rule_id: str = ""
    article: str = ""
    confidence: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `case_id` opens the case behind it, `event` is the step that settles it, where there is one."""

    cells: tuple[Cell, ...]
    case_id: int | None = None
    event: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A named table. The first `keys` columns tell two rows apart when versions are compared."""

    key: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    keys: int = 1

    def place_of(self, column: str) -> int:
        """Return where a column stands."""
        return next(place for place, one in enumerate(self.columns) if one.key == column)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a report, with its definition and the rows behind it.

    Behind it are the rows of `sheet` whose columns hold what `where` says. `how` makes the number of them, from the
    column `of` unless they are counted. `share` is in basis points, sums of money in fen; None if nothing can be said.
    """

    key: str
    zh: str
    en: str
    note: str
    sheet: str
    how: How = "count"
    of: str = ""
    where: tuple[tuple[str, str], ...] = ()
    shape: Shape | Literal["percent", "days"] = "count"
    value: int | None = None
    rule_id: str = ""
    article: str = ""
    confidence: str = ""


Cited = TypeVar("Cited", Column, Figure)


def ruled(thing: Cited, rule_id: str, book: RuleBook, on: date) -> Cited:
    """Return a column or figure with the rule that asks for it; before its first version, that version stands in."""
    try:
        rule = book.rule(rule_id, on)
    except UnknownRule:
        rule = book.versions_of(rule_id)[0]
    return replace(thing, rule_id=rule_id, article=rule.article, confidence=rule.confidence)


@dataclass(frozen=True, slots=True)
class Content:
    """All that a report says. `notes` are sentences for its front page."""

    figures: tuple[Figure, ...]
    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...] = ()

    def sheet(self, key: str) -> Sheet:
        """Return a sheet by its key."""
        return next(sheet for sheet in self.sheets if sheet.key == key)

    def behind(self, figure: Figure) -> tuple[Row, ...]:
        """Return the rows that a figure is made of."""
        sheet = self.sheet(figure.sheet)
        wanted = [(sheet.place_of(column), value) for column, value in figure.where]
        return tuple(row for row in sheet.rows if all(row.cells[place] == value for place, value in wanted))

    @property
    def rows(self) -> int:
        """How many rows all sheets have."""
        return sum(len(sheet.rows) for sheet in self.sheets)

    def counted(self) -> "Content":
        """Return the content with every figure computed from its rows."""
        return replace(self, figures=tuple(replace(one, value=self._value(one)) for one in self.figures))

    def _value(self, figure: Figure) -> int | None:
        rows = self.behind(figure)
        if figure.how == "count":
            return len(rows)
        place = self.sheet(figure.sheet).place_of(figure.of)
        cells = [row.cells[place] for row in rows]
        if figure.how == "share":
            return share([cell == YES for cell in cells])
        return _OVER[figure.how]([cell for cell in cells if isinstance(cell, int)])


def share(holds: Sequence[bool]) -> int | None:
    """Return how many of all hold, in basis points, halves rounded up; None of nothing."""
    return (sum(holds) * 20_000 + len(holds)) // (2 * len(holds)) if holds else None


_OVER: Mapping[str, Callable[[list[int]], int | None]] = {
    "sum": sum,
    "median": lambda values: median_low(values) if values else None,
    "most": lambda values: max(values, default=None),
}


def canonical(content: Content) -> bytes:
    """Return the one JSON form of a content."""
    return orjson.dumps(asdict(content), option=orjson.OPT_SORT_KEYS)


def content_hash(stored: bytes) -> str:
    """Return the hash of a canonical form."""
    return sha256(stored).hexdigest()


def content_of(stored: str | bytes) -> Content:
    """Read what `canonical` wrote."""
    told = orjson.loads(stored)
    figures = (Figure(**{**one, "where": tuple(map(tuple, one["where"]))}) for one in told["figures"])
    return Content(tuple(figures), tuple(map(_sheet, told["sheets"])), tuple(told["notes"]))


def _sheet(told: dict[str, Any]) -> Sheet:
    columns = tuple(Column(**one) for one in told["columns"])
    rows = tuple(Row(**{**one, "cells": tuple(one["cells"])}) for one in told["rows"])
    return Sheet(**{**told, "columns": columns, "rows": rows})


def differences(before: Content, after: Content) -> tuple[str, ...]:
    """Tell in Chinese how a version differs from the one before: figures first, then rows by sheet."""
    lines = [*_figures_changed(before, after), *_rows_changed(before, after)]
    if not lines:
        lines = ["栏目、口径或者说明有变，数据未变"]
    more = len(lines) - MOST_TOLD
    return (*lines[:MOST_TOLD], *([f"另有{more}处不同，见各工作表"] if more > 0 else []))


def _figures_changed(before: Content, after: Content) -> list[str]:
    old = {figure.key: figure for figure in before.figures}
    return [
        f"{figure.zh}：{shown(old[figure.key])} → {shown(figure)}"
        for figure in after.figures
        if figure.key in old and old[figure.key].value != figure.value
    ]


def _rows_changed(before: Content, after: Content) -> list[str]:
    lines = []
    sheets = {sheet.key: sheet for sheet in before.sheets}
    for sheet in after.sheets:
        old = sheets.get(sheet.key, replace(sheet, rows=()))
        gone, come = _only_in(old, sheet), _only_in(sheet, old)
        changed = gone.keys() & come.keys()
        lines += [f"{sheet.zh}：修改 {name}" for name in come if name in changed]
        lines += [f"{sheet.zh}：新增 {name}" for name in come if name not in changed]
        lines += [f"{sheet.zh}：移除 {name}" for name in gone if name not in changed]
    return lines


def _only_in(one: Sheet, other: Sheet) -> dict[str, int]:
    """Return the names of rows that one version has more often than the other, in order."""
    left = Counter(row.cells for row in one.rows)
    left.subtract(Counter(row.cells for row in other.rows))
    return {" ".join(str(cell) for cell in cells[: one.keys]): n for cells, n in left.items() if n > 0}


def shown(figure: Figure) -> str:
    """Return a figure's value as people read it, with its unit in Chinese."""
    return "—" if figure.value is None else _SHOWN[figure.shape](figure.value)


def _yuan(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02d}元"


def _wan(fen: int) -> str:
    """Show 万元 exactly: two decimals, and more only where there are more."""
    decimals = f"{fen % 1_000_000:06d}".rstrip("0").ljust(2, "0")
    return f"{fen // 1_000_000:,}.{decimals}万元"


_SHOWN: Mapping[str, Callable[[int], str]] = {
    "count": lambda value: f"{value:,}",
    "money": _yuan,
    "wan": _wan,
    "percent": lambda value: f"{value // 100}.{value % 100:02d}%",
    "days": lambda value: f"{value}天",
}


def headed(thing: Column | Figure) -> tuple[str, str]:
    """Return the name of a column or figure in both languages, with the unit of its money."""
    zh, en = UNITS.get(thing.shape, ("", ""))
    return thing.zh + zh, thing.en + en


def shown_cell(cell: Cell, shape: str) -> str:
    """Return a cell as people read it; money without its unit, which the heading names."""
    if cell is None or cell == "":
        return ""
    if isinstance(cell, str):
        return cell
    return _SHOWN[shape](cell).removesuffix("万元").removesuffix("元") if shape in _SHOWN else str(cell)
