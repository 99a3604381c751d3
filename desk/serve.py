"""The start-up door: one command that runs the desk, Prefect's server and the worker together, or any of them alone.

The web process owns the other two: it starts them, restarts them when they die, and takes them along when it
stops. The desk answers at once, while Prefect's server takes its 10 to 25 seconds; until then the outbox keeps
what is clicked. On several hosts each process is started by itself, and Prefect's server may be elsewhere.
"""

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError

from cases.db import Database
from cases.heartbeats import BEAT, say_state
from cases.imports import end_lost_imports
from cases.logs import set_up_logs
from cases.schema import upgrade
from cases.service_manager import STOPPING, keep_telling, notify
from cases.settings import Settings
from desk.supervising import ENGINE, WORKER, Supervisor
from desk.web.app import create_app

LOG = logging.getLogger("panhuo.serve")
GRACE_SECONDS = 10


def owned(settings: Settings, *, background: bool) -> tuple[str, ...]:
    """Return which processes a desk brings along."""
    if not background:
        return ()
    return (WORKER,) if settings.engine.is_elsewhere else (ENGINE, WORKER)


async def _say(db: Database, kind: str, state: str, pid: int = 0) -> None:
    """Say how a process does; while the database is away, nobody hears it."""
    try:
        await asyncio.to_thread(say_state, db, kind, state, datetime.now(UTC), pid=pid)
    except (SQLAlchemyError, OSError) as error:
        LOG.warning("the record does not take the heartbeat: %s", type(error).__name__)


async def _beat(db: Database, supervisor: Supervisor, kind: str) -> None:
    """Say every few seconds that this process lives, and Prefect's server if it is ours; it has no way to say so itself."""
    port = supervisor.settings.prefect_port
    while True:
        if kind == "desk":
            await _say(db, kind, "running")
        if pid := supervisor.pid(ENGINE):
            await _say(
                db, "prefect", "running" if await asyncio.to_thread(_answers, port) else "starting", pid
            )
        await asyncio.sleep(BEAT.total_seconds())


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@asynccontextmanager
async def _running(db: Database, supervisor: Supervisor, kind: str) -> AsyncIterator[None]:
    """Keep the children alive and the heart beating within the block."""
    parts = (supervisor.keep_alive(), _beat(db, supervisor, kind), keep_telling())
    tasks = [asyncio.create_task(part) for part in parts]
    try:
        yield
    finally:
        notify(STOPPING)
        for task in tasks:
            task.cancel()
        pid = supervisor.pid(ENGINE)
        await supervisor.stop()
        if kind == "desk":
            await _say(db, kind, "stopped")
        if pid:
            await _say(db, "prefect", "stopped", pid)


def lifespan_of(
    settings: Settings, db: Database, *, background: bool
) -> Callable[[FastAPI], contextlib.AbstractAsyncContextManager[None]]:
    """Return the lifespan that owns the background processes."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with _running(db, Supervisor(settings, owned(settings, background=background)), "desk"):
            yield

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
    set_up_logs(settings.watched)
    _check_port(settings)
    db = Database(settings.database_url)
    upgrade(db)
    end_lost_imports(db, datetime.now(UTC))
    app = create_app(settings, db, lifespan=lifespan_of(settings, db, background=background))
    Path(settings.home).mkdir(parents=True, exist_ok=True)
    uvicorn.run(
        app, host=settings.host, port=settings.port, log_config=None, log_level="warning",
        access_log=False,
        forwarded_allow_ips=settings.proxies, timeout_graceful_shutdown=GRACE_SECONDS,
    )  # fmt: skip


def run_engine(settings: Settings) -> None:
    """Run Prefect's server alone, with our settings, until a signal comes."""
    set_up_logs(settings.watched)
    asyncio.run(_engine(settings, Database(settings.database_url)))


async def _engine(settings: Settings, db: Database) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with _running(db, Supervisor(settings, (ENGINE,), quiet=False), "prefect"):
        await stop.wait()
    db.dispose()
