"""Small tables for people: rows as csv, opened by any spreadsheet without harm.

In: a header and rows of texts and whole numbers. Out: the bytes of a file. A text that a spreadsheet would take for
a formula gets an apostrophe in front.
"""

import csv
import io
from collections.abc import Iterable, Sequence

from exchange.fee_list import safe

Cell = str | int | None


def csv_file(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a csv in UTF-8 with a byte-order mark, as spreadsheets in China expect it."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([safe(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
