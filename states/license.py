"""What the three kinds of patent license share: one chart, one set of steps.

In law the kinds differ in what else may be granted on the patent. That stands in the state × act matrix
(`rules.gate_table`) and between cases (`rules.grants`), both asked by the guards under the mode's slug.
"""

from collections.abc import Mapping
from dataclasses import replace

from states import (
    changes,
    corrections,
    distribution,
    ends,
    entries,
    industrialization,
    milestones,
    performance,
    preparation,
    price_routes,
    royalties,
    technology_contract,
    trial,
)
from states import guards as g
from states import payloads as p
from states.chart import Chart
from states.filings import Act, Filing, region_of, steps_of
from states.modes import Mode, mode_of_steps
from states.steps import Step

# Source: 专利法实施细则 art 15; 专利实施许可合同备案办法 arts 5, 11, 17
FILING = Filing(
    "许可合同备案", "License filing",
    leaves={
        "filing_due": ("待备案", "due"),
        "filing_submitted": ("已提交", "submitted"),
        "filing_correction": ("待补正", "correction asked"),
        "filing_refused": ("不予备案", "refused"),
        "filing_recorded": ("已备案", "recorded"),
    },
    acts={
        "submit_filing": Act(
            "提交备案", "Submit the filing", "提交许可合同备案", "submitted the license filing",
            p.SubmitFiling, "提交日期",
        ),
        "receive_correction": Act(
            "登记补正通知", "Record a correction notice", "收到补正通知", "received a correction notice",
            p.ReceiveCorrection, "收到补正通知日期",
        ),
        "answer_correction": Act(
            "提交补正", "Answer the correction", "提交补正", "answered the correction",
            p.AnswerCorrection, "补正提交日期",
        ),
        "record_filing": Act(
            "登记备案证明", "Record the certificate", "登记许可合同备案证明", "recorded the certificate",
            p.RecordFiling, "备案日期",
        ),
        "refuse_filing": Act(
            "登记不予备案", "Record a refusal", "收到不予备案通知", "received a refusal",
            p.RefuseFiling, "不予备案通知日期",
        ),
    },
    due=("license_filing", "T-01"),
    decision=("filing_decision", "T-02"),
    evidence="备案证明 {record_no}",
)  # fmt: skip
# A license contract is recorded, and has to name more for that.
_FILED: Mapping[g.Guard, g.Guard] = {g.is_contract_content_known: g.is_filed_content_known}
STEPS: tuple[Step, ...] = (
    *(
        replace(step, guards=tuple(_FILED.get(guard, guard) for guard in step.guards))
        for step in preparation.STEPS
    ),
    performance.take_effect("file_contract"),
    *steps_of(FILING),
    *performance.STEPS,
    *corrections.STEPS,
    *entries.STEPS,
    *changes.STEPS,
)


def license_mode(slug: str, zh: str, en: str, label: str, *own: Step) -> Mode:
    """Return the mode of one kind of license; its own steps take the place of shared ones of the same event."""
    chart = Chart(
        mode=slug,
        version=3,
        roots=(
            preparation.deal(
                preparation.TITLE,
                price_routes.REGION,
                preparation.PUBLICITY,
                preparation.APPROVAL,
                preparation.CONTRACT,
            ),
            performance.performance(
                region_of(FILING),
                performance.FEEDBACK,
                performance.paid_by(*trial.ARCS, royalties.ARC, *milestones.ARCS),
                technology_contract.REGION,
                distribution.REGION,
                industrialization.REGION,
            ),
            *ends.also(ends.CLOSING, royalties.ARC),
            *ends.FINAL,
        ),
        stages=performance.STAGES,
        choices={**preparation.CHOICES, **performance.CHOICES},
    )
    return mode_of_steps(slug, zh, en, label, chart, *STEPS, *own, filing=FILING)
