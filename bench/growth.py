"""Two desks and two workers on one PostgreSQL and one file store, driven over HTTP while one worker is killed.

`python -m bench.growth [--store folder|s3] [--cases N] [--short]`. Each process has a home of its own, as on a host of its own;
Prefect's server keeps its own PostgreSQL database. The store is a shared folder, or a simulation of S3 over real HTTP (moto).
For every case officers take two steps, ask for documents and add a file, each request through the other desk than the one
before, with a key, and again until it is answered. A worker is killed with SIGKILL while it has work in hand; scheduled runs are
asked for beside it. Afterwards everything must be done exactly once: the steps in the trail, each document once and whole in the
store, each row of the outbox done, each scheduled run run once; the chains verify from both hosts. Everything is bounded.
"""

import argparse
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from PIL import Image
from sqlmodel import col, func, select

from bench.advance import DAY, payload_of, settle
from bench.databases import fresh, postgres
from bench.hosts import PASSWORD, Host, Hosts, answers, free_port, hosts, wait_for
from cases.db import Database
from cases.file_table import CaseFile
from cases.people import make_api_token
from cases.run_table import FlowRun
from cases.schema import upgrade
from cases.tables import Document, Outbox, TrailEntry
from cases.trail import verify

DOCUMENTS = 2  # for each case
OFFICERS = 6
TRIES = 20
REQUEST_SECONDS = 20.0
SCHEDULED = 4
ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
LEFT_SECONDS = 60.0  # so long a scheduled run that the killed worker had claimed may still end by itself
ON = DAY + timedelta(days=1)


@dataclass
class Load:
    """What the officers asked for, and how long they waited. `asked` counts what was answered as done."""

    asked: Counter[str] = field(default_factory=Counter)
    ms: list[float] = field(default_factory=list)
    again: int = 0


@dataclass(frozen=True)
class Shop:
    """A running installation and the record behind it."""

    db: Database
    place: Hosts
    desks: tuple[Host, Host]
    workers: tuple[Host, Host]
    prefect: httpx.Client
    token: str
    cases: tuple[int, ...]


def officer(shop: Shop, load: Load, case_id: int) -> None:
    """Do everything for one case, each request through the other desk than the one before."""
    turn = case_id
    with httpx.Client(
        timeout=REQUEST_SECONDS, trust_env=False, headers={"Authorization": f"Bearer {shop.token}"}
    ) as client:
        for step in ("raise_objection", "resolve_objection"):
            turn += 1
            version = _asked(shop, client, load, turn, "GET", f"/cases/{case_id}")["version"]
            body = {"payload": payload_of(step, ON), "expected_version": version, "on": ON.isoformat()}
            _asked(
                shop,
                client,
                load,
                turn,
                "POST",
                f"/cases/{case_id}/steps/{step}",
                json=body,
                key=f"{case_id}-{step}",
            )
            load.asked["steps"] += 1
        for number in range(DOCUMENTS):
            turn += 1
            path, key = f"/cases/{case_id}/documents", f"{case_id}-document-{number}"
            _asked(shop, client, load, turn, "POST", path, json={"kind": "approval_form"}, key=key)
            load.asked["documents"] += 1
        files, data = {"file": ("扫描件.png", scan(case_id), "image/png")}, {"kind": "other"}
        _asked(shop, client, load, turn + 1, "POST", f"/cases/{case_id}/files", files=files, data=data)
        load.asked["files"] += 1


