"""The doctor: each part is really broken, and it names that part and the remedy."""

import json
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from cases.db import Database
from cases.heartbeats import say_state
from cases.settings import SHANGHAI, Settings
from cases.tables import Document
from desk.commands.record_checks import check_record
from desk.commands.regular_checks import check_holidays
from rules.calendar import official
from tests.cases.dump import execute, unlock_trail
from tests.cli.conftest import Cli, Office
from tests.durability.disks import small_disk
from tests.world import settle

Broken = Callable[[Office], None]
ALWAYS = {
    "prefect",
    "smtp",
    "backup",
    "workers",
    "night",
    "sweep",
}  # what a record without running processes warns of


def examined(office: Cli, *more: str) -> tuple[int, dict[str, dict[str, Any]]]:
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


def own_pack_with_a_slip(office: Office) -> None:
    (office.home / "packs").mkdir()
    (office.home / "packs" / "ours.toml").write_text("[pack", encoding="utf-8")
    changed("UPDATE organization SET rule_layers = 'national,ours'")(office)


def broken_fonts(office: Office) -> None:
    (office.home / "fonts").mkdir()
    (office.home / "fonts" / "stamp.json").write_text("{}")
    (office.home / "fonts" / "BabelStoneHan.ttf").touch()


def failed_letter(office: Office) -> None:
    changed(
        'INSERT INTO message (org_id, user_id, "on", kind, subject, lines, mail_status, created_at) '
        "VALUES (1, 1, '2026-03-01', 'x', 'x', '[]', '', '2026-03-01 00:00:00.000000')",
        "INSERT INTO delivery (org_id, message_id, user_id, channel, status, slot, recipient, attempts, fault, proof, error, "
        f"mail_id, doubtful, queued_at, ended_at) VALUES (1, 1, 1, 'mail', 'failed', '', '', 6, '', '', '', '', 0, '{RECENT}', "
        f"'{RECENT}')",
    )(office)


def old_backup(office: Office) -> None:
    path = office.home / "backups" / "20260101T000000Z" / "backup.json"
    path.parent.mkdir(parents=True)
    path.write_text("{}")


RECENT = f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%d %H:%M:%S.%f}"
ROW = (
    "INSERT INTO outbox (org_id, topic, key, payload, status, attempts, error, flow_run_id, created_at, available_at) "
    "VALUES (1, 'mail', 'x', '{}', '%s', 6, '', '', '2026-03-01 00:00:00.000000', '2026-03-01 00:00:00.000000')"
)
BROKEN: dict[str, tuple[Broken, str, bool]] = {
    "database": (damaged_database, "PANHUO_DATABASE_URL", True),
    "schema": (changed("UPDATE alembic_version SET version_num = '0001'"), "panhuo upgrade", True),
    "rule_packs": (own_pack_with_a_slip, "panhuo rules check", True),
    "fonts": (broken_fonts, "make fonts", True),
    "deliveries": (failed_letter, "通知渠道", False),
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
    warned = {name for name, check in found.items() if not check["ok"]}
    assert (code, warned - {"holidays"}) == (0, ALWAYS)  # days off: it depends on the day
    assert not any(check["remedy_zh"] for check in found.values() if check["ok"])
    assert "needed" in office.run("--lang", "en", "doctor", "--json").out


@pytest.mark.postgres
def test_doctor_looks_into_postgresql_too(postgres: Database, tmp_path: Path) -> None:
    settle(postgres).case()
    found = {check.name: check for check in check_record(postgres, Settings(tmp_path, ""))}
    assert {name for name, check in found.items() if not check.ok} - {"holidays"} == {
        "workers",
        "night",
        "sweep",
    }
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


def test_record_of_a_newer_program_is_not_touched(office: Office) -> None:
    changed("UPDATE alembic_version SET version_num = '9999'")(office)
    code, found = examined(office)
    assert (code, found["schema"]["ok"], "安装更新的程序" in found["schema"]["remedy_zh"]) == (1, False, True)
    assert "9999" in found["schema"]["detail_zh"]


def test_home_that_takes_nothing_is_named(cli: Cli) -> None:
    cli.home.write_text("a file where the folder should be")
    code, found = examined(cli)
    assert (code, found["home"]["ok"], "PANHUO_HOME" in found["home"]["remedy_zh"]) == (1, False, True)
    cli.home.unlink()
    with small_disk(cli.home, 8) as disk:
        assert (examined(cli)[1]["home"]["ok"], examined(cli)[1]["disk"]["ok"]) == (True, False)
        assert "500MB" in examined(cli)[1]["disk"]["remedy_zh"]
        disk.close_to_writing(True)
        code, found = examined(cli)
    assert (code, found["home"]["ok"], found["disk"]["detail_zh"]) == (1, False, "剩余8MB")


def test_own_font_that_is_nowhere_is_named(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANHUO_FANGSONG", str(cli.home / "simfang.ttf"))
    _, found = examined(cli)
    assert (found["fonts"]["ok"], "PANHUO_FANGSONG" in found["fonts"]["remedy_zh"]) == (False, True)


def test_night_and_sweep_are_late_when_they_are(office: Office) -> None:
    office.run("nightly")
    office.run("remind")
    _, found = examined(office)
    assert (found["night"]["ok"], found["sweep"]["ok"]) == (True, True), found
    assert found["sweep"]["detail_zh"] == f"已扫描至{datetime.now(SHANGHAI).date()}"
    changed("UPDATE nightly_step SET finished_at = '2026-01-01 00:00:00.000000' WHERE step = 'annual_fees'")(
        office
    )
    changed("UPDATE reminder_sweep SET last_on = '2026-01-01'")(office)
    _, found = examined(office)
    assert found["night"]["detail_zh"].endswith("；未按时完成：年费期限")
    assert (found["sweep"]["detail_zh"], "panhuo remind" in found["sweep"]["remedy_zh"]) == (
        "已扫描至2026-01-01，已经迟到",
        True,
    )


def test_new_record_is_not_late(office: Office) -> None:
    changed(f"UPDATE organization SET created_at = '{RECENT}'")(office)
    _, found = examined(office)
    assert (found["night"]["ok"], found["night"]["detail_zh"], found["sweep"]["ok"]) == (
        True,
        "最近一次尚未运行",
        True,
    )


def test_days_off_of_the_next_year_are_missed_from_november_on() -> None:
    last = official().known_years.stop - 1
    assert check_holidays((), date(last, 10, 31)).ok
    missed = check_holidays((), date(last, 11, 1))
    assert (missed.ok, f"{last + 1}年放假安排" in missed.remedy_zh) == (False, True)
    assert not check_holidays((), date(last + 1, 1, 1)).ok
    assert missed.detail_zh == f"放假安排已知至{last}年，其后为推算"
