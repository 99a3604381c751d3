"""Every date twice: the second count agrees with the first on random inputs, and sees when the first is wrong."""

import csv
import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import second_count as second
from rules.calendar import official, statutory_days
from rules.counting import Period, count, roll_over
from rules.deadline_forms import Besides, ending
from rules.deadline_rule import Band, DeadlineRule
from rules.deadlines import compute
from rules.holiday_notices import HolidayNotice, calendar_of
from rules.packs import RuleBook, load
from rules.publicity import publicity_ends
from rules.second_compare import of_dates
from rules.second_forms import Extra, ends
from rules.service import CHANNELS, serve

GOLDEN = Path(__file__).parent.parent / "golden"
EXAMPLES: dict[str, Any] = json.loads((GOLDEN / "guideline_examples.json").read_text(encoding="utf-8"))
DAYS = st.dates(date(1985, 1, 1), date(2100, 12, 31))
LENGTHS = st.builds(
    lambda number, unit: f"{min(number, 40) if unit == 'y' else number}{unit}",
    st.integers(1, 400),
    st.sampled_from(("d", "wd", "m", "y")),
)
SHORT = st.builds(lambda n, unit: f"{n}{unit}", st.integers(1, 40), st.sampled_from(("d", "wd", "m")))
# Where rest days are: around the holidays of known years, and around the change of the Guidelines.
RESTLESS = st.one_of(
    DAYS, st.dates(date(2004, 1, 1), date(2028, 12, 31)), st.dates(date(2024, 1, 1), date(2024, 2, 29))
)


def _timers(book: RuleBook) -> list[DeadlineRule]:
    return [rule for rule in book.all() if isinstance(rule, DeadlineRule)]


BOOKS = [load(("national", place, "house")) for place in ("zhejiang", "shandong", "beijing", "shanghai")]
TIMERS = list({(rule.id, rule.version): rule for book in BOOKS for rule in _timers(book)}.values())


@settings(max_examples=600)
@given(RESTLESS, LENGTHS, st.booleans())
def test_counted_dates_agree(base: date, length: str, rolls: bool) -> None:
    first = count(base, Period.parse(length), roll=rolls)
    assert of_dates(first, second.tally(base, length, rolls=rolls)) == []


@settings(max_examples=400)
@given(RESTLESS)
def test_ends_roll_alike(day: date) -> None:
    assert second.rolled(day)[0] == roll_over(day).result
    assert second.next_worked(day) == official().next_workday(day)


@settings(max_examples=300)
@given(RESTLESS, SHORT, st.integers(1, 60))
def test_house_dates_agree(base: date, length: str, margin: int) -> None:
    rule = TIMERS[0].model_copy(update={"form": "after", "period": length, "roll": True, "minimum": False})
    first = compute(rule, base, margin=margin)
    assert first.internal == second.house_date(first.due, margin, base)


@given(DAYS, st.sampled_from(CHANNELS))
def test_service_agrees(dispatched: date, channel: Any) -> None:
    assert second.served(dispatched, channel) == serve(dispatched, channel).on


def test_every_day_from_1985_to_2100_is_the_same_kind_of_day() -> None:
    calendar, rest = official(), second.published()
    day = date(1985, 1, 1)
    while day.year <= 2100:
        kind = rest.what(day)
        assert (kind in ("worked", "makeup"), kind == "makeup") == (
            calendar.is_workday(day),
            calendar.is_makeup_workday(day),
        ), day
        day += timedelta(days=1)


def test_festivals_agree_with_a_third_source() -> None:
    """The lunar table was computed from new moons; an independent package knows the days up to 2099."""
    theirs = holidays.country_holidays("CN", years=range(2027, 2100))
    for year in range(2027, 2100):
        assert second.festival_days(year) == statutory_days(year)
        assert {day for day in second.festival_days(year) if day not in theirs} == set()


