"""Dates that follow from what a case has recorded and agreed: the end of its publicity, the days of its payments.

In: the rulebook, the case's data or terms. Out: the dates, each with its words. Steps, papers and every later
computation ask here, so that a date is counted in one way.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from rules.dates import chinese_date
from rules.holiday_notices import calendar_of
from rules.packs import RuleBook
from rules.publicity import PublicityEnd, publicity_ends
from states.facts import CaseData, Payment

Pauses = tuple[tuple[date, date | None], ...]


@dataclass(frozen=True, slots=True)
class PaymentDay:
    """The day of a payment, moved as the contract says, and why."""

    due: date
    provisional: bool
    zh: tuple[str, ...]
    en: tuple[str, ...]


def pauses_in(stored: Iterable[Sequence[str | None]]) -> Pauses:
    """Read stored pauses as pairs of first and last day."""
    return tuple(
        (date.fromisoformat(str(start)), date.fromisoformat(end) if end else None) for start, end in stored
    )


def publicity_of(book: RuleBook, posted: date, pauses: Pauses) -> PublicityEnd:
    """Return the end of a publicity, under the policy of the day on which it was posted."""
    return publicity_ends(posted, book.house(posted), pauses, calendar=calendar_of(book))


def publicity_in(book: RuleBook, data: CaseData) -> PublicityEnd | None:
    """Return the end of the publicity that a case has recorded, or None."""
    posted = data.day("publicity", "posted_on")
    return publicity_of(book, posted, pauses_in(data.items("publicity", "pauses"))) if posted else None


def payments_in(payments: Sequence[Payment], data: CaseData) -> tuple[Payment, ...]:
    """Return the payments with the days and amounts that later events gave them: a statement, a trigger, a milestone."""
    settled = data.sections.get("payments", {})
    return tuple(
        _settled(payment, settled.get(f"payment:{number}", {})) for number, payment in enumerate(payments, 1)
    )


def _settled(payment: Payment, told: Mapping[str, Any]) -> Payment:
    due = date.fromisoformat(told["due"]) if "due" in told else payment.due
    return (
        replace(payment, due=due, amount_fen=told.get("amount_fen", payment.amount_fen)) if told else payment
    )


def payment_named(payments: Sequence[Payment], key: str) -> Payment | None:
    """Return the payment that a deadline key names, or None: `payment:1` the first, `payment:1@2` that of licensee 2."""
    kind, _, number = key.partition("@")[0].partition(":")
    if kind != "payment" or not number.isdecimal() or not 1 <= int(number) <= len(payments):
        return None
    return payments[int(number) - 1]


def payment_day(payment: Payment, book: RuleBook) -> PaymentDay:
    """Return the day of a payment; the contract itself moves a day of rest to the next working day."""
    calendar = calendar_of(book)
    due = calendar.next_workday(payment.due)
    zh: tuple[str, ...] = (f"合同约定的付款日期为{chinese_date(payment.due)}。",)
    en: tuple[str, ...] = (f"The contract names {payment.due.isoformat()}.",)
    if due != payment.due:
        zh += (f"该日为休息日，依合同约定顺延至其后的第一个工作日{chinese_date(due)}。",)
        en += (f"A day of rest: by the contract it moves to the next working day, {due.isoformat()}.",)
    return PaymentDay(due, calendar.is_provisional(due), zh, en)
