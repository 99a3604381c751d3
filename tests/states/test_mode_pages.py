"""The pages under docs/modes/ are what the charts, steps and rules say: `python docs/build_modes.py` writes them."""

import subprocess
import sys
from pathlib import Path

import pytest

from states.catalog import MODES
from states.modes import Mode

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "modes"


def test_pages_are_up_to_date() -> None:
    ran = subprocess.run(  # noqa: S603  our own program
        [sys.executable, "docs/build_modes.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.stderr, ran.returncode) == ("", 0)


@pytest.mark.parametrize("mode", MODES.values(), ids=lambda mode: mode.slug)
def test_page_names_every_state_step_and_way(mode: Mode) -> None:
    text = (PAGES / f"{mode.slug}.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    first = [row.split("`")[1] for row in rows]
    leaves = [node.id for node in mode.chart.nodes.values() if not node.children]
    assert [name for name in first if name in leaves or name in mode.steps] == [*leaves, *mode.steps]
    drawn = [line.strip() for line in text.splitlines() if line.startswith("    ")]
    assert [
        node.id for node in mode.chart.nodes.values() if not any(f"as {node.id}" in line for line in drawn)
    ] == []


def test_page_tells_what_a_step_asks_opens_and_makes() -> None:
    text = (PAGES / "exclusive_license.md").read_text(encoding="utf-8")
    (posted,) = [line for line in text.splitlines() if line.startswith("| `post_publicity`")]
    cells = [cell.strip() for cell in posted.split("|")[1:-1]]
    assert cells[1:5] == ["开始公示", "Post the publicity", "管理员、转化专员", "未公示 → 公示中"]
    assert cells[6:] == ["`publicity`（PUB）", "科技成果转化公示"]
    (over,) = [line for line in text.splitlines() if line.startswith("| `has_publicity_run`")]
    assert over.split(" | ")[2:] == ["公示期至…届满，最早…可确认", "PR-04 国发〔2016〕16号（一） 待核实 |"]
