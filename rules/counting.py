"""Counting a period from its base date, and saying how.

The trigger day is not counted; months and years end on the corresponding day, or on the last day of the month
if there is none. In: a base date, a period, a calendar. Out: a `Counted`, whose derivation is made when it is
asked for. Terms of protection and presumed service never shift (see `rules.patent_term`, `rules.service`).

Source: 专利法实施细则 (2023) art 5; 专利审查指南 (2023) part 5 ch 7 §2.3; before 2024-01-20 the text of 2008
"""

import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal, NamedTuple

from rules.calendar import WorkCalendar, official
from rules.dates import chinese_date
from rules.derivation import Derivation, step

Unit = Literal["d", "wd", "m", "y"]
Roll = Literal["", "next_workday", "monday_after_makeup", "swap_2008"]

RULE_OF_2023 = date(2024, 1, 20)

_PERIOD = re.compile(r"^(\d{1,4})(wd|d|m|y)$", re.ASCII)
_UNITS: dict[str, Unit] = {"d": "d", "wd": "wd", "m": "m", "y": "y"}
_LABEL_ZH = {"d": "日", "wd": "个工作日", "m": "个月", "y": "年"}
_LABEL_EN = {"d": "day", "wd": "working day", "m": "month", "y": "year"}
_PROVISIONAL_ZH = {
    False: "{}年放假安排尚未公布，暂按法定节假日推算，公布后将重新计算",
    True: "{}年早于放假安排表，按周休息日和固定节日推算",
}
_PROVISIONAL_EN = {
    False: "The holiday notice for {} is not published yet; computed for now, to be recomputed",
    True: "{} is before the holiday table; computed from weekends and fixed holidays",
}
_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Citation(NamedTuple):
    """What a step of the counting cites; the pack states the same rules for people to read."""

    id: str
    article: str
    confidence: str
    badge_zh: str = ""


COUNTING_RULE = Citation("T-00", "专利法实施细则第5条；专利审查指南第五部分第七章第2.3节", "V")
COUNTING_RULE_2008 = Citation("T-00", "审查指南修改公报第1号（2008）", "V")


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class RolledOver:
    """Where a limit that ends on `day` really ends: on `result`, never before `day`.

    `how` is empty if the day stands. `provisional` says that the holiday notice of the year of `day` or of
    `result` is not known.
    """

    day: date
    result: date
    how: Roll
    provisional: bool
    calendar: WorkCalendar = field(repr=False, compare=False)

    @property
    def derivation(self) -> Derivation:
        """How the result came about: what kind of day `day` is, and where it moves, by rule T-00."""
        asked = step(
            "day",
            f"期限届满日为{named_zh(self.day)}",
            f"The limit ends on {named_en(self.day)}",
            self.day,
            "date",
        )
        stays = step("roll", "该日为工作日，不顺延", "A working day; it does not move", self.day, "date")
        moved = self.steps() if self.how else (stays, *self.steps())
        return step(
            "due",
            f"期限实际届满于{named_zh(self.result)}",
            f"The limit really ends on {named_en(self.result)}",
            self.result,
            "date",
            asked,
            *moved,
            rule=counting_rule(self.day),
        )

    def steps(self) -> tuple[Derivation, ...]:
        """Return the step that moves the day, if it moves, and the caution, if the year is not published."""
        moved = (self._moved(),) if self.how else ()
        return moved + _caution(self.day, self.result, self.calendar) if self.provisional else moved

    def _moved(self) -> Derivation:
        reason_zh, reason_en = _why_rest(self.day, self.calendar)
        to_zh, to_en = named_zh(self.result), named_en(self.result)
        if self.how == "monday_after_makeup":
            zh = (
                f"届满日{reason_zh}，仍属周休息日，顺延至{to_zh}"
                if self.calendar.is_makeup_workday(self.day)
                else f"届满日{reason_zh}；其后的调休上班日属周休息日，顺延至{to_zh}"
            )
            en = f"That is {reason_en}; a make-up weekend day does not count, so it moves to {to_en}"
        else:
            zh = f"届满日{reason_zh}，顺延至其后第一个工作日{to_zh}"
            en = f"That is {reason_en}; it moves to the next working day, {to_en}"
        return step("roll", zh, en, self.result, "date", rule=counting_rule(self.day))


