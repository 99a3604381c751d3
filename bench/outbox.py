"""The outbox: rows a second through claim, work and finish, on SQLite and PostgreSQL, beside rows taken one by one.

Run: python -m bench.outbox [ROWS] [STORED]

The work of a row is the product's own: the notice of an approval that has been given meanwhile, which reads the case and
finds nothing left to do. Every row belongs to a case of its own. STORED finished rows (100,000 unless told) lie there
already, as in a record of some age.
"""

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from bench.databases import fresh, postgres
from cases.backlog import backlog_by_topic
from cases.db import Database
from cases.outbox import claim
from cases.schema import upgrade
from cases.settings import Settings
from contracts.pool import RenderPool
from flows.carrying import hand_on, hand_on_batch, new_run_id
from flows.work import Workshop
from tests.world import NOW, settle

ROWS = 5_000
STORED = 100_000
PIECE = 10_000
ALONE = 300  # rows taken one by one; more would only take longer
INSERT = (
    "INSERT INTO outbox (org_id, case_id, topic, key, payload, status, attempts, error, flow_run_id, created_at, "
    "available_at, finished_at) VALUES (?, ?, 'notify_approvers', ?, ?, ?, 0, '', '', ?, ?, ?)"
)
COPY_CASE = "SELECT {} FROM conversion_case WHERE id = ?"


def main(rows: int, stored: int) -> None:
    """Print the figures of both databases."""
    with tempfile.TemporaryDirectory() as folder:
        db = Database(f"sqlite:///{folder}/panhuo.db")
        measure("SQLite", db, rows, stored, Path(folder))
        db.dispose()
    with (
        tempfile.TemporaryDirectory(prefix="panhuo-bench-") as folder,
        postgres(Path(folder)) as address,
        fresh(address) as db,
    ):
        measure("PostgreSQL", db, rows, stored, Path(folder))


def measure(name: str, db: Database, rows: int, stored: int, folder: Path) -> tuple[float, float]:
    """Fill a database, hand its rows on both ways, and return rows a second: in one run, and one by one."""
    upgrade(db)
    shop = Workshop(db, Settings(home=folder, database_url=""), RenderPool(folder, processes=1))
    fill(db, rows + min(ALONE, rows), stored)
    alone = min(ALONE, rows)
    started = time.monotonic()
    for _ in range(alone):
        (work,) = claim(db, shop.clock(), 1)
        hand_on(shop, work, new_run_id())
    single = alone / (time.monotonic() - started)
    started, done = time.monotonic(), Counter[str]()
    while found := hand_on_batch(shop, "notify_approvers", new_run_id()):
        done += found
    together = done["done"] / (time.monotonic() - started)
    if done != {"done": rows}:
        raise SystemExit(f"{name}: {dict(done)} instead of {rows} done")
    started = time.monotonic()
    with db.read() as session:
        backlog_by_topic(session, shop.clock())
    asked = (time.monotonic() - started) * 1000
    print(
        f"{name}: {together:.0f} rows/s in one run, {single:.0f} rows/s one by one ({together / single:.1f} times); "
        f"{stored} finished rows stored; backlog asked in {asked:.1f} ms"
    )
    return together, single


def fill(db: Database, waiting: int, stored: int) -> None:
    """Put rows that wait, each of a case of its own, behind rows that were done."""
    world = settle(db)
    first = world.case()
    cases = _cases_like(db, first, waiting)
    for start in range(0, stored, PIECE):
        _put(db, world.org_id, [first] * min(PIECE, stored - start), start, "done")
    for start in range(0, waiting, PIECE):
        _put(db, world.org_id, cases[start : start + PIECE], stored + start, "pending")
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _cases_like(db: Database, case_id: int, count: int) -> list[int]:
    """Add cases like one, under other numbers, and return them."""
    with db.cursor() as cur:
        cur.run(COPY_CASE.format("*"), case_id)
        names = [column[0] for column in cur.raw.description or ()]
        row = dict(zip(names, cur.raw.fetchone() or (), strict=True))
        del row["id"]
        places = ", ".join("?" * len(row))
        cur.many(
            f"INSERT INTO conversion_case ({', '.join(row)}) VALUES ({places})",  # noqa: S608  column names
            [tuple({**row, "number": f"BENCH-{number}"}.values()) for number in range(count)],
        )
        found = cur.all("SELECT id FROM conversion_case WHERE number LIKE 'BENCH-%' ORDER BY id")
    return [int(id_) for (id_,) in found]


def _put(db: Database, org_id: int, cases: list[int], first: int, status: str) -> None:
    with db.cursor() as cur:
        moment = cur.moment(NOW)
        finished = moment if status == "done" else None
        cur.many(
            INSERT,
            [
                (org_id, case_id, f"bench:{first + number}", f'{{"case_id":{case_id},"seq":1}}', status, moment,
                 moment, finished)
                for number, case_id in enumerate(cases)
            ],
        )  # fmt: skip


if __name__ == "__main__":
    main(*(int(text) for text in (sys.argv[1:] + [str(ROWS), str(STORED)][len(sys.argv) - 1 :])))
