"""Annual fees over random patents, days and payments."""

from datetime import date

from hypothesis import assume, given
from hypothesis import strategies as st

from rules.annual_fees import FeeDue, Payment, fee_due, last_year_of
from rules.calendar import official
from rules.counting import add_months
from rules.fee_reductions import latest_request
from rules.fee_words import DAY
from rules.fee_years import fee_dates
from tests.rules.fee_cases import BOOK

KINDS = st.sampled_from(("invention", "utility", "design"))
FILED = st.dates(date(2004, 1, 1), date(2030, 12, 31))
REDUCTIONS = st.sampled_from(("none", "70", "85"))
LATE = st.integers(-800, 800)


def _fee(kind: str, filed: date, place: int, late: int, reduction: str, open_license: bool) -> FeeDue:
    year = 2 + place % (last_year_of(kind, filed) - 1)
    day = max(filed, fee_dates(filed, year, official()).nominal + late * DAY)
    return fee_due(kind, filed, year, day, book=BOOK, reduction=reduction, open_license=open_license)


FEES = st.builds(_fee, KINDS, FILED, st.integers(0, 40), LATE, REDUCTIONS, st.booleans())


def _again(found: FeeDue, day: date) -> FeeDue:
    return fee_due(found.kind, found.filed, found.year, day, book=BOOK)


@given(FEES)
def test_total_is_fee_and_surcharge(found: FeeDue) -> None:
    assert found.total_fen == found.fee_fen + found.surcharge_fen
    assert 0 < found.fee_fen <= found.full_fen
    assert 0 <= found.surcharge_fen * 4 <= found.full_fen
    assert found.still_due_fen == found.total_fen


@given(FEES)
def test_surcharge_does_not_look_at_the_reduction(found: FeeDue) -> None:
    assert _again(found, found.paid_on).surcharge_fen == found.surcharge_fen


@given(FEES, st.integers(0, 400))
def test_paying_later_is_never_cheaper(found: FeeDue, days: int) -> None:
    later = _again(found, found.paid_on + days * DAY)
    assert later.surcharge_fen >= found.surcharge_fen


@given(FEES)
def test_windows_follow_one_another_without_a_gap(found: FeeDue) -> None:
    """From the filing date on, every day lies in exactly one window, in which the amounts stay."""
    day, seen = found.filed, []
    while day is not None:
        here = _again(found, day)
        assert here.window.first == day
        seen.append((here.status, here.bracket))
        if here.window.last is None:
            break
        assert here.window.last >= day
        same = _again(found, here.window.last)
        assert (same.window, same.total_fen) == (here.window, here.total_fen)
        day = here.window.last + DAY
    late = [("grace", bracket) for bracket in ("0%", "5%", "10%", "15%", "20%", "25%")]
    assert seen[-8:] == [("on_time", "0%"), *late, ("lapsed", "lapsed")]
    assert set(seen[:-8]) <= {("not_open", "0%")}


@given(FEES)
def test_payment_lies_in_its_window(found: FeeDue) -> None:
    assert found.window.holds(found.paid_on)


@given(FEES)
def test_due_date_is_whole_years_after_filing_before_it_moves(found: FeeDue) -> None:
    assert found.nominal == add_months(found.filed, 12 * (found.year - 1))
    assert found.nominal <= found.due <= found.nominal + 15 * DAY
    assert found.due.weekday() < 5 or found.due < date(2024, 1, 20)
    assert add_months(found.nominal, 6) <= found.grace_end


@given(FEES, st.integers(1, 12), st.integers(0, 100))
def test_reduction_ends_ten_years_after_the_grant_year(found: FeeDue, grant_year: int, day: int) -> None:
    granted = add_months(found.filed, 12 * (grant_year - 1)) + day * DAY
    assume(found.year > grant_year)
    told = fee_due(
        found.kind, found.filed, found.year, found.due, book=BOOK, reduction="85", grant_date=granted
    )
    assert told.reduction == ("85" if found.year < grant_year + 10 else "none")


@given(FEES, st.lists(st.tuples(st.integers(-30, 250), st.integers(0, 2_000_00)), max_size=4))
def test_money_is_neither_lost_nor_made(found: FeeDue, paid: list[tuple[int, int]]) -> None:
    payments = [Payment(max(found.filed, found.nominal + late * DAY), fen) for late, fen in sorted(paid)]
    told = fee_due(
        found.kind, found.filed, found.year, found.nominal + 260 * DAY, book=BOOK, payments=payments
    )
    assert told.paid_fen == sum(payment.fen for payment in payments)
    assert (told.status == "paid") or (told.status == "lapsed" and told.refundable_fen == 0)
    if told.status == "paid":
        assert (told.still_due_fen, told.refundable_fen) == (0, told.paid_fen - told.total_fen)
    else:
        assert told.still_due_fen == max(0, told.total_fen - told.paid_fen)


@given(FEES)
def test_reduction_is_asked_for_well_before_the_fee_is_due(found: FeeDue) -> None:
    latest = latest_request(found.nominal)
    assert add_months(found.nominal, -3) <= latest <= add_months(found.nominal, -2) - 15 * DAY


@given(FEES)
def test_derivation_ends_in_the_answer(found: FeeDue) -> None:
    assert (found.derivation.value, found.derivation.unit) == (found.total_fen, "fen")
    rows = {row.name: row.value for row in found.derivation.rows()}
    assert rows["due"] == found.due.isoformat()
    assert found.derivation.sentence_zh.count("（依据") >= 4
