"""Sheets from file to record: merged cells, hidden rows, formulas, headers in two rows, wrong encodings, duplicates."""

import csv
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook
from sqlmodel import col, select

from cases.companies import list_companies
from cases.desk_queries import import_of, imports_of
from cases.errors import Forbidden
from cases.files import FolderFiles
from cases.tables import Patent, TrailEntry
from exchange.headers import bare_header
from exchange.kinds.companies import COMPANIES
from exchange.list_import import import_sheet
from exchange.rejects import NOTES
from exchange.sheet_cells import Choice, day, patent_number, text, whole_number
from exchange.sheet_import import SheetReport, preview_sheet, run_sheet
from exchange.sheet_kind import Column, Outcome, SheetKind, SheetRow, Work
from exchange.sheet_kinds import ALL
from exchange.sheet_template import write_template
from exchange.tables import FileRefused
from tests.exchange.lists import write_csv, write_xlsx
from tests.world import NUMBERS, World

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
HEADER = ("企业名称", "统一社会信用代码", "联系人", "联系电话")
FIRST = ("沧澜隔膜科技有限公司", "91440300708461136T", "周知行", "020-8000001")
SECOND = ("云岫机器人有限公司", "91330100799655058B", "顾清扬", "020-8000002")
WRONG = ("无码有限公司", "91330100799655058X", "某人", "1")


def _scored(work: Work, row: SheetRow) -> Outcome:
    """Write the maturity and the score where a patent's address stands: enough of a place for a test."""
    patent = work.session.exec(select(Patent).where(Patent.id == row.patent_id)).one()
    said = f"{row.text('maturity')} {row.text('score')} {row.text('college')}"
    if patent.address == said:
        return "same"
    patent.address = said
    work.session.add(patent)
    return "changed"


RATINGS = SheetKind(
    name="ratings", zh="评分表", en="ratings", write=_scored, key=("number",), patent="number",
    columns=(
        Column("college", ("学院", "院系")),
        Column("number", ("专利号", "申请号"), patent_number, required=True),
        Column("maturity", ("自评成熟度", "成熟度"), Choice({"样机": "prototype", "概念": "concept"})),
        Column("score", ("复核得分", "得分"), whole_number(0, 100), required=True),
        Column("on", ("日期",), day),
        Column("remark", ("备注说明",), text(20)),
    ),
)  # fmt: skip


def run(world: World, path: Path, kind: SheetKind = COMPANIES, *, skip_hidden: bool = False, dry_run: bool = False,
        rejects: Path | None = None) -> SheetReport:  # fmt: skip
    return run_sheet(
        world.db, world.person("officer"), kind, path, skip_hidden=skip_hidden, dry_run=dry_run, rejects_path=rejects,
        now=NOW,
    )  # fmt: skip


def told(report: SheetReport) -> list[tuple[str, int, str, str]]:
    return [(error.sheet, error.row, error.field, error.reason) for error in report.errors]


def counts(report: SheetReport) -> tuple[int, int, int, int, int, int]:
    return report.rows, report.added, report.changed, report.same, report.repeated, report.rejected


def companies(world: World) -> list[tuple[str, str, str]]:
    with world.db.read() as session:
        found = list_companies(session, world.org_id)
        return [(c.name, c.uscc, c.phone) for c in found if c.id != world.company_id]


def ratings(world: World) -> list[str]:
    with world.db.read() as session:
        rows = session.exec(select(Patent).where(Patent.org_id == world.org_id)).all()
        return [row.address for row in sorted(rows, key=lambda row: row.application_no)]


def book(path: Path, rows: Sequence[Sequence[object]], merged: Sequence[str] = ()) -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for range_ in merged:
        sheet.merge_cells(range_)
    return made


def refusal(world: World, path: Path, kind: SheetKind = COMPANIES) -> str:
    with pytest.raises(FileRefused) as caught:
        run(world, path, kind)
    return caught.value.message


def test_good_rows_go_in_bad_ones_come_back_and_again_nothing_changes(
    any_world: World, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "list.csv", (HEADER, FIRST, WRONG, SECOND, FIRST))
    report = run(any_world, path, rejects=tmp_path / "bad.xlsx")
    assert counts(report) == (4, 2, 0, 0, 1, 1)
    assert [(error.row, error.field, error.value) for error in report.errors] == [
        (3, "统一社会信用代码", "91330100799655058X")
    ]
    assert companies(any_world) == [(SECOND[0], SECOND[1], SECOND[3]), (FIRST[0], FIRST[1], FIRST[3])]
    again = run(any_world, path)
    assert counts(again) == (4, 0, 0, 2, 1, 1)
    rows = CalamineWorkbook.from_path(str(tmp_path / "bad.xlsx")).get_sheet_by_index(0).to_python()
    assert rows[0] == [*HEADER, "行号", "问题字段", "原因"]
    assert rows[1][:6] == [*WRONG, "3", "统一社会信用代码"]


