"""Counting periods, against the examples of the Guidelines."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import official
from rules.counting import COUNTING_RULE, COUNTING_RULE_2008, Period, add_months, count, roll_over
from rules.packs import load

EXAMPLES: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent / "golden" / "guideline_examples.json").read_text(encoding="utf-8")
)
PERIODS = st.builds(Period, st.integers(1, 60), st.sampled_from(("d", "wd", "m")))


@pytest.mark.parametrize("example", EXAMPLES["deadlines"], ids=lambda example: example["id"])
def test_deadline_example_of_the_guidelines(example: dict[str, str]) -> None:
    counted = count(date.fromisoformat(example["base"]), Period.parse(example["period"]))
    assert (counted.nominal.isoformat(), counted.due.isoformat()) == (example["nominal"], example["due"])


@pytest.mark.parametrize("example", EXAMPLES["service_by_post"], ids=lambda example: example["id"])
def test_presumed_service_is_not_moved(example: dict[str, str]) -> None:
    counted = count(date.fromisoformat(example["dispatch"]), Period.parse(example["period"]), roll=False)
    assert counted.due.isoformat() == example["deemed_received"]


@pytest.mark.parametrize(
    ("nominal", "due", "roll"),
    [
        ("2026-04-15", "2026-04-15", ""),
        ("2026-11-22", "2026-11-23", "next_workday"),
        ("2026-10-05", "2026-10-08", "next_workday"),
        ("2026-10-10", "2026-10-12", "monday_after_makeup"),
        ("2024-02-14", "2024-02-19", "monday_after_makeup"),
        ("2024-02-18", "2024-02-19", "monday_after_makeup"),
        ("2024-09-14", "2024-09-18", "monday_after_makeup"),
        ("2024-01-20", "2024-01-22", "next_workday"),
        ("2023-10-07", "2023-10-07", ""),
        ("2023-10-02", "2023-10-07", "swap_2008"),
        ("2023-12-31", "2024-01-02", "swap_2008"),
    ],
)
def test_rest_day_moves_by_the_rule_of_its_time(nominal: str, due: str, roll: str) -> None:
    counted = count(date.fromisoformat(nominal) - timedelta(days=1), Period(1, "d"))
    assert (counted.nominal.isoformat(), counted.due.isoformat(), counted.roll) == (nominal, due, roll)


def test_plain_next_workday_would_be_wrong_forty_times() -> None:
    start = date(2024, 1, 20)
    ends = [start + timedelta(days=i) for i in range((date(2026, 12, 31) - start).days + 1)]
    calendar = official()
    differ = [d for d in ends if count(d - timedelta(days=1), Period(1, "d")).due != calendar.next_workday(d)]
    assert len(differ) == 40


def test_late_license_example() -> None:
    assert count(date(2026, 1, 15), Period.parse("3m")).due == date(2026, 4, 15)


def test_explanation_names_base_length_and_reason() -> None:
    counted = count(date(2024, 1, 14), Period(1, "m"))
    assert counted.explanation_zh == (
        "起算日2024年1月14日当日不计入。",
        "期限1个月，届满日为2024年2月14日（星期三）。",
        "届满日为节假日；其后的调休上班日属周休息日，顺延至2024年2月19日（星期一）。",
    )
    assert counted.explanation_en == (
        "Base date 2024-01-14, not counted.",
        "1 month, ending on 2024-02-14 (Wednesday).",
        "That is a holiday; a make-up weekend day does not count, so it moves to 2024-02-19 (Monday).",
    )


def test_derivation_leads_from_the_base_to_the_due_date() -> None:
    told = count(date(2024, 1, 14), Period(1, "m")).derivation
    assert [(one.name, one.value, one.rule_id) for one in told.steps()] == [
        ("base", date(2024, 1, 14), "T-00"),
        ("nominal", date(2024, 2, 14), "T-00"),
        ("roll", date(2024, 2, 19), "T-00"),
        ("due", date(2024, 2, 19), "T-00"),
    ]
    assert {one.article for one in told.steps()} == {COUNTING_RULE.article}


def test_limit_before_2024_cites_the_text_of_2008() -> None:
    told = count(date(2007, 12, 6), Period(2, "m")).derivation
    assert {one.article for one in told.steps()} == {COUNTING_RULE_2008.article}


@pytest.mark.parametrize(
    ("day", "cited"), [(date(2024, 1, 19), COUNTING_RULE_2008), (date(2024, 1, 20), COUNTING_RULE)]
)
def test_pack_states_the_counting_rules_that_are_cited(day: date, cited: object) -> None:
    rule = load(("national", "house")).rule("T-00", day)
    assert (rule.id, rule.article, rule.confidence, rule.badge_zh) == cited


def test_day_that_stands_says_so() -> None:
    stays = roll_over(date(2026, 10, 8))
    assert (stays.result, stays.how, stays.provisional) == (date(2026, 10, 8), "", False)
    assert [one.zh for one in stays.derivation.steps()] == [
        "期限届满日为2026年10月8日（星期四）",
        "该日为工作日，不顺延",
        "期限实际届满于2026年10月8日（星期四）",
    ]


def test_make_up_day_stood_before_2024_and_moves_since() -> None:
    old, new = roll_over(date(2023, 10, 7)), roll_over(date(2026, 10, 10))
    assert (old.how, new.result, new.how) == ("", date(2026, 10, 12), "monday_after_makeup")
    assert "为调休上班的周末，仍属周休息日，顺延至2026年10月12日（星期一）" in new.derivation.sentence_zh


def test_explanations_of_equal_counts_are_equal() -> None:
    assert count(date(2026, 1, 5), Period(1, "m")) == count(date(2026, 1, 5), Period(1, "m"))


def test_unpublished_year_is_provisional_and_says_so() -> None:
    year = official().known_years.stop
    counted = count(date(year, 3, 1), Period(1, "m"))
    assert counted.provisional
    assert counted.explanation_zh[-1] == f"{year}年放假安排尚未公布，暂按法定节假日推算，公布后将重新计算。"


def test_year_without_roll_over_is_not_provisional() -> None:
    assert not count(date(2030, 3, 1), Period(1, "m"), roll=False).provisional


def test_working_days_count_make_up_days_and_do_not_roll() -> None:
    counted = count(date(2026, 10, 8), Period(2, "wd"))
    assert (counted.due, counted.roll) == (date(2026, 10, 10), "")


@pytest.mark.parametrize(
    ("text", "period", "label_zh", "label_en"),
    [
        ("3m", Period(3, "m"), "3个月", "3 months"),
        ("30d", Period(30, "d"), "30日", "30 days"),
        ("7wd", Period(7, "wd"), "7个工作日", "7 working days"),
        ("1y", Period(1, "y"), "1年", "1 year"),
    ],
)
def test_period_reads_and_shows(text: str, period: Period, label_zh: str, label_en: str) -> None:
    assert Period.parse(text) == period
    assert (str(period), period.label_zh, period.label_en) == (text, label_zh, label_en)


@pytest.mark.parametrize("text", ["", "3", "0d", "m3", "3 m", "-3d", "3w", "٣d"])
def test_period_refuses_other_text(text: str) -> None:
    with pytest.raises(ValueError, match="not a period"):
        Period.parse(text)


def test_month_without_the_day_ends_on_its_last() -> None:
    assert [add_months(date(2024, 1, 31), n) for n in (1, 13, -2)] == [
        date(2024, 2, 29),
        date(2025, 2, 28),
        date(2023, 11, 30),
    ]


@given(st.dates(date(2010, 1, 1), date(2029, 12, 31)), st.integers(0, 30), PERIODS)
def test_later_base_never_ends_earlier(base: date, later: int, period: Period) -> None:
    assert count(base, period).due <= count(base + timedelta(days=later), period).due


@given(st.dates(date(2024, 1, 20), date(2029, 12, 31)), PERIODS)
def test_rolled_date_is_a_working_weekday(base: date, period: Period) -> None:
    counted = count(base, period)
    assert official().is_workday(counted.due)
    assert counted.nominal <= counted.due
    assert period.unit == "wd" or counted.due.weekday() < 5


@given(st.dates(date(2004, 1, 1), date(2034, 12, 31)), st.integers(0, 30))
def test_roll_over_is_never_backwards_and_keeps_the_order(day: date, later: int) -> None:
    first, second = roll_over(day), roll_over(day + timedelta(days=later))
    assert day <= first.result <= second.result
    assert roll_over(first.result).result == first.result
    assert (first.how == "") == (first.result == day)


@given(st.dates(date(2004, 1, 1), date(2029, 12, 31)), PERIODS)
def test_every_step_of_a_count_is_told_in_both_languages(base: date, period: Period) -> None:
    counted = count(base, period)
    steps = list(counted.derivation.steps())
    assert (steps[0].value, steps[-1].value) == (base, counted.due)
    assert len(counted.explanation_zh) == len(counted.explanation_en) == len(steps) - 1
    assert ("provisional" in {one.name for one in steps}) == counted.provisional
    assert ("roll" in {one.name for one in steps}) == (counted.roll != "")
