"""A database that is away, full, held by another program or being migrated when a process dies."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Timer
from typing import Any

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from bench.databases import fresh
from bench.durability.findings import rows
from cases.db import Database
from cases.outages import BUSY, FULL, outage_of
from cases.outbox import claim, finish
from cases.schema import newest, upgrade
from cases.trail import verify
from desk.web.app import create_app
from exchange.backup import back_up, backups_in, check_backup
from tests.api.conftest import Api, api_over
from tests.desk.conftest import Browser
from tests.durability.disks import small_disk
from tests.durability.trap import is_killed_at
from tests.world import NOW, World, settle

STEP = {"payload": {"checked_on": "2026-03-01", "evidence": "副本"}, "expected_version": 1}
EVERY = 80  # boundaries of all migrations between two kills


class Server:
    """A PostgreSQL server that can be stopped and started."""

    def __init__(self, folder: Path) -> None:
        import pgserver.postgres_server as pgserver  # it looks for the runtime folder while it is imported

        self._library, self.data = pgserver, folder / "data"
        self.start()

    def start(self) -> None:
        self._running = self._library.get_server(str(self.data), cleanup_mode="stop")
        self.address = str(self._running.get_uri())

    def stop(self) -> None:
        self._running.cleanup()


@pytest.fixture
def server(postgres_server: str) -> Iterator[Server]:
    """A server of its own, which may be stopped while tests beside this one go on with theirs."""
    with TemporaryDirectory(prefix="panhuo-postgres-") as folder:
        Path(folder).chmod(0o755)
        found = Server(Path(folder))
        yield found
        found.stop()


@pytest.mark.postgres
def test_postgresql_stopped_and_started(server: Server, tmp_path: Path) -> None:
    with fresh(server.address) as db:
        upgrade(db)
        api = api_over(settle(db), tmp_path)
        case_id = api.world.case()
        path = f"/cases/{case_id}/steps/clear_title"
        guest = Browser(create_app(api.settings, db))
        server.stop()
        away = api.post(path, STEP, key="k-1")
        assert (away.status_code, "数据库暂时不能连接" in away.json()["detail"]) == (503, True)
        page = guest.get("/cases")
        assert (page.status_code, "数据库暂时不能连接" in page.text) in ((503, True), (303, False))
        assert guest.get("/readyz").status_code == 503
        assert guest.get("/healthz").status_code == 200
        with pytest.raises((DBAPIError, psycopg.Error)):
            claim(db, NOW)
        server.start()
        assert api.post(path, STEP, key="k-1").status_code == 200
        assert guest.get("/readyz").status_code == 200
        for work in claim(db, NOW):
            finish(db, work, NOW)
        with db.read() as session:
            assert verify(session).breaks == ()


@pytest.mark.postgres
def test_postgresql_without_space(server: Server, tmp_path: Path) -> None:
    with small_disk(server.data.parent / "space", 40) as disk:
        place = disk.folder / "tables"
        place.mkdir()
        owner = server.data.stat()
        for path in (disk.folder, place):
            os.chown(path, owner.st_uid, owner.st_gid)
        with on_tablespace(server.address, place) as db:
            upgrade(db)
            api = api_over(settle(db), tmp_path)
            cases = [api.world.case() for _ in range(2)]
            disk.fill()
            refused = []
            for number in range(400):  # what is free inside the files of the tables is used up first
                refused = [a for a in [big_note(api, cases[0], number)] if a.status_code != 201]
                if refused:
                    break
            assert (refused[0].status_code, "磁盘空间已满" in refused[0].json()["detail"]) == (507, True)
            disk.free()
            assert api.post(f"/cases/{cases[1]}/steps/clear_title", STEP, key="k-1").status_code == 200
            with db.read() as session:
                assert verify(session).breaks == ()


def big_note(api: Api, case_id: int, number: int) -> Any:
    """Open a case; its rows need space."""
    body = {
        "mode": "exclusive_license", "title": f"隔膜许可{number}" + "长" * 150, "company_id": api.world.company_id,
        "patent_ids": list(api.world.patent_ids),
    }  # fmt: skip
    return api.post("/cases", body, key=f"n-{number}")


@contextmanager
def on_tablespace(address: str, place: Path) -> Iterator[Database]:
    """An empty database whose tables lie in a folder."""
    with fresh(address) as aside:
        run_alone(aside, f"CREATE TABLESPACE small LOCATION '{place}'")
        run_alone(aside, "CREATE DATABASE cramped TABLESPACE small")
        db = Database(aside.url.set(database="cramped").render_as_string(hide_password=False))
        yield db
        db.dispose()
        run_alone(aside, "DROP DATABASE cramped")
        run_alone(aside, "DROP TABLESPACE small")


def run_alone(db: Database, statement: str) -> None:
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(statement)


def test_sqlite_held_by_another_program_is_waited_for(world: World, tmp_path: Path) -> None:
    api = api_over(world, tmp_path)
    case_id = world.case()
    other = sqlite3.connect(str(world.db.url.database), isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    release = Timer(1.0, lambda: other.execute("ROLLBACK"))
    release.start()
    assert api.post(f"/cases/{case_id}/steps/clear_title", STEP, key="k-1").status_code == 200
    release.join()
    other.close()


def test_sqlite_held_for_too_long_is_told(world: World) -> None:
    path = str(world.db.url.database)
    holder, late = sqlite3.connect(path, isolation_level=None), sqlite3.connect(path, timeout=0.01)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(sqlite3.OperationalError) as told:
        late.execute("DELETE FROM session")
    assert outage_of(told.value) is BUSY
    assert outage_of(RuntimeError("no outage")) is None
    for connection in (holder, late):
        connection.close()


def test_an_outage_is_found_behind_what_it_caused() -> None:
    try:
        try:
            raise OSError(28, "No space left on device")
        except OSError as error:
            raise RuntimeError("the file was not kept") from error
    except RuntimeError as error:
        assert outage_of(error) is FULL


def upgrade_at(address: str) -> None:
    upgrade(Database(address, synchronous="OFF"))


def upgrades(make: Callable[[], Database]) -> int:
    """Kill an upgrade at every so many boundaries, each time of an empty database; then let it end. Return the kills."""
    for number in range(100):
        db = make()
        address = db.url.render_as_string(hide_password=False)
        killed = is_killed_at(number * EVERY, partial(upgrade_at, address))
        upgrade(db)
        assert rows(db, "SELECT version_num FROM alembic_version") == [(newest(),)]
        settle(db, prefix=f"n{number}-").case()
        db.dispose()
        if not killed:
            return number
    raise AssertionError("the upgrade has no end")


def test_upgrade_killed_in_the_middle_is_done_by_the_next_start(tmp_path: Path) -> None:
    folders = iter(range(100))
    assert upgrades(lambda: Database(f"sqlite:///{tmp_path / str(next(folders))}.db", synchronous="OFF")) > 1


@pytest.mark.postgres
def test_upgrade_of_postgresql_killed_in_the_middle(postgres_server: str) -> None:
    for number in (20, 100):
        with fresh(postgres_server) as db:
            address = db.url.render_as_string(hide_password=False)
            assert is_killed_at(number, partial(upgrade_at, address))
            upgrade(db)
            assert rows(db, "SELECT version_num FROM alembic_version") == [(newest(),)]


def test_backup_killed_in_the_middle_is_none_and_the_next_is_whole(world: World, tmp_path: Path) -> None:
    api = api_over(world, tmp_path / "home")
    api.settings.files.store(b"%PDF-1.4 kept")
    target = tmp_path / "backups"
    world.db.dispose()
    for boundary in range(0, 100, 2):
        db, now = Database(str(world.db.url)), NOW + timedelta(minutes=boundary)
        killed = is_killed_at(boundary, lambda db=db, now=now: back_up(db, api.settings, target, now))  # type: ignore[misc]
        for backup in backups_in(target) if target.exists() else ():
            check_backup(backup)
        if not killed:
            break
    back_up(world.db, api.settings, target, NOW + timedelta(days=1))
    assert len(check_backup(backups_in(target)[-1])["files"]) == 1
    assert [path.name for path in target.glob(".draft-*")] == []
