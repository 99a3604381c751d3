"""The programs under `bench/` still do what they say: each is run once, small, and nothing is timed."""

from pathlib import Path

from bench.advance import on_sqlite


def test_the_floor_of_a_transition_writes_what_the_product_writes(tmp_path: Path) -> None:
    ratio = on_sqlite(tmp_path, "NORMAL", 1)
    assert ratio > 0
