"""Which processes are alive: said in the record, so that every desk knows of every machine."""

import os
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta

from sqlmodel import select

from cases.db import Database
from cases.heartbeats import BEAT, SILENT, processes, product_version, say_state, standing
from cases.process_table import Process
from cases.processes import is_gone, this_process

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def seen(db: Database, now: datetime) -> list[tuple[str, str]]:
    with db.read() as session:
        return [(one.kind, one.state) for one in processes(session, now)]


def worker_state(db: Database, now: datetime) -> str:
    with db.read() as session:
        return standing(session, "worker", now)


def test_a_process_has_one_row_that_tells_who_and_how(any_db: Database) -> None:
    say_state(any_db, "worker", "starting", NOW)
    say_state(any_db, "worker", "running", NOW + BEAT)
    with any_db.read() as session:
        (found,) = processes(session, NOW + BEAT)
    assert (found.host, found.pid, found.version) == (socket.gethostname(), os.getpid(), product_version())
    assert (found.state, found.started_at, found.seen_at, found.is_alive) == (
        "running",
        NOW,
        NOW + BEAT,
        True,
    )


def test_who_falls_silent_is_lost(any_db: Database) -> None:
    say_state(any_db, "worker", "running", NOW)
    assert (seen(any_db, NOW + SILENT), worker_state(any_db, NOW + SILENT)) == (
        [("worker", "running")],
        "running",
    )
    later = NOW + SILENT + timedelta(seconds=1)
    assert (seen(any_db, later), worker_state(any_db, later)) == ([("worker", "lost")], "stopped")


def test_one_running_worker_of_many_is_enough(any_db: Database) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        say_state(any_db, "worker", "running", NOW, pid=other.pid)
        say_state(any_db, "worker", "stopped", NOW)
        say_state(any_db, "desk", "running", NOW, pid=os.getppid())
        assert seen(any_db, NOW) == [("desk", "running"), ("worker", "stopped"), ("worker", "running")]
        assert worker_state(any_db, NOW) == "running"
        other.communicate(b"\n", timeout=10)


def test_rows_of_the_long_gone_are_thrown_away_at_a_start(any_db: Database) -> None:
    say_state(any_db, "desk", "running", NOW, pid=os.getppid())
    say_state(any_db, "worker", "starting", NOW + timedelta(days=2))
    with any_db.read() as session:
        assert session.exec(select(Process.kind)).all() == ["worker"]


def test_a_process_is_gone_once_it_has_ended_and_its_number_may_return() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        name = this_process(other.pid)
        assert not is_gone(name)
        other.communicate(b"\n", timeout=10)
    machine, _, _ = name.partition(":")
    assert is_gone(name)
    assert not is_gone(this_process())
    assert is_gone(f"{machine}:{os.getpid()}:1")  # a later process with the number of an earlier one


def test_nothing_is_known_of_another_machine_of_the_same_name() -> None:
    assert not is_gone(f"{socket.gethostname()}~00000000:1:1")
