"""Application, publication and organization numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.identifiers import (
    ApplicationNumber,
    IdentifierError,
    check_digit,
    parse_application_number,
    parse_publication_number,
    parse_uscc,
)

PATENT = ApplicationNumber("2017106018623", "invention", 2017)


@pytest.mark.parametrize(
    "typed",
    [
        "201710601862.3",
        "2017106018623",
        "201710601862",
        "ZL201710601862.3",
        "ZL 2017 1 0601862.3",
        "CN201710601862.3",
        "ｚｌ２０１７１０６０１８６２．３",
        "专利号：ZL201710601862.3",
        "'2017106018623",
        "201710601862。3",
        "2017106018623.0",
        "\ufeff201710601862.3\u200b",
    ],
)
def test_application_number_as_people_write_it(typed: str) -> None:
    assert parse_application_number(typed) == PATENT


def test_application_number_in_its_printed_forms() -> None:
    assert (PATENT.display, PATENT.patent_no) == ("201710601862.3", "ZL201710601862.3")


@pytest.mark.parametrize(
    ("base", "check"), [("201710601862", "3"), ("97101765", "4"), ("95115608", "X"), ("201830514079", "9")]
)
def test_check_digit_of_published_numbers(base: str, check: str) -> None:
    assert check_digit(base) == check
    assert parse_application_number(base).digits == base + check


@pytest.mark.parametrize(
    ("typed", "kind", "year", "international"),
    [
        ("97101765.4", "invention", 1997, False),
        ("95115608.x", "invention", 1995, False),
        ("03201234", "utility", 2003, False),
        ("201830514079.9", "design", 2018, False),
        ("201880012345", "invention", 2018, True),
        ("201890012345", "utility", 2018, True),
    ],
)
def test_application_number_tells_kind_and_year(
    typed: str, kind: str, year: int, international: bool
) -> None:
    number = parse_application_number(typed)
    assert (number.kind, number.year, number.is_international) == (kind, year, international)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        (" 　 ", "empty"),
        ("2.02E+12", "spreadsheet_number"),
        ("2.01711E+12", "spreadsheet_number"),
        ("2.017106018623e12", "spreadsheet_number"),
        ("2E12", "spreadsheet_number"),
        ("201710601862.4", "check_digit"),
        ("201710601862.0", "check_digit"),
        ("2017106018624.0", "check_digit"),
        ("2017106018623.5", "malformed"),
        ("2017110000000", "check_digit"),
        ("20171060186", "malformed"),
        ("201740601862", "malformed"),
        ("199910601862", "malformed"),
        ("04101765", "malformed"),
        ("CN209075635U", "malformed"),
        ("无", "malformed"),
    ],
)
def test_application_number_that_is_refused(typed: str, code: str) -> None:
    with pytest.raises(IdentifierError) as refused:
        parse_application_number(typed)
    assert refused.value.code == code
    assert refused.value.reason.endswith("。")


@pytest.mark.parametrize("typed", ["2.02E+12", "2017110000000", "2.02E+08"])
def test_spreadsheet_number_says_export_as_text(typed: str) -> None:
    with pytest.raises(IdentifierError, match="“文本”格式后重新导出"):
        parse_application_number(typed)


@pytest.mark.parametrize("typed", ["CN:2018103330:W", "PCT/CN2018/103330", "WO2020042109A1"])
def test_international_number_is_told_apart(typed: str) -> None:
    with pytest.raises(IdentifierError, match="国际申请"):
        parse_application_number(typed)


def test_international_publication_is_told_apart() -> None:
    with pytest.raises(IdentifierError, match="国际申请"):
        parse_publication_number("WO2020042109A1")


@given(st.integers(2003, 2099), st.sampled_from("12389"), st.integers(0, 9_999_999), st.integers(0, 11))
def test_one_changed_digit_is_always_found(year: int, kind: str, serial: int, place: int) -> None:
    base = f"{year}{kind}{serial:07d}"
    whole = parse_application_number(base).digits
    other = str((int(whole[place]) + 1) % 10)
    with pytest.raises(IdentifierError):
        parse_application_number(whole[:place] + other + whole[place + 1 :])


@given(st.text(max_size=24))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        number = parse_application_number(text)
    except IdentifierError as refused:
        assert refused.reason
    else:
        assert parse_application_number(number.patent_no) == number


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("CN209075635U", "CN209075635U"),
        ("cn 305252224 s", "CN305252224S"),
        ("112256133A", "CN112256133A"),
        ("CN1234567C", "CN1234567C"),
    ],
)
def test_publication_number(typed: str, stored: str) -> None:
    assert parse_publication_number(typed) == stored


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        ("1.12E+08", "spreadsheet_number"),
        ("201710601862.3", "malformed"),
        ("CN12U", "malformed"),
    ],
)
def test_publication_number_that_is_refused(typed: str, code: str) -> None:
    with pytest.raises(IdentifierError) as refused:
        parse_publication_number(typed)
    assert refused.value.code == code


@pytest.mark.parametrize("typed", ["12100000400000624D", "12100000400002259P", "91110000600037341L"])
def test_uscc_of_known_form(typed: str) -> None:
    assert parse_uscc(f" {typed[:8].lower()} {typed[8:]}　") == typed


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        ("12100000400000624E", "check_digit"),
        ("1210000040000062", "malformed"),
        ("1210000040000062OD", "malformed"),
        ("1.21E+17", "spreadsheet_number"),
    ],
)
def test_uscc_that_is_refused(typed: str, code: str) -> None:
    with pytest.raises(IdentifierError) as refused:
        parse_uscc(typed)
    assert refused.value.code == code
