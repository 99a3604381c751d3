"""The clocks of a patent: fees, grace, restoration, bonus, compensation, idleness, term."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import official
from rules.fee_years import fee_dates, last_year_of, year_of
from rules.packs import load
from rules.patent_clock import Clock, ClockFacts, clocks, next_fee_year

BOOK = load(("national", "zhejiang", "house"))
TODAY = date(2026, 11, 23)
PATENT = ClockFacts(
    "invention", "in_force", date(2015, 3, 10), date(2020, 6, 2), funded=True, fee_paid_year=12
)


def by_rule(facts: ClockFacts, today: date = TODAY) -> dict[str, Clock]:
    return {clock.deadline.rule_id: clock for clock in clocks(facts, BOOK, today)}


def test_clocks_of_a_granted_invention() -> None:
    found = [(c.deadline.rule_id, c.deadline.due.isoformat(), c.status) for c in clocks(PATENT, BOOK, TODAY)]
    assert found == [
        ("T-14", "2020-09-02", "overdue"),
        ("T-IDLE1", "2021-06-02", "overdue"),
        ("T-IDLE3", "2023-06-02", "overdue"),
        ("T-IDLE5", "2025-06-02", "overdue"),
        ("T-08", "2027-03-10", "open"),
        ("T-09", "2027-09-10", "open"),
        ("T-TERM", "2035-03-09", "open"),
    ]


def test_what_was_done_is_met() -> None:
    done = replace(PATENT, worked_on=date(2022, 1, 5), bonus_paid_on=date(2020, 9, 2))
    assert {rule: clock.status for rule, clock in by_rule(done).items() if clock.met_on} == {
        "T-14": "met",
        "T-IDLE1": "met_late",
        "T-IDLE3": "met",
        "T-IDLE5": "met",
    }


def test_house_rule_replaces_the_statutory_bonus() -> None:
    assert "T-14" not in by_rule(replace(PATENT, has_reward_rule=True))


def test_only_funded_patents_have_a_march_in_clock() -> None:
    assert "T-IDLE5" not in by_rule(replace(PATENT, funded=False))


def test_place_decides_on_the_one_year_clock() -> None:
    national = {clock.deadline.rule_id for clock in clocks(PATENT, load(("national", "house")), TODAY)}
    assert {"T-IDLE3", "T-IDLE5"} <= national
    assert "T-IDLE1" not in national


@pytest.mark.parametrize(
    ("paid", "status", "today", "year", "standing"),
    [
        (12, "in_force", "2026-11-23", 13, "open"),
        (11, "in_force", "2026-11-23", 12, "overdue"),  # due 2026-03-10, grace until 2026-09-10
        (3, "in_force", "2026-11-23", 7, "overdue"),  # the years up to the grant are not owed
        (None, "in_force", "2026-11-23", 13, "open"),
        (None, "in_force", "2027-03-10", 13, "due_soon"),
        (None, "in_force", "2027-03-11", 14, "open"),
        (None, "in_grace", "2026-04-01", 12, "overdue"),
    ],
)
def test_next_annual_fee(paid: int | None, status: str, today: str, year: int, standing: str) -> None:
    facts = replace(PATENT, fee_paid_year=paid, status=status)
    fee = by_rule(facts, date.fromisoformat(today))["T-08"]
    assert (fee.year, fee.status) == (year, standing)
    assert fee.deadline.title == f"年费缴纳：第{year}年度"


@pytest.mark.parametrize(
    "facts",
    [
        replace(PATENT, fee_paid_year=20),
        replace(PATENT, status="lapsed"),
        replace(PATENT, status="pending", grant_date=None),
        replace(PATENT, filing_date=None),
        replace(PATENT, grant_date=date(2014, 1, 1)),
    ],
)
def test_no_further_annual_fee(facts: ClockFacts) -> None:
    assert next_fee_year(facts, BOOK, TODAY) is None


def test_compensation_only_for_slow_inventions() -> None:
    slow = replace(PATENT, filing_date=date(2020, 1, 6), grant_date=date(2025, 11, 4), fee_paid_year=None)
    assert by_rule(slow)["T-18"].deadline.due == date(2026, 2, 4)
    assert "T-18" not in by_rule(replace(slow, kind="utility"))
    assert "T-18" not in by_rule(replace(slow, grant_date=date(2024, 1, 6)))
    assert "T-18" not in by_rule(PATENT)  # granted before there was a compensation


def test_compensated_term() -> None:
    found = by_rule(replace(PATENT, compensation_end=date(2035, 12, 1)))
    assert found["T-TERM"].deadline.due == date(2035, 12, 1)
    assert (found["T-19"].deadline.due, found["T-19"].status) == (date(2035, 3, 9), "open")


def test_restoration_after_the_notice() -> None:
    lapsed = replace(PATENT, status="lapsed", termination_notice_on=date(2026, 10, 20))
    assert (by_rule(lapsed)["T-11"].deadline.due, by_rule(lapsed)["T-11"].status) == (
        date(2026, 12, 21),
        "due_soon",
    )
    restored = replace(lapsed, status="in_force", restored_on=date(2026, 12, 1))
    assert by_rule(restored, date(2026, 12, 5))["T-11"].status == "met"


def test_term_of_an_expired_patent_is_overdue_and_explained() -> None:
    old = ClockFacts("utility", "expired", date(1999, 9, 6), date(2000, 6, 1))
    term = by_rule(old)["T-TERM"]
    assert (term.deadline.due, term.status) == (date(2009, 9, 5), "overdue")
    assert (
        "期限至2009年9月5日（规则P-01），次日起专利权期满终止，不因休息日顺延"
        in term.deadline.derivation.sentence_zh
    )


def test_patent_without_dates_has_no_clocks() -> None:
    assert clocks(ClockFacts("invention", "unknown", None, None), BOOK, TODAY) == ()


@given(
    st.sampled_from(("invention", "utility", "design")),
    st.dates(date(1990, 1, 1), date(2026, 1, 1)),
    st.integers(0, 3000),
    st.dates(date(2000, 1, 1), date(2035, 12, 31)),
)
def test_fee_clock_agrees_with_the_fee_tables(kind: str, filed: date, wait: int, today: date) -> None:
    granted = date.fromordinal(filed.toordinal() + wait)
    facts = ClockFacts(kind, "unknown", filed, granted)
    year = next_fee_year(facts, BOOK, today)
    if year is None:
        last = last_year_of(kind, filed)
        assert year_of(filed, granted) >= last or today > fee_dates(filed, last, official()).due
        return
    fee, grace = by_rule(facts, today)["T-08"].deadline, by_rule(facts, today)["T-09"].deadline
    dates = fee_dates(filed, year, official())
    assert (fee.nominal, fee.due, grace.due) == (dates.nominal, dates.due, dates.grace_end)
    assert fee.due >= today
