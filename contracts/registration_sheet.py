"""Data for the recognition and registration of a technology contract (技术合同认定登记), for any mode that asks for it.

In: the case and its terms. Out: what the registration office asks. The office's own form has not been read: fields
that it may name otherwise, or ask beside these, are marked (待核实).
"""

from collections.abc import Mapping
from typing import Any

from contracts.mode import Document, ModeContract
from contracts.party_words import party_words
from contracts.phrases import BLANK, NONE, cell, day, money
from contracts.view import CaseView
from rules.dates import chinese_date

_UNVERIFIED = "待核实"
_SOURCE = (
    "依据民法典第843条、技术合同纠纷解释第14条和技术合同认定登记管理办法（征求意见稿）第11条至第15条汇总，"
    "2026年3月1日起施行的办法、认定登记规则和登记表未见原文"
)
_PAPERS = (
    "完整的合同文本及附件（可以是电子合同）",
    "双方主体资格证明，名称与合同印章一致",
    "涉及专利的，专利证书或者专利登记簿副本",
)


def registration_words(view: CaseView, mode: ModeContract) -> Mapping[str, Any]:
    """Return what the registration office asks: contract, kind, parties, amounts, payment.

    The seller applies; the technical amount is the total without equipment, instruments, parts and raw material.
    Source: 民法典 art 843; 技术合同纠纷解释 art 14(2); 技术合同认定登记管理办法（征求意见稿） arts 11-15
    """
    contract, total = view.terms.technology_contract(), view.terms.amount_basis()
    outline = view.terms.outline()
    start, end = view.term or (outline.start, outline.end)
    technical = contract.technical_fen
    return {
        "kind": contract.kind or BLANK,
        "total": money(total.amount_fen),
        "reckoned": total.explanation_zh,
        "technical": BLANK if technical is None else money(technical),
        "other": BLANK if technical is None else money(total.amount_fen - technical),
        "has_royalty": "提成" in view.terms.fee_words().summary,
        "term": f"{chinese_date(start)}至{chinese_date(end)}" if start and end else NONE,
        "signed_on": day(view.day("signed_on")),
        "effective_on": day(view.day("effective_on")),
        "signing_place": cell(outline.signing_place),
        "sellers": [("卖方", mode.sides.ours, party_words(view.ours))],
        "buyers": [("买方", mode.sides.theirs, party_words(view.theirs))] if view.theirs is not None else [],
        "papers": _PAPERS,
        "handler": cell(view.officer),
        "source": _SOURCE,
        "unverified": _UNVERIFIED,
    }


REGISTRATION_SHEET = Document(
    "registration_sheet", "技术合同认定登记资料表", "Data for the contract registration",
    "forms/registration_sheet.html", "forms", registration_words,
    rules=("TC-03", "TC-04", "TC-10"), is_official=True,
)  # fmt: skip
