"""A second, independent computation of what patents cost and earn: terms, annual fees, shares, duties.

Written from the fee table and the acts, in yuan and exact fractions, and on purpose not from `rules.annual_fees`,
`rules.rewards` or `rules.taxes`; the tables of the law stand here a second time. In: dates, amounts in fen. Out: amounts
in fen, each with its own derivation. The desk never computes with it.

Source: 缴费服务指南 annex 2; 专利审查指南 part 5 ch 9 §4; 专利收费减缴办法 art 4; 国家知识产权局公告第594号
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import floor
from typing import NamedTuple

from rules.derivation import Derivation, step
from rules.second_count import RestDays, rolled, tally

# Years of protection, and the years of designs filed up to the last day of the old law.
_LIFE = {"invention": 20, "utility": 10, "design": 15}
_OLD_DESIGNS_UNTIL, _OLD_DESIGN_LIFE = date(2021, 5, 31), 10
_OPEN_LICENSE_SINCE = date(2024, 8, 6)
_REDUCED_YEARS = 10

_BRACKETS = ("0%", "5%", "10%", "15%", "20%", "25%")
_ONE = timedelta(days=1)
_FOREVER = date.max


class _Row(NamedTuple):
    """A line of the official table, in yuan; `late` is 5, 10, 15, 20 and 25 % of the full fee."""

    kind: str
    first: int
    last: int
    full: int
    less_70: int
    less_85: int
    late: tuple[int, ...]


_FEES = (
    _Row("invention", 1, 3, 900, 270, 135, (45, 90, 135, 180, 225)),
    _Row("invention", 4, 6, 1200, 360, 180, (60, 120, 180, 240, 300)),
    _Row("invention", 7, 9, 2000, 600, 300, (100, 200, 300, 400, 500)),
    _Row("invention", 10, 12, 4000, 1200, 600, (200, 400, 600, 800, 1000)),
    _Row("invention", 13, 15, 6000, 1800, 900, (300, 600, 900, 1200, 1500)),
    _Row("invention", 16, 20, 8000, 2400, 1200, (400, 800, 1200, 1600, 2000)),
    _Row("utility", 1, 3, 600, 180, 90, (30, 60, 90, 120, 150)),
    _Row("utility", 4, 5, 900, 270, 135, (45, 90, 135, 180, 225)),
    _Row("utility", 6, 8, 1200, 360, 180, (60, 120, 180, 240, 300)),
    _Row("utility", 9, 10, 2000, 600, 300, (100, 200, 300, 400, 500)),
    _Row("design", 1, 3, 600, 180, 90, (30, 60, 90, 120, 150)),
    _Row("design", 4, 5, 900, 270, 135, (45, 90, 135, 180, 225)),
    _Row("design", 6, 8, 1200, 360, 180, (60, 120, 180, 240, 300)),
    _Row("design", 9, 10, 2000, 600, 300, (100, 200, 300, 400, 500)),
    _Row("design", 11, 15, 3000, 900, 450, (150, 300, 450, 600, 750)),
)


@dataclass(frozen=True, slots=True)
class Life:
    """A term of protection: the last protected day, and the day on which the right has ended."""

    last_day: date
    expiry_day: date
    derivation: Derivation


@dataclass(frozen=True, slots=True)
class Fee:
    """An annual fee on a day, in fen."""

    fee_fen: int
    surcharge_fen: int
    bracket: str
    status: str
    nominal: date
    due: date
    grace_end: date
    derivation: Derivation


def life_years(kind: str, filed: date) -> int:
    """Return how many years a patent is protected."""
    return _OLD_DESIGN_LIFE if kind == "design" and filed <= _OLD_DESIGNS_UNTIL else _LIFE[kind]


def term(kind: str, filed: date, compensated_until: date | None = None) -> Life:
    """Return the term of protection; it runs from the filing date and is never moved.

    Source: 专利法 art 42; 专利审查指南 part 5 ch 9 §4.1
    """
    years = life_years(kind, filed)
    if compensated_until is not None:
        last, said = compensated_until, ("期限补偿后的最后一日", "last day of the compensated term")
    else:
        last = _anniversary(filed, years) - _ONE
        said = (f"自申请日{filed}起{years}年，周年日前一日", f"{years} years from {filed}, the day before")
    last_day = step("last_day", f"{said[0]}为{last}", f"{said[1]}: {last}", last, "date")
    ended = last + _ONE
    return Life(
        last, ended, step("expiry_day", f"次日{ended}终止", f"ended on {ended}", ended, "date", last_day)
    )


def patent_year(filed: date, day: date) -> int:
    """Return the patent year of a day, by going from anniversary to anniversary."""
    year = 1
    while _anniversary(filed, year) <= day:
        year += 1
    return year


def year_begins(filed: date, year: int) -> date:
    """Return the first day of a patent year."""
    return _anniversary(filed, year - 1)


def annual_fee(
    kind: str,
    filed: date,
    year: int,
    paid_on: date,
    *,
    reduction: str = "none",
    granted: date | None = None,
    open_license: bool = False,
    rest: RestDays | None = None,
) -> Fee:
    """Return the annual fee of a patent year on a day of payment, with the surcharge of that day.

    Months late are counted from the anniversary and end on its counterpart; only the due date and the end of the
    sixth month move on from a rest day. The surcharge is taken from the full fee.

    Source: 专利法实施细则 (2023) art 115; 专利审查指南 part 5 ch 9 §4.2.1.3
    """
    row = next(row for row in _FEES if row.kind == kind and row.first <= year <= row.last)
    granted_in = patent_year(filed, granted) if granted else None
    calendar = _FeeCalendar.of(filed, year, granted, granted_in, rest)
    status, month = calendar.place(paid_on)
    fee = _payable(row, year, paid_on, reduction, granted_in, open_license)
    extra = 100 * row.late[month - 2] if month > 1 else 0
    bracket = "lapsed" if status == "lapsed" else _BRACKETS[max(month - 1, 0)]
    yuan = step(
        "full",
        f"第{year}年度全额年费{row.full}元",
        f"full fee of year {year}: {row.full} yuan",
        100 * row.full,
        "fen",
    )
    pays = step("fee", f"减缴后{fee // 100}元", f"after the reduction {fee // 100} yuan", fee, "fen", yuan)
    late = step("surcharge", f"滞纳金{extra // 100}元", f"surcharge {extra // 100} yuan", extra, "fen", yuan)
    told = step(
        "total",
        f"应缴{(fee + extra) // 100}元",
        f"{(fee + extra) // 100} yuan in all",
        fee + extra,
        "fen",
        pays,
        late,
    )
    return Fee(fee, extra, bracket, status, calendar.nominal, calendar.due, calendar.ends[-1], told)


def same_price(
    filed: date, year: int, day: date, granted: date | None = None, rest: RestDays | None = None
) -> tuple[date, date]:
    """Return the first and the last day on which the fee of a year stands as on this day; `date.max` is no end."""
    granted_in = patent_year(filed, granted) if granted else None
    return _FeeCalendar.of(filed, year, granted, granted_in, rest).same(day)


def still_due(owed: Iterable[tuple[int, int]], now: int) -> tuple[int, int]:
    """Return what is left to pay and what was paid too much.

    `owed` is one pair per earlier payment in order of time: what the whole fee came to on its day (-1 after the
    lapse, when nothing settles it) and what was paid; `now` is what it comes to today.

    Source: 专利审查指南 part 5 ch 9 §4.2.1.3: each payment is judged in the bracket of its own day
    """
    purse, price = 0, -1
    for cost, paid in owed:
        purse += paid
        if price < 0 and 0 <= cost <= purse:
            price = cost
    return (0, purse - price) if price >= 0 else (max(now - purse, 0), 0)


def _payable(
    row: _Row,
    year: int,
    on: date,
    reduction: str,
    granted_in: int | None,
    open_license: bool,
) -> int:
    """Return the fee in fen after the best single reduction."""
    choices = [Fraction(row.full)]
    if reduction in ("70", "85") and (granted_in is None or year - granted_in < _REDUCED_YEARS):
        choices.append(Fraction(row.less_70 if reduction == "70" else row.less_85))
    if open_license and on >= _OPEN_LICENSE_SINCE:
        choices.append(Fraction(row.full) * Fraction(85, 100))
    return floor(min(choices) * 100 + Fraction(1, 2))


@dataclass(frozen=True, slots=True)
class _FeeCalendar:
    """The days of one fee. `ends` are the last days of the six months late; registration years have none."""

    filed: date
    opens: date
    nominal: date
    due: date
    ends: tuple[date, ...]
    at_registration: bool

    @classmethod
    def of(
        cls, filed: date, year: int, granted: date | None, granted_in: int | None, rest: RestDays | None
    ) -> "_FeeCalendar":
        if year == 1 or year == granted_in:
            until = granted or _anniversary(filed, 1) - _ONE
            return cls(filed, filed, until, until, (until,), True)
        nominal = _anniversary(filed, year - 1)
        months = [tally(nominal, f"{month}m", rolls=False).due for month in (1, 2, 3, 4, 5, 6)]
        months[5] = rolled(months[5], rest)[0]
        return cls(
            filed, _anniversary(filed, year - 2), nominal, rolled(nominal, rest)[0], tuple(months), False
        )

    def place(self, day: date) -> tuple[str, int]:
        """Return the state of the fee on a day, and how many months late it is, begun ones counted."""
        if self.at_registration:
            return "registration", 0
        if day <= self.due:
            return ("not_open" if day < self.opens else "on_time"), 0
        month = 1 + sum(day > end for end in self.ends)
        return ("lapsed", 6) if month > 6 else ("grace", month)

    def same(self, day: date) -> tuple[date, date]:
        """Walk both ways from a day as long as nothing changes; the registration is split at its last day."""
        here = self._mark(day)
        first = last = day
        while first > self.filed and self._mark(first - _ONE) == here:
            first -= _ONE
        if day > self.ends[-1]:
            return first, _FOREVER
        while self._mark(last + _ONE) == here:
            last += _ONE
        return first, last

    def _mark(self, day: date) -> tuple[object, ...]:
        return *self.place(day), day > self.ends[-1]


def _anniversary(filed: date, years: int) -> date:
    """Return the same day some years later; 29 February becomes 28 February in other years."""
    try:
        return filed.replace(year=filed.year + years)
    except ValueError:
        return date(filed.year + years, 2, 28)
