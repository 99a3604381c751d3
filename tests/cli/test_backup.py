"""Backups, restoring and upgrading from the command line."""

from pathlib import Path

import pytest

from cases.db import Database
from tests.cases.dump import execute
from tests.cli.conftest import Office


def test_backup_comes_back_into_an_empty_home(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = office.run("backup", str(tmp_path / "backups"), "--keep", "3", "--json")
    assert (made.code, made.json["missing_files"], made.json["removed"]) == (0, [], [])
    assert office.run("restore", str(tmp_path / "backups")).code == 1
    monkeypatch.setenv("PANHUO_HOME", str(tmp_path / "other"))
    done = office.run("restore", str(tmp_path / "backups"), "--json")
    assert (done.code, done.json["rows"], done.json["broken"]) == (0, made.json["rows"], [])
    assert office.run("verify").code == 0


def test_exported_file_is_imported_as_an_archive(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.run("export", str(tmp_path / "all.zip"))
    monkeypatch.setenv("PANHUO_HOME", str(tmp_path / "other"))
    done = office.run("import", "archive", str(tmp_path / "all.zip"))
    assert (done.code, "留痕核验通过" in done.out) == (0, True)
    refused = office.run("import", "archive", str(tmp_path / "all.zip"))
    assert (refused.code, "已有数据" in refused.err, "--replace" in refused.err) == (1, True, True)
    assert office.run("import", "archive", str(tmp_path / "all.zip"), "--replace").code == 0


@pytest.mark.parametrize("source", ["nothing-there", "."])
def test_what_is_no_backup_is_told(office: Office, tmp_path: Path, source: str) -> None:
    ran = office.run("restore", str(tmp_path / source))
    assert (ran.code, "既不是导出文件，也不是备份文件夹" in ran.err) == (1, True)


def test_backup_that_cannot_be_written_is_told(office: Office) -> None:
    ran = office.run("backup", "/proc/nowhere")
    assert (ran.code, "备份没有完成" in ran.err) == (1, True)


def test_upgrade_says_that_there_is_nothing_to_do(office: Office) -> None:
    ran = office.run("upgrade")
    assert (ran.code, "无需升级" in ran.out) == (0, True)
    assert not (office.home / "backups").exists()


@pytest.mark.parametrize("command", [("upgrade",), ("inbox",), ("db", "upgrade"), ("backup", "x")])
def test_database_of_a_newer_release_is_told_by_every_command(
    office: Office, command: tuple[str, ...]
) -> None:
    db = Database(f"sqlite:///{office.home / 'panhuo.db'}")
    execute(db, "UPDATE alembic_version SET version_num = '9999'")
    db.dispose()
    ran = office.run(*command)
    assert (ran.code, "高于本程序" in ran.err) == (5, True)
