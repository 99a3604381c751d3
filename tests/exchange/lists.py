"""Lists for tests, written by hand: one good list, and ways to write it to a file."""

import csv
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl

from exchange.patent_rows import RowChecker
from exchange.tables import Line

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
HEADER = (
    "序号",
    "申请号",
    "专利名称",
    "申请日",
    "授权公告日",
    "授权公告号",
    "专利权人",
    "发明人",
    "IPC分类号",
    "学院",
    "专利类型",
)
GOOD = (
    ("1", "ZL201710601862.3", "一种锂离子电池隔膜的制备方法", "2017.07.21", "2019.07.09", "CN107452922B", "沧澜理工大学",
     "林知远;陈䶮", "H01M2/16(2006.01)I", "材料学院", "发明"),
    ("2", "２０２０２１２３４５６７２", "手术机器人的末端夹持装置", "2020年7月1日", "2021/3/9", "CN212345678U",
     "沧澜理工大学、启衡新材料股份有限公司", "周𬱖，顾清扬", "A61B34/30", "医学院", "实用新型"),
    ("3", "202130123456", "便携式检测仪", "20210309", "2021-09-10", "CN306789012S", "沧澜理工大学", "弗朗西斯科·贝罗",
     "10-05", "设计学院", "外观设计"),
)  # fmt: skip
POSITIONS = {
    "application_no": 1, "title": 2, "filing_date": 3, "grant_date": 4, "publication_no": 5, "owners": 6, "inventors": 7,
    "ipc": 8, "college": 9, "kind": 10,
}  # fmt: skip
CHECKER = RowChecker(POSITIONS, len(HEADER), TODAY)


def line(number: int = 2, **changed: str) -> Line:
    """Return the first good line with some fields changed."""
    cells = list(GOOD[0])
    for field, value in changed.items():
        cells[POSITIONS[field]] = value
    return Line(number, tuple(cells))


def write_csv(
    path: Path, rows: Sequence[Sequence[str]], encoding: str = "utf-8", delimiter: str = ","
) -> Path:
    """Write rows as a text file."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def write_xlsx(path: Path, *sheets: Sequence[Sequence[object]]) -> Path:
    """Write each table as one sheet of a workbook, by another library than the one that reads it."""
    book = openpyxl.Workbook()
    for index, rows in enumerate(sheets):
        sheet = book.active if index == 0 else book.create_sheet(f"表{index + 1}")
        assert sheet is not None
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    book.close()
    return path
