"""The process under which a case runs: the house policy of its opening, kept until the case is migrated.

It stands in the case's data under `process`, so that the trail retells it: the rule packs, their versions, and the
day whose policy holds. Law and calendar are never kept: they come from the packs of the day, by their own dates.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from cases.rulebooks import book_of
from rules.packs import PackError, RuleBook
from rules.policy import HousePolicy

SECTION = "process"


def process_of(book: RuleBook, layers: str, day: date) -> dict[str, Any]:
    """Return what a case keeps of the packs under which it is opened or migrated on a day."""
    return {
        "layers": layers,
        "packs": {pack.name: pack.version for pack in book.packs},
        "policy_on": day.isoformat(),
    }


def policy_kept(data: Mapping[str, Any]) -> HousePolicy | None:
    """Return the house policy that a case keeps; None if it keeps none, or its packs are no longer there."""
    kept = data.get(SECTION)
    if kept is None:
        return None
    try:
        return book_of(kept["layers"]).house(date.fromisoformat(kept["policy_on"]))
    except PackError:
        return None
