"""The environment that every process with Prefect in it starts with. Imports nothing of Prefect.

Prefect lives beside the record, never in it: its own database, on loopback, behind its own password, and
without a call to the outside (analytics, telemetry and promotions are off, also in its browser pages).
"""

import os
from pathlib import Path
from secrets import token_urlsafe

from cases.settings import ROOT, Settings

UI_BASE = "/admin/prefect"
DAY_SECONDS = 86_400
RUNS_KEPT_DAYS = 30  # the record's own ledger keeps runs longer
EVENTS_KEPT_DAYS = 3


def prefect_environment(settings: Settings) -> dict[str, str]:
    """Return the variables for Prefect's server and clients.

    Effects: creates `<home>/prefect` and its password file on first use.
    """
    folder = settings.home / "prefect"
    folder.mkdir(parents=True, exist_ok=True)
    engine = settings.engine
    auth = f"panhuo:{engine.password or _secret(folder / 'password')}"
    return {
        "PREFECT_HOME": str(folder),
        "PREFECT_API_URL": engine.api_url or f"http://127.0.0.1:{settings.prefect_port}/api",
        "PREFECT_API_AUTH_STRING": auth,
        "PREFECT_SERVER_API_AUTH_STRING": auth,
        "PREFECT_SERVER_API_HOST": engine.host,
        "PREFECT_SERVER_API_PORT": str(settings.prefect_port),
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": settings.base_url,
        "PREFECT_API_DATABASE_CONNECTION_URL": engine.database_url
        or f"sqlite+aiosqlite:///{folder / 'prefect.db'}",
        "PREFECT_WORKER_QUERY_SECONDS": "5",
        "PYTHONPATH": str(ROOT),  # runs are processes of their own, which find the flows by their modules
        **_joined(engine.redis_url),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_UI_V2_ENABLED": "false",
        "PREFECT_UI_SERVE_BASE": UI_BASE,
        "PREFECT_UI_STATIC_DIRECTORY": str(folder / "pages"),
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(RUNS_KEPT_DAYS * DAY_SECONDS),
        "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": f"P{EVENTS_KEPT_DAYS}D",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_LOGGING_SETTINGS_PATH": str(ROOT / "flows" / "logging.yml"),
        "DO_NOT_TRACK": "1",
        "MALLOC_ARENA_MAX": "2",  # many threads that rest would each keep memory of their own otherwise
    }


def _joined(redis_url: str) -> dict[str, str]:
    """Return what joins several servers: events, their order, leases and the timers go through Redis."""
    if not redis_url:
        return {}
    return {
        "PREFECT_REDIS_MESSAGING_URL": redis_url,
        "PREFECT_SERVER_EVENTS_MESSAGING_BROKER": "prefect_redis.messaging",
        "PREFECT_SERVER_EVENTS_MESSAGING_CACHE": "prefect_redis.messaging",
        "PREFECT_SERVER_EVENTS_CAUSAL_ORDERING": "prefect_redis.ordering",
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect_redis.lease_storage",
        "PREFECT_SERVER_DOCKET_URL": redis_url,
    }


def apply(settings: Settings) -> None:
    """Put the variables into this process; call it before anything imports Prefect."""
    os.environ.update(prefect_environment(settings))


def _secret(path: Path) -> str:
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(token_urlsafe(24))
    return path.read_text().strip()
