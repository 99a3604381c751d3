"""Sweeps at the same time, broken off in the middle, and repeated: every line once, and none lost."""

import signal
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

import orjson
import pytest

from cases.db import Database
from cases.reminder_ledger import Sweep, tell
from cases.reminders import RemindReport, preview, remind
from tests.cases.dump import execute, fail_on_insert
from tests.modes.story import walk_to
from tests.world import World

ON = date(2026, 6, 1)
MOMENT = datetime(2026, 6, 1, 1, tzinfo=UTC)
SWEEPER = """
import sys
from datetime import UTC, date, datetime
from cases.db import Database
from cases.reminders import remind
print("ready", flush=True)
sys.stdin.readline()
report = remind(Database(sys.argv[1]), date(2026, 6, 1), datetime(2026, 6, 1, 1, tzinfo=UTC), mail=True)
print(report.reminders, flush=True)
"""
ROWS = 60


def crowded(world: World) -> None:
    """Sixty deadlines of one case that are due alike, of six officers in turn."""
    case_id = world.case()
    walk_to(world, case_id, "take_effect")
    execute(world.db, "UPDATE deadline SET status = 'dropped' WHERE key <> 'license_filing'")
    for number in range(5):
        execute(
            world.db,
            "INSERT INTO app_user (org_id, login, name, email, role, password_hash, language, active, feed_hash, "
            f"failed_sign_ins, created_at) VALUES ({world.org_id}, 'o{number}', '转化专员', 'o@example.invalid', 'officer', "
            "'', 'zh', TRUE, '', 0, '2026-03-01 00:00:00+00:00')",
        )
    with world.db.cursor() as cur:
        owners = [row[0] for row in cur.all("SELECT id FROM app_user WHERE role = 'officer' ORDER BY id")]
        names = ", ".join(f'"{name}"' for name in _columns() if name not in ("id", "key", "owner_id"))
        for number in range(ROWS - 1):
            cur.run(
                f"INSERT INTO deadline ({names}, key, owner_id) SELECT {names}, ?, ? FROM deadline "
                "WHERE key = 'license_filing' AND status = 'open'",
                f"payment:{number}", owners[number % len(owners)],
            )  # fmt: skip


def _columns() -> list[str]:
    from cases.tables import Deadline

    return list(Deadline.metadata.tables["deadline"].columns.keys())


def check_once(world: World) -> None:
    """Every deadline is told to its owner once, in one message, and each person has one message and one letter."""
    with world.db.cursor() as cur:
        rows = cur.all(
            "SELECT r.deadline_id, r.rung, r.covered_by, r.user_id, d.owner_id, r.message_id, m.user_id, d.next_on "
            "FROM reminder r JOIN deadline d ON d.id = r.deadline_id JOIN message m ON m.id = r.message_id"
        )
        kept = cur.all("SELECT user_id, lines FROM message WHERE kind = 'reminder'")
        letters = cur.all("SELECT key FROM outbox WHERE topic = 'mail'")
        sent = cur.all("SELECT message_id, channel FROM delivery")
    told = Counter((row[0], row[1]) for row in rows)
    assert (len(told), set(told.values())) == (2 * ROWS, {1})
    assert all(user == owner == reader for *_, user, owner, _, reader, _ in rows)
    assert {str(row[7]) for row in rows} == {"2026-06-24"}
    lines = [line for _, text in kept for line in orjson.loads(text)]
    assert sum(line.get("count", 1) for line in lines) == ROWS
    readers = [user for user, _ in kept]
    assert (len(readers), len(set(readers)), len(letters)) == (6, 6, 6)
    assert Counter(channel for _, channel in sent) == {"inbox": 6, "mail": 6}


def test_sweepers_at_once_tell_every_line_once(any_world: World) -> None:
    crowded(any_world)
    start = Barrier(4)

    def sweep(_: int) -> RemindReport:
        start.wait()
        return remind(any_world.db, ON, MOMENT, mail=True)

    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(sweep, range(4)))
    assert (sum(one.reminders for one in reports), sum(one.messages for one in reports)) == (ROWS, 6)
    check_once(any_world)


def test_processes_at_once_tell_every_line_once(any_world: World) -> None:
    crowded(any_world)
    sweepers = [_process(any_world.db) for _ in range(3)]
    told = [_finish(one) for one in [*map(_begin, sweepers)]]
    assert sum(told) == ROWS
    check_once(any_world)


@pytest.mark.parametrize("rows", [2, 17])
def test_killed_sweep_is_completed_by_the_next(any_world: World, rows: int) -> None:
    """The process is killed while it writes a person's message: what it committed stays, the rest is told next."""
    crowded(any_world)
    killed = subprocess.Popen(
        [sys.executable, "-c", KILLED, _address(any_world.db), str(rows)], stdout=subprocess.PIPE, text=True
    )
    killed.communicate(timeout=60)
    assert killed.returncode == -signal.SIGKILL
    with any_world.db.cursor() as cur:
        (before,) = cur.one("SELECT COUNT(*) FROM reminder")
        half = cur.all(
            "SELECT id FROM message m WHERE NOT EXISTS (SELECT 1 FROM reminder r WHERE r.message_id = m.id)"
        )
    assert (before < 2 * ROWS, half) == (True, [])
    remind(any_world.db, ON, MOMENT, mail=True)
    check_once(any_world)


KILLED = """
import os, signal, sys
from datetime import UTC, date, datetime
from cases.db import Cursor, Database
from cases.reminders import remind
left = int(sys.argv[2])
run = Cursor.run
def counted(self, sql, *values):
    global left
    if sql.startswith(("INSERT", "UPDATE", "WITH")):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
    run(self, sql, *values)
Cursor.run = counted
remind(Database(sys.argv[1]), date(2026, 6, 1), datetime(2026, 6, 1, 1, tzinfo=UTC), mail=True, batch=15)
"""


def test_message_that_cannot_be_queued_leaves_nothing(any_world: World) -> None:
    crowded(any_world)
    fail_on_insert(any_world.db, "delivery")
    with pytest.raises(Exception, match="boom"):
        remind(any_world.db, ON, MOMENT, mail=True)
    with any_world.db.cursor() as cur:
        left = [cur.one(f"SELECT COUNT(*) FROM {table}")[0] for table in ("reminder", "message", "outbox")]
    assert left[:2] == [0, 0]


def test_deadline_met_while_the_sweep_reads_is_not_told(any_world: World) -> None:
    crowded(any_world)
    ((_, found),) = preview(any_world.db, ON)
    execute(any_world.db, "UPDATE deadline SET status = 'met' WHERE key <> 'license_filing'")
    written = tell(Sweep(any_world.db, any_world.org_id, ON, MOMENT, mail=False), found.lines)
    assert (written.lines, written.covered, written.messages) == (1, 1, 1)


def _address(db: Database) -> str:
    return db.url.render_as_string(hide_password=False)


def _process(db: Database) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SWEEPER, _address(db)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _begin(process: subprocess.Popen[str]) -> subprocess.Popen[str]:
    assert process.stdout and process.stdout.readline() == "ready\n"
    assert process.stdin
    process.stdin.write("\n")
    process.stdin.flush()
    return process


def _finish(process: subprocess.Popen[str]) -> int:
    told, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return int(told)
