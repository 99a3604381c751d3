"""Two desks and two workers as processes of their own, on PostgreSQL: driven over HTTP while one worker is killed."""

import subprocess
import sys

import pytest

from cases.settings import ROOT

pytestmark = [pytest.mark.engine, pytest.mark.postgres, pytest.mark.xdist_group("engine")]


def test_everything_is_done_once_though_a_worker_is_killed() -> None:
    """The short run of bench/growth.py; it says itself what it looked at, and what was wrong."""
    told = subprocess.run(
        [sys.executable, "-m", "bench.growth", "--short"], cwd=ROOT, capture_output=True, text=True, check=False,
        timeout=400,
    )  # fmt: skip
    assert (told.returncode, told.stdout.splitlines()[-1:]) == (0, [f"{'wrong':<58}nothing"]), (
        told.stdout + told.stderr
    )