def test_corrected_rejects_are_imported_as_they_are(world: World, tmp_path: Path) -> None:
    run(world, write_csv(tmp_path / "list.csv", (HEADER, WRONG)), rejects=tmp_path / "bad.xlsx")
    handed_back = openpyxl.load_workbook(tmp_path / "bad.xlsx")
    assert handed_back.active is not None
    handed_back.active["B2"] = SECOND[1]
    handed_back.save(tmp_path / "good.xlsx")
    assert counts(run(world, tmp_path / "good.xlsx")) == (1, 1, 0, 0, 0, 0)


def test_dry_run_tells_the_same_and_stores_nothing(any_world: World, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "list.csv", (HEADER, FIRST, WRONG))
    assert counts(run(any_world, path, dry_run=True)) == (2, 1, 0, 0, 0, 1)
    assert companies(any_world) == []


def test_code_of_another_name_is_refused_with_the_name_on_record(world: World, tmp_path: Path) -> None:
    run(world, write_csv(tmp_path / "list.csv", (HEADER, FIRST)))
    other = ("改名有限公司", *FIRST[1:])
    assert told(run(world, write_csv(tmp_path / "other.csv", (HEADER, other)))) == [
        ("", 2, "整行", f"统一社会信用代码{FIRST[1]}已登记为“{FIRST[0]}”。请核对企业名称；企业已更名的，请先在企业页面修改。")
    ]  # fmt: skip


def test_blank_cells_never_clear_and_filled_ones_change(world: World, tmp_path: Path) -> None:
    run(world, write_csv(tmp_path / "list.csv", (HEADER, FIRST)))
    report = run(world, write_csv(tmp_path / "next.csv", (HEADER, (*FIRST[:2], "", "020-9"))))
    assert counts(report) == (1, 0, 1, 0, 0, 0)
    with world.db.read() as session:
        found = list_companies(session, world.org_id, FIRST[1])[0]
    assert (found.contact, found.phone) == (FIRST[2], "020-9")


def test_rows_that_contradict_each_other_are_all_refused(world: World, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "list.csv", (HEADER, FIRST, SECOND, (*FIRST[:3], "020-9")))
    report = run(world, path)
    reason = "与第{}行重复，但联系电话不一致。请只保留正确的一行后重新导入。"
    assert told(report) == [
        ("", 2, "统一社会信用代码", reason.format(4)), ("", 4, "统一社会信用代码", reason.format(2)),
    ]  # fmt: skip
    assert companies(world) == [(SECOND[0], SECOND[1], SECOND[3])]


def test_title_rows_and_a_header_in_two_rows(world: World, tmp_path: Path) -> None:
    rows = (
        ("2026年存量专利自评汇总表", "", "", "", ""), ("填报单位：沧澜理工大学", "", "", "", ""),
        ("序号", "专利号", "自评", "", "复核"), ("", "", "成熟度", "前景", "得分"),
        (1, NUMBERS[0], "样机", "高", 80), (2, NUMBERS[1], "概念", "低", 101),
        ("合计", "", "", "", 181),
    )  # fmt: skip
    made = book(tmp_path, rows, ("A1:E1", "A2:E2", "A3:A4", "B3:B4", "C3:D3"))
    made.save(tmp_path / "list.xlsx")
    report = run(world, tmp_path / "list.xlsx", RATINGS)
    assert report.mapping == {"number": "专利号", "maturity": "成熟度", "score": "得分"}
    assert told(report) == [("Sheet", 6, "复核得分", "须为0至100的整数。请改正后重新导入。")]
    assert report.notes[-1] == "工作表“Sheet”第7行是合计、标题或说明，没有作为数据导入"
    assert ratings(world)[0] == "prototype 80 "


def test_two_header_rows_in_text(world: World, tmp_path: Path) -> None:
    rows = (("专利号", "自评", "", "复核"), ("", "成熟度", "前景", "得分"), (NUMBERS[0], "样机", "高", "80"))
    assert counts(run(world, write_csv(tmp_path / "list.csv", rows), RATINGS)) == (1, 0, 1, 0, 0, 0)


