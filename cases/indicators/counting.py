"""Counts the indicators by set-based SQL: one statement per kind of rows, whatever the number of figures over them.

In: a scope and the definitions an institution has chosen. Out: figures with their parts, and pages of the rows behind each.
A figure without anything recorded is None, never zero.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cases.db import Cursor, as_date
from cases.indicators.catalog import INDICATORS, Definition, Indicator, Part
from cases.indicators.rows import ROWS, RowSet
from cases.indicators.scope import Scope, Statement

PAGE_SIZE = 50
Cell = str | int | date | None


@dataclass(frozen=True, slots=True)
class Counted:
    """An indicator with its value: a count, fen, days, or basis points. `part` and `over` are what it was made of.

    `value` is None where nothing was recorded (`is_unknown`), or where there is nothing to divide by.
    """

    indicator: Indicator
    definition: Definition
    value: int | None
    part: int | None = None
    over: int | None = None
    is_unknown: bool = False

    @property
    def ignores(self) -> tuple[str, ...]:
        """The filters that do not touch it, because its rows do not tell."""
        rows = ROWS[self.definition.part.rows]
        return tuple(name for name in ("college", "mode") if not getattr(rows, name))


@dataclass(frozen=True, slots=True)
class Line:
    """One row behind a figure: its cells, and the id that it opens."""

    cells: tuple[Cell, ...]
    link: int | None


@dataclass(frozen=True, slots=True)
class Behind:
    """A page of the rows behind a figure; `total` and `amount` are of all of them."""

    rows: RowSet
    lines: tuple[Line, ...]
    total: int
    amount: int
    page: int


def counted(cur: Cursor, scope: Scope, chosen: Mapping[str, str]) -> tuple[Counted, ...]:
    """Return every indicator in the order of the catalog."""
    return counted_beside(cur, scope, chosen, ())[0]


def counted_beside(
    cur: Cursor, scope: Scope, chosen: Mapping[str, str], beside: Iterable[Part]
) -> tuple[tuple[Counted, ...], dict[Part, int]]:
    """Return every indicator in the order of the catalog, and what all parts add up to, with those asked for beside."""
    using = {key: one.by(chosen.get(key, "")) for key, one in INDICATORS.items()}
    sums = _sums(cur, scope, dict.fromkeys((*_asked(using), *beside)))
    grown = [using[key] for key, one in INDICATORS.items() if one.how == "growth"]
    before = _sums(cur, scope.before(), [one.over for one in grown if one.over])
    there = _present(cur, scope)
    figures = tuple(
        _counted(cur, scope, one, using[key], sums, before, there) for key, one in INDICATORS.items()
    )
    return figures, sums


def _asked(using: Mapping[str, Definition]) -> list[Part]:
    parts = [part for one in using.values() for part in (one.part, one.over) if part]
    return list(dict.fromkeys(parts))


def _sums(cur: Cursor, scope: Scope, parts: Iterable[Part]) -> dict[Part, int]:
    """Return what parts add up to: those over the same rows by one statement."""
    by_rows: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        by_rows[part.rows].append(part)
    found: dict[Part, int] = {}
    for key, asked in by_rows.items():
        statement = Statement(cur, scope, "SELECT ").add(", ".join(map(sum_sql, asked)))
        statement.add(f" FROM {ROWS[key].counted}").where(ROWS[key])
        found.update(zip(asked, map(int, cur.one(statement.sql, *statement.values)), strict=True))
    return found


def sum_sql(part: Part) -> str:
    """Return what a part adds up, as SQL over the rows of its set."""
    picked = f" FILTER (WHERE {part.where})" if part.where else ""
    return f"COUNT(*){picked}" if part.sum == "1" else f"COALESCE(SUM({part.sum}){picked}, 0)"


def _present(cur: Cursor, scope: Scope) -> dict[str, bool]:
    """Say of every set of rows, and every table that indicators need, whether anything was ever recorded."""
    asked = {row.presence for row in ROWS.values() if row.presence}
    needed = {table for one in INDICATORS.values() for table in one.needs}
    queries = {query: query for query in asked} | {table: presence_of(table) for table in needed}
    return {name: is_any(cur, scope, query) for name, query in queries.items()}


def presence_of(table: str) -> str:
    """Return the question whether a table holds anything of the institution."""
    return f"SELECT 1 FROM {table} x WHERE {{org x}}"  # noqa: S608  a name of the catalog


def is_any(cur: Cursor, scope: Scope, query: str) -> bool:
    """Say whether a query finds anything."""
    statement = Statement(cur, scope).add(f"{query} LIMIT 1")
    return cur.one(statement.sql, *statement.values) is not None


def _counted(
    cur: Cursor, scope: Scope, one: Indicator, using: Definition, sums: Mapping[Part, int],
    before: Mapping[Part, int], there: Mapping[str, bool],
) -> Counted:  # fmt: skip
    presence = ROWS[using.part.rows].presence
    if (presence and not there[presence]) or not all(there[table] for table in one.needs):
        return Counted(one, using, None, is_unknown=True)
    part = sums[using.part]
    over = (before if one.how == "growth" else sums)[using.over] if using.over else None
    if one.how in ("median", "p90"):
        return Counted(one, using, quantile(cur, scope, using.part, one.how), part, None)
    return Counted(one, using, _value(one.how, part, over), part, over)


def _value(how: str, part: int, over: int | None) -> int | None:
    if how == "sum":
        return part
    if not over:
        return None
    return basis_points(part - over if how == "growth" else part, over)


def basis_points(part: int, over: int) -> int:
    """Return a share in basis points, halves rounded away from zero."""
    sign = -1 if part < 0 else 1
    return sign * ((abs(part) * 20_000 + over) // (2 * over))


def quantile(cur: Cursor, scope: Scope, part: Part, how: str) -> int | None:
    """Return the lower median, or the 90th percentile by nearest rank; None of nothing."""
    rows = ROWS[part.rows]
    number = Statement(cur, scope, f"SELECT COUNT(*) FROM {rows.counted}").where(rows, part.where)  # noqa: S608
    (count,) = cur.one(number.sql, *number.values)
    if not count:
        return None
    place = (count - 1) // 2 if how == "median" else (count * 9 + 9) // 10 - 1
    asked = Statement(cur, scope, f"SELECT {part.sum} FROM {rows.counted}").where(rows, part.where)  # noqa: S608
    asked.sql += f" ORDER BY {part.sum} LIMIT 1 OFFSET {place:d}"
    return int(cur.one(asked.sql, *asked.values)[0])


def behind(
    cur: Cursor, scope: Scope, part: Part, page: int = 1, size: int = PAGE_SIZE, narrowed: str = "", *values: object
) -> Behind:  # fmt: skip
    """Return a page of the rows that a part adds up, all of the same conditions as the figure."""
    rows = ROWS[part.rows]
    both = " AND ".join(f"({one})" for one in (part.where, narrowed) if one)
    total = Statement(cur, scope, "SELECT COUNT(*), ").add(
        f"COALESCE(SUM({part.sum}), 0) FROM {rows.counted}"
    )
    total.where(rows, both)
    count, amount = cur.one(total.sql, *total.values, *values)
    columns = ", ".join((rows.link, *(column.sql for column in rows.columns)))
    listed = (
        Statement(cur, scope, "SELECT ").add(f"{columns} FROM {rows.counted}{rows.joined}").where(rows, both)
    )
    listed.sql += f" ORDER BY {rows.order} LIMIT {size:d} OFFSET {(page - 1) * size:d}"
    found = cur.all(listed.sql, *listed.values, *values)
    return Behind(rows, tuple(_line(rows, row) for row in found), int(count), int(amount), page)


def _line(rows: RowSet, row: Sequence[object]) -> Line:
    link, *cells = row
    shown = (
        as_date(cell) if column.shape == "day" else cell
        for column, cell in zip(rows.columns, cells, strict=True)
    )
    return Line(tuple(shown), int(str(link)) if link is not None else None)  # type: ignore[arg-type]
