"""The doctor: each part is really broken, and it names that part and the remedy."""

import json
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from cases.db import Database
from cases.heartbeats import say_state
from cases.settings import Settings
from cases.tables import Document
from desk.commands.record_checks import check_record
from tests.cases.dump import execute, unlock_trail
from tests.cli.conftest import Office
from tests.world import settle

Broken = Callable[[Office], None]
ALWAYS = {"prefect", "smtp", "backup", "workers"}  # what a record without running processes warns of


def examined(office: Office, *more: str) -> tuple[int, dict[str, dict[str, Any]]]:
    ran = office.run("doctor", "--json", *more)
    return ran.code, {check["name"]: check for check in ran.json["checks"]}


def record_of(office: Office) -> Database:
    return Database(f"sqlite:///{office.home / 'panhuo.db'}", synchronous="OFF")


def changed(*statements: str, unlocked: bool = False) -> Broken:
    def change(office: Office) -> None:
        office.world = settle_again(office)
        db = record_of(office)
        if unlocked:
            unlock_trail(db)
        execute(db, *statements)
        db.dispose()

    return change


def settle_again(office: Office) -> Any:
    world = office.world
    world.db.dispose()
    world.case()
    world.db.dispose()
    return world


def with_document(office: Office) -> None:
    db = record_of(office)
    case_id = office.world.case()
    with db.write() as session:
        session.add(
            Document(
                org_id=1, case_id=case_id, kind="contract", version=1, title="合同", filename="合同.pdf", draft=False,
                requested_seq=1, sha256="a" * 64, status="ready",
                requested_at=datetime.now(UTC),
            )
        )  # fmt: skip
    db.dispose()
    office.world.db.dispose()


def key_for_all(office: Office) -> None:
    path = office.home / "keys" / "1.pem"
    path.parent.mkdir()
    path.write_text("key")
    path.chmod(0o644)


def damaged_database(office: Office) -> None:
    (office.home / "panhuo.db").write_bytes(b"no database" * 1000)


def no_folder_for_files(office: Office) -> None:
    (office.home / "files").write_text("a file where the folder should be")


def long_log(office: Office) -> None:
    """Hold an old snapshot, and let the log grow without a byte on the disk: a hole."""
    with sqlite3.connect(office.home / "panhuo.db") as raw:
        raw.execute("SELECT 1 FROM organization").fetchone()
    raw.close()
    path = office.home / "panhuo.db-wal"
    path.touch()
    os.truncate(path, 600 << 20)


def other_version(office: Office) -> None:
    db = record_of(office)
    say_state(db, "worker", "running", datetime.now(UTC))
    execute(db, "UPDATE process SET version = '0.0.1'")
    db.dispose()


def silent_worker(office: Office) -> None:
    db = record_of(office)
    say_state(db, "worker", "running", datetime.now(UTC) - timedelta(minutes=5))
    db.dispose()


def old_backup(office: Office) -> None:
    path = office.home / "backups" / "20260101T000000Z" / "backup.json"
    path.parent.mkdir(parents=True)
    path.write_text("{}")


