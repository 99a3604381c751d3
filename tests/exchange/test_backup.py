"""Backups drilled: under load, killed in the middle, retired, damaged; and brought back on both databases."""

import shutil
import signal
import stat
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cases.case_files import keep_file
from cases.db import Database
from cases.settings import ROOT, Settings
from cases.stored_files import check_files
from cases.trail import verify
from cases.watching import Watching
from exchange.archive import ArchiveProblem
from exchange.backup import (
    OBJECTS,
    RECORD,
    back_up,
    backups_in,
    check_backup,
    restore,
    told_of,
    wanted_backup,
)
from tests.buckets import new_bucket, simulated_s3
from tests.cases import uploads
from tests.cases.dump import dump
from tests.world import NOW, World, settle

HOLD = "import fcntl,sys;f=open(sys.argv[1],'w');fcntl.flock(f,fcntl.LOCK_EX);print(1,flush=True);sys.stdin.read()"


def home_of(folder: Path) -> Settings:
    """A home with what an institution has put there."""
    for name, text in (
        ("keys/1.pem", "key"),
        ("houses/canglan/house.toml", "x = 1"),
        ("logs/worker.log", "no"),
    ):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Settings(folder, "")


def put_file(world: World, settings: Settings, case_id: int, number: int) -> None:
    keep_file(
        world.db, settings, world.person("officer"), case_id, kind="other", filename=f"{number}.png",
        data=uploads.picture(size=(40 + number, 60)), now=NOW,
    )  # fmt: skip


def holds(db: Database, settings: Settings) -> tuple[int, int]:
    """Verify a record and return how many cases and files it holds."""
    with db.read() as session:
        found, files = verify(session), check_files(session, settings.files)
    assert (found.breaks, files.spoiled) == ((), ())
    return found.cases, files.files


def test_backup_made_while_others_write_comes_back_whole(any_db: Database, tmp_path: Path) -> None:
    world, settings = settle(any_db), home_of(tmp_path / "one")
    case_id, stop, enough = world.case(), threading.Event(), threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set() and number < 200:
            number += 1
            world.case(title=f"第{number}个案件")
            put_file(world, settings, case_id, number)
            if number == 3:
                enough.set()

    writer = threading.Thread(target=write)
    writer.start()
    assert enough.wait(30)
    reports = [
        back_up(any_db, settings, tmp_path / "backups", NOW + timedelta(minutes=minute))
        for minute in range(3)
    ]
    stop.set()
    writer.join(30)
    cases = []
    for report in reports:
        assert report.missing == ()
        away = Settings(tmp_path / f"restored-{report.path.name}", "")
        db = Database(f"sqlite:///{away.home}/panhuo.db", synchronous="OFF")
        restore(db, away, report.path, NOW)
        found, files = holds(db, away)
        cases.append(found)
        assert (files >= 3, (away.home / "keys/1.pem").read_text()) == (True, "key")
        assert not (away.home / "logs").exists()
        db.dispose()
    assert cases == sorted(cases)
    assert cases[0] >= 4


@pytest.mark.postgres
def test_backup_comes_back_on_the_same_postgresql(postgres: Database, tmp_path: Path) -> None:
    world, settings = settle(postgres), home_of(tmp_path / "one")
    put_file(world, settings, world.case(), 1)
    before = dump(postgres)
    back_up(postgres, settings, tmp_path / "backups", NOW)
    world.case(title="备份之后的案件")
    shutil.rmtree(settings.home / "files")
    with pytest.raises(ArchiveProblem, match="已有数据"):
        restore(postgres, settings, tmp_path / "backups", NOW)
    restore(postgres, settings, tmp_path / "backups", NOW, replace=True)
    assert dump(postgres) == before
    assert holds(postgres, settings) == (1, 1)


def test_files_in_a_bucket_come_back_in_another_one(db: Database, tmp_path: Path) -> None:
    with simulated_s3() as endpoint:
        one, two = (
            replace(home_of(tmp_path / name), file_place=new_bucket(endpoint, tmp_path / f"cache-{name}"))
            for name in ("one", "two")
        )
        world = settle(db)
        case_id = world.case()
        for number in range(3):
            put_file(world, one, case_id, number)
        report = back_up(db, one, tmp_path / "backups", NOW)
        assert (report.files, report.copied, report.missing) == (3, 3, ())
        assert not (one.home / "files").exists()
        other = Database(f"sqlite:///{tmp_path / 'other.db'}", synchronous="OFF")
        restore(other, two, tmp_path / "backups", NOW)
        assert holds(other, two) == (1, 3)
        other.dispose()


