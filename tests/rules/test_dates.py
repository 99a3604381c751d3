"""Dates as they are written."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.dates import DateError, chinese_date, parse_date


@pytest.mark.parametrize(
    "typed",
    [
        "2019.07.09",
        "2019-7-9",
        "2019/07/09",
        "20190709",
        "2019年7月9日",
        "２０１９．０７．０９",
        " 2019 年 7 月 9 日 ",
        "2019-07-09 00:00:00",
        "2019-07-09T00:00:00",
    ],
)
def test_parse_date(typed: str) -> None:
    assert parse_date(typed) == date(2019, 7, 9)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "为空"),
        ("43655", "序列号"),
        ("19.07.09", "不是四位"),
        ("2019-02-30", "不存在这一天"),
        ("2019-13-01", "不存在这一天"),
        ("0019-07-09", "超出范围"),
        ("2019-07/09", "不是可识别"),
        ("09/07/2019", "不是可识别"),
        ("长期", "不是可识别"),
    ],
)
def test_parse_date_refuses_what_it_cannot_read_safely(typed: str, reason: str) -> None:
    with pytest.raises(DateError, match=reason):
        parse_date(typed)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_written_dates_read_back(day: date) -> None:
    assert [parse_date(chinese_date(day)), parse_date(day.isoformat())] == [day, day]