ROW = (
    "INSERT INTO outbox (org_id, topic, key, payload, status, attempts, error, flow_run_id, created_at, available_at) "
    "VALUES (1, 'mail', 'x', '{}', '%s', 6, '', '', '2026-03-01 00:00:00.000000', '2026-03-01 00:00:00.000000')"
)
BROKEN: dict[str, tuple[Broken, str, bool]] = {
    "database": (damaged_database, "PANHUO_DATABASE_URL", True),
    "schema": (changed("UPDATE alembic_version SET version_num = '0001'"), "panhuo upgrade", True),
    "trail": (changed("UPDATE trail SET body = replace(body, '林知远', '林知近')", unlocked=True), "panhuo verify", True),
    "clock_skew": (changed("UPDATE trail SET at = '2999-01-01 00:00:00.000000'", unlocked=True), "NTP", True),
    "stored_files": (with_document, "备份", True),
    "files": (no_folder_for_files, "PANHUO_FILES", True),
    "secrets": (key_for_all, "chmod 600", True),
    "wal": (long_log, "快照", False),
    "outbox": (changed(ROW % "pending"), "panhuo worker", False),
    "outbox_dead": (changed(ROW % "dead"), "后台任务", False),
    "workers": (silent_worker, "失去联系", False),
    "versions": (other_version, "重启", False),
    "backup": (old_backup, "panhuo backup", False),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_broken_part_is_named_with_its_remedy(name: str, office: Office) -> None:
    _, before = examined(office)
    assert name in ALWAYS or before.get(name, {"ok": True})["ok"]
    broke, remedy, needed = BROKEN[name]
    broke(office)
    code, found = examined(office)
    assert (found[name]["ok"], found[name]["needed"]) == (False, needed), found[name]
    assert remedy in found[name]["remedy_zh"]
    assert found[name]["remedy_en"]
    assert code == (1 if needed else 0)
    assert examined(office, "--strict")[0] == 1


def test_doctor_without_a_fault_is_content_and_speaks_both_languages(office: Office) -> None:
    code, found = examined(office)
    assert (code, {name for name, check in found.items() if not check["ok"]}) == (0, ALWAYS)
    assert not any(check["remedy_zh"] for check in found.values() if check["ok"])
    assert "needed" in office.run("--lang", "en", "doctor", "--json").out


@pytest.mark.postgres
def test_doctor_looks_into_postgresql_too(postgres: Database, tmp_path: Path) -> None:
    settle(postgres).case()
    found = {check.name: check for check in check_record(postgres, Settings(tmp_path, ""))}
    assert {name for name, check in found.items() if not check.ok} == {"workers"}
    assert found["database_version"].detail_zh.split(".")[0].isdecimal()


@contextmanager
def serving(answers: dict[str, Any]) -> Iterator[int]:
    """A server on a port of its own that gives fixed answers; what it does not know is 404."""

    class Fixed(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            known = self.path in answers
            self.send_response(200 if known else 404)
            self.end_headers()
            self.wfile.write(json.dumps(answers.get(self.path)).encode())

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Fixed)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


ACTIVE = [{"paused": False, "schedules": [{"active": True}]}]


@pytest.mark.parametrize(
    ("answers", "prefect", "scheduler"),
    [
        (
            {"/api/admin/version": "3.8.8", "/api/deployments/filter": ACTIVE, "/api/flow_runs/count": 3},
            True,
            True,
        ),
        (
            {"/api/admin/version": "3.8.8", "/api/deployments/filter": ACTIVE, "/api/flow_runs/count": 0},
            True,
            False,
        ),
        (
            {"/api/admin/version": "3.8.8", "/api/deployments/filter": [], "/api/flow_runs/count": 3},
            True,
            False,
        ),
        ({"/": "another program"}, False, None),
    ],
)
def test_prefect_that_plans_nothing_is_told_though_it_answers(
    answers: dict[str, Any],
    prefect: bool,
    scheduler: bool | None,
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (office.home / "prefect").mkdir()
    (office.home / "prefect" / "password").write_text("x")
    (office.home / "prefect" / "password").chmod(0o600)
    with serving(answers) as port:
        monkeypatch.setenv("PANHUO_PREFECT_PORT", str(port))
        _, found = examined(office)
    assert found["prefect"]["ok"] is prefect
    assert found.get("scheduler", {"ok": None})["ok"] is scheduler


def test_port_that_another_program_holds_is_told(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving({"/healthz": {"status": "fine"}}) as port:
        monkeypatch.setenv("PANHUO_PORT", str(port))
        code, found = examined(office)
    assert (code, found["port"]["ok"], "PANHUO_PORT" in found["port"]["remedy_zh"]) == (1, False, True)
    with serving({"/healthz": {"status": "ok"}}) as port:
        monkeypatch.setenv("PANHUO_PORT", str(port))
        assert examined(office)[1]["port"]["ok"]


def test_health_tells_a_process_manager_by_the_exit_code(office: Office) -> None:
    assert office.run("health", "worker").code == 1
    db = record_of(office)
    say_state(db, "worker", "running", datetime.now(UTC))
    assert (office.run("health", "worker").code, office.run("health", "desk").code) == (0, 1)
    execute(db, "UPDATE process SET host = 'elsewhere'")
    db.dispose()
    assert (office.run("health", "worker").code, office.run("health", "worker", "--any-host").code) == (1, 0)
    assert office.run("health", "cat").code == 2
