"""Without Prefect: cron's commands leave the same record as the flows do, row by row, and the same stored files."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cases.bouncing import PURPOSE
from cases.db import Database
from cases.delivering import queue_deliveries
from cases.seals import seal_of
from cases.settings import ROOT, Settings
from cases.tokens import signed, token_key
from desk.cli import execute
from tests.cases.copies import copy_of, files, told
from tests.cases.dump import execute as run_sql
from tests.cases.test_delivering import write_message
from tests.exchange.test_bounces import Mailbox, imap_server, notice
from tests.flows.by_schedule import WAYS
from tests.modes.story import walk_to
from tests.world import NOW, settle

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]
# How many rows are there afterwards: it is not nothing that both have done.
SEEN = {"review_item": 1, "report": 4, "flow_run": 2, "mail_address": 1}
SENT = "UPDATE delivery SET status = 'sent', recipient = 'officer@example.invalid' WHERE channel = 'mail' AND id = 2"
DEAD = "UPDATE outbox SET status = 'dead', attempts = 6 WHERE key = 'mail:2'"


@pytest.fixture
def homes(migrated: Path, tmp_path: Path) -> tuple[Path, Path, bytes]:
    """Two homes with copies of one record, and a notice of a letter that came back.

    Deadlines are near and over, feedback is owed, papers were asked for, a date is wrong, and workers died over a letter.
    """
    seed = tmp_path / "seed"
    seed.mkdir()
    shutil.copy(migrated, seed / "panhuo.db")
    db = Database(f"sqlite:///{seed / 'panhuo.db'}", synchronous="OFF")
    world = settle(db)
    walk_to(world, world.case(), "record_filing")
    with db.cursor() as cur:
        for _ in range(2):
            queue_deliveries(cur, write_message(cur, world), NOW, mail=True)
    back = notice(signed(token_key(db, NOW), PURPOSE, 2))
    seal_of(db, Settings(home=seed, database_url=str(db.url)), world.org_id, now=NOW)
    run_sql(
        db,
        "UPDATE deadline SET due = '2026-07-02' WHERE key = 'license_filing'",
        DEAD,
        "DELETE FROM outbox WHERE topic <> 'notify_approvers' AND key NOT IN ('render:1', 'mail:2')",
        SENT,
    )
    db.dispose()
    return copy_of(seed, tmp_path / "flows"), copy_of(seed, tmp_path / "cron"), back


def read_bounces_at(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "USER": "bounces",
        "PASSWORD": "right",
        "TLS": "no",
    }.items():
        monkeypatch.setenv(f"PANHUO_BOUNCE_IMAP_{name}", value)


def test_commands_of_cron_do_what_flows_do(
    homes: tuple[Path, Path, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    by_flows, by_cron, back = homes
    with imap_server(Mailbox([back])) as of_flows, imap_server(Mailbox([back])) as of_cron:
        run_both_ways((by_flows, of_flows), (by_cron, of_cron), monkeypatch)
    found, expected = told(by_cron), told(by_flows)
    assert {name: len(found[name]) for name in SEEN} == SEEN
    assert [name for name in ("reminder", "message", "delivery", "nightly_step") if not found[name]] == []
    letters = [row["status"] for row in found["delivery"] if row["channel"] == "mail"]
    assert letters == ["bounced", "failed"]
    for name in expected:
        assert found[name] == expected[name], name
    assert len(files(by_cron)) == 5  # four workbooks and the paper
    assert files(by_cron) == files(by_flows)


def run_both_ways(flows: tuple[Path, int], cron: tuple[Path, int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Run everything twice in each home, whose letters come back to a mailbox at its port."""
    monkeypatch.delenv("PANHUO_DATABASE_URL", raising=False)
    monkeypatch.setenv("PANHUO_HOME", str(flows[0]))
    read_bounces_at(flows[1], monkeypatch)
    monkeypatch.setenv("PREFECT_LOGGING_LEVEL", "WARNING")
    scheduled = subprocess.Popen([sys.executable, "-m", "tests.flows.by_schedule"], cwd=ROOT)
    monkeypatch.setenv("PANHUO_HOME", str(cron[0]))
    read_bounces_at(cron[1], monkeypatch)
    for _, command in (*WAYS, *WAYS):  # once, and once more: nothing is done twice by either
        expected_code = 1 if command[0] == "nightly" else 0  # the wrong date is found
        assert (command, execute(list(command))) == (command, expected_code)
    assert scheduled.wait(120) == 0
