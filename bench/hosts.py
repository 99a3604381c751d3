"""Several hosts on one machine: each process of the product with a home of its own, on one PostgreSQL and one file store.

Everything speaks through loopback addresses. Whoever starts a process here ends it, by its number.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from cases.settings import ROOT

PASSWORD = "loopback-only"  # noqa: S105  of a server that lives for a minute
STOP_SECONDS = 30.0


@dataclass(frozen=True)
class Host:
    """One process of the product and where it says what it does."""

    name: str
    process: subprocess.Popen[bytes]
    url: str
    log: Path

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(STOP_SECONDS)

    def stop(self) -> None:
        """End it as a service manager would."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()

    @property
    def memory_mb(self) -> int:
        """What it and its children hold in memory, shared pages counted once each."""
        return sum(_pss(pid) for pid in (self.process.pid, *_children(self.process.pid))) // 1024


def _pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in (int(text) for text in task.read_text().split()):
            found += [child, *_children(child)]
    return found


@dataclass
class Hosts:
    """All processes of one installation. `common` is the environment that every host shares."""

    folder: Path
    common: Mapping[str, str]
    running: list[Host] = field(default_factory=list)

    def start(self, name: str, *command: str, **own: str) -> Host:
        """Start `panhuo <command>` with a home of its own; a desk or an engine gets a free port."""
        home = self.folder / name
        home.mkdir()
        (home / "fonts").symlink_to(ROOT / "var" / "fonts")
        port = free_port()
        environment = {
            **os.environ, **self.common, "PANHUO_HOME": str(home), "PANHUO_PORT": str(port), "PYTHONPATH": str(ROOT), **own,
        }  # fmt: skip
        log = home / "out.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "desk.cli", *command], cwd=ROOT, env=environment, stdout=out,
                stderr=subprocess.STDOUT,
            )  # fmt: skip
        host = Host(name, process, f"http://127.0.0.1:{port}", log)
        self.running.append(host)
        return host

    def call(self, host: Host, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the product on a host's home, and return what it said."""
        environment = {
            **os.environ,
            **self.common,
            "PANHUO_HOME": str(self.folder / host.name),
            "PYTHONPATH": str(ROOT),
        }
        return subprocess.run(  # noqa: S603  our own fixed commands
            [sys.executable, "-m", "desk.cli", *command], cwd=ROOT, env=environment, capture_output=True, text=True,
            check=False, timeout=120,
        )  # fmt: skip

    def stop(self) -> None:
        """End all that still runs, the last one first."""
        for host in reversed(self.running):
            host.stop()


@contextmanager
def hosts(folder: Path, common: Mapping[str, str]) -> Iterator[Hosts]:
    """Several hosts for the length of a block."""
    found = Hosts(folder, common)
    try:
        yield found
    finally:
        found.stop()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(what: str, found: Callable[[], Any], seconds: float = 120) -> Any:
    """Return the first true answer.

    Raises: SystemExit saying what was waited for.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := found():
            return answer
        time.sleep(0.1)
    raise SystemExit(f"waited {seconds:.0f} s in vain for {what}")


def answers(url: str) -> bool:
    """Say whether an address answers at all."""
    try:
        with urlopen(Request(url), timeout=3) as answer:  # noqa: S310  a loopback address
            return bool(answer.status < 400)
    except (URLError, OSError):
        return False
