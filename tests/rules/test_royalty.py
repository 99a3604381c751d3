"""Royalties from statements: examples reckoned by hand, and what must hold of every account."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.royalty import (
    Account,
    Floor,
    Period,
    RoyaltyPlan,
    Sold,
    Statement,
    base_of,
    late_interest,
    reckon,
)
from rules.royalty_words import account_json

YUAN = 100


def half_years(years: int, start: int = 2026) -> tuple[Period, ...]:
    """Half-year periods from 1 January on, reported within 30 days and paid within 15 more."""
    days = [
        day
        for year in range(start, start + years)
        for day in ((date(year, 1, 1), date(year, 6, 30)), (date(year, 7, 1), date(year, 12, 31)))
    ]
    return tuple(
        Period(n, (n + 1) // 2, first, last, last + timedelta(30), last + timedelta(45))
        for n, (first, last) in enumerate(days, 1)
    )


PLAN = RoyaltyPlan(
    base="净销售额", deductions=("returns", "freight"), deduction_cap_bp=None, rates=((1, 300), (2, 350)),
    periods=half_years(3),
    floors=tuple(Floor(n, date(2025 + n, 1, 1), date(2025 + n, 12, 31), 100_000 * YUAN) for n in (1, 2, 3)),
    cap_fen=None, credit_fen=0, late_bp=5,
)  # fmt: skip
BARE = replace(PLAN, floors=())


def sold(period: int, gross: int, **deducted: int) -> Statement:
    """A statement of one product."""
    return Statement(period, (Sold("隔膜", gross, deducted),))


def due(account: Account) -> dict[str, int]:
    return {line.ref: line.due_fen for line in account.lines}


def test_a_period_is_sales_less_deductions_times_the_rate() -> None:
    # 2,000,000.00 - 30,000.00 - 12,345.67 = 1,957,654.33; × 3 % = 58,729.6299, to the fen 58,729.63.
    account = reckon(BARE, [sold(1, 200_000_000, returns=3_000_000, freight=1_234_567)])
    assert due(account) == {"royalty:1": 5_872_963}


def test_rate_of_the_second_year_and_minimum_of_the_first() -> None:
    # Year 1: 1,000,000 × 3 % = 30,000 and 2,000,000 × 3 % = 60,000, together 90,000: 10,000 short of 100,000.
    # Year 2: 3,000,000 × 3.5 % = 105,000.
    statements = [sold(1, 100_000_000), sold(2, 200_000_000), sold(3, 300_000_000)]
    assert due(reckon(PLAN, statements)) == {
        "royalty:1": 3_000_000, "royalty:2": 6_000_000, "minimum:1": 1_000_000, "royalty:3": 10_500_000,
    }  # fmt: skip


def test_cap_in_total_cuts_royalty_and_minimum() -> None:
    # Cap 120,000. Year 1 brings 30,000 and 20,000 and 50,000 made up = 100,000; of period 3 with 35,000 only 20,000 are
    # left, of period 4 and of the minimum of year 2 nothing.
    capped = replace(PLAN, cap_fen=12_000_000)
    statements = [
        sold(1, 100_000_000), sold(2, 66_666_670), sold(3, 100_000_000), sold(4, 100_000_000),
    ]  # fmt: skip
    # 666,666.70 × 3 % = 20,000.001, to the fen 20,000.00.
    assert due(reckon(capped, statements)) == {
        "royalty:1": 3_000_000, "royalty:2": 2_000_000, "minimum:1": 5_000_000, "royalty:3": 2_000_000,
        "royalty:4": 0, "minimum:2": 0,
    }  # fmt: skip


def test_entry_fee_is_credited_until_it_is_used_up() -> None:
    # Credit 40,000: 30,000 of period 1 in full, 10,000 of the 60,000 of period 2. The year has reached 90,000 all the
    # same, so 10,000 are made up, and nothing is credited against those.
    credited = replace(PLAN, credit_fen=4_000_000)
    assert due(reckon(credited, [sold(1, 100_000_000), sold(2, 200_000_000)])) == {
        "royalty:1": 0, "royalty:2": 5_000_000, "minimum:1": 1_000_000,
    }  # fmt: skip


def test_deductions_stay_within_their_limit_and_those_not_agreed_do_not_count() -> None:
    # 10 % of 1,000,000 = 100,000 is the most of 120,000 returned; 50,000 of packing are not agreed at all.
    limited = replace(BARE, deduction_cap_bp=1_000)
    statement = sold(1, 100_000_000, returns=12_000_000, packing=5_000_000)
    assert base_of(limited, statement) == (10_000_000, 90_000_000)
    assert base_of(BARE, statement) == (12_000_000, 88_000_000)


def test_more_returned_than_sold_gives_no_base() -> None:
    assert base_of(BARE, sold(1, 100, returns=300)) == (100, 0)


def test_free_use_that_went_on_lowers_the_minimum_by_its_days() -> None:
    # Free until 31 March 2026: 275 of 365 days are left, 100,000 × 275 / 365 = 75,342.4657…, to the fen 75,342.47.
    account = reckon(PLAN, [sold(1, 0), sold(2, 0)], free_until=date(2026, 3, 31))
    assert due(account)["minimum:1"] == 7_534_247


def test_correction_takes_the_place_of_the_statement_and_is_set_off() -> None:
    # 30,000 were paid for period 1; corrected to 900,000 × 3 % = 27,000, the 3,000 stand for period 2.
    paid = {"royalty:1": [(date(2026, 8, 14), 3_000_000)]}
    account = reckon(BARE, [sold(1, 100_000_000), sold(1, 90_000_000), sold(2, 100_000_000)], paid)
    (first, second) = account.lines
    assert (first.due_fen, first.paid_fen, first.open_fen) == (2_700_000, 3_000_000, 0)
    assert (second.due_fen, second.set_off_fen, second.asked_fen, second.open_fen) == (
        3_000_000, 300_000, 2_700_000, 2_700_000,
    )  # fmt: skip
    assert account.overpaid_fen == 0


@pytest.mark.parametrize(
    ("on", "received", "interest"),
    [
        (date(2026, 8, 14), (), 0),  # the day itself
        (date(2026, 8, 15), (), 1_500),  # 30,000.00 × 0.05 % = 15.00
        (date(2026, 8, 24), (), 15_000),  # ten days
        # 10,000.00 came in after 4 days: 20.00; the other 20,000.00 are 10 days late: 100.00.
        (date(2026, 8, 24), ((date(2026, 8, 18), 1_000_000),), 12_000),
        (date(2026, 8, 24), ((date(2026, 8, 10), 3_000_000),), 0),  # all in time
    ],
)
def test_interest_runs_by_the_day(on: date, received: Sequence[tuple[date, int]], interest: int) -> None:
    assert late_interest(3_000_000, 5, date(2026, 8, 14), on, received) == interest


def test_account_tells_its_formula_in_words_and_json() -> None:
    account = reckon(PLAN, [sold(1, 100_000_000, returns=2_000_000)])
    told: Mapping[str, Any] = account_json(account, date(2026, 8, 24), article=("合同第七条", "article 7"))
    (line,) = told["lines"]
    assert line["derivation"]["sentence"] == (
        "隔膜销售额 1,000,000.00 元，退货 20,000.00 元；"
        "净销售额＝销售总额 1,000,000.00 元－扣除 20,000.00 元＝980,000.00 元；"
        "第1合同年度比例3%：980,000.00 元×3%＝29,400.00 元（四舍五入到分）；"
        "依合同第七条，第1期提成费应付 29,400.00 元，2026年8月14日前支付。"
    )
    assert (line["asked_fen"], line["late_interest_fen"], told["late_interest_fen"]) == (
        2_940_000,
        14_700,
        14_700,
    )
    assert (
        line["late"]
        == "自2026年8月14日的次日起，按逾期金额每日万分之5计算至2026年8月24日，逾期违约金 147.00 元。"
    )


def test_plan_and_statement_come_back_from_json() -> None:
    assert RoyaltyPlan.from_json(PLAN.as_json()) == PLAN
    statement = sold(1, 100, returns=3)
    assert Statement.from_json(statement.as_json() | {"evidence": "报表1号"}) == statement


def test_unknown_period_is_refused() -> None:
    with pytest.raises(ValueError, match="no period 7"):
        reckon(PLAN, [sold(7, 1)])


FEN = st.integers(0, 10**13)
PLANS = st.builds(
    lambda cap, credit, least, first, second: replace(
        PLAN, cap_fen=cap, credit_fen=credit, rates=((1, first), (2, second)),
        floors=tuple(replace(floor, amount_fen=least) for floor in PLAN.floors),
    ),
    st.none() | st.integers(1, 10**12), st.integers(0, 10**11), st.integers(0, 10**11), st.integers(1, 10_000),
    st.integers(1, 10_000),
)  # fmt: skip
SALES = st.lists(st.tuples(FEN, FEN), max_size=6).map(
    lambda rows: [sold(n, gross, returns=back) for n, (gross, back) in enumerate(rows, 1)]
)
PAID = st.dictionaries(
    st.sampled_from([f"royalty:{n}" for n in range(1, 7)] + [f"minimum:{n}" for n in range(1, 4)]),
    st.lists(st.tuples(st.dates(date(2026, 1, 1), date(2030, 1, 1)), FEN), max_size=2),
)


@given(PLANS, SALES, PAID)
def test_account_adds_up_to_the_fen(plan: RoyaltyPlan, sales: list[Statement], paid: dict[str, Any]) -> None:
    account = reckon(plan, sales, paid)
    came_in = sum(fen for line in account.lines for _, fen in paid.get(line.ref, ()))
    assert account.open_fen - account.overpaid_fen == account.due_fen - came_in
    assert all(line.due_fen >= 0 and line.set_off_fen >= 0 and line.open_fen >= 0 for line in account.lines)


@given(PLANS, SALES)
def test_cap_and_credit_are_never_exceeded(plan: RoyaltyPlan, sales: list[Statement]) -> None:
    account = reckon(plan, sales)
    assert plan.cap_fen is None or account.counted_fen <= plan.cap_fen
    assert 0 <= account.counted_fen - account.due_fen <= plan.credit_fen


@given(PLANS, SALES)
def test_minimum_of_a_whole_year_is_reached_unless_the_cap_is(
    plan: RoyaltyPlan, sales: list[Statement]
) -> None:
    account = reckon(plan, sales)
    for year in range(1, len(sales) // 2 + 1):
        refs = {f"royalty:{2 * year - 1}", f"royalty:{2 * year}", f"minimum:{year}"}
        counted = Account(plan, tuple(line for line in account.lines if line.ref in refs), 0).counted_fen
        assert counted >= plan.floors[year - 1].amount_fen or account.counted_fen == plan.cap_fen


@given(PLANS, SALES, st.integers(0, 5), st.integers(0, 10**12))
def test_more_sales_never_cost_less(plan: RoyaltyPlan, sales: list[Statement], at: int, more: int) -> None:
    grown = [
        replace(s, sold=(replace(s.sold[0], gross_fen=s.sold[0].gross_fen + more),)) if n == at else s
        for n, s in enumerate(sales)
    ]
    assert reckon(plan, grown).counted_fen >= reckon(plan, sales).counted_fen


@given(st.integers(1, 10**12), st.integers(0, 24), st.integers(0, 2000), st.integers(0, 2000))
def test_interest_grows_with_time(fen: int, late_bp: int, days: int, more: int) -> None:
    day = date(2026, 8, 14)
    first, then = (late_interest(fen, late_bp, day, day + timedelta(n)) for n in (days, days + more))
    assert first <= then
