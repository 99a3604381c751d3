"""The working calendar, against the holiday table and a second opinion."""

import csv
from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import official, statutory_days
from rules.festivals import FESTIVALS

TABLE = Path(__file__).parent.parent / "golden" / "holidays_2024_2026.csv"
DAY = timedelta(days=1)


def days_of(first: int, last: int) -> list[date]:
    start = date(first, 1, 1)
    return [start + DAY * i for i in range((date(last, 12, 31) - start).days + 1)]


def test_calendar_of_2024_to_2026_is_the_published_one() -> None:
    kinds: dict[str, set[date]] = {"holiday": set(), "makeup_workday": set()}
    for row in csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()):
        kinds[row["kind"]].add(date.fromisoformat(row["date"]))
    calendar = official()
    expected = {
        d
        for d in days_of(2024, 2026)
        if d in kinds["makeup_workday"] or (d.weekday() < 5 and d not in kinds["holiday"])
    }
    assert {d for d in days_of(2024, 2026) if calendar.is_workday(d)} == expected
    assert {d for d in days_of(2024, 2026) if calendar.is_makeup_workday(d)} == kinds["makeup_workday"]


def test_calendar_of_2004_to_2026_agrees_with_a_second_library() -> None:
    second = holidays.country_holidays("CN", years=range(2003, 2027))
    calendar = official()
    assert [d for d in days_of(2004, 2026) if calendar.is_workday(d) != second.is_working_day(d)] == []


def test_make_up_day_that_the_library_lacks() -> None:
    """国办发明电〔2005〕35号: 12月31日（星期六）上班."""
    assert official().is_makeup_workday(date(2005, 12, 31))


def test_every_published_year_is_balanced() -> None:
    """A weekday off is a statutory holiday, or it is worked on a weekend day near it."""
    calendar = official()
    moved = {
        year: sum(d.weekday() < 5 and not calendar.is_workday(d) for d in days_of(year, year))
        - sum(calendar.is_makeup_workday(d) for d in days_of(year, year))
        for year in (2024, 2025, 2026)
    }
    # 2024 still had 11 statutory days, since 2025 there are 13
    assert moved == {2024: 11, 2025: 13, 2026: 13}


def test_calendar_knows_the_years_of_the_table() -> None:
    calendar = official()
    assert calendar.known_years == range(2004, calendar.known_years.stop)
    assert not calendar.is_provisional(date(2026, 12, 31))
    assert [calendar.is_provisional(date(year, 6, 1)) for year in (2003, calendar.known_years.stop)] == [
        True,
        True,
    ]


def test_computed_festivals_agree_with_a_second_opinion() -> None:
    second = holidays.country_holidays("CN", years=range(2027, 2100))
    named = {
        year: {d for d, name in second.items() if d.year == year and "休" not in name}
        for year in (2027, 2028, 2038, 2057, 2099)
    }
    for year, days in named.items():
        assert statutory_days(year) - days == set()
        assert len(statutory_days(year)) == len(set(statutory_days(year)))


def test_festival_table_has_every_year_once_in_order() -> None:
    assert list(FESTIVALS) == list(range(2027, 2100))
    assert [f for f in FESTIVALS.values() if not f.new_year < f.qingming < f.dragon_boat < f.mid_autumn] == []


def test_statutory_days_of_an_unpublished_year() -> None:
    assert sorted(d.isoformat()[5:] for d in statutory_days(2027)) == [
        "01-01", "02-05", "02-06", "02-07", "02-08", "04-05", "05-01", "05-02", "06-09",
        "09-15", "10-01", "10-02", "10-03",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2026, 10, 8), 2, date(2026, 10, 10)),
        (date(2026, 11, 20), 7, date(2026, 12, 1)),
        (date(2026, 11, 21), 7, date(2026, 12, 1)),
        (date(2024, 2, 8), 7, date(2024, 2, 23)),
    ],
)
def test_add_workdays(start: date, n: int, end: date) -> None:
    assert official().add_workdays(start, n) == end
    assert official().workdays_between(start, end) == n


@given(st.dates(date(2003, 1, 1), date(2030, 12, 31)), st.integers(1, 300))
def test_added_workdays_are_counted_back(start: date, n: int) -> None:
    calendar = official()
    end = calendar.add_workdays(start, n)
    assert calendar.is_workday(end)
    assert calendar.workdays_between(start, end) == n


@given(st.dates(date(2005, 1, 1), date(2030, 12, 31)), st.integers(1, 200))
def test_working_days_back_and_forth(end: date, n: int) -> None:
    calendar = official()
    start = calendar.subtract_workdays(end, n)
    assert calendar.is_workday(start)
    assert calendar.workdays_between(start - DAY, end - DAY) == n


@given(st.dates(date(2004, 1, 2), date(2030, 12, 31)))
def test_working_weekdays_around_a_day(d: date) -> None:
    calendar = official()
    before, after = calendar.previous_weekday_workday(d), calendar.next_weekday_workday(d)
    assert before <= d <= after
    assert {calendar.is_workday(day) and day.weekday() < 5 for day in (before, after)} == {True}


@pytest.mark.parametrize("n", [0, -3])
def test_add_workdays_refuses_less_than_one(n: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        official().add_workdays(date(2026, 1, 1), n)
