"""The foot of every paper: which rules ask for it, where they stand, and how well each source is known.

In: a document and the day of the case. Out: one line, made from the rule packs, so that it follows them.
"""

from collections.abc import Sequence
from datetime import date

from contracts.mode import Document
from contracts.view import CaseView
from rules.citing import cited
from rules.packs import RuleBook, load
from rules.rule import Rule

UNSEEN = "官方现行表格未见原件（待核实）。"
OWN = "本文书没有官方格式。"
_DAYS = ("effective_on", "signed_on", "agreed_on", "opened_on")
_LATEST = date(2100, 12, 31)


def asking(rules: Sequence[str], view: CaseView, book: RuleBook | None = None) -> tuple[Rule, ...]:
    """Return the rules of these ids as they stand on the day of the case."""
    known = book or load()
    on = next((day for name in _DAYS if (day := view.day(name))), _LATEST)
    return tuple(cited(known, rule_id, on) for rule_id in rules)


def basis(rule: Rule) -> str:
    """Write a rule as a paper cites it: 专利法第14条第2款（O-06），待核实 if its source was not read."""
    return f"{rule.article}（{rule.id}{'，待核实' if not rule.is_verified else ''}）"


def foot_of(document: Document, view: CaseView) -> str:
    """Return source and confidence of a paper as its foot prints them."""
    if not document.rules:
        return ""
    named = "；".join(basis(rule) for rule in asking(document.rules, view))
    return f"来源：{named}。{UNSEEN if document.is_official else OWN}"
