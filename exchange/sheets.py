"""Small tables for people: rows as csv, opened by any spreadsheet without harm.

In: a header and rows of texts and whole numbers. Out: the bytes of a file. A text that a spreadsheet would take for
a formula gets an apostrophe in front.
"""

import csv
import io
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence

from exchange.fee_list import safe

Cell = str | int | None


def csv_file(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a csv in UTF-8 with a byte-order mark, as spreadsheets in China expect it."""
    return b"".join(csv_lines(header, rows))


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """Yield the same line by line."""
    yield BOM_UTF8 + _csv_line(header)
    for row in rows:
        yield _csv_line([safe(cell) if isinstance(cell, str) else cell for cell in row])


def _csv_line(cells: Sequence[object]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue().encode("utf-8")
