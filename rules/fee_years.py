"""Patent years and the dates of their annual fees: when a fee is due, when each surcharge begins, when all is lost.

In: kind, filing date, patent year. Out: dates; amounts are none of its business.

Counted so: patent years run from the filing date. The fee of year N is due on the day of year N-1's end, the
filing day's counterpart (`nominal`), moved on from a rest day (`due`). Months late are counted from the nominal
day and end on its counterpart, or on the month's last day; the ends of months 1 to 5 do not move for rest days
(no text says so: the earlier day, the dearer rate, is the safe reading for the patentee). The end of month 6
ends the right and is a time limit: it moves on.

Source: 专利法实施细则 (2023) art 115; 专利审查指南 part 5 ch 9 §4.2.1
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from rules.calendar import WorkCalendar
from rules.counting import Period, add_months, count
from rules.patent_term import LAST_TEN_YEAR_DESIGN, YEARS

DAY = timedelta(days=1)
GRACE_MONTHS = 6


class FeeError(ValueError):
    """A question that has no answer; `field` is the argument that is wrong, the texts say what to do."""

    def __init__(self, field: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.field = field
        self.zh = zh
        self.en = en


@dataclass(frozen=True, slots=True)
class FeeDates:
    """The dates of the annual fee of one patent year.

    `opens` is the first day of the year before. `month_ends` are the last days of the months 1 to 6 after
    `nominal`, the sixth moved on from a rest day; `lapse_nominal` is that day before it moved. `provisional`
    if a year was consulted whose holidays are not published.
    """

    opens: date
    nominal: date
    due: date
    roll: str
    month_ends: tuple[date, date, date, date, date, date]
    lapse_nominal: date
    provisional: bool

    @property
    def grace_end(self) -> date:
        """The last day on which the fee can be paid late."""
        return self.month_ends[-1]


def last_year_of(kind: str, filed: date) -> int:
    """Return the last patent year of the ordinary term: 20, 10, 15, or 10 for designs filed by 2021-05-31.

    Raises: FeeError if the kind is unknown.
    """
    if kind not in YEARS:
        raise FeeError(
            "kind",
            f"没有“{kind}”这种专利，请从 invention（发明）、utility（实用新型）、design（外观设计）中选择",
            f"unknown kind {kind!r}: choose invention, utility or design",
        )
    return 10 if kind == "design" and filed <= LAST_TEN_YEAR_DESIGN else YEARS[kind]


def year_start(filed: date, year: int) -> date:
    """Return the first day of a patent year; year 1 begins on the filing date."""
    return add_months(filed, 12 * (year - 1))


def year_of(filed: date, day: date) -> int:
    """Return the patent year in which a day lies.

    Raises: FeeError if the day is before the filing date.
    """
    if day < filed:
        raise FeeError(
            "filed", f"{day}早于申请日{filed}，请核对", f"{day} lies before the filing date {filed}"
        )
    whole = day.year - filed.year
    return whole + 1 if year_start(filed, whole + 1) <= day else whole


@lru_cache(maxsize=65_536)
def fee_dates(filed: date, year: int, calendar: WorkCalendar) -> FeeDates:
    """Return the dates of the fee of a patent year, which must be 2 or later."""
    due = count(filed, Period(year - 1, "y"), calendar=calendar)
    end = count(due.nominal, Period(GRACE_MONTHS, "m"), calendar=calendar)
    months = tuple(add_months(due.nominal, month) for month in range(1, GRACE_MONTHS))
    return FeeDates(
        opens=year_start(filed, year - 1),
        nominal=due.nominal,
        due=due.due,
        roll=due.roll,
        month_ends=(*months, end.due),  # type: ignore[arg-type]  # five and one are six
        lapse_nominal=end.nominal,
        provisional=due.provisional or end.provisional,
    )
