"""Payments and the amount for approval."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.fees import month_after, spans
from contracts.schedule import amount_basis, amount_basis_fen, payment_schedule
from tests.contracts.samples import RAW, terms


def test_schedule_lists_every_payment_by_due_date() -> None:
    made = [(line.label, line.kind, line.amount_fen, line.due) for line in payment_schedule(terms())]
    assert made[:8] == [
        ("入门费第一期", "entry", 60_000_000, date(2026, 3, 31)),
        ("技术服务费", "service", 10_000_000, date(2026, 6, 30)),
        ("提成费第1期（半年度）", "royalty", None, date(2026, 10, 15)),
        ("里程碑：中试验收合格", "milestone", 20_000_000, date(2027, 2, 28)),
        ("入门费第二期", "entry", 30_000_000, date(2027, 3, 31)),
        ("提成费第2期（半年度）", "royalty", None, date(2027, 4, 14)),
        ("第1合同年度最低提成费", "minimum", 10_000_000, date(2027, 4, 14)),
        ("提成费第3期（半年度）", "royalty", None, date(2027, 10, 15)),
    ]
    assert len(made) == 20


def test_royalty_rate_follows_the_contract_year() -> None:
    bases = [line.basis_zh for line in payment_schedule(terms()) if line.kind == "royalty"]
    assert bases[3] == "2027年9月1日至2028年2月29日，按第2合同年度比例3%计提"
    assert bases[4] == "2028年3月1日至2028年8月31日，按第3合同年度比例3.5%计提"


def test_amount_basis_is_what_the_contract_fixes() -> None:
    basis = amount_basis(terms())
    assert basis.amount_fen == 200_000_000
    assert sum(fen for _, fen in basis.parts) == basis.amount_fen
    assert basis.explanation_zh == (
        "合同固定金额＝入门费1,200,000.00元＋里程碑付款200,000.00元＋最低提成费500,000.00元"
        "＋技术服务费100,000.00元＝2,000,000.00元。"
    )


def test_royalty_without_minimum_is_named_but_not_counted() -> None:
    basis = amount_basis(terms(**{"royalty.minimum_per_year_fen": ""}))
    assert basis.amount_fen == 150_000_000
    assert basis.explanation_zh.endswith("；提成费未约定最低额，未计入。")


def test_short_last_year_pays_the_minimum_by_days() -> None:
    made = terms(end="2031-04-30")
    minimums = [line.amount_fen for line in payment_schedule(made) if line.kind == "minimum"]
    # 61 of the 366 days from 1 March 2031 to 29 February 2032: 100,000 × 61 / 366 = 16,666.67 yuan.
    assert minimums == [10_000_000] * 5 + [1_666_667]


def test_schedule_and_basis_agree() -> None:
    assert sum(line.amount_fen or 0 for line in payment_schedule(terms())) == amount_basis_fen(terms())


def test_free_license_has_no_payments() -> None:
    keep = ("royalty", "instalments", "milestones", "entry_fee", "service", "penalty")
    raw = {name: "" for name in RAW if name.startswith(keep)}
    made = terms(**{**raw, "royalty.rates": [], "instalments": [], "milestones": [], "royalty_free": "是"})
    assert payment_schedule(made) == ()
    assert amount_basis(made).explanation_zh == "合同未约定固定金额，按0元计。"


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
    ],
)
def test_months_end_on_the_same_day_or_the_last(start: date, months: int, expected: date) -> None:
    assert month_after(start, months) == expected


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 7300), st.sampled_from([3, 6, 12]))
def test_periods_cover_the_term_without_gap_or_overlap(start: date, days: int, months: int) -> None:
    end = start + timedelta(days=days)
    found = spans(start, end, months)
    assert (found[0][0], found[-1][1]) == (start, end)
    assert all(b[0] - a[1] == timedelta(days=1) for a, b in zip(found, found[1:], strict=False))
    assert all(first <= last for first, last in found)
