"""The programs under `bench/` still do what they say: each is run once, small, and nothing is timed."""

from pathlib import Path

from bench.advance import on_sqlite
from bench.inbox import measure
from cases.db import Database


def test_the_floor_of_a_transition_writes_what_the_product_writes(tmp_path: Path) -> None:
    ratio = on_sqlite(tmp_path, "NORMAL", 1)
    assert ratio > 0


def test_the_inbox_loads_at_once_what_it_loaded_one_by_one(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path}/panhuo.db", synchronous="OFF")
    assert min(measure(db, 6)) > 0
    db.dispose()
