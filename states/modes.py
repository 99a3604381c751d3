"""What a conversion mode is to the charts: a chart and its steps, its filing, its label."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from states import amendment_steps, confidentiality, splitting, stepping_back, switching
from states.chart import Chart
from states.filings import Filing
from states.guards import Guard
from states.recorded_dates import RecordedDate
from states.steps import Step

STAGES = {
    "preparation": ("准备", "Preparation"),
    "contract": ("合同", "Contract"),
    "performance": ("履行", "Performance"),
    "end": ("结案", "Closed"),
}

OUTCOME = "已由被许可人实现产业化"


@dataclass(frozen=True)
class Mode:
    """One conversion mode. `steps` holds the steps that people take; `void_*` events only follow them.

    `label` is what the national platform calls a patent once the evidence of the conversion is there. `filing` is
    the official procedure that makes the contract known, if the mode has one. `has_company` says that a case is
    opened with one company; a mode that is offered to everybody learns its companies one after another. `counts_as`
    names, by leaf, the act that a case counts as beside other grants on its patents, where that is another one than
    its own; None if it grants nothing there. `outcome` is the platform's label once a company has industrialized.
    `cautions` tell what should be known although it stops no step. `dates` are recorded dates that can be corrected in
    this mode beside those of every mode; one of the same name takes its place.
    """

    slug: str
    zh: str
    en: str
    label: str
    chart: Chart
    steps: Mapping[str, Step]
    filing: Filing | None = None
    has_company: bool = True
    counts_as: Mapping[str, str | None] = field(default_factory=dict)
    outcome: str = OUTCOME
    cautions: tuple[Guard, ...] = ()
    dates: Mapping[str, RecordedDate] = field(default_factory=dict)


def mode_of_steps(
    slug: str,
    zh: str,
    en: str,
    label: str,
    chart: Chart,
    *steps: Step,
    filing: Filing | None = None,
    has_company: bool = True,
    counts_as: Mapping[str, str | None] | None = None,
    outcome: str = OUTCOME,
    cautions: tuple[Guard, ...] = (),
    dates: Mapping[str, RecordedDate] | None = None,
) -> Mode:
    """Return a mode with those of the steps that its chart has; a later step takes the place of an earlier one.

    Raises: ValueError if the chart has an event, other than the voiding ones, that is no step.
    """
    own = {step.event for step in steps}
    shared = (
        *switching.STEPS,
        *splitting.STEPS,
        *amendment_steps.STEPS,
        *confidentiality.STEPS,
        stepping_back.step_of(chart),
    )
    every = (*steps, *(step for step in shared if step.event not in own))
    known = {step.event: step for step in every if step.event in chart.table}
    if missing := [event for event in chart.table if event not in known and not is_raised(event)]:
        raise ValueError(f"{slug}: no step for {', '.join(missing)}")
    return Mode(
        slug, zh, en, label, chart, known, filing, has_company, counts_as or {}, outcome, cautions, dates or {}
    )  # fmt: skip


def is_raised(event: str) -> bool:
    """Say whether an event only follows a step and is never taken by people."""
    return event.startswith("void_") or event in {"settle", "end_with_patent", "receive"}