def test_merged_cells_are_repeated_downwards(world: World, tmp_path: Path) -> None:
    rows = (("学院", "专利号", "得分"), ("材料学院", NUMBERS[0], 80), (None, NUMBERS[1], 70), (None, NUMBERS[2], 60),
            ("医学院", NUMBERS[3], 50))  # fmt: skip
    made = book(tmp_path, rows, ("A2:A3", "C3:C4"))
    made.save(tmp_path / "list.xlsx")
    report = run(world, tmp_path / "list.xlsx", RATINGS)
    assert ratings(world)[:4] == [" 80 材料学院", " 70 材料学院", " 70 ", " 50 医学院"]
    assert report.notes == ("工作表“Sheet”有2处合并单元格，纵向合并的内容已逐行补齐",)


def test_heading_merged_across_is_no_row(world: World, tmp_path: Path) -> None:
    rows = (("学院", "专利号", "得分"), ("一、重点专利", None, None), ("材料学院", NUMBERS[0], 80))
    made = book(tmp_path, rows, ("A2:C2",))
    made.save(tmp_path / "list.xlsx")
    report = run(world, tmp_path / "list.xlsx", RATINGS)
    assert counts(report) == (1, 0, 1, 0, 0, 0)
    assert report.notes[-1] == "工作表“Sheet”第2行是合计、标题或说明，没有作为数据导入"


@pytest.mark.parametrize(("skip", "expected"), [(False, (2, 2, 0, 0, 0, 0)), (True, (2, 1, 0, 0, 0, 1))])
def test_hidden_rows_are_named_and_left_out_only_if_asked(
    world: World, tmp_path: Path, skip: bool, expected: tuple[int, ...]
) -> None:
    made = book(tmp_path, (HEADER, FIRST, SECOND))
    assert made.active is not None
    made.active.row_dimensions[3].hidden = True
    made.active.column_dimensions["D"].hidden = True
    made.save(tmp_path / "list.xlsx")
    report = run(world, tmp_path / "list.xlsx", skip_hidden=skip)
    assert counts(report) == expected
    assert report.notes == ("工作表“Sheet”有1行隐藏行（第3行）", "工作表“Sheet”有隐藏列：联系电话")
    assert [(row, field) for _, row, field, _ in told(report)] == ([(3, "整行")] if skip else [])


def test_formula_without_a_stored_value_is_refused_and_one_with_it_is_read(
    world: World, tmp_path: Path
) -> None:
    made = book(tmp_path, (("专利号", "得分"), (NUMBERS[0], "=40+40"), (NUMBERS[1], 70)))
    made.save(tmp_path / "list.xlsx")
    assert told(run(world, tmp_path / "list.xlsx", RATINGS)) == [
        ("Sheet", 2, "复核得分", "单元格B2是公式，但文件中没有保存计算结果。请用电子表格打开并保存，"
         "或把该列复制后“粘贴为数值”，再导入。")
    ]  # fmt: skip
    stored(tmp_path / "list.xlsx", b"<v></v>", b"<v>80</v>").rename(tmp_path / "with.xlsx")
    assert counts(run(world, tmp_path / "with.xlsx", RATINGS)) == (2, 0, 1, 1, 0, 0)
    assert ratings(world)[0] == " 80 "


def stored(path: Path, before: bytes, after: bytes) -> Path:
    """Return a workbook whose first sheet has some bytes replaced."""
    target = path.with_suffix(".changed")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            data = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                data = data.replace(b"<v />", b"<v></v>")
                assert before in data
                data = data.replace(before, after)
            archive.writestr(name, data)
    return target


