"""Databases for measuring and checking: a PostgreSQL server, and an empty database on it for a while."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

from cases.db import Database


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """The address of PANHUO_TEST_PG_URL, or of a server started for the occasion in a folder."""
    if address := os.environ.get("PANHUO_TEST_PG_URL"):
        yield address
        return
    folder.chmod(0o755)  # the server runs as another user when this process is root's
    (folder / "run").mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder / "run"))
    (folder / "postgres").mkdir()
    pgserver: Any = import_module("pgserver")  # it looks for the runtime folder while it is imported
    server = pgserver.get_server(str(folder / "postgres"), cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@contextmanager
def fresh(address: str, setting: str = "") -> Iterator[Database]:
    """An empty database, dropped afterwards; `setting` is for all its sessions, such as `x = off`."""
    admin = Database(address)
    name = f"panhuo_{uuid4().hex[:12]}"
    _alone(admin, f"CREATE DATABASE {name}")
    if setting:
        _alone(admin, f"ALTER DATABASE {name} SET {setting}")
    db = Database(admin.url.set(database=name).render_as_string(hide_password=False))
    try:
        yield db
    finally:
        db.dispose()
        _alone(admin, f"DROP DATABASE {name} WITH (FORCE)")
        admin.dispose()


def _alone(db: Database, statement: str) -> None:
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(statement)
