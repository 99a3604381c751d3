"""The programs under `bench/` still do what they say: each is run once, small, and nothing is timed."""

import sys
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest

from bench import annex, archive, bulk, next_steps, officers, outbox
from bench.advance import on_sqlite, settle
from bench.engines import __main__ as engines
from bench.inbox import measure
from bench.sweep import measure as measure_sweep
from bench.sweep import told as told_sweep
from cases.db import Database
from cases.schema import upgrade
from contracts.annex.table import LONG_FROM
from contracts.pdf import Renderer
from states.catalog import MODES


def test_the_floor_of_a_transition_writes_what_the_product_writes(tmp_path: Path) -> None:
    ratio = on_sqlite(tmp_path, "NORMAL", 1)
    assert ratio > 0


def test_the_inbox_loads_at_once_what_it_loaded_one_by_one(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path}/panhuo.db", synchronous="OFF")
    assert min(measure(db, 6)) > 0
    db.dispose()


def test_the_whole_answer_is_measured_for_every_mode(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path}/panhuo.db", synchronous="OFF")
    upgrade(db)
    found = next_steps.measure(next_steps.burdened(db), 2)
    db.dispose()
    assert set(found) == set(MODES)
    assert next_steps.report(found) > 0


def test_the_product_beside_other_engines_takes_all_their_steps(tmp_path: Path) -> None:
    """The others need a download; what each of them is asked is what the product is asked here."""
    command: list[str | Path] = [sys.executable, "-m", "bench.engines.product"]
    times = engines.timed(command, tmp_path / "panhuo.db", "OFF", 2)
    assert {step: len(took) for step, took in times.items()} == {
        "clear_title": 4, "raise_objection": 4, "resolve_objection": 4,
    }  # fmt: skip
    assert engines.report("OFF", {"panhuo": times, "other": times}) == {"other": 1.0}


def test_the_other_engines_are_pinned_with_hashes_and_no_address() -> None:
    lines = engines.LOCK.read_text(encoding="utf-8").splitlines()
    names = {line.split("==")[0] for line in lines if "==" in line}
    assert names >= {"django-viewflow", "spiffworkflow", "django-fsm-2", "django-fsm-log"}
    assert not any("://" in line or line.startswith("-") for line in lines)
    assert all(line.endswith("\\") for line in lines if "==" in line)


@pytest.mark.postgres
def test_officers_at_once_lose_nothing_and_a_loss_would_be_found(postgres: Database) -> None:
    office = settle(postgres, 3)
    people, cases = officers.hire(office, 6), tuple(office.case() for _ in range(3))
    before = officers.versions(postgres)
    officers.GATHERED[:] = [get_context("spawn").Barrier(1)]
    address = postgres.url.render_as_string(hide_password=False)
    actions = officers.work(officers.Shift(address, people, cases, 0.4, (0.0, 0.01), "test"))
    outcomes = {action.outcome for action in actions}
    assert {officers.DONE, officers.STALE} <= outcomes
    officers.check(postgres, cases, before, actions)
    done = [action for action in actions if action.outcome == officers.DONE]
    for lost in ([replace(done[0], evidence="another"), *done[1:]], [*done, done[0]], done[1:]):
        with pytest.raises(SystemExit):
            officers.check(postgres, cases, before, lost)


def test_a_long_annex_is_measured_on_both_engines() -> None:
    ours, alone, pages, _ = annex.compare(Renderer(), LONG_FROM, 1)
    assert (min(ours, alone) > 0, pages > 12) == (True, True)


def test_a_bulk_run_is_measured_twice(capsys: pytest.CaptureFixture[str]) -> None:
    bulk.main(1)
    assert [line.split("; ")[1] for line in capsys.readouterr().out.splitlines() if ";" in line] == [
        "{'made': 1}", "{'unchanged': 1}",
    ]  # fmt: skip


def test_a_record_is_moved_and_measured(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/panhuo.db"
    archive.fill(url, tmp_path, 40, 1)
    exported = archive.work("export", url, str(tmp_path), str(tmp_path / "1.zip"))
    moved = archive.work(
        "restore", f"sqlite:///{tmp_path}/b.db", str(tmp_path / "b"), str(tmp_path / "1.zip")
    )
    saved = archive.work("backup", url, str(tmp_path), str(tmp_path / "backups"))
    assert exported["rows"] == moved["rows"] == saved["rows"] > 45


def test_the_sweep_tells_what_is_due_and_nothing_else(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path}/panhuo.db", synchronous="OFF")
    rounds = measure_sweep(db, 1000, (0, 40))
    db.dispose()
    assert [(one.report.reminders, one.written) for one in rounds] == [(0, (0, 0, 0)), (40, (40, 80, 40))]
    assert told_sweep("SQLite", rounds[1], 1000).startswith("SQLite: 40 due of 1,000:")


def test_the_outbox_is_measured_in_one_run_and_row_by_row(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path}/panhuo.db", synchronous="OFF")
    assert min(outbox.measure("SQLite", db, 30, 20, tmp_path)) > 0
    db.dispose()
