"""What the events of a case have told that only papers beside the contract show, read from plain JSON values.

`view.told["papers"]` holds the sections by name; a case that knows nothing has none, and papers show blank lines.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from contracts.phrases import BLANK_DATE
from contracts.view import CaseView
from rules.dates import chinese_date, parse_date


def section(view: CaseView, name: str) -> Mapping[str, Any]:
    """Return a section, empty if nothing is known."""
    found: Mapping[str, Any] = view.told.get("papers", {}).get(name) or {}
    return found


def rows(view: CaseView, name: str) -> Sequence[Mapping[str, Any]]:
    """Return a list of rows, empty if nothing is known."""
    found: Sequence[Mapping[str, Any]] = view.told.get("papers", {}).get(name) or ()
    return found


def text(value: Any, missing: str = "") -> str:
    """Return a text, or what stands for one that is not known."""
    return str(value) if value not in (None, "") else missing


def written(value: str | None, missing: str = BLANK_DATE) -> str:
    """Write a stored date in Chinese, or a line to fill it in."""
    return chinese_date(parse_date(value)) if value else missing


def stored_day(value: str | None) -> date | None:
    """Return a stored date."""
    return parse_date(value) if value else None


def flags(view: CaseView) -> Mapping[str, Sequence[str]]:
    """Return what stands against each patent in the register, by its application number as shown."""
    found: Mapping[str, Sequence[str]] = view.told.get("papers", {}).get("flags") or {}
    return found


def has_flag(view: CaseView, flag: str) -> bool:
    """Say whether a flag stands against any patent of the case."""
    return any(flag in found for found in flags(view).values())
