"""Fee tables of a pack: amounts and bands are checked, and the row of the day answers."""

from datetime import date
from pathlib import Path

import pytest

from rules.annual_fees import fee_due
from rules.fee_tables import FeeTables
from rules.pack_faults import PackError
from rules.packs import RuleBook, load
from tests.rules.fee_cases import BOOK

HEAD = """
[pack]
name = "fees-of-a-test"
title = "收费表"
version = "1"
kind = "province"
place = "福建"
"""


def _book(tmp_path: Path, text: str) -> RuleBook:
    file = tmp_path / "fees.toml"
    file.write_text(HEAD + text, encoding="utf-8")
    return load(("national", str(file)))


def _annual(first: int, last: int, fee: str, valid: str) -> str:
    return (
        f'[[annual_fees]]\nrule = "F-01"\nkind = "utility"\nfirst_year = {first}\nlast_year = {last}\n'
        f"fee = {fee}\n{valid}\n"
    )


@pytest.mark.parametrize(
    ("fee", "reason"),
    [
        ('"-900"', "负数"),
        ('"900.005"', "不足一分"),
        ("900", "带引号的元"),
        ("900.0", "900.0是小数"),
        ('"nine"', "不是可识别的金额"),
    ],
)
def test_amount_that_is_no_amount_is_refused_with_the_place(tmp_path: Path, fee: str, reason: str) -> None:
    with pytest.raises(PackError, match=reason) as refused:
        _book(tmp_path, _annual(1, 3, fee, "valid_from = 2027-01-01"))
    assert "fees.toml" in str(refused.value)


def test_rate_above_the_whole_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="10000"):
        _book(tmp_path, '[[surcharges]]\nrule = "F-02"\nmonths = 1\nrate_bp = 10001\nvalid_from = 2027-01-01')


def test_bands_that_meet_are_refused_with_the_year(tmp_path: Path) -> None:
    bands = _annual(1, 3, '"700"', "valid_from = 2027-01-01") + _annual(
        3, 5, '"800"', "valid_from = 2028-01-01"
    )
    with pytest.raises(PackError, match="规则F-01：utility 第3年度在2028-01-01有两个年费标准"):
        _book(tmp_path, bands)


def test_new_tariff_holds_from_its_first_day_and_the_old_one_stays_for_earlier_days(tmp_path: Path) -> None:
    bands = _annual(1, 3, '"700.50"', "valid_from = 2027-01-01\nvalid_to = 2027-12-31")
    book = _book(tmp_path, bands + _annual(1, 3, '"800"', "valid_from = 2028-01-01"))
    days = [date(2026, 12, 31), date(2027, 1, 1), date(2027, 12, 31), date(2028, 1, 1)]
    paid = [fee_due("utility", date(2026, 5, 6), 2, day, book=book).full_fen for day in days]
    assert paid == [60_000, 70_050, 70_050, 80_000]


def test_reduced_amount_is_rounded_half_up_to_the_fen(tmp_path: Path) -> None:
    book = _book(tmp_path, _annual(1, 3, '"700.01"', "valid_from = 2027-01-01"))
    found = fee_due("utility", date(2026, 5, 6), 2, date(2027, 6, 7), book=book, reduction="85")
    assert (found.fee_fen, found.surcharge_fen) == (10_500, 3_500)


def test_official_amounts_and_rates_leave_no_rest() -> None:
    tables = FeeTables(BOOK)
    on = date(2026, 11, 23)
    rates = [row.rate_bp for row in tables.reductions.held(on)]
    rates += [row.rate_bp for row in tables.surcharges.held(on)]
    fees = {row.fee_fen for row in tables.annual.held(on)}
    assert {fee * rate % 10_000 for fee in fees for rate in rates} == {0}


def test_surcharge_never_exceeds_a_quarter() -> None:
    """Some public code has 30 % for the sixth month."""
    rates = [row.rate_bp for row in FeeTables(BOOK).surcharges.held(date(2026, 11, 23))]
    assert rates == [0, 500, 1_000, 1_500, 2_000, 2_500]


def test_every_row_rests_on_a_rule_of_the_pack() -> None:
    tables = FeeTables(BOOK)
    on = date(2026, 11, 23)
    rows = [tables.annual, tables.surcharges, tables.reductions, tables.owners, tables.others]
    cited = {row.rule for table in rows for row in table.held(on)}  # type: ignore[attr-defined]
    cited |= {row.timer for row in tables.others.held(on) if row.timer}
    assert {rule.id for rule in BOOK.all()} >= cited


def test_holiday_notice_of_a_pack_moves_the_due_date(tmp_path: Path) -> None:
    """2030-05-06 is a Monday; a notice makes it a day off."""
    notice = (
        '[[holidays]]\nrule = "T-00"\nyear = 2030\nnotice = "通知"\nvalid_from = 2029-11-01\n'
        'off = ["2030-01-01..2030-01-03", "2030-02-01..2030-02-09", "2030-04-05", "2030-05-01..2030-05-06", '
        '"2030-06-05", "2030-09-12", "2030-10-01..2030-10-07"]\n'
    )
    filed = date(2020, 5, 6)
    moved, plain = (
        fee_due("invention", filed, 11, date(2030, 5, 6), book=book)
        for book in (_book(tmp_path, notice), BOOK)
    )
    assert (moved.due, moved.provisional) == (date(2030, 5, 7), False)
    assert (plain.due, plain.provisional) == (date(2030, 5, 6), True)
