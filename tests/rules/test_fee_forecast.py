"""The fees of a portfolio: which, when, how much, who pays; and which patents are left out."""

from dataclasses import replace
from datetime import date

import pytest

from rules.fee_forecast import Forecast, PortfolioPatent, forecast
from rules.house_rows import FeePayer
from rules.packs import load
from rules.policy import HousePolicy
from tests.rules.fee_cases import BOOK

TODAY = date(2026, 11, 23)
PATENT = PortfolioPatent(
    1, "2020101000019", "一种锂离子电池隔膜的制备方法", "invention", "in_force", date(2020, 5, 6),
    date(2022, 8, 9), reduction="85", paid_year=7,
)  # fmt: skip
POLICY = load(("national", "house")).house(TODAY).model_copy(
    update={
        "fee_payers": (
            FeePayer(
                from_year=1, to_year=9, payer="institution", payer_zh="学校", payer_en="university",
                bears_surcharge=True,
            ),
            FeePayer(
                from_year=10, payer="project", payer_zh="课题组", payer_en="project", bears_surcharge=False,
            ),
        )
    }
)  # fmt: skip


def _of(
    *patents: PortfolioPatent,
    first: date = date(2026, 11, 1),
    last: date = date(2028, 10, 31),
    policy: HousePolicy | None = POLICY,
) -> Forecast:
    return forecast(patents, first, last, policy=policy, book=BOOK, pay_on=TODAY)


def test_rows_of_one_patent() -> None:
    found = _of(PATENT)
    assert [(row.year, row.due, row.fee_fen, row.reduction, row.month) for row in found.rows] == [
        (8, date(2027, 5, 6), 30_000, "85", "2027-05"),
        (9, date(2028, 5, 8), 30_000, "85", "2028-05"),
    ]
    assert (found.total_fen, found.patents, found.left_out) == (60_000, 1, ())


def test_reduction_ends_in_the_forecast_ten_years_after_the_grant_year() -> None:
    """Granted in year 3: years 3 to 12 are reduced."""
    found = _of(PATENT, last=date(2033, 1, 1))
    assert [(row.year, row.reduction, row.fee_fen) for row in found.rows][-3:] == [
        (11, "85", 60_000), (12, "85", 60_000), (13, "none", 600_000),
    ]  # fmt: skip


def test_term_ends_the_rows() -> None:
    utility = replace(PATENT, kind="utility", filed=date(2019, 3, 1), granted=None, paid_year=8)
    assert [row.year for row in _of(utility, last=date(2035, 1, 1)).rows] == [9, 10]


def test_payer_follows_the_house_by_patent_year_unless_the_patent_says_otherwise() -> None:
    found = _of(PATENT, last=date(2029, 12, 31))
    assert [(row.year, row.payer, row.payer_zh) for row in found.rows] == [
        (8, "institution", "学校"), (9, "institution", "学校"), (10, "project", "课题组"),
    ]  # fmt: skip
    own = _of(replace(PATENT, payer="licensee"))
    assert {(row.payer, row.payer_zh) for row in own.rows} == {("licensee", "被许可人")}
    assert {row.payer for row in _of(PATENT, policy=None).rows} == {""}


def test_overdue_fee_counts_with_the_surcharge_of_the_day_it_is_paid() -> None:
    """Year 7 was due on 2026-05-06; its six months ended on 2026-11-06. Year 7 of the other on 2026-09-01."""
    late = replace(PATENT, filed=date(2020, 9, 1), paid_year=6, status="in_grace")
    (row, *_) = _of(late).rows
    assert (row.year, row.due, row.overdue, row.pay_on) == (7, date(2026, 9, 1), True, TODAY)
    assert (row.bracket, row.fee_fen, row.surcharge_fen, row.total_fen) == ("10%", 30_000, 20_000, 50_000)


