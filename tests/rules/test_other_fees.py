"""Restoration, compensation period, refunds and the list of official fees."""

from datetime import date
from typing import Any

import pytest

from rules.annual_fees import FeeError, Payment
from rules.other_fees import compensation_fee, official_fees, other_fee, refund, restoration
from tests.rules.fee_cases import BOOK, EXAMPLES, yuan

ON = date(2026, 11, 23)
FILED = date(2020, 5, 6)


def test_list_of_official_fees() -> None:
    """Source: 缴费服务指南 annex 2; 公告第594号."""
    shown = {(row.key, row.kinds): (row.fee_fen, row.timer) for row in official_fees(BOOK, ON)}
    every = ("invention", "utility", "design")
    assert shown == {
        ("change", every): (20_000, "T-06"),
        ("restoration", every): (100_000, "T-11"),
        ("evaluation_report", ("utility", "design")): (240_000, "T-17"),
        ("invalidation", ("invention",)): (300_000, ""),
        ("invalidation", ("utility", "design")): (150_000, ""),
        ("certified_copy", every): (3_000, ""),
        ("extension_first", every): (30_000, ""),
        ("extension_again", every): (200_000, ""),
        ("compensation_request", ("invention",)): (20_000, "T-18"),
        ("compensation_year", ("invention",)): (800_000, "T-19"),
    }
    assert not any(row.reducible for row in official_fees(BOOK, ON))


def test_fee_of_a_kind() -> None:
    assert other_fee(BOOK, "invalidation", "design", ON).fee_fen == 150_000
    with pytest.raises(FeeError, match="no fee 'evaluation_report' for invention"):
        other_fee(BOOK, "evaluation_report", "invention", ON)


def test_restoration_of_the_guidelines() -> None:
    """The fee, 25 % of the full fee as surcharge, and the fee of the restoration."""
    found = restoration("invention", FILED, 7, received_on=date(2026, 12, 1), book=BOOK, reduction="85")
    full = 200_000
    assert (found.fee_fen, found.restoration_fen) == (30_000, 100_000)
    assert found.surcharge_fen * 10_000 == full * EXAMPLES["restoration"]["surcharge_of_full_bp"]
    assert (found.total_fen, found.still_due_fen) == (180_000, 180_000)
    assert (found.due, found.derivation.rule_id) == (date(2027, 2, 1), "T-11")


def test_restoration_counts_what_was_paid_in_time() -> None:
    paid = [Payment(date(2026, 5, 6), 150_000)]
    found = restoration("invention", FILED, 7, received_on=date(2026, 12, 1), book=BOOK, payments=paid)
    assert (found.total_fen, found.still_due_fen) == (350_000, 200_000)


@pytest.mark.parametrize(
    ("ended", "due"),
    [(date(2027, 3, 10), date(2027, 5, 10)), (date(2028, 10, 9), date(2028, 11, 6))],
)
def test_force_majeure_costs_no_restoration_fee_and_ends_after_two_years(ended: date, due: date) -> None:
    """The six months end on 2026-11-06."""
    found = restoration("invention", FILED, 7, received_on=date(2026, 12, 1), book=BOOK, obstacle_ended=ended)
    assert (found.restoration_fen, found.due, found.derivation.rule_id) == (0, due, "T-12")


@pytest.mark.parametrize("year", [1, 8])
def test_nothing_is_restored_that_has_not_lapsed(year: int) -> None:
    with pytest.raises(FeeError) as refused:
        restoration("invention", FILED, year, received_on=date(2026, 12, 1), book=BOOK)
    assert refused.value.field == "received_on"


@pytest.mark.parametrize(
    ("end", "years", "fee_fen"),
    [
        (date(2041, 9, 6), 0, 0),
        (date(2041, 12, 1), 0, 0),
        (date(2042, 9, 4), 0, 0),
        (date(2042, 9, 5), 1, 800_000),
        (date(2044, 9, 4), 2, 1_600_000),
        (date(2046, 9, 5), 5, 4_000_000),
    ],
)
def test_compensation_period_costs_full_years_only(end: date, years: int, fee_fen: int) -> None:
    found = compensation_fee(date(2021, 9, 6), end, on=ON, book=BOOK)
    assert (found.years, found.fee_fen, found.due) == (years, fee_fen, date(2041, 9, 5))


def test_compensation_must_go_beyond_the_term() -> None:
    with pytest.raises(FeeError) as refused:
        compensation_fee(date(2021, 9, 6), date(2041, 9, 5), on=ON, book=BOOK)
    assert refused.value.field == "compensation_end"


@pytest.mark.parametrize("example", EXAMPLES["refunds"], ids=lambda example: example["id"])
def test_refund_of_the_guidelines(example: dict[str, Any]) -> None:
    paid = [Payment(date(2026, 5, day), yuan(text)) for day, text in enumerate(example["paid"], 1)]
    found = refund(yuan(example["due"]), paid, on=ON, book=BOOK)
    assert found.refundable_fen == yuan(example["refundable"])
    assert [line.paid_on for line in found.lines] == [paid[-1].on]


def test_refund_ends_three_years_after_its_own_payment() -> None:
    paid = [Payment(date(2023, 6, 1), 65_000), Payment(date(2024, 6, 3), 10_000)]
    day, after = (refund(60_000, paid, on=on, book=BOOK) for on in (date(2026, 6, 1), date(2026, 6, 2)))
    assert (day.refundable_fen, [line.until for line in day.lines]) == (
        15_000, [date(2026, 6, 1), date(2027, 6, 3)],
    )  # fmt: skip
    assert after.refundable_fen == 10_000


def test_negative_amounts_are_refused() -> None:
    for due, paid in ((-1, 1), (1, -1)):
        with pytest.raises(FeeError, match="negative"):
            refund(due, [Payment(ON, paid)], on=ON, book=BOOK)
