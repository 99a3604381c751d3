"""Workbooks: cells as text, hidden sheets, and bombs that are refused before the reader sees them."""

import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from exchange.list_files import open_list
from exchange.tables import FileRefused, Line
from tests.exchange.lists import write_xlsx

CELL = '<c r="A{0}" t="s"><v>0</v></c>'


def altered(path: Path, parts: dict[str, bytes]) -> Path:
    """Replace parts of a small workbook."""
    plain = write_xlsx(path.with_suffix(".plain"), [["申请号"]])
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, parts.get(name, source.read(name)))
        for name in parts.keys() - set(source.namelist()):
            target.writestr(name, parts[name])
    return path


def sheet_of(cells: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{cells}</sheetData></worksheet>'.encode()


def refusal(path: Path) -> str:
    with pytest.raises(FileRefused) as caught:
        open_list(path)
    return caught.value.message


def test_cells_become_the_text_they_stand_for(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "list.xlsx",
        [[], ["号", "日期"], [2017106018623, date(2019, 7, 9)], [201710601862.3, "2019.07.09"], [True, 1.5]],
    )
    assert list(open_list(path).sheets[0].lines()) == [
        Line(1, ("", "")), Line(2, ("号", "日期")), Line(3, ("2017106018623", "2019-07-09")),
        Line(4, ("201710601862.3", "2019.07.09")), Line(5, ("True", "1.5")),
    ]  # fmt: skip


def test_hidden_sheets_are_left_out(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("隐藏").sheet_state = "hidden"
    book.save(tmp_path / "list.xlsx")
    assert [sheet.name for sheet in open_list(tmp_path / "list.xlsx").sheets] == ["Sheet"]


def test_part_that_inflates_too_far(tmp_path: Path) -> None:
    path = altered(tmp_path / "bomb.xlsx", {"xl/media/zeros.bin": bytes(64 << 20)})
    assert (
        refusal(path)
        == "解压后膨胀到 200 倍以上，为安全起见不予读取。请把清单拆成几个文件，或另存为 csv（UTF-8）后再导入。"
    )


def test_cells_far_apart(tmp_path: Path) -> None:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    path = altered(tmp_path / "bomb.xlsx", {"xl/worksheets/sheet1.xml": sheet_of(cells)})
    assert refusal(path).startswith("单元格分布的范围过大（可能在表格远处有零散内容）")


def test_one_long_text_shown_in_many_cells(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{number}">{CELL.format(number)}</row>' for number in range(1, 40_001))
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strings = f'<sst xmlns="{space}"><si><t>{"x" * 30_000}</t></si></sst>'.encode()
    path = altered(
        tmp_path / "bomb.xlsx", {"xl/worksheets/sheet1.xml": sheet_of(rows), "xl/sharedStrings.xml": strings}
    )
    assert refusal(path).startswith("单元格文字总量过大")


def test_zip_that_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("list.txt", "x")
    assert refusal(path) == "这不是 xlsx 工作簿。请用电子表格打开，另存为 .xlsx 或 csv（UTF-8）后再导入。"


def test_damaged_xml(tmp_path: Path) -> None:
    path = altered(tmp_path / "bad.xlsx", {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row><c"})
    with pytest.raises(FileRefused) as caught:
        list(open_list(path).sheets[0].lines())
    assert caught.value.message.endswith("请用电子表格打开确认后另存为 xlsx，再导入一次。")
