"""Situations of a development contract: where each of its own steps is possible, and with what."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from states.chart import Position
from states.development import MODE
from states.facts import CaseData, Facts
from tests.states.situation import PATENT, PAYLOADS, ROYALTY, SECTIONS, TERMS, TODAY, Situation

CHART = MODE.chart
DEAL = {
    "title": "title_cleared", "price": "price_agreed", "approval": "approval_granted", "contract": "contract_waiting",
}  # fmt: skip
FORCE = {
    "work": "work_running", "payments": "payments_running", "registration": "registration_due", "rewards": "rewards_idle",
    "industrialization": "not_worked",
}  # fmt: skip
OWN_TERMS = replace(
    TERMS, industrialized_by=date(2027, 1, 31), own={"deliver_on": "2026-12-31", "royalty": ROYALTY}, end=date(2026, 5, 31),
)  # fmt: skip
OWN_SECTIONS: Mapping[str, Mapping[str, Any]] = {
    **SECTIONS,
    "work": {"delivered_on": "2026-05-25"},
    "registration": {"applied_on": "2026-05-25", "registration_no": "R1"},
    "end": {"how": "terminated", "on": "2026-05-28", "left": ["stamp_duty", "payment:1", "payment:2"]},
}
OWN_PAYLOADS: Mapping[str, Mapping[str, Any]] = {
    **PAYLOADS,
    "sign": {"signed_on": TODAY, "our_signatory": "江", "their_signatory": "冯"},
    "report_stage": {"reported_on": TODAY, "stage": "第一阶段", "outcome": "小试完成"},
    "record_result": {"made_on": TODAY, "kind": "patent", "title": "一种隔膜", "owner": "ours"},
    "deliver_results": {"delivered_on": TODAY, "deliverables": "样品", "receipt": "交接单1号"},
    "accept_results": {"accepted_on": TODAY, "certificate": "验收证书1号"},
    "demand_rework": {"demanded_on": TODAY, "defects": "超差", "mend_by": date(2026, 6, 20)},
    "waive_industrialization": {"decided_on": TODAY, "reason": "市场变化"},
    "complete": {},
}


def deal(**regions: str) -> Position:
    """A position before the effect; regions not named are done."""
    return tuple(sorted({**DEAL, **regions}.values()))


def in_force(**regions: str) -> Position:
    """A position after the effect; regions not named are at their beginning."""
    return tuple(sorted({**FORCE, **regions}.values()))


def development(position: Position, **sections: Mapping[str, Any]) -> Situation:
    """A development contract that stands somewhere; named sections hold something else."""
    usual = Situation().facts
    facts = Facts(
        mode="development", case_no="ZH2026-00001", institution=usual.institution, officer_id=1, foreign_party=False,
        patents=(PATENT,), terms=OWN_TERMS, data=CaseData({**OWN_SECTIONS, **sections}), handover=usual.handover,
        asked=usual.asked, joining=usual.joining, switch=usual.switch, proposal=usual.proposal,
    )  # fmt: skip
    return Situation(tuple(sorted(position)), facts, payloads=OWN_PAYLOADS, mode=MODE)


def finished() -> Situation:
    """A development contract of which nothing is left to do."""
    done = in_force(
        work="results_accepted", registration="registered", industrialization="industrialization_reported"
    )
    now = development(done, duties={"stamp_duty": {"reference": "1"}}, rewards={})
    return now.terms(payments=())


# Where each step of its own is possible, and what must be recorded for it.
WHERE: Mapping[str, tuple[Position, Mapping[str, Mapping[str, Any]]]] = {
    "sign": (deal(contract="signing"), {}),
    "take_effect": (deal(contract="signed"), {}),
    "report_stage": (in_force(), {}),
    "record_result": (in_force(work="results_accepted"), {}),
    "deliver_results": (in_force(), {}),
    "accept_results": (in_force(work="results_delivered"), {}),
    "demand_rework": (in_force(work="results_delivered"), {}),
    "record_working": (in_force(), {}),
    "record_industrialization": (
        in_force(industrialization="worked"), {"industrialization": {"worked_on": "2026-05-26"}},
    ),
    "report_industrialization": (
        in_force(industrialization="industrialized"), {"industrialization": {"industrialized_on": "2026-05-27"}},
    ),
    "waive_industrialization": (in_force(), {}),
    "record_patent_ended": (in_force(), {}),
    "terminate": (in_force(), {}),
}  # fmt: skip


def ready(step: str) -> Situation:
    """A situation in which the step is possible."""
    if step == "complete":
        return finished()
    position, sections = WHERE[step]
    return development(position, **sections)
