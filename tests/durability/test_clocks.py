"""A clock that jumps: a day ahead, an hour back. Nothing is done twice, and nothing waits for the lost hour for ever."""

import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import orjson
import pytest

from bench.durability.findings import rows
from cases.advance import advance
from cases.db import Database
from cases.outbox import LEASE, claim, extend, finish
from cases.papers import render_document, request_document
from cases.people import make_sign_in_link, person_of_session, sign_in_by_link
from cases.reminders import remind
from cases.settings import ROOT, Settings
from cases.trail import verify
from tests.cases.test_bulk_runs import Printer
from tests.modes.story import walk_to
from tests.world import NOW, TODAY, World

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def asked_for(world: World) -> int:
    """A document that waits, alone in the outbox."""
    case_id = world.case()
    walk_to(world, case_id, "edit_terms")
    with world.db.cursor() as cur:
        cur.run("UPDATE outbox SET status = 'done'")
    return request_document(world.db, world.person("officer"), case_id, "approval_form", now=NOW)


def test_a_jump_ahead_lets_a_second_worker_in_and_the_paper_is_one(any_world: World, tmp_path: Path) -> None:
    """The lease of a worker that lives is over for one whose clock is a day ahead: both work, one result stands."""
    db, settings = any_world.db, Settings(home=tmp_path, database_url=str(any_world.db.url))
    document_id, printer = asked_for(any_world), Printer()
    (first,) = claim(db, NOW)
    (second,) = claim(db, NOW + DAY)
    for now in (NOW + DAY, NOW):
        render_document(db, settings, printer, document_id, now)
    finish(db, second, NOW + DAY)
    finish(db, first, NOW)
    extend(db, [first], NOW)
    assert rows(db, "SELECT status, attempts FROM outbox WHERE status <> 'done' OR attempts > 0") == [
        ("done", 2)
    ]
    assert rows(db, "SELECT count(*) FROM document WHERE kind = 'approval_form' AND status = 'ready'") == [
        (1,)
    ]
    assert len(printer.printed) == 1


def test_a_jump_back_delays_by_no_more_than_the_jump(any_world: World) -> None:
    """A row that was claimed before the jump is free when its lease is over by the clock as it is then."""
    asked_for(any_world)
    assert len(claim(any_world.db, NOW)) == 1
    back = NOW - HOUR
    assert claim(any_world.db, back) == ()
    assert len(claim(any_world.db, back + HOUR + LEASE)) == 1


def test_reminders_are_neither_lost_nor_doubled_by_a_jump(any_world: World) -> None:
    walk_to(any_world, any_world.case(), "post_publicity")
    on = TODAY + timedelta(days=22)
    ahead = remind(any_world.db, on + DAY, NOW + DAY)
    back = remind(any_world.db, on, NOW)
    again = remind(any_world.db, on + DAY, NOW + DAY)
    assert (ahead.messages, back.messages, again.messages) == (1, 0, 0)


def test_a_step_after_a_jump_back_keeps_the_trail_whole(any_world: World) -> None:
    """The legal day is refused where it would contradict; the moment of writing is what the clock said."""
    case_id = any_world.case()
    officer, payload = any_world.person("officer"), {"checked_on": TODAY.isoformat(), "evidence": "副本"}
    advance(
        any_world.db,
        case_id,
        "clear_title",
        officer,
        payload,
        expected_version=1,
        today=TODAY,
        now=NOW - HOUR,
    )
    with any_world.db.read() as session:
        assert verify(session).breaks == ()


def test_sessions_end_after_a_jump_ahead_and_begin_anew(world: World) -> None:
    token = make_sign_in_link(world.db, world.person("officer").id, now=NOW)
    signed = sign_in_by_link(world.db, token, now=NOW)
    with world.db.read() as session:
        found = person_of_session(session, signed.token, now=NOW - HOUR)
        assert found is not None
        assert found[0].login == "officer"
        assert person_of_session(session, signed.token, now=NOW + DAY) is None


@pytest.mark.skipif(shutil.which("faketime") is None, reason="faketime is not installed")
def test_the_command_line_under_a_moved_clock(world: World, tmp_path: Path) -> None:
    """Processes whose clocks differ by a month sweep the same record, the later one first."""
    walk_to(world, world.case(), "post_publicity")
    url = f"sqlite:///{world.db.url.database}"
    environment = {
        **os.environ,
        "PANHUO_HOME": str(tmp_path),
        "PANHUO_DATABASE_URL": url,
        "PYTHONPATH": str(ROOT),
    }

    def swept(moment: str) -> int:
        command = ["faketime", "-f", f"@{moment}", sys.executable, "-m", "desk.cli", "remind", "--json"]
        ran = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
        return int(orjson.loads(ran.stdout)["messages"])

    world.db.dispose()
    assert [swept("2026-03-24 02:00:00"), swept("2026-03-23 02:00:00"), swept("2026-03-24 03:00:00")] == [
        1,
        0,
        0,
    ]
    db = Database(url)
    with db.read() as session:
        assert verify(session).breaks == ()
    db.dispose()
