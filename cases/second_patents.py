"""Computes what follows from a patent's dates twice, and tells where the two computations differ.

Nothing of this is stored: term, timers and the annual fees of this patent year and the next are computed on the spot
by both. Patents with the same dates are looked at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from cases.second_look import rest_of, sides
from rules import second_money as second
from rules.annual_fees import fee_due
from rules.deadlines import Deadline
from rules.fee_years import FeeError
from rules.packs import RuleBook
from rules.patent_clock import ClockFacts, clocks
from rules.patent_term import Term, term_of
from rules.second_compare import of_dates, of_fees, of_terms
from rules.second_count import RestDays, Tally
from rules.second_forms import Extra, ends

Finding = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Dates:
    """What is known of a patent, as far as anything is computed from it. `reduction` is none, 70 or 85."""

    kind: str
    status: str
    filed: date
    granted: date | None
    reduction: str = "none"
    paid_year: int | None = None


@lru_cache(maxsize=16_384)
def look_at_patent(book: RuleBook, dates: Dates, today: date) -> tuple[Finding, ...]:
    """Return what differs under an institution's packs: what it is about, and the JSON that a review item keeps."""
    rest = rest_of(book)
    return (
        *_of_term(dates), *_of_clocks(book, dates, today, rest), *_of_fees(book, dates, today, rest),
    )  # fmt: skip


def _of_term(dates: Dates) -> Iterator[Finding]:
    mine, other = term_of(dates.kind, dates.filed), second.term(dates.kind, dates.filed)
    differs = of_terms(mine, other)
    if differs:
        about = {"title": "专利权期限", "title_en": "Term of protection", "rule": mine.rule_id}
        yield "term", {**about, **sides(differs, _told_term(mine), other.derivation)}


def _told_term(term: Term) -> dict[str, Any]:
    return {
        "zh": [f"规则{term.rule_id}：保护期{term.first_day}至{term.last_day}，{term.expiry_day}终止。"],
        "en": [f"Rule {term.rule_id}: {term.first_day} to {term.last_day}, ended on {term.expiry_day}."],
    }


def _of_clocks(book: RuleBook, dates: Dates, today: date, rest: RestDays) -> Iterator[Finding]:
    facts = ClockFacts(dates.kind, dates.status, dates.filed, dates.granted, fee_paid_year=dates.paid_year)
    for clock in clocks(facts, book, today):
        deadline = clock.deadline
        tally = _tally(deadline, dates, clock.year, rest)
        differs = of_dates(deadline, tally) if tally else []
        if tally and differs:
            told = {
                "zh": deadline.explanation_zh,
                "en": deadline.explanation_en,
                "tree": deadline.derivation.as_json(),
            }
            about = {"title": deadline.title, "title_en": deadline.title_en, "rule": deadline.rule_id}
            found = {**about, "article": deadline.article, **sides(differs, told, tally.derivation)}
            yield f"clock:{deadline.rule_id}", found


def _tally(deadline: Deadline, dates: Dates, year: int | None, rest: RestDays) -> Tally | None:
    """Recount a timer; one that took its date from somewhere else is looked at there."""
    if not deadline.rule.names_date or not (deadline.period or deadline.rule.form == "fixed"):
        return None
    return ends(deadline.rule, deadline.base_date, Extra(second=dates.filed, year=year), rest)


def _of_fees(book: RuleBook, dates: Dates, today: date, rest: RestDays) -> Iterator[Finding]:
    """Look at this patent year's fee when it is late, and at the next one on its day."""
    if today < dates.filed:
        return
    last = second.life_years(dates.kind, dates.filed)
    this = second.patent_year(dates.filed, today)
    first = second.patent_year(dates.filed, dates.granted) + 1 if dates.granted else 2
    for year, late in ((this, timedelta(days=100)), (this + 1, timedelta())):
        if first <= year <= last:
            day = second.year_begins(dates.filed, year) + late
            yield from _of_fee(book, dates, year, day, rest)


def _of_fee(book: RuleBook, dates: Dates, year: int, day: date, rest: RestDays) -> Iterator[Finding]:
    try:
        mine = fee_due(
            dates.kind,
            dates.filed,
            year,
            day,
            book=book,
            reduction=dates.reduction,
            grant_date=dates.granted,
        )
    except FeeError:
        return
    other = second.annual_fee(
        dates.kind, dates.filed, year, day, reduction=dates.reduction, granted=dates.granted, rest=rest
    )
    differs = of_fees(mine, other)
    if differs:
        told = {
            "zh": mine.derivation.lines_zh,
            "en": mine.derivation.lines_en,
            "tree": mine.derivation.as_json(),
        }
        about = {
            "title": f"第{year}年度年费（{day}缴纳）",
            "title_en": f"Annual fee of year {year}, paid on {day}",
        }
        yield f"fee:{year}", {**about, "rule": "F-01", **sides(differs, told, other.derivation)}
