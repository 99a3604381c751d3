"""One ordeal: set up, load, kill, come to rest, examine."""

import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from random import Random
from typing import Any

from aiosmtpd.controller import Controller

from bench.durability.findings import Findings, acknowledged, examine, leftovers, waiting
from bench.durability.office import Office, prepare
from bench.durability.officers import Log, Officer
from bench.durability.processes import Part, Plant, command_of, descendants, free_port, kill_quietly
from cases.db import Database
from cases.settings import ROOT, Settings

REST_SECONDS = 420.0
TELL_SECONDS = 10.0
RENDERER = "contracts.pool_worker"
PREFECT = "prefect"
WORKER = "flows.worker"


@dataclass(frozen=True)
class Ordeal:
    """How long and how hard. `pause` is the longest wait between a part coming up and its being killed, in seconds."""

    kills: int
    seed: int = 1
    officers: int = 4
    is_whole: bool = False
    cases: int = 240
    think: float = 0.8
    full: float = 0.3
    pause: float = 4.0
    desks: int = 2
    workers: int = 2
    renderer_kills: bool = True
    extra: dict[str, str] = field(default_factory=dict)


@dataclass
class Outcome:
    """What came of an ordeal."""

    findings: Findings
    kills: Counter[str]
    acknowledged: dict[str, int]
    asked_again: Counter[str]
    seconds: float
    rest_seconds: float