def test_files_are_copied_once_and_old_backups_go(db: Database, tmp_path: Path) -> None:
    world, settings, target = settle(db), home_of(tmp_path / "one"), tmp_path / "backups"
    case_id = world.case()
    copied = []
    for number in range(4):
        put_file(world, settings, case_id, number)
        report = back_up(db, settings, target, NOW + timedelta(days=number), keep=2)
        copied.append((report.copied, report.files, len(report.removed)))
    assert copied == [(1, 1, 0), (1, 2, 0), (1, 3, 1), (1, 4, 1)]
    assert [path.name for path in backups_in(target)] == ["20260304T020000Z", "20260305T020000Z"]
    kept = {path.name for path in (target / OBJECTS).glob("??/*")}
    assert kept == set(told_of(backups_in(target)[-1])["files"])
    for path in target.rglob("*"):
        assert path.is_dir() or not stat.S_IMODE(path.stat().st_mode) & 0o077 or path.name == ".lock", path


@pytest.mark.parametrize(("keep", "there"), [(0, []), (1, ["20260303T020000Z"])])
def test_nightly_backup_is_made_if_the_settings_keep_any(
    keep: int, there: list[str], db: Database, tmp_path: Path
) -> None:
    settle(db)
    settings = Settings(tmp_path / "one", "", watching=Watching(tmp_path / "backups", keep))
    said = [wanted_backup(db, settings, NOW + timedelta(days=day)) for day in range(2)]
    assert [bool(text) for text in said] == [keep > 0] * 2
    assert [path.name for path in backups_in(tmp_path / "backups")] == there


def test_missing_and_damaged_files_are_told_and_the_rest_is_saved(db: Database, tmp_path: Path) -> None:
    world, settings, target = settle(db), home_of(tmp_path / "one"), tmp_path / "backups"
    case_id = world.case()
    put_file(world, settings, case_id, 1)
    (path,) = (settings.home / "files").glob("??/*")
    put_file(world, settings, case_id, 2)
    path.write_bytes(b"something else")
    report = back_up(db, settings, target, NOW)
    assert (report.missing, report.files) == ((path.name,), 1)
    away = Settings(tmp_path / "two", "")
    brought = restore(Database(f"sqlite:///{away.home}/panhuo.db"), away, target, NOW)
    assert (brought.missing, brought.files, brought.broken) == ((path.name,), 1, ())


@pytest.mark.parametrize("what", ["record", "object", "told"])
def test_damaged_backup_is_refused(what: str, db: Database, tmp_path: Path) -> None:
    world, settings, target = settle(db), home_of(tmp_path / "one"), tmp_path / "backups"
    put_file(world, settings, world.case(), 1)
    made = back_up(db, settings, target, NOW).path
    (stored,) = (target / OBJECTS).glob("??/*")
    path = {"record": made / RECORD, "object": stored, "told": made / "backup.json"}[what]
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(ArchiveProblem):
        restore(Database(f"sqlite:///{tmp_path}/two/panhuo.db"), Settings(tmp_path / "two", ""), made, NOW)
    assert not (tmp_path / "two" / "panhuo.db").exists()


def test_second_backup_at_once_waits_its_turn(db: Database, tmp_path: Path) -> None:
    settle(db)
    settings, target = home_of(tmp_path / "one"), tmp_path / "backups"
    target.mkdir()
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(target / ".lock")], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert holder.stdout
    assert holder.stdin
    holder.stdout.readline()
    with pytest.raises(ArchiveProblem, match="另一份备份"):
        back_up(db, settings, target, NOW)
    holder.stdin.close()
    holder.wait(10)
    holder.stdout.close()
    assert back_up(db, settings, target, NOW).path.name == "20260302T020000Z"


def test_backup_killed_in_the_middle_leaves_the_others_and_the_next_one_works(
    db: Database, tmp_path: Path
) -> None:
    """The process kills itself where each part of the work begins."""
    world, settings, target = settle(db), home_of(tmp_path / "one"), tmp_path / "backups"
    put_file(world, settings, world.case(), 1)
    back_up(db, settings, target, NOW)
    script = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom datetime import datetime, UTC\n"
        "from cases.db import Database\nfrom cases.settings import Settings\nfrom exchange import backup\n"
        "def die(*_, **__): os.kill(os.getpid(), signal.SIGKILL)\n"
        "backup.{} = die\n"
        f"backup.back_up(Database({str(db.url)!r}), Settings(Path({str(settings.home)!r}), ''), Path({str(target)!r}), "
        "datetime(2026, 3, 3, tzinfo=UTC))\n"
    )
    for place in ("_write_home", "copy_store", "check_backup", "_retire"):
        done = subprocess.run([sys.executable, "-c", script.format(place)], cwd=ROOT, check=False)
        assert done.returncode == -signal.SIGKILL
        finished = backups_in(target)
        assert [path.name for path in finished] == [
            "20260302T020000Z",
            *(["20260303T000000Z"] if place == "_retire" else []),
        ]
        for path in finished:
            check_backup(path)
    report = back_up(db, settings, target, NOW + timedelta(days=3))
    assert [path.name for path in target.iterdir() if path.name.startswith(".draft")] == []
    away = Settings(tmp_path / "two", "")
    restored = Database(f"sqlite:///{away.home}/panhuo.db")
    restore(restored, away, report.path, NOW)
    assert holds(restored, away) == (1, 1)
    restored.dispose()
