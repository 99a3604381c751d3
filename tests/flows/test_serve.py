"""One command runs everything, proves it by a scheduled run, makes documents, and leaves nothing behind."""

import os
import signal
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from cases.backlog import backlog
from cases.bulk_runs import Choice, RunView, run_view, start_run
from cases.runs import runs_of_case
from cases.tables import Document, Outbox
from tests.flows.conftest import Product, launch, wait_for
from tests.modes.story import walk_to
from tests.world import NOW, settle

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_whole_product_schedules_renders_and_survives_a_kill(product: Product) -> None:
    world = settle(product.db)
    case_id = world.case()
    walk_to(world, case_id, "take_effect")  # Prefect's server is still coming up

    runs = wait_for(
        "a scheduled run of the daily reminder",
        lambda: product.prefect(
            "/flow_runs/filter",
            {
                "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}},
                "flows": {"name": {"any_": ["期限提醒"]}},
            },
        ),
    )
    assert runs[0]["expected_start_time"][11:16] == "00:00"  # eight o'clock in Shanghai

    def settled() -> bool:
        with product.db.read() as session:
            counts = backlog(session)
        return not counts

    wait_for("the outbox to be empty", settled)
    with product.db.read() as session:
        documents = session.exec(select(Document).where(Document.case_id == case_id)).all()
    newest = {document.kind: document for document in sorted(documents, key=lambda d: d.version)}
    assert {kind: document.error for kind, document in newest.items() if document.error} == {}
    assert {kind: document.status for kind, document in newest.items()} == dict.fromkeys(newest, "ready")
    assert {"contract", "filing_form", "filing_pack"} <= set(newest)
    assert newest["contract"].pages >= 8
    assert not newest["contract"].draft
    tagged = {"flow_runs": {"tags": {"all_": ["case:ZH2026-00001"]}}}

    def completed() -> bool:
        return {run["state"]["type"] for run in product.prefect("/flow_runs/filter", tagged)} == {"COMPLETED"}

    wait_for("Prefect to hear that the runs of the case are completed", completed)
    case_runs = product.prefect("/flow_runs/filter", tagged)
    with product.db.read() as session:
        ledger = runs_of_case(session, world.org_id, case_id, datetime.now(UTC))
        done = session.exec(select(Outbox.flow_run_id).where(Outbox.case_id == case_id)).all()
    assert {run.state for run in ledger} == {"done"}
    assert {run["id"] for run in case_runs} == {run.id for run in ledger} == set(done)
    assert newest["filing_pack"].flow_run_id in {run["id"] for run in case_runs}

    run_id = start_run(product.db, world.person("officer"), "approval_form", Choice(), NOW)

    def bulk() -> RunView:
        with product.db.read() as session:
            return run_view(session, world.org_id, run_id)

    wait_for("the bulk run", lambda: bulk().status == "done")
    assert bulk().counts["unchanged"] + bulk().counts["made"] == 1
    (named,) = product.prefect("/flow_runs/filter", {"flows": {"name": {"any_": ["批量文书"]}}})
    assert (named["name"], named["parameters"]) == (f"批量文书 #{run_id}", {"run_id": run_id})

    children = product.children()
    assert len(children) == 2
    os.kill(children[0], signal.SIGKILL)
    wait_for("a killed child to be started again", lambda: len(set(product.children()) - set(children)) == 1)
    owned = product.children()
    product.process.send_signal(signal.SIGKILL)
    product.process.wait(10)
    wait_for("no orphan after SIGKILL", lambda: not any(map(_is_alive, owned)), 40)


def test_restart_keeps_everything_and_stops_cleanly(tmp_path: Path) -> None:
    first = launch(tmp_path / "home")
    world = settle(first.db)
    case_id = world.case()
    children = wait_for("both children", lambda: len(first.children()) == 2 and first.children())
    first.process.send_signal(signal.SIGINT)
    assert first.process.wait(40) == 0
    assert not any(map(_is_alive, children))

    started = time.monotonic()
    second = launch(tmp_path / "home")
    try:
        assert time.monotonic() - started < 30
        walk_to(world, case_id, "clear_title")
    finally:
        second.process.send_signal(signal.SIGTERM)
        second.process.wait(40)
