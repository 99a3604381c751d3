"""Technology development and technical service (技术开发、技术服务): work for a company that industrializes the results.

No right on the background patents changes hands: there is no publicity and no filing at the patent office, and the
contract outlives them. It is registered as a technology contract, the results are delivered and accepted, and the
platform's label rests on the clause by which the company industrializes, once it has done so.

Source: 民法典 arts 851–887; the nine feedback values
"""

from collections.abc import Mapping
from dataclasses import replace

from states import (
    changes,
    corrections,
    development_payloads,
    development_steps,
    distribution,
    ends,
    entries,
    performance,
    preparation,
    royalties,
    technology_contract,
)
from states import guards as g
from states.chart import Arc, Chart
from states.consent_payloads import WithOwnWorking
from states.modes import mode_of_steps
from states.payload_fields import Payload
from states.steps import Step

LABEL = "已通过技术服务合同或技术开发合同约定由合作企业实现产业化"
WAYS_TO_END = (Arc("complete", "completed"), Arc("terminate", "duties_due"))
# What holds for a license only: that it does not outlast the patents, and what its filing must name.
_OF_LICENSES = (g.is_within_patent_life, g.is_contract_content_known)
_PAYLOADS: Mapping[str, type[Payload]] = {
    "sign": development_payloads.SignContract,
    "record_consent": WithOwnWorking,
}


def _own(step: Step) -> Step:
    guards = tuple(guard for guard in step.guards if guard not in _OF_LICENSES)
    return replace(step, guards=guards, payload=_PAYLOADS.get(step.event, step.payload))


_EFFECTIVE = corrections.BASES["contract_effective"]._replace(
    moves=lambda ctx, day: (
        *performance.counted_from_effect(ctx, day),
        *development_steps.own_days(ctx, day),
    ),
)
CHART = Chart(
    mode="development",
    version=1,
    roots=(
        preparation.deal(
            preparation.TITLE, preparation.PRICE, preparation.APPROVAL, development_steps.CONTRACT
        ),
        performance.performance(
            development_steps.WORK,
            performance.paid_by(royalties.ARC),
            technology_contract.REGION,
            distribution.REGION,
            development_steps.INDUSTRIALIZATION,
            ways_to_end=WAYS_TO_END,
            amending=performance.AMENDING_ONLY,
        ),
        *ends.also((development_steps.DUTIES,), royalties.ARC),
        *development_steps.FINAL,
    ),
    stages=performance.STAGES,
    choices={
        **preparation.CHOICES,
        **distribution.CHOICES,
    },
)
MODE = mode_of_steps(
    "development", "技术开发/服务", "Development or service", LABEL, CHART,
    *map(_own, preparation.STEPS),
    development_steps.with_own_days(performance.take_effect()),
    *map(development_steps.in_words, performance.STEPS), *corrections.STEPS, *entries.STEPS, *changes.STEPS,
    *development_steps.STEPS,
    outcome=LABEL, dates={"contract_effective": _EFFECTIVE},
)  # fmt: skip
