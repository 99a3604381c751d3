"""Exclusive license (独占许可): the licensee alone works the patent, the licensor excluded too."""

from states import corrections, performance, preparation
from states.chart import Chart
from states.modes import Mode

CHART = Chart(
    mode="exclusive_license",
    version=1,
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
    stages={
        "contract_waiting": "preparation",
        "drafting": "contract",
        "signing": "contract",
        "signed": "contract",
        "payments_running": "performance",
        "cancellation_due": "performance",
        "completed": "end",
        "terminated": "end",
        "withdrawn": "end",
        "rejected": "end",
    },
    choices={**preparation.CHOICES, **performance.CHOICES},
)

MODE = Mode(
    slug="exclusive_license",
    zh="独占许可",
    en="Exclusive license",
    chart=CHART,
    steps={step.event: step for step in (*preparation.STEPS, *performance.STEPS, *corrections.STEPS)},
)
