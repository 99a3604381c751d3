"""Stamp duty and VAT of a conversion contract.

In: mode, price, rulebook, day. Out: an amount or a verdict with its derivation. Income taxes: `rules.income_taxes`.

Rounding: stamp duty is rounded half up to the fen; no text that was read lets a small duty go.

Source: 印花税法 (2021) table, art 6, 15, 16; 财政部 税务总局公告2026年第10号
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from rules.citing import cited
from rules.dates import chinese_date
from rules.derivation import Derivation, step
from rules.money import format_yuan, percent
from rules.money_tables import WHOLE
from rules.money_words import MODE_LABELS
from rules.packs import RuleBook
from rules.tax_tables import StampDuty, VatExemption

VatState = Literal["exempt", "conditions", "not_covered", "no_rule"]


@dataclass(frozen=True)
class Duty:
    """Stamp duty of one party; `fen` is None if no amount is stated, so that it follows the actual settlement."""

    fen: int | None
    rate_bp: int
    deed_zh: str
    deed_en: str
    derivation: Derivation


@dataclass(frozen=True)
class Vat:
    """Whether a deal is exempt from VAT.

    `conditions`: it would be, if the rules in `unmet` were met. `no_rule`: no exemption is entered for this day, it
    must be checked again. `last_day` is the sunset of the exemption.
    """

    state: VatState
    unmet: tuple[str, ...]
    last_day: date | None
    derivation: Derivation


class NoDuty(LookupError):
    """No rate of stamp duty is entered for this mode on this day."""


def half_up(fen: int, bp: int) -> int:
    """Return a share of an amount, rounded half up to the fen."""
    return (2 * fen * bp + WHOLE) // (2 * WHOLE)


def stamp_duty(mode: str, price_fen: int | None, *, book: RuleBook, on: date) -> Duty:
    """Return the stamp duty that each party pays on a contract signed on a day.

    A patent's transfer is taxed as a transfer deed and not once more as a technology contract. Without a stated
    amount the duty is computed on the actual settlement, later.

    Raises: ValueError on a negative price; NoDuty.
    """
    if price_fen is not None and price_fen < 0:
        raise ValueError("amounts must not be negative")
    row = next((row for row in book.rows(StampDuty, on) if mode in row.modes), None)
    if row is None:
        raise NoDuty(f"no stamp duty for {mode} on {on.isoformat()}")
    rule, rate = cited(book, row.rule, on), percent(row.rate_bp)
    if price_fen is None:
        zh = f"{row.deed_zh}未列明金额，按实际结算的金额以{rate}计税，双方各自缴纳"
        en = f"the {row.deed_en} states no amount: {rate} of the actual settlement, paid by each party"
        told = step("stamp_duty", zh, en, None, "fen", rule=rule)
        return Duty(None, row.rate_bp, row.deed_zh, row.deed_en, told)
    fen = half_up(price_fen, row.rate_bp)
    told = step(
        "stamp_duty",
        f"{row.deed_zh}按价款的{rate}计税，四舍五入到分，为{format_yuan(fen)}元，双方各自缴纳",
        f"{row.deed_en}: {rate} of the price, half up to the fen: {format_yuan(fen)} yuan, paid by each party",
        fen,
        "fen",
        step(
            "price",
            f"价款{format_yuan(price_fen)}元",
            f"price {format_yuan(price_fen)} yuan",
            price_fen,
            "fen",
        ),
        rule=rule,
    )
    return Duty(fen, row.rate_bp, row.deed_zh, row.deed_en, told)


def vat(mode: str, *, book: RuleBook, on: date, met: Sequence[str] = ()) -> Vat:
    """Return whether a deal invoiced on a day is exempt from VAT.

    `met` are the ids of the conditions that are met: TX-04 the contract is recognized, TX-03 linked consulting or
    service stands on the same invoice (also if there is none).
    """
    rows = book.rows(VatExemption, on)
    if not rows:
        return _no_vat_rule(book, on)
    row = next((row for row in rows if mode in row.modes), None)
    mode_zh, mode_en = MODE_LABELS[mode]
    if row is None:
        rule = cited(book, rows[0].rule, on)
        told = step(
            "vat", f"{mode_zh}不在免税范围内", f"{mode_en} is not among the exempt deals", "not_covered", "text", rule=rule
        )  # fmt: skip
        return Vat("not_covered", (), rows[0].valid_to, told)
    unmet = tuple(rule_id for rule_id in row.conditions if rule_id not in met)
    parts = [_condition(book, rule_id, rule_id in met, on) for rule_id in row.conditions]
    end_zh = f"，至{chinese_date(row.valid_to)}为止，期满须重新核对" if row.valid_to else ""
    end_en = f", until {row.valid_to.isoformat()}, then to be checked again" if row.valid_to else ""
    state: VatState = "conditions" if unmet else "exempt"
    zh = f"{mode_zh}免征增值税{end_zh}" if not unmet else f"{mode_zh}符合上述条件后免征增值税{end_zh}"
    en = f"{mode_en}: exempt from VAT{' once the conditions are met' if unmet else ''}{end_en}"
    return Vat(
        state, unmet, row.valid_to, step("vat", zh, en, state, "text", *parts, rule=cited(book, row.rule, on))
    )


def _condition(book: RuleBook, rule_id: str, is_met: bool, on: date) -> Derivation:
    rule = cited(book, rule_id, on)
    zh, en = ("已符合", "met") if is_met else ("尚未符合", "not met")
    return step("condition", f"{rule.title}：{zh}", f"{rule.title_en}: {en}", is_met, "flag", rule=rule)


def _no_vat_rule(book: RuleBook, on: date) -> Vat:
    """Say that the exemption has ended, or has not begun, so that nothing is taken for granted."""
    known = book.all_rows(VatExemption)
    ends = [row.valid_to for row in known if row.valid_to is not None and row.valid_to < on]
    if ends:
        zh = f"免税规定已于{chinese_date(max(ends))}到期，是否延续须核对最新公告，不能按免税开票"
        en = f"the exemption ended on {max(ends).isoformat()}; check the newest announcement, do not invoice as exempt"
    else:
        zh = f"没有录入{chinese_date(on)}有效的免税规定，请按当时的规定核对"
        en = f"no exemption is entered for {on.isoformat()}; check the rules of that time"
    rule = cited(book, known[0].rule, on) if known else None
    return Vat("no_rule", (), max(ends, default=None), step("vat", zh, en, "no_rule", "text", rule=rule))
