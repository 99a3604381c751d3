"""A development or service contract in words: clause texts, fees, rows of notice and approval form."""

from typing import Any

from contracts.deal import PRICE_METHODS, AmountBasis, FeeWords, PaymentLine, Row
from contracts.development_fields import ACCEPTANCE, KINDS, OWNERS, RISKS, SECRETS, DevelopmentFields
from contracts.license_fields import IMPROVEMENTS
from contracts.phrases import (
    cell,
    day,
    joined,
    label,
    lines,
    money,
    money_or_none,
    per_ten_thousand,
)
from contracts.royalty import RoyaltyNames, royalty_lines, royalty_summary, royalty_words
from rules.dates import chinese_date
from rules.money import format_yuan, percent


def terms_words(terms: DevelopmentFields, partner: str) -> dict[str, Any]:
    """Return the terms in words, as the clause texts use them. `partner` is what the contract calls the company."""
    return {
        **terms.general_words(),
        **_plan_words(terms),
        **_fee_clause_words(terms, partner),
        **_result_words(terms),
        **_industry_words(terms),
    }


def _plan_words(terms: DevelopmentFields) -> dict[str, Any]:
    return {
        "kind": terms.kind,
        "kind_zh": label(KINDS, terms.kind),
        "service": terms.is_service,
        "cooperative": terms.kind == "cooperative",
        "content": joined(terms.content),
        "targets": [target.rstrip("。；") for target in terms.targets],
        "start": chinese_date(terms.start),
        "end": chinese_date(terms.end),
        "place": terms.place,
        "method": joined(terms.method),
        "stages": [
            {"name": s.name, "work": s.work.rstrip("。；"), "due": chinese_date(s.due_on)}
            for s in terms.stages
        ],
        "our_work": lines(terms.our_work),
        "their_work": lines(terms.their_work),
        "their_work_days": terms.their_work_days,
        "our_input": joined(terms.our_input),
        "their_input": joined(terms.their_input),
        "leader": terms.leader,
        "subcontract": terms.subcontract,
    }


def _fee_clause_words(terms: DevelopmentFields, partner: str) -> dict[str, Any]:
    royalty = terms.royalty
    names = RoyaltyNames(partner, f"{partner}及其关联方", "产业化产品", "提成期限", "项目成果")
    return {
        "price_method": terms.price_method,
        "price_method_zh": label(PRICE_METHODS, terms.price_method),
        "total": money_or_none(terms.total_fen),
        "technical_trade": money(terms.total_fen - terms.non_technical_fen),
        "non_technical": money(terms.non_technical_fen),
        "instalment_count": len(terms.instalments),
        "equipment": terms.equipment,
        "royalty": royalty_words(royalty, names) if royalty is not None else None,
        "royalty_start": day(terms.royalty_start),
        "royalty_end": day(terms.royalty_end),
        "late_interest": per_ten_thousand(terms.late_interest_bp),
        "penalty": money_or_none(terms.penalty_fen),
    }


def _result_words(terms: DevelopmentFields) -> dict[str, Any]:
    ours = terms.share_ours_bp or 0
    return {
        "materials_due": chinese_date(terms.deliver_on),
        "materials_place": terms.deliver_place,
        "acceptance": terms.acceptance,
        "acceptance_zh": label(ACCEPTANCE, terms.acceptance),
        "acceptance_days": terms.acceptance_days,
        "guidance_days": terms.guidance_days,
        "patent_right": terms.patent_right,
        "share_ours": percent(ours),
        "share_theirs": percent(10_000 - ours),
        "know_how": terms.know_how,
        "background": terms.background,
        "improvements": terms.improvements,
        "improvements_zh": label(IMPROVEMENTS, terms.improvements),
        "publish_days": terms.publish_days,
        "risk": terms.risk,
        "risk_ours": percent(terms.risk_ours_bp or 0),
        "risk_theirs": percent(10_000 - (terms.risk_ours_bp or 0)),
        "notice_days": terms.notice_days,
        "confidentiality_years": terms.confidentiality_years,
    }


def _industry_words(terms: DevelopmentFields) -> dict[str, Any]:
    return {
        "industrial": terms.industrial,
        "products": "、".join(terms.products),
        "industrial_by": day(terms.industrial_by),
        "industrial_place": terms.industrial_place,
        "industrial_target": joined(terms.industrial_target),
        "undone": terms.undone,
    }


def annexed(terms: DevelopmentFields) -> dict[str, Any]:
    """Return the rows of the annexes: plan and deliverables."""
    return {
        "stages": _plan_words(terms)["stages"],
        "materials_head": "成果名称",
        "materials": [{"name": m.name, "form": cell(m.form), "copies": m.copies} for m in terms.deliverables],
    }