class Letters:
    """A real SMTP peer that counts the letters by their Message-ID."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802
        self.seen[str(message_from_bytes(envelope.content)["Message-ID"]).strip()] += 1
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[tuple[Letters, int]]:
    """Receive mail on a free port."""
    letters, port = Letters(), free_port()
    controller = Controller(letters, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield letters, port
    finally:
        controller.stop()


def endure(ordeal: Ordeal, folder: Path, address: str) -> Outcome:
    """Run one ordeal in a folder of its own; an empty address means SQLite there."""
    started = time.monotonic()
    home, temporary = folder / "home", folder / "tmp"
    home.mkdir()
    temporary.mkdir()
    (home / "fonts").symlink_to(ROOT / "var" / "fonts")
    address = address or f"sqlite:///{home / 'panhuo.db'}"
    quick = Database(address, synchronous="OFF")
    office = prepare(quick, ordeal.cases)
    quick.dispose()
    office = Office(**{**vars(office), "db": Database(address)})
    with mail_server() as (letters, port):
        environment = _environment(ordeal, home, temporary, address, port)
        plant = Plant(list(_parts(ordeal, folder, environment)))
        settings = Settings(home=home, database_url=address)
        try:
            plant.start()
            log, kills = _load(ordeal, office, plant)
            rested = time.monotonic()
            with suppress(TimeoutError):
                _rest(office.db)
            rest = time.monotonic() - rested
        finally:
            codes = plant.end()
        findings = examine(office, log, settings, letters.seen)
    findings.check(
        "parts that did not end politely", [pair for pair in codes.items() if pair[1] not in (0, -15)]
    )
    leftovers(findings, settings, temporary)
    office.db.dispose()
    return Outcome(findings, kills, acknowledged(log.done), log.asked_again, time.monotonic() - started, rest)


def _environment(ordeal: Ordeal, home: Path, temporary: Path, address: str, smtp: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PANHUO_", "PREFECT_"))}
    return {
        **kept, "PANHUO_HOME": str(home), "PANHUO_DATABASE_URL": address, "PANHUO_SMTP_HOST": "127.0.0.1",
        "PANHUO_SMTP_PORT": str(smtp), "PANHUO_RENDERERS": "1", "TMPDIR": str(temporary), "PYTHONPATH": str(ROOT),
        "DO_NOT_TRACK": "1", **ordeal.extra,
    }  # fmt: skip


def _parts(ordeal: Ordeal, folder: Path, environment: dict[str, str]) -> Iterator[Part]:
    for number in range(1 if ordeal.is_whole else ordeal.desks):
        port, engine = free_port(), free_port()
        own = {**environment, "PANHUO_PORT": str(port), "PANHUO_PREFECT_PORT": str(engine)}
        arguments = ("desk.cli", "serve") if ordeal.is_whole else ()
        yield Part(f"desk {number}", arguments, own, folder / f"desk{number}.log", f"http://127.0.0.1:{port}")
    for number in range(0 if ordeal.is_whole else ordeal.workers):
        yield Part(f"worker {number}", (), environment, folder / f"worker{number}.log")


def _load(ordeal: Ordeal, office: Office, plant: Plant) -> tuple[Log, Counter[str]]:
    """Let officers work while parts are killed; return when the last officer has been answered."""
    log, stop = Log(), threading.Event()
    officers = [
        Officer(
            office, office.officers[n % len(office.officers)], plant.desks, log, stop, Random(f"{ordeal.seed}/{n}"),
            ordeal.think, ordeal.full, list(office.cases[n :: ordeal.officers]), f"s{ordeal.seed}-{n}",
        )
        for n in range(ordeal.officers)
    ]  # fmt: skip
    threads = [threading.Thread(target=officer.work) for officer in officers]
    for thread in threads:
        thread.start()
    try:
        kills = (_kill_whole if ordeal.is_whole else _kill_parts)(ordeal, plant)
    finally:
        stop.set()
        plant.await_up()
        for thread in threads:
            thread.join()
    return log, kills


def _kill_parts(ordeal: Ordeal, plant: Plant) -> Counter[str]:
    """Kill desks, workers and renderers, each a moment after it came up, and sometimes everything at once."""
    dice, kills = Random(f"kill {ordeal.seed}"), Counter[str]()
    due, told = {part.name: 0.0 for part in plant.parts}, 0.0
    while sum(kills.values()) < ordeal.kills:
        now = time.monotonic()
        told = _tell(kills, told)
        if dice.random() < 0.002:
            plant.await_up()
            for part in plant.parts:
                part.kill()
            kills["everything"] += 1
        for part in plant.parts:
            if due[part.name] == 0.0 and part.is_up():
                due[part.name] = now + dice.random() * ordeal.pause * (3 if dice.random() < 0.2 else 1)
            elif due[part.name] and now > due[part.name]:
                due[part.name] = 0.0
                if ordeal.renderer_kills and not part.url and dice.random() < 0.35:
                    kills["renderer"] += _kill_one(part.pid, RENDERER)
                else:
                    part.kill()
                    kills[part.name.split(" ")[0]] += 1
        time.sleep(0.03)
    return kills


def _tell(kills: Counter[str], last: float) -> float:
    """Say now and then how far it is; return when it was said."""
    now = time.monotonic()
    if now - last < TELL_SECONDS:
        return last
    print(f"   {sum(kills.values())} kills: {dict(kills)}", file=sys.stderr, flush=True)
    return now


def _kill_one(pid: int, command: str) -> int:
    """Kill one process below another by its command line; return how many were killed."""
    for child in descendants(pid):
        if command in command_of(child):
            return int(kill_quietly(child))
    return 0


def _kill_whole(ordeal: Ordeal, plant: Plant) -> Counter[str]:
    """Kill Prefect's server, the worker, a renderer, the desk, or everything that belongs to the product."""
    dice, kills = Random(f"whole {ordeal.seed}"), Counter[str]()
    ways: tuple[tuple[str, Callable[[int], int]], ...] = (
        ("prefect server", lambda pid: _kill_one(pid, "prefect server")),
        ("worker", lambda pid: _kill_one(pid, WORKER)),
        ("renderer", lambda pid: _kill_one(pid, RENDERER)),
        ("desk", lambda pid: 1),
        ("everything", lambda pid: sum(kill_quietly(child) for child in list(descendants(pid)))),
    )
    part, told = plant.parts[0], 0.0
    while sum(kills.values()) < ordeal.kills:
        told = _tell(kills, told)
        plant.await_up()
        name, strike = dice.choices(ways, (5, 5, 3, 2, 3))[0]
        time.sleep(dice.random() * (12 if name != "renderer" else 3))
        done = strike(part.pid)
        if name in ("desk", "everything"):
            part.kill()
            done = 1
        kills[name] += int(done > 0)
    return kills


def _rest(db: Database) -> None:
    """Wait until nothing is on its way.

    Raises: TimeoutError.
    """
    end = time.monotonic() + REST_SECONDS
    while waiting(db):
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.5)