def scan(case_id: int) -> bytes:
    """Return a picture that no other case has."""
    target = BytesIO()
    Image.new("RGB", (40, 40), (case_id % 256, case_id // 256, 0)).save(target, "PNG")
    return target.getvalue()


def _asked(
    shop: Shop,
    client: httpx.Client,
    load: Load,
    turn: int,
    method: str,
    path: str,
    key: str = "",
    **rest: object,
) -> dict[str, int]:
    """Ask a desk, and again, until it answers; the key makes a repeated question harmless."""
    headers = {"Idempotency-Key": key} if key else {}
    told = ""
    for number in range(TRIES):
        desk = shop.desks[(turn + number) % 2]
        started = time.perf_counter()
        try:
            answer = client.request(method, f"{desk.url}/api/v1{path}", headers=headers, **rest)  # type: ignore[arg-type]
        except httpx.HTTPError as error:
            told = type(error).__name__
        else:
            load.ms.append((time.perf_counter() - started) * 1000)
            if answer.status_code < 300:
                found: dict[str, int] = answer.json()
                return found
            told = f"{answer.status_code} {answer.text[:300]}"
            if answer.status_code < 500 and answer.status_code != 409:
                break
        load.again += 1
        time.sleep(0.5)
    raise SystemExit(f"{method} {path} was not answered: {told}")


def drive(shop: Shop) -> Load:
    """Let the officers work, a few at a time."""
    load = Load()
    with ThreadPoolExecutor(OFFICERS) as people:
        list(people.map(lambda case_id: officer(shop, load, case_id), shop.cases))
    return load


@dataclass
class Killed:
    """What the killed worker had in hand, and when."""

    at: float
    moment: datetime
    rows: tuple[int, ...]
    done_by: float = 0.0


def kill_one(shop: Shop) -> Killed:
    """Kill the first worker as soon as it has work in hand."""
    rows = wait_for("the first worker to have work in hand", lambda: in_hand(shop, shop.workers[0]))
    shop.workers[0].kill()
    return Killed(time.monotonic(), datetime.now(UTC), rows)


def in_hand(shop: Shop, worker: Host) -> tuple[int, ...]:
    """Return the outbox rows that a worker works on, by the ledger of runs."""
    with shop.db.read() as session:
        query = select(FlowRun.outbox_id).join(Outbox, col(Outbox.id) == col(FlowRun.outbox_id))
        query = query.where(
            FlowRun.state == "running",
            Outbox.status == "running",
            col(FlowRun.host).contains(f":{worker.process.pid}:"),
        )
        return tuple(int(id_ or 0) for id_ in session.exec(query))


def left(shop: Shop, rows: tuple[int, ...] = ()) -> int:
    """Return how many outbox rows, or of these rows, are not done."""
    with shop.db.read() as session:
        query = select(func.count(col(Outbox.id))).where(Outbox.status != "done")
        query = query.where(col(Outbox.id).in_(rows)) if rows else query
        return session.exec(query).one()


def finish(shop: Shop, killed: Killed, seconds: float) -> float:
    """Wait until the outbox is empty; note when the killed worker's rows were done. Return when all was."""

    def is_done() -> bool:
        if not killed.done_by and not left(shop, killed.rows):
            killed.done_by = time.monotonic()
        return bool(killed.done_by) and not left(shop)

    wait_for("the outbox to be empty", is_done, seconds)
    return time.monotonic()


def schedule(shop: Shop) -> list[str]:
    """Ask the work pool for scheduled runs, as its timers do, and return their ids."""
    found = shop.prefect.post(
        "/deployments/filter", json={"deployments": {"name": {"any_": ["每月统计报告"]}}}
    ).json()
    (deployment,) = found
    path = f"/deployments/{deployment['id']}/create_flow_run"
    return [
        shop.prefect.post(path, json={"idempotency_key": f"growth-{n}"}).json()["id"]
        for n in range(SCHEDULED)
    ]


def ran(shop: Shop, run_ids: list[str], killed: Killed, seconds: float) -> tuple[Counter[str], int]:
    """Wait for the scheduled runs and return their states, and how often any was run more than once.

    What the killed worker had claimed and not begun stays with it until the hourly care for Prefect ends it; such a run
    counts as left.
    """

    def is_left(run: dict[str, Any]) -> bool:
        claimed = datetime.fromisoformat(run["state"]["timestamp"])
        return run["state_type"] in ("PENDING", "RUNNING") and claimed < killed.moment

    def ended() -> list[dict[str, Any]]:
        runs = [shop.prefect.get(f"/flow_runs/{run_id}").json() for run_id in run_ids]
        is_late = time.monotonic() > killed.at + LEFT_SECONDS
        is_over = all(run["state_type"] in ENDED or (is_late and is_left(run)) for run in runs)
        return runs if is_over else []

    runs = wait_for("the scheduled runs", ended, seconds)
    states = Counter(run["state_type"] if run["state_type"] in ENDED else "left" for run in runs)
    return states, sum(int(run["run_count"]) > 1 for run in runs)


def check(shop: Shop, load: Load) -> list[str]:
    """Return what is not as it should be: nothing lost, nothing twice, everything whole."""
    count = len(shop.cases)
    wrong = [
        f"asked {load.asked[what]} {what}"
        for what, of_each in (("steps", 2), ("documents", DOCUMENTS), ("files", 1))
        if load.asked[what] != of_each * count
    ]
    with shop.db.read() as session:
        verbs = Counter(
            session.exec(
                select(TrailEntry.verb).where(
                    col(TrailEntry.verb).in_(("raise_objection", "resolve_objection", "file_attached"))
                )
            )
        )
        wrong += [
            f"{verb}: {verbs[verb]} entries for {count} cases"
            for verb in ("raise_objection", "resolve_objection", "file_attached")
            if verbs[verb] != count
        ]
        asked = session.exec(select(Document).where(Document.kind == "approval_form")).all()
        if Counter(row.status for row in asked) != {"ready": DOCUMENTS * count}:
            wrong.append(
                f"documents: {Counter(row.status for row in asked)} instead of {DOCUMENTS * count} ready"
            )
        if len({(row.case_id, row.version) for row in asked}) != len(asked):
            wrong.append("a version of a document stands twice")
        if session.exec(select(func.count(col(CaseFile.id)))).one() != count:
            wrong.append("a file was added twice, or lost")
        statuses = Counter(session.exec(select(Outbox.status)))
        if set(statuses) != {"done"}:
            wrong.append(f"outbox: {dict(statuses)}")
        if breaks := verify(session).breaks:
            wrong.append(f"the record does not verify: {breaks[:3]}")
    for desk in shop.desks:
        said = shop.place.call(desk, "verify")
        if said.returncode:
            wrong.append(f"panhuo verify on {desk.name}: {said.stdout[-300:]}{said.stderr[-500:]}")
    return wrong + fetched_wrong(shop)


def fetched_wrong(shop: Shop) -> list[str]:
    """Download every document from both desks and compare it with the hash in the record."""
    wrong = []
    with shop.db.read() as session:
        rows = session.exec(select(Document.id, Document.case_id, Document.sha256)).all()
    with httpx.Client(
        timeout=REQUEST_SECONDS, trust_env=False, headers={"Authorization": f"Bearer {shop.token}"}
    ) as client:
        for document_id, case_id, digest in rows:
            for desk in shop.desks:
                got = client.get(f"{desk.url}/api/v1/cases/{case_id}/documents/{document_id}/file")
                if sha256(got.content).hexdigest() != digest:
                    wrong.append(f"document {document_id} from {desk.name}: {got.status_code}")
    return wrong


def shares(shop: Shop) -> dict[str, int]:
    """Return how many rows of the outbox each worker has done, by the ledger of runs."""
    with shop.db.read() as session:
        hosts_of = session.exec(
            select(FlowRun.host).where(FlowRun.state == "done", col(FlowRun.outbox_id).is_not(None))
        ).all()
    return {
        worker.name: sum(f":{worker.process.pid}:" in host for host in hosts_of) for worker in shop.workers
    }


@contextmanager
def opened(store: str, count: int) -> Iterator[Shop]:
    """Start everything and end it again."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="panhuo-growth-")))
        address = stack.enter_context(postgres(_made(folder / "database")))
        db, engine_db = (stack.enter_context(fresh(address)) for _ in range(2))
        upgrade(db)
        office = settle(db, count)
        cases = tuple(office.case() for _ in range(count))
        token = make_api_token(db, office.person, "growth")
        port = free_port()
        common = {
            "PANHUO_DATABASE_URL": db.url.render_as_string(hide_password=False).replace("+psycopg", ""),
            "PANHUO_PREFECT_PASSWORD": PASSWORD, "PANHUO_RENDERERS": "1", **_store(stack, store, folder),
        }  # fmt: skip
        place = stack.enter_context(hosts(folder, common))
        place.start(
            "engine",
            "prefect-server",
            PANHUO_PREFECT_PORT=str(port),
            PANHUO_PREFECT_DATABASE_URL=str(engine_db.url.database),
        )
        api = f"http://127.0.0.1:{port}/api"
        elsewhere = {"PANHUO_PREFECT_API_URL": api}
        first, second = (place.start(f"desk-{n}", "serve", "--no-background", **elsewhere) for n in (1, 2))
        one, two = (place.start(f"worker-{n}", "worker", **elsewhere) for n in (1, 2))
        prefect = stack.enter_context(
            httpx.Client(base_url=api, auth=("panhuo", PASSWORD), timeout=30, trust_env=False)
        )
        shop = Shop(db, place, (first, second), (one, two), prefect, token, cases)
        for desk in shop.desks:
            wait_for(desk.name, lambda desk=desk: answers(f"{desk.url}/readyz"))  # type: ignore[misc]
        wait_for("Prefect's server", lambda: answers(f"{api}/health"))
        yield shop


def _made(folder: Path) -> Path:
    folder.parent.chmod(0o755)  # PostgreSQL's own user passes through here when this process is root's
    folder.mkdir()
    return folder


def _store(stack: ExitStack, store: str, folder: Path) -> dict[str, str]:
    if store == "folder":
        return {"PANHUO_SHARED": str(_made(folder / "share"))}
    from tests.buckets import new_bucket, simulated_s3  # noqa: PLC0415  the simulation is there for tests alone

    place = new_bucket(stack.enter_context(simulated_s3()), folder / "cache")
    return {
        "PANHUO_FILES": place.address, "PANHUO_FILES_ENDPOINT": place.endpoint, "PANHUO_FILES_REGION": place.region,
        "PANHUO_FILES_KEY": place.key, "PANHUO_FILES_SECRET": place.secret,
    }  # fmt: skip


def show(lines: list[tuple[str, object]]) -> None:
    """Print the table."""
    for name, value in lines:
        print(f"{name:<58}{value}")


def run(store: str, count: int, seconds: float) -> int:
    """Drive everything and print what was seen; the exit code says whether all of it held."""
    started = time.monotonic()
    with opened(store, count) as shop:
        up = time.monotonic()
        wait_for("both workers in the pool", lambda: _workers(shop) == 2)
        scheduled = schedule(shop)
        with ThreadPoolExecutor(1) as aside:
            killing = aside.submit(kill_one, shop)
            load = drive(shop)
            driven = time.monotonic()
            killed = killing.result()
        ended = finish(shop, killed, seconds)
        states, twice = ran(shop, scheduled, killed, seconds)
        memory = {host.name: host.memory_mb for host in shop.place.running if host.process.poll() is None}
        wrong = check(shop, load)
        done = shares(shop)
        # The first is killed with its first row in hand.
        if not killed.rows or not done[shop.workers[1].name]:
            wrong.append(f"not both workers took part: {len(killed.rows)} in hand, {done} done")
        if twice or set(states) - {"COMPLETED", "CANCELLED", "left"}:  # late ones are made one
            wrong.append(f"scheduled runs: {dict(states)}, {twice} of them run twice")
        cuts = quantiles(load.ms, n=100)
        show([
            ("store", store), ("started (PostgreSQL, Prefect, two desks, two workers)", f"{up - started:.1f} s"),
            ("asked for", dict(load.asked)),
            ("requests over both desks, repeated", f"{len(load.ms)}, {load.again}"),
            ("p50 / p95 of a request", f"{cuts[49]:.0f} / {cuts[94]:.0f} ms"),
            ("all answered after", f"{driven - up:.1f} s"),
            ("worker 1 killed with rows in hand", len(killed.rows)),
            ("its rows done by worker 2 after", f"{killed.done_by - killed.at:.1f} s"),
            ("all done after", f"{ended - up:.1f} s"),
            ("rows done by each worker", done),
            ("scheduled runs asked of the pool", dict(states)),
            ("memory (PSS, MB)", memory),
            ("wrong", wrong or "nothing"),
        ])  # fmt: skip
    return 1 if wrong else 0


def _workers(shop: Shop) -> int:
    found = shop.prefect.post("/work_pools/panhuo/workers/filter", json={})
    return len(found.json()) if found.status_code == 200 else 0


def main() -> int:
    """Read the arguments and run."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is ended also when this is
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--store", choices=("folder", "s3"), default="folder")
    asked.add_argument("--cases", type=int, default=40)
    asked.add_argument("--short", action="store_true")
    chosen = asked.parse_args()
    count = 4 if chosen.short else max(4, min(chosen.cases, 500))
    return run(chosen.store, count, 240.0)


if __name__ == "__main__":
    sys.exit(main())
