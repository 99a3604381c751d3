"""The second, independent reading of the forms in which a rule gives a date (see `rules.second_count`).

In: the form's name and its values as the pack writes them, a base date. Out: a `Tally`. Not from
`rules.deadline_forms`, and importing nothing of it.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from rules.derivation import step
from rules.second_count import RestDays, Tally, months_on, published, rolled, tally

_PARTS = re.compile(r"([0-9]+)(wd|[dmy])")
_ONE = timedelta(days=1)


class Limit(Protocol):
    """What a band of amounts says; `below_fen` is None for the last one."""

    @property
    def below_fen(self) -> int | None:
        """Amounts below this, in fen."""

    @property
    def period(self) -> str:
        """The length for them."""


class Row(Protocol):
    """A deadline rule as a pack writes it; only its values are read."""

    @property
    def form(self) -> str:
        """How the date follows from the base date."""

    @property
    def period(self) -> str:
        """The length, or empty."""

    @property
    def roll(self) -> bool:
        """Whether a rest day at the end moves on."""

    @property
    def day_of_month(self) -> int:
        """The day of the next month."""

    @property
    def month_day(self) -> str:
        """Month and day, `03-30`."""

    @property
    def fixed_on(self) -> date | None:
        """The date itself."""

    @property
    def second_period(self) -> str:
        """The length from the second event."""

    @property
    def pick(self) -> str:
        """`earlier` or `later`."""

    @property
    def bands(self) -> tuple[Limit, ...]:
        """Lengths by amount."""


@dataclass(frozen=True, slots=True)
class Extra:
    """What some forms need besides the base date."""

    second: date | None = None
    year: int | None = None
    amount_fen: int | None = None


def ends(row: Row, base: date, extra: Extra | None = None, rest: RestDays | None = None) -> Tally | None:
    """Return where a rule ends; None if it names no date, or a value that it needs is missing."""
    given, days = extra or Extra(), rest or published()
    form = row.form
    if form == "after":
        return tally(base, row.period, rolls=row.roll, rest=days) if row.period else None
    if form == "before":
        return _surely(
            _back(base, row.period, days), f"自{base}倒推{row.period}", f"{row.period} before {base}"
        )
    if form == "fixed":
        return (
            _surely(row.fixed_on, "规定载明的日期", "the date that the rule names") if row.fixed_on else None
        )
    if form == "year_end":
        return tally(date(base.year + 1, 1, 1) - _ONE, row.period, rolls=row.roll, rest=days)
    if form == "per_year":
        return tally(base, f"{given.year - 1}y", rolls=row.roll, rest=days) if given.year else None
    if form == "by_amount":
        return tally(base, _band(row.bands, given.amount_fen), rolls=row.roll, rest=days)
    if form == "two_events":
        return _picked(row, base, given.second, days) if given.second else None
    return _moved(_named_day(row, base), row.roll, days)


def _named_day(row: Row, base: date) -> date:
    """Return the day that the calendar names: the base itself, a day of the next month, or one of every year."""
    if row.form == "until":
        return base
    day = base + _ONE
    if row.form == "next_month":
        while day.month == base.month:
            day += _ONE
        while day.day != row.day_of_month:
            day += _ONE
        return day
    while f"{day:%m-%d}" != row.month_day:
        day += _ONE
    return day


def _picked(row: Row, base: date, second: date, days: RestDays) -> Tally:
    """Compare the ends before any roll-over; of two equal ones either will do."""
    both = [
        tally(base, row.period, rolls=row.roll, rest=days),
        tally(second, row.second_period, rolls=row.roll, rest=days),
    ]
    both.sort(key=lambda found: found.nominal)
    return both[0 if row.pick == "earlier" else 1]


def _band(bands: tuple[Limit, ...], amount_fen: int | None) -> str:
    fitting = [band for band in bands if band.below_fen is None or (amount_fen or 0) < band.below_fen]
    return fitting[0].period


def _counted_back(base: date, length: str, days: RestDays) -> Tally:
    """Count back; the day is not moved, but working days of a year without a notice are a guess."""
    day = _back(base, length, days)
    told = step("due", f"自{base}倒推{length}为{day}", f"{length} before {base}: {day}", day, "date")
    return Tally(day, day, "wd" in length and days.is_guess(day, base), told)


def _back(day: date, length: str, days: RestDays) -> date:
    """Take the parts of a length off one after another; nothing found backwards is moved."""
    for number, unit in _PARTS.findall(length):
        left = int(number)
        if unit in "my":
            day = months_on(day, -left * (12 if unit == "y" else 1))
            continue
        while left:
            day -= _ONE
            left -= unit == "d" or days.what(day) in ("worked", "makeup")
    return day


def _moved(day: date, rolls: bool, days: RestDays) -> Tally:
    if not rolls:
        return _surely(day, "规定指明的日期", "the day that the rule points at")
    due, passed = rolled(day, days)
    named = step("nominal", f"规定指明的日期为{day}", f"the rule points at {day}", day, "date")
    over = "、".join(str(one) for one, _ in passed)
    zh = f"逐日越过{over}，顺延至{due}" if passed else f"{day}不是休息日，不顺延"
    told = step("due", zh, f"passing over {len(passed)} days, {due}", due, "date", named)
    return Tally(day, due, days.is_guess(day, due), told)


def _surely(day: date, zh: str, en: str) -> Tally:
    return Tally(day, day, False, step("due", f"{zh}为{day}", f"{en}: {day}", day, "date"))
