"""The one workshop of a worker process, and the id of the flow run that is going on."""

from functools import cache

from prefect.runtime import flow_run

from cases.db import Database
from cases.settings import Settings
from flows.work import Workshop, render_pool


@cache
def shop() -> Workshop:
    """Return this process's workshop, set up from the environment on first use."""
    settings = Settings.from_environment()
    return Workshop(Database(settings.database_url), settings, render_pool(settings))


def run_id() -> str:
    """Return the id of the current flow run, or the empty text outside one."""
    return str(flow_run.get_id() or "")
