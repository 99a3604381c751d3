"""Transfer (转让) of a patent or an application: the right moves with the office's notice, not with the contract.

Besides the clearances of every mode: the inventors' first refusal, and export control if the assignee is foreign. Until
the notice the institution stays the owner of record; from then on the contract can only be completed.

Source: 专利法 arts 10, 47; 民法典 arts 847, 863; 专利审查指南 (2023) part 1 ch 1 §6.7
"""

from collections.abc import Mapping
from dataclasses import replace

from states import (
    changes,
    closing,
    corrections,
    distribution,
    ends,
    entries,
    export_control,
    first_refusal,
    patent_change,
    performance,
    preparation,
    price_routes,
    technology_contract,
    trial,
)
from states import guards as g
from states import transfer_payloads as p
from states.chart import Arc, Chart
from states.filings import region_of, steps_of
from states.modes import Mode, mode_of_steps
from states.patent_change import CHANGE
from states.payload_fields import Payload
from states.steps import Step

ENDS = (
    Arc("complete", "completed"),
    *(
        arc
        for event in ("terminate", "end_with_patent", "return_trial")
        for arc in (Arc(event, "withdrawal_due", choice="is_filing_examined"), Arc(event, "duties_due"))
    ),
)
SHARED: tuple[Step, ...] = (
    *preparation.STEPS,
    *first_refusal.STEPS,
    *export_control.STEPS,
    performance.take_effect("file_contract"),
    *steps_of(CHANGE),
    *performance.STEPS,
    *corrections.STEPS,
    *changes.STEPS,
    *entries.STEPS,
    *patent_change.STEPS,
)
_STEPS = {step.event: step for step in SHARED}
_PAYLOADS: Mapping[str, type[Payload]] = {
    "sign": p.SignTransfer,
    "record_consent": p.RecordConsent,
    "correct_date": p.CorrectDate,
}
_TAKE_EFFECT, _FEEDBACK = _STEPS["take_effect"], _STEPS["report_feedback"]
OWN: tuple[Step, ...] = (
    *(replace(_STEPS[event], payload=payload) for event, payload in _PAYLOADS.items()),
    replace(_TAKE_EFFECT, guards=(export_control.is_license_held, *_TAKE_EFFECT.guards)),
    replace(
        _FEEDBACK,
        guards=(
            closing.is_feedback_due,
            g.day_between("reported_on", "反馈日期", ("filing", "recorded_on", "手续合格通知书发文日")),
        ),
    ),
    *patent_change.before_registration(*SHARED),
    replace(_STEPS["submit_filing"], guards=(trial.is_converted, *_STEPS["submit_filing"].guards)),
)
CHART = Chart(
    mode="transfer",
    version=1,
    roots=(
        preparation.deal(
            preparation.TITLE,
            price_routes.REGION,
            preparation.PUBLICITY,
            preparation.APPROVAL,
            first_refusal.FIRST_REFUSAL,
            export_control.EXPORT,
            preparation.contract(*export_control.INTO_FORCE),
        ),
        performance.performance(
            region_of(CHANGE),
            export_control.REGISTRATION,
            performance.FEEDBACK,
            performance.paid_by(*trial.ARCS),
            technology_contract.REGION,
            distribution.REGION,
            ways_to_end=ENDS,
            amending=performance.AMENDING_ONLY,
        ),
        *ends.RETURN,
        *ends.REMAINING,
        *ends.FINAL,
    ),
    stages=performance.STAGES,
    choices={
        **preparation.CHOICES,
        **first_refusal.CHOICES,
        **export_control.CHOICES,
        **performance.CHOICES,
    },
)
MODE: Mode = mode_of_steps(
    "transfer", "转让", "Transfer", "已转让", CHART, *SHARED, *OWN, filing=CHANGE,
    cautions=(patent_change.mind_the_reduction,),
)  # fmt: skip