def payment_schedule(terms: DevelopmentFields) -> tuple[PaymentLine, ...]:
    """Return instalments and royalties, by due date."""
    basis = f"合同总额{format_yuan(terms.total_fen)}元"
    found = [PaymentLine(i.label, "instalment", i.amount_fen, i.due_on, basis) for i in terms.instalments]
    if terms.royalty is not None and terms.royalty_start is not None and terms.royalty_end is not None:
        found += royalty_lines(terms.royalty, terms.royalty_start, terms.royalty_end)
    return tuple(sorted(found, key=lambda line: line.due or terms.end))


def amount_basis(terms: DevelopmentFields) -> AmountBasis:
    """Return what the contract fixes in figures: the total and minimum royalties."""
    least = sum(line.amount_fen or 0 for line in payment_schedule(terms) if line.kind == "minimum")
    parts = (("经费和报酬", terms.total_fen), ("最低提成费", least))
    total = sum(fen for _, fen in parts)
    named = "＋".join(f"{name}{format_yuan(fen)}元" for name, fen in parts if fen)
    told = f"合同固定金额＝{named}＝{format_yuan(total)}元" if named else "合同未约定固定金额，按0元计"
    if terms.royalty is not None and not least:
        told += "；提成费未约定最低额，未计入"
    return AmountBasis(total, tuple(part for part in parts if part[1]), told + "。")


def fee_words(terms: DevelopmentFields) -> FeeWords:
    """Return price and way of payment in one line each."""
    total = amount_basis(terms).amount_fen
    parts = []
    if terms.total_fen:
        ways = "一次付清" if len(terms.instalments) == 1 else f"分{len(terms.instalments)}期支付"
        parts.append(f"经费和报酬{format_yuan(terms.total_fen)}元，{ways}")
    if terms.royalty is not None:
        parts.append(royalty_summary(terms.royalty))
    kinds = [word for word, there in (("固定金额", terms.total_fen), ("提成费", terms.royalty)) if there]
    return FeeWords(
        amount=f"人民币{format_yuan(total)}元" + ("（固定部分）" if terms.royalty is not None else ""),
        total=format_yuan(total),
        way="＋".join(kinds) or "各自承担费用",
        summary="；".join(parts) or "双方各自承担费用，互不支付价款",
    )


def notice_rows(terms: DevelopmentFields) -> tuple[Row, ...]:
    """Return what the publicity notice shows of the deal."""
    return (
        ("标的内容", joined(terms.content)),
        ("履行期限和地点", f"{term(terms)}；{terms.place}"),
        ("成果归属", ownership(terms)),
        *industry_rows(terms),
    )


def approval_rows(terms: DevelopmentFields) -> tuple[Row, ...]:
    """Return what the approval form shows of the deal."""
    rows: list[Row] = [
        ("标的内容", joined(terms.content)),
        ("项目负责人", terms.leader),
        ("成果归属", ownership(terms)),
        ("背景专利的使用", background(terms)),
    ]
    if terms.is_development:
        rows.append(("技术风险", _from_outside(label(RISKS, terms.risk))))
    trade = terms.total_fen - terms.non_technical_fen
    rows.append(("技术交易额", f"{format_yuan(trade)}元（合同总额扣除非技术性费用）"))
    return (*rows, *industry_rows(terms), ("履行期限", term(terms)))


def background(terms: DevelopmentFields) -> str:
    """Return how far the partner may work the background patents, in one line."""
    if terms.background == "project":
        return "仅为履行本合同使用"
    scope = "产业化产品" if terms.industrial else "使用项目成果所必需"
    return f"在{scope}的范围内以普通许可方式实施，费用包含在合同价款内"


def industry_rows(terms: DevelopmentFields) -> tuple[Row, ...]:
    """Return the industrialization clause in one row."""
    if not terms.industrial:
        return (("产业化约定", "未约定由合作企业实现产业化"),)
    told = f"由合作企业于{day(terms.industrial_by)}前实现产业化，产品：{'、'.join(terms.products)}"
    return (("产业化约定", told),)


def ownership(terms: DevelopmentFields) -> str:
    """Return who owns the results, in one line."""
    share = f"（本单位收益比例{percent(terms.share_ours_bp)}）" if terms.share_ours_bp is not None else ""
    patents, secrets = label(OWNERS, terms.patent_right), label(SECRETS, terms.know_how)
    return _from_outside(f"专利申请权和专利权{patents}{share}；技术秘密成果{secrets}")


def _from_outside(told: str) -> str:
    """Return what an option says in the words of a paper that others read."""
    return told.replace("我方", "本单位").replace("对方", "合作企业")


def term(terms: DevelopmentFields) -> str:
    """Return first and last day in one line."""
    return f"{chinese_date(terms.start)}至{chinese_date(terms.end)}"
