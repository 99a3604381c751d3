"""A scratch database beside the record: what was read of a list, until all of it has been read.

Only when the last line is known is it known which lines belong together. Holding them on disk keeps memory
flat whatever the length of the list, and keeps the record unlocked while a long list is checked.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

import orjson

from cases.patent_sql import CheckedPatent
from exchange.patent_rows import Problem

CACHE_KIB = 16_384
FETCH = 500
_SCHEMA = (
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    f"PRAGMA cache_size = -{CACHE_KIB}",
    "CREATE TABLE patent (number TEXT, line INTEGER, body BLOB)",
    "CREATE TABLE problem (line INTEGER, field TEXT, value TEXT, reason TEXT)",
    "CREATE TABLE original (line INTEGER PRIMARY KEY, cells BLOB)",
)


class Staging:
    """The scratch database of one import; a context manager, gone at the end.

    Lines are known by `key`: the sheet's number times 10^8 plus the line in the sheet, so that several
    sheets keep their order.
    """

    def __enter__(self) -> Self:
        self._folder = TemporaryDirectory(prefix="panhuo-import-")
        self._db = sqlite3.connect(Path(self._folder.name) / "staging.db", isolation_level=None)
        for statement in _SCHEMA:
            self._db.execute(statement)
        self._db.execute("BEGIN")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._db.close()
        self._folder.cleanup()

    def add_patents(self, patents: Iterable[CheckedPatent], cells: Iterable[Sequence[str]]) -> None:
        """Keep good lines, with their cells: a line may still turn out to contradict another."""
        rows = [
            (patent.application_no, patent.line, _packed(patent, line_cells))
            for patent, line_cells in zip(patents, cells, strict=True)
        ]
        self._db.executemany("INSERT INTO patent VALUES (?, ?, ?)", rows)

    def reject(self, key: int, problems: Iterable[Problem], cells: Sequence[str]) -> None:
        """Keep a bad line as it was, and what is wrong with it."""
        self._db.executemany(
            "INSERT INTO problem VALUES (?, ?, ?, ?)", [(key, p.field, p.value, p.reason) for p in problems]
        )
        self._db.execute("INSERT OR IGNORE INTO original VALUES (?, ?)", (key, orjson.dumps(cells)))

    def groups(self) -> Iterator[list[tuple[CheckedPatent, list[str]]]]:
        """Yield the good lines of each application number, in the order of the numbers."""
        self._db.execute("CREATE INDEX by_number ON patent (number, line)")
        rows = self._rows("SELECT number, line, body FROM patent ORDER BY number, line")
        for _, group in groupby(rows, key=lambda row: row[0]):
            yield [_unpacked(number, line, body) for number, line, body in group]

    def rejected(self) -> int:
        """Return the number of bad lines."""
        return int(self._db.execute("SELECT count(*) FROM original").fetchone()[0])

    def problems(self, most: int) -> Iterator[tuple[int, str, str, str]]:
        """Yield (key, field, value, reason) in the order of the file."""
        return self._rows("SELECT * FROM problem ORDER BY line, rowid LIMIT ?", most)

    def rejects(self) -> Iterator[tuple[int, list[str], str, str]]:
        """Yield (key, cells, fields, reasons) of the bad lines in the order of the file."""
        rows = self._rows(
            "SELECT o.line, o.cells, p.field, p.reason FROM original o JOIN problem p ON p.line = o.line "
            "ORDER BY o.line, p.rowid"
        )
        for key, group in groupby(rows, key=lambda row: row[0]):
            found = list(group)
            fields = "；".join(dict.fromkeys(row[2] for row in found))
            yield key, orjson.loads(found[0][1]), fields, "\n".join(row[3] for row in found)

    def _rows(self, sql: str, *values: object) -> Iterator[Any]:
        cursor = self._db.execute(sql, values)
        cursor.arraysize = FETCH
        while rows := cursor.fetchmany():
            yield from rows


def _packed(patent: CheckedPatent, cells: Sequence[str]) -> bytes:
    return orjson.dumps((
        patent.kind, patent.title, patent.owners, patent.inventors, patent.filing_date, patent.grant_date,
        patent.publication_no, patent.ipc, patent.address, patent.college, patent.status, patent.is_status_stated,
        patent.fee_paid_year, patent.fee_reduction, cells,
    ))  # fmt: skip


def _unpacked(number: str, line: int, body: bytes) -> tuple[CheckedPatent, list[str]]:
    (
        kind,
        title,
        owners,
        inventors,
        filed,
        granted,
        publication,
        ipc,
        address,
        college,
        status,
        stated,
        paid_year,
        reduction,
        cells,
    ) = orjson.loads(body)
    patent = CheckedPatent(
        line, number, kind, title, tuple(owners), tuple(inventors), filed and date.fromisoformat(filed),
        granted and date.fromisoformat(granted), publication, ipc, address, college, status, stated,
        paid_year, reduction,
    )  # fmt: skip
    return patent, cells
