"""Holiday notices in packs: a year that the library does not know yet."""

from datetime import date
from pathlib import Path

import pytest

from rules.calendar import official, statutory_days
from rules.counting import Period, count, roll_over
from rules.deadlines import compute
from rules.holiday_notices import HolidayNotice, calendar_of
from rules.packs import PackError, RuleBook, load

NOTICE = """
[pack]
name = "holidays"
title = "放假安排"
version = "2026.1"
kind = "national"

[[holidays]]
year = 2027
off = ["2027-01-01..2027-01-03", "2027-02-05..2027-02-11", "2027-04-03..2027-04-05", "2027-05-01..2027-05-05",
       "2027-06-09", "2027-09-15", "2027-10-01..2027-10-07"]
makeup = [2027-01-30, 2027-02-20, 2027-05-08, 2027-10-09]
rule = "T-00"
notice = "国办发明电〔2026〕0号（示例）"
valid_from = 2026-11-25
"""


def book_with(folder: Path, text: str = NOTICE) -> RuleBook:
    path = folder / "holidays.toml"
    path.write_text(text, encoding="utf-8")
    return load(("national", str(path)))


def test_noticed_year_is_no_longer_provisional(tmp_path: Path) -> None:
    calendar, day = calendar_of(book_with(tmp_path)), date(2027, 10, 4)
    before, after = roll_over(day), roll_over(day, calendar=calendar)
    assert (before.result, before.provisional) == (date(2027, 10, 4), True)
    assert (after.result, after.provisional) == (date(2027, 10, 8), False)
    assert count(date(2027, 10, 8), Period(1, "wd"), calendar=calendar).due == date(2027, 10, 9)
    assert roll_over(date(2027, 10, 9), calendar=calendar).result == date(2027, 10, 11)


def test_other_years_stay_as_they_are(tmp_path: Path) -> None:
    calendar, table = calendar_of(book_with(tmp_path)), official()
    assert calendar.is_provisional(date(2028, 1, 5))
    days = [date(year, month, 5) for year in (2006, 2020, 2026, 2030) for month in range(1, 13)]
    assert [calendar.is_workday(day) for day in days] == [table.is_workday(day) for day in days]


def test_deadline_of_the_rulebook_uses_its_calendar(tmp_path: Path) -> None:
    book = book_with(tmp_path)
    found = compute(book.deadline("T-01", date(2027, 1, 8)), date(2027, 1, 8), calendar=calendar_of(book))
    assert (found.nominal, found.due, found.provisional) == (date(2027, 4, 8), date(2027, 4, 8), False)


def test_calendar_of_a_book_is_made_once(tmp_path: Path) -> None:
    book = book_with(tmp_path)
    assert calendar_of(book) is calendar_of(book)
    assert calendar_of(load(("national", "house"))) is official()


def test_amended_notice_replaces_the_earlier_one(tmp_path: Path) -> None:
    amended = NOTICE[NOTICE.index("[[holidays]]") :].replace(
        "2027-10-01..2027-10-07", "2027-10-01..2027-10-08"
    )
    first = NOTICE.replace("valid_from = 2026-11-25", "valid_from = 2026-11-25\nvalid_to = 2027-06-30")
    book = book_with(tmp_path, first + amended.replace("2026-11-25", "2027-07-01"))
    assert not calendar_of(book).is_workday(date(2027, 10, 8))


def test_notice_may_move_the_last_days_of_the_year_before(tmp_path: Path) -> None:
    """As the notice for 2019 did: 2018-12-29 was worked for 2018-12-31."""
    text = NOTICE.replace('"2027-01-01..', '"2026-12-31..').replace("[2027-01-30", "[2026-12-27, 2027-01-30")
    calendar = calendar_of(book_with(tmp_path, text))
    assert not calendar.is_workday(date(2026, 12, 31))
    assert calendar.is_workday(date(2026, 12, 27))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("2027-01-30", "2027-01-29", "2027年1月29日不是星期六或星期日"),
        ("2027-01-30", "2028-01-30", "2028年1月30日不在2027年"),
        ('"2027-06-09", ', "", "缺少法定节假日2027年6月9日"),
        ("[2027-01-30", "[2027-02-06", "2027年2月6日既放假又上班"),
        ('"2027-06-09"', '"2027-06-09", "2027-06-09"', "2027年6月9日重复"),
        ("2027-05-01..2027-05-05", "2027-05-05..2027-05-01", "起止日期有误"),
        ("2027-05-01..2027-05-05", "2027-05-01..2027-05-32", "不是日期区间"),
        ("year = 2027", "year = 2101", "year"),
        ('notice = "国办发明电〔2026〕0号（示例）"\n', "", "notice"),
    ],
)
def test_nonsense_is_refused_with_the_reason(tmp_path: Path, old: str, new: str, reason: str) -> None:
    assert old in NOTICE
    with pytest.raises(PackError, match=reason):
        book_with(tmp_path, NOTICE.replace(old, new))


def test_two_notices_for_one_year_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PackError):
        book_with(tmp_path, NOTICE + NOTICE[NOTICE.index("[[holidays]]") :])


def test_known_year_may_be_repeated_but_not_changed() -> None:
    table = official()
    year = 2026
    days = [
        date.fromordinal(n) for n in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())
    ]
    off = tuple(day for day in days if day.weekday() < 5 and not table.is_workday(day))
    makeup = tuple(day for day in days if table.is_makeup_workday(day))
    values = {"year": year, "rule": "T-00", "notice": "x", "valid_from": date(2025, 11, 4), "makeup": makeup}
    same = HolidayNotice.model_validate({**values, "off": tuple({*off, *statutory_days(year)})})
    assert same.year == year
    with pytest.raises(ValueError, match="已随软件提供"):
        HolidayNotice.model_validate({**values, "off": (*off, date(2026, 7, 1))})
