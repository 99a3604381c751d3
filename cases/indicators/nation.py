"""Indicators of many institutions together: counted for all of them by night, added up in a moment, shown with the date.

One statement per kind of rows counts every institution at once. Figures that do not add up (medians, growth) are left out.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cases.db import Cursor, Database, as_date
from cases.indicators.catalog import INDICATORS, Part
from cases.indicators.counting import basis_points, sum_sql
from cases.indicators.rows import ROWS
from cases.indicators.scope import Scope, Statement, scope_of

ADDING = tuple(one for one in INDICATORS.values() if one.how in ("sum", "share"))
KEEP = (
    'INSERT INTO indicator_count (org_id, year, indicator, part, "over", counted_on) VALUES (?, ?, ?, ?, ?, ?) '
    'ON CONFLICT (org_id, year, indicator) DO UPDATE SET part = excluded.part, "over" = excluded."over", '
    "counted_on = excluded.counted_on"
)
SUMMED = (
    'SELECT indicator, SUM(part), SUM("over"), MIN(counted_on), COUNT(*) FROM indicator_count WHERE year = ?'
    "{among} GROUP BY indicator"
)
OWNER = re.compile(r"\{org (\w+)\}")


@dataclass(frozen=True, slots=True)
class Summed:
    """An indicator over many institutions: its parts and value, how many were counted, and the oldest count of them."""

    indicator: str
    value: int | None
    part: int
    over: int | None
    institutions: int
    counted_on: date


def count_all(db: Database, today: date, year: int | None = None) -> int:
    """Count a year of every institution, the running one unless another is named; return how many counts were kept.

    Effects: writes indicator_count; harmless to repeat.
    """
    scope = scope_of(None, year or today.year, today)
    with db.looking() as cur:
        sums = _by_institution(cur, scope, _parts())
        there = {table: _owners(cur, table) for one in ADDING for table in one.needs}
    rows = list(_rows(sums, there, scope.year))
    with db.cursor() as cur:
        cur.many(KEEP, [(*row, cur.day(today)) for row in rows])
    return len(rows)


def _parts() -> list[Part]:
    using = [one.definitions[0] for one in ADDING]
    return list(dict.fromkeys(part for one in using for part in (one.part, one.over) if part))


def _by_institution(cur: Cursor, scope: Scope, parts: Iterable[Part]) -> dict[Part, dict[int, int]]:
    by_rows: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        by_rows[part.rows].append(part)
    found: dict[Part, dict[int, int]] = {}
    for key, asked in by_rows.items():
        rows = ROWS[key]
        owner = OWNER.findall(rows.where)[0] + ".org_id"
        statement = Statement(cur, scope, "SELECT ").add(f"{owner}, {', '.join(map(sum_sql, asked))}")
        statement.add(f" FROM {rows.counted}").where(rows)
        statement.sql += f" GROUP BY {owner}"
        told = cur.all(statement.sql, *statement.values)
        for place, part in enumerate(asked, 1):
            found[part] = {int(row[0]): int(row[place]) for row in told}
    return found


def _owners(cur: Cursor, table: str) -> frozenset[int]:
    return frozenset(int(row[0]) for row in cur.all(f"SELECT DISTINCT org_id FROM {table}"))  # noqa: S608


def _rows(
    sums: Mapping[Part, Mapping[int, int]], there: Mapping[str, frozenset[int]], year: int
) -> Iterable[tuple[int, int, str, int, int | None]]:
    """Yield what every institution with rows of the kind came to; one without any is not counted as zero."""
    for one in ADDING:
        using = one.definitions[0]
        over = sums[using.over] if using.over else {}
        for org_id, part in sums[using.part].items():
            if any(org_id not in there[table] for table in one.needs):
                continue
            yield org_id, year, one.id, part, over.get(org_id) if using.over else None


def summed(cur: Cursor, year: int, among: Sequence[int] | None = None) -> dict[str, Summed]:
    """Return the indicators of a year over all institutions, or those named, as they were last counted."""
    if among is None:
        rows = cur.all(SUMMED.format(among=""), year)
    else:
        rows = cur.of_many(
            SUMMED.replace("year = ?", "org_id IN :ids AND year = ?").format(among=""), among, year
        )
    return {row[0]: _summed(*row) for row in rows}


def _summed(indicator: str, part: int, over: int | None, oldest: object, institutions: int) -> Summed:
    whole = int(over) if over is not None else None
    is_share = INDICATORS[indicator].how == "share"
    value = (basis_points(int(part), whole) if whole else None) if is_share else int(part)
    return Summed(indicator, value, int(part), whole, int(institutions), as_date(oldest) or date.min)
