"""Application, publication and organization numbers."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from rules.derivation import Derivation
from rules.identifiers import (
    STANDARDS,
    ApplicationNumber,
    IdentifierError,
    NumberCheck,
    check_digit,
    check_number,
    display_number,
    parse_application_number,
    parse_publication_number,
    parse_resident_id,
    parse_uscc,
    read_publication_number,
)
from rules.packs import load

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


# 1985-1988: no check digit; one that is given must verify, and is dropped.
FIRST = ApplicationNumber("85100001", "invention", 1985)


@pytest.mark.parametrize(
    "typed",
    ["85100001", "CN85100001", "ZL 85100001", f"85100001.{check_digit('85100001')}", "８５１００００１"],
)
def test_number_of_the_first_years_has_no_check_digit(typed: str) -> None:
    assert parse_application_number(typed) == FIRST
    assert (FIRST.display, FIRST.patent_no, FIRST.generation) == ("85100001", "ZL85100001", "1985-1988")


def test_wrong_check_digit_of_the_first_years_is_refused() -> None:
    wrong = str((int(check_digit("85100001")) + 1) % 10)
    with pytest.raises(IdentifierError) as refused:
        parse_application_number(f"85100001{wrong}")
    assert refused.value.code == "check_digit"


@pytest.mark.parametrize(
    ("typed", "digits", "generation"),
    [
        ("88100001", "88100001", "1985-1988"),
        ("89100001", "89100001" + check_digit("89100001"), "1989-2003"),
        ("03100001", "03100001" + check_digit("03100001"), "1989-2003"),
        ("200310000001", "200310000001" + check_digit("200310000001"), "2003-"),
    ],
)
def test_numbering_changes_in_1989_and_2003(typed: str, digits: str, generation: str) -> None:
    number = parse_application_number(typed)
    assert (number.digits, number.generation) == (digits, generation)


@pytest.mark.parametrize("typed", ["84100001", "04100001", "200210000001", "210010000001"])
def test_years_without_such_a_numbering_are_refused(typed: str) -> None:
    with pytest.raises(IdentifierError, match="不是有效的申请号"):
        parse_application_number(typed)


@pytest.mark.parametrize(
    ("digits", "shown"),
    [("2017106018623", "201710601862.3"), ("971017654", "97101765.4"), ("85100001", "85100001"), ("", "")],
)
def test_display_of_every_generation(digits: str, shown: str) -> None:
    assert display_number(digits) == shown


@pytest.mark.parametrize(
    ("typed", "stored", "kind", "generation"),
    [
        ("CN85100001B", "CN85100001B", "invention", "1985-1988"),
        ("CN88210369U", "CN88210369U", "utility", "1985-1988"),
        ("cn1985758a", "CN1985758A", "invention", "1989-2007"),
        ("CN2030001Y", "CN2030001Y", "utility", "1989-2007"),
        ("CN3003001D", "CN3003001D", "design", "1989-2007"),
        ("授权公告号：CN209075635U", "CN209075635U", "utility", "2007-"),
        ("CN305252224S", "CN305252224S", "design", "2007-"),
        ("CN109521870A8", "CN109521870A8", "invention", "2007-"),
    ],
)
def test_publication_number_of_every_generation(typed: str, stored: str, kind: str, generation: str) -> None:
    number = read_publication_number(typed)
    assert (number.display, number.kind, number.generation) == (stored, kind, generation)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("CN95100001B", "只有1985至1988年"),
        ("CN85200001B", "第 3 位应与文献种类代码一致"),
        ("CN209075635", "文献种类代码"),
    ],
)
def test_publication_number_that_contradicts_itself(typed: str, why: str) -> None:
    with pytest.raises(IdentifierError, match=why):
        parse_publication_number(typed)


def test_kind_of_document_that_does_not_fit_is_told_but_read() -> None:
    assert parse_publication_number("CN209075635B") == "CN209075635B"
    check = check_number("CN209075635B")
    assert (check.valid, check.reason) == (
        False, "“CN209075635B”的首位“2”与文献种类代码“B”不符：发明的号码以“1”开头。请核对公报或证书后修改。",
    )  # fmt: skip


# Made up for the test: the check digits are right, the people are nobody.
RESIDENT = "110101199003070011"


def test_resident_id_tells_region_and_birthday() -> None:
    person = parse_resident_id(f" {RESIDENT[:6]} {RESIDENT[6:14]} {RESIDENT[14:]} ")
    assert (person.number, person.region, person.birthday) == (RESIDENT, "北京市东城区", date(1990, 3, 7))


@pytest.mark.parametrize(
    ("typed", "code", "why"),
    [
        ("110101199003070012", "check_digit", "校验位不符"),
        ("110101199002300018", "malformed", "不是真实的出生日期"),
        ("990101199003070011", "malformed", "不是省级行政区划代码"),
        ("110101900307001", "other_number", "15 位的旧居民身份证号码"),
        ("11010119900307001", "malformed", "有 17 位"),
        ("1.10101E+17", "spreadsheet_number", "“文本”格式后重新导出"),
        ("110101199003070000", "spreadsheet_number", "已被电子表格截断"),
        ("", "empty", "居民身份证号码为空"),
    ],
)
def test_resident_id_that_is_refused(typed: str, code: str, why: str) -> None:
    with pytest.raises(IdentifierError, match=why) as refused:
        parse_resident_id(typed)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (RESIDENT, "是居民身份证号码"),
        ("40000062-4", "是 9 位组织机构代码"),
        ("110101900307001", "15 位的旧居民身份证号码"),
        ("110000000012345", "可能是旧的工商注册号"),
    ],
)
def test_other_code_in_place_of_a_credit_code_is_named(typed: str, why: str) -> None:
    with pytest.raises(IdentifierError, match=why) as refused:
        parse_uscc(typed)
    assert refused.value.code == "other_number"


@given(st.text(alphabet="0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9), st.integers(0, 16))
def test_one_changed_character_of_a_credit_code_is_found(body: str, place: int) -> None:
    first = f"12110000{body}"
    whole = first + uscc.calc_check_digit(first)
    assert parse_uscc(whole) == whole
    other = str((int(whole[place]) + 1) % 10) if whole[place].isdecimal() else "0"
    with pytest.raises(IdentifierError):
        parse_uscc(whole[:place] + other + whole[place + 1 :])


def shown(check: NumberCheck) -> tuple[str, str | None, str, str | None]:
    return check.type, check.normalized, check.kind, check.generation


@pytest.mark.parametrize(
    ("typed", "expected", "reason"),
    [
        ("201710601862", ("application", "201710601862.3", "invention", "2003-"), "缺少校验位，已补算为 3"),
        ("97101765", ("application", "97101765.4", "invention", "1989-2003"), "缺少校验位，已补算为 4"),
        ("95115608", ("application", "95115608.X", "invention", "1989-2003"), "缺少校验位，已补算为 X"),
        ("ZL201830514079.9", ("patent", "201830514079.9", "design", "2003-"), ""),
        ("85100001", ("application", "85100001", "invention", "1985-1988"), ""),
        ("CN85100001B", ("publication", "CN85100001B", "invention", "1985-1988"), ""),
        ("CN209075635U", ("publication", "CN209075635U", "utility", "2007-"), ""),
        ("12100000400000624D", ("uscc", "12100000400000624D", "uscc", None), ""),
        ("12100000400002259p", ("uscc", "12100000400002259P", "uscc", None), ""),
        ("统一社会信用代码：12100000400000624D", ("uscc", "12100000400000624D", "uscc", None), ""),
        ("91110000600037341L", ("uscc", "91110000600037341L", "uscc", None), ""),
        (RESIDENT, ("resident_id", RESIDENT, "resident_id", None), ""),
    ],
)
def test_number_is_recognized(
    typed: str, expected: tuple[str, str | None, str, str | None], reason: str
) -> None:
    check = check_number(typed)
    assert (shown(check), check.valid, check.reason) == (expected, True, reason)


@pytest.mark.parametrize(
    ("typed", "type_", "kind", "code"),
    [
        ("2017106018624", "application", "invention", "check_digit"),
        ("12100000400000624E", "uscc", "uscc", "check_digit"),
        ("121000004000006", "resident_id", "resident_id", "other_number"),
        ("110101199003070012", "resident_id", "resident_id", "check_digit"),
        ("40000062-4", "organization_code", "organization_code", "other_number"),
        ("PCT/CN2018/103330", "pct", "pct", "other_number"),
        ("WO2020042109A1", "pct", "pct", "other_number"),
        ("2.01711E+12", "application", "unknown", "spreadsheet_number"),
        ("CN209075635B", "publication", "unknown", "malformed"),
        ("无", "unknown", "unknown", "malformed"),
        ("", "unknown", "unknown", "empty"),
    ],
)
def test_number_that_is_not_valid_says_why(typed: str, type_: str, kind: str, code: str) -> None:
    check = check_number(typed)
    assert (check.type, check.kind, check.code, check.normalized) == (type_, kind, code, None)
    assert not check.valid
    assert check.reason.endswith("。")


@given(st.text(max_size=30))
def test_any_text_is_answered_with_a_derivation(text: str) -> None:
    check = check_number(text)
    assert check.valid == (check.normalized is not None)
    assert check.derivation == Derivation.from_json(check.derivation.as_json())
    if check.normalized is not None:
        again = check_number(check.normalized)
        assert (again.normalized, again.valid) == (check.normalized, True)


def test_derivation_shows_the_arithmetic() -> None:
    assert check_number("97101765.4").derivation.lines_zh == (
        "8位数字的编号：1989年至2003年9月（8位加校验位）（依据ZC 0006-2003 专利申请号标准，规则N-03，待核实）。",
        "第3位是1：发明（依据ZC 0006-2003 专利申请号标准，规则N-03，待核实）。",
        "8位数字依次乘以2、3、4、5、6、7、8、9，合计191，除以11余4，校验位为4"
        "（依据ZC 0006-2003 专利申请号标准，规则N-03，待核实）。",
        "“97101765.4”是有效的申请号。",
    )


def test_standards_are_as_well_known_as_the_rules_say() -> None:
    known = {rule.id: rule.confidence for rule in load().all() if rule.id in STANDARDS}
    assert known == {id_: STANDARDS[id_].confidence for id_ in known}
