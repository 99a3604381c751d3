"""Brings a database to the newest schema, and checks that tables and migrations agree."""

from collections.abc import Iterator
from contextlib import contextmanager
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
import cases.file_table
import cases.nightly_table
import cases.process_table
import cases.reminder_tables
import cases.run_table
import cases.seal_tables  # noqa: F401  their tables belong to the metadata below
from cases.db import Database
from cases.review_table import ReviewItem

TABLES = ReviewItem.metadata  # that of all tables; importing it brings cases.tables along
FOLDER = Path(__file__).parent / "migrations"


def upgrade(db: Database) -> None:
    """Run every migration that this database has not seen yet. Safe to repeat."""
    with db.engine.connect() as connection:
        if current(connection) == newest():
            return
        connection.rollback()
        with rebuilding(connection):
            command.upgrade(_config(connection), "head")
            connection.commit()


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
    return ScriptDirectory.from_config(_config(None)).get_current_head()


def differences(db: Database) -> list[Any]:
    """Return where the migrated database differs from the tables; nothing if they agree."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
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