def _notice(year: int, extra: list[int], makeup: list[int], published: date) -> HolidayNotice:
    off = set(statutory_days(year)) | {date(year, 1, 1) + timedelta(days=number) for number in extra}
    worked = {date(year, 1, 1) + timedelta(days=number) for number in makeup}
    weekend = {day for day in worked if day.weekday() >= 5} - off
    return HolidayNotice(
        rule="T-00",
        year=year,
        off=tuple(sorted(off)),
        makeup=tuple(sorted(weekend)),
        notice="测试",
        valid_from=published,
    )


NUMBERS = st.lists(st.integers(-7, 364), max_size=12, unique=True)
NOTICES = st.lists(
    st.builds(
        _notice, st.sampled_from((2027, 2028, 2029)), NUMBERS, NUMBERS,
        st.sampled_from((date(2026, 11, 1), date(2026, 12, 1))),
    ),
    max_size=3,
)  # fmt: skip


class _Book:
    """A rulebook with nothing but notices."""

    def __init__(self, notices: list[HolidayNotice]) -> None:
        self.tables = {"holidays": tuple(notices)}


@settings(max_examples=150)
@given(NOTICES, st.dates(date(2026, 11, 1), date(2030, 3, 1)), SHORT, st.booleans())
def test_holiday_notices_are_read_alike(
    notices: list[HolidayNotice], base: date, length: str, rolls: bool
) -> None:
    first = count(base, Period.parse(length), roll=rolls, calendar=calendar_of(_Book(notices)))
    tally = second.tally(base, length, rolls=rolls, rest=second.with_notices(notices))
    assert of_dates(first, tally) == []


class _Policy:
    def __init__(self, days: int, unit: str) -> None:
        self.publicity_days, self.publicity_unit = days, unit


PAUSES = st.lists(st.tuples(st.integers(0, 40), st.one_of(st.none(), st.integers(0, 20))), max_size=3)


@settings(max_examples=300)
@given(
    st.dates(date(2016, 1, 1), date(2029, 12, 31)), st.integers(15, 40), st.sampled_from(("d", "wd")), PAUSES
)
def test_publicities_end_alike(
    posted: date, length: int, unit: str, offsets: list[tuple[int, int | None]]
) -> None:
    pauses = [
        (posted + timedelta(days=start), None if longer is None else posted + timedelta(days=start + longer))
        for start, longer in offsets
    ]
    first = publicity_ends(posted, _Policy(length, unit), pauses)
    tally = second.publicity_closes(posted, length, unit, pauses)
    assert (first.may_close_from, first.provisional) == (tally.due, tally.provisional)


@settings(max_examples=600)
@given(
    st.sampled_from(TIMERS), st.dates(date(1985, 1, 1), date(2099, 12, 31)), st.dates(date(1985, 1, 1), date(2099, 12, 31)),
    st.integers(2, 25), st.one_of(st.none(), st.integers(0, 10**10)),
)  # fmt: skip
def test_every_timer_of_the_packs_agrees(
    rule: DeadlineRule, base: date, other: date, year: int, amount: int | None
) -> None:
    tally = ends(rule, base, Extra(other, year, amount))
    if tally is None:
        assert not rule.names_date
        return
    first = ending(rule, base, Besides(other, year, amount), official())
    assert of_dates(first, tally) == []
    assert not (rule.form == "before" and "wd" in rule.period)


@settings(max_examples=300)
@given(
    st.sampled_from(("before", "until", "next_month", "yearly", "year_end", "two_events", "by_amount")),
    RESTLESS, RESTLESS, SHORT, SHORT, st.booleans(), st.sampled_from(("earlier", "later")), st.integers(1, 28),
    st.sampled_from(("01-01", "03-30", "12-31")), st.integers(0, 10**10),
)  # fmt: skip
def test_every_form_agrees(
    form: Any,
    base: date,
    other: date,
    one: str,
    two: str,
    roll: bool,
    pick: Any,
    day: int,
    month_day: str,
    amount: int,
) -> None:
    joined = f"{one}{two}" if form == "before" else one
    rule = TIMERS[0].model_copy(
        update={
            "form": form, "period": joined, "second_period": two, "roll": roll, "pick": pick, "day_of_month": day,
            "month_day": month_day, "bands": (Band(below=5 * 10**8, period=one), Band(period=two)), "fixed_on": base,
        }
    )  # fmt: skip
    first = ending(rule, base, Besides(other, None, amount), official())
    tally = ends(rule, base, Extra(other, None, amount))
    assert tally is not None
    # The first one does not mark a day that it counted back over working days; no pack does so.
    assert of_dates(first, tally, is_marked=form != "before") == []


