"""Without Prefect: cron's commands leave the same record as the flows do, row by row, and the same stored files."""

import asyncio
import shutil
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest
from prefect.testing.utilities import prefect_test_harness

from cases.db import Database
from cases.schema import TABLES
from cases.settings import ROOT
from desk.cli import execute
from flows.recheck import recheck
from flows.remind import remind
from flows.report import feedback_batch, monthly_report, yearly_report
from flows.shop import shop
from tests.cases.dump import dump
from tests.cases.dump import execute as run_sql
from tests.modes.story import walk_to
from tests.world import settle

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]
DAY = "2026-05-04"
ON = date.fromisoformat(DAY)

# What a schedule starts, and what a line of the crontab runs in its place.
WAYS: tuple[tuple[Callable[[], Awaitable[Any]], tuple[str, ...]], ...] = (
    (lambda: remind(ON), ("remind", "--on", DAY)),
    (lambda: recheck(ON), ("recheck", "--on", DAY)),
    (lambda: feedback_batch(DAY), ("report", "feedback", "--period", DAY)),
    (lambda: monthly_report("2026-04"), ("report", "monthly", "--period", "2026-04")),
    (lambda: yearly_report("2025"), ("report", "yearly", "--period", "2025")),
)
# What must differ: who ran it and when, and so the hashes over it. Everything else is compared as it is stored.
RUNS = {"flow_run_id": "", "host": "", "holder": "", "prev": "", "hash": "", "trail_head": ""}
LEDGERS = ("flow_run",)


@pytest.fixture(scope="module")
def prefect() -> Iterator[None]:
    """A real Prefect server for the tests of this file."""
    with prefect_test_harness(server_startup_timeout=120):
        yield


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


def test_commands_of_cron_do_what_flows_do(
    prefect: None, homes: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    by_flows, by_cron = homes
    monkeypatch.delenv("PANHUO_DATABASE_URL", raising=False)
    for _ in range(2):  # once, and once more: nothing is done twice by either
        for flow, command in WAYS:
            monkeypatch.setenv("PANHUO_HOME", str(by_flows))
            asyncio.run(_run(flow))
            monkeypatch.setenv("PANHUO_HOME", str(by_cron))
            assert execute(list(command)) == 0, command
    found, expected = _told(by_cron), _told(by_flows)
    assert {name: len(rows) for name, rows in expected.items() if name in SEEN} == SEEN
    for name in expected:
        assert found[name] == expected[name], name
    assert _files(by_cron) == _files(by_flows) != []


# How many rows each of the ways leaves behind; both leave the same, and it is not nothing.
SEEN = {"reminder": 4, "message": 2, "review_item": 1, "report": 3}


async def _run(flow: Callable[[], Awaitable[Any]]) -> None:
    shop.cache_clear()
    place = shop()
    try:
        await flow()
    finally:
        place.close()
        place.db.dispose()
        shop.cache_clear()


def _told(home: Path) -> dict[str, list[dict[str, Any]]]:
    db = Database(f"sqlite:///{home / 'panhuo.db'}")
    rows = dump(db, *LEDGERS)
    db.dispose()
    return {name: [_plain(name, row) for row in stored] for name, stored in rows.items()}


def _plain(table: str, row: tuple[Any, ...]) -> dict[str, Any]:
    """Return a row without what must differ: moments are told by their being there."""
    columns = TABLES.tables[table].columns
    told = {column.name: value for column, value in zip(columns, row, strict=True)}
    for column in columns:
        if column.type.python_type.__name__ == "datetime":
            told[column.name] = told[column.name] is not None
    told |= {name: blank for name, blank in RUNS.items() if name in told}
    if table == "trail":
        body = orjson.loads(told["body"])
        told["body"] = {name: value for name, value in body.items() if name not in ("at", "origin")}
    return told


def _files(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "files").rglob("*") if path.is_file())
