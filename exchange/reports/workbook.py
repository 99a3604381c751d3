"""Writes a report as a workbook: front page with figures, a sheet for the rows behind each, and what the columns mean.

The same report gives the same bytes: nothing of the moment or the machine goes in. Texts are never formulas, also not once
somebody edits the cell; amounts are exact, fen shown as 元 or 万元.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from cases.report_content import Cell, Column, Content, Figure, Sheet, headed
from exchange.fee_list import is_formula_like

CREATED = datetime(2000, 1, 1)  # noqa: DTZ001  what a workbook says of its making; it must not differ between two
VERIFIED = ("", "V", "V*")
FORMATS: Mapping[str, dict[str, Any]] = {
    "head": {"bold": True, "text_wrap": True, "bg_color": "#DDE6F0", "border": 1, "valign": "vcenter"},
    "title": {"bold": True, "font_size": 16},
    "text": {"valign": "top", "text_wrap": True, "align": "left", "indent": 1},
    "quoted": {"valign": "top", "text_wrap": True, "align": "left", "indent": 1, "quote_prefix": True},
    "count": {"num_format": "#,##0", "valign": "top"},
    "money": {"num_format": "#,##0.00", "valign": "top"},
    "wan": {"num_format": "#,##0.00####", "valign": "top"},
    "percent": {"num_format": "0.00%", "valign": "top"},
    "days": {"num_format": '0"天"', "valign": "top"},
    "day": {"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"},
    "link": {"font_color": "#0B5CAD", "underline": 1, "valign": "top"},
}
_SCALE = {"money": -2, "wan": -6, "percent": -4}
WIDTHS = {"count": 10, "money": 16, "wan": 14, "day": 12}
WIDEST, LINE_HEIGHT = 42, 15
A3, A4, WIDE = 8, 9, 200
FRONT, COLUMNS = (30, 18, 60, 24, 36), (18, 26, 44, 40, 10)
_BAD_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands at the top: whose report, which, of what period, and in which version."""

    institution: str
    title: str
    period: str
    version: int
    changes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Book:
    book: xlsxwriter.Workbook
    formats: Mapping[str, Any]


def workbook(heading: Heading, content: Content) -> bytes:
    """Return the bytes of the workbook."""
    target = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_numbers": False,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    book = xlsxwriter.Workbook(target, options)
    book.set_properties(
        {"title": f"{heading.institution} {heading.title} {heading.period}", "created": CREATED}
    )
    made = _Book(book, {name: book.add_format(how) for name, how in FORMATS.items()})
    _front(made, heading, content)
    for sheet in content.sheets:
        _table(made, sheet)
    _columns(made, content)
    if heading.changes:
        _changes(made, heading)
    book.close()
    return target.getvalue()


def _front(made: _Book, heading: Heading, content: Content) -> None:
    page = _sheet(made, "汇总", FRONT)
    page.set_landscape()
    page.write_string(0, 0, heading.title, made.formats["title"])
    page.write_string(1, 0, f"{heading.institution}　{heading.period}　第{heading.version}版")
    line = 3
    for column, name in enumerate(("指标", "数值", "口径", "明细", "依据")):
        page.write_string(line, column, name, made.formats["head"])
    for figure in content.figures:
        line += 1
        _figure(made, page, line, figure, content)
    for note in content.notes:
        line += 1
        page.write_string(line + 1, 0, note)


def _figure(made: _Book, page: Any, line: int, figure: Figure, content: Content) -> None:
    name, _ = headed(figure)
    _text(made, page, line, 0, name)
    _cell(made, page, line, 1, figure.value, figure.shape)
    _text(made, page, line, 2, figure.note)
    behind = _name(content.sheet(figure.sheet).zh)
    page.write_url(line, 3, f"internal:'{behind}'!A1", made.formats["link"], behind)
    basis = _basis(figure.article, figure.confidence)
    _text(made, page, line, 4, basis)
    _fit(page, line, (name, "", figure.note, behind, basis), FRONT)


def _basis(article: str, confidence: str) -> str:
    return f"{article}{'' if confidence in VERIFIED else '（待核实）'}"


