"""The variables for Prefect are understood by the Prefect that is installed."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from cases.settings import ROOT, Settings
from flows.environment import EVENTS_KEPT_DAYS, RUNS_KEPT_DAYS, UI_BASE, prefect_environment

ASK = """
import json
from prefect.settings import get_current_settings
server = get_current_settings().server
vacuum = server.services.db_vacuum
print(json.dumps([vacuum.retention_period.total_seconds(), server.events.retention_period.total_seconds(),
      sorted(vacuum.enabled_vacuum_types), server.analytics_enabled, server.ui.serve_base]))
"""
ENGINE = "import sys, desk.web.app, cases.papers, contracts.pool, flows.failures; print('weasyprint' in sys.modules)"


def test_desk_and_worker_hold_no_typesetting_engine_in_memory() -> None:
    asked = subprocess.run(
        [sys.executable, "-c", ENGINE], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert asked.stdout.strip() == "False"


def test_installed_prefect_reads_every_variable(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, database_url=f"sqlite:///{tmp_path}/panhuo.db")
    environment = {**os.environ, **prefect_environment(settings)}
    asked = subprocess.run(
        [sys.executable, "-c", ASK], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert json.loads(asked.stdout) == [
        timedelta(days=RUNS_KEPT_DAYS).total_seconds(), timedelta(days=EVENTS_KEPT_DAYS).total_seconds(),
        ["events", "flow_runs", "orphans"], False, UI_BASE,
    ]  # fmt: skip
