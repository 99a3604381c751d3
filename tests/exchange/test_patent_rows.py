"""One line at a time: what is accepted and how, what is refused and why."""

from datetime import date

import pytest

from cases.patent_sql import CheckedPatent
from exchange.tables import Line, Problem
from tests.exchange.lists import CHECKER, GOOD, line


def checked(found: Line) -> CheckedPatent:
    patent = CHECKER.check(found)
    assert isinstance(patent, CheckedPatent), patent
    return patent


def fields_of(found: Line) -> list[str]:
    problems = CHECKER.check(found)
    assert isinstance(problems, tuple)
    return [problem.field for problem in problems]


def test_good_line_becomes_a_patent() -> None:
    assert checked(line()) == CheckedPatent(
        line=2, application_no="2017106018623", kind="invention", title="一种锂离子电池隔膜的制备方法",
        owners=("沧澜理工大学",), inventors=("林知远", "陈䶮"), filing_date=date(2017, 7, 21),
        grant_date=date(2019, 7, 9), publication_no="CN107452922B", ipc="H01M2/16", college="材料学院",
        status="in_force", is_status_stated=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    "text", ["201710601862", "CN201710601862.3", " ZL 2017 1 0601862.3", "２０１７１０６０１８６２．３"]
)
def test_number_in_any_spelling(text: str) -> None:
    assert checked(line(application_no=text)).application_no == "2017106018623"


def test_all_faults_of_a_line_are_told_at_once() -> None:
    wrong = line(application_no="2.02E+12", title=" ", filing_date="昨天", inventors="张?明")
    assert fields_of(wrong) == ["申请号", "专利名称", "申请日", "发明人"]


def test_number_destroyed_by_a_spreadsheet_is_never_repaired() -> None:
    problems = CHECKER.check(line(9, application_no="2.02E+12"))
    assert problems == (
        Problem(
            9, "申请号", "2.02E+12",
            "“2.02E+12”是电子表格的科学计数法，原来的申请号已被截断，无法还原。请把该列设为“文本”格式后重新导出，再导入一次。",
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"application_no": "2017106018624"}, "申请号"),
        ({"application_no": "CN:2019079096:W"}, "申请号"),
        ({"filing_date": "2027-01-01"}, "申请日"),
        ({"filing_date": "2018-07-21"}, "申请日"),
        ({"grant_date": "2016-07-09"}, "授权公告日"),
        ({"kind": "实用新型"}, "专利类型"),
        ({"publication_no": "CN209075635U"}, "公开（公告）号"),
        ({"publication_no": "CN12"}, "公开（公告）号"),
        ({"title": "名" * 501}, "专利名称"),
        ({"title": "一种\ufffd装置"}, "专利名称"),
        ({"owners": "沧澜□工大学"}, "专利权人"),
    ],
)
def test_wrong_field_is_named(changed: dict[str, str], field: str) -> None:
    assert fields_of(line(2, **changed)) == [field]


def test_divisional_keeps_the_filing_date_before_its_number() -> None:
    assert checked(line(filing_date="2015-03-02")).filing_date == date(2015, 3, 2)


def test_international_number_is_told_once() -> None:
    assert fields_of(line(application_no="CN:2019079096:W", publication_no="WO2020124838A1")) == ["申请号"]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (GOOD[0][:9], "本行只有 9 列，表头有 11 列。请检查分隔符和引号，补齐后重新导入。"),
        (
            (*GOOD[0], "多余"),
            "本行有 12 列，比表头多 1 列，多半是单元格内有未加引号的分隔符。请给该单元格加上英文双引号，或另存为 xlsx。",
        ),
    ],
)
def test_ragged_line_is_refused_whole(cells: tuple[str, ...], reason: str) -> None:
    found = CHECKER.check(Line(5, cells))
    assert [(p.field, p.reason) for p in found if isinstance(p, Problem)] == [("整行", reason)]  # type: ignore[union-attr]


def test_blank_cells_behind_the_last_column_do_not_matter() -> None:
    assert checked(Line(2, (*GOOD[0], "", " "))) == checked(line())


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"publication_no": "CN107452922A", "grant_date": ""}, "pending"),
        ({"publication_no": "", "grant_date": ""}, "unknown"),
        ({"publication_no": "CN107452922B", "grant_date": "-"}, "in_force"),
        (
            {"application_no": "200510012345", "filing_date": "2005-07-21", "publication_no": "CN1234567A", "grant_date": ""},
            "unknown",
        ),
        ({"application_no": "200510012345", "filing_date": "2005-07-21", "publication_no": "CN1234567C"}, "expired"),
    ],
)  # fmt: skip
def test_status_follows_from_the_publication(changed: dict[str, str], status: str) -> None:
    patent = checked(line(2, **changed))
    assert (patent.status, patent.is_status_stated) == (status, False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("有效", ("in_force", True)),
        ("失效", ("lapsed", True)),
        ("未缴年费终止", ("lapsed", True)),
        ("专利权届满", ("expired", True)),
        ("审中-实审", ("pending", True)),
        ("宣告无效", ("void", True)),
        ("等年费滞纳金", ("in_grace", True)),
        ("部分无效", ("in_force", True)),
        ("PROC", ("in_force", False)),
        ("PUB", ("in_force", False)),
        ("其他", ("in_force", False)),
    ],
)  # fmt: skip
def test_status_words(text: str, expected: tuple[str, bool]) -> None:
    checker = type(CHECKER)({**CHECKER.positions, "status": 11}, 12, CHECKER.today)
    patent = checker.check(Line(2, (*GOOD[0], text)))
    assert isinstance(patent, CheckedPatent)
    assert (patent.status, patent.is_status_stated) == expected
