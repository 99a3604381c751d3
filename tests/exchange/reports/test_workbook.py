"""The workbook as a spreadsheet program reads it: exact amounts, texts that are no formulas, figures that lead to rows."""

import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from cases.report_content import Column, Content, Figure, Row, Sheet, canonical, content_of, differences
from exchange.reports.workbook import Heading, workbook

HEADING = Heading("沧澜理工大学", "月度转化统计", "2026年4月", 1)
SHEET = Sheet(
    "signed", "合同/清单", "Contracts",
    (
        Column("no", "编号", "No."), Column("name", "名称", "Name", confidence="D"),
        Column("on", "日期", "Day", "day"), Column("yuan", "金额", "Value", "money"), Column("wan", "金额", "Value", "wan"),
        Column("kept", "是否", "Kept"),
    ),
    (
        Row(("A1", "=HYPERLINK(1)", "2026-04-01", 123_456_789_012_345, 1, "是"), 7),
        Row(("A2", "普通", None, 5, 120_000_050, "否"), 8),
        Row(("A3", "+1", "2026-04-30", 0, 0, "是"), 9),
    ),
)  # fmt: skip
CONTENT = Content(
    (
        Figure("count", "合同", "Contracts", "口径", "signed"),
        Figure("sum", "金额", "Value", "合计", "signed", "sum", "wan", shape="wan", article="某条", confidence="M"),
        Figure("share", "比例", "Share", "", "signed", "share", "kept", shape="percent"),
        Figure("none", "无", "None", "", "signed", "median", "wan", (("no", "B"),), "days"),
    ),
    (SHEET,),
    ("说明一句。",),
).counted()  # fmt: skip


def test_figures_are_computed_from_their_rows() -> None:
    assert [figure.value for figure in CONTENT.figures] == [3, 120_000_051, 6667, None]
    assert content_of(canonical(CONTENT)) == CONTENT


def test_workbook_reads_as_it_was_written() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(HEADING, CONTENT)))
    assert book.sheetnames == ["汇总", "合同 清单", "栏目说明"]
    front = [[cell.value for cell in row] for row in book["汇总"].iter_rows(min_row=4, max_row=8)]
    assert front == [
        ["指标", "数值", "口径", "明细", "依据"],
        ["合同", 3, "口径", "合同 清单", ""],
        ["金额（万元）", 120.000051, "合计", "合同 清单", "某条（待核实）"],
        ["比例", 0.6667, "", "合同 清单", ""],
        ["无", "—", "", "合同 清单", ""],
    ]
    link = book["汇总"]["D5"].hyperlink
    assert link is not None
    assert link.location == "'合同 清单'!A1"
    rows = [[cell.value for cell in row] for row in book["合同 清单"].iter_rows()]
    assert rows[0] == ["编号", "名称【待核实】", "日期", "金额（元）", "金额（万元）", "是否"]
    day = rows[1][2]
    assert (rows[1][1], str(day)[:10], rows[1][3], rows[1][4]) == (
        "=HYPERLINK(1)", date(2026, 4, 1).isoformat(), 1234567890123.45, 0.000001,
    )  # fmt: skip
    text = book["合同 清单"]["B2"]
    assert (text.data_type, bool(text.quotePrefix)) == ("s", True)  # as if typed with an apostrophe
    assert book["合同 清单"]["E3"].number_format == "#,##0.00####"


def test_changes_stand_on_a_sheet_of_their_own() -> None:
    heading = Heading("沧澜理工大学", "月度转化统计", "2026年4月", 2, ("合同：2 → 3",))
    book = openpyxl.load_workbook(io.BytesIO(workbook(heading, CONTENT)))
    told = [cell.value for cell in book["与上一版的差异"]["A"]]
    assert told == ["第2版与第1版的差异", "合同：2 → 3"]


def test_bytes_do_not_depend_on_the_moment() -> None:
    assert workbook(HEADING, CONTENT) == workbook(HEADING, CONTENT)
    assert b"2000-01-01T00:00:00Z" in _part(workbook(HEADING, CONTENT), "docProps/core.xml")


def _part(data: bytes, name: str) -> bytes:
    from zipfile import ZipFile

    with ZipFile(io.BytesIO(data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        return archive.read(name)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (SHEET.rows[:2], ("合同：3 → 2", "比例：66.67% → 50.00%", "合同/清单：移除 A3")),
        (
            (*SHEET.rows[:1], Row(("A2", "改名", None, 5, 120_000_050, "否")), SHEET.rows[2]),
            ("合同/清单：修改 A2",),
        ),
        ((*SHEET.rows, SHEET.rows[2]), ("合同：3 → 4", "比例：66.67% → 75.00%", "合同/清单：新增 A3")),
        (SHEET.rows, ("栏目、口径或者说明有变，数据未变",)),
    ],
)
def test_differences_name_figures_and_rows(rows: tuple[Row, ...], told: tuple[str, ...]) -> None:
    sheet = Sheet(SHEET.key, SHEET.zh, SHEET.en, SHEET.columns, rows)
    after = Content(CONTENT.figures, (sheet,)).counted()
    assert differences(CONTENT, after) == told


def test_many_differences_are_counted(tmp_path: Path) -> None:
    sheet = Sheet(
        "signed", "合同", "", SHEET.columns, tuple(Row((f"B{n}", "", None, 0, 0, "")) for n in range(150))
    )
    told = differences(Content((), (Sheet("signed", "合同", "", SHEET.columns, ()),)), Content((), (sheet,)))
    assert (len(told), told[-1]) == (101, "另有50处不同，见各工作表")
