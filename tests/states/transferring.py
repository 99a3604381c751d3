"""Situations of a transfer: where each of its own steps is possible, and with what."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from states.chart import Position
from states.facts import CaseData, Facts
from states.transfer import MODE
from tests.states.situation import PATENT, PAYLOADS, SECTIONS, TERMS, TODAY, Situation

ASSIGNEE = "启衡新材料股份有限公司"
INVENTORS = ("陈思远", "李沐")
OURS = replace(PATENT, inventors=INVENTORS, consents=frozenset({"inventor_waiver", "export_control"}))
DEAL = {
    "title": "title_cleared", "price": "price_agreed", "publicity": "publicity_closed", "approval": "approval_granted",
    "first_refusal": "first_refusal_cleared", "export": "export_open", "contract": "contract_waiting",
}  # fmt: skip
FORCE = {
    "filing": "filing_due", "export_registration": "export_unneeded", "feedback": "feedback_due",
    "payments": "payments_running", "registration": "registration_due", "rewards": "rewards_idle",
}  # fmt: skip
OWN_SECTIONS: Mapping[str, Mapping[str, Any]] = {
    **SECTIONS,
    "first_refusal": {
        "notified_on": "2026-05-04", "told": list(INVENTORS), "answers": [], "answer_by": "2026-05-19", "hash": "p1",
        "takers": [ASSIGNEE],
    },
    "export": {"category": "free", "judged_on": "2026-05-02", "submitted_on": "2026-05-03", "licensed_on": "2026-05-23"},
    "filing": {"submitted_on": "2026-05-24", "corrections": [{"content": "补材料"}], "owners_before": [[1, ["沧澜理工大学"]]]},
    "end": {"how": "terminated", "on": "2026-05-28", "left": ["filing_cancellation", "stamp_duty", "payment:1"]},
}  # fmt: skip
APPLIED = {"submitted_on": TODAY, "receipt_no": "SL1"}
ABROAD: Mapping[str, Mapping[str, Any]] = {
    "classify_technology": {
        "category": "free", "catalog": "2025年版", "judged_on": TODAY, "security_reviewed": True, "basis": "不在目录内",
    },
    "submit_export_application": APPLIED,
    "record_letter_of_intent": {"issued_on": TODAY, "letter_no": "意向1号"},
    "refuse_export": {"refused_on": TODAY, "reason": "不符合条件"},
    "submit_export_contract": APPLIED,
    "record_export_license": {"licensed_on": TODAY, "license_no": "许可1号"},
    "submit_export_registration": APPLIED,
    "record_export_certificate": {"certified_on": TODAY, "certificate_no": "登记1号"},
}  # fmt: skip
OWN_PAYLOADS: Mapping[str, Mapping[str, Any]] = {
    **PAYLOADS,
    "sign": {"signed_on": TODAY, "assignor_signatory": "江", "assignee_signatory": "冯"},
    "notify_inventors": {"notified_on": TODAY, "evidence": "通知书1号"},
    "record_inventor_answer": {
        "inventors": "、".join(INVENTORS), "answer": "waived", "answered_on": TODAY, "evidence": "放弃声明",
    },
    "close_first_refusal": {"closed_on": TODAY, "note": "均未答复"},
    "settle_first_refusal": {"outcome": "given_up", "settled_on": TODAY, "evidence": "放弃声明"},
    **ABROAD,
    "submit_filing": {**APPLIED, "by": "current_owner"},
    "pay_filing_fee": {"paid_on": TODAY, "amount_fen": 20_000, "reference": "缴费1号"},
    "record_filing": {"recorded_on": TODAY, "record_no": "2026060100123"},
    "refuse_filing": {"refused_on": TODAY, "how": "not_made", "reason": "变更费未缴"},
    "complete": {},
    "record_return": {"returned_on": TODAY, "record_no": "2026060100124"},
}  # fmt: skip


def deal(**regions: str) -> Position:
    """A position before the effect; regions not named are done."""
    return tuple(sorted({**DEAL, **regions}.values()))


def in_force(**regions: str) -> Position:
    """A position after the effect; regions not named are at their beginning."""
    return tuple(sorted({**FORCE, **regions}.values()))


def transfer(position: Position, *, paid: bool = True, foreign: bool = False) -> Situation:
    """A transfer that stands somewhere: the change is recorded, and its fee paid, where the position says so."""
    filing = dict(OWN_SECTIONS["filing"])
    if paid:
        filing["fee"] = {"paid_on": "2026-05-25"}
    if {"filing_recorded", "return_due"} & set(position):
        filing["recorded_on"] = "2026-05-26"
    facts = Facts(
        mode="transfer", case_no="ZH2026-00001", institution="沧澜理工大学", officer_id=1, foreign_party=foreign,
        patents=(OURS,), terms=replace(TERMS, end=None, start=None), data=CaseData({**OWN_SECTIONS, "filing": filing}),
        proposal=Situation().facts.proposal, handover=Situation().facts.handover, asked=Situation().facts.asked,
        counterparty=ASSIGNEE,
    )  # fmt: skip
    return Situation(tuple(sorted(position)), facts, payloads=OWN_PAYLOADS, mode=MODE)
