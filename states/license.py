"""What the three kinds of patent license share: one chart, one set of steps.

In law the kinds differ in what else may be granted on the patent. That stands in the state × act matrix
(`rules.gate_table`) and between cases (`rules.grants`), both asked by the guards under the mode's slug.
"""

from states import changes, corrections, ends, performance, preparation
from states.chart import Chart
from states.modes import Mode
from states.steps import Step

STAGES = {
    "contract_waiting": "preparation",
    "drafting": "contract",
    "signing": "contract",
    "signed": "contract",
    "payments_running": "performance",
    **ends.STAGES,
}


def license_mode(slug: str, zh: str, en: str, *own: Step) -> Mode:
    """Return the mode of one kind of license; its own steps take the place of shared ones of the same event."""
    chart = Chart(
        mode=slug,
        version=2,
        roots=(
            preparation.deal(
                preparation.TITLE,
                preparation.PRICE,
                preparation.PUBLICITY,
                preparation.APPROVAL,
                preparation.CONTRACT,
            ),
            performance.performance(performance.FILING, performance.FEEDBACK, performance.PAYMENTS),
            *performance.ENDS,
        ),
        stages=STAGES,
        choices={**preparation.CHOICES, **performance.CHOICES},
    )
    steps = (*preparation.STEPS, *performance.STEPS, *corrections.STEPS, *changes.STEPS, *own)
    return Mode(slug, zh, en, chart, {step.event: step for step in steps})
