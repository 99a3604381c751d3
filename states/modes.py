"""What a conversion mode is to the charts: a chart and its steps."""

from collections.abc import Mapping
from dataclasses import dataclass

from states.chart import Chart
from states.steps import Step

STAGES = {
    "preparation": ("准备", "Preparation"),
    "contract": ("合同", "Contract"),
    "performance": ("履行", "Performance"),
    "end": ("结案", "Closed"),
}


@dataclass(frozen=True)
class Mode:
    """One conversion mode. `steps` holds the steps that people take; `void_*` events only follow them."""

    slug: str
    zh: str
    en: str
    chart: Chart
    steps: Mapping[str, Step]
