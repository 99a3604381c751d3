"""Brings the tables of the library up to date with texts that were edited since the last release.

`python -m contracts.library.registering` records the digests of edited texts and adds entries for new ones; the basis of a
new one is to be filled in by hand. A text that a release has brought to contracts gets a new version instead: keep the old
text as `<id>@<n>.txt`, and add a row with date and reason.
"""

import sys
from datetime import date
from pathlib import Path

from contracts.library.entries import TABLE, Fault
from contracts.library.shelf import read
from contracts.library.texts import text_digest

_NEW = """
[{id}]
basis = ["民法典"]
versions = [
  {{ n = 1, on = {on}, reason = "首次收入条款库", sha256 = "{digest}" }},
]
"""


def register(today: date) -> list[Path]:
    """Record what was edited, and return the tables that changed.

    Effects: writes the tables beside the product's texts.
    """
    _, faults = read()
    return sorted({table for fault in faults if (table := _recorded(fault, today)) is not None})


def _recorded(fault: Fault, today: date) -> Path | None:
    table = fault.file.parent / TABLE
    told = table.read_text(encoding="utf-8")
    if fault.told:
        told = told.replace(fault.told, fault.found)
    elif fault.file.suffix == ".txt" and not {"-", "@"} & set(fault.file.name):
        digest = text_digest(fault.file.read_text(encoding="utf-8"))
        told += _NEW.format(id=fault.file.stem, on=today.isoformat(), digest=digest)
    else:
        return None
    table.write_text(told, encoding="utf-8")
    return table


if __name__ == "__main__":
    sys.stdout.writelines(f"{table}\n" for table in register(date.today()))  # noqa: DTZ011 - The day of the developer.
