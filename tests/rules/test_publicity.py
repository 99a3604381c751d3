"""How long a publicity runs."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.packs import load
from rules.publicity import publicity_ends


@dataclass(frozen=True)
class Policy:
    publicity_days: int = 15
    publicity_unit: str = "d"


POSTED = date(2026, 11, 2)


def test_fifteen_full_days_after_the_day_of_posting() -> None:
    end = publicity_ends(POSTED, Policy())
    assert (end.last_day, end.may_close_from) == (date(2026, 11, 17), date(2026, 11, 18))
    assert end.explanation_zh == (
        "公示首日2026年11月2日当日不计入，须公示满15日。",
        "公示期至2026年11月17日届满，2026年11月18日起可确认期满。",
    )


def test_working_days_skip_weekends() -> None:
    end = publicity_ends(POSTED, Policy(publicity_unit="wd"))
    assert (end.last_day, end.may_close_from) == (date(2026, 11, 23), date(2026, 11, 24))


@pytest.mark.parametrize(
    ("pauses", "last_day"),
    [
        (((date(2026, 11, 5), date(2026, 11, 9)),), date(2026, 11, 22)),
        (((date(2026, 11, 5), date(2026, 11, 5)),), date(2026, 11, 18)),
        (((date(2026, 11, 17), date(2026, 11, 20)),), date(2026, 11, 21)),
        (((date(2026, 11, 18), date(2026, 11, 20)),), date(2026, 11, 17)),
        (
            ((date(2026, 11, 5), date(2026, 11, 9)), (date(2026, 11, 8), date(2026, 11, 10))),
            date(2026, 11, 23),
        ),
        (((date(2026, 10, 1), date(2026, 10, 9)),), date(2026, 11, 17)),
    ],
)
def test_days_of_an_objection_do_not_count(pauses: tuple[tuple[date, date], ...], last_day: date) -> None:
    assert publicity_ends(POSTED, Policy(), pauses).last_day == last_day


def test_open_objection_keeps_the_publicity_from_closing() -> None:
    end = publicity_ends(POSTED, Policy(), ((date(2026, 11, 5), None),))
    assert (end.paused, end.may_close_from) == (True, date.max)
    assert end.explanation_zh[-1] == "2026年11月5日收到异议，尚未处理完毕，期间不计入。"


@given(st.dates(date(2024, 1, 1), date(2026, 10, 1)), st.integers(15, 40), st.sampled_from(("d", "wd")))
def test_publicity_is_never_shorter_than_its_days(posted: date, days: int, unit: str) -> None:
    end = publicity_ends(posted, Policy(days, unit))
    assert end.last_day >= posted + timedelta(days=days)
    assert end.may_close_from == end.last_day + timedelta(days=1)


def test_publicity_has_a_derivation_open_or_paused() -> None:
    house = load(("national", "house")).house(date(2026, 11, 2))
    ended = publicity_ends(date(2026, 11, 2), house).derivation
    paused = publicity_ends(date(2026, 11, 2), house, [(date(2026, 11, 5), None)]).derivation
    assert [one.value for one in ended.steps()][-2:] == [date(2026, 11, 17), date(2026, 11, 18)]
    assert (paused.value, paused.zh) == (None, "异议处理期间公示暂停，届满日待定")
