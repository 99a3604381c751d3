"""The start-up door: one command that runs the desk, Prefect's server and the worker together.

The web process owns the other two: it starts them, restarts them when they die, and takes them along when it
stops. The desk answers at once, while Prefect's server takes its 10 to 25 seconds; until then the outbox keeps
what is clicked.
"""

import asyncio
import contextlib
import ctypes
import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from cases.db import Database
from cases.schema import upgrade
from cases.settings import ROOT, Settings
from desk.web.app import create_app
from flows.environment import prefect_environment

LOG = logging.getLogger("panhuo.serve")
STOP_SECONDS = 15
PAUSE_SECONDS = (1, 2, 5, 10, 30)
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """A process that belongs to the desk. `failures` counts exits in a row, for growing pauses."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    started: float = 0.0


@dataclass
class Supervisor:
    """Keeps the children alive while the desk runs."""

    settings: Settings
    children: list[Child] = field(default_factory=list)

    def __post_init__(self) -> None:
        python = [sys.executable, "-m"]
        self.children = [
            Child("prefect-server", [*python, "prefect", "server", "start"]),
            Child("worker", [*python, "flows.worker"]),
        ]

    async def keep_alive(self) -> None:
        """Start the children and start them again whenever they end."""
        loop = asyncio.get_running_loop()
        while True:
            for child in self.children:
                if child.process is None or child.process.poll() is not None:
                    await self._restart(child, loop.time())
            await asyncio.sleep(0.5)

    async def _restart(self, child: Child, now: float) -> None:
        if child.process is not None:
            child.failures = 0 if now - child.started > 60 else child.failures + 1
            pause = PAUSE_SECONDS[min(child.failures, len(PAUSE_SECONDS) - 1)]
            LOG.warning(
                "%s ended with %s; starting it again in %s s", child.name, child.process.returncode, pause
            )
            await asyncio.sleep(pause)
        child.process = self._start(child)
        child.started = asyncio.get_running_loop().time()

    def _start(self, child: Child) -> subprocess.Popen[bytes]:
        logs = self.settings.home / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        environment = {**os.environ, **prefect_environment(self.settings), "PYTHONPATH": str(ROOT)}
        environment["PANHUO_HOME"] = str(self.settings.home)
        with (logs / f"{child.name}.log").open("ab") as log:
            return subprocess.Popen(  # noqa: S603  our own fixed commands
                child.command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=_die_with_parent(),  # noqa: PLW1509  Linux has no other way to say it
            )

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
    """Return what makes a child end when the desk is killed (Linux only).

    The library is loaded before the fork, because nothing may be imported after it.
    """
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)

    def ask() -> None:
        os.setpgid(0, 0)
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

    return ask


def lifespan_of(settings: Settings) -> Callable[[FastAPI], contextlib.AbstractAsyncContextManager[None]]:
    """Return the lifespan that owns the background processes."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        supervisor = Supervisor(settings)
        keeping = asyncio.create_task(supervisor.keep_alive())
        try:
            yield
        finally:
            keeping.cancel()
            await supervisor.stop()

    return lifespan


def _check_port(settings: Settings) -> None:
    """Say plainly that an address is taken, before anything else starts.

    Raises: SystemExit.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise SystemExit(
                f"端口{settings.port}不可用（{error.strerror}）。请停止占用它的程序，或设置 PANHUO_PORT 换用其他端口。"
            ) from error


def run(settings: Settings, *, background: bool = True) -> None:
    """Serve until a signal comes.

    Args:
        background: also run Prefect's server and the worker; without it they run elsewhere.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    _check_port(settings)
    db = Database(settings.database_url)
    upgrade(db)
    app = create_app(settings, db, lifespan=lifespan_of(settings) if background else None)
    Path(settings.home).mkdir(parents=True, exist_ok=True)
    uvicorn.run(app, host=settings.host, port=settings.port, log_level="warning", access_log=False)
