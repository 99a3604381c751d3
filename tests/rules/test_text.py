"""Normalizing text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.text import fold, normalize


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("　上海交通大学　医学院 ", "上海交通大学 医学院"),
        ("ＺＬ２０１７１０６０１８６２．３", "ZL201710601862.3"),
        ("一种装置，及其（改进）方法：", "一种装置，及其（改进）方法："),
        ("枸橼酸\u200b抗凝\ufeff装置\x00", "枸橼酸抗凝装置"),
        ("第一行\r\n第二行", "第一行 第二行"),
        ("①号 Ⅱ型 ㎡", "①号 Ⅱ型 ㎡"),
        ("甲､乙｡", "甲、乙。"),
        ("e\u0301\ud800", "é"),
        ("", ""),
    ],
)
def test_normalize_keeps_what_is_printed(typed: str, stored: str) -> None:
    assert normalize(typed) == stored


def test_fold_reads_through_width_case_and_blanks() -> None:
    assert fold(" zl ２０１７　1\t06 ") == "ZL2017106"


@given(st.text())
def test_normalize_is_idempotent(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)
