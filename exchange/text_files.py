"""Reads lists in text form: comma, tab or semicolon separated, UTF-8, GB18030 or UTF-16.

The file is read twice and never held: once through the decoder, so that a wrong byte is found before anything
is stored, and once through the csv reader, line by line.
"""

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from exchange.tables import FileRefused, Line, Sheet, TableFile

CHUNK = 1 << 20
LONGEST_LINE = 8 << 20
NEWLINE = b"\n"
DELIMITERS = (",", "\t", ";", "|")
SNIFFED_LINES = 40
LONGEST_CELL = 1 << 20

_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UNPAIRED = "引号不成对，从这一行起到下一个引号为止无法读取。请检查单元格内的英文双引号后重新导出。"


def open_text(path: Path) -> TableFile:
    """Open a delimited text file.

    Raises: FileRefused for NUL bytes and for bytes of an unknown encoding.
    """
    encoding = _encoding(path)
    delimiter = _delimiter(path, encoding)
    sheet = Sheet("", lambda: _lines(path, encoding, delimiter), lambda: _height(path))
    return TableFile("csv", (sheet,), path.stat().st_size, encoding, delimiter)


def _height(path: Path) -> int:
    """Estimate the number of lines by their average length at the start."""
    with path.open("rb") as file:
        chunk = file.read(CHUNK)
    return round(chunk.count(NEWLINE) * path.stat().st_size / max(1, len(chunk)))


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(4)
    is_utf16 = head[:2] in _UTF16_MARKS
    _refuse_binary(path, may_have_nul=is_utf16)
    if is_utf16:
        if _undecodable(path, "utf-16") is None:
            return "utf-16"
        raise FileRefused(
            "文件带有 UTF-16 标记，但内容不完整。请重新导出为 UTF-8 编码的 csv，或另存为 xlsx。",
            "The file is marked as UTF-16 but is damaged. Export it again as UTF-8 csv or xlsx.",
        )
    wrong_at = _undecodable(path, "utf-8")
    if wrong_at is None:
        return "utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8"
    wrong_as_gb = _undecodable(path, "gb18030")
    if wrong_as_gb is None:
        return "gb18030"
    line = max(wrong_at, wrong_as_gb)
    raise FileRefused(
        f"第 {line} 行附近的文字既不是 UTF-8 也不是 GB18030 编码。请用电子表格打开，另存为 xlsx 后再导入。",
        f"Near line {line} the text is neither UTF-8 nor GB18030. Save it as xlsx and import that.",
    )


def _refuse_binary(path: Path, *, may_have_nul: bool) -> None:
    """Refuse NUL bytes, and a line so long that it cannot be a line of a list."""
    line, length = 1, 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            at = -1 if may_have_nul else chunk.find(b"\0")
            if at >= 0:
                line += chunk.count(NEWLINE, 0, at)
                raise FileRefused(
                    f"第 {line} 行含有空字节（NUL），文件已损坏或不是文本。请重新导出为 csv（UTF-8）或 xlsx。",
                    f"Line {line} contains a NUL byte: the file is damaged or not text. Export it again.",
                )
            last = chunk.rfind(NEWLINE)
            length = length + len(chunk) if last < 0 else len(chunk) - last
            if length > LONGEST_LINE:
                line += chunk.count(NEWLINE)
                raise FileRefused(
                    f"第 {line} 行超过 {LONGEST_LINE >> 20} MB，这不是逐行的清单。请重新导出为 csv（UTF-8）或 xlsx。",
                    "A line is too long for a list. Export it again as csv or xlsx.",
                )
            line += chunk.count(NEWLINE)


def _undecodable(path: Path, encoding: str) -> int | None:
    """Return the line of the first byte that the encoding does not know, or None."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    line = 1
    with path.open("rb") as file:
        while True:
            chunk = file.read(CHUNK)
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return line + chunk.count(NEWLINE, 0, error.start)
            if not chunk:
                return None
            line += chunk.count(NEWLINE)


def _delimiter(path: Path, encoding: str) -> str:
    """Return the delimiter that gives the most even lines, and of those the most columns."""

    def score(delimiter: str) -> tuple[float, int]:
        lines = [line.cells for line in islice(_lines(path, encoding, delimiter), SNIFFED_LINES)]
        widths = Counter(len(cells) for cells in lines if len(cells) > 1)
        if not widths:
            return (0.0, 0)
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
        return (count / len(lines) * (1 - 1 / width), width)

    return max(DELIMITERS, key=score)


def _lines(path: Path, encoding: str, delimiter: str) -> Iterator[Line]:
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        number = 0
        while True:
            number += 1
            first = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                last = reader.line_num
                span = f"（文本第 {first} 至 {last} 行）" if last > first else ""
                yield Line(number, (), f"{_UNPAIRED}{span}")
                number += last - first
                continue
            yield Line(number, tuple(cells))
