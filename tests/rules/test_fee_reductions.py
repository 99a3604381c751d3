"""Who may have fees reduced, until when to ask, and what a transfer or an open license changes."""

from datetime import date
from typing import Any

import pytest

from rules.annual_fees import FeeError
from rules.fee_reductions import (
    Owner,
    after_change,
    eligible,
    first_year_of_request,
    is_open_license_year,
    latest_request,
)
from tests.rules.fee_cases import BOOK, ask, codes

ON = date(2026, 11, 23)
UNIVERSITY = Owner("沧澜理工大学", "public_institution")
INSTITUTE = Owner("沧澜应用技术研究院", "nonprofit_research")
SMALL = Owner("启衡新材料股份有限公司", "enterprise", 99_999_999)
LARGE = Owner("启衡新材料股份有限公司", "enterprise", 100_000_000)


@pytest.mark.parametrize(
    ("owners", "reduction"),
    [
        ([UNIVERSITY], "85"),
        ([UNIVERSITY, INSTITUTE], "70"),
        ([UNIVERSITY, SMALL], "70"),
        ([UNIVERSITY, LARGE], "none"),
        ([Owner("陈思远", "person", 5_999_999)], "85"),
        ([Owner("陈思远", "person", 6_000_000)], "none"),
        ([Owner("陈思远", "person")], "none"),
    ],
)
def test_who_may_ask(owners: list[Owner], reduction: str) -> None:
    found = eligible(owners, on=ON, book=BOOK)
    assert (found.reduction, found.derivation.value, bool(found.unmet)) == (
        reduction, reduction, reduction == "none",
    )  # fmt: skip
    assert ("F-10" in {row.rule_id for row in found.derivation.rows()}) == (reduction != "none")


def test_every_owner_who_stands_against_it_is_named() -> None:
    found = eligible([UNIVERSITY, LARGE, Owner("陈思远", "person")], on=ON, book=BOOK)
    assert [one.zh for one in found.unmet] == [
        "启衡新材料股份有限公司为企业，上年度应纳税所得额须低于1,000,000元，实为1,000,000元，不符合条件",
        "陈思远为个人，上年度年收入须低于60,000元，未提供数额，请补充证明",
    ]
    assert [one.badge_zh for one in found.unmet] == ["待核实", "待核实"]


@pytest.mark.parametrize("owners", [[], [Owner("课题组", "team")]])
def test_nobody_and_unknown_kinds_are_refused(owners: list[Owner]) -> None:
    with pytest.raises(FeeError) as refused:
        eligible(owners, on=ON, book=BOOK)
    assert refused.value.field == "owners"


@pytest.mark.parametrize(
    ("before", "after", "requested", "stays"),
    [
        (["甲大学"], ["乙公司"], False, False),
        (["甲大学"], ["甲大学", "乙公司"], False, False),
        (["甲大学", "丙研究院"], ["甲大学", "乙公司"], False, False),
        (["甲大学", "乙公司"], ["甲大学"], False, True),
        (["甲大学"], [" 甲大学"], False, True),
        (["甲大学"], ["乙公司"], True, True),
    ],
)
def test_reduction_is_not_carried_to_a_new_owner(
    before: list[str], after: list[str], requested: bool, stays: bool
) -> None:
    found = after_change(before, after, requested=requested, on=ON, book=BOOK)
    assert (found.stays, found.derivation.value, found.derivation.rule_id) == (stays, stays, "F-12")


@pytest.mark.parametrize(
    ("nominal", "latest"),
    [
        (date(2026, 5, 6), date(2026, 2, 19)),
        (date(2026, 4, 30), date(2026, 2, 13)),
        (date(2026, 1, 31), date(2025, 11, 15)),
    ],
)
def test_request_is_made_two_and_a_half_months_before(nominal: date, latest: date) -> None:
    assert latest_request(nominal) == latest


def test_request_reaches_only_fees_not_yet_due() -> None:
    filed = date(2020, 5, 6)
    in_time = first_year_of_request("invention", filed, date(2026, 2, 19), book=BOOK)
    too_late = first_year_of_request("invention", filed, date(2026, 2, 20), book=BOOK)
    assert (in_time.value, too_late.value, too_late.badge_zh) == (7, 8, "待核实")
    assert first_year_of_request("utility", filed, date(2029, 5, 1), book=BOOK).value == 0


@pytest.mark.parametrize(
    ("year", "known", "fee_fen", "reduction"),
    [
        (11, {"reduction": "85"}, 60_000, "85"),
        (12, {"reduction": "85"}, 400_000, "none"),
        (12, {"reduction": "85", "open_license": True}, 340_000, "open_license"),
        (11, {"reduction": "85", "open_license": True}, 60_000, "85"),
        (11, {"reduction": "70", "open_license": True}, 120_000, "70"),
        (11, {"open_license": True}, 340_000, "open_license"),
    ],
)
def test_best_single_reduction_counts(year: int, known: dict[str, Any], fee_fen: int, reduction: str) -> None:
    """Filed in 2016, granted in year 2: the reduction reaches years 2 to 11."""
    found = ask("invention", "2016-05-06", year, f"{2015 + year}-05-06", granted="2018-03-01", **known)
    assert (found.fee_fen, found.reduction) == (fee_fen, reduction)
    assert ("reduction_ended" in codes(found)) == (year == 12)
    assert ("best_single" in codes(found)) == (len(known) == 2 and year == 11)


def test_reduction_without_a_grant_date_is_taken_as_running_and_says_so() -> None:
    found = ask("invention", "2008-05-06", 19, "2026-05-06", reduction="85")
    assert (found.fee_fen, "grant_date_missing" in codes(found)) == (120_000, True)


def test_open_license_reduces_nothing_before_the_reduction_existed() -> None:
    before, after = (
        ask("invention", filed, 5, day, open_license=True).fee_fen
        for filed, day in (("2020-08-05", "2024-08-05"), ("2020-08-06", "2024-08-06"))
    )
    assert (before, after) == (120_000, 102_000)


@pytest.mark.parametrize(
    ("year", "withdrawn", "holds"),
    [
        (6, None, False),
        (7, None, True),
        (8, None, True),
        (9, None, False),
        (7, "2026-03-01", False),
        (7, "2026-05-06", True),
        (8, "2026-05-06", False),
    ],
)
def test_years_of_an_open_license(year: int, withdrawn: str | None, holds: bool) -> None:
    """Filed 2020-05-06: the fee of year 7 is due on 2026-05-06. Recorded 2026-04-01, ends 2027-12-31."""
    assert holds == is_open_license_year(
        "invention", date(2020, 5, 6), year, book=BOOK, recorded_on=date(2026, 4, 1), ends_on=date(2027, 12, 31),
        withdrawn_on=date.fromisoformat(withdrawn) if withdrawn else None,
    )  # fmt: skip
