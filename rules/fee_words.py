"""What the texts about fees share: notes, amounts as documents write them, and the rules that are cited.

In: rule ids, amounts in fen. Out: plain values.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from rules.money import format_yuan
from rules.packs import RuleBook, UnknownRule
from rules.rule import Rule

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know: `code` for programs, the texts for people, the rule behind it or nothing."""

    code: str
    zh: str
    en: str
    rule_id: str = ""


def cited(book: RuleBook, id: str, on: date) -> Rule | None:
    """Return the rule in force on a day; the nearest version stands in for other days; None if there is none."""
    try:
        return book.rule(id, on)
    except UnknownRule:
        versions = [rule for rule in book.all() if id == rule.id or id in rule.also]
        later = [rule for rule in versions if on < rule.valid_from]
        return later[0] if later else versions[-1] if versions else None


def as_derived(rule: Rule | None) -> Rule | None:
    """Return a rule cited for what was concluded from it, not for its words: shown as 待核实."""
    return rule and rule.model_copy(update={"confidence": "D"})


def yuan(fen: int) -> str:
    """Write fen as documents do: 1,200元, 67.50元."""
    return format_yuan(fen).removesuffix(".00") + "元"


def yuan_en(fen: int) -> str:
    """Write fen for English texts: CNY 1,200."""
    return f"CNY {format_yuan(fen).removesuffix('.00')}"
