"""Figures side by side, for charts: by year, by month, by college, by mode, by stage, by grade. One statement each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from cases.db import Cursor
from cases.indicators.catalog import GROUPINGS, VALID, Part
from cases.indicators.counting import is_any, presence_of
from cases.indicators.rows import ROWS
from cases.indicators.scope import Scope, Statement

YEARS = 5
MOST_COLLEGES = 12
VALUE, INCOME = "contract", "receipt"
OTHER = "其他"


@dataclass(frozen=True, slots=True)
class Leg:
    """How long a stage took in a college (or in all, if empty): how often it ended, the lower median, nine in ten."""

    stage: str
    college: str
    count: int
    median: int
    p90: int


@dataclass(frozen=True, slots=True)
class Deals:
    """Money by what it is told apart by: contract value and income, in fen."""

    name: str
    value: int
    income: int


@dataclass(frozen=True, slots=True)
class Group:
    """One word of a grouping, and how many patents carry it."""

    word: str
    count: int


def by_year(cur: Cursor, scope: Scope) -> tuple[Deals, ...]:
    """Return the last years up to the scope's, each whole but a running one."""
    several = replace(scope, first=date(scope.year - YEARS + 1, 1, 1))
    names = [str(year) for year in range(scope.year - YEARS + 1, scope.year + 1)]
    return _deals(cur, several, "substr(CAST(f.happened_on AS TEXT), 1, 4)", names)


def by_month(cur: Cursor, scope: Scope) -> tuple[Deals, ...]:
    """Return the months of the year that have begun."""
    names = [f"{month:02d}" for month in range(1, scope.last.month + 1)]
    return _deals(cur, scope, "substr(CAST(f.happened_on AS TEXT), 6, 2)", names)


def by_college(cur: Cursor, scope: Scope) -> tuple[Deals, ...]:
    """Return the colleges with deals, the largest contract value first; the smaller ones together."""
    found = sorted(_deals(cur, scope, "f.college"), key=lambda one: (-one.value, -one.income, one.name))
    kept, rest = found[:MOST_COLLEGES], found[MOST_COLLEGES:]
    if rest:
        kept.append(Deals(OTHER, sum(one.value for one in rest), sum(one.income for one in rest)))
    return tuple(kept)


def by_district(cur: Cursor, scope: Scope) -> tuple[Group, ...]:
    """Return how many events each district held in the year, the most first."""
    rows = ROWS["events"]
    statement = Statement(cur, scope, "SELECT e.district, COUNT(*) FROM ").add(rows.counted).where(rows)
    statement.sql += " GROUP BY e.district ORDER BY 2 DESC, 1 LIMIT 50"
    return tuple(Group(word, int(count)) for word, count in cur.all(statement.sql, *statement.values))


def by_mode(cur: Cursor, scope: Scope) -> tuple[Deals, ...]:
    """Return the modes with deals, the largest contract value first."""
    return tuple(sorted(_deals(cur, scope, "f.mode"), key=lambda one: (-one.value, -one.income, one.name)))


def _deals(cur: Cursor, scope: Scope, by: str, names: Sequence[str] = ()) -> tuple[Deals, ...]:
    rows = ROWS["deals"]
    statement = Statement(cur, scope, f"SELECT {by}, f.kind, SUM(f.amount_fen) FROM ").add(rows.counted)  # noqa: S608
    statement.where(rows, f"f.kind IN ('{VALUE}', '{INCOME}')")
    statement.sql += f" GROUP BY {by}, f.kind"
    found: dict[str, dict[str, int]] = {name: {} for name in names}
    for name, kind, amount in cur.all(statement.sql, *statement.values):
        found.setdefault(name, {})[kind] = int(amount)
    return tuple(Deals(name, told.get(VALUE, 0), told.get(INCOME, 0)) for name, told in found.items())


