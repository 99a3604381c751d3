"""Workbooks of the indicators as they stand: the page as a whole, and all rows behind one figure."""

from collections.abc import Iterator

from cases.db import Cursor
from cases.indicators.counting import behind
from cases.indicators.dashboard import Dashboard
from cases.indicators.opened import Opened
from cases.indicators.rows import RowColumn
from cases.indicators.scope import Scope
from cases.indicators.snapshot import content_of
from cases.indicators.words import cell
from cases.report_content import Cell, Column, Content, Row, Shape, Sheet
from exchange.reports.workbook import Heading, workbook

MOST = 100_000  # rows of one sheet; a workbook of more opens nowhere comfortably
_SHAPES: dict[str, Shape] = {"money": "money", "count": "count", "days": "count", "day": "day"}


def dashboard_workbook(found: Dashboard, institution: str) -> bytes:
    """Return the page of indicators as a workbook."""
    return workbook(Heading(institution, "转化指标", f"{found.scope.year}年度", 0), content_of(found))


def rows_workbook(cur: Cursor, scope: Scope, what: Opened, institution: str) -> bytes:
    """Return all rows behind a figure as a workbook, as far as one sheet reaches."""
    found = behind(cur, scope, what.part, 1, MOST, what.narrowed, *what.values)
    columns = tuple(
        Column(f"c{place}", one.zh.removesuffix("（元）"), one.en, _SHAPES.get(one.shape, "text"))
        for place, one in enumerate(found.rows.columns)
    )
    rows = tuple(Row(tuple(_cells(found.rows.columns, line.cells)), line.link) for line in found.lines)
    notes = () if found.total <= MOST else (f"共{found.total}行，只列出前{MOST}行",)
    sheet = Sheet("rows", "明细", "Rows", columns, rows)
    return workbook(Heading(institution, what.zh, f"{scope.year}年度", 0), Content((), (sheet,), notes))


def _cells(columns: tuple[RowColumn, ...], cells: tuple[object, ...]) -> Iterator[Cell]:
    for column, value in zip(columns, cells, strict=True):
        if value is None:
            yield None
        elif column.shape in ("money", "count", "days"):
            yield int(str(value))
        else:
            yield cell(column, value)[0]
