"""Holiday notices that a pack brings for years the shipped holiday table does not know yet.

In: rows of a pack. Out: frozen, checked models, and the calendar of a rulebook: the official table with the notices
laid over it. Dates of a noticed year are no longer provisional.

    [[holidays]]
    year = 2027
    off = ["2027-01-01..2027-01-03", "2027-02-05..2027-02-11", "2027-04-05"]
    makeup = [2027-01-30]
    rule = "T-00"
    notice = "国办发明电〔2026〕号"
    valid_from = 2026-11-25
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Protocol

from pydantic import Field, field_validator, model_validator

from rules.calendar import DAY, WorkCalendar, official, statutory_days
from rules.dates import chinese_date
from rules.pack_faults import refused
from rules.rule import Dated

SECTION = "holidays"
# The notice of a year may move days of the last week of the year before, as those for 2008, 2012 and 2019 did.
_DAYS_BEFORE_THE_YEAR = 7
_SATURDAY = 5


class HolidayNotice(Dated):
    """The State Council's notice for one year.

    `off` holds every day off, weekends inside a holiday included or not; `makeup` the Saturdays and Sundays that
    are worked. In a pack both take days and spans (`2027-02-05..2027-02-11`). `notice` is the number of the notice.
    `valid_from` is the day on which it was published; an amended notice of a later day replaces the earlier one.
    """

    year: int = Field(ge=2004, le=2100)
    off: tuple[date, ...] = Field(min_length=1)
    makeup: tuple[date, ...] = ()
    notice: str = Field(min_length=1)

    @property
    def overlap_key(self) -> tuple[object, ...]:
        """One notice for each year."""
        return (self.year,)

    @field_validator("off", "makeup", mode="before")
    @classmethod
    def _read_spans(cls, value: Any) -> Any:
        if not isinstance(value, list | tuple):
            return value
        return tuple(day for entry in value for day in _days_of(entry))

    @model_validator(mode="after")
    def _check_days(self) -> "HolidayNotice":
        _check_each_once(self.off, "off")
        _check_each_once(self.makeup, "makeup")
        first = date(self.year, 1, 1) - timedelta(days=_DAYS_BEFORE_THE_YEAR)
        for name, days in (("off", self.off), ("makeup", self.makeup)):
            for day in days:
                if not first <= day <= date(self.year, 12, 31):
                    raise refused(
                        f"{chinese_date(day)}不在{self.year}年（可含上年最后{_DAYS_BEFORE_THE_YEAR}天），请核对年份",
                        f"{day} is not in {self.year} or the week before it",
                        name,
                    )
        for day in self.makeup:
            if day.weekday() < _SATURDAY:
                raise refused(
                    f"{chinese_date(day)}不是星期六或星期日，不能是调休上班日",
                    f"{day} is no weekend day",
                    "makeup",
                )
            if day in self.off:
                raise refused(
                    f"{chinese_date(day)}既放假又上班，请删去一处", f"{day} is off and worked", "makeup"
                )
        known = self.year in official().known_years
        missing = [] if known else sorted(statutory_days(self.year) - set(self.off))
        if missing:
            raise refused(
                f"缺少法定节假日{'、'.join(map(chinese_date, missing))}，请补上",
                f"statutory holidays are missing: {', '.join(map(str, missing))}",
                "off",
            )
        return self

    @model_validator(mode="after")
    def _check_against_the_table(self) -> "HolidayNotice":
        """A year that the shipped table knows may only be repeated, so that an update does not break a pack."""
        table = official()
        if self.year not in table.known_years:
            return self
        noticed = table.with_notices((), self.off, self.makeup)
        day = date(self.year, 1, 1)
        while day.year == self.year:
            if noticed.is_workday(day) != table.is_workday(day):
                raise refused(
                    f"{self.year}年的放假安排已随软件提供，且{chinese_date(day)}与此不同。请删去这一年或改为一致",
                    f"the shipped table knows {self.year}, and differs on {day}",
                    "year",
                )
            day += DAY
        return self


class HasTables(Protocol):
    """A rulebook, as far as its holiday notices go."""

    @property
    def tables(self) -> Mapping[str, tuple[Dated, ...]]:
        """The rows of each section."""


def calendar_of(book: HasTables) -> WorkCalendar:
    """Return the calendar of a rulebook: the official table, and the notices of its packs over it. Cached.

    For a year with several notices the one published last counts; of two of the same day, that of the later layer.
    """
    rows = book.tables.get(SECTION)
    return _calendar(tuple(row for row in rows if isinstance(row, HolidayNotice))) if rows else official()


@lru_cache(maxsize=32)
def _calendar(notices: tuple[HolidayNotice, ...]) -> WorkCalendar:
    counting: dict[int, HolidayNotice] = {}
    for notice in notices:
        held = counting.get(notice.year)
        if held is None or held.valid_from <= notice.valid_from:
            counting[notice.year] = notice
    new = [notice for year, notice in sorted(counting.items()) if year not in official().known_years]
    return official().with_notices(
        [notice.year for notice in new],
        [day for notice in new for day in notice.off],
        [day for notice in new for day in notice.makeup],
    )


def _days_of(entry: Any) -> Iterator[Any]:
    """Go through the days of an entry: a day, or a span `2027-02-05..2027-02-11`."""
    if not isinstance(entry, str) or ".." not in entry:
        yield entry
        return
    start, _, end = entry.partition("..")
    try:
        day, last = date.fromisoformat(start.strip()), date.fromisoformat(end.strip())
    except ValueError as error:
        raise refused(
            f"“{entry}”不是日期区间，请写成 2027-02-05..2027-02-11", f"not a span of days: {entry!r}"
        ) from error
    if last < day or (last - day).days > 60:
        raise refused(
            f"“{entry}”的起止日期有误，请核对", f"the span {entry!r} is the wrong way round or too long"
        )
    while day <= last:
        yield day
        day += DAY


def _check_each_once(days: Sequence[date], name: str) -> None:
    twice = sorted({day for day in days if days.count(day) > 1})
    if twice:
        raise refused(f"{chinese_date(twice[0])}重复，请删去一处", f"{twice[0]} stands twice", name)


SECTIONS: Mapping[str, type[Dated]] = {SECTION: HolidayNotice}