# Of a group, the row in the middle (the lower one) and the row that nine in ten do not exceed.
_RANKED = (
    "SELECT name, {by}, n, MAX(CASE WHEN place = (n + 1) / 2 THEN days END), "
    "MAX(CASE WHEN place = (n * 9 + 9) / 10 THEN days END) FROM (SELECT f.name, f.college, f.days, "
    "row_number() OVER (PARTITION BY f.name{split} ORDER BY f.days, f.id) AS place, "
    "count(*) OVER (PARTITION BY f.name{split}) AS n FROM "
)


def legs(cur: Cursor, scope: Scope) -> tuple[Leg, ...]:
    """Return how long the stages took that ended in the year: over all, then by college."""
    return (*_legs(cur, scope, "''", ""), *_legs(cur, scope, "college", ", f.college"))


def _legs(cur: Cursor, scope: Scope, by: str, split: str) -> list[Leg]:
    rows = ROWS["legs"]
    statement = Statement(cur, scope, _RANKED.format(by=by, split=split)).add(rows.counted).where(rows)
    grouped = "name, n" if by == "''" else f"name, {by}, n"
    statement.sql += f") ranked GROUP BY {grouped} ORDER BY {grouped}"
    return [
        Leg(stage, college, int(n), int(median), int(p90))
        for stage, college, n, median, p90 in cur.all(statement.sql, *statement.values)
    ]


def group_parts() -> tuple[Part, ...]:
    """Return what is added up for the groupings with known words; it goes into the one look at the stock."""
    return tuple(_word_part(one.by, word) for one in GROUPINGS.values() for word in one.names)


def _word_part(by: str, word: str) -> Part:
    return Part(VALID.rows, f"{by} = '{word}'")


def groups(cur: Cursor, scope: Scope, sums: Mapping[Part, int]) -> dict[str, tuple[Group, ...] | None]:
    """Return by grouping the words and how many valid patents carry each; None where nothing was recorded."""
    if not is_any(cur, scope, presence_of("patent_profile")):
        return dict.fromkeys(GROUPINGS)
    found: dict[str, tuple[Group, ...] | None] = {}
    for key, grouping in GROUPINGS.items():
        if grouping.names:
            words = [Group(word, sums[_word_part(grouping.by, word)]) for word in grouping.names]
        else:
            words = _free_words(cur, scope, grouping.by)
        left = sums[VALID] - sum(one.count for one in words)
        found[key] = (*(one for one in words if one.count), *([Group("", left)] if left else []))
    return found


def _free_words(cur: Cursor, scope: Scope, by: str) -> list[Group]:
    """Count a grouping whose words people make up, from the profiles that have one."""
    rows = ROWS["classed"]
    statement = Statement(cur, scope, f"SELECT {by}, COUNT(*) FROM ").add(rows.counted).where(rows)  # noqa: S608
    statement.sql += f" GROUP BY {by} ORDER BY {by}"
    return [Group(word, int(count)) for word, count in cur.all(statement.sql, *statement.values)]


def group_part(grouping: str) -> tuple[Part, str]:
    """Return the rows behind a word of a grouping, and the condition with one place for the word."""
    return Part("stock"), f"COALESCE({GROUPINGS[grouping].by}, '') = ?"


def colleges_of(cur: Cursor, org_id: int) -> tuple[str, ...]:
    """Return the colleges that patents or deals name."""
    found = cur.all(
        "SELECT DISTINCT college FROM patent WHERE org_id = ? AND college <> '' ORDER BY college LIMIT 500",
        org_id,
    )
    return tuple(row[0] for row in found)


def years_of(cur: Cursor, org_id: int, today: date) -> tuple[int, ...]:
    """Return the years in which anything happened, the newest first, with the running one."""
    (first,) = cur.one("SELECT MIN(happened_on) FROM case_fact WHERE org_id = ?", org_id)
    begun = int(str(first)[:4]) if first else today.year
    return tuple(range(today.year, min(begun, today.year) - 1, -1))
