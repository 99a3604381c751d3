"""What the tests of fees share: the rulebook, the official examples, and a short way to ask."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from rules.annual_fees import FeeDue, fee_due
from rules.packs import RuleBook, load

BOOK: RuleBook = load(("national",))
EXAMPLES: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent / "golden" / "annual_fee_examples.json").read_text(encoding="utf-8")
)


def yuan(text: str) -> int:
    """Return whole yuan in fen."""
    return int(text) * 100


def ask(kind: str, filed: str, year: int, paid_on: str, **known: Any) -> FeeDue:
    """Ask for a fee, with dates as text."""
    granted = known.pop("granted", None)
    return fee_due(
        kind, date.fromisoformat(filed), year, date.fromisoformat(paid_on), book=BOOK,
        grant_date=date.fromisoformat(granted) if granted else None, **known,
    )  # fmt: skip


def codes(found: FeeDue) -> set[str]:
    """Return the codes of the notes."""
    return {note.code for note in found.notes}