@dataclass(frozen=True, slots=True)
class Counted:
    """A counted date: `nominal` before and `due` after the roll-over.

    `roll` is empty if nothing moved; `provisional` if the notice of the year of `nominal` or of `due` was needed
    and is not known.
    """

    base: date
    period: Period
    nominal: date
    due: date
    roll: Roll
    provisional: bool
    calendar: WorkCalendar = field(repr=False, compare=False)

    @property
    def derivation(self) -> Derivation:
        """The steps base → nominal → roll-over → due, each by rule T-00."""
        return step(
            "due",
            f"到期日为{named_zh(self.due)}",
            f"Due on {named_en(self.due)}",
            self.due,
            "date",
            *self.steps(),
            rule=counting_rule(self.nominal),
        )

    def steps(self) -> tuple[Derivation, ...]:
        """Return what led to the due date: base, nominal end, roll-over, caution; the last two if there are any."""
        rule = counting_rule(self.nominal)
        base = step(
            "base",
            f"起算日{chinese_date(self.base)}当日不计入",
            f"Base date {self.base.isoformat()}, not counted",
            self.base,
            "date",
            rule=rule,
        )
        nominal = step(
            "nominal",
            f"期限{self.period.label_zh}，届满日为{named_zh(self.nominal)}",
            f"{self.period.label_en}, ending on {named_en(self.nominal)}",
            self.nominal,
            "date",
            rule=rule,
        )
        if self.period.unit == "wd":
            caution = _caution(self.nominal, self.due, self.calendar) if self.provisional else ()
            return (base, nominal, *caution)
        rolled = RolledOver(self.nominal, self.due, self.roll, self.provisional, self.calendar)
        return (base, nominal, *rolled.steps())

    @property
    def explanation_zh(self) -> tuple[str, ...]:
        """One Chinese sentence per step, without the sources."""
        return tuple(f"{told.zh}。" for told in self.steps())

    @property
    def explanation_en(self) -> tuple[str, ...]:
        """One English sentence per step, without the sources."""
        return tuple(f"{told.en}." for told in self.steps())


def count(base: date, period: Period, *, roll: bool = True, calendar: WorkCalendar | None = None) -> Counted:
    """Count a period from the day after the base date.

    With `roll`, a period in days, months or years that ends on a rest day moves on as `roll_over` says. Working
    days need no roll-over: make-up Saturdays and Sundays are working days and count.

    Source: 专利审查指南 (2023) part 5 ch 7 §2.3; 审查指南修改公报第1号 (2008)
    """
    used = calendar or official()
    nominal = nominal_end(base, period, used)
    if period.unit == "wd":
        return Counted(base, period, nominal, nominal, "", used.is_provisional(nominal), used)
    if not roll:
        return Counted(base, period, nominal, nominal, "", False, used)
    due, how = _rolled(nominal, used)
    provisional = used.is_provisional(nominal) or (due is not nominal and used.is_provisional(due))
    return Counted(base, period, nominal, due, how, provisional, used)


def roll_over(day: date, *, calendar: WorkCalendar | None = None) -> RolledOver:
    """Return the day on which a limit that ends on `day` really ends.

    From 2024-01-20 a limit that ends on a rest day moves to the first working day that is no Saturday or
    Sunday: a make-up Saturday or Sunday is a weekly rest day, also when the limit ends on it. A limit that ends
    before 2024-01-20 follows the swapped calendar: make-up days are working days.

    Source: 专利审查指南 (2023) part 5 ch 7 §2.3; 审查指南修改公报第1号 (2008)
    """
    used = calendar or official()
    result, how = _rolled(day, used)
    return RolledOver(day, result, how, used.is_provisional(day) or used.is_provisional(result), used)


def counting_rule(nominal: date) -> Citation:
    """Return the version of T-00 that governs a limit ending on this day."""
    return COUNTING_RULE if nominal >= RULE_OF_2023 else COUNTING_RULE_2008


def nominal_end(base: date, period: Period, calendar: WorkCalendar) -> date:
    """Return the last day of a period, before any roll-over."""
    if period.unit == "d":
        return base + timedelta(days=period.n)
    if period.unit == "wd":
        return calendar.add_workdays(base, period.n)
    return add_months(base, period.n * (12 if period.unit == "y" else 1))


def add_months(base: date, months: int) -> date:
    """Return the corresponding day some months later, or the last day of that month if there is none."""
    year, month = divmod(base.year * 12 + base.month - 1 + months, 12)
    if base.day <= 28:
        return date(year, month + 1, base.day)
    return date(year, month + 1, min(base.day, monthrange(year, month + 1)[1]))


def _rolled(nominal: date, calendar: WorkCalendar) -> tuple[date, Roll]:
    if nominal < RULE_OF_2023:
        swapped = calendar.next_workday(nominal)
        return swapped, "" if swapped == nominal else "swap_2008"
    due = calendar.next_weekday_workday(nominal)
    if due == nominal:
        return nominal, ""
    return due, "next_workday" if due == calendar.next_workday(nominal) else "monday_after_makeup"


def _caution(nominal: date, due: date, calendar: WorkCalendar) -> tuple[Derivation, ...]:
    year = due.year if calendar.is_provisional(due) else nominal.year
    early = year < calendar.known_years.start
    return (
        step(
            "provisional",
            _PROVISIONAL_ZH[early].format(year),
            _PROVISIONAL_EN[early].format(year),
            True,
            "flag",
        ),
    )


def _why_rest(day: date, calendar: WorkCalendar) -> tuple[str, str]:
    if calendar.is_makeup_workday(day):
        return "为调休上班的周末", "a make-up weekend day"
    if calendar.is_holiday(day):
        return "为节假日", "a holiday"
    return "为周休息日", "a weekend day"


def named_zh(day: date) -> str:
    """Write a day with its weekday: 2026年4月15日（星期三）."""
    return f"{chinese_date(day)}（星期{_WEEKDAYS_ZH[day.weekday()]}）"


def named_en(day: date) -> str:
    """Write a day with its weekday: 2026-04-15 (Wednesday)."""
    return f"{day.isoformat()} ({_WEEKDAYS_EN[day.weekday()]})"
