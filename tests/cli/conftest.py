"""The command line over a home folder of its own."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cases.db import Database
from desk.cli import execute
from tests.world import World, settle


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Cli:
    """Runs commands in this process. `home` is PANHUO_HOME."""

    home: Path
    capsys: pytest.CaptureFixture[str]

    def run(self, *arguments: str) -> Ran:
        self.capsys.readouterr()
        code = execute(list(arguments))
        said = self.capsys.readouterr()
        return Ran(code, said.out, said.err)


@dataclass
class Office(Cli):
    """The same over a record with a world in it."""

    world: World


@pytest.fixture
def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command line over an empty home."""
    home = tmp_path / "home"
    _point_at(home, monkeypatch)
    return Cli(home, capsys)


@pytest.fixture
def office(
    migrated: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Office:
    """The command line over a record with an institution in it."""
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(migrated, home / "panhuo.db")
    _point_at(home, monkeypatch)
    db = Database(f"sqlite:///{home / 'panhuo.db'}", synchronous="OFF")
    world = settle(db)
    db.dispose()
    return Office(home, capsys, world)


def _point_at(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "PANHUO_DATABASE_URL",
        "PANHUO_LOGIN",
        "PANHUO_LANG",
        "PANHUO_SMTP_HOST",
        "PANHUO_PREFECT_PORT",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PANHUO_HOME", str(home))
