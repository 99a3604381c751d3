"""The forecast as csv and workbook: whole numbers, no formulas, nothing left out."""

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from exchange.fee_list import ROW_HEADER, SUM_HEADER, patent_no, safe, write_csv, write_workbook
from rules.fee_forecast import Forecast, PortfolioPatent, forecast
from rules.packs import load

PATENT = PortfolioPatent(
    1, "2020101000019", "=HYPERLINK(\"http://example.invalid\")", "invention", "in_force", date(2020, 5, 6),
    date(2022, 8, 9), reduction="85", paid_year=7,
)  # fmt: skip
WITHOUT_DATE = replace(PATENT, id=2, number="85100001", title="-1+1", filed=None)


@pytest.fixture
def found() -> Forecast:
    return forecast(
        [PATENT, WITHOUT_DATE], date(2026, 11, 1), date(2027, 10, 31), policy=None, book=load(),
        pay_on=date(2026, 11, 23),
    )  # fmt: skip


def _read(path: Path) -> list[list[str]]:
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(raw.decode("utf-8-sig").splitlines()))


def test_csv_by_patent(found: Forecast, tmp_path: Path) -> None:
    assert write_csv(tmp_path / "f.csv", found, by="patent") == 2
    header, row, out = _read(tmp_path / "f.csv")
    assert tuple(header) == ROW_HEADER
    assert row == [
        "2027-05", "ZL202010100001.9", "'=HYPERLINK(\"http://example.invalid\")", "发明", "8", "2027-05-06",
        "2027-05-06", "2000.00", "85%", "300.00", "0.00", "0%", "300.00", "未指定", "放假安排未公布，日期为推算",
    ]  # fmt: skip
    assert (out[:3], out[-1]) == (
        ["未计入", "ZL85100001", "'-1+1"], "未计入：缺申请日，无法计算；请补录申请日",
    )  # fmt: skip


def test_csv_by_month(found: Forecast, tmp_path: Path) -> None:
    assert write_csv(tmp_path / "f.csv", found, by="month") == 1
    assert _read(tmp_path / "f.csv") == [
        list(SUM_HEADER),
        ["2027-05", "未指定", "1", "300.00", "0.00", "300.00"],
    ]


def test_workbook(found: Forecast, tmp_path: Path) -> None:
    assert write_workbook(tmp_path / "f.xlsx", found) == 2
    book = openpyxl.load_workbook(tmp_path / "f.xlsx")
    assert book.sheetnames == ["按月汇总", "明细"]
    cells = [[cell.value for cell in row] for row in book["明细"].iter_rows()]
    assert cells[1][:5] == ["2027-05", "ZL202010100001.9", PATENT.title, "发明", 8]
    assert {cell.data_type for cell in book["明细"]["C"]} == {"s"}
    assert (book["明细"]["J2"].value, book["明细"]["J2"].number_format) == (300, "#,##0.00")


def test_empty_forecast_has_headers(tmp_path: Path) -> None:
    nothing = forecast(
        [], date(2026, 11, 1), date(2026, 11, 30), policy=None, book=load(), pay_on=date(2026, 11, 1)
    )
    assert (
        write_workbook(tmp_path / "f.xlsx", nothing),
        write_csv(tmp_path / "f.csv", nothing, by="patent"),
    ) == (0, 0)
    book = openpyxl.load_workbook(tmp_path / "f.xlsx")
    assert tuple(cell.value for cell in book["明细"][1]) == ROW_HEADER
    assert _read(tmp_path / "f.csv") == [list(ROW_HEADER)]


def test_file_appears_whole_or_not_at_all(found: Forecast, tmp_path: Path) -> None:
    target = tmp_path / "f.csv"
    target.mkdir()
    with pytest.raises(OSError, match="irectory"):
        write_csv(target, found, by="patent")
    with pytest.raises(OSError, match="No such file"):
        write_csv(tmp_path / "nowhere" / "f.csv", found, by="patent")
    assert [path.name for path in tmp_path.iterdir()] == ["f.csv"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "|cmd"])
def test_formulas_are_disarmed(text: str) -> None:
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize("text", ["一种方法", "2026-11", "a=b", ""])
def test_plain_texts_stay(text: str) -> None:
    assert safe(text) == text


def test_numbers_of_all_generations_are_printed() -> None:
    shown = [patent_no(number) for number in ("2017106018623", "951156088", "85100001")]
    assert shown == ["ZL201710601862.3", "ZL95115608.8", "ZL85100001"]