@pytest.mark.parametrize("example", EXAMPLES["deadlines"], ids=lambda example: example["id"])
def test_deadline_example_of_the_guidelines(example: dict[str, str]) -> None:
    tally = second.tally(date.fromisoformat(example["base"]), example["period"], rolls=True)
    assert (tally.nominal.isoformat(), tally.due.isoformat()) == (example["nominal"], example["due"])


@pytest.mark.parametrize("example", EXAMPLES["service_by_post"], ids=lambda example: example["id"])
def test_service_example_of_the_guidelines(example: dict[str, str]) -> None:
    assert (
        second.served(date.fromisoformat(example["dispatch"]), "post").isoformat()
        == example["deemed_received"]
    )


def test_official_holidays_of_2024_to_2026() -> None:
    with (GOLDEN / "holidays_2024_2026.csv").open(encoding="utf-8") as file:
        rows = {date.fromisoformat(row["date"]): row["kind"] for row in csv.DictReader(file)}
    rest = second.published()
    day = date(2024, 1, 1)
    while day.year <= 2026:
        told = rows.get(day)
        wanted = {
            "holiday": "holiday",
            "makeup_workday": "makeup",
            None: "weekend" if day.weekday() > 4 else "worked",
        }
        assert rest.what(day) == wanted[told], day
        day += timedelta(days=1)


def test_explanation_names_every_day_passed_over() -> None:
    tally = second.tally(date(2024, 1, 14), "1m", rolls=True)
    assert tally.derivation.lines_zh == (
        "起算日2024-01-14不计。",
        "期限1m，届满于2024-02-14（星期三）。",
        "逐日越过2024-02-14放假日、2024-02-15放假日、2024-02-16放假日、2024-02-17放假日、"
        "2024-02-18调休上班的周末，顺延至2024-02-19（星期一）。",
    )


@pytest.mark.parametrize("length", ["", "3", "0d", "3w", "3m2d", "٣d"])
def test_other_lengths_are_refused(length: str) -> None:
    with pytest.raises(ValueError, match="not a length"):
        second.tally(date(2026, 1, 1), length, rolls=True)


def test_plain_next_working_day_is_seen_forty_times() -> None:
    """What many calendars do, and what the Guidelines of 2023 forbid."""
    seen = 0
    day = date(2024, 1, 19)
    while day < date(2026, 12, 31):
        first = count(day, Period(1, "d"))
        wrong = replace(first, due=official().next_workday(first.nominal))
        seen += bool(of_dates(wrong, second.tally(day, "1d", rolls=True)))
        day += timedelta(days=1)
    assert seen == 40


@pytest.mark.parametrize(
    ("fault", "what"),
    [
        (lambda base: count(base - timedelta(days=1), Period(2, "m")), "the day of the event is counted"),
        (lambda base: count(base, Period(60, "d")), "a month is taken as thirty days"),
        (lambda base: count(base, Period(2, "m"), roll=False), "rest days are forgotten"),
        (lambda base: replace(count(base, Period(2, "m")), provisional=False), "an unpublished year counts as sure"),
    ],
)  # fmt: skip
def test_wrong_first_computation_is_seen(fault: Any, what: str) -> None:
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    seen = [base for base in days if of_dates(fault(base), second.tally(base, "2m", rolls=True))]
    assert seen, what
