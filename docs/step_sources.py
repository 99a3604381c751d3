"""Reads off the source of a step's guards and effects what they cite: rules, words of refusal, deadlines, documents.

In: functions of `states`. Out: names and texts, as far as they stand in the source or in what a function was built
with; what is only known while a case runs stays out. Runs nothing but the parser.
"""

import ast
import inspect
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import CodeType, FunctionType, ModuleType
from typing import Any

from rules.gate_table import STAGES
from states.filings import Filing


@dataclass
class Found:
    """What functions name, in the order of the source. `openings` are (key of the deadline, rule)."""

    strings: dict[str, None] = field(default_factory=dict)
    refusals: dict[str, None] = field(default_factory=dict)
    openings: dict[tuple[str, str], None] = field(default_factory=dict)
    documents: dict[str, None] = field(default_factory=dict)
    gates: dict[str, None] = field(default_factory=dict)
    seen: set[object] = field(default_factory=set)
    filings: list[Filing] = field(default_factory=list)


def read(filing: Filing | None, *functions: Callable[..., object]) -> Found:
    """Return what these functions of a mode with this filing, and those of `states` that they call, name."""
    found = Found(filings=[filing] if filing else [])
    for function in functions:
        _function(function, found)
    return found


def _function(function: object, found: Found) -> None:
    if not isinstance(function, FunctionType) or not function.__module__.startswith("states."):
        return
    held = _held(function)
    # The same code may have been built with other values: both count.
    mark = (function.__code__, tuple(map(repr, held.values())))
    if mark in found.seen:
        return
    found.seen.add(mark)
    for value in held.values():
        _value(value, found)
    known = {**function.__globals__, **held}
    for node in _nodes(function.__code__, sys.modules[function.__module__]):
        _node(node, known, found)


def _held(function: FunctionType) -> dict[str, Any]:
    """Return what a function was built with, by name."""
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    return {name: cell.cell_contents for name, cell in cells}


def _value(value: object, found: Found) -> None:
    """Take in a value that a function was built with, or a table that it looks up."""
    if isinstance(value, FunctionType):
        _function(value, found)
    elif isinstance(value, str):
        found.strings[value] = None
        found.gates.update({value: None} if value in STAGES else {})
    elif isinstance(value, Mapping):
        for inner in value.values():
            _value(inner, found)
    elif rule_id := getattr(value, "rule_id", ""):
        found.strings[rule_id] = None


# Functions that open a deadline, and the place of the timer among their arguments.
_TIMERS = {"openings": 0, "promised": 2}


@cache
def _placed(module: str) -> dict[tuple[str, int], list[ast.AST]]:
    """Return what a module's source defines, by name and first line; a lambda's name is that of its function."""
    found: dict[tuple[str, int], list[ast.AST]] = {}
    for node in ast.walk(ast.parse(module)):
        if name := "<lambda>" if isinstance(node, ast.Lambda) else getattr(node, "name", ""):
            lines = [getattr(node, "lineno", 0), *(d.lineno for d in getattr(node, "decorator_list", ()))]
            found.setdefault((name, min(lines)), []).append(node)
    return found


@cache
def _nodes(code: CodeType, module: ModuleType) -> tuple[ast.AST, ...]:
    """Return the nodes of a function's source; a lambda is found by its line."""
    places = _placed(inspect.getsource(module))
    found = places.get((code.co_name, code.co_firstlineno), ())
    return tuple(inner for node in found for inner in ast.walk(node))


def _node(node: ast.AST, known: Mapping[str, Any], found: Found) -> None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        found.strings[node.value] = None
    elif isinstance(node, ast.Name | ast.Attribute):
        value = _resolved(node, known)
        if isinstance(value, FunctionType | Mapping):
            _value(value, found)
    elif isinstance(node, ast.Call):
        _call(node, known, found)


def _resolved(node: ast.expr, known: Mapping[str, Any]) -> Any:
    """Return the object behind a name or a dotted name, or None."""
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = _resolved(node.value, known)
        if isinstance(owner, ModuleType | Filing):
            return getattr(owner, node.attr, None)
    return None


def _call(node: ast.Call, known: Mapping[str, Any], found: Found) -> None:
    called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    for filing in found.filings:
        _function(getattr(filing, called, None), found)  # what the filing of the mode brings along
    if called == "Opening" and len(node.args) > 1:
        key, rule = (_text(argument, known) for argument in node.args[:2])
        if rule:
            found.openings[key or "…", rule] = None
    elif called in _TIMERS:
        _timer(node.args[_TIMERS[called]], known, found)
    elif called == "unmet" and len(node.args) > 2 and isinstance(node.args[2], ast.Tuple):
        text = _text(node.args[2].elts[0], known)
        found.refusals.update({text: None} if re.search(r"[一-鿿]", text) else {})
    for keyword in node.keywords:
        if keyword.arg == "documents" and isinstance(keyword.value, ast.Tuple):
            found.documents.update({_text(name, known): None for name in keyword.value.elts})


def _timer(node: ast.expr, known: Mapping[str, Any], found: Found) -> None:
    """Take in a timer: one of the filing's, or key and rule as they stand there."""
    if isinstance(node, ast.Attribute):
        for filing in found.filings:
            if timer := getattr(filing, node.attr, None):
                found.openings[timer] = None
    elif isinstance(node, ast.Tuple):
        key, rule = (_text(part, known) for part in node.elts)
        found.openings[key, rule] = None


def _text(node: ast.expr, known: Mapping[str, Any]) -> str:
    """Return a text of the source; what is filled in while a case runs shows as dots."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part, known) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        value = _resolved(node.value, known)
        return value if isinstance(value, str) else "…"
    value = _resolved(node, known)
    return value if isinstance(value, str) else ""
