"""Every timer that starts from a patent's own data: fees, grace, restoration, bonus, compensation, idleness, term.

In: what is known of one patent, a rulebook, a day. Out: `Clock` values, each a deadline with how it stands. Past
dates give overdue or satisfied clocks, never none; what cannot be computed for want of a date is left out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from rules.counting import add_months
from rules.dates import chinese_date
from rules.deadline_rule import LAST_YEAR_NUMBER, DeadlineRule
from rules.deadlines import Deadline, Status, compute, fixed, status
from rules.fee_years import FeeDates, fee_dates, last_year_of, year_of
from rules.holiday_notices import calendar_of
from rules.packs import RuleBook, UnknownRule
from rules.patent_term import term_of

ALIVE = frozenset({"in_force", "in_grace", "unknown"})
# Compensation is for inventions granted more than so many years after filing.
_SLOW_GRANT_YEARS = 4


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """What the clocks may know of one patent.

    `kind` and `status` are those of the patent's record. `fee_paid_year` is the last patent year whose fee is known
    to be paid. The days say when something was done: the first implementation, the bonus paid, compensation asked
    for; `terminated_notice_on` when the notice of termination was received. `compensation_end` is the last day of
    a compensated term. `has_reward_rule`: the house's rule or an agreement replaces the statutory bonus.
    """

    kind: str
    status: str
    filing_date: date | None
    grant_date: date | None
    funded: bool = False
    fee_paid_year: int | None = None
    worked_on: date | None = None
    bonus_paid_on: date | None = None
    compensation_asked_on: date | None = None
    termination_notice_on: date | None = None
    restored_on: date | None = None
    compensation_end: date | None = None
    has_reward_rule: bool = False

    @property
    def is_alive(self) -> bool:
        """Whether the right is granted and not known to have ended."""
        return self.status in ALIVE and self.grant_date is not None


@dataclass(frozen=True, slots=True)
class Clock:
    """A deadline of a patent, how it stands on the day asked for, and when it was met, if it was.

    `year` is the patent year of a fee.
    """

    deadline: Deadline
    status: Status
    met_on: date | None = None
    year: int | None = None


def clocks(facts: ClockFacts, book: RuleBook, today: date) -> tuple[Clock, ...]:
    """Return the clocks of a patent on a day, the earliest due date first.

    Of the annual fees, the next unpaid one with the end of its grace period: that of the year after the last paid
    one; if no payment is known, the one in grace, or else the next one due. Idle clocks stop when the patent is
    worked. The end of the term is a date that never moves.
    """
    found = [*_fees(facts, book, today), *_after_grant(facts, book, today), *idle_clocks(facts, book, today)]
    found += [*_restoration(facts, book, today), *_term(facts, book, today)]
    return tuple(sorted(found, key=lambda clock: (clock.deadline.due, clock.deadline.rule_id)))


def next_fee_year(facts: ClockFacts, book: RuleBook, today: date) -> int | None:
    """Return the patent year whose annual fee comes next, or None if there is none or a date is missing."""
    filed, granted = facts.filing_date, facts.grant_date
    if filed is None or granted is None or granted < filed or not facts.is_alive:
        return None
    first = year_of(filed, granted) + 1
    last = min(last_year_of(facts.kind, filed), LAST_YEAR_NUMBER)
    years = range(first, last + 1)
    if facts.fee_paid_year is not None:
        return next((year for year in years if year > facts.fee_paid_year), None)
    running = year_of(filed, max(today, filed))
    if facts.status == "in_grace":
        past = [year for year in years if year <= running and _due(book, filed, year).nominal < today]
        return past[-1] if past else next(iter(years), None)
    return next((year for year in years if year >= running and _due(book, filed, year).due >= today), None)


def fee_clocks(
    facts: ClockFacts, book: RuleBook, today: date, until: date, also: Iterable[int] = ()
) -> Iterator[Clock]:
    """Yield the annual fees to be watched: the next unpaid one if due by `until`, and those of the years `also`.

    The end of the grace period comes along once a fee is overdue. A year known to be paid has none, nor has a patent
    that is not in force.
    """
    filed = facts.filing_date
    if filed is None or not facts.is_alive:
        return
    following = next_fee_year(facts, book, today)
    years = {year for year in also if facts.fee_paid_year is None or year > facts.fee_paid_year}
    if following is not None and _due(book, filed, following).due <= until:
        years.add(following)
    for year in sorted(years):
        fee = _fee(book, filed, year)
        yield Clock(fee, status(fee, today), year=year)
        grace = _from(book, "T-09", fee.nominal, suffix=f"第{year}年度") if fee.due < today else None
        if grace is not None:
            yield Clock(grace, status(grace, today), year=year)


def _due(book: RuleBook, filed: date, year: int) -> FeeDates:
    return fee_dates(filed, year, calendar_of(book))


def _fee(book: RuleBook, filed: date, year: int) -> Deadline:
    begins = add_months(filed, 12 * (year - 1))
    rule = book.deadline("T-08", begins)
    return compute(
        rule,
        filed,
        year=year,
        calendar=calendar_of(book),
        title_suffix=f"第{year}年度",
        margin=_margin(book, rule, begins),
    )


def _fees(facts: ClockFacts, book: RuleBook, today: date) -> Iterator[Clock]:
    year = next_fee_year(facts, book, today)
    if year is None or facts.filing_date is None:
        return
    fee = _fee(book, facts.filing_date, year)
    yield Clock(fee, status(fee, today), year=year)
    grace = _from(book, "T-09", fee.nominal, suffix=f"第{year}年度")
    if grace is not None:
        yield Clock(grace, status(grace, today), year=year)


def _after_grant(facts: ClockFacts, book: RuleBook, today: date) -> Iterator[Clock]:
    granted = facts.grant_date
    if granted is None or facts.status == "void":
        return
    if not facts.has_reward_rule:
        yield from _clock(_from(book, "T-14", granted), today, facts.bonus_paid_on)
    if _may_be_compensated(facts, book):
        yield from _clock(_from(book, "T-18", granted), today, facts.compensation_asked_on)
    if facts.compensation_end is not None and facts.filing_date is not None and facts.is_alive:
        last = term_of(facts.kind, facts.filing_date).last_day
        yield from _clock(_from(book, "T-19", last), today)


def _may_be_compensated(facts: ClockFacts, book: RuleBook) -> bool:
    filed, granted = facts.filing_date, facts.grant_date
    if facts.kind != "invention" or filed is None or granted is None:
        return False
    try:
        book.rule("P-04", granted)
    except UnknownRule:
        return False
    return granted > add_months(filed, 12 * _SLOW_GRANT_YEARS)


def idle_clocks(facts: ClockFacts, book: RuleBook, today: date) -> Iterator[Clock]:
    """Yield the clocks of a patent that nobody works: after one, three and five years, as the packs have them."""
    granted, filed = facts.grant_date, facts.filing_date
    if granted is None or not facts.is_alive:
        return
    yield from _clock(_from(book, "T-IDLE1", granted), today, facts.worked_on)
    if filed is not None:
        yield from _clock(_from(book, "T-IDLE3", granted, second=filed), today, facts.worked_on)
    if facts.funded:
        yield from _clock(_from(book, "T-IDLE5", granted), today, facts.worked_on)


def _restoration(facts: ClockFacts, book: RuleBook, today: date) -> Iterator[Clock]:
    notice = facts.termination_notice_on
    if notice is not None and (facts.status == "lapsed" or facts.restored_on is not None):
        yield from _clock(_from(book, "T-11", notice), today, facts.restored_on)


def _term(facts: ClockFacts, book: RuleBook, today: date) -> Iterator[Clock]:
    filed = facts.filing_date
    rule = _rule(book, "T-TERM", filed) if filed is not None else None
    if rule is None or filed is None or facts.status not in {*ALIVE, "expired"}:
        return
    term = term_of(facts.kind, filed, facts.compensation_end)
    zh = (
        f"自申请日{chinese_date(filed)}起算，期限至{chinese_date(term.last_day)}"
        f"（规则{term.rule_id}），次日起专利权期满终止，不因休息日顺延。",
    )
    en = (
        f"From the filing date {filed} to {term.last_day} (rule {term.rule_id}); ended the next day, never moved.",
    )
    ended = fixed(
        rule, term.last_day, base_date=filed, because_zh=zh, because_en=en, calendar=calendar_of(book)
    )
    yield Clock(ended, status(ended, today))


def _clock(deadline: Deadline | None, today: date, met_on: date | None = None) -> Iterator[Clock]:
    if deadline is not None:
        yield Clock(deadline, status(deadline, today, met_on), met_on)


def _from(
    book: RuleBook, rule_id: str, base: date, *, second: date | None = None, suffix: str = ""
) -> Deadline | None:
    """Apply a timer to a base date; None if the loaded packs do not have it."""
    rule = _rule(book, rule_id, base)
    if rule is None:
        return None
    return compute(
        rule,
        base,
        second=second,
        calendar=calendar_of(book),
        margin=_margin(book, rule, base),
        title_suffix=suffix,
    )


def _rule(book: RuleBook, rule_id: str, on: date) -> DeadlineRule | None:
    try:
        return book.deadline(rule_id, on)
    except UnknownRule:
        return None


def _margin(book: RuleBook, rule: DeadlineRule, on: date) -> int:
    return book.house(on).margins.get(rule.id, 0) if book.policies else 0
