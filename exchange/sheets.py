"""Small tables for people: one sheet as csv or xlsx, opened by any spreadsheet without harm.

In: a header and rows of texts, whole numbers and dates. Out: the bytes of a file. A text that a spreadsheet would
take for a formula gets an apostrophe in csv, and stays a text in xlsx.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

import xlsxwriter

Cell = str | int | date | None
FORMULA = ("=", "+", "-", "@", "\t", "\r")
LONGEST_CELL = 32_000
WIDEST_COLUMN = 60


def csv_file(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a csv in UTF-8 with a byte-order mark, as spreadsheets in China expect it."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def xlsx_file(title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a workbook of one sheet: bold header that stays on top, numbers as numbers, dates as dates."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(title[:31])
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        widths = [_width(name) for name in header]
        for column, name in enumerate(header):
            sheet.write_string(0, column, name, bold)
        for line, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(line, column, cell, day)
                elif isinstance(cell, int):
                    sheet.write_number(line, column, cell)
                else:
                    sheet.write_string(line, column, (cell or "")[:LONGEST_CELL])
                widths[column] = max(
                    widths[column], _width("2026-01-01" if isinstance(cell, date) else str(cell))
                )
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(width + 2, WIDEST_COLUMN))
        sheet.freeze_panes(1, 0)
    return target.getvalue()


def _harmless(cell: Cell) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if isinstance(cell, str) and text.startswith(FORMULA) else text


def _width(text: str) -> int:
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)
