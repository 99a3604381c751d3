"""The official worked examples of the Guidelines, from the day of dispatch to the day it is due."""

from datetime import date, timedelta

import pytest

from rules.counting import Period, count, roll_over
from rules.deadlines import compute
from rules.fee_years import year_of, year_start
from rules.packs import load
from rules.patent_term import term_of
from rules.service import Channel, serve

BOOK = load(("national", "house"))


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("dispatched", "channel", "period", "received", "due"),
    [
        # 专利审查指南 part 5 ch 7 §2.3: DL-02 (a Saturday, not moved), DL-03 (no corresponding day)
        ("2008-06-06", "post", "2m", "2008-06-21", "2008-08-21"),
        ("2022-12-31", "electronic", "2m", "2022-12-31", "2023-02-28"),
        # part 5 ch 7 §3.2: DL-04
        ("2001-09-04", "post", "1m", "2001-09-19", "2001-10-19"),
        # 审查指南修改公报第1号 (2008): DL-08, a leap year
        ("1999-12-16", "post", "2m", "1999-12-31", "2000-02-29"),
    ],
)
def test_notice_is_served_and_answered(
    dispatched: str, channel: Channel, period: str, received: str, due: str
) -> None:
    served = serve(day(dispatched), channel)
    assert served.on == day(received)
    assert count(served.on, Period.parse(period)).due == day(due)


def test_notice_is_acted_upon_a_month_after_the_limit() -> None:
    """DL-04: the limit of 2001-10-19 is processed after 2001-11-19."""
    due = count(serve(day("2001-09-04"), "post").on, Period(1, "m")).due
    assert count(due, Period(1, "m")).due == day("2001-11-19")


@pytest.mark.parametrize(
    ("base", "period", "nominal", "due"),
    [
        # DL-01: request for examination, three years from filing
        ("1998-06-01", "3y", "2001-06-01", "2001-06-01"),
        # DL-06, DL-07: filing fee; the holidays were 2007-12-30 to 2008-01-01 and 2008-02-06 to 02-12
        ("2007-10-30", "2m", "2007-12-30", "2008-01-02"),
        ("2007-12-06", "2m", "2008-02-06", "2008-02-13"),
    ],
)
def test_limit_of_the_examples(base: str, period: str, nominal: str, due: str) -> None:
    counted = count(day(base), Period.parse(period))
    assert (counted.nominal, counted.due) == (day(nominal), day(due))


@pytest.mark.parametrize(
    ("last", "moved"),
    [
        # DL-05: part 5 ch 7 §2.3 since 2024-01-20; the first working day after the holiday is a make-up weekend day
        ("2024-02-17", "2024-02-19"),
        ("2026-10-07", "2026-10-08"),
        ("2026-02-23", "2026-02-24"),
        ("2024-09-14", "2024-09-18"),
        ("2025-01-26", "2025-01-27"),
        # the announcement of 2008 followed the swapped calendar
        ("2023-10-06", "2023-10-07"),
        ("2023-10-07", "2023-10-07"),
    ],
)
def test_rest_day_at_the_end(last: str, moved: str) -> None:
    assert roll_over(day(last)).result == day(moved)


@pytest.mark.parametrize(
    ("kind", "filed", "compensated", "last", "expiry"),
    [
        # TM-01 to TM-03: part 5 ch 9 §4.1; 2009-09-06 is a Sunday, 2041-12-01 a Sunday: neither moves
        ("utility", "1999-09-06", None, "2009-09-05", "2009-09-06"),
        ("invention", "2021-09-06", None, "2041-09-05", "2041-09-06"),
        ("invention", "2021-09-06", "2041-12-01", "2041-12-01", "2041-12-02"),
    ],
)
def test_term_never_moves(kind: str, filed: str, compensated: str | None, last: str, expiry: str) -> None:
    term = term_of(kind, day(filed), day(compensated) if compensated else None)
    assert (term.first_day, term.last_day, term.expiry_day) == (day(filed), day(last), day(expiry))


def test_patent_years_run_from_the_filing_date() -> None:
    """AF-01: part 5 ch 9 §4.2.1.1."""
    filed, one = day("1999-06-01"), timedelta(days=1)
    spans = [(year_start(filed, year), year_start(filed, year + 1) - one) for year in (1, 2)]
    assert spans == [
        (day("1999-06-01"), day("2000-05-31")),
        (day("2000-06-01"), day("2001-05-31")),
    ]


def test_fee_of_the_year_after_the_grant() -> None:
    """AF-02: part 5 ch 9 §4.2.1.2: granted in year 5, so year 6 is the next to be paid."""
    filed = day("1997-06-03")
    assert year_of(filed, day("2001-08-01")) == 5
    fee = compute(BOOK.deadline("T-08", day("2002-06-03")), filed, year=6)
    assert (fee.nominal, fee.due) == (day("2002-06-03"), day("2002-06-03"))
