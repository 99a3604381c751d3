"""What a licensee pays when, and the amount that approval looks at. Pure arithmetic."""

from collections.abc import Iterable
from datetime import date

from contracts.deal import AmountBasis, PaymentLine
from contracts.license_fields import LicenseFields
from contracts.royalty import royalty_lines
from contracts.trial import trial_lines
from rules.money import format_yuan


def payment_schedule(terms: LicenseFields) -> tuple[PaymentLine, ...]:
    """Return every payment of the contract, by due date; on one day in the order of the contract."""
    lines = [*trial_lines(terms.trial), *_fixed_lines(terms)]
    if terms.royalty is not None:
        lines += royalty_lines(terms.royalty, terms.royalty_start, terms.end)
    return tuple(sorted(lines, key=lambda line: line.due or date.max))


def amount_basis(terms: LicenseFields) -> AmountBasis:
    """Return the contract amount for approval thresholds.

    It is what the contract fixes in figures: conversion, entry fee, milestones, minimum royalties, service fee. A royalty
    without a minimum cannot be put in figures and is named, not counted.
    """
    minimums = terms.royalty.minimums(terms.royalty_start, terms.end) if terms.royalty is not None else ()
    parts = (
        ("转为付费款项", terms.conversion_fen),
        ("入门费", terms.entry_fee_fen),
        ("里程碑付款", sum(m.amount_fen for m in terms.milestones)),
        ("最低提成费", sum(m.amount_fen for m in minimums)),
        ("技术服务费", terms.service_fee_fen),
    )
    total = sum(fen for _, fen in parts)
    named = "＋".join(f"{name}{format_yuan(fen)}元" for name, fen in parts if fen)
    explanation = f"合同固定金额＝{named}＝{format_yuan(total)}元" if named else "合同未约定固定金额，按0元计"
    if terms.royalty is not None and not minimums:
        explanation += "；提成费未约定最低额，未计入"
    return AmountBasis(total, tuple(part for part in parts if part[1]), explanation + "。")


def _fixed_lines(terms: LicenseFields) -> Iterable[PaymentLine]:
    for instalment in terms.instalments:
        basis = f"入门费总额{format_yuan(terms.entry_fee_fen)}元"
        yield PaymentLine(
            f"入门费{instalment.label}", "entry", instalment.amount_fen, instalment.due_on, basis
        )
    for n, milestone in enumerate(terms.milestones):
        basis = f"达成里程碑，证明材料：{milestone.evidence}"
        yield PaymentLine(
            f"里程碑：{milestone.label}", "milestone", milestone.amount_fen, milestone.due_on, basis,
            ref=f"milestone:{n}",
        )  # fmt: skip
    if terms.service_fee_fen:
        basis = f"技术服务{terms.service_days}人日"
        yield PaymentLine("技术服务费", "service", terms.service_fee_fen, terms.service_due_on, basis)
