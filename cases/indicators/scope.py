"""What indicators are counted over: an institution (or all), a year up to today, a college, a mode; and the SQL of it."""

import re
from dataclasses import dataclass, replace
from datetime import date

from cases.db import Cursor
from cases.errors import Invalid
from cases.indicators.rows import RowSet

EARLIEST = 2000
MARK = re.compile(r"\{(org (?P<alias>\w+)|day (?P<moment>[\w.]+)|until)\}")


@dataclass(frozen=True, slots=True)
class Scope:
    """The filters of a page. `org_id` None is the whole record; `last` never lies behind today."""

    org_id: int | None
    year: int
    first: date
    last: date
    college: str = ""
    mode: str = ""

    def before(self) -> "Scope":
        """Return the same part of the year before, so that a running year is compared with as many days."""
        day = 28 if (self.last.month, self.last.day) == (2, 29) else self.last.day
        last = date(self.year - 1, self.last.month, day)
        return replace(self, year=self.year - 1, first=date(self.year - 1, 1, 1), last=last)

    @property
    def is_running(self) -> bool:
        """Whether the year is not over."""
        return (self.last.month, self.last.day) != (12, 31)


def scope_of(org_id: int | None, year: str | int, today: date, *, college: str = "", mode: str = "") -> Scope:
    """Return the scope that filters name; without a year the running one.

    Raises: Invalid with the field `year`.
    """
    text = str(year).strip().removesuffix("年")
    if text and not (text.isascii() and text.isdigit() and EARLIEST <= int(text[:6]) <= today.year):
        told = f"年度须写成{today.year}的形式，且不晚于今年"
        raise Invalid(told, {"year": told}, f"a year reads {today.year}, and is not in the future")
    chosen = int(text) if text else today.year
    last = min(date(chosen, 12, 31), today)
    return Scope(org_id, chosen, date(chosen, 1, 1), last, college, mode)


@dataclass(slots=True)
class Statement:
    """SQL being put together, with the values of its places in order."""

    cur: Cursor
    scope: Scope
    sql: str = ""
    values: tuple[object, ...] = ()

    def add(self, text: str, *values: object) -> "Statement":
        """Append a piece; its marks become places, in order, before the places of `values`."""
        self.sql += MARK.sub(self._mark, text)
        self.values += values
        return self

    def _mark(self, found: re.Match[str]) -> str:
        alias, moment = found["alias"], found["moment"]
        if moment:
            shanghai = f"({moment} AT TIME ZONE 'Asia/Shanghai')::date" if self.cur.postgres else ""
            return shanghai or f"date({moment}, '+8 hours')"
        if alias is None:
            self.values += (self.cur.day(self.scope.last),)
            return "?"
        if self.scope.org_id is None:
            return "1 = 1"
        self.values += (self.scope.org_id,)
        return f"{alias}.org_id = ?"

    def where(self, rows: RowSet, extra: str = "") -> "Statement":
        """Append the conditions of a set of rows under the filters, and one more."""
        scope, cur = self.scope, self.cur
        self.add(f" WHERE {rows.where}")
        if rows.day and rows.is_stock:
            self.add(f" AND ({rows.day} IS NULL OR {rows.day} <= ?)", cur.day(scope.last))
        elif rows.day:
            self.add(f" AND {rows.day} >= ?", cur.day(scope.first))
            self.add(f" AND {rows.day} <= ?", cur.day(scope.last))
        if rows.college and scope.college:
            self.add(f" AND {rows.college} = ?", scope.college)
        if rows.mode and scope.mode:
            self.add(f" AND {rows.mode} = ?", scope.mode)
        if extra:
            self.add(f" AND ({extra})")
        return self
