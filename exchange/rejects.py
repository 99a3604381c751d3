"""Writes the lines that could not be imported as a workbook to be corrected and imported again.

All cells are text, so that numbers keep their digits; what is wrong stands in three columns behind the
original ones, which the next import passes over.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter

NOTES = ("行号", "问题字段", "原因")
MOST_LINES = 1_000_000
LONGEST_CELL = 32_767
MARKED = {"bold": True, "font_color": "#B42318"}


def write_rejects(
    path: Path, headers: Sequence[str], rejects: Iterable[tuple[int | str, Sequence[str], str, str]]
) -> int:
    """Write (row, cells, fields, reasons) under the original headers and return how many there were.

    Memory stays flat; beyond a million lines a further sheet is begun.
    """
    options = {"constant_memory": True, "strings_to_numbers": False, "strings_to_formulas": False}
    book = xlsxwriter.Workbook(str(path), {**options, "strings_to_urls": False})
    bold, marked = book.add_format({"bold": True}), book.add_format(MARKED)
    text = book.add_format({"num_format": "@"})
    sheet, line, count = None, 0, 0
    kept = [header for header in headers if header not in NOTES]
    columns = [index for index, header in enumerate(headers) if header not in NOTES]
    for row, cells, fields, reasons in rejects:
        if sheet is None or line > MOST_LINES:
            sheet, line = book.add_worksheet(), 1
            _begin(sheet, kept, bold, marked, text)
        values = [cells[index] if index < len(cells) else "" for index in columns]
        values += [cell for cell in cells[len(headers) :] if cell]
        for column, value in enumerate(values[: len(kept)]):
            if value:
                sheet.write_string(line, column, value[:LONGEST_CELL], text)
        for column, value in enumerate((str(row), fields, reasons), len(kept)):
            sheet.write_string(line, column, value[:LONGEST_CELL])
        line, count = line + 1, count + 1
    if sheet is None:
        _begin(book.add_worksheet(), kept, bold, marked, text)
    book.close()
    return count


def _begin(
    sheet: xlsxwriter.worksheet.Worksheet,
    headers: Sequence[str],
    bold: xlsxwriter.format.Format,
    marked: xlsxwriter.format.Format,
    text: xlsxwriter.format.Format,
) -> None:
    sheet.set_column(0, len(headers), 18, text)
    sheet.set_column(len(headers) + 1, len(headers) + 1, 16)
    sheet.set_column(len(headers) + 2, len(headers) + 2, 70)
    sheet.freeze_panes(1, 0)
    for column, header in enumerate(headers):
        sheet.write_string(0, column, header, bold)
    for column, header in enumerate(NOTES, len(headers)):
        sheet.write_string(0, column, header, marked)
