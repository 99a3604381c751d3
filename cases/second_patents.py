"""Computes what follows from a patent's dates twice, and tells where the two computations differ.

Nothing of this is stored, so both sides are computed on the spot; equal patents are looked at once.
"""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any

from cases.second_look import sides
from rules import second_money as second
from rules.packs import RuleBook
from rules.patent_term import term_of

Finding = tuple[str, dict[str, Any]]


def look_at_patent(book: RuleBook, kind: str, filed: date, granted: date | None) -> tuple[Finding, ...]:
    """Return what differs of a patent: what it is about, and the JSON that a review item keeps."""
    return tuple(_of_term(kind, filed))


@lru_cache(maxsize=65_536)
def _term(kind: str, filed: date) -> tuple[Finding, ...]:
    return tuple(_of_term(kind, filed))


def _of_term(kind: str, filed: date) -> Iterator[Finding]:
    mine, other = term_of(kind, filed), second.term(kind, filed)
    differs = [
        {"name": name, "zh": zh, "en": en, "first": one.isoformat(), "second": two.isoformat()}
        for name, zh, en, one, two in (
            ("last_day", "专利权最后一日", "last day of protection", mine.last_day, other.last_day),
            ("expiry_day", "期满终止日", "day of expiry", mine.expiry_day, other.expiry_day),
        )
        if one != two
    ]
    if differs:
        zh = (f"规则{mine.rule_id}：保护期{mine.first_day}至{mine.last_day}，{mine.expiry_day}终止。",)
        en = (f"Rule {mine.rule_id}: {mine.first_day} to {mine.last_day}, ended on {mine.expiry_day}.",)
        about = {"title": "专利权期限", "title_en": "Term of protection", "rule": mine.rule_id}
        yield "term", {**about, **sides(differs, {"zh": zh, "en": en}, other.derivation)}
