"""Terms and case as the ready-made words of contracts and forms.

In: a `CaseView`. Out: plain mappings of text, so that templates hold language and nothing to compute.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from contracts.deal import PRICE_METHODS, DealTerms, PaymentLine
from contracts.modes import MODES
from contracts.party_words import party_words
from contracts.patent_rows import patent_rows
from contracts.phrases import BLANK, NONE, cell, day, joined, label, money, money_or_none
from contracts.schedule import amount_basis, payment_schedule
from contracts.view import Appraisal, CaseView, Party
from rules.dates import chinese_date
from rules.money import capitals, format_yuan


def case_words(view: CaseView) -> dict[str, Any]:
    """Return what the clause texts say of the case besides the terms."""
    return {
        "patent_count": len(view.patents),
        "has_co_owners": any(len(patent.owners) > 1 for patent in view.patents),
        "service_invention": view.is_service_invention,
        "burdens": "；".join(view.existing_burdens) or "无",
        "checked_on": day(view.day("checked_on")),
        "ours_contact": _contact(view.ours),
        "theirs_contact": _contact(view.theirs) if view.theirs is not None else BLANK,
        "appraisal": _appraisal(view.appraisal) if view.appraisal is not None else None,
    }


def _appraisal(known: Appraisal) -> dict[str, str]:
    return {
        "report_no": known.report_no,
        "agency": known.agency,
        "value": money(known.value_fen),
        "value_on": day(known.value_on),
        "valid_until": day(known.valid_until),
        "difference": joined(known.difference),
    }


def document_words(view: CaseView) -> dict[str, Any]:
    """Return what every document template gets: `t`, `c`, sides and parties, patents, payments, price."""
    mode = MODES[view.mode].named_by(view.terms)
    outline = view.terms.outline()
    return {
        "t": view.terms.words(),
        "c": case_words(view),
        "mode": {
            "title": mode.title_zh,
            "kind": mode.kind_zh,
            "way": mode.way_zh,
            "patents": mode.patents_zh,
        },
        "sides": {"ours": mode.sides.ours, "theirs": mode.sides.theirs},
        "project": view.terms.project_name,
        "case_no": view.case_no,
        "contract_no": view.contract_no,
        "draft": view.draft,
        "institution": view.institution,
        "officer": view.officer,
        "department": view.department,
        "ours": party_words(view.ours),
        "theirs": party_words(view.theirs) if view.theirs is not None else None,
        "patents": patent_rows(view),
        "payments": payment_rows(_payments(view)),
        "payments_note": view.terms.payment_notes()[0],
        "no_payments": view.terms.payment_notes()[1],
        **view.terms.annexed(),
        "price_method": label(PRICE_METHODS, outline.price_method),
        "fee": asdict(view.terms.fee_words()),
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


def _payments(view: CaseView) -> list[PaymentLine]:
    """Return the payments of the papers' own term: those due after its start, up to the first after its end."""
    found: list[PaymentLine] = []
    for line in payment_schedule(view.terms):
        if view.term is None or line.due is None:
            found.append(line)
        elif line.due > view.term[0]:
            found.append(line)
            if line.due > view.term[1]:
                break
    return found


def payment_rows(lines: Sequence[PaymentLine]) -> list[dict[str, Any]]:
    """Return one row of words per payment, by due date."""
    return [
        {
            "n": n,
            "label": line.label,
            "fixed": line.fixed,
            "amount": format_yuan(line.amount_fen) if line.amount_fen is not None else "按实际计算",
            "capitals": capitals(line.amount_fen) if line.amount_fen is not None else NONE,
            "due": day(line.due, NONE),
            "basis": line.basis_zh,
        }
        for n, line in enumerate(lines, 1)
    ]


def _amount_words(terms: DealTerms) -> Mapping[str, str]:
    basis = amount_basis(terms)
    return {
        "total": money(basis.amount_fen),
        "fixed": "" if basis.is_estimate else money_or_none(basis.amount_fen),
        "explanation": basis.explanation_zh,
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
