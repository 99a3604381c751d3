"""Amounts: read, written, divided."""

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.money import LARGEST_FEN, MoneyError, capitals, format_yuan, parse_yuan, percent, split


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("1,200,000.50", 120_000_050),
        ("120万", 120_000_000),
        ("１２０万元", 120_000_000),
        ("人民币 1，200，000 元整", 120_000_000),
        ("￥0.05", 5),
        ("1.5亿", 15_000_000_000),
        ("1.23456万", 1_234_560),
        ("0", 0),
        ("3.00", 300),
    ],
)
def test_parse_yuan(typed: str, fen: int) -> None:
    assert parse_yuan(typed) == fen


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "为空"),
        ("-3", "负数"),
        ("（300）", "负数"),
        ("0.125", "不足一分"),
        ("1,20", "不是可识别的金额"),
        ("1.2E+06", "科学计数法"),
        ("面议", "不是可识别的金额"),
        ("1000000000000", "上限"),
        ("1" * 40, "位数过多"),
    ],
)
def test_parse_yuan_refuses_what_is_no_amount(typed: str, reason: str) -> None:
    with pytest.raises(MoneyError, match=reason):
        parse_yuan(typed)


@given(st.integers(0, LARGEST_FEN))
def test_formatted_yuan_reads_back(fen: int) -> None:
    assert parse_yuan(format_yuan(fen)) == fen


def test_format_yuan_of_small_and_negative_amounts() -> None:
    assert [format_yuan(fen) for fen in (0, 5, 120_000_000, -5)] == ["0.00", "0.05", "1,200,000.00", "-0.05"]


@pytest.mark.parametrize(
    ("fen", "written"),
    [
        (0, "零元整"),
        (120_000_000, "壹佰贰拾万元整"),
        (1_640_902, "壹万陆仟肆佰零玖元零贰分"),
        (10_700_053, "壹拾万柒仟元伍角叁分"),
        (140_950, "壹仟肆佰零玖元伍角"),
        (600_714, "陆仟零柒元壹角肆分"),
        (50, "伍角"),
        (5, "伍分"),
        (100_000_001_00, "壹亿零壹元整"),
        (7_000_002_076_09, "柒拾亿零贰仟零柒拾陆元零玖分"),
        (LARGEST_FEN, "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_capitals(fen: int, written: str) -> None:
    assert capitals(fen) == written


@given(st.integers(0, 10**10 - 1))
def test_capitals_agree_with_a_second_opinion(fen: int) -> None:
    assert capitals(fen) == cn2an.an2cn(f"{fen // 100}.{fen % 100:02d}", "rmb")


@pytest.mark.parametrize("fen", [-1, LARGEST_FEN + 1])
def test_capitals_refuses_amounts_out_of_range(fen: int) -> None:
    with pytest.raises(MoneyError):
        capitals(fen)


def test_percent_drops_trailing_zeros() -> None:
    assert [percent(bp) for bp in (0, 5, 50, 350, 1000, 10000)] == [
        "0%",
        "0.05%",
        "0.5%",
        "3.5%",
        "10%",
        "100%",
    ]


def test_split_gives_the_odd_fen_to_the_largest_remainder() -> None:
    assert split(100, [1, 1, 1]) == [34, 33, 33]
    assert split(100, [1, 5]) == [17, 83]
    assert split(7, [0, 1]) == [0, 7]


@given(
    st.integers(0, 10**12),
    st.lists(st.integers(0, 10**6), min_size=1, max_size=12).filter(lambda weights: sum(weights) > 0),
)
def test_split_adds_up_and_stays_within_a_fen(fen: int, weights: list[int]) -> None:
    parts = split(fen, weights)
    assert sum(parts) == fen
    total = sum(weights)
    assert [
        fen * w // total <= part <= fen * w // total + 1 for part, w in zip(parts, weights, strict=True)
    ] == [True] * len(weights)


@pytest.mark.parametrize(("fen", "weights"), [(100, []), (100, [0, 0]), (100, [2, -1]), (-1, [1])])
def test_split_refuses_weights_that_do_not_divide(fen: int, weights: list[int]) -> None:
    with pytest.raises(MoneyError):
        split(fen, weights)
