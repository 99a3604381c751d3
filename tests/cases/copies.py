"""Copies of one record in homes of their own, and what they hold, so that two ways of doing a thing can be compared."""

import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from cases.db import Database
from cases.schema import TABLES
from cases.settings import ROOT
from tests.cases.dump import dump

# What must differ: who ran it and when, and so the hashes over it. Everything else is compared as it is stored.
BLANKED = ("id", "flow_run_id", "host", "prev", "hash", "trail_head")


def copy_of(seed: Path, home: Path) -> Path:
    """Return a new home with a copy of the record and the keys of another."""
    home.mkdir()
    with closing(sqlite3.connect(seed / "panhuo.db")) as record:
        record.execute("VACUUM INTO ?", (str(home / "panhuo.db"),))
    shutil.copytree(seed / "keys", home / "keys")
    (home / "fonts").symlink_to(ROOT / "var" / "fonts")
    return home


def told(home: Path) -> dict[str, list[dict[str, Any]]]:
    """Return all rows of a home's record by table, without what must differ."""
    db = Database(f"sqlite:///{home / 'panhuo.db'}")
    rows = dump(db)
    db.dispose()
    found = {name: [_plain(name, row) for row in stored] for name, stored in rows.items()}
    runs = (
        run for run in found["flow_run"] if run["outbox_id"]
    )  # that a schedule came round, only Prefect notes
    found["flow_run"] = sorted(runs, key=lambda run: str(run["outbox_id"]))
    return found


def _plain(table: str, row: tuple[Any, ...]) -> dict[str, Any]:
    """Return a row without what must differ: moments are told by their being there."""
    names = TABLES.tables[table].columns.keys()
    told = {
        name: "a moment" if isinstance(value, datetime) else value
        for name, value in zip(names, row, strict=True)
    }
    told |= {name: "" for name in BLANKED if name in told and (name != "id" or table == "flow_run")}
    if table == "trail":
        body = orjson.loads(told["body"])
        told["body"] = {name: value for name, value in body.items() if name not in ("at", "origin")}
    return told


def files(home: Path) -> list[str]:
    """Return the names of its stored files."""
    return sorted(path.name for path in (home / "files").rglob("*") if path.is_file())
