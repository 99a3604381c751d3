"""Reads the rows of one sheet of a kind: every fault of a row is told at once, with what to do. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from exchange.headers import Layout
from exchange.scrambled import why_scrambled
from exchange.sheet_cells import CellError
from exchange.sheet_kind import SheetKind, SheetRow
from exchange.sheet_marks import Marks, column_letters
from exchange.tables import Line, Problem

SHOWN = 200
WHOLE_ROW = "整行"
BLANKS = frozenset({"", "-", "--", "—", "——", "/", "\\", "NULL", "N/A"})
ERRORS = frozenset({"#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#N/A", "#NUM!", "#NULL!", "#SPILL!"})
_SUM = re.compile(r"^\s*(?:合\s*计|总\s*计|小\s*计|填表人|审核人|备注[:：]|说明[:：]|注[:：])")


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads the lines of one sheet; `sheet` is its name, blank in a text file."""

    kind: SheetKind
    layout: Layout
    marks: Marks
    sheet: str

    def read(self, line: Line) -> SheetRow | tuple[Problem, ...]:
        """Return a row, or everything that is wrong with it."""
        fault = line.fault or self._surplus(line)
        if fault:
            return (Problem(line.number, WHOLE_ROW, " ".join(line.cells)[:SHOWN], fault, self.sheet),)
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        positions = self.layout.positions()
        for column in self.kind.columns:
            at = positions.get(column.field)
            cell = line.cells[at].strip() if at is not None and at < len(line.cells) else ""
            try:
                value = self._value(column.field, cell, line.number, at)
            except CellError as error:
                problems.append(Problem(line.number, column.label, cell[:SHOWN], error.reason, self.sheet))
            else:
                if value is not None:
                    values[column.field] = value
        return tuple(problems) if problems else SheetRow(self.sheet, line.number, values)

    def _value(self, field: str, cell: str, row: int, at: int | None) -> object:
        column = self.kind.column(field)
        if at is not None and (row, at) in self.marks.unsaved:
            raise CellError(
                f"单元格{column_letters(at)}{row}是公式，但文件中没有保存计算结果。请用电子表格打开并保存，"
                "或把该列复制后“粘贴为数值”，再导入。"
            )
        if cell.upper() in ERRORS:
            raise CellError(f"公式出错（{cell}）。请在电子表格中改正公式，或直接填写结果。")
        scrambled = why_scrambled(cell)
        if scrambled:
            raise CellError(scrambled)
        if cell.upper() in BLANKS:
            if column.required:
                raise CellError(f"{column.label}必填。请补上后重新导入。")
            return None
        return column.parse(cell)

    def _surplus(self, line: Line) -> str:
        width = len(self.layout.headers)
        if not any(cell.strip() for cell in line.cells[width:]):
            return ""
        return (
            f"本行比表头多{len(line.cells) - width}列，多半是单元格内有未加引号的分隔符。"
            "请给该单元格加上英文双引号，或另存为xlsx。"
        )

    def is_remark(self, line: Line) -> bool:
        """Whether a line is no row of the list: a sum, a signature, or a heading merged across."""
        filled = [at for at, cell in enumerate(line.cells) if cell.strip()]
        if not filled or line.fault:
            return False
        if _SUM.match(line.cells[filled[0]]):
            return True
        return len(filled) == 1 and any(
            range_.top <= line.number <= range_.bottom
            and range_.left == filled[0]
            and range_.right > range_.left
            for range_ in self.marks.merged
        )

    def body(self, lines: Iterator[Line]) -> Iterator[Line]:
        """Yield the lines below the header that have something in them."""
        return (line for line in lines if line.number > self.layout.header_row and not line.is_blank)


def as_key(kind: SheetKind, values: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what a row is about: its key fields, or all of it where a key field is blank or none is named."""
    found = tuple(values.get(field) for field in kind.key)
    return found if found and None not in found else tuple(sorted((k, str(v)) for k, v in values.items()))
