"""Patent pool (专利池): patents of one field that an operator licenses together, and whose income it shares out.

The operator's reviewers admit the patents beside the house's own clearances; the agreement licenses them to the pool.
What the platform counts is the entry. The pool's licenses outlive the exit of a patent.

Source: 国知发运字〔2025〕11号 arts 1–3; 民法典 arts 862–877; the nine feedback values
"""

from collections.abc import Mapping
from dataclasses import replace

from states import (
    changes,
    corrections,
    development_payloads,
    ends,
    entries,
    patent_pool_steps,
    performance,
    preparation,
)
from states import guards as g
from states.chart import Arc, Chart
from states.consent_payloads import WithLicensee
from states.modes import mode_of_steps
from states.payload_fields import Payload
from states.steps import Step

WAYS_TO_END = tuple(Arc(event, "duties_due") for event in ("terminate", "expire", "end_with_patent"))


_PAYLOADS: Mapping[str, type[Payload]] = {
    "sign": development_payloads.SignContract,
    "record_consent": WithLicensee,
}


def _own(step: Step) -> Step:
    """Return a shared step as an agreement with a pool has it: nothing is filed, and each patent leaves in its time."""
    guards = tuple(
        patent_pool_steps.is_within_last_life if guard is g.is_within_patent_life else guard
        for guard in step.guards
        if guard is not g.is_contract_content_known
    )
    return replace(step, guards=guards, payload=_PAYLOADS.get(step.event, step.payload))


CHART = Chart(
    mode="patent_pool",
    version=1,
    roots=(
        preparation.deal(
            preparation.TITLE,
            patent_pool_steps.ENTRY,
            preparation.PRICE,
            preparation.PUBLICITY,
            preparation.APPROVAL,
            preparation.CONTRACT,
        ),
        performance.performance(patent_pool_steps.MEMBERSHIP, *performance.REGIONS, ways_to_end=WAYS_TO_END),
        patent_pool_steps.DUTIES,
        *ends.FINAL,
    ),
    stages=performance.STAGES,
    choices={
        **preparation.CHOICES,
        **performance.CHOICES,
    },
)
MODE = mode_of_steps(
    "patent_pool", "专利池", "Patent pool", "已参与专利池运营", CHART,
    *map(_own, preparation.STEPS), performance.take_effect(), *performance.STEPS, *corrections.STEPS,
    *entries.STEPS, *changes.STEPS, *patent_pool_steps.STEPS,
)  # fmt: skip
