"""A second, independent computation of every date: deadlines, service of notices, publicity.

Written from the law and the Guidelines, day by day and month by month, and on purpose not from `rules.counting` or
`rules.calendar`, so that a fault of the one shows in the other. In: dates, the length as the rule writes it, holiday
notices of the rule packs. Out: a `Tally` with its own derivation. Slow and plain; the desk never computes with it.

Source: 专利法实施细则 (2023) art 4, 5; 专利审查指南 (2023) part 5 ch 7 §2.3; 审查指南修改公报第1号 (2008)
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, Protocol

import chinese_calendar

from rules.derivation import Derivation, step

Day = Literal["worked", "weekend", "holiday", "makeup"]

GUIDELINES_2023_IN_FORCE = date(2024, 1, 20)
DAYS_IN_THE_POST = 15

_LENGTH = re.compile(r"([1-9][0-9]{0,3})(wd|[dmy])")
_ONE = timedelta(days=1)
_WEEK = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
_REST_ZH: Mapping[Day, str] = {
    "worked": "工作日", "weekend": "周末", "holiday": "放假日", "makeup": "调休上班的周末",
}  # fmt: skip
_REST_EN: Mapping[Day, str] = {
    "worked": "a working day", "weekend": "a weekend", "holiday": "a holiday", "makeup": "a make-up weekend day",
}  # fmt: skip
# The lunar months before the eighth of each year from 2027, one letter each: L has 30 days, S has 29, a small
# letter is a leap month; in front the day of Lunar New Year (MMDD). Computed from the new moons in Beijing time.
_FIRST_LUNAR_YEAR = 2027
_LUNAR_TABLE = """
    0206LLSLSSL 0126LLLSLsSL 0213LLSLSLS 0203SLSLLSL 0123SLLsLSLL 0211LSSLSLL 0131SLSSLSL
    0219SLSSLSL 0208LSLSSLS 0128LLSLSSlS 0215LLSLSSL 0204LLSLSLS 0124LLSLLsLS 0212LSLLSLS
    0201SLSLSLL 0122SLsSLSLS 0210SLSSLSS 0130LSLSSLSs 0217LSLSSLS 0206LSLSLSL 0126LSLLSlSL
    0214SLLSLLS 0202LSLSLLS 0123SLSlSLSL 0211LSSLSSL 0201SLSSLSS 0219SLSSLSS 0208SLLSSLS
    0128SLLSLSlS 0215LLLSLSL 0204SLLSLSL 0124LSLSlSLL 0212LSLSLSL 0202LSSLSSL 0121LLSsLSSL
    0209LLSSLSS 0129LLSLSLSs 0217LLSLSLS 0205LLSLLSL 0126SLSLLsLS 0214SLSLSLL 0203LSLSSLL
    0123SLSLsSLS 0211SLSLSSL 0131LSLSLSS 0219LSLSLSS 0207LSLLSLS 0127LSLLSLsL 0215LSLSLLS
    0205SLSLSLS 0124LSLSsLSL 0212LSLSSLS 0202SLSLSSL 0122LSLsLSSL 0209SLLSLSS 0129SLLLSSLs
    0217SLLSLSL 0206LSLSLLS 0126SLSSLlSL 0214SLSSLSL 0203LSLSSLS 0124SLSLsSLS 0210LLSLSSS
    0130LLLSLSS 0218LLSLSLS 0207LLSLLSL 0127SLLSLSlL 0215SLSLSLL 0205SLSSLSL 0125LSLSsLSS
    0212LSLSSSL 0201LLSLSSS 0121LLsLLSSL
"""
_LUNAR_YEARS = _LUNAR_TABLE.split()


@dataclass(frozen=True, slots=True)
class Tally:
    """A date as the second computation sees it; `due` is `date.max` while a publicity is paused."""

    nominal: date
    due: date
    provisional: bool
    derivation: Derivation


@dataclass(frozen=True)
class RestDays:
    """Which days are worked: one word per day, nothing else. `known` holds the years with a holiday notice."""

    known: frozenset[int]
    holidays: frozenset[date]
    makeup: frozenset[date]

    def what(self, day: date) -> Day:
        """Return what kind of day it is; a Saturday or Sunday that is worked is `makeup`."""
        if day in self.makeup:
            return "makeup"
        if day in self.holidays or (day.year not in self.known and day in festival_days(day.year)):
            return "holiday"
        return "weekend" if day.isoweekday() > 5 else "worked"

    def is_guess(self, *days: date) -> bool:
        """Whether the notice of one of the days' years is missing."""
        return any(day.year not in self.known for day in days)

    def before(self, year: int) -> "RestDays":
        """Return what was known before the notice of a year, and of those after it, came out."""
        return RestDays(
            frozenset(known for known in self.known if known < year),
            frozenset(day for day in self.holidays if day.year < year),
            frozenset(day for day in self.makeup if day.year < year),
        )


