"""Places in another chart: leaves that a case brings along, completed to a whole position there."""

from dataclasses import dataclass

from states.chart import Chart, Node, Position, entry_leaves


@dataclass(frozen=True)
class Stuck(Exception):
    """A position has no place in another chart; `zh` and `en` say why, leaf by leaf."""

    zh: str
    en: str


def completed(chart: Chart, leaves: Position) -> Position:
    """Return leaves as a position of a chart: a region in which none stands begins at its start.

    Raises: Stuck if a leaf is not of this chart, or two of them exclude each other.
    """
    strange = [leaf for leaf in leaves if leaf not in chart.nodes or chart.nodes[leaf].children]
    if strange:
        named = "、".join(strange)
        raise Stuck(f"新版流程图中没有：{named}", f"not in the new chart: {', '.join(strange)}")
    standing = frozenset(leaves)
    roots = [root for root in chart.roots if _holds(root, standing)]
    if len(roots) != 1:
        raise Stuck("各环节在新版流程图中不能同时成立", "the places exclude each other in the new chart")
    return tuple(sorted(_filled(roots[0], standing)))


def brought_along(before: Chart, after: Chart, position: Position) -> Position:
    """Return the place in the chart of another mode: region by region, the leaves that both have stay.

    A region in which the other chart does not have the leaf begins at its start there.
    """
    shared = tuple(
        leaf
        for leaf in position
        if leaf in after.nodes
        and not after.nodes[leaf].children
        and before.parents[leaf] == after.parents[leaf]
    )
    return completed(after, shared) if shared else after.initial


def _holds(node: Node, standing: frozenset[str]) -> bool:
    return any(found.id in standing for found in node.walk())


def _filled(node: Node, standing: frozenset[str]) -> list[str]:
    if not node.children:
        return [node.id]
    if node.parallel:
        return [
            leaf
            for child in node.children
            for leaf in (_filled(child, standing) if _holds(child, standing) else entry_leaves(child))
        ]
    held = [child for child in node.children if _holds(child, standing)]
    if len(held) != 1:
        raise Stuck(f"“{node.zh}”同时处于两处", f"'{node.en}' would stand in two places")
    return _filled(held[0], standing)
