"""A scratch database beside the record: what was read of a list, until all of it has been read.

Only when the last line is known is it known which lines belong together. Holding them on disk keeps memory
flat whatever the length of the list, and keeps the record unlocked while a long list is checked.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

import orjson

from exchange.tables import Problem

CACHE_KIB = 16_384
FETCH = 500
_SCHEMA = (
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    f"PRAGMA cache_size = -{CACHE_KIB}",
    "CREATE TABLE good (name TEXT, line INTEGER, body BLOB)",
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

    def add(self, rows: Iterable[tuple[str, int, bytes]]) -> None:
        """Keep good lines as (name, key, body): lines of one name are about the same thing."""
        self._db.executemany("INSERT INTO good VALUES (?, ?, ?)", rows)

    def reject(self, key: int, problems: Iterable[Problem], cells: Sequence[str]) -> None:
        """Keep a bad line as it was, and what is wrong with it."""
        self._db.executemany(
            "INSERT INTO problem VALUES (?, ?, ?, ?)", [(key, p.field, p.value, p.reason) for p in problems]
        )
        self._db.execute("INSERT OR IGNORE INTO original VALUES (?, ?)", (key, orjson.dumps(cells)))

    def groups(self) -> Iterator[list[tuple[str, int, bytes]]]:
        """Yield the good lines of each name, in the order of the names."""
        self._index()
        rows = self._rows("SELECT name, line, body FROM good ORDER BY name, line")
        for _, group in groupby(rows, key=lambda row: row[0]):
            yield list(group)

    def repeated(self) -> Iterator[list[tuple[str, int, bytes]]]:
        """Yield the good lines of each name that several lines bear."""
        self._index()
        names = self._db.execute("SELECT name FROM good GROUP BY name HAVING count(*) > 1").fetchall()
        for (name,) in names:
            yield list(self._rows("SELECT name, line, body FROM good WHERE name = ? ORDER BY line", name))

    def drop(self, key: int) -> None:
        """Take a good line back."""
        self._db.execute("DELETE FROM good WHERE line = ?", (key,))

    def good(self) -> Iterator[tuple[int, bytes]]:
        """Yield (key, body) of the good lines in the order of the file."""
        return self._rows("SELECT line, body FROM good ORDER BY line")

    def _index(self) -> None:
        self._db.execute("CREATE INDEX IF NOT EXISTS by_name ON good (name, line)")
        self._db.execute("CREATE INDEX IF NOT EXISTS by_line ON good (line)")

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
