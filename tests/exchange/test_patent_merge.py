"""Lines about one application number: repeated, followed by a later publication, or contradicting."""

from dataclasses import replace
from datetime import date

from cases.patent_sql import CheckedPatent
from exchange.patent_merge import merge
from exchange.tables import Problem

PUBLISHED = CheckedPatent(
    line=2, application_no="2017106018623", kind="invention", title="一种隔膜", owners=("甲大学",), filing_date=date(2017, 7, 21),
    publication_no="CN107452922A", ipc="H01M2/16", status="pending",
)  # fmt: skip
GRANTED = replace(
    PUBLISHED, line=7, title="一种隔膜的制备方法", owners=("乙公司",), grant_date=date(2019, 7, 9), publication_no="CN107452922B",
    ipc="", status="in_force",
)  # fmt: skip


def where(line: int) -> str:
    return f"第 {line} 行"


def test_repeated_line_is_one_patent() -> None:
    assert merge([PUBLISHED, replace(PUBLISHED, line=3)], where) == (PUBLISHED, ())


def test_grant_wins_in_either_order_and_keeps_what_it_leaves_blank() -> None:
    expected = replace(GRANTED, line=2, ipc="H01M2/16")
    assert merge([PUBLISHED, GRANTED], where) == (expected, ())
    assert merge([replace(GRANTED, line=2), replace(PUBLISHED, line=7)], where) == (expected, ())


def test_later_grant_publication_wins() -> None:
    reissued = replace(GRANTED, line=8, publication_no="CN107452922C", ipc="H01M")
    assert merge([GRANTED, reissued], where) == (replace(reissued, line=7), ())


def test_other_title_in_the_same_stage_is_an_error_that_names_the_first_line() -> None:
    other = replace(PUBLISHED, line=5, title="另一种隔膜")
    assert merge([PUBLISHED, other], where) == (
        PUBLISHED,
        (
            Problem(
                5,
                "专利名称",
                "另一种隔膜",
                "与第 2 行是同一申请号，但专利名称不同（该行为“一种隔膜”）。请核对，只保留正确的一行。",
            ),
        ),
    )


def test_other_filing_date_is_an_error_in_any_stage() -> None:
    _, problems = merge([PUBLISHED, replace(GRANTED, filing_date=date(2016, 7, 21))], where)
    assert [(problem.row, problem.field) for problem in problems] == [(7, "申请日")]


def test_marks_and_blanks_in_a_title_do_not_contradict() -> None:
    assert merge([PUBLISHED, replace(PUBLISHED, line=3, title="一种 隔膜。")], where) == (PUBLISHED, ())


def test_one_line_for_each_inventor_or_college_adds_them_up() -> None:
    lines = [
        replace(PUBLISHED, line=n, inventors=(who,), college=college)
        for n, who, college in ((2, "林", "甲"), (3, "陈", "乙"))
    ]
    merged, problems = merge(lines, where)
    assert (merged.inventors, merged.college, problems) == (("林", "陈"), "甲、乙", ())
