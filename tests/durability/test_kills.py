"""The product under a few SIGKILLs, seeded and bounded; `python -m bench.durability` does it hundreds of times."""

from dataclasses import replace
from pathlib import Path

import pytest

from bench.durability.findings import examine
from bench.durability.office import prepare
from bench.durability.officers import Done, Log
from bench.durability.runs import Ordeal, Outcome, endure
from cases.db import Database
from cases.settings import Settings

SMALL = Ordeal(
    kills=5,
    seed=7,
    officers=2,
    cases=8,
    think=0.3,
    full=0.0,
    pause=1.0,
    desks=1,
    workers=1,
    renderer_kills=False,
)
pytestmark = pytest.mark.xdist_group("engine")


def nothing_lost(outcome: Outcome) -> None:
    assert outcome.findings.broken == []
    assert sum(outcome.kills.values()) >= SMALL.kills
    assert outcome.acknowledged["step"] > 0


def test_kills_on_sqlite(tmp_path: Path) -> None:
    nothing_lost(endure(SMALL, tmp_path, ""))


@pytest.mark.postgres
def test_kills_on_postgresql(postgres: Database, tmp_path: Path) -> None:
    nothing_lost(endure(SMALL, tmp_path, postgres.url.render_as_string(hide_password=False)))


def test_a_loss_would_be_found(db: Database, tmp_path: Path) -> None:
    """Each fault is put into a clean record by hand, and named."""
    office, settings = prepare(db, 1), Settings(home=tmp_path, database_url=str(db.url))
    log = Log()
    assert examine(office, log, settings, log.asked_again).broken == []
    lost = Done("step", "k", office.officers[0].person.id, office.cases[0], "clear_title", {"version": 2})
    opened = replace(lost, what="open", about="新立案1", answer={"id": 99})
    paper = replace(lost, what="document", answer={"id": 7})
    log.done.extend([lost, lost, opened, paper])
    with db.cursor() as cur:
        cur.run(
            "INSERT INTO outbox (org_id, topic, key, payload, status, attempts, error, flow_run_id, created_at, "
            "available_at) VALUES (?, 'mail', 'x', '{}', 'dead', 6, '', '', '2026-01-01', '2026-01-01')",
            office.org_id,
        )
    told = " ".join(examine(office, log, settings, log.asked_again).broken)
    for fault in (
        "acknowledged steps that the trail lacks", "steps answered under one key twice",
        "acknowledged openings that are not there", "papers asked for that are not there", "dead outbox rows",
    ):  # fmt: skip
        assert fault in told
