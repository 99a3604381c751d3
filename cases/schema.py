"""Brings a database to the newest schema, and checks that tables and migrations agree."""

from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

import cases.approval_tables
import cases.bulk_tables
import cases.channel_tables
import cases.clause_table
import cases.demand_tables
import cases.enterprise_tables
import cases.event_tables
import cases.feedback_tables
import cases.file_table
import cases.indicators.tables
import cases.nightly_table
import cases.process_table
import cases.profile_tables
import cases.reminder_tables
import cases.report_tables
import cases.run_table
import cases.seal_tables
import cases.search_table
import cases.stocktake_tables
import cases.supervision_tables
import cases.use_tables  # noqa: F401  their tables belong to the metadata below
from cases.db import Cursor, Database
from cases.errors import NewerSchema
from cases.patent_index import index_missing
from cases.review_table import ReviewItem
from cases.search_table import is_ours

TABLES = ReviewItem.metadata  # that of all tables; importing it brings cases.tables along
FOLDER = Path(__file__).parent / "migrations"
LOCK = 7_304_951_002  # of this product's migrations, among the advisory locks of a PostgreSQL database


def upgrade(db: Database) -> None:
    """Run every migration that this database has not seen yet. Safe to repeat, and by several processes at once.

    Raises: NewerSchema.
    """
    with db.engine.connect() as connection:
        if _is_newest(connection):
            return
        connection.rollback()
        with one_at_a_time(connection):
            if _is_newest(connection):  # another process was faster
                return
            connection.rollback()
            with rebuilding(connection):
                command.upgrade(_config(connection), "head")
                fill(connection)
                connection.commit()


def fill(connection: Connection) -> None:
    """Make what is derived from the record and not there yet: the search index of patents that have none."""
    index_missing(Cursor(connection.connection.cursor(), connection.dialect.name == "postgresql"))


def _is_newest(connection: Connection) -> bool:
    revision = current(connection)
    if revision is not None and revision not in revisions():
        raise NewerSchema(revision, str(newest()))
    return revision == newest()


@contextmanager
def one_at_a_time(connection: Connection) -> Iterator[None]:
    """Keep other processes from migrating the same database: by a lock of the session, or a file beside SQLite's."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_lock({LOCK})")
        connection.commit()  # the lock is the session's; its transaction would hide what others commit
        try:
            yield
        finally:
            connection.rollback()
            connection.exec_driver_sql(f"SELECT pg_advisory_unlock({LOCK})")
            connection.commit()
        return
    path = connection.engine.url.database
    if not path or path == ":memory:":
        yield
        return
    with Path(f"{path}.migrating").open("w") as lock:
        flock(lock, LOCK_EX)
        yield


@contextmanager
def rebuilding(connection: Connection) -> Iterator[None]:
    """Let SQLite rebuild tables that others refer to; afterwards every reference must still hold.

    Raises: RuntimeError naming the first table with a broken reference.
    """
    raw = connection.connection.dbapi_connection if connection.dialect.name == "sqlite" else None
    if raw is None:
        yield
        return
    raw.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
        broken = raw.execute("PRAGMA foreign_key_check").fetchone()
        if broken:
            raise RuntimeError(f"table {broken[0]} refers to a missing row of {broken[2]}")
    finally:
        raw.execute("PRAGMA foreign_keys = ON")


def current(connection: Any) -> str | None:
    """Return the revision that a connection's database stands at."""
    return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """Return the newest revision of this release."""
    return _scripts().get_current_head()


def revisions() -> frozenset[str]:
    """Return every revision that this release knows."""
    return frozenset(script.revision for script in _scripts().walk_revisions())


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config(None))


def build(connection: Connection, revision: str) -> None:
    """Make the tables of a revision, or go on from an older one, inside the transaction of the caller."""
    command.upgrade(_config(connection), revision)


def differences(db: Database) -> list[Any]:
    """Return where the migrated database differs from the tables; nothing if they agree."""
    with db.engine.connect() as connection:
        opts = {"compare_type": True, "include_name": is_ours}
        context = MigrationContext.configure(connection, opts=opts)
        return list(compare_metadata(context, TABLES))


def revise(db: Database, message: str) -> None:
    """Write a new migration from the difference between database and tables (for developers)."""
    with db.engine.connect() as connection:
        command.revision(_config(connection), message=message, autogenerate=True, rev_id=None)


def _config(connection: Any) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config
