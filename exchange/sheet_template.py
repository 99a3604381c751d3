"""The template of a kind of sheet: an empty workbook with drop-downs, and a second sheet that explains the columns."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import xlsxwriter

from exchange.sheet_kind import Column, SheetKind

ROWS = 2_000
GUIDE = "填写说明"
GUIDE_HEADER = ("列", "必填", "可填内容", "示例")
LONGEST_LIST = 255


def write_template(path: Path, kind: SheetKind, rows: Iterable[Mapping[str, str]] = ()) -> None:
    """Write the template of a kind, empty or with rows to go on from, each by field. All cells are text, so that numbers
    keep their digits.

    Effects: writes the file.
    """
    book = xlsxwriter.Workbook(str(path), {"strings_to_numbers": False, "strings_to_formulas": False})
    bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
    required = book.add_format({"bold": True, "font_color": "#B42318"})
    sheet = book.add_worksheet(kind.zh[:31])
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(0, len(kind.columns) - 1), 20, text)
    guide = book.add_worksheet(GUIDE)
    guide.set_column(0, 1, 18)
    guide.set_column(2, 3, 50)
    guide.write_row(0, 0, GUIDE_HEADER, bold)
    for at, column in enumerate(kind.columns):
        sheet.write_string(0, at, column.label, required if column.required else bold)
        guide.write_row(at + 1, 0, _explained(column))
        if column.words and len(",".join(column.words)) <= LONGEST_LIST:
            sheet.data_validation(1, at, ROWS, at, {"validate": "list", "source": list(column.words)})
    for number, row in enumerate(rows, 1):
        for at, column in enumerate(kind.columns):
            if value := row.get(column.field):
                sheet.write_string(number, at, value, text)
    book.close()


def _explained(column: Column) -> tuple[str, str, str, str]:
    needed = "是" if column.required else ""
    return column.label, needed, column.hint or column.allowed, column.example
