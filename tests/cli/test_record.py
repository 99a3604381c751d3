"""Verify, export, deadlines, reminders, users and the database from the command line."""

import json
import sqlite3
import stat
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from cases.db import Database
from cases.people import sign_in_by_link
from cases.scope import Origin
from cases.trail import entries
from exchange.archive import LEFT_OUT, ArchiveProblem, check_archive
from tests.cli.conftest import Cli, Office
from tests.cli.test_cases import CASE, opened, walk
from tests.world import TODAY


def test_intact_trail_verifies(office: Office) -> None:
    opened(office)
    found = office.run("verify", "--json")
    assert found.code == 0
    keys: dict[str, object] = {
        "ok": True,
        "chains": 2,
        "entries": 1,
        "cases": 1,
        "first_break": None,
        "breaks": [],
    }
    assert {**found.json, **keys} == found.json
    assert found.json["entries_per_second"] > 0
    assert "重演1个案件（每秒" in office.run("verify").out


def test_case_that_is_not_what_its_entries_tell_is_named(office: Office) -> None:
    opened(office)
    with sqlite3.connect(office.home / "panhuo.db") as raw:
        raw.execute("UPDATE conversion_case SET title = '另一件'")
    raw.close()
    told, english = office.run("verify"), office.run("--lang", "en", "verify")
    assert (told.code, english.code) == (1, 1)
    assert "断点：case:1 第1条，案件现状与记录推演的结果不符：案件名称（title）被改动" in told.err
    assert (
        "broken: case:1 entry 1, the stored case is not what the entries lead to: title (title)"
        in english.err
    )
    first = office.run("verify", "--json").json["first_break"]
    assert (first["chain"], first["seq"]) == ("case:1", 1)


def test_trail_names_the_door(office: Office) -> None:
    opened(office)
    with office.world.db.read() as session:
        (entry,) = entries(session, office.world.org_id, "case:1")
    assert entry.origin == Origin("command")


def test_broken_trail_names_the_first_broken_link(office: Office) -> None:
    opened(office)
    walk(office, until="agree_price")
    with sqlite3.connect(office.home / "panhuo.db") as raw:
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute(
            "UPDATE trail SET body = replace(body, '副本', '假本') WHERE chain = 'case:1' AND seq = 3"
        )
    raw.close()
    found = office.run("verify", "--json")
    assert (found.code, found.json["ok"]) == (1, False)
    first = found.json["first_break"]
    assert (first["chain"], first["seq"], first["reason_zh"]) == ("case:1", 3, "内容与哈希值不符，记录被改动")
    told = office.run("verify")
    assert (told.code, "断点：case:1 第3条" in told.err) == (1, True)


def test_deadlines_and_reminders(office: Office) -> None:
    opened(office)
    walk(office, until="take_effect")
    everything = office.run("deadlines", "--as", "officer", "--on", "2026-05-01", "--json").json
    case_only = office.run(
        "deadlines", "--as", "officer", "--on", "2026-05-01", "--case", CASE, "--json"
    ).json
    assert (everything["on"], everything) == ("2026-05-01", case_only)
    dues = [row["due"] for row in everything["rows"]]
    assert (dues == sorted(dues), len(dues) > 1) == (True, True)
    until = office.run(
        "deadlines", "--as", "officer", "--until", dues[0], "--on", "2026-05-01", "--json"
    ).json
    assert {row["due"] for row in until["rows"]} == {dues[0]}
    dry = office.run("remind", "--on", "2026-06-01", "--dry-run", "--json").json
    names = {person["name"] for person in dry["people"]}
    assert (dry["dry_run"], names) == (True, {"林知远", "钱汇川", "周审言"})
    assert "未写入" in office.run("remind", "--on", "2026-06-01", "--dry-run").out
    first = office.run("remind", "--on", "2026-06-01", "--json").json
    again = office.run("remind", "--on", "2026-06-01", "--json").json
    counts = {"examined", "reminders", "messages", "covered", "waiting", "untold", "missed"}
    assert (set(first), first["on"]) == ({"on", "faults", *counts}, "2026-06-01")
    assert (first["reminders"] > 0, again["reminders"], again["messages"]) == (True, 0, 0)


