"""The terms of a transfer in words: clause texts, price, rows of notice and approval form."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from contracts.deal import PRICE_METHODS, AmountBasis, FeeWords, OwnerChange, PaymentLine, Row
from contracts.phrases import cell, day, joined, label, money, money_or_none, per_ten_thousand
from contracts.transfer_fields import SIDES, SUBJECTS, TransferFields
from contracts.trial import TrialNames, trial_lines, trial_rows, trial_summary, trial_words
from rules.dates import chinese_date
from rules.money import format_yuan, percent

_TRIAL = TrialNames("转让人", "受让人", "转让专利", "转让价款")


def terms_words(terms: TransferFields) -> dict[str, Any]:
    """Return the terms in words, as the clause texts use them."""
    return {
        **terms.general_words(),
        "right": label(SUBJECTS, terms.subject),
        "pending": terms.subject == "application",
        "price_method": terms.price_method,
        "price_method_zh": label(PRICE_METHODS, terms.price_method),
        "price": money(terms.price_fen),
        "trade": money(terms.price_fen if terms.technical_trade_fen is None else terms.technical_trade_fen),
        "trial": (
            trial_words(terms.trial, _TRIAL, more=bool(terms.instalments))
            if terms.trial is not None
            else None
        ),
        "late_interest": per_ten_thousand(terms.late_interest_bp),
        "penalty": money_or_none(terms.penalty_fen) if terms.penalty_fen else "",
        "change_by": label(SIDES, terms.change_by),
        "change_days": terms.change_days,
        "change_payer": label(SIDES, terms.change_payer),
        "interim_payer": label(SIDES, terms.interim_payer),
        "assignor_may_work": terms.assignor_may_work,
        "refund": percent(terms.refund_bp) if terms.refund_bp else "",
        "materials": bool(terms.materials),
        "materials_due": day(terms.materials_due_on),
        "materials_place": terms.materials_place,
        "service_days": terms.service_days,
        "acceptance_days": terms.acceptance_days,
        "confidentiality_years": terms.confidentiality_years,
        "warranty": joined(terms.warranty),
    }


def owner_change(terms: TransferFields) -> OwnerChange:
    """Return what is agreed of the change of owner, with the words of the article on it."""
    right, filer, payer = (
        label(SUBJECTS, terms.subject), label(SIDES, terms.change_by), label(SIDES, terms.change_payer),
    )  # fmt: skip
    return OwnerChange(
        reason=f"{right}转让",
        right=right,
        deed=f"将下列专利的{right}转让给",
        filer=filer,
        payer=payer,
        wordings=(
            ("变更登记办理方", filer, f"由{filer}就全部转让专利向国家知识产权局提交著录项目变更申报书"),
            ("变更费缴纳方", payer, f"变更费由{payer}缴纳"),
        ),
    )


def payment_schedule(terms: TransferFields) -> tuple[PaymentLine, ...]:
    """Return the instalments of the price, by due date."""
    basis = f"转让价款总额{format_yuan(terms.price_fen)}元"
    lines = [
        *trial_lines(terms.trial),
        *(
            PaymentLine(f"转让价款{one.label}", "price", one.amount_fen, one.due_on, basis)
            for one in terms.instalments
        ),
    ]
    return tuple(sorted(lines, key=lambda line: line.due or date.max))


def amount_basis(terms: TransferFields) -> AmountBasis:
    """Return the price."""
    total = format_yuan(terms.price_fen)
    return AmountBasis(
        terms.price_fen, (("转让价款", terms.price_fen),), f"合同固定金额＝转让价款{total}元。"
    )


def fee_words(terms: TransferFields) -> FeeWords:
    """Return price and way of payment in one line each."""
    parts = "；".join(
        f"{one.label}{format_yuan(one.amount_fen)}元，于{chinese_date(one.due_on)}前支付"
        for one in terms.instalments
    )
    way = "一次总付" if len(terms.instalments) == 1 else "分期支付"
    if terms.trial is not None:
        told = "；".join(filter(None, (trial_summary(terms.trial), parts)))
        return FeeWords(money(terms.price_fen), format_yuan(terms.price_fen), "先使用后付费", told)
    return FeeWords(money(terms.price_fen), format_yuan(terms.price_fen), way, f"{way}：{parts}")


def notice_rows(terms: TransferFields) -> tuple[Row, ...]:
    """Return what the publicity notice shows."""
    return (("转让标的", label(SUBJECTS, terms.subject)), *trial_rows(terms.trial))


def approval_rows(terms: TransferFields) -> tuple[Row, ...]:
    """Return what the approval form shows."""
    return (
        *notice_rows(terms),
        ("变更登记", f"由{label(SIDES, terms.change_by)}自合同生效起{terms.change_days}日内提交"),
        ("变更费", f"由{label(SIDES, terms.change_payer)}缴纳"),
        ("过渡期年费", f"由{label(SIDES, terms.interim_payer)}缴纳"),
        ("转让人继续实施", "可以" if terms.assignor_may_work else "不再实施"),
    )


def material_rows(terms: TransferFields) -> list[Mapping[str, Any]]:
    """Return one row of words per paper that is handed over."""
    return [{"name": one.name, "form": cell(one.form), "copies": one.copies} for one in terms.materials]