def test_error_of_a_formula_is_refused(world: World, tmp_path: Path) -> None:
    report = run(
        world, write_csv(tmp_path / "list.csv", (("专利号", "得分"), (NUMBERS[0], "#REF!"))), RATINGS
    )
    assert told(report) == [
        ("", 2, "复核得分", "公式出错（#REF!）。请在电子表格中改正公式，或直接填写结果。")
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_in_use(world: World, tmp_path: Path, encoding: str) -> None:
    path = write_csv(tmp_path / "list.csv", (HEADER, FIRST, SECOND), encoding)
    assert counts(run(world, path)) == (2, 2, 0, 0, 0, 0)
    assert companies(world)[1][0] == FIRST[0]


def scrambled(text_: str, encoding: str, taken_for: str) -> str:
    return text_.encode(encoding).decode(taken_for)


def test_scrambled_header_is_named(world: World, tmp_path: Path) -> None:
    rows = [[scrambled(cell, "utf-8", "latin-1") for cell in row] for row in (HEADER, FIRST)]
    assert refusal(world, write_csv(tmp_path / "list.csv", rows)) == (
        "文件里的中文是乱码（例如表头“企业名称”），是用错误的编码保存的。请从原系统重新导出为xlsx，"
        "或用正确的编码另存为csv（UTF-8）后再导入。"
    )


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (scrambled(FIRST[0], "utf-8", "latin-1"), f"文字是乱码，可能是“{FIRST[0]}”。请用正确的编码重新导出，或另存为 xlsx。"),
        (scrambled("隔膜科技", "gb18030", "latin-1"), "文字是乱码，可能是“隔膜科技”。请用正确的编码重新导出，或另存为 xlsx。"),
        ("沧澜锟斤拷公司", "文字已损坏（导出时丢字）。请从原系统重新导出为 xlsx。"),
    ],
)  # fmt: skip
def test_scrambled_cell_is_refused(world: World, tmp_path: Path, cell: str, reason: str) -> None:
    path = write_csv(tmp_path / "list.csv", (HEADER, (cell, *FIRST[1:]), SECOND))
    assert told(run(world, path)) == [("", 2, "企业名称", reason)]


@pytest.mark.parametrize("name", ["联通（沧澜）有限公司", "Müller Système GmbH", "㛃䶮𬱖科技"])
def test_unusual_names_are_not_taken_for_scrambled(world: World, tmp_path: Path, name: str) -> None:
    path = write_csv(tmp_path / "list.csv", (HEADER, (name, *FIRST[1:])))
    assert counts(run(world, path)) == (1, 1, 0, 0, 0, 0)


def test_patents_of_others_are_refused_by_number(any_world: World, tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "list.csv", (("专利号", "得分"), ("ZL202110200001.0", "80"), (NUMBERS[0], "70"))
    )
    report = run(any_world, path, RATINGS)
    assert told(report) == [
        ("", 2, "专利号", "202110200001.0不在本单位的专利库中。属于本单位的，请先导入专利清单；不属于本单位的，请从表中删去。")
    ]  # fmt: skip
    assert ratings(any_world)[0] == " 70 "


def test_account_of_another_company_is_refused(any_world: World, tmp_path: Path) -> None:
    header = ("企业名称", "统一社会信用代码", "银行账号")
    one, other = (*FIRST[:2], "4402 0001"), (*SECOND[:2], "44020001")
    report = run(any_world, write_csv(tmp_path / "list.csv", (header, one, other)))
    assert told(report) == [
        ("", 3, "银行账号", f"该银行账号已属于第2行“{FIRST[0]}”。请核对账号；确属同一账号的，请先更正另一家企业。")
    ]  # fmt: skip
    again = run(any_world, write_csv(tmp_path / "next.csv", (header, other)))
    assert [row[3] for row in told(again)] == [
        f"该银行账号已属于“{FIRST[0]}”。请核对账号；确属同一账号的，请先更正另一家企业。"
    ]
    assert counts(run(any_world, write_csv(tmp_path / "same.csv", (header, one)))) == (1, 0, 0, 1, 0, 0)


def test_every_fault_of_a_row_is_told(world: World, tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "list.csv", (("专利号", "成熟度", "得分", "日期"), ("2.02E+12", "成品", "", "2019/13/1"))
    )
    assert [field for _, _, field, _ in told(run(world, path, RATINGS))] == [
        "专利号", "自评成熟度", "复核得分", "日期",
    ]  # fmt: skip


def test_sheets_are_told_apart_and_others_are_left(world: World, tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "list.xlsx",
        (HEADER, FIRST, WRONG),
        (("说明", "内容"), ("a", "b")),
        (HEADER, SECOND, WRONG),
    )
    report = run(world, path, rejects=tmp_path / "bad.xlsx")
    assert [(sheet, row) for sheet, row, _, _ in told(report)] == [("Sheet", 3), ("表3", 3)]
    assert report.skipped_sheets == ("表2",)
    rows = CalamineWorkbook.from_path(str(tmp_path / "bad.xlsx")).get_sheet_by_index(0).to_python()
    assert [row[4] for row in rows[1:]] == ["工作表“Sheet”3", "工作表“表3”3"]


