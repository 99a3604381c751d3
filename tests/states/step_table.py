"""What a table of arcs says of any position: shared by the tests of the charts.

A row is (state, step, what becomes of it): a leaf, several leaves, or "=" for a step that keeps the position. The
state may be a compound one, or two joined by "+". Of several rows of a step in a position the innermost state's counts.
"""

from collections.abc import Iterable, Mapping

from states.chart import Chart, Position

Row = tuple[str, str, str]


def active(chart: Chart, position: Position) -> dict[str, int]:
    """Return every active state of a position with its depth."""
    found: dict[str, int] = {}
    for leaf in position:
        path: list[str] = []
        state: str | None = leaf
        while state is not None:
            path.append(state)
            state = chart.parents[state]
        found.update({name: len(path) - number for number, name in enumerate(path)})
    return found


def listed(chart: Chart, rows: Iterable[Row], position: Position) -> dict[str, tuple[str, str]]:
    """Return what a table allows in a position: step → (state, target)."""
    here = active(chart, position)
    found: dict[str, tuple[str, str]] = {}
    for state, step, target in rows:
        if _depth(here, state) > (_depth(here, found[step][0]) if step in found else 0):
            found[step] = (state, target)
    return found


def _depth(here: Mapping[str, int], state: str) -> int:
    """Return how deep a state lies, two together deeper than each; nothing if it is not active."""
    depths = [here.get(part, 0) for part in state.split("+")]
    return sum(depths) if all(depths) else 0


def expected(chart: Chart, position: Position, state: str, target: str) -> Position:
    """Return the position that a row leads to."""
    if target == "=":
        return position
    reached = set(target.split())
    if (
        _root(chart, min(reached)) != _root(chart, state.partition("+")[0]) or len(reached) > 1
    ):  # leaves the parallel state altogether
        return tuple(sorted(reached))
    return tuple(sorted((set(position) - {state}) | reached))


def _root(chart: Chart, state: str) -> str:
    above = chart.parents[state]
    return state if above is None else _root(chart, above)


def one_per_leaf(positions: Iterable[Position]) -> tuple[Position, ...]:
    """Return a few positions that hold every leaf among them: what decisions are asked for one by one."""
    chosen: list[Position] = []
    seen: set[str] = set()
    for position in positions:
        if not set(position) <= seen:
            chosen.append(position)
            seen |= set(position)
    return tuple(chosen)


def who(steps: Iterable[str], usual: str, others: Mapping[str, str]) -> dict[str, str]:
    """Return the roles of every step: the usual ones, except for those named."""
    return {**dict.fromkeys(steps, usual), **others}
