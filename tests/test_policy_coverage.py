"""Every phrase of the policy papers is met by something that exists, or the page says why not."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "docs"))

import build_policy  # noqa: E402  a program of its own, not a part of the product


def test_every_id_stands_once_and_everything_named_exists() -> None:
    papers, rows = build_policy.read()
    assert build_policy.faults(rows) == []
    assert (sorted(papers), len(rows)) == (["S0", "S1", "S2", "S3"], 119)


def test_page_is_up_to_date() -> None:
    ran = subprocess.run(  # noqa: S603  our own program
        [sys.executable, "docs/build_policy.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.stderr, ran.returncode) == ("", 0)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"by": ["/nowhere"]}, "S0-01: there is no /nowhere"),
        ({"by": ["panhuo nothing"]}, "S0-01: there is no panhuo nothing"),
        (
            {"by": ["tests/test_layout.py::test_of_nothing"]},
            "S0-01: there is no tests/test_layout.py::test_of_nothing",
        ),
        ({"by": ["docs/build_policy.py::read"]}, "S0-01: there is no docs/build_policy.py::read"),
        ({"by": []}, "S0-01: met by nothing"),
        ({"status": "partly"}, "S0-01: no reason"),
        ({"status": "not", "why": ["只有中文"]}, "S0-01: no reason"),
        ({"status": "perhaps", "why": ["如此", "so"]}, "S0-01: unknown status perhaps"),
    ],
)
def test_fault_of_a_row_is_named(change: dict[str, Any], fault: str) -> None:
    _, rows = build_policy.read()
    sound = {"phrase": "", "asks": "", "status": "met", "by": ["/board", "panhuo modes"]}
    assert build_policy.faults({**rows, "S0-01": sound | change}) == [fault]


def test_missing_and_made_up_ids_are_named() -> None:
    _, rows = build_policy.read()
    changed = {**rows, "S4-01": rows["S0-01"]}
    del changed["S3-37"]
    assert build_policy.faults(changed)[:2] == ["S3-37: no row", "S4-01: no such id"]
