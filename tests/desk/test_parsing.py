"""What a person types: dates, amounts, numbers, choices, rule packs."""

from datetime import date

import pytest

from cases.errors import Invalid
from desk.answers.parsing import Faults, amount, book, choice, day, whole


@pytest.mark.parametrize(
    "text", ["2026-01-05", "20260105", "2026年1月5日", " 2026/1/5 ", "２０２６－０１－０５"]
)
def test_day_is_read(text: str) -> None:
    assert day(text, "base") == date(2026, 1, 5)


@pytest.mark.parametrize("text", ["1985-01-01", "2100-12-31"])
def test_first_and_last_day_that_is_accepted(text: str) -> None:
    assert day(text, "base").isoformat() == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "未填写"),
        ("  ", "未填写"),
        ("2026-02-30", "“2026-02-30”不存在这一天"),
        ("2025-02-29", "不存在这一天"),
        ("2026-13-01", "不存在这一天"),
        ("1984-12-31", "不在 1985 至 2100 之间"),
        ("2101-01-01", "不在 1985 至 2100 之间"),
        ("0001-01-01", "不在 1985 至 2100 之间"),
        ("12026-01-01", "不在 1985 至 2100 之间"),
        ("明天", "不是可识别的日期"),
        ("05-06-2026", "不是可识别的日期"),
        ("26-01-05", "年份不是四位"),
        ("46000", "序列号"),
        ("2" * 500, "过长"),
        ("\x00", "未填写"),
    ],
)
def test_day_is_refused_with_the_field_and_the_remedy(text: str | None, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        day(text, "base")
    assert reason in refused.value.fields["base"]
    assert refused.value.message_en.startswith("base: ")


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("120000000", 120_000_000),
        (120_000_000, 120_000_000),
        ("1,200", 1200),
        ("5分", 5),
        ("12.50元", 1250),
        ("120万", 120_000_000),
        ("1200000元", 120_000_000),
        ("120万元", 120_000_000),
        ("0.5亿", 5_000_000_000),
        ("¥100", 10_000),
        ("１２０万", 120_000_000),
        ("0", 0),
    ],
)
def test_amount_is_read_in_fen(text: str | int, fen: int) -> None:
    assert amount(text, "net") == fen


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("12.5", "带小数点而没有单位"),
        ("12.", "带小数点而没有单位"),
        ("-5", "为负数"),
        ("-5万", "为负数"),
        ("负3元", "为负数"),
        ("0.5分", "不足一分"),
        ("0.125元", "不足一分"),
        ("1e5", "科学计数法"),
        ("12万3", "不是可识别的金额"),
        ("1,20", "不是可识别的金额"),
        ("9" * 25, "上限"),
        ("99999999亿", "上限"),
        ("", "未填写"),
    ],
)
def test_amount_is_refused_with_the_remedy(text: str, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        amount(text, "net")
    assert reason in refused.value.fields["net"]


@pytest.mark.parametrize("text", ["0", "21", "2.0", "two", "", "-3", "9" * 30])
def test_whole_number_outside_its_bounds_is_refused(text: str) -> None:
    assert whole("20", "year", 1, 20) == 20
    with pytest.raises(Invalid):
        whole(text, "year", 1, 20)


def test_choice_reads_any_case_and_other_words() -> None:
    options = ("invention", "utility")
    assert choice("Invention", "kind", options) == "invention"
    assert choice("发明", "kind", options, aliases={"发明": "invention"}) == "invention"
    assert choice(" ", "kind", options, default="utility") == "utility"
    with pytest.raises(Invalid, match="invention、utility"):
        choice("patent", "kind", options)


def test_all_wrong_fields_are_named_at_once() -> None:
    faults = Faults()
    faults.day("2026-02-30", "base")
    faults.amount("-1", "net")
    faults.choice("x", "kind", ("a", "b"))
    faults.optional_day("", "second")
    with pytest.raises(Invalid) as refused:
        faults.check()
    assert list(refused.value.fields) == ["base", "net", "kind"]
    assert refused.value.message.count("；") == 2


def test_nothing_wrong_nothing_raised() -> None:
    faults = Faults()
    assert (faults.day("2026-01-05", "base"), faults.optional_amount(None, "net")) == (date(2026, 1, 5), None)
    faults.check()


@pytest.mark.parametrize(
    "layers", ["nowhere", "national,../../etc/passwd", "national,/etc/passwd", "national,a b"]
)
def test_unknown_rule_pack_is_refused_without_telling_paths(layers: str) -> None:
    with pytest.raises(Invalid) as refused:
        book(layers)
    assert "规则包" in refused.value.fields["layers"]
    assert "/packs/" not in refused.value.message


def test_rule_packs_are_read_with_chinese_commas() -> None:
    assert book("national，zhejiang、house").layers == ("national", "zhejiang", "house")