def _table(made: _Book, sheet: Sheet) -> None:
    widths = [_width_of(sheet, place) for place in range(len(sheet.columns))]
    page = _sheet(made, _name(sheet.zh), widths)
    page.freeze_panes(1, min(sheet.keys, 2))
    for place, column in enumerate(sheet.columns):
        page.write_string(0, place, _title(column), made.formats["head"])
    _fit(page, 0, [_title(column) for column in sheet.columns], widths)
    for line, row in enumerate(sheet.rows, 1):
        for place, (column, cell) in enumerate(zip(sheet.columns, row.cells, strict=True)):
            _cell(made, page, line, place, cell, column.shape)
        _fit(page, line, [cell if isinstance(cell, str) else "" for cell in row.cells], widths)
    if sheet.rows:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)


def _title(column: Column) -> str:
    unverified = "" if column.confidence in VERIFIED else "【待核实】"
    return f"{headed(column)[0]}{unverified}"


def _columns(made: _Book, content: Content) -> None:
    page = _sheet(made, "栏目说明", COLUMNS)
    for place, name in enumerate(("工作表", "栏目", "说明", "依据", "核对")):
        page.write_string(0, place, name, made.formats["head"])
    line = 0
    for sheet in content.sheets:
        for column in sheet.columns:
            if not (column.note or column.article or column.confidence):
                continue
            line += 1
            checked = "已核对" if column.confidence in ("V", "V*") else "待核实" if column.confidence else ""
            told = (_name(sheet.zh), column.zh, column.note, column.article, checked)
            for place, text in enumerate(told):
                _text(made, page, line, place, text)
            _fit(page, line, told, COLUMNS)


def _changes(made: _Book, heading: Heading) -> None:
    page = _sheet(made, "与上一版的差异", (110,))
    page.write_string(0, 0, f"第{heading.version}版与第{heading.version - 1}版的差异", made.formats["head"])
    for line, text in enumerate(heading.changes, 1):
        _text(made, page, line, 0, text)


def _sheet(made: _Book, name: str, widths: Any) -> Any:
    page = made.book.add_worksheet(name)
    page.set_paper(A3 if sum(widths) > WIDE else A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    for place, width in enumerate(widths):
        page.set_column(place, place, width)
    if sum(widths) > 110:
        page.set_landscape()
    return page


def _width_of(sheet: Sheet, place: int) -> int:
    """Return the width of a column: that of its shape, or of its longest text within limits."""
    column = sheet.columns[place]
    if column.shape in WIDTHS:
        return WIDTHS[column.shape]
    texts = [_title(column), *(str(row.cells[place] or "") for row in sheet.rows)]
    return min(WIDEST, max(10, *(_span(text) + 3 for text in texts)))


def _span(text: str) -> int:
    """Return how wide a text is; a Chinese character counts as two."""
    return sum(1 if char.isascii() else 2 for char in text)


def _fit(page: Any, line: int, texts: Sequence[str], widths: Sequence[int]) -> None:
    """Make a row as high as its longest text needs."""
    lines = max(-(-_span(text) // max(1, width - 2)) for text, width in zip(texts, widths, strict=True))
    if lines > 1:
        page.set_row(line, LINE_HEIGHT * lines)


def _name(title: str) -> str:
    """Return a title that may name a sheet."""
    return title.translate(_BAD_IN_NAMES)[:31]


def _text(made: _Book, page: Any, line: int, place: int, text: str) -> None:
    page.write_string(line, place, text, made.formats["quoted" if is_formula_like(text) else "text"])


def _cell(made: _Book, page: Any, line: int, place: int, cell: Cell, shape: str) -> None:
    how = made.formats[shape]
    if cell is None:
        page.write_string(line, place, "—" if shape in ("days", "percent") else "", how)
    elif isinstance(cell, str) and shape == "day":
        page.write_datetime(line, place, date.fromisoformat(cell), how)
    elif isinstance(cell, str):
        _text(made, page, line, place, cell)
    else:
        page.write_number(line, place, Decimal(cell).scaleb(_SCALE.get(shape, 0)), how)
