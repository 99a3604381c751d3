"""Looks at one stored deadline with the second computation: agreed, not to be checked, or what differs.

In: a row as it is stored, its rules and what the case knew when the row was opened. Out: the JSON that a review
item keeps. Reads and writes nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Literal

from rules import second_count as second
from rules.deadline_rule import DeadlineRule
from rules.derivation import Derivation, step
from rules.holiday_notices import HolidayNotice
from rules.packs import RuleBook, UnknownRule
from rules.second_compare import Difference, of_dates, of_internal
from rules.second_count import RestDays, Tally
from rules.second_forms import ends

Outcome = Literal["agreed", "unchecked"]
Known = Mapping[str, Mapping[str, Any]]
SOURCES = frozenset({"PUB", "CORRECTION"})
# Forms whose row keeps the very period that was counted from its base date.
COUNTED = frozenset({"after", "per_year", "by_amount"})


@dataclass(frozen=True, slots=True)
class Stored:
    """A deadline row, as far as it was computed. `told` is how it came about: lines in `zh` and `en`, `tree`."""

    id: int
    org_id: int
    case_id: int
    key: str
    title: str
    title_en: str
    article: str
    confidence: str
    rule_id: str
    rule_version: str
    base_date: date
    period: str
    nominal: date
    due: date
    provisional: bool
    told: Mapping[str, Any]
    opened_seq: int

    @property
    def needs_history(self) -> bool:
        """Whether it can only be recomputed from what the case knew when it was opened."""
        return not self.period and self.rule_id in SOURCES


def look_at(
    row: Stored, book: RuleBook, known: Known, payments: tuple[date, ...]
) -> Outcome | dict[str, Any]:
    """Compare a stored deadline with its second computation and return what differs, if anything does.

    `known` is what the case's events had established when the row was opened; only rows that need their history
    look at it. `payments` are the payment dates of the terms, in their order.
    """
    readings = [
        (tally, _differences(row, tally) + _internal(row, tally, book, rest))
        for rest in _rests(row, book)
        for tally in _tallies(row, book, known, payments, rest)
    ]
    if not readings:
        return "unchecked"
    if any(not differs for _, differs in readings):
        return "agreed"
    return _told(row, *readings[0])


def _rests(row: Stored, book: RuleBook) -> Iterator[RestDays]:
    """Yield the days of rest as they are known, and for a guess also as they were when it was made."""
    rest = rest_of(book)
    yield rest
    if row.provisional or not row.period:
        yield rest.before(min(row.nominal, row.due).year)


def _tallies(
    row: Stored, book: RuleBook, known: Known, payments: tuple[date, ...], rest: RestDays
) -> Iterator[Tally]:
    """Yield every reading of the row that would be right."""
    rule = _rule(row, book)
    if row.needs_history or (not row.period and row.key.startswith(("payment:", "distribution:"))):
        yield from _of_source(row, book, known, payments, rest)
    elif rule is not None and rule.form not in COUNTED:
        found = ends(rule, row.base_date, rest=rest)
        yield from (found,) if found else ()
    elif row.period:
        rolls = (rule.roll,) if rule else (True, False)
        yield from (second.tally(row.base_date, row.period, rolls=roll, rest=rest) for roll in rolls)


def _internal(row: Stored, tally: Tally, book: RuleBook, rest: RestDays) -> list[Difference]:
    """Compare the house's own date, if one is stored and the house still sets a margin for the rule."""
    stored, margin = row.told.get("internal"), book.house(row.base_date).margins.get(row.rule_id, 0)
    if not stored or not margin:
        return []
    return of_internal(_day(stored), second.house_date(tally.due, margin, row.base_date, rest))


def _rule(row: Stored, book: RuleBook) -> DeadlineRule | None:
    """Return the row's rule, if the packs still hold the version that it was made by."""
    try:
        rule = book.deadline(row.rule_id, row.base_date)
    except UnknownRule:
        return None
    return rule if rule.version == row.rule_version else None


def _of_source(
    row: Stored, book: RuleBook, known: Known, payments: tuple[date, ...], rest: RestDays
) -> Iterator[Tally]:
    """Recompute a date that no period gives: from the publicity, the terms or the notice."""
    kind, _, number = row.key.partition(":")
    if row.rule_id == "PUB" and (posted := known.get("publicity", {}).get("posted_on")):
        policy = book.house(date.fromisoformat(posted))
        pauses = [(_day(start), _day(end) if end else None) for start, end in known["publicity"]["pauses"]]
        found = second.publicity_closes(
            _day(posted), policy.publicity_days, policy.publicity_unit, pauses, rest
        )
        yield Tally(found.due, found.due, found.provisional, found.derivation)
    elif kind == "payment" and number.isdigit() and 1 <= int(number) <= len(payments):
        named = payments[int(number) - 1]
        due = second.next_worked(named, rest)
        told = step(
            "due", f"合同约定{named}付款，其当日或其后第一个上班日为{due}",
            f"the contract names {named}; the first worked day from then on is {due}", due, "date",
        )  # fmt: skip
        yield Tally(due, due, rest.is_guess(due), told)
    elif row.rule_id == "REWARD" and (
        promised := book.house(row.base_date).service_levels.get("reward_payment")
    ):
        counted = second.tally(row.base_date, promised, rolls=True, rest=rest)
        yield Tally(counted.due, counted.due, counted.provisional, counted.derivation)
    elif row.rule_id == "CORRECTION" and (notices := known.get("filing", {}).get("corrections")):
        due = _day(notices[-1]["answer_by"])
        told = step("due", f"补正通知书载明的答复期限为{due}", f"the notice names {due}", due, "date")
        yield Tally(due, due, False, told)


def _differences(row: Stored, tally: Tally) -> list[Difference]:
    """Compare; a date that nothing counted carries no mark, and a mark that is too careful is no fault."""
    return of_dates(row, tally, is_marked=bool(row.period) and not row.provisional)


def _told(row: Stored, tally: Tally, differs: list[Difference]) -> dict[str, Any]:
    return {
        "title": row.title, "title_en": row.title_en, "rule": row.rule_id, "version": row.rule_version,
        "article": row.article, "confidence": row.confidence, "base_date": row.base_date.isoformat(),
        "period": row.period, **sides(differs, row.told, tally.derivation),
    }  # fmt: skip


def sides(differs: list[Difference], told: Mapping[str, Any], second: Derivation) -> dict[str, Any]:
    """Return what both computations say, in words and side by side."""
    told_zh = "；".join(f"{d['zh']}：原为{d['first']}，复核得出{d['second']}" for d in differs)
    told_en = "; ".join(f"{d['en']}: it is {d['first']}, recomputed {d['second']}" for d in differs)
    return {
        "differs": differs, "sentence": f"{told_zh}。", "sentence_en": f"{told_en}.",
        "first": {"zh": list(told["zh"]), "en": list(told["en"]), "tree": told.get("tree")},
        "second": {"zh": list(second.lines_zh), "en": list(second.lines_en), "tree": second.as_json()},
    }  # fmt: skip


def rest_of(book: RuleBook) -> RestDays:
    """Return the days of rest as the second computation reads them from the packs of a book."""
    return _rest_of(book.all_rows(HolidayNotice))


@lru_cache(maxsize=32)
def _rest_of(notices: tuple[HolidayNotice, ...]) -> RestDays:
    return second.with_notices(notices)


def _day(text: str) -> date:
    return date.fromisoformat(text)
