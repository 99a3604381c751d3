"""Moving a whole record: seconds, rows a second, size and memory of export, backup and restore on both databases.

`python -m bench.archive [PATENTS] [CASES]`; without numbers an office of a city: 43,000 patents and 300 cases whose
contract is being drafted. Each figure is taken in a process of its own; memory is the peak above what the imports need.
"""

import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.databases import fresh, postgres
from bench.imports import write_csv
from cases.db import Database
from cases.schema import upgrade
from cases.settings import ROOT, Settings
from exchange.archive import export_archive
from exchange.backup import back_up, restore
from exchange.patent_import import run_import
from tests.modes.story import walk
from tests.world import settle

NOW = datetime(2026, 11, 23, tzinfo=UTC)
PATENTS, CASES = 43_000, 300


def fill(url: str, home: Path, patents: int, cases: int) -> None:
    """Write a record: patents from a list, cases walked by real steps."""
    db = Database(url, synchronous="OFF")
    upgrade(db)
    world = settle(db)
    write_csv(home / "list.csv", patents)
    run_import(db, home / "list.csv", org_id=world.org_id, now=NOW)
    for number in range(cases):
        list(
            walk(
                world, world.case(title=f"第{number}个案件", mode="ordinary_license"), until="start_drafting"
            )
        )
    db.dispose()


def work(what: str, url: str, home: str, path: str) -> dict[str, float]:
    """Do one thing and return its seconds, rows and peak memory in MB above the start."""
    db, settings = Database(url), Settings(Path(home), "")
    before = _peak()
    began = time.perf_counter()
    if what == "export":
        rows = sum(t.rows for t in export_archive(db, settings, Path(path), NOW).tables)
    elif what == "backup":
        rows = back_up(db, settings, Path(path), NOW).rows
    else:
        rows = sum(restore(db, settings, Path(path), NOW).rows.values())
    seconds = time.perf_counter() - began
    peak = _peak() - before
    db.dispose()
    return {"seconds": seconds, "rows": rows, "mb": peak}


def _peak() -> float:
    """Return the most memory this program had resident, in MB; `ru_maxrss` would count the parent's, too."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def measure(what: str, url: str, home: Path, path: Path) -> dict[str, float]:
    """Do one thing in a process of its own."""
    command = [sys.executable, "-m", "bench.archive", what, url, str(home), str(path)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def show(name: str, found: dict[str, float]) -> None:
    """Print one line."""
    rate = found["rows"] / found["seconds"]
    print(
        f"{name:<32} {found['seconds']:6.1f} s  {found['rows']:>9,.0f} rows  {rate:>8,.0f} rows/s  +{found['mb']:.0f} MB"
    )


def main(patents: int = PATENTS, cases: int = CASES) -> None:
    """Measure everything and print it."""
    with TemporaryDirectory() as name, postgres(Path(name)) as address:
        folder = Path(name)
        url = f"sqlite:///{folder}/panhuo.db"
        (folder / "home").mkdir()
        fill(url, folder / "home", patents, cases)
        show("SQLite: export", measure("export", url, folder / "home", folder / "1.zip"))
        print(f"{'':<32} {(folder / '1.zip').stat().st_size / 1e6:6.1f} MB")
        show("SQLite: backup", measure("backup", url, folder / "home", folder / "backups"))
        with fresh(address) as db:
            there = db.url.render_as_string(hide_password=False)
            show("PostgreSQL: import archive", measure("restore", there, folder / "two", folder / "1.zip"))
            show("PostgreSQL: export", measure("export", there, folder / "two", folder / "2.zip"))
        show(
            "SQLite: import archive",
            measure("restore", f"sqlite:///{folder}/back.db", folder / "three", folder / "2.zip"),
        )


if __name__ == "__main__":
    if len(sys.argv) == 5:
        print(json.dumps(work(*sys.argv[1:5])))
    else:
        main(*map(int, sys.argv[1:3]))
