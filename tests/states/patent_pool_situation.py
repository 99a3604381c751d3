"""Situations of an entry in a patent pool: where each of its own steps is possible, and with what."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from states.chart import Position
from states.facts import CaseData, Facts
from states.patent_pool import MODE
from tests.states.situation import PATENT, PAYLOADS, SECTIONS, TERMS, TODAY, Situation

CHART = MODE.chart
DEAL = {
    "title": "title_cleared", "entry": "entry_admitted", "price": "price_agreed", "publicity": "publicity_closed",
    "approval": "approval_granted", "contract": "contract_waiting",
}  # fmt: skip
FORCE = {
    "membership": "pool_entry_due", "feedback": "feedback_due", "payments": "payments_running",
    "registration": "registration_due", "rewards": "rewards_idle",
}  # fmt: skip
# The term has run out yesterday, so that every end is possible.
OWN_TERMS = replace(TERMS, end=date(2026, 5, 31), own={"exit_notice_days": 90, "locked_until": "2026-05-01"})
OWN_SECTIONS: Mapping[str, Mapping[str, Any]] = {
    **SECTIONS,
    "entry": {"submitted_on": "2026-05-02"},
    "pool": {"entered_on": "2026-05-24", "entry_no": "RC-1"},
    "exit": {"noticed_on": "2026-05-25", "leaves_on": "2026-05-30"},
    "end": {
        "how": "terminated",
        "on": "2026-05-28",
        "left": ["stamp_duty", "feedback", "payment:1", "payment:2"],
    },
}
OWN_PAYLOADS: Mapping[str, Mapping[str, Any]] = {
    **PAYLOADS,
    "sign": {"signed_on": TODAY, "our_signatory": "江", "their_signatory": "冯"},
    "submit_entry": {"submitted_on": TODAY, "reference": "RC-01"},
    "admit_entry": {"decided_on": TODAY, "reviewer": "专家组", "opinion": "同意入池"},
    "refuse_entry": {"decided_on": TODAY, "reason": "缺少对照"},
    "record_entry": {"entered_on": TODAY, "entry_no": "RC-1"},
    "record_statement": {
        "received_on": TODAY, "period": "2026年上半年", "gross_fen": 100_000_000, "share_fen": 12_000_000, "basis": "件数",
    },
    "request_exit": {"noticed_on": TODAY, "leaves_on": date(2026, 8, 30), "reason": "技术路线调整"},
    "record_exit": {"agreed_on": TODAY, "reason": "已订立的许可继续有效", "remaining": "payment:2"},
}  # fmt: skip


def deal(**regions: str) -> Position:
    """A position before the effect; regions not named are done."""
    return tuple(sorted({**DEAL, **regions}.values()))


def in_force(**regions: str) -> Position:
    """A position after the effect; regions not named are at their beginning."""
    return tuple(sorted({**FORCE, **regions}.values()))


def pool(position: Position, **sections: Mapping[str, Any]) -> Situation:
    """An entry in a pool that stands somewhere; named sections hold something else."""
    usual = Situation().facts
    facts = Facts(
        mode="patent_pool", case_no="ZH2026-00001", institution=usual.institution, officer_id=1, foreign_party=False,
        patents=(PATENT,), terms=OWN_TERMS, data=CaseData({**OWN_SECTIONS, **sections}), handover=usual.handover,
        asked=usual.asked, joining=usual.joining, switch=usual.switch, proposal=usual.proposal,
    )  # fmt: skip
    return Situation(tuple(sorted(position)), facts, payloads=OWN_PAYLOADS, mode=MODE)


# Where each step of its own, and each end, is possible.
WHERE: Mapping[str, Position] = {
    "submit_entry": deal(entry="entry_open"),
    "admit_entry": deal(entry="entry_submitted"),
    "refuse_entry": deal(entry="entry_submitted"),
    "sign": deal(contract="signing"),
    "take_effect": deal(contract="signed"),
    "record_entry": in_force(),
    "report_feedback": in_force(membership="pooled"),
    "record_statement": in_force(membership="pooled"),
    "request_exit": in_force(membership="pooled"),
    "record_exit": in_force(membership="exit_noticed"),
    "expire": in_force(membership="pooled"),
    "terminate": in_force(membership="pooled"),
    "record_patent_ended": in_force(membership="pooled"),
}


def ready(step: str) -> Situation:
    """A situation in which the step is possible."""
    return pool(WHERE[step])
