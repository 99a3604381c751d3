"""Terms and case as the ready-made words of contracts and forms.

In: a `CaseView`. Out: plain mappings of text, so that templates hold language and nothing to compute. A value
that is not known becomes ／ in tables and a blank line in running text.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from contracts.fees import BASES, PERIODS, Royalty
from contracts.fields import Option, form_fields
from contracts.license import (
    ACTS,
    IMPROVEMENTS,
    PRICE_METHODS,
    SIDES,
    LicenseTerms,
)
from contracts.modes import MODES
from contracts.schedule import PaymentLine, amount_basis, payment_schedule
from contracts.terms import terms_to_form
from contracts.view import CaseView, Party
from rules.dates import chinese_date
from rules.money import capitals, format_yuan, percent

NONE = "／"
BLANK = "＿＿＿＿＿＿＿＿"
BLANK_DATE = "＿＿＿＿年＿＿月＿＿日"
_BASE_MEANINGS = {
    "net_sales": (
        "被许可人及其关联方、分许可的被许可人销售许可产品所开具发票的不含税总金额，"
        "扣除实际发生并有凭证的退货、折让、运输费和保险费后的余额。"
    ),
    "sales": "被许可人及其关联方、分许可的被许可人销售许可产品所开具发票的不含税总金额。",
    "profit": "许可产品的不含税销售额扣除许可产品的制造成本、销售费用和相关税金后的余额，按照企业会计准则核算。",
    "output": "被许可人使用许可专利后，许可产品产值较使用前同期增加的数额，按照企业会计准则核算。",
}


def money(fen: int) -> str:
    """Write an amount in figures and in capitals: ¥1,200,000.00（大写：人民币壹佰贰拾万元整）."""
    return f"¥{format_yuan(fen)}（大写：人民币{capitals(fen)}）"


def day(value: date | None, missing: str = BLANK_DATE) -> str:
    """Write a date, or a line to fill it in."""
    return chinese_date(value) if value is not None else missing


def cell(value: object) -> str:
    """Write a table cell: the text, or ／ if there is none."""
    text = "" if value is None else str(value)
    return text or NONE


def joined(note: str) -> str:
    """Write a note of several lines as one running text, without a stop at its end."""
    return "；".join(line.rstrip("。；") for line in note.splitlines())


def label(options: Sequence[Option], value: str) -> str:
    """Return the Chinese label of an option."""
    return {option.value: option.zh for option in options}[value]


def terms_words(terms: LicenseTerms) -> dict[str, Any]:
    """Return the terms in words, as the clause texts use them."""
    fixed = amount_basis(terms).amount_fen
    technical = terms.technical_trade_fen if terms.technical_trade_fen is not None else fixed
    each = max(1, (terms.copies - 1) // 2)
    return {
        **terms.particulars(),
        "project": terms.project_name,
        "purpose": joined(terms.purpose),
        "acts": "、".join(label(ACTS, act) for act in terms.acts),
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
        "entry_fee": _money_or_none(terms.entry_fee_fen),
        "instalment_count": len(terms.instalments),
        "royalty": _royalty_words(terms.royalty) if terms.royalty is not None else None,
        "milestones": [{"label": m.label, "evidence": m.evidence.rstrip("。")} for m in terms.milestones],
        "milestone_total": money(sum(m.amount_fen for m in terms.milestones)),
        "service_days": terms.service_days,
        "service_fee": _money_or_none(terms.service_fee_fen),
        "fixed_payments": bool(terms.instalments or terms.milestones or terms.service_fee_fen),
        "has_minimum": terms.royalty is not None and bool(terms.royalty.minimum_per_year_fen),
        "fixed_total": _money_or_none(fixed),
        "technical_trade": money(technical),
        "non_technical": money(fixed - technical),
        "late_interest": _per_ten_thousand(terms.late_interest_bp),
        "penalty": _money_or_none(terms.penalty_fen),
        "materials": bool(terms.materials),
        "materials_due": day(terms.materials_due_on),
        "materials_place": terms.materials_place or BLANK,
        "targets": [line.rstrip("。；") for line in terms.targets.splitlines()],
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
        "dispute": terms.dispute,
        "arbitration_institution": terms.arbitration_institution,
        "copies": terms.copies,
        "copies_each": each,
        "copies_rest": terms.copies - 2 * each,
        "signing_place": terms.signing_place,
        "special_clauses": [clause.rstrip("。") + "。" for clause in terms.special_clauses],
    }


def own_terms(terms: LicenseTerms) -> list[dict[str, str]]:
    """Return what this kind of license agrees beyond what every license does, as labels and values."""
    shown = terms_to_form(terms)
    return [
        {
            "label": field.label_zh,
            "value": next(
                (o.zh for o in field.options if o.value == shown[field.name]), str(shown[field.name])
            ),
        }
        for field in form_fields(type(terms))
        if field.name not in LicenseTerms.model_fields and "." not in field.name
    ]


def case_words(view: CaseView) -> dict[str, Any]:
    """Return what the clause texts say of the case besides the terms."""
    return {
        "patent_count": len(view.patents),
        "has_co_owners": any(len(patent.owners) > 1 for patent in view.patents),
        "service_invention": view.is_service_invention,
        "burdens": "；".join(view.existing_burdens) or "无",
        "checked_on": day(view.day("checked_on")),
        "licensor_contact": _contact(view.licensor),
        "licensee_contact": _contact(view.licensee),
    }


def document_words(view: CaseView) -> dict[str, Any]:
    """Return what every document template gets: `t`, `c`, `v`, parties, patents, payments."""
    mode = MODES[view.mode]
    return {
        "t": terms_words(view.terms),
        "c": case_words(view),
        "mode": {"title": mode.title_zh, "kind": mode.kind_zh},
        "case_no": view.case_no,
        "contract_no": view.contract_no,
        "draft": view.draft,
        "institution": view.institution,
        "officer": view.officer,
        "department": view.department,
        "licensor": party_words(view.licensor),
        "licensee": party_words(view.licensee),
        "patents": patent_rows(view),
        "payments": payment_rows(payment_schedule(view.terms)),
        "own_terms": own_terms(view.terms),
        "materials": [
            {"name": m.name, "form": cell(m.form), "copies": m.copies} for m in view.terms.materials
        ],
        "fee": fee_words(view.terms),
        "amount": _amount_words(view.terms),
        "days": {name: chinese_date(value) for name, value in view.dates.items() if value is not None},
        "approvals": [
            {
                "body": row.body, "decision": row.decision, "by": cell(row.decided_by),
                "on": day(row.decided_on, NONE), "no": cell(row.minutes_no), "opinion": row.opinion,
            }
            for row in view.approvals
        ],
        "approval_body": view.approval_body,
        "price_basis": joined(view.price_basis),
        "publicity": _publicity_words(view),
        "agent": view.agent,
        "pack_items": [{"name": name, "why": why} for name, why in view.pack_items],
    }  # fmt: skip


def party_words(party: Party) -> dict[str, Any]:
    """Return a party as table cells, unknown values as ／."""
    words: dict[str, Any] = {
        name: cell(getattr(party, name))
        for name in (
            "name", "uscc", "address", "legal_representative", "contact", "phone", "email", "bank", "account",
        )
    }  # fmt: skip
    return {**words, "is_foreign": party.is_foreign}


def patent_rows(view: CaseView) -> list[dict[str, Any]]:
    """Return one row of words per patent, in the order of the case."""
    return [
        {
            "n": n,
            "title": patent.title,
            "kind": patent.kind_zh,
            "application_no": cell(patent.application_no),
            "patent_no": cell(patent.patent_no),
            "filing_date": _iso(patent.filing_date),
            "grant_date": _iso(patent.grant_date),
            "term_end": _iso(patent.term_end),
            "owners": cell("、".join(patent.owners)),
            "inventors": cell("、".join(patent.inventors)),
            "publication_no": cell(patent.publication_no),
            "ipc": cell(patent.ipc),
        }
        for n, patent in enumerate(view.patents, 1)
    ]


def payment_rows(lines: Sequence[PaymentLine]) -> list[dict[str, Any]]:
    """Return one row of words per payment, by due date."""
    return [
        {
            "n": n,
            "label": line.label,
            "fixed": line.kind in ("entry", "milestone", "service"),
            "amount": format_yuan(line.amount_fen) if line.amount_fen is not None else "按实际计算",
            "capitals": capitals(line.amount_fen) if line.amount_fen is not None else NONE,
            "due": day(line.due, NONE),
            "basis": line.basis_zh,
        }
        for n, line in enumerate(lines, 1)
    ]


def fee_words(terms: LicenseTerms) -> dict[str, str]:
    """Return fee and way of payment in one line each, as forms and notices state them."""
    if terms.royalty_free:
        return {"amount": "0", "total": "0.00", "way": "无偿", "summary": "无偿许可"}
    fixed = amount_basis(terms).amount_fen
    parts = []
    if terms.entry_fee_fen:
        ways = "一次付清" if len(terms.instalments) == 1 else f"分{len(terms.instalments)}期支付"
        parts.append(f"入门费 {format_yuan(terms.entry_fee_fen)} 元，{ways}")
    if terms.milestones:
        total = sum(m.amount_fen for m in terms.milestones)
        parts.append(f"里程碑付款 {format_yuan(total)} 元，分{len(terms.milestones)}项")
    if terms.royalty is not None:
        words = _royalty_words(terms.royalty)
        parts.append(f"提成费：以{words['base']}为基数，{words['rates']}，{words['period']}结算")
        if words["minimum"]:
            parts.append(f"每年最低提成费 {format_yuan(terms.royalty.minimum_per_year_fen or 0)} 元")
    if terms.service_fee_fen:
        parts.append(f"技术服务费 {format_yuan(terms.service_fee_fen)} 元")
    kinds = ("入门费" if terms.entry_fee_fen else "", "里程碑付款" if terms.milestones else "",
             "提成费" if terms.royalty is not None else "")  # fmt: skip
    way = "＋".join(filter(None, kinds)) or "一次付清"
    if way == "入门费":
        way = "一次总付" if len(terms.instalments) == 1 else "一次总算、分期支付"
    return {
        "amount": f"人民币 {format_yuan(fixed)} 元" + ("（固定部分）" if terms.royalty is not None else ""),
        "total": format_yuan(fixed),
        "way": way,
        "summary": "；".join(parts),
    }


def _amount_words(terms: LicenseTerms) -> Mapping[str, str]:
    basis = amount_basis(terms)
    return {"total": money(basis.amount_fen), "explanation": basis.explanation_zh}


def _royalty_words(royalty: Royalty) -> dict[str, str]:
    if royalty.rate_bp is not None:
        rates = f"各合同年度均为{percent(royalty.rate_bp)}"
    else:
        last = len(royalty.rates) - 1
        rates = "，".join(
            f"第{row.year}合同年度{'' if n < last and royalty.rates[n + 1].year == row.year + 1 else '起'}"
            f"为{percent(row.rate_bp)}"
            for n, row in enumerate(royalty.rates)
        )
    return {
        "base": label(BASES, royalty.base),
        "base_meaning": _BASE_MEANINGS[royalty.base],
        "rates": rates,
        "period": label(PERIODS, royalty.period),
        "report_days": str(royalty.report_days),
        "pay_days": str(royalty.pay_days),
        "minimum": _money_or_none(royalty.minimum_per_year_fen or 0),
        "cap": _money_or_none(royalty.cap_fen or 0),
    }


def _publicity_words(view: CaseView) -> dict[str, Any]:
    known = view.publicity
    return {
        "posted": day(known.posted_on),
        "ends": day(known.ends_on),
        "length": f"{known.days}{known.unit_zh}",
        "place": known.place,
        "exchange": known.exchange,
        "related": known.related_party,
        "result": known.result,
        "contact": known.contact or BLANK,
        "phone": known.phone or BLANK,
        "email": known.email or BLANK,
        "procedure": known.procedure,
    }


def _contact(party: Party) -> str:
    parts = [
        part
        for part in (party.phone and f"电话：{party.phone}", party.email and f"电子邮箱：{party.email}")
        if part
    ]
    return (party.contact or BLANK) + (f"（{'，'.join(parts)}）" if parts else "")


def _money_or_none(fen: int) -> str:
    return money(fen) if fen else ""


def _per_ten_thousand(bp: int) -> str:
    return f"{percent(bp)}（万分之{bp}）"


def _iso(value: date | None) -> str:
    return value.isoformat() if value is not None else NONE
