"""An agreement on entering a pool in words: clause texts, distributions, rows of notice and approval form."""

from datetime import date, timedelta
from typing import Any

from contracts.deal import PRICE_METHODS, AmountBasis, FeeWords, PaymentLine, Row
from contracts.fees import MONTHS, PERIOD_NAMES, PERIODS, Minimum, spans, yearly_minimums
from contracts.license_fields import ACTS
from contracts.patent_pool_fields import FORMS, PAYERS, REVIEWERS, RULES, PatentPoolFields
from contracts.phrases import day, joined, label, money_or_none, per_ten_thousand
from rules.dates import chinese_date
from rules.money import format_yuan, percent


def terms_words(terms: PatentPoolFields) -> dict[str, Any]:
    """Return the terms in words, as the clause texts use them."""
    return {
        **terms.general_words(),
        "pool": terms.pool_name,
        "field": terms.technical_field,
        "members": "、".join(terms.members),
        "rules": terms.pool_rules,
        "acts": acts(terms),
        "purpose": joined(terms.purpose),
        "forms": forms(terms),
        "package": "package" in terms.forms,
        "cross": "cross" in terms.forms,
        "single": "single" in terms.forms,
        "territory": terms.territory,
        "start": chinese_date(terms.start),
        "end": chinese_date(terms.end),
        "reviewer_zh": label(REVIEWERS, terms.reviewer),
        "criteria": [line.rstrip("。；") for line in terms.criteria],
        "review_days": terms.review_days,
        "entry_fee": money_or_none(terms.entry_fee_fen),
        "price_method": terms.price_method,
        "price_method_zh": label(PRICE_METHODS, terms.price_method),
        **_distribution_words(terms),
        "annual_fee_payer": label(PAYERS, terms.annual_fee_payer),
        "fee_by_operator": terms.annual_fee_payer == "theirs",
        "enforcement": terms.enforcement,
        "later_patents": terms.later_patents,
        "warranty": joined(terms.warranty),
        "confidentiality_years": terms.confidentiality_years,
        "lock_months": terms.lock_months,
        "exit_notice_days": terms.exit_notice_days,
    }


def _distribution_words(terms: PatentPoolFields) -> dict[str, Any]:
    return {
        "rule": terms.rule,
        "rule_zh": label(RULES, terms.rule),
        "share": percent(terms.share_bp or 0),
        "cost": percent(terms.cost_bp),
        "upfront": money_or_none(terms.upfront_fen),
        "upfront_due": day(terms.upfront_due_on),
        "minimum": money_or_none(terms.minimum_per_year_fen),
        "period": label(PERIODS, terms.period),
        "report_days": terms.report_days,
        "pay_days": terms.pay_days,
        "late_interest": per_ten_thousand(terms.late_interest_bp),
        "penalty": money_or_none(terms.penalty_fen),
    }


def payment_schedule(terms: PatentPoolFields) -> tuple[PaymentLine, ...]:
    """Return what the operator pays: up-front payment, distributions and guaranteed amounts, by due date."""
    found = []
    if terms.upfront_fen:
        found.append(
            PaymentLine("入池对价", "upfront", terms.upfront_fen, terms.upfront_due_on, "入池时一次支付")
        )
    name = PERIOD_NAMES[terms.period]
    for n, (first, last) in enumerate(spans(terms.start, terms.end, MONTHS[terms.period]), 1):
        basis = f"{chinese_date(first)}至{chinese_date(last)}的许可净收益，{label(RULES, terms.rule)}分配"
        found.append(
            PaymentLine(
                f"收益分配第{n}期（{name}）", "distribution", None, _due(terms, last), basis, fixed=False
            )
        )
    for least in minimums(terms):
        basis = f"{chinese_date(least.first)}至{chinese_date(least.last)}，已分配收益不足保底额的，补足差额"
        found.append(
            PaymentLine(
                f"第{least.year}年度保底分配额",
                "minimum",
                least.amount_fen,
                _due(terms, least.last),
                basis,
                fixed=False,
            )
        )
    return tuple(sorted(found, key=lambda line: line.due or terms.end))


