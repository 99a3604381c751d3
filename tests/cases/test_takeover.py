"""What a worker had in hand when it ended goes to another: at once on its own machine, soon on the others."""

import subprocess
import sys
from datetime import timedelta

import pytest

from cases.heartbeats import SILENT
from cases.outbox import claim, put
from cases.processes import this_process
from cases.runs import About, begin_run
from cases.takeover import take_over
from tests.world import NOW, World

FAR = "elsewhere~00000000:17:4711"
SEEN = (
    "INSERT INTO process (name, kind, host, pid, version, state, started_at, seen_at) "
    "VALUES (?, 'worker', 'elsewhere', 17, '', 'running', ?, ?)"
)


@pytest.fixture
def held(any_world: World) -> World:
    """A row of the outbox that some worker has claimed for its run."""
    with any_world.db.cursor() as cur:
        put(cur, any_world.org_id, "register", "register:1", {"import_id": 1}, NOW)
    (work,) = claim(any_world.db, NOW, run_id="run-1")
    begin_run(any_world.db, "run-1", About("登记入库", outbox_id=work.id), NOW)
    return any_world


def left_to(world: World, host: str) -> None:
    with world.db.cursor() as cur:
        cur.run("UPDATE flow_run SET host = ? WHERE id = 'run-1'", host)


def test_a_worker_that_lives_keeps_what_it_has(held: World) -> None:
    assert take_over(held.db, NOW) == 0
    assert claim(held.db, NOW) == ()


def test_a_worker_that_ended_here_leaves_its_rows_at_once(held: World) -> None:
    with subprocess.Popen([sys.executable, "-c", "pass"]) as other:
        left_to(held, this_process(other.pid))
        other.wait(10)
    assert (take_over(held.db, NOW), take_over(held.db, NOW)) == (1, 0)
    assert [work.attempts for work in claim(held.db, NOW)] == [2]


def test_a_worker_of_another_machine_leaves_its_rows_when_it_falls_silent(held: World) -> None:
    left_to(held, FAR)
    assert take_over(held.db, NOW) == 0  # it never spoke: its lease alone counts
    with held.db.cursor() as cur:
        cur.run(SEEN, FAR, cur.moment(NOW), cur.moment(NOW))
    assert take_over(held.db, NOW + SILENT) == 0
    late = NOW + SILENT + timedelta(seconds=1)
    assert take_over(held.db, late) == 1
    assert len(claim(held.db, late)) == 1