@lru_cache(maxsize=1)
def published() -> RestDays:
    """Return the holiday table that ships with the product, and the one worked Saturday that it forgot.

    Source: 国办发明电〔2005〕35号 for 2005-12-31
    """
    off = frozenset(chinese_calendar.holidays)
    on = frozenset(chinese_calendar.workdays) | {date(2005, 12, 31)}
    return RestDays(frozenset(day.year for day in off), off, on)


class Notice(Protocol):
    """A holiday notice as a pack brings it; an amended one has a later `valid_from`."""

    @property
    def year(self) -> int:
        """The year it is for."""

    @property
    def valid_from(self) -> date:
        """The day on which it was published."""

    @property
    def off(self) -> tuple[date, ...]:
        """The days off."""

    @property
    def makeup(self) -> tuple[date, ...]:
        """The weekend days that are worked."""


def with_notices(notices: Sequence[Notice]) -> RestDays:
    """Return the shipped table with the notices of years that it does not know; the newest of a year counts.

    A notice may also name days of the year before; what it says of a day wins.
    """
    table = published()
    newest = {notice.year: notice for notice in sorted(notices, key=lambda notice: notice.valid_from)}
    known, off, on = set(table.known), set(table.holidays), set(table.makeup)
    for year in sorted(newest):
        if year not in table.known:
            known.add(year)
            off = (off | set(newest[year].off)) - set(newest[year].makeup)
            on = (on | set(newest[year].makeup)) - set(newest[year].off)
    return RestDays(frozenset(known), frozenset(off), frozenset(on))


@lru_cache(maxsize=256)
def festival_days(year: int) -> frozenset[date]:
    """Return the statutory holidays of a year without a notice; lunar ones are known for 2027 to 2099.

    Source: 全国年节及纪念日放假办法 (2024)
    """
    days = [date(year, month, day) for month, day in ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))]
    place = year - _FIRST_LUNAR_YEAR
    if 0 <= place < len(_LUNAR_YEARS):
        months = _lunar_months(year, _LUNAR_YEARS[place])
        eve = months[0] - _ONE
        days += [eve, eve + _ONE, eve + 2 * _ONE, eve + 3 * _ONE]
        days += [months[4] + 4 * _ONE, months[7] + 14 * _ONE, _clear_and_bright(year)]
    return frozenset(days)


def _lunar_months(year: int, row: str) -> list[date]:
    """Return the first day of each of the first eight lunar months, leap months left out."""
    day = date(year, int(row[:2]), int(row[2:4]))
    firsts = []
    for letter in row[4:]:
        if letter.isupper():
            firsts.append(day)
        day += timedelta(days=30 if letter in "Ll" else 29)
    return [*firsts, day]


