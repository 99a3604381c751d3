"""A million distinct due dates on one core, against the plain way of counting them day by day.

`python -m bench.due_dates [COUNT]`. Random base dates from 1985 to 2035 with all kinds of periods (days, working days,
months, years) are counted by `rules.counting.count`, no two alike; then every timer of the national pack is applied to
random base dates (`rules.deadlines.compute`). The baseline asks the calendar for each single day and steps month by
month, on the first tenth of the same work. The explanations of a sample are made as well and timed apart. The last
line is what the target is about: under 20 s, every due date equal to the baseline's.
"""

import random
import sys
import time
from collections.abc import Sequence
from datetime import date, timedelta

from rules.calendar import WorkCalendar, official
from rules.counting import RULE_OF_2023, Period, Unit, count
from rules.deadline_rule import DeadlineRule
from rules.deadlines import compute
from rules.packs import load

COUNT = 1_000_000
TARGET_SECONDS = 20.0
LONGEST: dict[Unit, int] = {"d": 400, "wd": 60, "m": 60, "y": 20}
Task = tuple[date, Period]


def tasks(number: int) -> list[Task]:
    """Return distinct pairs of base date and period, the same in every run."""
    chance = random.Random(2026)  # noqa: S311  no secret hangs on it
    first = date(1985, 4, 1).toordinal()
    last = date(2035, 12, 31).toordinal()
    units: tuple[Unit, ...] = tuple(LONGEST)
    found: dict[tuple[int, int, Unit], None] = {}
    while len(found) < number:
        unit = chance.choice(units)
        found[chance.randint(first, last), chance.randint(1, LONGEST[unit]), unit] = None
    return [(date.fromordinal(day), Period(n, unit)) for day, n, unit in found]


def plainly(base: date, period: Period, calendar: WorkCalendar) -> date:
    """Count day by day and month by month, and walk over the rest days."""
    day = base
    if period.unit in ("m", "y"):
        day = _months_on(base, period.n * (12 if period.unit == "y" else 1))
    else:
        left = period.n
        while left:
            day += timedelta(days=1)
            left -= period.unit == "d" or calendar.is_workday(day)
    if period.unit == "wd":
        return day
    swapped = day < RULE_OF_2023
    while not calendar.is_workday(day) or (day.weekday() > 4 and not swapped):
        day += timedelta(days=1)
    return day


def _months_on(base: date, months: int) -> date:
    year, month = base.year, base.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    day = base.day
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1


def timed_timers(bases: Sequence[date]) -> tuple[int, float]:
    """Apply every timer that counts from one date to the bases; return how many, and the seconds."""
    rules = [
        rule
        for rule in load(("national", "house")).all()
        if isinstance(rule, DeadlineRule) and rule.names_date and rule.form not in ("two_events", "per_year")
    ]
    started = time.perf_counter()
    for place, base in enumerate(bases):
        compute(rules[place % len(rules)], base)
    return len(bases), time.perf_counter() - started


def main() -> int:
    """Print the seconds and ratios; return 1 if the target is missed or a date differs."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    work, calendar = tasks(number), official()
    started = time.perf_counter()
    dues = [count(base, period).due for base, period in work]
    seconds = time.perf_counter() - started
    part = work[: max(1, number // 10)]
    started = time.perf_counter()
    expected = [plainly(base, period, calendar) for base, period in part]
    plain = (time.perf_counter() - started) / len(part) * number
    wrong = sum(due != other for due, other in zip(dues, expected, strict=False))
    timers, timer_seconds = timed_timers([base for base, _ in work])
    sample = work[: max(1, number // 100)]
    started = time.perf_counter()
    for base, period in sample:
        count(base, period).derivation.as_json()
    told = (time.perf_counter() - started) / len(sample) * 1e6
    sys.stdout.write(
        f"count      {number:>9,} due dates {seconds:8.2f} s {seconds / number * 1e6:8.2f} us each\n"
    )
    sys.stdout.write(
        f"compute    {timers:>9,} deadlines {timer_seconds:8.2f} s {timer_seconds / timers * 1e6:8.2f} us each\n"
    )
    sys.stdout.write(
        f"baseline   {number:>9,} due dates {plain:8.2f} s {plain / number * 1e6:8.2f} us each (from a tenth)\n"
    )
    sys.stdout.write(f"derivation, when asked: {told:.1f} us each\n")
    sys.stdout.write(
        f"ratio baseline/count {plain / seconds:.1f}, baseline/compute {plain / timer_seconds:.1f}; "
        f"{wrong} of {len(part):,} differ; target {TARGET_SECONDS} s for {COUNT:,}\n"
    )
    return int(wrong > 0 or max(seconds, timer_seconds) / number * COUNT > TARGET_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
