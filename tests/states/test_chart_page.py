"""The page of every chart under docs/charts/ is what the code says: drawn by python-statemachine, steps listed.

A changed chart fails here until the page is written anew: `PANHUO_UPDATE_GOLDEN=1 pytest tests/states`.
"""

import os
from pathlib import Path

import pytest

from states.catalog import MODES
from states.decide import ROLES
from states.modes import Mode

PAGES = Path(__file__).parents[2] / "docs" / "charts"


def chart_page(mode: Mode) -> str:
    """Return the page of one mode: the drawing, then a table of states and one of steps."""
    drawing = format(mode.chart.machine, "mermaid").strip()
    for step in mode.steps.values():
        label = step.event.replace("_", " ").capitalize()
        drawing = drawing.replace(f" : {label}\n", f" : {step.zh}\n").replace(
            f" : {label} [", f" : {step.zh} ["
        )
    return "\n".join(
        [
            f"# {mode.zh} · {mode.en}",
            "",
            f"Chart `{mode.slug}`, version {mode.chart.version}. Written by `tests/states/test_chart_page.py`.",
            "",
            "```mermaid",
            drawing,
            "```",
            "",
            "## 状态 · States",
            "",
            "| state | 中文 | English | stage |",
            "|---|---|---|---|",
            *(_state_row(mode, leaf) for leaf in mode.chart.nodes if not mode.chart.nodes[leaf].children),
            "",
            "## 步骤 · Steps",
            "",
            "| step | 中文 | English | who | starts on |",
            "|---|---|---|---|---|",
            *(_step_row(mode, event) for event in mode.steps),
            "",
        ]
    )


def _state_row(mode: Mode, leaf: str) -> str:
    node = mode.chart.nodes[leaf]
    return f"| `{leaf}` | {node.zh} | {node.en} | {mode.chart.stages.get(leaf, '')} |"


def _step_row(mode: Mode, event: str) -> str:
    step = mode.steps[event]
    who = "、".join(ROLES[role][0] for role in sorted(step.roles))
    starts = ", ".join(f"`{state}`" for state in mode.chart.states_offering(event))
    return f"| `{event}` | {step.zh} | {step.en} | {who} | {starts} |"


@pytest.mark.parametrize("mode", MODES.values(), ids=lambda mode: mode.slug)
def test_page_shows_the_chart_as_it_is(mode: Mode) -> None:
    path = PAGES / f"{mode.slug}.md"
    page = chart_page(mode)
    if os.environ.get("PANHUO_UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == page


def test_no_page_is_left_without_a_chart() -> None:
    assert {path.stem for path in PAGES.glob("*.md")} == set(MODES)
