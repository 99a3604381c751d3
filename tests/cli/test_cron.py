"""Lines of a crontab that overlap: two of each at once leave what one of each leaves."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cases.settings import ROOT
from tests.cases.copies import copy_of, files, told
from tests.cli.conftest import Office
from tests.modes.story import walk_to

DAY = "2026-05-11"
LINES = (("remind", "--on", DAY), ("report", "monthly", "--period", "2026-04"))


def test_overlapping_runs_are_harmless(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk_to(office.world, office.world.case(), "record_filing")
    office.world.db.dispose()
    (office.home / "keys").mkdir()
    alone = copy_of(office.home, tmp_path / "alone")
    both = [_start(office.home, line) for line in LINES for _ in range(2)]
    monkeypatch.setenv("PANHUO_HOME", str(alone))
    assert [office.run(*line).code for line in LINES] == [0, 0]
    assert {process.wait(120) for process in both} == {0}
    assert told(office.home) == told(alone)
    assert (len(files(alone)), files(office.home)) == (1, files(alone))


def _start(home: Path, line: tuple[str, ...]) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PANHUO_HOME": str(home)}
    return subprocess.Popen(
        [sys.executable, "-m", "desk.cli", *line], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
