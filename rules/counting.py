"""Counting a period from its base date, and saying how.

The trigger day is not counted; months and years end on the corresponding day, or on the last day of the month
if there is none. In: a base date, a period, a calendar. Out: a `Counted` that explains itself. Terms of
protection never shift and are not counted here (see `rules.patent_term`).

Source: 专利法实施细则 (2023) art 5; 专利审查指南 (2023) part 5 ch 7 §2.3; before 2024-01-20 the text of 2008
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from rules.calendar import WorkCalendar, official
from rules.dates import chinese_date

Unit = Literal["d", "wd", "m", "y"]
Roll = Literal["", "next_workday", "monday_after_makeup", "swap_2008"]

RULE_OF_2023 = date(2024, 1, 20)

_PERIOD = re.compile(r"^(\d{1,4})(wd|d|m|y)$", re.ASCII)
_UNITS: dict[str, Unit] = {"d": "d", "wd": "wd", "m": "m", "y": "y"}
_LABEL_ZH = {"d": "日", "wd": "个工作日", "m": "个月", "y": "年"}
_LABEL_EN = {"d": "day", "wd": "working day", "m": "month", "y": "year"}
_PROVISIONAL_ZH = {
    False: "{}年放假安排尚未公布，暂按法定节假日推算，公布后将重新计算。",
    True: "{}年早于放假安排表，按周休息日和固定节日推算。",
}
_PROVISIONAL_EN = {
    False: "The holiday notice for {} is not published yet; computed for now, to be recomputed.",
    True: "{} is before the holiday table; computed from weekends and fixed holidays.",
}
_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Period:
    """A length of time: n calendar days (d), working days (wd), months (m) or years (y)."""

    n: int
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read `3m`, `30d`, `7wd` or `5y`.

        Raises: ValueError on any other text or a length of zero.
        """
        match = _PERIOD.match(text)
        if match is None or int(match[1]) == 0:
            raise ValueError(f"not a period: {text!r}; write for instance 3m, 30d, 7wd, 5y")
        return cls(int(match[1]), _UNITS[match[2]])

    def __str__(self) -> str:
        return f"{self.n}{self.unit}"

    @property
    def label_zh(self) -> str:
        """The length in Chinese: 3个月."""
        return f"{self.n}{_LABEL_ZH[self.unit]}"

    @property
    def label_en(self) -> str:
        """The length in English: 3 months."""
        return f"{self.n} {_LABEL_EN[self.unit]}{'' if self.n == 1 else 's'}"


@dataclass(frozen=True)
class Counted:
    """A counted date: `nominal` before and `due` after the roll-over, and each step in words.

    `roll` is empty if nothing moved; `provisional` if a year that is not published yet was consulted.
    """

    base: date
    period: Period
    nominal: date
    due: date
    roll: Roll
    provisional: bool
    explanation_zh: tuple[str, ...]
    explanation_en: tuple[str, ...]


def count(base: date, period: Period, *, roll: bool = True, calendar: WorkCalendar | None = None) -> Counted:
    """Count a period from the day after the base date.

    With `roll`, a period in days, months or years that ends on a rest day moves on. From 2024-01-20 it moves
    to the first working day that is no Saturday or Sunday: a make-up Saturday or Sunday is a weekly rest
    day, also when the period ends on it. Before that date the swapped calendar decides. Working days need
    no roll-over.

    Source: 专利审查指南 (2023) part 5 ch 7 §2.3; 审查指南修改公报第1号 (2008)
    """
    return _count(base, period, roll, calendar or official())


def add_months(base: date, months: int) -> date:
    """Return the corresponding day some months later, or the last day of that month if there is none."""
    year, month = divmod(base.year * 12 + base.month - 1 + months, 12)
    return date(year, month + 1, min(base.day, monthrange(year, month + 1)[1]))


@lru_cache(maxsize=16_384)
def _count(base: date, period: Period, roll: bool, calendar: WorkCalendar) -> Counted:
    nominal = _nominal(base, period, calendar)
    due, how = _rolled(nominal, calendar) if roll and period.unit != "wd" else (nominal, "")
    consulted = period.unit == "wd" or roll
    provisional = consulted and (calendar.is_provisional(nominal) or calendar.is_provisional(due))
    zh, en = _explain(base, period, nominal, due, how, calendar)
    if provisional:
        year = due.year if calendar.is_provisional(due) else nominal.year
        zh += (_PROVISIONAL_ZH[year < calendar.known_years.start].format(year),)
        en += (_PROVISIONAL_EN[year < calendar.known_years.start].format(year),)
    return Counted(base, period, nominal, due, how, provisional, zh, en)


def _nominal(base: date, period: Period, calendar: WorkCalendar) -> date:
    if period.unit == "d":
        return base + timedelta(days=period.n)
    if period.unit == "wd":
        return calendar.add_workdays(base, period.n)
    return add_months(base, period.n * (12 if period.unit == "y" else 1))


def _rolled(nominal: date, calendar: WorkCalendar) -> tuple[date, Roll]:
    swapped = calendar.next_workday(nominal)
    if nominal < RULE_OF_2023:
        return swapped, "" if swapped == nominal else "swap_2008"
    due = calendar.next_weekday_workday(nominal)
    if due == nominal:
        return due, ""
    return due, "next_workday" if due == swapped else "monday_after_makeup"


def _explain(
    base: date, period: Period, nominal: date, due: date, how: Roll, calendar: WorkCalendar
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    zh: tuple[str, ...] = (
        f"起算日{chinese_date(base)}当日不计入。",
        f"期限{period.label_zh}，届满日为{_day_zh(nominal)}。",
    )
    en: tuple[str, ...] = (
        f"Base date {base.isoformat()}, not counted.",
        f"{period.label_en}, ending on {_day_en(nominal)}.",
    )
    if how == "":
        return zh, en
    reason_zh, reason_en = _why_rest(nominal, calendar)
    if how == "monday_after_makeup":
        zh += (
            f"届满日{reason_zh}；其后的调休上班日属周休息日，顺延至{_day_zh(due)}。"
            if not calendar.is_makeup_workday(nominal)
            else f"届满日{reason_zh}，仍属周休息日，顺延至{_day_zh(due)}。",
        )
        en += (f"That is {reason_en}; a make-up weekend day does not count, so it moves to {_day_en(due)}.",)
        return zh, en
    zh += (f"届满日{reason_zh}，顺延至其后第一个工作日{_day_zh(due)}。",)
    en += (f"That is {reason_en}; it moves to the next working day, {_day_en(due)}.",)
    return zh, en


def _why_rest(day: date, calendar: WorkCalendar) -> tuple[str, str]:
    if calendar.is_makeup_workday(day):
        return "为调休上班的周末", "a make-up weekend day"
    if day.weekday() >= 5:
        return "为周休息日", "a weekend day"
    return "为节假日", "a holiday"


def _day_zh(day: date) -> str:
    return f"{chinese_date(day)}（星期{_WEEKDAYS_ZH[day.weekday()]}）"


def _day_en(day: date) -> str:
    return f"{day.isoformat()} ({_WEEKDAYS_EN[day.weekday()]})"
