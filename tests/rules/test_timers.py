"""Every timer of the national pack: its form, its dates, and how it stands on a day."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rules.calendar import official
from rules.deadline_forms import NeedsMore, NoDate
from rules.deadline_rule import DeadlineRule
from rules.deadlines import Deadline, compute, status
from rules.packs import load
from rules.service import serve

BOOK = load(("national", "zhejiang", "house"))
TODAY = date(2026, 11, 23)
TIMERS = [rule for rule in BOOK.all() if isinstance(rule, DeadlineRule)]
# The ids of the timer tables that the rulebook is made from; 17B, 24B and 25B are second limits of their row.
MASTER = [f"T-{number:02d}" for number in range(1, 31)]
MACHINE = [
    "T-PUB", "T-OBJ", "T-LICFILE", "T-CHGFEE", "T-FEE", "T-TCREG", "T-IIT36", "T-IITFILE", "T-RWPUB",
    "T-RWPAY", "T-DEFER", "T-DEFERYR", "T-CAP5", "T-CALL", "T-COREG", "T-COPUB", "T-STAMP", "T-BONUS",
    "T-IDLE1", "T-IDLE3", "T-IDLE5", "T-PROJRPT", "T-ANNUAL", "T-ZLCP", "T-SECRET", "T-VATEND",
]  # fmt: skip


def due(rule_id: str, base: str, **besides: Any) -> str:
    return compute(
        BOOK.deadline(rule_id, date.fromisoformat(base)), date.fromisoformat(base), **besides
    ).due.isoformat()


@pytest.mark.parametrize("rule_id", [*MASTER, *MACHINE])
def test_timer_is_in_the_pack(rule_id: str) -> None:
    rule = BOOK.deadline(rule_id, TODAY)
    assert rule_id in (rule.id, *rule.also)


@pytest.mark.parametrize(
    ("rule_id", "base", "expected"),
    [
        ("T-01", "2026-01-15", "2026-04-15"),
        ("T-03", "2027-05-01", "2027-05-01"),  # a term of a contract: not moved from the holiday
        ("T-06", "2026-01-28", "2026-03-02"),  # 28 February is a make-up Saturday
        ("T-09", "2026-04-04", "2026-10-08"),
        ("T-11", "2026-03-05", "2026-05-06"),
        ("T-13", "2026-07-31", "2026-09-30"),
        ("T-14", "2026-02-11", "2026-05-11"),
        ("T-15", "2026-09-01", "2026-06-16"),  # two months back, then fifteen days
        ("T-16", "2023-05-01", "2026-05-06"),
        ("T-17B", "2026-03-01", "2026-05-01"),
        ("T-18", "2026-01-04", "2026-04-07"),
        ("T-19", "2041-09-05", "2041-09-05"),  # the last day of the twenty years, never moved
        ("T-22", "2026-03-09", "2026-05-08"),
        ("T-24", "2026-01-05", "2026-02-14"),  # a make-up Saturday is a working day
        ("T-27", "2026-09-20", "2026-10-05"),
        ("T-28", "2025-12-31", "2026-03-30"),
        ("T-28", "2026-03-30", "2027-03-30"),
        ("T-30", "2026-05-01", "2031-05-01"),
        ("T-IITFILE", "2026-12-31", "2027-01-15"),
        ("T-DEFER", "2026-01-31", "2026-02-15"),
        ("T-DEFERYR", "2026-06-30", "2027-01-30"),
        ("T-DEFERYR", "2026-12-31", "2027-01-30"),
        ("T-IIT36", "2024-02-29", "2027-02-28"),
        ("T-RWPUB", "2026-09-25", "2026-10-22"),
        ("T-RWPAY", "2026-08-31", "2027-02-28"),
        ("T-COPUB", "2026-10-01", "2026-11-03"),
        ("T-ZLCP", "2026-01-10", "2026-03-31"),
        ("T-VATEND", "2026-05-06", "2027-12-31"),
        ("T-IDLE1", "2026-05-01", "2027-05-01"),
        ("TX-14", "2026-11-07", "2026-11-22"),
    ],
)
def test_due_date(rule_id: str, base: str, expected: str) -> None:
    assert due(rule_id, base) == expected


def test_window_opens_before_the_end() -> None:
    extension = compute(BOOK.deadline("T-03", TODAY), date(2027, 4, 30))
    update = compute(BOOK.deadline("T-ZLCP", TODAY), date(2026, 11, 1))
    assert (extension.opens, extension.due) == (date(2027, 2, 28), date(2027, 4, 30))
    assert (update.opens, update.due) == (date(2027, 1, 1), date(2027, 3, 31))


@pytest.mark.parametrize(
    ("rule_id", "base", "second", "expected"),
    [
        ("T-12", "2026-03-10", "2025-01-10", "2026-05-11"),  # two months after the obstacle; a Sunday
        ("T-12", "2026-12-10", "2025-01-10", "2027-01-11"),  # two years after the limit; a Sunday
        ("T-IDLE3", "2020-06-02", "2015-03-10", "2023-06-02"),  # three years from the grant
        ("T-IDLE3", "2020-06-02", "2019-12-31", "2023-12-31"),  # four years from filing
    ],
)
def test_earlier_or_later_of_two_events(rule_id: str, base: str, second: str, expected: str) -> None:
    assert due(rule_id, base, second=date.fromisoformat(second)) == expected


def test_two_events_need_a_second_date() -> None:
    with pytest.raises(NeedsMore) as refused:
        compute(BOOK.deadline("T-12", TODAY), TODAY)
    assert (refused.value.field, refused.value.zh) == (
        "second",
        "规则T-12须同时给出第二个日期（被耽误的期限届满）",
    )


@pytest.mark.parametrize(
    ("filed", "year", "expected"),
    [
        ("2019-02-28", 2, "2020-02-28"),
        ("2019-02-28", 6, "2024-02-28"),
        ("2020-02-29", 2, "2021-02-28"),
        ("2020-02-29", 5, "2024-02-29"),
    ],
)
def test_annual_fee_is_due_when_the_year_before_ends(filed: str, year: int, expected: str) -> None:
    fee = compute(BOOK.deadline("T-08", TODAY), date.fromisoformat(filed), year=year)
    assert fee.nominal.isoformat() == expected


@pytest.mark.parametrize("year", [None, 1, 26, 0])
def test_annual_fee_needs_a_year(year: int | None) -> None:
    with pytest.raises(NeedsMore) as refused:
        compute(BOOK.deadline("T-08", TODAY), date(2019, 2, 28), year=year)
    assert refused.value.field == "year"


@pytest.mark.parametrize(
    ("base", "amount", "expected"),
    [
        ("2026-02-27", 900_000_000, "2026-03-29"),  # the old rule: thirty days, whatever the amount
        ("2026-04-01", 499_999_999, "2026-04-23"),
        ("2026-04-01", 500_000_000, "2026-05-18"),
        ("2026-04-01", None, "2026-04-23"),
    ],
)
def test_recognition_takes_longer_for_large_contracts(base: str, amount: int | None, expected: str) -> None:
    assert due("T-26", base, amount_fen=amount) == expected


@pytest.mark.parametrize("rule_id", ["T-05", "T-21", "T-OBJ", "PAYMENT"])
def test_rule_without_a_period_says_who_names_the_date(rule_id: str) -> None:
    with pytest.raises(NoDate) as refused:
        compute(BOOK.deadline(rule_id, TODAY), TODAY)
    assert "只能由合同或通知书载明日期" in refused.value.zh


def test_event_before_the_rule_gets_a_date_and_a_caution() -> None:
    old = compute(BOOK.deadline("T-01", date(2010, 1, 4)), date(2010, 1, 4))
    assert (old.due, old.applied_early) == (date(2010, 4, 6), True)
    assert old.explanation_zh[-1] == "起算事件早于本规则施行日（2011年8月1日），按现行文本推算，待核实。"
    assert not compute(BOOK.deadline("T-01", TODAY), TODAY).applied_early


def test_fee_of_an_old_patent_is_judged_when_it_is_due() -> None:
    fee = compute(BOOK.deadline("T-08", TODAY), date(2012, 6, 1), year=15)
    assert (fee.due, fee.applied_early) == (date(2026, 6, 1), False)


def test_served_notice_is_told_first() -> None:
    served = serve(date(2008, 6, 6), "post")
    found = compute(BOOK.deadline("T-11", served.on), served.on, served=served)
    names = [one.name for one in found.derivation.steps()]
    assert (found.due, names) == (
        date(2008, 8, 21),
        ["dispatched", "served", "base", "nominal", "early", "due"],
    )


def test_statutory_internal_and_warning_dates_stand_apart() -> None:
    found = compute(BOOK.deadline("T-01", TODAY), date(2026, 1, 15), margin=10)
    assert (found.due, found.internal) == (date(2026, 4, 15), date(2026, 4, 3))  # 4 and 5 April are holidays
    assert [day.isoformat() for day in found.warn_on] == [
        "2026-02-14", "2026-03-16", "2026-04-08", "2026-04-14", "2026-04-15",
    ]  # fmt: skip
    assert "内部期限为2026年4月3日（星期五）" in found.derivation.sentence_zh


def test_no_margin_no_internal_date() -> None:
    assert compute(BOOK.deadline("T-01", TODAY), TODAY).internal is None


def test_margin_longer_than_the_period_stops_at_the_base() -> None:
    found = compute(BOOK.deadline("TX-14", TODAY), TODAY, margin=90)
    assert found.internal == TODAY
    assert min(found.warn_on) > TODAY


LICENSE = compute(BOOK.deadline("T-01", TODAY), date(2026, 1, 15))  # due 2026-04-15, first reminder 02-14


@pytest.mark.parametrize(
    ("today", "met_on", "expected"),
    [
        ("2026-02-13", None, "open"),
        ("2026-02-14", None, "due_soon"),
        ("2026-04-15", None, "due_soon"),
        ("2026-04-16", None, "overdue"),
        ("2026-04-16", "2026-04-15", "met"),
        ("2026-02-01", "2026-01-20", "met"),
        ("2026-11-23", "2026-04-16", "met_late"),
    ],
)
def test_status(today: str, met_on: str | None, expected: str) -> None:
    met = date.fromisoformat(met_on) if met_on else None
    assert status(LICENSE, date.fromisoformat(today), met) == expected


@pytest.mark.parametrize(
    ("today", "met_on", "expected"),
    [
        ("2026-10-05", None, "open"),
        ("2026-10-06", None, "due_soon"),
        ("2026-10-07", "2026-10-06", "met"),
        ("2026-10-07", "2026-10-05", "overdue"),  # closed on the last day: it has to run again
    ],
)
def test_time_that_must_run_in_full(today: str, met_on: str | None, expected: str) -> None:
    publicity = compute(BOOK.deadline("T-27", TODAY), date(2026, 9, 20))
    assert (publicity.due, publicity.free_from) == (date(2026, 10, 5), date(2026, 10, 6))
    met = date.fromisoformat(met_on) if met_on else None
    assert status(publicity, date.fromisoformat(today), met) == expected


def test_minimum_timers() -> None:
    assert {rule.id for rule in TIMERS if rule.minimum} == {"T-27", "T-29", "T-RWPUB", "T-CALL"}


def test_only_the_duty_of_the_institution_is_statutory() -> None:
    assert {rule.duty_of for rule in TIMERS if rule.kind == "statutory"} == {"institution"}
    assert {rule.kind for rule in TIMERS if rule.duty_of in ("office", "ministry")} == {"expected"}


def test_risk_clocks_warn() -> None:
    assert {"T-30", "T-IDLE1", "T-IDLE3", "T-IDLE5", "T-VATEND"} <= {
        rule.id for rule in TIMERS if rule.kind == "warning"
    }


def besides_of(rule: DeadlineRule, base: date) -> dict[str, Any]:
    """What a form needs besides the base date."""
    return {"year": 7} if rule.form == "per_year" else {"second": base} if rule.form == "two_events" else {}


FORWARD = [rule for rule in TIMERS if rule.names_date and rule.form not in ("before", "fixed")]


def made(rule: DeadlineRule, base: date) -> Deadline:
    return compute(rule, base, **besides_of(rule, base))


@given(st.sampled_from(FORWARD), st.dates(date(2004, 1, 1), date(2030, 12, 31)), st.integers(0, 60))
def test_timer_keeps_the_order_and_never_ends_before_it_begins(
    rule: DeadlineRule, base: date, later: int
) -> None:
    first, second = made(rule, base), made(rule, base + timedelta(days=later))
    assert base <= first.nominal <= first.due <= second.due
    assert (first.roll == "") == (first.nominal == first.due)


@given(st.sampled_from(FORWARD), st.dates(date(2024, 1, 20), date(2030, 12, 31)))
def test_rolled_timer_ends_on_a_working_weekday(rule: DeadlineRule, base: date) -> None:
    found = made(rule, base)
    if rule.roll:
        assert official().is_workday(found.due)
        assert found.due.weekday() < 5
    else:
        assert found.due == found.nominal


@given(st.dates(date(2010, 1, 1), date(2035, 12, 31)))
def test_minimum_runs_in_full(base: date) -> None:
    publicity = compute(BOOK.deadline("T-27", TODAY), base)
    assert publicity.free_from is not None
    assert (publicity.free_from - base).days == 16


@given(st.sampled_from(FORWARD), st.dates(date(2004, 1, 1), date(2030, 12, 31)), st.integers(0, 120))
def test_internal_date_is_never_after_the_statutory_one(rule: DeadlineRule, base: date, margin: int) -> None:
    internal = compute(rule, base, margin=margin, **besides_of(rule, base)).internal
    assert internal is None or base <= internal <= made(rule, base).due


@given(
    st.sampled_from([rule for rule in TIMERS if rule.names_date]),
    st.dates(date(2004, 1, 1), date(2030, 12, 31)),
)
def test_every_deadline_tells_how_it_came_about(rule: DeadlineRule, base: date) -> None:
    found = made(rule, base)
    told = found.derivation
    assert (told.value, told.rule_id, told.article) == (found.due, rule.id, rule.article)
    assert told.sentence_zh.endswith("。") and told.sentence_en.endswith(".")
    assert len(found.explanation_zh) == len(found.explanation_en) > 1


ROW: dict[str, Any] = {
    "id": "X-1", "title": "期限", "title_en": "Limit", "article": "第1条", "version": "1", "valid_from": date(2026, 1, 1),
    "confidence": "V", "severity": "timer", "base_event": "event", "roll": True, "statutory": False,
    "kind": "internal", "rungs": (7, 0), "overdue_rungs": (1,), "who": "officer",
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"period": "3w"}, "不是期限"),
        ({"period": "2m15d"}, "只有倒推的期限"),
        ({"form": "before"}, "请填写期限"),
        ({"form": "yearly"}, "月日"),
        ({"form": "yearly", "month_day": "02-30"}, "不是月日"),
        ({"form": "next_month"}, "次月的日"),
        ({"form": "fixed"}, "固定日期"),
        ({"form": "two_events", "period": "2m"}, "第二个起算事件"),
        ({"form": "by_amount"}, "由小到大"),
        ({"form": "by_amount", "bands": [{"period": "3d"}, {"below": "5万", "period": "9d"}]}, "由小到大"),
        ({"form": "by_amount", "bands": [{"below": "-5万", "period": "3d"}]}, "负数"),
        ({"rungs": (0, 7)}, "由大到小"),
        ({"overdue_rungs": (7, 1)}, "由小到大"),
        ({"statutory": True}, "不一致"),
    ],
)
def test_row_that_makes_no_sense_is_refused(change: dict[str, Any], reason: str) -> None:
    DeadlineRule.model_validate(ROW)
    with pytest.raises(ValidationError, match=reason):
        DeadlineRule.model_validate({**ROW, **change})
