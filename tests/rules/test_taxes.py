"""Taxes of conversion: stamp duty, the sunset of the VAT exemption, the yearly counter, the 36 months, the deferral."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.equity_deferral import equity_deferral
from rules.income_taxes import (
    IitPart,
    NoRelief,
    RewardPart,
    TechIncome,
    cit_year,
    iit_reward,
    iit_window,
)
from rules.packs import FOLDER, PackError, RuleBook, load
from rules.taxes import NoDuty, half_up, stamp_duty, vat

ON = date(2026, 11, 23)
MILLION = 100_000_000
ALL_MET = ("TX-09", "TX-10", "TX-12")
DAYS = st.dates(date(2018, 1, 1), date(2030, 12, 31))


@pytest.fixture(scope="module")
def book() -> RuleBook:
    return load(("national",))


@pytest.mark.parametrize(
    ("price", "duty"),
    [
        (120_000_000, 36_000),
        (0, 0),
        (1_666, 0),  # 0.4998 fen
        (1_667, 1),  # 0.5001 fen
        (5_000, 2),  # 1.5 fen, half up
        (1, 0),
    ],
)
def test_stamp_duty_is_three_ten_thousandths_half_up(book: RuleBook, price: int, duty: int) -> None:
    found = stamp_duty("exclusive_license", price, book=book, on=ON)
    assert (found.fen, found.rate_bp, found.derivation.rule_id) == (duty, 3, "TX-14")


def test_transfer_is_a_deed_and_not_once_more_a_contract(book: RuleBook) -> None:
    assert stamp_duty("transfer", 10_000, book=book, on=ON).deed_zh == "产权转移书据"
    assert stamp_duty("development", 10_000, book=book, on=ON).deed_zh == "技术合同"
    with pytest.raises(NoDuty):
        stamp_duty("own_use", 10_000, book=book, on=ON)


def test_stamp_duty_without_an_amount_waits_for_the_settlement(book: RuleBook) -> None:
    found = stamp_duty("ordinary_license", None, book=book, on=ON)
    assert found.fen is None
    assert "按实际结算的金额" in found.derivation.sentence_zh


@pytest.mark.parametrize(
    ("on", "state"),
    [
        (date(2025, 12, 31), "no_rule"),
        (date(2026, 1, 1), "exempt"),
        (date(2027, 12, 31), "exempt"),
        (date(2028, 1, 1), "no_rule"),
    ],
)
def test_vat_exemption_has_a_sunset(book: RuleBook, on: date, state: str) -> None:
    assert vat("transfer", book=book, on=on, met=("TX-03", "TX-04")).state == state


def test_vat_after_the_sunset_asks_for_a_check(book: RuleBook) -> None:
    found = vat("transfer", book=book, on=date(2028, 1, 1))
    assert found.last_day == date(2027, 12, 31)
    assert found.derivation.zh == "免税规定已于2027年12月31日到期，是否延续须核对最新公告，不能按免税开票"


def test_vat_names_the_conditions_that_are_not_met(book: RuleBook) -> None:
    found = vat("development", book=book, on=ON, met=("TX-03",))
    assert (found.state, found.unmet) == ("conditions", ("TX-04",))
    assert vat("equity", book=book, on=ON).state == "not_covered"


@pytest.mark.parametrize(
    ("income", "exempt", "taxed", "left"),
    [
        (3 * MILLION, 3 * MILLION, 0, 2 * MILLION),
        (5 * MILLION, 5 * MILLION, 0, 0),
        (5 * MILLION + 1, 5 * MILLION, 1, 0),  # half of one fen, half up
        (8 * MILLION, 5 * MILLION, 150_000_000, 0),
    ],
)
def test_cit_exempts_five_million_a_year_and_halves_the_rest(
    book: RuleBook, income: int, exempt: int, taxed: int, left: int
) -> None:
    found = cit_year(2026, [TechIncome("transfer", income - 7), TechIncome("transfer", 7)], book=book)
    assert (found.counted_fen, found.exempt_fen, found.taxed_fen, found.left_fen) == (
        income,
        exempt,
        taxed,
        left,
    )


def test_cit_counts_only_licenses_of_five_years_and_recognized_unrelated_deals(book: RuleBook) -> None:
    incomes = [
        TechIncome("ordinary_license", 1, license_years=5),
        TechIncome("exclusive_license", 10, license_years=4),
        TechIncome("sole_license", 100),
        TechIncome("transfer", 1_000, registered=False),
        TechIncome("transfer", 10_000, wholly_related=True),
        TechIncome("equity", 100_000),
    ]
    found = cit_year(2026, incomes, book=book)
    assert found.counted_fen == 1
    assert [zh for _, zh, _ in found.excluded] == [
        "独占许可期限4年，不满5年，不能享受",
        "排他许可期限0年，不满5年，不能享受",
        "合同未经认定登记，不能享受",
        "与100%持股的关联方交易，不能享受",
        "作价入股不属于技术转让所得优惠的范围",
    ]


@given(incomes=st.lists(st.integers(0, 10 * MILLION), max_size=6))
def test_cit_loses_no_fen(incomes: list[int]) -> None:
    found = cit_year(2026, [TechIncome("transfer", fen) for fen in incomes], book=load(("national",)))
    assert found.exempt_fen + found.above_fen == found.counted_fen == sum(incomes)
    assert found.taxed_fen == -(-found.above_fen // 2)


@pytest.mark.parametrize(
    ("receipt", "last"),
    [
        (date(2023, 11, 23), date(2026, 11, 23)),
        (date(2024, 2, 29), date(2027, 2, 28)),
        (date(2020, 8, 31), date(2023, 8, 31)),
        (date(2022, 1, 1), date(2025, 1, 1)),  # a holiday; the day does not shift
    ],
)
def test_iit_window_ends_on_the_corresponding_day(book: RuleBook, receipt: date, last: date) -> None:
    assert iit_window(receipt, book=book) == last


def test_each_receipt_has_its_own_36_months(book: RuleBook) -> None:
    parts = [RewardPart(date(2023, 11, 23), 101), RewardPart(date(2023, 11, 22), 100)]
    found = iit_reward("transfer", parts, ON, book=book, met=ALL_MET)
    assert found.parts == (
        IitPart(date(2023, 11, 23), 101, date(2026, 11, 23), True, 51, 50),
        IitPart(date(2023, 11, 22), 100, date(2026, 11, 22), False, 100, 0),
    )
    assert (found.taxed_fen, found.exempt_fen, found.file_by) == (151, 50, date(2026, 12, 15))


def test_iit_filing_of_december_is_in_january(book: RuleBook) -> None:
    parts = [RewardPart(date(2026, 12, 1), 100)]
    assert iit_reward("transfer", parts, date(2026, 12, 31), book=book).file_by == date(2027, 1, 15)


@pytest.mark.parametrize(
    ("mode", "met", "unmet"),
    [
        ("ordinary_license", ("TX-09", "TX-10"), ("TX-12",)),
        ("equity", ALL_MET, ("TX-08",)),
        ("development", ("TX-08", *ALL_MET), ("TX-08",)),
        ("transfer", (), ("TX-09", "TX-10", "TX-12")),
    ],
)
def test_iit_relief_needs_every_condition(
    book: RuleBook, mode: str, met: tuple[str, ...], unmet: tuple[str, ...]
) -> None:
    found = iit_reward(mode, [RewardPart(ON, 100)], ON, book=book, met=met)
    assert (found.unmet, found.taxed_fen, found.exempt_fen) == (unmet, 100, 0)


def test_iit_refuses_a_reward_before_its_receipt_and_days_before_the_relief(book: RuleBook) -> None:
    with pytest.raises(ValueError, match="before its receipt"):
        iit_reward("transfer", [RewardPart(ON, 1)], ON - timedelta(days=1), book=book)
    with pytest.raises(NoRelief):
        iit_reward("transfer", [], date(2017, 12, 31), book=book)


@given(fens=st.lists(st.integers(0, 10**12), max_size=5), receipt=DAYS, later=st.integers(0, 2000))
def test_iit_parts_add_up_and_relief_ends_with_the_window(fens: list[int], receipt: date, later: int) -> None:
    book, paid = load(("national",)), receipt + timedelta(days=later)
    found = iit_reward("transfer", [RewardPart(receipt, fen) for fen in fens], paid, book=book, met=ALL_MET)
    assert found.taxed_fen + found.exempt_fen == sum(fens)
    within = paid <= iit_window(receipt, book=book)
    assert [part.exempt_fen for part in found.parts] == [fen // 2 if within else 0 for fen in fens]


@given(fen=st.integers(0, 10**14), bp=st.integers(1, 10_000))
def test_half_up_is_never_off_by_more_than_half_a_fen(fen: int, bp: int) -> None:
    assert -10_000 < 2 * (half_up(fen, bp) * 10_000 - fen * bp) <= 10_000


def test_deferral_counts_from_the_later_of_technology_and_shares(book: RuleBook) -> None:
    found = equity_deferral(date(2026, 12, 5), date(2026, 11, 1), book=book, all_shares=True, resident=True)
    assert (found.is_allowed, found.file_by, found.report_by) == (True, date(2027, 1, 15), date(2027, 1, 30))


@pytest.mark.parametrize(
    ("all_shares", "resident", "filed_on", "told"),
    [
        (True, True, date(2027, 1, 15), "可以选择递延，至转让股权时缴纳"),
        (False, True, None, "对价不全是股权，不能递延"),
        (True, False, None, "被投资企业不是境内居民企业，不能递延"),
        (True, True, date(2027, 1, 16), "没有按期备案，不能递延"),
    ],
)
def test_deferral_conditions(
    book: RuleBook, all_shares: bool, resident: bool, filed_on: date | None, told: str
) -> None:
    found = equity_deferral(
        date(2026, 12, 5), date(2026, 12, 5), book=book, all_shares=all_shares, resident=resident, filed_on=filed_on
    )  # fmt: skip
    assert found.derivation.zh == told
    assert found.is_allowed == told.startswith("可以")


def test_relief_that_names_an_unknown_rule_is_refused(tmp_path: Path) -> None:
    for source in (FOLDER / "national").glob("*.toml"):
        text = source.read_text(encoding="utf-8").replace('conditions = ["TX-06"]', 'conditions = ["TX-99"]')
        (tmp_path / source.name).write_text(text, encoding="utf-8")
    with pytest.raises(PackError, match=r"money\.toml:\d+: .*TX-99 不存在"):
        load((str(tmp_path),))