def test_export_holds_every_row_and_nothing_secret_that_is_useless_elsewhere(
    office: Office, tmp_path: Path
) -> None:
    opened(office)
    office.run("user", "link", "officer")
    target = tmp_path / "out" / "panhuo.zip"
    ran = office.run("export", str(target), "--json")
    assert (ran.code, ran.json["version"], ran.json["missing_files"]) == (0, 1, [])
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    manifest = check_archive(target)
    tables = {table["name"]: table for table in manifest["tables"]}
    with sqlite3.connect(office.home / "panhuo.db") as raw:
        names = {row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        counts = {name: raw.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}
        (body,) = raw.execute("SELECT body FROM trail WHERE chain = 'case:1'").fetchone()
    raw.close()
    ours = {name for name in names if not name.startswith(("sqlite_", "alembic_"))}
    assert set(tables) == ours - LEFT_OUT
    assert {name: table["rows"] for name, table in tables.items()} == counts
    with zipfile.ZipFile(target) as archive:
        lines = archive.read("tables/trail.jsonl").splitlines()
    assert [json.loads(line)["body"] for line in lines if b'"case:1"' in line] == [body]


def test_damaged_export_names_the_part(office: Office, tmp_path: Path) -> None:
    opened(office)
    target, damaged = tmp_path / "panhuo.zip", tmp_path / "damaged.zip"
    office.run("export", str(target))
    with zipfile.ZipFile(target) as source, zipfile.ZipFile(damaged, "w") as copy:
        for name in source.namelist():
            data = source.read(name)
            copy.writestr(name, data.replace("启衡".encode(), "启恒".encode()) if "company" in name else data)
    with pytest.raises(ArchiveProblem, match=r"tables/company\.jsonl"):
        check_archive(damaged)


def test_export_into_a_file_that_cannot_be_written(office: Office) -> None:
    ran = office.run("export", "/proc/nowhere/panhuo.zip")
    assert (ran.code, "无法写入" in ran.err) == (1, True)


def test_first_user_comes_with_the_institution(cli: Cli) -> None:
    assert cli.run("user", "add", "chief", "--name", "管理员").code == 2
    first = ("user", "add", "chief", "--name", "管理员", "--role", "administrator", "--institution")
    assert cli.run(*first, "沧澜理工大学", "--uscc", "12100000400000624X").code == 6
    assert cli.run(*first, "沧澜理工大学", "--json").json == {
        "id": 1,
        "login": "chief",
        "role": "administrator",
    }
    assert cli.run("user", "add", "lin", "--name", "林知远", "--json").json["role"] == "officer"
    assert cli.run("user", "add", "lin", "--name", "林知远").code == 5
    assert cli.run("user", "add", "x", "--name", "某", "--role", "king").code == 6
    assert cli.run("user", "add", "zhou", "--name", "周", "--as", "lin").code == 4
    assert [row["login"] for row in cli.run("user", "list", "--json").json["rows"]] == ["chief", "lin"]
    assert cli.run("verify", "--json").json["entries"] == 3


def test_link_signs_in_once(office: Office) -> None:
    url = office.run("user", "link", "officer", "--json").json["url"]
    db = Database(f"sqlite:///{office.home / 'panhuo.db'}")
    assert sign_in_by_link(db, url.rsplit("/", 1)[1]).person.login == "officer"
    db.dispose()
    assert office.run("user", "link", "nobody").code == 3


def test_token_opens_the_api(office: Office) -> None:
    token = office.run("user", "token", "officer", "--json").json["token"]
    assert token.startswith("ph_")


def test_upgrade_is_repeatable_and_an_old_schema_is_told(cli: Cli) -> None:
    first, again = cli.run("db", "upgrade", "--json"), cli.run("db", "upgrade", "--json")
    assert (first.code, first.json) == (again.code, again.json)
    with sqlite3.connect(cli.home / "panhuo.db") as raw:
        raw.execute("UPDATE alembic_version SET version_num = '0001'")
    raw.close()
    ran = cli.run("case", "list")
    assert (ran.code, "panhuo upgrade" in ran.err) == (1, True)


def test_wrong_settings_are_named(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANHUO_PORT", "eighty")
    assert "PANHUO_PORT" in cli.run("case", "list").err
    monkeypatch.delenv("PANHUO_PORT")
    monkeypatch.setenv("PANHUO_DATABASE_URL", "nonsense")
    ran = cli.run("verify", "--json")
    assert (ran.code, ran.json["title"]) == (1, "数据库不可用")


def test_doctor_names_what_is_broken_and_the_remedy(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANHUO_PREFECT_PORT", "1")
    found = office.run("doctor", "--json").json
    checks = {check["name"]: check for check in found["checks"]}
    assert {
        "python", "clock", "home", "disk", "database", "schema", "outbox", "outbox_dead", "fonts", "weasyprint",
        "harfbuzz-subset", "holidays", "prefect", "smtp",
    } <= set(checks)  # fmt: skip
    assert (checks["prefect"]["ok"], checks["prefect"]["needed"]) == (False, False)
    assert checks["prefect"]["remedy_zh"] == "启动工作台：panhuo serve；端口被占用时设置PANHUO_PREFECT_PORT"
    assert all(bool(check["remedy_zh"]) != check["ok"] for check in found["checks"])
    with sqlite3.connect(office.home / "panhuo.db") as raw:
        raw.execute("UPDATE alembic_version SET version_num = '0001'")
    raw.close()
    broken = office.run("doctor", "--json")
    schema = next(check for check in broken.json["checks"] if check["name"] == "schema")
    assert (broken.code, broken.json["ok"], schema["ok"]) == (1, False, False)
    assert "panhuo upgrade" in schema["remedy_zh"]


def test_doctor_on_an_empty_home_writes_nothing(cli: Cli) -> None:
    assert "尚未建立" in cli.run("doctor").out
    assert not cli.home.exists()


def test_help_answers_at_once() -> None:
    started = time.perf_counter()
    ran = subprocess.run([sys.executable, "-m", "desk.cli", "--help"], capture_output=True, check=True)
    assert time.perf_counter() - started < 1.5
    assert "盘活" in ran.stdout.decode()


def test_help_imports_nothing_heavy() -> None:
    heavy = "{'prefect', 'weasyprint', 'sqlalchemy', 'fastapi', 'pydantic'} & set(sys.modules)"
    program = f"import sys, desk.cli; print(sorted({heavy}))"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert ran.stdout.strip() == "[]"


def test_today_is_used_without_a_day(office: Office) -> None:
    assert office.run("deadlines", "--as", "officer", "--json").json["on"] >= TODAY.isoformat()


def test_auditor_takes_the_archive_along_and_checks_it(office: Office, tmp_path: Path) -> None:
    opened(office)
    walk(office, until="agree_price")
    target = tmp_path / "audit.zip"
    refused = office.run("audit", "export", "--all", str(target), "--as", "officer")
    assert (refused.code, "审计导出仅限管理员和只读用户" in refused.err) == (4, True)
    for asked in ([], ["--all", "--case", CASE]):
        assert office.run("audit", "export", *asked, str(target), "--as", "readonly").code == 2
    made = office.run("audit", "export", "--case", CASE, str(target), "--as", "readonly", "--json").json
    assert (made["scope"], made["cases"], made["entries"]) == (CASE, 1, 4)
    told = office.run("audit", "export", "--all", str(target), "--as", "readonly")
    assert (told.code, "已导出4条记录、1个案件" in told.out) == (0, True)
    with zipfile.ZipFile(target) as archive:
        (tmp_path / "check.py").write_bytes(archive.read("check.py"))
    ran = subprocess.run(
        [sys.executable, "-I", "check.py", str(target)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.out.split("：")[2][:64] in ran.stdout
