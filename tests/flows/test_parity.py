"""Without Prefect: cron's commands leave the same record as the flows do, row by row, and the same stored files."""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from cases.db import Database
from cases.schema import TABLES
from cases.settings import ROOT
from desk.cli import execute
from tests.cases.dump import dump
from tests.cases.dump import execute as run_sql
from tests.flows.by_schedule import WAYS
from tests.modes.story import walk_to
from tests.world import settle

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]
# What must differ: who ran it and when, and so the hashes over it. Everything else is compared as it is stored.
RUNS = {"flow_run_id": "", "host": "", "holder": "", "prev": "", "hash": "", "trail_head": ""}
LEDGERS = ("flow_run",)


@pytest.fixture
def homes(migrated: Path, tmp_path: Path) -> tuple[Path, Path]:
    """Two homes with copies of one record: deadlines near and over, feedback owed, work waiting, a wrong date."""
    seed = tmp_path / "seed.db"
    shutil.copy(migrated, seed)
    db = Database(f"sqlite:///{seed}", synchronous="OFF")
    world = settle(db)
    walk_to(world, world.case(), "record_filing")
    world.case(title="第二件", mode="transfer")
    run_sql(db, "UPDATE deadline SET due = '2026-07-02' WHERE key = 'license_filing'")
    db.dispose()
    return _home(tmp_path / "flows", seed), _home(tmp_path / "cron", seed)


def _home(home: Path, seed: Path) -> Path:
    home.mkdir()
    with closing(sqlite3.connect(seed)) as record:
        record.execute("VACUUM INTO ?", (str(home / "panhuo.db"),))
    (home / "fonts").symlink_to(ROOT / "var" / "fonts")
    return home


def test_commands_of_cron_do_what_flows_do(homes: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    by_flows, by_cron = homes
    monkeypatch.delenv("PANHUO_DATABASE_URL", raising=False)
    monkeypatch.setenv("PANHUO_HOME", str(by_flows))
    monkeypatch.setenv("PREFECT_LOGGING_LEVEL", "WARNING")
    scheduled = subprocess.Popen([sys.executable, "-m", "tests.flows.by_schedule"], cwd=ROOT)
    monkeypatch.setenv("PANHUO_HOME", str(by_cron))
    for _, command in (*WAYS, *WAYS):  # once, and once more: nothing is done twice by either
        assert (command, execute(list(command))) == (command, 0)
    assert scheduled.wait(120) == 0
    found, expected = _told(by_cron), _told(by_flows)
    assert {name: len(found[name]) for name in SEEN} == SEEN
    for name in expected:
        assert found[name] == expected[name], name
    assert _files(by_cron) == _files(by_flows) != []


# How many rows the ways leave behind: it is not nothing.
SEEN = {"reminder": 4, "message": 2, "review_item": 1, "report": 3}


def _told(home: Path) -> dict[str, list[dict[str, Any]]]:
    db = Database(f"sqlite:///{home / 'panhuo.db'}")
    rows = dump(db, *LEDGERS)
    db.dispose()
    return {name: [_plain(name, row) for row in stored] for name, stored in rows.items()}


def _plain(table: str, row: tuple[Any, ...]) -> dict[str, Any]:
    """Return a row without what must differ: moments are told by their being there."""
    names = TABLES.tables[table].columns.keys()
    told = {
        name: "a moment" if isinstance(value, datetime) else value
        for name, value in zip(names, row, strict=True)
    }
    told |= {name: blank for name, blank in RUNS.items() if name in told}
    if table == "trail":
        body = orjson.loads(told["body"])
        told["body"] = {name: value for name, value in body.items() if name not in ("at", "origin")}
    return told


def _files(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "files").rglob("*") if path.is_file())
