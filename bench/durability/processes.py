"""The processes of the product: started, killed with SIGKILL, started again as a service manager would."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from urllib.request import urlopen

from bench.durability.quick import forked
from cases.settings import ROOT

START_SECONDS = 120.0
SETTLED = 0.5


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Part:
    """One process of the product. `url` is where it answers when it is up; without `arguments` it is forked."""

    name: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    log: Path
    url: str = ""
    process: subprocess.Popen[bytes] | ForkServerProcess | None = None
    started: float = 0.0

    def start(self) -> None:
        """Start it; the kernel ends it with the harness."""
        self.started = time.monotonic()
        if not self.arguments:
            self.process = forked(self.name, self.environment, self.log)
            return
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *self.arguments], cwd=ROOT, env={**self.environment},
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip

    @property
    def pid(self) -> int:
        """The number of its process."""
        return int(self.process.pid or 0) if self.process else 0

    def exit_code(self) -> int | None:
        """Return how it ended; None while it runs."""
        if isinstance(self.process, subprocess.Popen):
            return self.process.poll()
        return self.process.exitcode if self.process else 0

    def is_running(self) -> bool:
        """Say whether its process is there."""
        return self.process is not None and self.exit_code() is None

    def is_up(self) -> bool:
        """Say whether it answers; one that never answers is up when it has run for a moment."""
        if not self.is_running():
            return False
        if not self.url:
            return time.monotonic() - self.started > SETTLED
        with suppress(OSError), urlopen(f"{self.url}/sign-in", timeout=2) as answer:
            return int(answer.status) == 200
        return False

    def kill(self) -> None:
        """End it as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self._await_end(20)

    def end(self) -> int | None:
        """End it politely and return its exit code."""
        if self.process is not None and self.is_running():
            self.process.terminate()
            if not self._await_end(60):
                self.kill()
        return self.exit_code()

    def _await_end(self, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while self.is_running() and time.monotonic() < end:
            time.sleep(0.01)
        return not self.is_running()


@dataclass
class Plant:
    """All parts of a running product, watched by a thread that starts again what has ended."""

    parts: list[Part]
    watching: threading.Event = field(default_factory=threading.Event)
    restarts: int = 0
    thread: threading.Thread | None = None

    def start(self) -> None:
        """Start everything and wait until it is up."""
        for part in self.parts:
            part.start()
        self.await_up()
        self.watching.set()
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()

    def await_up(self) -> None:
        """Wait until every part is up.

        Raises: TimeoutError naming the parts that are not.
        """
        end = time.monotonic() + START_SECONDS
        while down := [part.name for part in self.parts if not part.is_up()]:
            if time.monotonic() > end:
                raise TimeoutError(f"not up after {START_SECONDS:.0f} s: {', '.join(down)}")
            time.sleep(0.1)

    def _watch(self) -> None:
        while self.watching.is_set():
            for part in self.parts:
                if self.watching.is_set() and not part.is_running():
                    part.start()
                    self.restarts += 1
            time.sleep(0.05)

    def desks(self) -> list[str]:
        """Return the addresses of the API."""
        return [f"{part.url}/api/v1" for part in self.parts if part.url]

    def end(self) -> dict[str, int | None]:
        """End everything politely; return the exit codes."""
        self.watching.clear()
        if self.thread:
            self.thread.join(5)
        return {part.name: part.end() for part in self.parts}


def descendants(pid: int) -> Iterator[int]:
    """Yield the processes that a process has started, and theirs."""
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield int(child)
                yield from descendants(int(child))


def command_of(pid: int) -> str:
    """Return the command line of a process; empty once it has ended."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    return ""


def living(home: Path) -> dict[int, str]:
    """Return the processes that belong to a home folder, other than this one."""
    mark = f"PANHUO_HOME={home}".encode()
    found = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal() or int(folder.name) == os.getpid():
            continue
        with suppress(OSError):
            if mark in (folder / "environ").read_bytes().split(b"\0"):
                state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
                if state != "Z":
                    found[int(folder.name)] = command_of(int(folder.name))
    return found


def kill_quietly(pid: int) -> bool:
    """Kill a process; False if it had ended already."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True