def _due(terms: PatentPoolFields, last: date) -> date:
    return last + timedelta(days=terms.report_days + terms.pay_days)


def minimums(terms: PatentPoolFields) -> tuple[Minimum, ...]:
    """Return the guaranteed amount of each year in the pool."""
    return yearly_minimums(terms.minimum_per_year_fen, terms.start, terms.end)


def amount_basis(terms: PatentPoolFields) -> AmountBasis:
    """Return what the agreement fixes in figures: up-front payment and guaranteed amounts."""
    least = sum(minimum.amount_fen for minimum in minimums(terms))
    parts = (("入池对价", terms.upfront_fen), ("保底分配额", least))
    total = sum(fen for _, fen in parts)
    named = "＋".join(f"{name} {format_yuan(fen)} 元" for name, fen in parts if fen)
    told = f"协议固定金额＝{named}＝{format_yuan(total)} 元" if named else "协议未约定固定金额，按0元计"
    return AmountBasis(
        total, tuple(part for part in parts if part[1]), f"{told}；其余收益按实际分配，未计入。"
    )


def fee_words(terms: PatentPoolFields) -> FeeWords:
    """Return the distribution in one line."""
    total = amount_basis(terms).amount_fen
    parts = []
    if terms.upfront_fen:
        parts.append(f"入池对价{format_yuan(terms.upfront_fen)}元，一次支付")
    share = f" {percent(terms.share_bp)} " if terms.share_bp is not None else ""
    parts.append(f"许可净收益{label(RULES, terms.rule)}{share}分配，{label(PERIODS, terms.period)}分配")
    if terms.minimum_per_year_fen:
        parts.append(f"每年保底分配额{format_yuan(terms.minimum_per_year_fen)}元")
    parts.append(f"运营费用不超过许可总收入的{percent(terms.cost_bp)}")
    if terms.entry_fee_fen:
        parts.append(f"入池方支付入池费{format_yuan(terms.entry_fee_fen)}元")
    return FeeWords(
        f"人民币{format_yuan(total)}元（固定部分）", format_yuan(total), "收益分配", "；".join(parts)
    )


def notice_rows(terms: PatentPoolFields) -> tuple[Row, ...]:
    """Return what the publicity notice shows of the deal."""
    return (
        ("专利池和技术领域", f"{terms.pool_name}；{terms.technical_field}"),
        ("授权范围", f"普通许可；{acts(terms)}；{joined(terms.purpose)}；{terms.territory}"),
        ("许可形式", forms(terms)),
        ("授权期限", term(terms)),
    )


def approval_rows(terms: PatentPoolFields) -> tuple[Row, ...]:
    """Return what the approval form shows of the deal."""
    lock = f"最短在池{terms.lock_months}个月；" if terms.lock_months else ""
    return (
        *notice_rows(terms),
        ("专利池规则", terms.pool_rules),
        ("其他池内权利人", "、".join(terms.members) or "未写明"),
        ("入池评审", f"{label(REVIEWERS, terms.reviewer)}，{terms.review_days}日内完成"),
        ("年费", f"由{label(PAYERS, terms.annual_fee_payer)}缴纳"),
        ("退出", f"{lock}提前{terms.exit_notice_days}日书面通知"),
    )


def acts(terms: PatentPoolFields) -> str:
    """Return the licensed acts in one line."""
    return "、".join(label(ACTS, act) for act in terms.acts)


def forms(terms: PatentPoolFields) -> str:
    """Return the forms of license in one line."""
    return "、".join(label(FORMS, form) for form in terms.forms)


def term(terms: PatentPoolFields) -> str:
    """Return first and last day in one line."""
    return f"{chinese_date(terms.start)}至{chinese_date(terms.end)}"
