"""The three kinds of license: one chart; what the law lets stand beside each tells them apart, nothing else."""

from dataclasses import replace

import pytest

from cases.tables import ROLES
from rules.packs import load
from states.catalog import MODES
from states.decide import decide
from states.modes import Mode
from states.plan import Plan
from tests.states.places import pairwise
from tests.states.situation import JOINING, WHERE, Situation, ready

MODEL = MODES["exclusive_license"]
BOOK = load()
POSITIONS = pairwise(MODEL.chart)
OTHERS = pytest.mark.parametrize(
    "mode", [MODES["ordinary_license"], MODES["sole_license"]], ids=lambda m: m.slug
)


@OTHERS
def test_chart_is_that_of_every_license(mode: Mode) -> None:
    assert (mode.chart.roots, mode.chart.stages) == (MODEL.chart.roots, MODEL.chart.stages)
    assert list(mode.steps) == list(MODEL.steps)


@OTHERS
def test_steps_are_those_of_every_license(mode: Mode) -> None:
    """An ordinary license may besides be recorded as the own working of a sole licensor."""
    differing = {event for event, step in mode.steps.items() if step != MODEL.steps[event]}
    assert differing == ({"record_consent"} if mode.slug == "ordinary_license" else set())


@OTHERS
@pytest.mark.parametrize("event", WHERE)
def test_step_is_answered_as_in_every_license(mode: Mode, event: str) -> None:
    """State, step and role: one table for every kind, as long as nothing else stands on the patent."""
    for role in ROLES:
        assert _told(mode, event, role, ready(event)) == _told(MODEL, event, role, ready(event)), role
    who = min(mode.steps[event].roles)
    for position in POSITIONS:
        there = Situation(position)
        assert _told(mode, event, who, there) == _told(MODEL, event, who, there), position


def _told(mode: Mode, event: str, role: str, now: Situation) -> object:
    """What a step comes to: the new position, or the codes of what is unmet."""
    payload = mode.steps[event].payload.model_validate(now.payloads[event])
    facts = now.knowing(mode=mode.slug, joining=replace(JOINING, mode=mode.slug)).facts
    found = decide(
        mode, now.position, event, facts, now.today, book=BOOK, actor=now.actor(role), payload=payload
    )
    return found.position if isinstance(found, Plan) else [unmet.code for unmet in found.unmet]
