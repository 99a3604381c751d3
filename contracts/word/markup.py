"""WordprocessingML in small pieces: runs, paragraphs with bookmarks, fields and tables as text.

Written as text and not through an object model: a contract is some thousand equal elements, and the same words always
give the same bytes.
Source: ECMA-376 part 1 §17
"""

import re
from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import count
from xml.sax.saxutils import escape, quoteattr

from contracts.word.tables import Cell, Grid

TWIPS_PER_MM = 1440 / 25.4
LONGEST_NAME = 40
MARK = "_ph_"
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ALIGNMENTS = {"left": "left", "center": "center", "right": "right"}
_BORDER = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)


class Bookmarks:
    """Hands out the numbers of bookmarks, counted through the document."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def before(self, name: str, inner: str) -> str:
        """Return runs with a bookmark at their beginning.

        One that ends behind the last full stop makes LibreOffice begin another line there.
        """
        number = next(self._numbers)
        start = f'<w:bookmarkStart w:id="{number}" w:name={quoteattr(name)}/>'
        return f'{start}<w:bookmarkEnd w:id="{number}"/>{inner}'


def bookmark_name(mark: str) -> str:
    """Return the name of the hidden bookmark of a mark: `grant.3` as `_ph_grant__3`.

    A name that Word would cut or refuse is replaced by a digest, which serves as well to find the place again.
    """
    name = MARK + mark.replace(".", "__")
    if len(name) <= LONGEST_NAME and re.fullmatch(r"\w+", name, re.ASCII):
        return name
    return MARK + sha256(mark.encode("utf-8")).hexdigest()[:32]


def twips(millimeters: float) -> int:
    """Return a length as Word counts it."""
    return round(millimeters * TWIPS_PER_MM)


def run(text: str, properties: str = "") -> str:
    """Return a text as one run; line breaks and tabs become theirs."""
    parts = re.split("([\n\t])", _ILLEGAL.sub("", text))
    inner = "".join(
        "<w:br/>" if part == "\n" else "<w:tab/>" if part == "\t" else _words(part) for part in parts if part
    )
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{inner}</w:r>" if inner else ""


def _words(text: str) -> str:
    return f'<w:t xml:space="preserve">{escape(text)}</w:t>'


def paragraph(style: str, inner: str, properties: str = "") -> str:
    """Return a paragraph of a style around runs."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{inner}</w:p>'


def field(instruction: str, shown: str) -> str:
    """Return a field with the result that is shown until Word counts anew."""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> {instruction} '
        f'</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(shown)}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def table(
    grid: Grid, width_mm: float, rows: Iterable[Sequence[str]], *, look: str = "", small: bool = False
) -> str:
    """Return a table whose cells hold these paragraphs; `look` replaces the properties of the borders."""
    widths = column_widths(grid.widths, width_mm)
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    borders = look or f"<w:tblBorders>{_BORDER}</w:tblBorders>"
    margin = 60 if small else 100
    properties = (
        f'<w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>{borders}<w:tblLayout '
        f'w:type="fixed"/><w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="{margin}" w:type="dxa"/>'
        f'<w:bottom w:w="40" w:type="dxa"/><w:right w:w="{margin}" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    )
    body = "".join(_rows(grid, widths, rows))
    return f"<w:tbl>{properties}<w:tblGrid>{columns}</w:tblGrid>{body}</w:tbl>"


def _rows(grid: Grid, widths: Sequence[int], rows: Iterable[Sequence[str]]) -> Iterable[str]:
    hanging: dict[int, tuple[int, int]] = {}
    for n, (cells, filled) in enumerate(zip((*grid.head, *grid.rows), rows, strict=True)):
        head = "<w:tblHeader/>" if n < len(grid.head) else ""
        yield f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>{''.join(_cells(cells, filled, widths, hanging))}</w:tr>"


def _cells(
    cells: Sequence[Cell], filled: Sequence[str], widths: Sequence[int], hanging: dict[int, tuple[int, int]]
) -> Iterable[str]:
    """Yield the cells of a row, and below a cell that stretches over rows what continues it."""
    place, waiting = 0, list(zip(cells, filled, strict=True))
    while waiting or place in hanging:
        if place in hanging:
            left, columns = hanging.pop(place)
            if left > 1:
                hanging[place] = (left - 1, columns)
            yield _cell(widths[place : place + columns], "<w:vMerge/>", "", "<w:p/>")
            place += columns
            continue
        cell, paragraphs = waiting.pop(0)
        if cell.rows > 1:
            hanging[place] = (cell.rows - 1, cell.columns)
        merge = '<w:vMerge w:val="restart"/>' if cell.rows > 1 else ""
        shade = '<w:shd w:val="clear" w:color="auto" w:fill="F3F3F3"/>' if cell.is_head else ""
        yield _cell(widths[place : place + cell.columns], merge, shade, paragraphs)
        place += cell.columns


def _cell(widths: Sequence[int], merge: str, shade: str, paragraphs: str) -> str:
    span = f'<w:gridSpan w:val="{len(widths)}"/>' if len(widths) > 1 else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{sum(widths)}" w:type="dxa"/>{span}{merge}{shade}<w:vAlign w:val="center"/>'
        f"</w:tcPr>{paragraphs}</w:tc>"
    )


def column_widths(millimeters: Sequence[float | None], total: float) -> list[int]:
    """Return the width of each column in twips; columns without one share what is left."""
    free = sum(width is None for width in millimeters)
    left = max(0.0, total - sum(width or 0.0 for width in millimeters))
    share = left / free if free else 0.0
    shown = [share if width is None else width for width in millimeters]
    scale = 1.0 if free or not sum(shown) else total / sum(shown)
    return [twips(width * scale) for width in shown]


def alignment(cell: Cell) -> str:
    """Return the paragraph property of a cell's alignment."""
    return f'<w:jc w:val="{_ALIGNMENTS[cell.align]}"/>'
