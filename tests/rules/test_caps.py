"""Caps of open-license fees: 20 million yuan, 20 percent of net sales, 40 percent of profit, 2,000 characters."""

from datetime import date

import pytest

from rules.caps import open_license_caps
from rules.packs import RuleBook, load

ON = date(2026, 11, 23)


@pytest.fixture
def book() -> RuleBook:
    return load(("national",))


def test_terms_at_the_caps_are_fine(book: RuleBook) -> None:
    """Source: 专利审查指南 part 5 ch 11 §3.3."""
    assert (
        open_license_caps(
            book=book, on=ON, fixed_fen=2_000_000_000, net_sales_bp=2000, profit_bp=4000, basis_chars=2000
        )
        == ()
    )


def test_each_cap_is_told_apart(book: RuleBook) -> None:
    found = open_license_caps(
        book=book, on=ON, fixed_fen=2_000_000_001, net_sales_bp=2001, profit_bp=4001, basis_chars=2001
    )
    assert [(one.measure, one.value, one.limit, one.rule_id) for one in found] == [
        ("fixed_fee", 2_000_000_001, 2_000_000_000, "OP-05"),
        ("net_sales", 2001, 2000, "OP-05"),
        ("profit", 4001, 4000, "OP-05"),
        ("basis_text", 2001, 2000, "OP-04"),
    ]


def test_quarter_of_net_sales_and_thirty_million_warn(book: RuleBook) -> None:
    royalty, fixed = (
        open_license_caps(book=book, on=ON, net_sales_bp=2500),
        open_license_caps(book=book, on=ON, fixed_fen=3_000_000_000),
    )
    assert [one.zh for one in royalty] == ["按净销售额的提成25%，一般不高于20%"]
    assert [one.zh for one in fixed] == ["固定使用费30,000,000.00元，一般不高于20,000,000.00元"]
    assert royalty[0].derivation.rule_id == "OP-05"
    assert royalty[0].remedy_zh == "请降低使用费，或在计算依据说明中写明理由"


def test_nothing_given_and_days_before_the_text_warn_of_nothing(book: RuleBook) -> None:
    assert open_license_caps(book=book, on=ON) == ()
    assert open_license_caps(book=book, on=date(2024, 1, 19), net_sales_bp=9000) == ()


def test_negative_terms_are_refused(book: RuleBook) -> None:
    with pytest.raises(ValueError, match="negative"):
        open_license_caps(book=book, on=ON, fixed_fen=-1)
