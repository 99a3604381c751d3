"""Holds a mode to the table of its arcs: every position × every step × every role.

An arc is (state, step, what becomes of it): a leaf, several leaves where the whole position is left, or "=" for a step
that keeps it. A state may be two leaves joined by "+"; of several rows that apply the last one holds.
"""

from collections.abc import Iterable, Mapping

from cases.tables import ROLES
from rules.packs import load
from states.chart import Chart, Position
from states.context import Context
from states.plan import Plan, Refusal
from tests.states.situation import Situation

Arcs = tuple[tuple[str, str, str], ...]


def check_answers(arcs: Arcs, who: Mapping[str, str], step: str, situations: Iterable[Situation]) -> None:
    """Unlisted pairs are refused with `not_here`, wrong roles with `role`, and with both if both hold."""
    for now in situations:
        rows = _listed(now, arcs)
        for role in ROLES:
            answer = now.decide(step, role)
            codes = {unmet.code for unmet in answer.unmet} if isinstance(answer, Refusal) else set()
            assert ("not_here" in codes) == (step not in rows), (now.position, step, role)
            assert ("role" in codes) == (role not in who[step].split()), (now.position, step, role)
            if isinstance(answer, Plan):
                assert answer.position == _expected(now, *rows[step]), (now.position, step)


def check_offers(arcs: Arcs, who: Mapping[str, str], role: str, situations: Iterable[Situation]) -> None:
    """What is offered is what the table lists and the case has to do with, and permitted to whom the table says."""
    for now in situations:
        found, listed = now.options(role), _listed(now, arcs)
        ctx = Context(now.mode, now.position, now.facts, None, now.actor(role), now.today, load())
        rows = {step for step in listed if now.mode.steps[step].concerns(ctx)}
        assert set(found) == set(rows), now.position
        permitted = {step for step, option in found.items() if option.permitted}
        assert permitted == {step for step in rows if role in who[step].split()}


def _active(chart: Chart, position: Position) -> set[str]:
    """Every active state of a position, compounds included."""
    active: set[str] = set()
    for leaf in position:
        state: str | None = leaf
        while state is not None:
            active.add(state)
            state = chart.parents[state]
    return active


def _listed(now: Situation, arcs: Arcs) -> dict[str, tuple[str, str]]:
    """What the table allows in a position: step → (state, target)."""
    active = _active(now.mode.chart, now.position)
    return {step: (state, target) for state, step, target in arcs if set(state.split("+")) <= active}


def _expected(now: Situation, state: str, target: str) -> Position:
    if target == "=":
        return now.position
    reached = set(target.split())
    if (
        now.mode.chart.parents[min(reached)] is None or len(reached) > 1
    ):  # leaves the parallel state altogether
        return tuple(sorted(reached))
    return tuple(sorted((set(now.position) - {state}) | reached))
