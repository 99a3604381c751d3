"""Deadlines computed from rules, and dates taken over."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.deadlines import compute, fixed
from rules.packs import load

BOOK = load()
TODAY = date(2026, 11, 23)


def test_license_filing_explains_itself() -> None:
    deadline = compute(BOOK.deadline("T-01", TODAY), date(2026, 1, 15))
    assert (deadline.due, deadline.nominal, deadline.roll) == (date(2026, 4, 15), date(2026, 4, 15), "")
    assert deadline.explanation_zh == (
        "依据专利法实施细则第15条第2款；专利实施许可合同备案办法第5条（规则T-01，版本备案办法2011）。",
        "起算日2026年1月15日当日不计入。",
        "期限3个月，届满日为2026年4月15日（星期三）。",
    )
    assert (deadline.base_event, deadline.period, deadline.kind) == ("contract_effective", "3m", "statutory")


def test_cancellation_rolls_over_and_is_marked_unverified() -> None:
    deadline = compute(BOOK.deadline("T-04", TODAY), date(2026, 9, 10))
    assert (deadline.nominal, deadline.due, deadline.roll) == (
        date(2026, 10, 10),
        date(2026, 10, 12),
        "monday_after_makeup",
    )
    assert deadline.explanation_zh[0].endswith("，待核实）。")
    assert deadline.explanation_en[0].startswith("Rule T-04, version 备案办法2011, not verified:")


def test_stamp_duty_does_not_roll() -> None:
    deadline = compute(BOOK.deadline("TX-14", TODAY), date(2026, 11, 7))
    assert (deadline.due, deadline.roll) == (date(2026, 11, 22), "")


def test_decision_is_expected_after_seven_working_days() -> None:
    deadline = compute(BOOK.deadline("T-02", TODAY), date(2026, 11, 23))
    assert (deadline.due, deadline.kind) == (date(2026, 12, 2), "expected")


def test_date_in_the_past_is_a_deadline_like_any_other() -> None:
    assert compute(BOOK.deadline("T-01", TODAY), date(2015, 1, 5)).due == date(2015, 4, 7)


def test_title_carries_its_suffix() -> None:
    deadline = compute(BOOK.deadline("TC", TODAY), TODAY, title_suffix="补充协议")
    assert (deadline.title, deadline.title_en) == (
        "技术合同认定登记申请：补充协议",
        "Application for technology-contract registration: 补充协议",
    )


def test_contract_date_does_not_move() -> None:
    due = date(2026, 12, 6)
    deadline = fixed(BOOK.deadline("PAYMENT", TODAY), due, base_date=date(2026, 6, 1), title_suffix="入门费")
    assert (deadline.due, deadline.nominal, deadline.base_date) == (due, due, date(2026, 6, 1))
    assert (deadline.title, deadline.period, deadline.roll, deadline.provisional) == (
        "合同款到期：入门费",
        "",
        "",
        False,
    )
    assert deadline.explanation_zh[1:] == ("合同约定的日期为2026年12月6日，不顺延。",)


def test_given_date_can_bring_its_own_reason() -> None:
    plain = fixed(BOOK.deadline("CORRECTION", TODAY), date(2026, 12, 4))
    own = fixed(BOOK.deadline("PUB", TODAY), TODAY, base_event="posted_again", because_zh=("公示满15日。",))
    assert plain.explanation_zh[1:] == ("日期2026年12月4日已直接载明，未经推算，不顺延。",)
    assert (plain.base_date, plain.base_event) == (date(2026, 12, 4), "correction_received")
    assert (own.explanation_zh[1:], own.base_event) == (("公示满15日。",), "posted_again")


def test_compute_refuses_a_rule_whose_date_only_the_contract_names() -> None:
    with pytest.raises(ValueError, match="not a period"):
        compute(BOOK.deadline("PAYMENT", TODAY), TODAY)


@given(
    st.sampled_from(("T-01", "T-02", "T-04", "TX-14", "TC", "FEEDBACK", "CORRECTION")),
    st.dates(date(2012, 1, 1), date(2030, 12, 31)),
    st.integers(0, 20),
)
def test_later_event_never_gives_an_earlier_deadline(rule_id: str, base: date, later: int) -> None:
    rule = BOOK.deadline(rule_id, TODAY)
    assert base < compute(rule, base).due <= compute(rule, base + timedelta(days=later)).due
