"""The database of the record: SQLite (WAL) by default, PostgreSQL by one setting.

`Database.write()` opens a transaction that takes the write lock at once (`BEGIN IMMEDIATE` on SQLite: a
deferred transaction that reads and then writes fails at once when another writer came first).
`Database.cursor()` is the same on the bare DBAPI cursor, for the transition's fixed statements.
`Database.read()` never writes.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from json import dumps
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlmodel import Session, create_engine

BUSY_TIMEOUT_MS = 30_000


@dataclass(frozen=True, slots=True)
class Cursor:
    """A DBAPI cursor that speaks `?` on both databases and knows how each one stores values."""

    raw: DBAPICursor
    postgres: bool

    def run(self, sql: str, *values: object) -> None:
        """Execute one statement; `?` marks the places of `values`."""
        self.raw.execute(_placed(sql) if self.postgres else sql, values)

    def many(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        """Execute one statement for every row."""
        if rows:
            self.raw.executemany(_placed(sql) if self.postgres else sql, rows)

    def one(self, sql: str, *values: object) -> Any:
        """Return the first row, or None."""
        self.run(sql, *values)
        return self.raw.fetchone()

    def all(self, sql: str, *values: object) -> list[Any]:
        """Return all rows."""
        self.run(sql, *values)
        return list(self.raw.fetchall())

    def of_many(self, sql: str, ids: Sequence[int], *values: object) -> list[Any]:
        """Return all rows of a statement about many ids; `:ids` in it stands for them, before the places of `values`."""
        if self.postgres:
            return self.all(sql.replace(":ids", "(SELECT unnest(?::bigint[]))"), list(ids), *values)
        return self.all(sql.replace(":ids", "(SELECT value FROM json_each(?))"), dumps(list(ids)), *values)

    def day(self, value: date | None) -> object:
        """Return a date in the form the column stores."""
        return value if self.postgres or value is None else value.isoformat()

    def moment(self, value: datetime) -> object:
        """Return an aware timestamp in the form the column stores (UTC)."""
        utc = value.astimezone(UTC)
        return utc if self.postgres else utc.strftime("%Y-%m-%d %H:%M:%S.%f")


_PLACED: dict[str, str] = {}


def _placed(sql: str) -> str:
    known = _PLACED.get(sql)
    if known is None:
        known = _PLACED[sql] = sql.replace("%", "%%").replace("?", "%s")
    return known


def as_date(value: object) -> date | None:
    """Return a stored date, whichever database it comes from."""
    if value is None or isinstance(value, date):
        return value
    return date.fromisoformat(str(value))


_BESIDE: ContextVar[Callable[[Cursor], None] | None] = ContextVar("beside", default=None)


@contextmanager
def together_with(write: Callable[[Cursor], None]) -> Iterator[None]:
    """Within it, every writing transaction of this thread does `write` before it commits: both or neither.

    Inside another one, both are done.
    """
    outer = _BESIDE.get()

    def both(cur: Cursor) -> None:
        if outer is not None:
            outer(cur)
        write(cur)

    token = _BESIDE.set(both)
    try:
        yield
    finally:
        _BESIDE.reset(token)


class Database:
    """One record. Cheap to create; connections are pooled and opened on first use."""

    def __init__(self, url: str, *, synchronous: str = "FULL") -> None:
        self.url: URL = make_url(url.replace("postgresql://", "postgresql+psycopg://", 1))
        self.postgres = self.url.get_backend_name() == "postgresql"
        self._synchronous = synchronous

    @cached_property
    def engine(self) -> Engine:
        """The engine of writing transactions."""
        return self._engine("BEGIN IMMEDIATE")

    @cached_property
    def _read_engine(self) -> Engine:
        return self.engine if self.postgres else self._engine("BEGIN")

    def _engine(self, begin: str) -> Engine:
        if self.postgres:
            return create_engine(
                self.url, pool_size=8, max_overflow=8, pool_pre_ping=True, hide_parameters=True
            )
        if self.url.database and self.url.database != ":memory:":
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            self.url,
            connect_args={"check_same_thread": False},
            pool_reset_on_return=None,
            hide_parameters=True,
        )
        synchronous = self._synchronous

        @event.listens_for(engine, "connect")
        def _configure(connection: Any, _record: object) -> None:
            connection.isolation_level = None
            for pragma in (
                "journal_mode = WAL",
                f"synchronous = {synchronous}",
                f"busy_timeout = {BUSY_TIMEOUT_MS}",
                "foreign_keys = ON",
                "temp_store = MEMORY",
            ):
                connection.execute(f"PRAGMA {pragma}")

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            connection.exec_driver_sql(begin)

        @event.listens_for(engine, "reset")
        def _reset(connection: Any, _record: object, _state: object) -> None:
            if connection.in_transaction:
                connection.rollback()

        return engine

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open one writing transaction; it commits at the end, or leaves nothing behind."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session
            if beside := _BESIDE.get():
                beside(cursor_of(session, self.postgres))

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open one reading session."""
        with Session(self._read_engine) as session:
            yield session

    @contextmanager
    def cursor(self) -> Iterator[Cursor]:
        """Open one writing transaction on the bare DBAPI cursor; all or nothing."""
        connection = self.engine.raw_connection()
        try:
            raw = connection.cursor()
            if not self.postgres:
                raw.execute("BEGIN IMMEDIATE")
            cur = Cursor(raw, self.postgres)
            yield cur
            if beside := _BESIDE.get():
                beside(cur)
            connection.commit()
        except BaseException:
            connection.rollback()
            raise
        finally:
            connection.close()

    @contextmanager
    def looking(self) -> Iterator[Cursor]:
        """Open a bare DBAPI cursor that only reads; it waits for no writer and costs next to nothing."""
        connection = self._read_engine.raw_connection()
        try:
            yield Cursor(connection.cursor(), self.postgres)
        finally:
            connection.rollback()
            connection.close()

    def dispose(self) -> None:
        """Close all pooled connections."""
        self.engine.dispose()
        self._read_engine.dispose()


def cursor_of(session: Session, postgres: bool) -> Cursor:
    """Return a bare cursor that works inside the session's own transaction."""
    session.flush()
    return Cursor(session.connection().connection.cursor(), postgres)
