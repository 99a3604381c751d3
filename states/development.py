"""Technology development and technical service (技术开发、技术服务): work for a company that industrializes the results.

No right on the background patents changes hands: there is no publicity and no filing at the patent office. The contract is
registered as a technology contract, the results are delivered and accepted, and the platform's label rests on the
clause by which the company industrializes, once it has done so.

Source: 民法典 arts 851–887; the nine feedback values
"""

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
    technology_contract,
)
from states import guards as g
from states.chart import Arc, Chart
from states.modes import mode_of_steps
from states.steps import Step

LABEL = "已通过技术服务合同或技术开发合同约定由合作企业实现产业化"
WAYS_TO_END = (Arc("complete", "completed"), Arc("terminate", "duties_due"))
# What holds for a license only: that it does not outlast the patents, and what its filing must name.
_OF_LICENSES = (g.is_within_patent_life, g.is_contract_content_known)


def _own(step: Step) -> Step:
    guards = tuple(guard for guard in step.guards if guard not in _OF_LICENSES)
    payload = development_payloads.SignContract if step.event == "sign" else step.payload
    return replace(step, guards=guards, payload=payload)


CHART = Chart(
    mode="development",
    version=1,
    roots=(
        preparation.deal(preparation.TITLE, preparation.PRICE, preparation.APPROVAL, preparation.CONTRACT),
        performance.performance(
            development_steps.WORK,
            performance.PAYMENTS,
            technology_contract.REGION,
            distribution.REGION,
            development_steps.INDUSTRIALIZATION,
            ways_to_end=WAYS_TO_END,
        ),
        development_steps.DUTIES,
        *ends.FINAL,
    ),
    stages={
        "contract_waiting": "preparation",
        "drafting": "contract",
        "signing": "contract",
        "signed": "contract",
        "payments_running": "performance",
        "duties_due": "performance",
        **dict.fromkeys((node.id for node in ends.FINAL), "end"),
    },
    choices={
        **preparation.CHOICES,
        **distribution.CHOICES,
        **{name: ends.CHOICES[name] for name in ("has_patent_ended", "has_term_expired")},
    },
)
MODE = mode_of_steps(
    "development", "技术开发/服务", "Development or service", LABEL, CHART,
    *map(_own, preparation.STEPS),
    development_steps.with_own_days(performance.take_effect()),
    *performance.STEPS, *corrections.STEPS, *entries.STEPS, *changes.STEPS, *development_steps.STEPS,
    outcome=LABEL,
)  # fmt: skip
