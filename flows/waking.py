"""Noticing that there may be new work, soon after it was written and at next to no cost while nothing is.

On SQLite every connection can be asked, within microseconds and without a lock, whether another one has committed
since. PostgreSQL is asked for due rows, which its partial index answers in a fraction of a millisecond.
"""

import asyncio
from time import monotonic
from typing import Any

from cases.db import Database

SQLITE_SECONDS = 0.05
POSTGRES_SECONDS = 0.2
LONGEST_SECONDS = 1.0  # rows become due by the clock alone, too


class Waker:
    """Waits for the record to change; keeps a connection of its own on SQLite."""

    def __init__(self, db: Database) -> None:
        self._connection: Any = None if db.postgres else db.engine.raw_connection()
        self._seen = self._version()

    def _version(self) -> int:
        if self._connection is None:
            return 0
        cursor = self._connection.cursor()
        cursor.execute("PRAGMA data_version")
        return int(cursor.fetchone()[0])

    async def wait(self) -> None:
        """Return when somebody has written, or after a while."""
        if self._connection is None:
            await asyncio.sleep(POSTGRES_SECONDS)
            return
        until = monotonic() + LONGEST_SECONDS
        while self._version() == self._seen and monotonic() < until:
            await asyncio.sleep(SQLITE_SECONDS)
        self._seen = self._version()

    def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
