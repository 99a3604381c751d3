"""Without Prefect: cron's commands leave the same record as the flows do, row by row, and the same stored files."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cases.db import Database
from cases.seals import seal_of
from cases.settings import ROOT, Settings
from desk.cli import execute
from tests.cases.copies import copy_of, files, told
from tests.cases.dump import execute as run_sql
from tests.flows.by_schedule import WAYS
from tests.modes.story import walk_to
from tests.world import NOW, settle

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]
# How many rows are there afterwards: it is not nothing that both have done.
SEEN = {"review_item": 1, "report": 3, "flow_run": 2}


@pytest.fixture
def homes(migrated: Path, tmp_path: Path) -> tuple[Path, Path]:
    """Two homes with copies of one record: deadlines near and over, feedback owed, papers asked for, a wrong date."""
    seed = tmp_path / "seed"
    seed.mkdir()
    shutil.copy(migrated, seed / "panhuo.db")
    db = Database(f"sqlite:///{seed / 'panhuo.db'}", synchronous="OFF")
    world = settle(db)
    walk_to(world, world.case(), "record_filing")
    seal_of(db, Settings(home=seed, database_url=str(db.url)), world.org_id, now=NOW)
    run_sql(
        db,
        "UPDATE deadline SET due = '2026-07-02' WHERE key = 'license_filing'",
        "DELETE FROM outbox WHERE topic <> 'notify_approvers' AND key <> 'render:1'",
    )
    db.dispose()
    return copy_of(seed, tmp_path / "flows"), copy_of(seed, tmp_path / "cron")


def test_commands_of_cron_do_what_flows_do(homes: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    by_flows, by_cron = homes
    monkeypatch.delenv("PANHUO_DATABASE_URL", raising=False)
    monkeypatch.setenv("PANHUO_HOME", str(by_flows))
    monkeypatch.setenv("PREFECT_LOGGING_LEVEL", "WARNING")
    scheduled = subprocess.Popen([sys.executable, "-m", "tests.flows.by_schedule"], cwd=ROOT)
    monkeypatch.setenv("PANHUO_HOME", str(by_cron))
    for _, command in (*WAYS, *WAYS):  # once, and once more: nothing is done twice by either
        expected_code = 1 if command[0] == "nightly" else 0  # the wrong date is found
        assert (command, execute(list(command))) == (command, expected_code)
    assert scheduled.wait(120) == 0
    found, expected = told(by_cron), told(by_flows)
    assert {name: len(found[name]) for name in SEEN} == SEEN
    assert [name for name in ("reminder", "message", "delivery", "nightly_step") if not found[name]] == []
    for name in expected:
        assert found[name] == expected[name], name
    assert len(files(by_cron)) == 4  # three workbooks and the paper
    assert files(by_cron) == files(by_flows)