@pytest.mark.parametrize("rows", [(), (("", ""),), (HEADER,)])
def test_empty_sheets(world: World, tmp_path: Path, rows: tuple[tuple[str, ...], ...]) -> None:
    path = write_xlsx(tmp_path / "list.xlsx", rows)
    if rows == (HEADER,):
        assert counts(run(world, path)) == (0, 0, 0, 0, 0, 0)
    else:
        assert refusal(world, path) == "表中没有内容。请填写后再导入。"


def test_sheet_of_another_kind_and_a_missing_column(world: World, tmp_path: Path) -> None:
    other = write_csv(tmp_path / "other.csv", (("甲", "乙"), ("1", "2")))
    assert refusal(world, other) == (
        "没有找到企业名单：前60行中没有认识的表头。请保留“企业名称”等列名，或下载模板填写。"
    )
    partly = write_csv(tmp_path / "partly.csv", (("联系人", "联系电话"), ("1", "2")))
    assert refusal(world, partly) == (
        "没有找到“企业名称”所在的列。请在导入页为它指定一列，或把表头改为“企业名称”。现有的列：联系人、联系电话。"
    )


def test_bomb_is_refused_before_it_is_read(world: World, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "list.xlsx", (HEADER, FIRST))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", bytes(64 << 20))
    assert refusal(world, path).startswith("解压后膨胀到 200 倍以上")


def test_long_sheet_is_read_in_batches(world: World, tmp_path: Path) -> None:
    with (tmp_path / "list.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("专利号", "得分"))
        writer.writerows((NUMBERS[row % 5], 10 + row % 5) for row in range(20_000))
    assert counts(run(world, tmp_path / "list.csv", RATINGS)) == (20_000, 0, 5, 0, 19_995, 0)


def test_preview_shows_what_would_happen(world: World, tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "list.csv",
        (("专利号", "得分", "其他"), ("ZL202110200001.0", "80", "x"), (NUMBERS[0], "7", "")),
    )
    looked = preview_sheet(world.db, world.person("officer"), RATINGS, path, now=NOW)
    assert (looked.header_row, looked.unmapped, looked.missing) == (1, ("其他",), ())
    assert [(row.number, row.good) for row in looked.rows] == [(2, False), (3, True)]


def test_template_comes_back_empty_and_with_its_words(world: World, tmp_path: Path) -> None:
    write_template(tmp_path / "template.xlsx", RATINGS)
    made = openpyxl.load_workbook(tmp_path / "template.xlsx")
    assert [sheet.title for sheet in made.worksheets] == ["评分表", "填写说明"]
    assert [cell.value for cell in next(made.worksheets[0].iter_rows())] == [c.label for c in RATINGS.columns]
    assert [v.formula1 for v in made.worksheets[0].data_validations.dataValidation] == ['"样机,概念"']
    report = run(world, tmp_path / "template.xlsx", RATINGS)
    assert (counts(report), report.skipped_sheets) == ((0, 0, 0, 0, 0, 0), ("填写说明",))


def test_run_is_noted_with_its_trail(world: World, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "list.csv", (HEADER, FIRST, WRONG))
    files = FolderFiles(tmp_path / "files")
    done = import_sheet(
        world.db, files, world.person("officer"), COMPANIES, path, filename="名单.csv", now=NOW
    )
    with world.db.read() as session:
        noted = import_of(session, world.org_id, done.import_id, "companies")
        assert imports_of(session, world.org_id) == ()
        verbs = [entry.verb for entry in session.exec(select(TrailEntry).order_by(col(TrailEntry.id).desc()))]
    assert (noted.status, noted.rows, noted.accepted, noted.rejected) == ("done", 2, 1, 1)
    assert (noted.rejects_file, verbs[0]) == (done.rejects_sha256, "sheet_imported")


def test_role_that_may_not_import(world: World, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "list.csv", (HEADER, FIRST))
    files = FolderFiles(tmp_path / "files")
    with pytest.raises(Forbidden):
        import_sheet(world.db, files, world.person("finance"), COMPANIES, path, filename="名单.csv", now=NOW)


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.name)
def test_every_kind_can_be_told_from_its_headers(kind: SheetKind) -> None:
    titles = [bare_header(title) for column in kind.columns for title in column.titles]
    assert len(titles) == len(set(titles))
    assert set(titles).isdisjoint(map(bare_header, NOTES))
    fields = {column.field for column in kind.columns}
    assert len(fields) == len(kind.columns)
    assert {*kind.key, *filter(None, [kind.patent])} <= fields
    assert kind.zh
    assert kind.about_zh
    assert kind.about_en
