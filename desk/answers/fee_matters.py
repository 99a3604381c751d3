"""Questions about fees beside the annual fee itself: restoration, compensated terms, refunds, who may pay less.

In: the texts a person typed. Out: plain JSON values, amounts in fen, dates ISO; wrong input is one `Invalid`.
"""

from collections.abc import Sequence
from typing import Any

from desk.answers.fees import (
    KIND_WORDS,
    REDUCTION_WORDS,
    REDUCTIONS,
    payment_of,
    refused,
    rulebook,
    year_of_question,
)
from desk.answers.parsing import Faults, Raw
from rules.annual_fees import FeeError
from rules.fee_reductions import Owner, after_change, eligible, first_year_of_request
from rules.fee_tables import KINDS
from rules.other_fees import compensation_fee, restoration
from rules.other_fees import refund as refund_of

OWNER_WORDS = {
    "个人": "person", "企业": "enterprise", "事业单位": "public_institution", "社会团体": "association",
    "非营利性科研机构": "nonprofit_research",
}  # fmt: skip
OWNER_KINDS = tuple(OWNER_WORDS.values())


def restore(
    kind: Raw,
    filed: Raw,
    year: Raw,
    received: Raw,
    *,
    reduction: Raw = None,
    granted: Raw = None,
    payments: Sequence[str] = (),
    obstacle_ended: Raw = None,
    layers: Raw = None,
) -> dict[str, Any]:
    """Return what restores a right that lapsed for an unpaid annual fee, and until when.

    `received` is the day on which the notice of termination was received; `obstacle_ended` makes it a restoration
    for force majeure.

    Raises: Invalid naming every wrong field.
    """
    faults = Faults()
    asked = faults.choice(kind, "kind", KINDS, aliases=KIND_WORDS)
    filing_day = faults.day(filed, "filed")
    number = year_of_question(faults, year)
    notice_day = faults.day(received, "received")
    rate = faults.choice(reduction, "reduction", REDUCTIONS, aliases=REDUCTION_WORDS, default="none")
    grant_day = faults.optional_day(granted, "granted")
    ended = faults.optional_day(obstacle_ended, "obstacle_ended")
    earlier = sorted((payment_of(faults, text) for text in payments), key=lambda payment: payment.on)
    book = rulebook(faults, layers)
    try:
        found = restoration(
            asked, filing_day, number, received_on=notice_day, book=book, reduction=rate,
            grant_date=grant_day, payments=earlier, obstacle_ended=ended,
        )  # fmt: skip
    except FeeError as error:
        raise refused(error, received_on="received", paid_on="received") from error
    return {
        "fee_fen": found.fee_fen,
        "surcharge_fen": found.surcharge_fen,
        "restoration_fen": found.restoration_fen,
        "total_fen": found.total_fen,
        "still_due_fen": found.still_due_fen,
        "due": found.due.isoformat(),
        "derivation": found.derivation.answer(),
    }


def compensation(filed: Raw, until: Raw, *, on: Raw, layers: Raw = None) -> dict[str, Any]:
    """Return what the compensated part of an invention's term costs; `until` is its last day.

    Raises: Invalid naming every wrong field.
    """
    faults = Faults()
    filing_day, last, day = faults.day(filed, "filed"), faults.day(until, "until"), faults.day(on, "on")
    book = rulebook(faults, layers)
    try:
        found = compensation_fee(filing_day, last, on=day, book=book)
    except FeeError as error:
        raise refused(error, compensation_end="until") from error
    return {
        "years": found.years,
        "fee_fen": found.fee_fen,
        "due": found.due.isoformat(),
        "derivation": found.derivation.answer(),
    }


def refund(owed: Raw, payments: Sequence[str], *, on: Raw, layers: Raw = None) -> dict[str, Any]:
    """Return what of the payments for one fee can be asked back on a day; each payment as DATE=AMOUNT.

    Raises: Invalid naming every wrong field.
    """
    faults = Faults()
    due, day = faults.amount(owed, "owed"), faults.day(on, "on")
    paid = [payment_of(faults, text) for text in payments]
    if not paid:
        faults.add(
            "payments", "没有缴费，请至少填写一笔：日期=金额。", "give at least one payment, DATE=AMOUNT"
        )
    book = rulebook(faults, layers)
    found = refund_of(due, paid, on=day, book=book)
    return {
        "refundable_fen": found.refundable_fen,
        "lines": [
            {"paid_on": line.paid_on.isoformat(), "fen": line.fen, "until": line.until.isoformat()}
            for line in found.lines
        ],
        "derivation": found.derivation.answer(),
    }


def reduction(
    owners: Sequence[str],
    *,
    on: Raw,
    before: Sequence[str] = (),
    requested: bool = False,
    kind: Raw = None,
    filed: Raw = None,
    layers: Raw = None,
) -> dict[str, Any]:
    """Return which reduction the owners may ask for, whether an old one goes on, and which fee is the first.

    Each owner is NAME=KIND or NAME=KIND=AMOUNT (a person's yearly income, an enterprise's taxable income). With
    `before`, the former owners' names, `carried` says whether their reduction outlives the change; with kind and
    filing date, `first_year` is the first patent year that a request of the day `on` reaches.

    Raises: Invalid naming every wrong field.
    """
    faults = Faults()
    day = faults.day(on, "on")
    named = [_owner(faults, text) for text in owners]
    asked = faults.choice(kind, "kind", ("", *KINDS), aliases=KIND_WORDS, default="")
    filing_day = faults.optional_day(filed, "filed")
    if (filing_day is None) == bool(asked):
        faults.add(
            "filed" if asked else "kind", "类型和申请日须同时填写。", "give kind and filing date together"
        )
    book = rulebook(faults, layers)
    try:
        found = eligible(named, on=day, book=book)
        told: dict[str, Any] = {
            "reduction": found.reduction,
            "unmet": [one.zh for one in found.unmet],
            "derivation": found.derivation.answer(),
        }
        if before:
            names = [owner.name for owner in named]
            carried = after_change(before, names, requested=requested, on=day, book=book)
            told["carried"] = {"stays": carried.stays, "derivation": carried.derivation.answer()}
        if filing_day is not None:
            first = first_year_of_request(asked, filing_day, day, book=book)
            told["first_year"] = {"year": first.value, "derivation": first.answer()}
    except FeeError as error:
        raise refused(error) from error
    return told


def _owner(faults: Faults, text: str) -> Owner:
    name, _, rest = text.partition("=")
    kind, _, amount = rest.partition("=")
    if not name.strip() or not kind.strip():
        known = "、".join(OWNER_WORDS)
        faults.add(
            "owners",
            f"“{text[:40]}”须写成 名称=类型 或 名称=类型=金额，类型为：{known}。",
            "write an owner as NAME=KIND or NAME=KIND=AMOUNT",
        )
        return Owner("", "")
    return Owner(
        name.strip(),
        faults.choice(kind, "owners", OWNER_KINDS, aliases=OWNER_WORDS),
        faults.optional_amount(amount, "owners"),
    )
