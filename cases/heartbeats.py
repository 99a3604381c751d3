"""Which processes of the product are alive, on all machines: each says so every few seconds, in the record.

Whoever has said nothing for `SILENT` is taken for gone, also one that was killed. Rows of processes that are long gone are
thrown away when another one starts.
"""

import os
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of

from sqlmodel import Session, col, select

from cases.db import Database
from cases.process_table import Process
from cases.processes import this_process

BEAT = timedelta(seconds=5)
SILENT = timedelta(seconds=30)
KEPT = timedelta(days=1)
# One row a process. Who it is never changes, so that a beat writes two columns.
SAY = (
    "INSERT INTO process (name, kind, host, pid, version, state, started_at, seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (name) DO UPDATE SET state = excluded.state, seen_at = excluded.seen_at"
)
FORGET = "DELETE FROM process WHERE seen_at < ?"


@dataclass(frozen=True, slots=True)
class ProcessView:
    """A process as people see it; `state` is starting, running, stopped, or lost if it fell silent."""

    name: str
    kind: str
    host: str
    pid: int
    version: str
    state: str
    started_at: datetime
    seen_at: datetime

    @property
    def is_alive(self) -> bool:
        """Whether it works, or is about to."""
        return self.state in ("starting", "running")


def product_version() -> str:
    """Return the version of the product that this process runs."""
    try:
        return version_of("panhuo")
    except PackageNotFoundError:
        return ""


def say_state(db: Database, kind: str, state: str, now: datetime, *, pid: int = 0) -> None:
    """Say how a process does: this one, or with `pid` a child that cannot speak for itself.

    Raises: sqlalchemy.exc.SQLAlchemyError while the database is away.
    Effects: writes process; at a start, forgets what has been silent for a day.
    """
    name, number = this_process(pid or None), pid or os.getpid()
    with db.cursor() as cur:
        moment = cur.moment(now)
        if state == "starting":
            cur.run(FORGET, cur.moment(now - KEPT))
        cur.run(SAY, name, kind, socket.gethostname(), number, product_version(), state, moment, moment)


def processes(session: Session, now: datetime) -> tuple[ProcessView, ...]:
    """Return the processes of all machines, by kind and host, the newest first."""
    rows = session.exec(select(Process).order_by(Process.kind, Process.host, col(Process.id).desc()))
    return tuple(_view(row, now) for row in rows)


def _view(row: Process, now: datetime) -> ProcessView:
    is_silent = row.state != "stopped" and row.seen_at < now - SILENT
    return ProcessView(
        row.name, row.kind, row.host, row.pid, row.version, "lost" if is_silent else row.state, row.started_at,
        row.seen_at,
    )  # fmt: skip


def standing(session: Session, kind: str, now: datetime) -> str:
    """Return 'running' if any process of a kind does, 'starting' if one is about to, else 'stopped'."""
    query = select(Process.state).where(Process.kind == kind, Process.seen_at >= now - SILENT)
    states = set(session.exec(query))
    return next((state for state in ("running", "starting") if state in states), "stopped")
