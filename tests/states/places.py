"""Positions of a chart for tests: every pair of leaves of two regions meets, so that a whole table stays small."""

from itertools import combinations, product

from states.chart import Chart, Node, Position, entry_leaves


def pairwise(chart: Chart) -> tuple[Position, ...]:
    """Return positions in which any two leaves of different regions stand together, other regions at their beginning."""
    found: set[Position] = set()
    for root in chart.roots:
        if root.parallel:
            found |= set(_of_regions(root.children))
        else:
            found |= {(leaf,) for leaf in leaves(root)}
    return tuple(sorted(found))


def _of_regions(regions: tuple[Node, ...]) -> list[Position]:
    initial = {region.id: entry_leaves(region) for region in regions}
    return [
        tuple(
            sorted(
                leaf for places in {**initial, one.id: [here], other.id: [there]}.values() for leaf in places
            )
        )
        for one, other in combinations(regions, 2)
        for here, there in product(leaves(one), leaves(other))
    ]


def leaves(node: Node) -> list[str]:
    """Return the leaves below a node."""
    return [found.id for found in node.walk() if not found.children]
