"""Processes that belong to another one: started, started again when they end, taken along when it stops."""

import asyncio
import ctypes
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cases.logs import put_aside
from cases.settings import ROOT, Settings
from flows.environment import prefect_environment

LOG = logging.getLogger("panhuo.serve")
STOP_SECONDS = 15
PAUSE_SECONDS = (1, 2, 5, 10, 30)
PR_SET_PDEATHSIG = 1
ENGINE, WORKER = "prefect-server", "worker"
COMMANDS = {ENGINE: ("prefect", "server", "start"), WORKER: ("flows.worker",)}


@dataclass
class Child:
    """A process that belongs to this one. `failures` counts exits in a row, for growing pauses; `due` ends the pause."""

    name: str
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    started: float = 0.0
    due: float = 0.0

    @property
    def pid(self) -> int:
        """The number of the process while it runs, or 0."""
        return self.process.pid if self.process is not None and self.process.poll() is None else 0


@dataclass
class Supervisor:
    """Keeps children alive while this process runs. With `quiet` their words go to files, else where this one's go."""

    settings: Settings
    names: Sequence[str]
    quiet: bool = True
    children: list[Child] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.children = [Child(name) for name in self.names]

    def pid(self, name: str) -> int:
        """Return the number of a child while it runs, or 0."""
        return next((child.pid for child in self.children if child.name == name), 0)

    async def keep_alive(self) -> None:
        """Start the children and start them again whenever they end; one that pauses keeps no other waiting."""
        loop = asyncio.get_running_loop()
        while True:
            for child in self.children:
                try:
                    self._look_after(child, loop.time())
                except OSError:  # no space, no more processes: the next look may find it better
                    LOG.exception("%s cannot be looked after now", child.name)
            await asyncio.sleep(0.5)

    def _look_after(self, child: Child, now: float) -> None:
        if child.process is None or (child.due and now >= child.due):
            child.process = self._start(child)
            child.started, child.due = now, 0.0
        elif not child.due and child.process.poll() is not None:
            child.failures = 0 if now - child.started > 60 else child.failures + 1
            pause = PAUSE_SECONDS[min(child.failures, len(PAUSE_SECONDS) - 1)]
            child.due = now + pause
            LOG.warning(
                "%s ended with %s; starting it again in %s s", child.name, child.process.returncode, pause
            )
        put_aside(self._log(child), self.settings.watched.log_mb << 20)

    def _start(self, child: Child) -> subprocess.Popen[bytes]:
        environment = {**os.environ, **prefect_environment(self.settings), "PYTHONPATH": str(ROOT)}
        environment["PANHUO_HOME"] = str(self.settings.home)
        environment.pop("NOTIFY_SOCKET", None)  # The parent alone speaks with the service manager.
        path = self._log(child)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as log:
            return subprocess.Popen(  # noqa: S603  our own fixed commands
                [sys.executable, "-m", *COMMANDS[child.name]],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log if self.quiet else None,
                stderr=subprocess.STDOUT if self.quiet else None,
                preexec_fn=_die_with_parent(),  # noqa: PLW1509  Linux has no other way to say it
            )

    def _log(self, child: Child) -> Path:
        return self.settings.home / "logs" / f"{child.name}.log"

    async def stop(self) -> None:
        """End the children, the worker first, and wait for them."""
        for child in reversed(self.children):
            if child.process and child.process.poll() is None:
                child.process.terminate()
        for child in reversed(self.children):
            if child.process:
                await asyncio.to_thread(_await_end, child.process)


def _await_end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(STOP_SECONDS)


def _die_with_parent() -> Callable[[], None] | None:
    """Return what makes a child end when its parent is killed (Linux only).

    The library is loaded before the fork, because nothing may be imported after it.
    """
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)

    def ask() -> None:
        os.setpgid(0, 0)
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

    return ask
