"""Terms and annual fees twice: both agree on random patents and payments, and wrong fees are seen."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import second_money as second
from rules.annual_fees import FeeDue, Payment, fee_due
from rules.packs import load
from rules.patent_term import term_of
from rules.second_compare import of_fees, of_terms

GOLDEN = Path(__file__).parent.parent / "golden"
EXAMPLES: dict[str, Any] = json.loads((GOLDEN / "guideline_examples.json").read_text(encoding="utf-8"))
FEES: dict[str, Any] = json.loads((GOLDEN / "annual_fee_examples.json").read_text(encoding="utf-8"))
BOOK = load()
KINDS = st.sampled_from(("invention", "utility", "design"))
FILED = st.one_of(
    st.dates(date(1985, 4, 1), date(2080, 12, 31)),
    st.dates(date(2021, 5, 25), date(2021, 6, 5)),
    st.builds(lambda year: date(4 * year, 2, 29), st.integers(497, 520)),
)
REDUCTIONS = st.sampled_from(("none", "70", "85"))


@settings(max_examples=400)
@given(KINDS, FILED, st.one_of(st.none(), st.integers(0, 2000)))
def test_terms_agree(kind: str, filed: date, longer: int | None) -> None:
    until = None if longer is None else term_of(kind, filed).last_day + timedelta(days=longer)
    assert of_terms(term_of(kind, filed, until), second.term(kind, filed, until)) == []


def _twice(
    kind: str, filed: date, year: int, day: date, granted: date | None, reduction: str, is_open: bool,
    payments: Sequence[Payment] = (),
) -> tuple[FeeDue, second.Fee]:  # fmt: skip
    first = fee_due(
        kind, filed, year, day, book=BOOK, reduction=reduction, grant_date=granted, open_license=is_open,
        payments=payments,
    )  # fmt: skip
    other = second.annual_fee(
        kind, filed, year, first.judged_on, reduction=reduction, granted=granted, open_license=is_open
    )
    return first, other


@settings(max_examples=500)
@given(
    KINDS, FILED, st.integers(1, 20), st.integers(-400, 260), st.one_of(st.none(), st.integers(0, 3000)), REDUCTIONS,
    st.booleans(),
)  # fmt: skip
def test_fees_agree(
    kind: str, filed: date, year: int, late: int, grant_after: int | None, reduction: str, is_open: bool
) -> None:
    year = min(year, second.life_years(kind, filed))
    granted = None if grant_after is None else filed + timedelta(days=grant_after)
    if granted and second.patent_year(filed, granted) > year:
        granted = None
    day = max(second.year_begins(filed, year) + timedelta(days=late), filed)
    first, other = _twice(kind, filed, year, day, granted, reduction, is_open)
    assert of_fees(first, other) == []
    assert (first.status, first.nominal) == (other.status, other.nominal)
    window = (first.window.first, first.window.last or date.max)
    assert window == second.same_price(filed, year, day, granted)


PAID = st.lists(st.tuples(st.integers(0, 200), st.integers(0, 300_000)), max_size=4)


@settings(max_examples=300)
@given(KINDS, FILED, st.integers(2, 10), st.integers(0, 230), REDUCTIONS, PAID)
def test_payments_in_parts_agree(
    kind: str, filed: date, year: int, late: int, reduction: str, paid: list[tuple[int, int]]
) -> None:
    day = second.year_begins(filed, year) + timedelta(days=late)
    payments = [
        Payment(max(day - timedelta(days=before), filed), fen) for before, fen in sorted(paid, reverse=True)
    ]
    first, _ = _twice(kind, filed, year, day, None, reduction, False, payments)

    def owed(on: date) -> int:
        fee = second.annual_fee(kind, filed, year, on, reduction=reduction)
        return -1 if fee.status == "lapsed" else fee.fee_fen + fee.surcharge_fen

    now = second.annual_fee(kind, filed, year, day, reduction=reduction)
    told = second.still_due([(owed(p.on), p.fen) for p in payments], now.fee_fen + now.surcharge_fen)
    assert told == (first.still_due_fen, first.refundable_fen)


def test_every_line_of_the_fee_table_agrees() -> None:
    """All kinds and years, all reductions, every bracket: the table typed twice is the same table."""
    filed = date(2022, 3, 14)
    for kind in ("invention", "utility", "design"):
        for year in range(2, second.life_years(kind, filed) + 1):
            for reduction in ("none", "70", "85"):
                for late in (0, 40, 70, 100, 130, 160, 250):
                    day = second.year_begins(filed, year) + timedelta(days=late)
                    first, other = _twice(kind, filed, year, day, None, reduction, False)
                    assert of_fees(first, other) == [], (kind, year, reduction, late)


def test_official_fee_table() -> None:
    filed = date(2022, 3, 14)
    for row in FEES["table"]:
        late = (0, *map(int, row["surcharges"]))
        for kind in row["kinds"]:
            for year in range(max(row["years"][0], 2), row["years"][1] + 1):
                for reduction, fee in (("none", row["full"]), ("70", row["70"]), ("85", row["85"])):
                    for month, surcharge in enumerate(late):
                        day = second.year_begins(filed, year) + timedelta(days=15 + 31 * month)
                        found = second.annual_fee(kind, filed, year, day, reduction=reduction)
                        assert (found.fee_fen, found.surcharge_fen) == (100 * int(fee), 100 * surcharge)


@pytest.mark.parametrize("example", EXAMPLES["terms"], ids=lambda example: example["id"])
def test_term_example_of_the_guidelines(example: dict[str, str]) -> None:
    extended = example.get("compensation_end")
    found = second.term(
        example["kind"],
        date.fromisoformat(example["filing"]),
        date.fromisoformat(extended) if extended else None,
    )
    assert (found.last_day.isoformat(), found.expiry_day.isoformat()) == (
        example["last_day"],
        example["expiry_day"],
    )


def test_annual_fee_examples_of_the_guidelines() -> None:
    filed = date(1999, 6, 1)
    assert (second.year_begins(filed, 1), second.year_begins(filed, 2)) == (filed, date(2000, 6, 1))
    assert second.patent_year(filed, date(2000, 5, 31)) == 1
    granted = date(2001, 8, 1)
    assert second.patent_year(date(1997, 6, 3), granted) == 5
    fee = second.annual_fee("invention", date(1997, 6, 3), 6, date(2002, 6, 3), granted=granted)
    assert (fee.due, fee.status) == (date(2002, 6, 3), "on_time")


def test_top_up_example_of_the_guidelines() -> None:
    """5 % runs from 10 May to 10 June; 25 of 45 yuan were paid; on 15 June 10 % holds and 65 yuan are missing."""
    filed = date(2023, 4, 10)
    late = second.annual_fee("invention", filed, 2, date(2024, 6, 5))
    later = second.annual_fee("invention", filed, 2, date(2024, 6, 15))
    assert (late.fee_fen, late.surcharge_fen, late.bracket) == (90_000, 4_500, "5%")
    assert (later.surcharge_fen, later.bracket) == (9_000, "10%")
    owed = [(late.fee_fen + late.surcharge_fen, 90_000 + 2_500)]
    assert second.still_due(owed, later.fee_fen + later.surcharge_fen) == (6_500, 0)


@pytest.mark.parametrize(
    ("fault", "what"),
    [
        (lambda fee: replace(fee, surcharge_fen=fee.full_fen * 30 // 100), "30 % in the sixth month"),
        (lambda fee: replace(fee, surcharge_fen=fee.fee_fen * 25 // 100), "a surcharge on the reduced fee"),
        (lambda fee: replace(fee, fee_fen=fee.full_fen * 28 // 100), "both reductions at once"),
        (lambda fee: replace(fee, due=fee.nominal), "a due date that does not move"),
    ],
)  # fmt: skip
def test_wrong_first_fee_is_seen(fault: Any, what: str) -> None:
    """Filed on 14 February 2021: the fee of year 6 is due in the Spring Festival of 2026."""
    first, other = _twice("invention", date(2021, 2, 14), 6, date(2026, 8, 10), None, "85", False)
    assert of_fees(first, other) == []
    assert of_fees(fault(first), other), what


def test_wrong_first_term_is_seen() -> None:
    first = term_of("utility", date(1999, 9, 6))
    other = second.term("utility", date(1999, 9, 6))
    assert [d["name"] for d in of_terms(replace(first, last_day=first.expiry_day), other)] == ["last_day"]
    moved = replace(first, expiry_day=date(2009, 9, 7))
    assert of_terms(moved, other)[0]["second"] == "2009-09-06"