def _clear_and_bright(year: int) -> date:
    """Return Qingming of a year of this century, by the usual approximation of the solar term."""
    short = year % 100
    return date(year, 4, (short * 2422 + 48100) // 10_000 - short // 4)


def tally(base: date, length: str, *, rolls: bool, rest: RestDays | None = None) -> Tally:
    """Count a length such as `3m`, `30d`, `7wd` or `5y` from a base date that is not counted.

    Raises: ValueError on any other length.
    """
    days = rest or published()
    match = _LENGTH.fullmatch(length)
    if match is None:
        raise ValueError(f"not a length: {length!r}")
    number, unit = int(match[1]), match[2]
    first = step("base", f"起算日{base}不计", f"{base} is not counted", base, "date")
    if unit == "wd":
        end = _worked_days_on(base, number, days)
        told = step(
            "due", f"逐日数到第{number}个工作日", f"day by day to working day {number}", end, "date", first
        )
        return Tally(end, end, days.is_guess(end), told)
    end = _days_on(base, number) if unit == "d" else months_on(base, number * (12 if unit == "y" else 1))
    nominal = step(
        "nominal", f"期限{length}，届满于{_named(end)}", f"{length} ends on {end}", end, "date", first
    )
    if not rolls:
        return Tally(end, end, False, nominal)
    due, walked = rolled(end, days)
    told = step("due", _told_zh(end, due, walked), _told_en(end, due, walked), due, "date", nominal)
    return Tally(end, due, days.is_guess(end, due), told)


def rolled(end: date, days: RestDays | None = None) -> tuple[date, tuple[tuple[date, Day], ...]]:
    """Return the day on which a limit really ends, and every day passed over with what it is.

    From 2024-01-20 a weekend day ends no limit, also when it is made a working day: on to Monday, and on from
    there if need be. Before, the swapped calendar was followed.
    """
    used = days or published()
    passed: list[tuple[date, Day]] = []
    day, kind = end, used.what(end)
    while kind in ("weekend", "holiday") or (kind == "makeup" and end >= GUIDELINES_2023_IN_FORCE):
        passed.append((day, kind))
        day += _ONE
        while passed[-1][1] == "makeup" and day.isoweekday() != 1:
            day += _ONE
        kind = used.what(day)
    return day, tuple(passed)


def next_worked(day: date, days: RestDays | None = None) -> date:
    """Return the day itself or the first worked day after it, as contracts agree it."""
    used = days or published()
    while used.what(day) in ("weekend", "holiday"):
        day += _ONE
    return day


def house_date(due: date, days_earlier: int, base: date, days: RestDays | None = None) -> date:
    """Return the house's own date: so many days before the due date, back to a day that is worked and no weekend.

    Never before the base date, unless the due date itself is.
    """
    used = days or published()
    day = _days_on(due, -days_earlier)
    while used.what(day) != "worked":
        day -= _ONE
    return day if due < base else max(day, base)


def served(dispatched: date, channel: str) -> date:
    """Return the day on which a notice counts as received; it is never moved.

    Channels: `post` 15 days after dispatch, `electronic` the same day, `publication` one month after.

    Raises: ValueError on another channel.
    """
    if channel == "electronic":
        return dispatched
    if channel == "post":
        return _days_on(dispatched, DAYS_IN_THE_POST)
    if channel == "publication":
        return months_on(dispatched, 1)
    raise ValueError(f"unknown channel: {channel!r}")


def publicity_closes(
    posted: date,
    length: int,
    unit: str,
    pauses: Iterable[tuple[date, date | None]] = (),
    rest: RestDays | None = None,
) -> Tally:
    """Return when a publicity of so many days (`d`) or working days (`wd`) may be closed: the day after its last.

    Days on which an objection stood, first and last included, do not count.
    """
    days = rest or published()
    stood = [(start, end or date.max) for start, end in pauses]
    open_from = min((start for start, end in stood if end == date.max), default=date.max)
    day, counted = posted, 0
    while counted < length:
        day += _ONE
        if day >= open_from:
            told = step("due", "异议尚未处理完毕，公示暂停", "paused by an objection", date.max, "date")
            return Tally(date.max, date.max, False, told)
        if any(start <= day <= end for start, end in stood):
            continue
        counted += 1 if unit == "d" or days.what(day) in ("worked", "makeup") else 0
    unit_zh = "个工作日" if unit == "wd" else "日"
    told = step(
        "due", f"自{posted}次日起逐日数满{length}{unit_zh}至{day}，次日可确认期满",
        f"{length} {unit} after {posted} end on {day}; it may be closed on the next day", day + _ONE, "date",
    )  # fmt: skip
    return Tally(day, day + _ONE, unit == "wd" and days.is_guess(day), told)


def _days_on(day: date, number: int) -> date:
    return date.fromordinal(day.toordinal() + number)


def _worked_days_on(day: date, number: int, days: RestDays) -> date:
    while number:
        day += _ONE
        number -= days.what(day) in ("worked", "makeup")
    return day


def months_on(base: date, number: int) -> date:
    """Step month by month, backwards if negative; a day that the last month does not have becomes its last day."""
    year, month = base.year, base.month
    for _ in range(number):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    for _ in range(-number):
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    day = base.day
    while day > _length_of(year, month):
        day -= 1
    return date(year, month, day)


def _length_of(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _named(day: date) -> str:
    return f"{day}（{_WEEK[day.weekday()]}）"


def _told_zh(end: date, due: date, walked: Sequence[tuple[date, Day]]) -> str:
    if not walked:
        return f"{_named(end)}是工作日，不顺延"
    over = "、".join(f"{day}{_REST_ZH[kind]}" for day, kind in walked)
    return f"逐日越过{over}，顺延至{_named(due)}"


def _told_en(end: date, due: date, walked: Sequence[tuple[date, Day]]) -> str:
    if not walked:
        return f"{end} is a working day"
    over = ", ".join(f"{day} {_REST_EN[kind]}" for day, kind in walked)
    return f"passing over {over}, it moves to {due}"
