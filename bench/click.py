"""An officer's click: from the HTTP request that asks for a document to the start of its flow run.

Run: python -m bench.click [CLICKS]

Starts the whole product on a temporary home, with Prefect's server and a worker, and asks for one document after another
over the API. A run has started when the record's ledger of runs says so; the ledger is written in the body of the flow,
after Prefect has accepted the run.
"""

import json
import signal
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import Request, urlopen

from cases.db import Database
from cases.people import make_api_token
from cases.schema import upgrade
from tests.flows.conftest import Product, launch, wait_for
from tests.modes.story import walk_to
from tests.world import settle

CLICKS = 30
LOOK_SECONDS = 0.005
FOUND = "SELECT started_at FROM flow_run WHERE outbox_id = (SELECT MAX(id) FROM outbox)"
RUNNING = "SELECT COUNT(*) FROM outbox WHERE status IN ('pending', 'running')"
IDLE_SECONDS = 20.0


def main(clicks: int) -> None:
    """Print the distribution over some clicks, and what the idle product costs."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        upgrade(Database(f"sqlite:///{home / 'panhuo.db'}"))
        product = launch(home)
        try:
            measure(product, clicks)
        finally:
            product.process.send_signal(signal.SIGTERM)
            product.process.wait(60)
            product.db.dispose()


def measure(product: Product, clicks: int) -> None:
    """Click, wait for the run to start and to end, and click again."""
    world = settle(product.db)
    case_id = world.case()
    walk_to(world, case_id, "clear_title")
    token = make_api_token(product.db, world.person("officer"), "bench")
    click(product, token, case_id)  # the first pays for what is loaded once
    wait_for("the first run", lambda: _nothing_waits(product.db), 180)
    took = sorted(click(product, token, case_id) for _ in range(clicks))
    print(
        f"{clicks} clicks to the started run: median {statistics.median(took) * 1000:.0f} ms, "
        f"90 of 100 under {took[int(clicks * 0.9) - 1] * 1000:.0f} ms, longest {took[-1] * 1000:.0f} ms"
    )
    worker = next(pid for pid in product.children() if "flows.worker" in _command(pid))
    before = _processor_seconds(worker)
    time.sleep(IDLE_SECONDS)
    print(f"idle worker: {100 * (_processor_seconds(worker) - before) / IDLE_SECONDS:.1f} % of one core")


def click(product: Product, token: str, case_id: int) -> float:
    """Ask for a document; return the seconds until its flow run has started, and wait for its end."""
    body = json.dumps({"kind": "publicity_notice"}).encode()
    request = Request(
        f"{product.settings.base_url}/api/v1/cases/{case_id}/documents", body,
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )  # fmt: skip
    clicked = datetime.now(UTC)
    with urlopen(request, timeout=30):
        pass
    end = time.monotonic() + 60
    while (started := _started(product.db)) is None:
        if time.monotonic() > end:
            raise SystemExit("a click was not followed by a run within a minute")
        time.sleep(LOOK_SECONDS)
    wait_for("the run to end", lambda: _nothing_waits(product.db), 120)
    return (started - clicked).total_seconds()


def _started(db: Database) -> datetime | None:
    with db.looking() as cur:
        row = cur.one(FOUND)
    return datetime.fromisoformat(str(row[0])).replace(tzinfo=UTC) if row else None


def _nothing_waits(db: Database) -> bool:
    with db.looking() as cur:
        return int(cur.one(RUNNING)[0]) == 0


def _command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else CLICKS)
