"""Freezes a small record of the release that is on the path, as SQL text of both databases.

Run with an earlier commit's code first on the path, never with today's:
`git archive COMMIT | tar -x -C OLD; PYTHONPATH=OLD python tests/upgrades/freeze.py releases`. The data is that
release's own fictional sample, cut down to a few patents and cases. The files are never written anew: a record that
people really have cannot be changed afterwards either.
"""

import lzma
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
# Which sample cases are kept, by what they were walked to.
KEPT = {"record_receipt", "record_statement"}
MOST = 1
MIDDLE = "-- PostgreSQL"


def main(target: Path) -> None:
    """Write `<revision>.sql.xz`: the same record twice, so that both together pack as tightly as one."""
    pgserver: Any = import_module("pgserver")  # it looks for the runtime folder while it is imported
    with TemporaryDirectory() as name:
        folder = Path(name)
        revision = _fill(f"sqlite:///{folder / 'panhuo.db'}")
        script = "\n".join(sqlite3.connect(folder / "panhuo.db").iterdump())
        server = pgserver.get_server(folder / "postgres", cleanup_mode="delete")
        try:
            _fill(server.get_uri())
            tool = Path(pgserver.__file__).parent / "pginstall" / "bin" / "pg_dump"
            command = [
                tool,
                "--inserts",
                "--rows-per-insert=500",
                "--no-owner",
                "--no-privileges",
                server.get_uri(),
            ]
            text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        finally:
            server.cleanup()
        lines = (line for line in text.splitlines() if not line.startswith(("\\", "--")) and line)
        _write(target / f"{revision}.sql.xz", "\n".join([script, MIDDLE, *lines]))


def _fill(url: str) -> str:
    from cases.db import Database
    from cases.schema import current, upgrade
    from desk import sample

    chosen: Any = sample
    if hasattr(chosen, "Sample"):  # the first releases have small samples of their own
        chosen.CASES = tuple(case for case in chosen.CASES if KEPT & {str(part) for part in case})[:MOST]
        chosen.found_institution = partial(chosen.found_institution, patents=48)
    db = Database(url)
    upgrade(db)
    sample.fill(db, NOW)
    with db.engine.connect() as connection:
        revision = str(current(connection))
    db.dispose()
    return revision


def _write(path: Path, text: str) -> None:
    path.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    sys.stdout.write(f"{path} {path.stat().st_size}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
