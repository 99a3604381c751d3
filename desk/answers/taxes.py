"""Taxes of conversion as questions: stamp duty, VAT, the yearly counter, the 36 months, the deferral.

In: the texts a person typed. Out: plain JSON values, amounts in fen, dates ISO, each with its derivation.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from cases.errors import Invalid
from desk.answers.parsing import Faults, Raw
from desk.answers.shares import MODE_WORDS
from rules import taxes
from rules.equity_deferral import equity_deferral
from rules.income_taxes import IitPart, NoRelief, RewardPart, TechIncome, cit_year, iit_reward
from rules.money_words import MODE_GROUPS

MOST_LINES = 200
CONDITIONS = ("TX-03", "TX-04", "TX-09", "TX-10", "TX-12")
_RECEIPT = re.compile(r"^(?P<day>[^=]+)=(?P<amount>.+)$")
_INCOME = re.compile(r"^(?P<mode>[^=]+)=(?P<amount>[^:：]+)(?:[:：](?P<years>.+))?$")


def stamp(mode: Raw, price: Raw = None, *, on: Raw = None, layers: Raw = None, today: date) -> dict[str, Any]:
    """Return the stamp duty that each party pays; without a price it follows the actual settlement (`duty_fen` null).

    `on` is the day of signing.

    Raises: Invalid naming every wrong field.
    """
    faults = Faults()
    asked = _mode(faults, mode)
    price_fen = faults.optional_amount(price, "price")
    day = faults.optional_day(on, "on") or today
    book = faults.book(layers)
    faults.check()
    try:
        found = taxes.stamp_duty(asked, price_fen, book=book, on=day)
    except taxes.NoDuty as error:
        reason = "该方式不书立应税合同，或当日没有已录入的税率，请核对方式和日期。"
        raise Invalid(reason, {"mode": reason}, "no stamp duty for this mode and day") from error
    return {
        "mode": asked,
        "on": day.isoformat(),
        "price_fen": price_fen,
        "duty_fen": found.fen,
        "rate_bp": found.rate_bp,
        "deed": found.deed_zh,
        "deed_en": found.deed_en,
        "derivation": found.derivation.answer(),
    }


def vat(
    mode: Raw, *, met: Sequence[str] = (), on: Raw = None, layers: Raw = None, today: date
) -> dict[str, Any]:
    """Return whether a deal invoiced on a day is exempt from VAT; `met` are the ids of the conditions that are met.

    Raises: Invalid naming every wrong field.
    """
    faults = Faults()
    asked = _mode(faults, mode)
    held = _met(faults, met)
    day = faults.optional_day(on, "on") or today
    book = faults.book(layers)
    faults.check()
    found = taxes.vat(asked, book=book, on=day, met=held)
    return {
        "mode": asked,
        "on": day.isoformat(),
        "state": found.state,
        "unmet": list(found.unmet),
        "last_day": found.last_day.isoformat() if found.last_day else None,
        "derivation": found.derivation.answer(),
    }


def cit(year: Raw, incomes: Sequence[str], *, layers: Raw = None) -> dict[str, Any]:
    """Return the counter of a tax year.

    Each income is MODE=AMOUNT, for a license MODE=AMOUNT:YEARS, for instance `transfer=300万`,
    `ordinary_license=80万:5`: receipts less cost and taxes.

    Raises: Invalid naming every wrong field (`incomes[1]` is the first).
    """
    faults = Faults()
    number = faults.whole(year, "year", 1985, 2100)
    read = [
        _income(faults, text, f"incomes[{n}]") for n, text in enumerate(_few(faults, incomes, "incomes"), 1)
    ]
    book = faults.book(layers)
    faults.check()
    try:
        found = cit_year(number, read, book=book)
    except NoRelief as error:
        reason = f"{number}年没有已录入的优惠规定，请核对年份。"
        raise Invalid(reason, {"year": reason}, f"no relief is entered for {number}") from error
    return {
        "year": number,
        "counted_fen": found.counted_fen,
        "exempt_fen": found.exempt_fen,
        "above_fen": found.above_fen,
        "taxed_fen": found.taxed_fen,
        "left_fen": found.left_fen,
        "excluded": [
            {"mode": income.mode, "amount_fen": income.fen, "reason": zh, "reason_en": en}
            for income, zh, en in found.excluded
        ],
        "derivation": found.derivation.answer(),
    }


def iit(
    mode: Raw,
    paid_on: Raw,
    receipts: Sequence[str],
    *,
    met: Sequence[str] = (),
    layers: Raw = None,
) -> dict[str, Any]:
    """Return how a cash reward is taxed, receipt by receipt.

    Each receipt is DATE=AMOUNT: the day of the receipt and the part of the reward that comes from it. `met` are the
    ids of the conditions that are met: TX-09 registered contract, TX-10 filing, TX-12 publicity.

    Raises: Invalid naming every wrong field (`receipts[1]` is the first).
    """
    faults = Faults()
    asked = _mode(faults, mode)
    day = faults.day(paid_on, "paid_on")
    few = _few(faults, receipts, "receipts")
    parts = [_receipt(faults, text, day, f"receipts[{n}]") for n, text in enumerate(few, 1)]
    held = _met(faults, met)
    book = faults.book(layers)
    faults.check()
    try:
        found = iit_reward(asked, parts, day, book=book, met=held)
    except NoRelief as error:
        reason = f"{day.isoformat()}没有已录入的优惠规定，请核对日期。"
        raise Invalid(reason, {"paid_on": reason}, f"no relief on {day.isoformat()}") from error
    return {
        "mode": asked,
        "paid_on": day.isoformat(),
        "taxed_fen": found.taxed_fen,
        "exempt_fen": found.exempt_fen,
        "file_by": found.file_by.isoformat(),
        "unmet": list(found.unmet),
        "parts": [_part(part) for part in found.parts],
        "derivation": found.derivation.answer(),
    }


def deferral(
    obtained_on: Raw,
    shares_paid_on: Raw,
    *,
    all_shares: bool = True,
    resident: bool = True,
    filed_on: Raw = None,
    layers: Raw = None,
) -> dict[str, Any]:
    """Return whether income tax on technology for shares may be deferred, and the filings that it takes.

    Raises: Invalid naming every wrong field.
    """
    faults = Faults()
    obtained = faults.day(obtained_on, "obtained_on")
    paid = faults.day(shares_paid_on, "shares_paid_on")
    filed = faults.optional_day(filed_on, "filed_on")
    book = faults.book(layers)
    faults.check()
    try:
        found = equity_deferral(
            obtained, paid, book=book, all_shares=all_shares, resident=resident, filed_on=filed
        )
    except NoRelief as error:
        reason = "当日没有已录入的递延规定，请核对日期。"
        raise Invalid(reason, {"obtained_on": reason}, "no deferral is entered for this day") from error
    return {
        "allowed": found.is_allowed,
        "file_by": found.file_by.isoformat(),
        "report_by": found.report_by.isoformat(),
        "derivation": found.derivation.answer(),
    }


def _mode(faults: Faults, text: Raw) -> str:
    return faults.choice(text, "mode", tuple(MODE_GROUPS), aliases=MODE_WORDS)


def _met(faults: Faults, met: Sequence[str]) -> tuple[str, ...]:
    return tuple(faults.choice(one, f"met[{n}]", CONDITIONS) for n, one in enumerate(met, 1))


def _few(faults: Faults, lines: Sequence[str], field: str) -> Sequence[str]:
    if not lines:
        faults.add(field, "未填写，请至少填写一项。", "give at least one")
    if len(lines) > MOST_LINES:
        faults.add(field, f"一次最多{MOST_LINES}项，请分批计算。", f"at most {MOST_LINES} at a time")
    return lines[:MOST_LINES]


def _income(faults: Faults, text: str, field: str) -> TechIncome:
    match = _INCOME.match(text.strip())
    if match is None:
        faults.add(
            field,
            f"“{text[:40]}”写法不对，请写成 方式=金额 或 方式=金额:许可年数，例如 ordinary_license=80万:5。",
            "write MODE=AMOUNT or MODE=AMOUNT:YEARS",
        )
        return TechIncome("transfer", 0)
    mode = faults.choice(match["mode"], field, tuple(MODE_GROUPS), aliases=MODE_WORDS)
    years = None if match["years"] is None else faults.whole(match["years"].strip("年 "), field, 0, 100)
    return TechIncome(mode, faults.amount(match["amount"], field), years)


def _receipt(faults: Faults, text: str, paid_on: date, field: str) -> RewardPart:
    match = _RECEIPT.match(text.strip())
    if match is None:
        faults.add(
            field,
            f"“{text[:40]}”写法不对，请写成 到账日=奖励金额，例如 2024-03-01=10万。",
            "write DATE=AMOUNT",
        )
        return RewardPart(paid_on, 0)
    part = RewardPart(faults.day(match["day"], field), faults.amount(match["amount"], field))
    if part.receipt_on > paid_on:
        faults.add(field, "到账日晚于发放日，请核对两个日期。", "the receipt lies after the payment")
    return part


def _part(part: IitPart) -> dict[str, Any]:
    return {
        "receipt_on": part.receipt_on.isoformat(),
        "amount_fen": part.fen,
        "last_day": part.last_day.isoformat(),
        "within": part.is_within,
        "taxed_fen": part.taxed_fen,
        "exempt_fen": part.exempt_fen,
    }
