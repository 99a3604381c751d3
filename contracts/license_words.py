"""The terms of a license in words: clause texts, fees, rows of notice and approval form."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from contracts.deal import PRICE_METHODS, FeeWords, Row
from contracts.license_fields import ACTS, IMPROVEMENTS, SIDES, LicenseFields
from contracts.license_schedule import amount_basis
from contracts.phrases import (
    BLANK,
    cell,
    day,
    joined,
    label,
    lines,
    money,
    money_or_none,
    per_ten_thousand,
    rows_of,
)
from contracts.royalty import RoyaltyNames, royalty_summary, royalty_words
from contracts.trial import TrialNames, trial_rows, trial_summary, trial_words
from rules.dates import chinese_date
from rules.money import format_yuan

_TRIAL = TrialNames("许可人", "被许可人", "许可专利", "许可费")
_ROYALTY = RoyaltyNames(
    payer="被许可人",
    sellers="被许可人及其关联方、分许可的被许可人",
    product="许可产品",
    term="许可期限",
    technology="许可专利",
)


def terms_words(terms: LicenseFields, particulars: Mapping[str, bool]) -> dict[str, Any]:
    """Return the terms in words, as the clause texts use them."""
    fixed = amount_basis(terms).amount_fen
    technical = terms.technical_trade_fen if terms.technical_trade_fen is not None else fixed
    fee_term = "付费期间" if terms.trial is not None else "许可期限"
    royalty_names = replace(_ROYALTY, term=fee_term)
    return {
        **terms.general_words(),
        **particulars,
        "purpose": joined(terms.purpose),
        "acts": acts(terms),
        "products": "、".join(terms.products),
        "territory": terms.territory,
        "start": chinese_date(terms.start),
        "end": chinese_date(terms.end),
        "sublicense": terms.sublicense_allowed,
        "sublicense_conditions": joined(terms.sublicense_conditions),
        "implementation_months": terms.implementation_months,
        "price_method": terms.price_method,
        "price_method_zh": label(PRICE_METHODS, terms.price_method),
        "royalty_free": terms.royalty_free,
        "entry_fee": money_or_none(terms.entry_fee_fen),
        "instalment_count": len(terms.instalments),
        "fee_term": fee_term,
        "trial": (
            trial_words(
                terms.trial,
                _TRIAL,
                royalty=terms.royalty is not None,
                more=bool(terms.entry_fee_fen or terms.milestones or terms.royalty),
            )
            if terms.trial is not None
            else None
        ),
        "royalty": royalty_words(terms.royalty, royalty_names) if terms.royalty is not None else None,
        "milestones": [{"label": m.label, "evidence": m.evidence.rstrip("。")} for m in terms.milestones],
        "milestone_total": money(sum(m.amount_fen for m in terms.milestones)),
        "service_days": terms.service_days,
        "service_fee": money_or_none(terms.service_fee_fen),
        "fixed_payments": bool(terms.instalments or terms.milestones or terms.service_fee_fen),
        "has_minimum": terms.royalty is not None and bool(terms.royalty.minimum_per_year_fen),
        "fixed_total": money_or_none(fixed),
        "technical_trade": money(technical),
        "non_technical": money(fixed - technical),
        "late_interest": per_ten_thousand(terms.late_interest_bp),
        "penalty": money_or_none(terms.penalty_fen),
        "materials": bool(terms.materials),
        "materials_due": day(terms.materials_due_on),
        "materials_place": terms.materials_place or BLANK,
        "targets": lines(terms.targets),
        "acceptance_days": terms.acceptance_days,
        "improvements": terms.improvements,
        "improvements_zh": label(IMPROVEMENTS, terms.improvements),
        "confidentiality_years": terms.confidentiality_years,
        "annual_fee_payer": label(SIDES, terms.annual_fee_payer),
        "annual_fee_by_licensee": terms.annual_fee_payer == "licensee",
        "filing_responsible": label(SIDES, terms.filing_responsible),
        "filing_days": terms.filing_days,
        "infringement_lead": terms.infringement_lead,
        "invalidity": terms.invalidity,
        "warranty": joined(terms.warranty),
    }


def notice_rows(terms: LicenseFields) -> tuple[Row, ...]:
    """Return what the publicity notice shows of a license."""
    return (
        ("许可用途和实施方式", f"{joined(terms.purpose)}（{acts(terms)}）"),
        ("许可产品", "、".join(terms.products)),
        ("许可地域和期限", f"{terms.territory}；{term(terms)}"),
        *trial_rows(terms.trial),
    )


def approval_rows(terms: LicenseFields) -> tuple[Row, ...]:
    """Return what the approval form shows of a license, with what its kind agrees beyond what every one does."""
    own = set(type(terms).model_fields) - set(LicenseFields.model_fields)
    return (
        ("许可范围", f"{acts(terms)}；{joined(terms.purpose)}；{terms.territory}；{sublicense(terms)}"),
        *rows_of(terms, own),
        ("许可期限", term(terms)),
        *trial_rows(terms.trial),
    )


def acts(terms: LicenseFields) -> str:
    """Return the licensed acts in one line."""
    return "、".join(label(ACTS, act) for act in terms.acts)


def sublicense(terms: LicenseFields) -> str:
    """Say whether sublicenses are allowed."""
    return "允许分许可" if terms.sublicense_allowed else "不允许分许可"


def term(terms: LicenseFields) -> str:
    """Return first and last day in one line."""
    return f"{chinese_date(terms.start)}至{chinese_date(terms.end)}"


def fee_words(terms: LicenseFields) -> FeeWords:
    """Return fee and way of payment in one line each, as forms and notices state them."""
    if terms.royalty_free:
        return FeeWords("0", "0.00", "无偿", "无偿许可")
    fixed = amount_basis(terms).amount_fen
    parts = [trial_summary(terms.trial)] if terms.trial is not None else []
    if terms.entry_fee_fen:
        ways = "一次付清" if len(terms.instalments) == 1 else f"分{len(terms.instalments)}期支付"
        parts.append(f"入门费{format_yuan(terms.entry_fee_fen)}元，{ways}")
    if terms.milestones:
        total = sum(m.amount_fen for m in terms.milestones)
        parts.append(f"里程碑付款{format_yuan(total)}元，分{len(terms.milestones)}项")
    if terms.royalty is not None:
        parts.append(royalty_summary(terms.royalty))
    if terms.service_fee_fen:
        parts.append(f"技术服务费{format_yuan(terms.service_fee_fen)}元")
    kinds = ("先使用后付费" if terms.trial is not None else "", "入门费" if terms.entry_fee_fen else "",
             "里程碑付款" if terms.milestones else "", "提成费" if terms.royalty is not None else "")  # fmt: skip
    way = "＋".join(filter(None, kinds)) or "一次付清"
    if way == "入门费":
        way = "一次总付" if len(terms.instalments) == 1 else "一次总算、分期支付"
    amount = f"人民币{format_yuan(fixed)}元" + ("（固定部分）" if terms.royalty is not None else "")
    return FeeWords(amount, format_yuan(fixed), way, "；".join(parts))


def materials(terms: LicenseFields) -> list[dict[str, Any]]:
    """Return one row of words per item of the technical materials."""
    return [{"name": m.name, "form": cell(m.form), "copies": m.copies} for m in terms.materials]