def test_surcharge_is_summed_for_the_one_who_bears_it() -> None:
    late = replace(PATENT, filed=date(2017, 9, 1), granted=date(2019, 1, 8), paid_year=9)
    found = _of(late, last=date(2026, 12, 31))
    assert [
        (one.month, one.payer, one.payer_zh, one.count, one.fee_fen, one.surcharge_fen) for one in found.sums
    ] == [
        ("2026-11", "institution", "本单位", 0, 0, 40_000),
        ("2026-11", "project", "课题组", 1, 60_000, 0),
    ]


def test_sums_by_month_and_payer_add_up_to_the_rows() -> None:
    patents = [replace(PATENT, id=n, filed=date(2018, 1 + n % 12, 3), paid_year=None) for n in range(40)]
    found = _of(*patents)
    assert (
        sum(one.total_fen for one in found.sums)
        == found.total_fen
        == sum(row.total_fen for row in found.rows)
    )
    assert sum(one.count for one in found.sums) == len(found.rows)
    assert [one.month for one in found.sums] == sorted(one.month for one in found.sums)


def test_unknown_paid_year_is_taken_as_paid_up_to_the_current_year_and_said() -> None:
    found = _of(replace(PATENT, paid_year=None))
    assert [row.year for row in found.rows] == [8, 9]
    assert {row.notes for row in found.rows} == {("paid_year_assumed",)}


@pytest.mark.parametrize(
    ("filed", "first_year"), [(date(2020, 11, 22), 8), (date(2020, 11, 23), 7), (date(2020, 11, 24), 7)]
)
def test_fee_that_is_not_yet_due_is_not_taken_as_paid(filed: date, first_year: int) -> None:
    """2026-11-22 is a Sunday: what falls on it is due on the 23rd, today, and still open."""
    found = _of(replace(PATENT, filed=filed, paid_year=None))
    assert found.rows[0].year == (7 if filed == date(2020, 11, 22) else first_year)
    assert found.rows[0].due >= TODAY


def test_fee_due_before_today_is_taken_as_paid() -> None:
    assert _of(replace(PATENT, filed=date(2020, 11, 19), paid_year=None)).rows[0].year == 8


def test_in_grace_without_a_paid_year_the_current_year_is_open() -> None:
    found = _of(replace(PATENT, filed=date(2020, 9, 1), paid_year=None, status="in_grace"))
    assert [(row.year, row.overdue) for row in found.rows] == [(7, True), (8, False), (9, False)]
    assert found.rows[0].notes == ("grace_assumed",)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"filed": None}, "no_filing_date"),
        ({"status": "pending"}, "pending"),
        ({"status": "lapsed"}, "ended"),
        ({"status": "expired"}, "ended"),
        ({"status": "void"}, "ended"),
        ({"status": "unknown"}, "unknown_status"),
        ({"filed": date(2006, 11, 23)}, "term_over"),
        ({"filed": date(2026, 11, 24), "granted": None}, "filed_later"),
        ({"paid_year": 5}, "grace_over"),
        ({"status": "in_grace", "paid_year": None}, "grace_over"),
    ],
)
def test_patent_that_is_left_out_says_why(change: dict[str, object], reason: str) -> None:
    found = _of(replace(PATENT, **change))  # type: ignore[arg-type]
    assert (found.rows, [(out.patent_id, out.reason) for out in found.left_out]) == ((), [(1, reason)])


def test_overdue_fee_outside_the_span_is_told() -> None:
    late = replace(PATENT, filed=date(2020, 9, 1), paid_year=6)
    found = _of(late, first=date(2027, 1, 1))
    assert [out.reason for out in found.left_out] == ["overdue_outside"]
    assert [row.year for row in found.rows] == [8, 9]


def test_reduction_without_a_grant_date_is_noted() -> None:
    assert _of(replace(PATENT, granted=None)).rows[0].notes == ("grant_date_missing",)


def test_fee_of_the_grant_year_is_not_forecast() -> None:
    """Granted in year 7: that fee was paid with the registration."""
    new = replace(PATENT, granted=date(2026, 10, 9), paid_year=3)
    assert [row.year for row in _of(new).rows] == [8, 9]
