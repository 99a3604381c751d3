"""The second computation knows nothing of the first: what it imports, and what it takes over."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECOND = ("second_count", "second_forms", "second_money", "second_shares")
FIRST = (
    "calendar", "festivals", "counting", "deadlines", "deadline_forms", "service", "patent_clock", "patent_term",
    "publicity", "annual_fees", "rewards", "net_income", "taxes", "income_taxes",
)  # fmt: skip
# What may be loaded: text and yuan for the derivations, and the second computation itself.
ALLOWED = {"rules", "rules.text", "rules.money", "rules.derivation", *(f"rules.{name}" for name in SECOND)}


@pytest.mark.parametrize("name", SECOND)
def test_loads_nothing_of_the_first_computation(name: str) -> None:
    code = f"import sys, rules.{name}; print(*(m for m in sys.modules if m.split('.')[0] == 'rules'))"
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    assert set(told.split()) <= ALLOWED
    assert f"rules.{name}" in told.split()


@pytest.mark.parametrize("name", SECOND)
def test_takes_no_amounts_or_dates_from_elsewhere(name: str) -> None:
    tree = ast.parse((ROOT / "rules" / f"{name}.py").read_text(encoding="utf-8"))
    taken = {
        (node.module, alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("rules")
        for alias in node.names
    }
    assert {module for module, _ in taken} <= {"rules.derivation", *(f"rules.{other}" for other in SECOND)}


@pytest.mark.parametrize("name", FIRST)
def test_first_computation_takes_nothing_from_the_second(name: str) -> None:
    code = f"import sys, rules.{name}; print(*(m for m in sys.modules if 'second' in m))"
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    assert told.split() == []
