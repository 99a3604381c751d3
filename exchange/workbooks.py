"""Reads lists in xlsx form: the visible sheets, line by line, every cell as the text that it stands for."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from functools import partial
from pathlib import Path
from typing import TypeVar

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from exchange.tables import FileRefused, Line, Sheet, TableFile
from exchange.workbook_guard import check_workbook, damaged

T = TypeVar("T")
LARGEST_EXACT = 2**53

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_LOOKED_THROUGH = 4 << 20


def is_old_or_locked(head: bytes) -> bool:
    """Whether the first bytes are those of an .xls or of an encrypted workbook."""
    return head.startswith(_OLE)


def refuse_old_or_locked(path: Path) -> FileRefused:
    """Return why such a container is refused: locked with a password, or an old format."""
    with path.open("rb") as file:
        locked = _ENCRYPTED in file.read(_LOOKED_THROUGH)
    if locked:
        return FileRefused(
            "工作簿设有打开密码。请在电子表格中取消密码，另存为 xlsx 后再导入。",
            "The workbook is protected by a password. Remove it and save the file as xlsx.",
        )
    return FileRefused(
        "这是旧版 .xls 文件。请用电子表格打开，另存为 .xlsx 后再导入。",
        "This is an old .xls file. Open it and save it as .xlsx.",
    )


def open_workbook(path: Path) -> TableFile:
    """Open an xlsx workbook: its visible sheets, in order.

    Raises: FileRefused if it is not an xlsx, damaged, or would take too much memory.
    """
    check_workbook(path)
    source = _Workbook(path)
    sheets = tuple(
        Sheet(name, partial(source.lines, name), partial(source.height, name)) for name in source.visible()
    )
    return TableFile("xlsx", sheets, path.stat().st_size)


class _Workbook:
    """A workbook that holds on to the sheet it read last, because laying one out is the expensive part."""

    def __init__(self, path: Path) -> None:
        self._book = _guarded(partial(CalamineWorkbook.from_path, str(path)))
        self._last: tuple[str, CalamineSheet] | None = None

    def visible(self) -> list[str]:
        return [
            sheet.name
            for sheet in self._book.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        ]

    def lines(self, name: str) -> Iterator[Line]:
        for number, cells in enumerate(self._sheet(name).iter_rows(), start=1):
            yield Line(number, tuple([cell if type(cell) is str else _text(cell) for cell in cells]))

    def height(self, name: str) -> int:
        return self._sheet(name).total_height

    def _sheet(self, name: str) -> CalamineSheet:
        if self._last is None or self._last[0] != name:
            self._last = None
            self._last = (name, _guarded(partial(self._book.get_sheet_by_name, name), name))
        return self._last[1]


def _guarded(read: Callable[[], T], sheet: str = "") -> T:
    """Return what the reader says; its errors, also a panic of its native code, become a refusal."""
    try:
        return read()
    except BaseException as error:
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise damaged(sheet) from error
        raise


def _text(cell: object) -> str:
    """Return a cell as text. A whole float is a number that the spreadsheet kept exactly up to 2^53."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < LARGEST_EXACT:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)
