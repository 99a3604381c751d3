"""The working calendar of mainland China: official for published years, computed and provisional otherwise.

A published year follows the holiday notices of the State Council, with their make-up working days. For a
year without a notice, weekends and the statutory holidays are rest days, and every answer is provisional
until the notice is known: nobody can know beforehand which rest days will be swapped. A rule pack can bring the
notice of a year that the table does not know (`rules.holiday_notices`).
"""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar

from rules.festivals import FESTIVALS

DAY = timedelta(days=1)
_SATURDAY = 5
# The library lacks this one: a Saturday worked for 2006-01-03. Source: 国办发明电〔2005〕35号.
_MISSING_MAKEUP = frozenset({date(2005, 12, 31)})


class WorkCalendar:
    """Which days are worked. Immutable; every question is answered from sets or a sorted array.

    `known_years` is the range of the shipped table; `noticed` holds further years whose notice is known.
    """

    def __init__(
        self,
        known_years: range,
        holidays: Iterable[date],
        makeup_workdays: Iterable[date],
        *,
        noticed: Iterable[int] = (),
    ) -> None:
        self.known_years = known_years
        self.noticed = frozenset(noticed)
        self._published = frozenset(known_years) | self.noticed
        self._off = frozenset(holidays)
        self._makeup = frozenset(makeup_workdays)
        self._workdays: dict[int, tuple[date, ...]] = {}

    def with_notices(
        self, years: Iterable[int], holidays: Iterable[date], makeup_workdays: Iterable[date]
    ) -> "WorkCalendar":
        """Return this calendar with further published years laid over it.

        A day of the notices wins over the table, because the notice of a year may move days of the last week of
        the year before.
        """
        off, makeup = frozenset(holidays), frozenset(makeup_workdays)
        return WorkCalendar(
            self.known_years,
            (self._off - makeup) | off,
            (self._makeup - off) | makeup,
            noticed=self.noticed | frozenset(years),
        )

    def is_workday(self, d: date) -> bool:
        """Whether the day is worked, make-up Saturdays and Sundays included."""
        if d in self._makeup:
            return True
        if d.weekday() >= _SATURDAY or d in self._off:
            return False
        return d.year in self._published or d not in statutory_days(d.year)

    def is_makeup_workday(self, d: date) -> bool:
        """Whether the day is a Saturday or Sunday that the State Council has made a working day."""
        return d in self._makeup

    def is_holiday(self, d: date) -> bool:
        """Whether the day is one of a holiday: a day off by notice, or a statutory one if there is no notice."""
        return d in self._off if d.year in self._published else d in statutory_days(d.year)

    def is_provisional(self, d: date) -> bool:
        """Whether the answer for this day is computed, because its year is not published."""
        return d.year not in self._published

    def add_workdays(self, d: date, n: int) -> date:
        """Return the n-th working day after `d`; `d` itself is not counted.

        Raises: ValueError if n is below 1.
        """
        if n < 1:
            raise ValueError(f"working days to add must be at least 1, not {n}")
        year, left = d.year, n
        days = self._workdays_of(year)
        position = bisect_right(days, d)
        while position + left > len(days):
            left -= len(days) - position
            year, position = year + 1, 0
            days = self._workdays_of(year)
        return days[position + left - 1]

    def subtract_workdays(self, d: date, n: int) -> date:
        """Return the n-th working day before `d`; `d` itself is not counted.

        Raises: ValueError if n is below 1.
        """
        if n < 1:
            raise ValueError(f"working days to subtract must be at least 1, not {n}")
        while n:
            d -= DAY
            n -= self.is_workday(d)
        return d

    def workdays_between(self, after: date, until: date) -> int:
        """Return the number of working days after `after`, up to and including `until`."""
        if until <= after:
            return 0
        total = sum(len(self._workdays_of(year)) for year in range(after.year, until.year))
        return (
            total
            + bisect_right(self._workdays_of(until.year), until)
            - bisect_right(self._workdays_of(after.year), after)
        )

    def next_workday(self, d: date) -> date:
        """Return the day itself if it is worked, otherwise the first working day after it."""
        while not self.is_workday(d):
            d += DAY
        return d

    def next_weekday_workday(self, d: date) -> date:
        """Return the day itself or the first after it that is worked and no Saturday or Sunday."""
        while d.weekday() >= _SATURDAY or not self.is_workday(d):
            d += DAY
        return d

    def previous_weekday_workday(self, d: date) -> date:
        """Return the day itself or the last before it that is worked and no Saturday or Sunday."""
        while d.weekday() >= _SATURDAY or not self.is_workday(d):
            d -= DAY
        return d

    def _workdays_of(self, year: int) -> tuple[date, ...]:
        known = self._workdays.get(year)
        if known is None:
            first = date(year, 1, 1)
            length = (date(year, 12, 31) - first).days + 1
            known = tuple(day for day in (first + DAY * i for i in range(length)) if self.is_workday(day))
            self._workdays[year] = known
        return known


@lru_cache(maxsize=256)
def statutory_days(year: int) -> frozenset[date]:
    """Return the statutory holidays of a year, as they stand since 2025, without swapped days.

    New Year 1 day, Spring Festival 4 (from New Year's Eve), Qingming 1, Labor Day 2, Dragon Boat 1,
    Mid-Autumn 1, National Day 3. The movable festivals are known for 2027 to 2099 only.

    Source: 全国年节及纪念日放假办法 (2024)
    """
    fixed = {date(year, 1, 1), date(year, 5, 1), date(year, 5, 2)}
    fixed |= {date(year, 10, day) for day in (1, 2, 3)}
    movable = FESTIVALS.get(year)
    if movable is not None:
        fixed |= {movable.new_year + DAY * offset for offset in (-1, 0, 1, 2)}
        fixed |= {movable.qingming, movable.dragon_boat, movable.mid_autumn}
    return frozenset(fixed)


@lru_cache(maxsize=1)
def official() -> WorkCalendar:
    """Return the calendar of the shipped holiday table, from 2004 to the last published year."""
    holidays = frozenset(chinese_calendar.holidays)
    years = range(min(holidays).year, max(holidays).year + 1)
    return WorkCalendar(years, holidays, frozenset(chinese_calendar.workdays) | _MISSING_MAKEUP)
