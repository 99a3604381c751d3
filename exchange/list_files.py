"""Opens a list, whatever the file is called: by what its first bytes say."""

from pathlib import Path

from exchange.tables import FileRefused, TableFile
from exchange.text_files import open_text
from exchange.workbooks import is_old_or_locked, open_workbook, refuse_old_or_locked

_FOREIGN = {
    b"%PDF": "PDF",
    b"Rar!": "RAR 压缩包",
    b"7z\xbc\xaf": "7z 压缩包",
    b"\x89PNG": "图片",
    b"\xff\xd8\xff": "图片",
}


def open_list(path: Path) -> TableFile:
    """Open an xlsx or a delimited text file.

    Raises: FileRefused (an `Invalid`): empty, locked, old, damaged, oversized, binary or of unknown encoding.
    """
    with path.open("rb") as file:
        head = file.read(8)
    if not head:
        raise FileRefused("文件是空的。请重新导出清单后再导入。", "The file is empty.")
    if is_old_or_locked(head):
        raise refuse_old_or_locked(path)
    if head.startswith(b"PK"):
        return open_workbook(path)
    for mark, name in _FOREIGN.items():
        if head.startswith(mark):
            raise FileRefused(
                f"这是{name}，不是清单。请导入 xlsx 或 csv 文件。", "Import an xlsx or csv file."
            )
    return open_text(path)
