"""Metrics for Prometheus: how the desk answers, and how the installation does. No names, no numbers of cases.

Labels come from closed sets only: route templates, statuses, topics, flows, channels. What the workers do is read from
the record at each scrape, so that one desk tells of all processes on all machines; the same numbers from several desks
are the same gauge.
"""

import time
from collections.abc import Iterator
from datetime import date, datetime
from datetime import time as time_of_day
from threading import Lock
from typing import Any

from fastapi import FastAPI
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cases.db import Database
from cases.heartbeats import product_version
from cases.operating import Operation, failing_parts, last_backup, operation, wal_bytes
from cases.settings import SHANGHAI, Settings

BUCKETS = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
UNKNOWN = "(unknown)"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
PARTS = ("database", "schema", "files")


class Meter:
    """The numbers of one desk."""

    def __init__(self, settings: Settings, db: Database) -> None:
        self.registry = CollectorRegistry()
        self.seconds = Histogram(
            "panhuo_request_seconds", "Time to answer a request", ["method", "route", "status"], buckets=BUCKETS,
            registry=self.registry,
        )  # fmt: skip
        self.errors = Counter(
            "panhuo_errors", "Requests that ended in an error nobody foresaw", registry=self.registry
        )
        self.registry.register(OfTheRecord(settings, db))
        ProcessCollector(registry=self.registry)

    def text(self) -> bytes:
        """Return everything in Prometheus's text form."""
        return generate_latest(self.registry)


class Measured:
    """Times every request, under the template of its route, never under its path."""

    def __init__(self, app: ASGIApp, owner: FastAPI) -> None:
        self.app = app
        self.owner = owner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        meter: Meter = self.owner.state.meter
        try:
            await self.app(scope, receive, watched)
        finally:
            method = scope["method"] if scope["method"] in METHODS else UNKNOWN
            passed = time.perf_counter() - started
            meter.seconds.labels(method, template_of(scope), f"{status // 100}xx").observe(passed)
            if status >= 500:
                meter.errors.inc()


def template_of(scope: Scope) -> str:
    """Return the template of the route that answered; unknown addresses share one name."""
    return str(getattr(scope.get("route"), "path", "")) or UNKNOWN


class OfTheRecord(Collector):
    """Reads the record's numbers when they are asked for, at most once in some seconds."""

    REST = 5.0

    def __init__(self, settings: Settings, db: Database) -> None:
        self.settings, self.db = settings, db
        self._lock = Lock()
        self._found: list[Metric] = []
        self._read_at = -self.REST

    def describe(self) -> Iterator[Metric]:
        """Name nothing beforehand, so that registering does not read the record."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics."""
        with self._lock:
            if time.monotonic() - self._read_at >= self.REST:
                self._found = list(self._collect())
                self._read_at = time.monotonic()
            return iter(self._found)

    def _collect(self) -> Iterator[Metric]:
        yield _labelled("panhuo_info", "Version of the program", ["version"], {(product_version(),): 1})
        failing = failing_parts(self.db, self.settings.files)
        yield _labelled(
            "panhuo_part_up", "Whether a part works", ["part"], {(p,): float(p not in failing) for p in PARTS}
        )
        made = last_backup(self.settings)
        yield _gauge("panhuo_last_backup_timestamp_seconds", "When the newest backup was made", _stamp(made))
        yield from self._pool()
        if not {"database", "schema"} & set(failing):
            try:
                with self.db.cursor() as cur:
                    found = operation(cur, _today())
            except SQLAlchemyError:
                return
            yield from of_operation(found, datetime.now(SHANGHAI))

    def _pool(self) -> Iterator[Metric]:
        pool: Any = self.db.engine.pool
        yield _gauge(
            "panhuo_database_connections_in_use", "Connections of the pool at work", float(pool.checkedout())
        )
        yield _gauge(
            "panhuo_database_wal_bytes", "Size of SQLite's write-ahead log", float(wal_bytes(self.db))
        )


def of_operation(found: Operation, now: datetime) -> Iterator[Metric]:
    """Yield what the record tells."""
    rows = {(topic, status): n for topic, of in found.outbox.items() for status, n in of.statuses.items()}
    yield _labelled("panhuo_outbox_rows", "Outbox rows that are not done", ["topic", "status"], rows)
    ages = {(topic,): (now - of.oldest).total_seconds() for topic, of in found.outbox.items() if of.oldest}
    yield _labelled("panhuo_outbox_oldest_seconds", "Age of the oldest row that waits", ["topic"], ages)
    yield _labelled("panhuo_runs", "Runs in the ledger", ["flow", "state"], found.runs)
    yield _labelled(
        "panhuo_run_seconds", "Time spent in ended runs", ["flow"], {(f,): s for f, s in found.spent.items()}
    )
    done = {(flow,): _stamp(at) for flow, at in found.last_runs.items()}
    yield _labelled("panhuo_last_run_timestamp_seconds", "When a flow last ended well", ["flow"], done)
    if found.swept is not None:
        yield _gauge(
            "panhuo_swept_until_timestamp_seconds",
            "Beginning of the day up to which reminders were swept for every institution, by Prefect or by cron",
            datetime.combine(found.swept, time_of_day(), SHANGHAI).timestamp(),
        )
    nights = {(step,): _stamp(at) for step, at in found.nights.items()}
    yield _labelled(
        "panhuo_last_night_timestamp_seconds", "When a nightly step last ended well", ["step"], nights
    )
    yield _labelled("panhuo_deliveries", "Messages by channel", ["channel", "status"], found.deliveries)
    yield _labelled(
        "panhuo_documents", "Documents by status", ["status"], {(s,): n for s, n in found.documents.items()}
    )
    yield _gauge("panhuo_deadlines_open", "Open deadlines", float(found.deadlines_open))
    yield _gauge("panhuo_deadlines_overdue", "Open deadlines past their day", float(found.deadlines_overdue))
    yield _labelled(
        "panhuo_processes", "Processes by what they last said", ["kind", "state"], found.processes
    )
    seen = {(kind,): _stamp(at) for kind, at in found.last_seen.items()}
    yield _labelled(
        "panhuo_process_seen_timestamp_seconds", "When a kind of process was last heard", ["kind"], seen
    )


def _gauge(name: str, about: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, about, value=value)


def _labelled(name: str, about: str, labels: list[str], values: Any) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, about, labels=labels)
    for key, value in sorted(values.items()):
        family.add_metric(list(key), float(value))
    return family


def _stamp(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0


def _today() -> date:
    return datetime.now(SHANGHAI).date()
