"""The compiled table does what python-statemachine says the chart means, and refuses what it must refuse."""

import random

import pytest
from statemachine.exceptions import TransitionNotAllowed

from states.catalog import MODES
from states.chart import Chart, NoArc, Position
from tests.states.situation import PERFORMING

CHARTS = [mode.chart for mode in MODES.values()]


def _leaves(chart: Chart, machine: object) -> Position:
    active = getattr(machine, "configuration_values")  # noqa: B009  the library types it loosely
    return tuple(sorted(value for value in active if not chart.nodes[value].children))


def _library_step(chart: Chart, machine: object, event: str, answers: dict[str, bool]) -> Position | None:
    machine.model.answers = answers  # type: ignore[attr-defined]
    try:
        machine.send(event)  # type: ignore[attr-defined]
    except TransitionNotAllowed:
        return None
    return _leaves(chart, machine)


def _table_step(chart: Chart, position: Position, event: str, answers: dict[str, bool]) -> Position | None:
    try:
        return chart.apply(position, event, lambda name: answers[name])
    except NoArc:
        return None


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.mode)
def test_table_agrees_with_library_on_random_walks(chart: Chart) -> None:
    dice = random.Random(20260301)
    compared = 0
    for _ in range(60):
        machine = chart.machine()
        position = chart.initial
        assert _leaves(chart, machine) == position
        for _ in range(40):
            event = dice.choice(chart.offered(position) or chart.events)
            if dice.random() < 0.2:
                event = dice.choice(chart.events)
            answers = {name: dice.random() < 0.5 for name in chart.choices}
            expected = _library_step(chart, machine, event, answers)
            assert _table_step(chart, position, event, answers) == expected, (position, event, answers)
            compared += 1
            if chart.is_final(position := expected or position):
                break
    assert compared > 500


def _reads(chart: Chart, event: str) -> tuple[frozenset[str], tuple[str, ...], bool]:
    """Return all that an event's arcs look at, which is leaves and choices, and whether any arc leads elsewhere."""
    arcs = chart.table[event]
    asked = {name for arc in arcs for name in (arc.choice, arc.unless) if name}
    leaves = frozenset[str]().union(*(arc.source_leaves for arc in arcs))
    return leaves, tuple(sorted(asked)), any(arc.leaves_exited or arc.leaves_entered for arc in arcs)


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.mode)
def test_every_reachable_position_has_a_stage_and_a_way_on(chart: Chart) -> None:
    todo, seen = [chart.initial], {chart.initial}
    proven = set[
        tuple[str, frozenset[str]]
    ]()  # where an event leads nowhere else, whatever the other regions are at
    reads = {event: _reads(chart, event) for event in chart.events}
    while todo:
        position = todo.pop()
        for event, (sources, choices, moves) in reads.items():
            standing = (event, sources.intersection(position))
            if standing in proven:
                continue
            outcomes = [
                _table_step(chart, position, event, {name: name == only for name in choices})
                for only in (*choices, "")
            ]
            assert chart.offers(position, event) == any(outcomes), (position, event)
            reached = {outcome for outcome in outcomes if outcome} - {position}
            if not moves or not standing[1]:
                assert not reached, (position, event)
                proven.add(standing)
            todo += reached - seen
            seen |= reached
    for position in seen:
        assert chart.stage(position) in {"preparation", "contract", "performance", "end"}
        if not chart.is_final(position):
            assert chart.offered(position), f"no way on from {position}"
    assert any(chart.is_final(position) for position in seen)


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.mode)
def test_library_refuses_unknown_events_and_swallows_nothing(chart: Chart) -> None:
    machine = chart.machine()
    with pytest.raises(TransitionNotAllowed):
        machine.send("no_such_event")
    assert machine.catch_errors_as_events is False
    assert machine.allow_event_without_transition is False


@pytest.mark.parametrize("mode", MODES.values(), ids=lambda mode: mode.slug)
def test_every_event_is_a_step_or_a_voiding(mode) -> None:  # type: ignore[no-untyped-def]
    followers = {event for event in mode.chart.events if event.startswith("void_")}
    followers |= {"settle", "end_with_patent", "receive"} & set(mode.chart.events)
    assert set(mode.chart.events) == set(mode.steps) | followers


def test_parallel_regions_move_alone_and_leave_together() -> None:
    chart = MODES["exclusive_license"].chart
    position = chart.apply(chart.initial, "clear_title", lambda _: False)
    assert position == ("approval_open", "contract_waiting", "price_open", "publicity_open", "title_cleared")
    assert chart.apply(position, "withdraw", lambda _: False) == ("withdrawn",)
    signed = ("approval_granted", "price_agreed", "publicity_closed", "signed", "title_cleared")
    assert chart.apply(signed, "take_effect", lambda _: False) == PERFORMING
