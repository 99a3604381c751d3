"""Every version of a chart that a stored case may have is decided by something, and leads to the newest."""

import pytest

from states.catalog import MODES, UnknownMode
from states.chart import Arc, Chart, Node, Position
from states.modes import Mode
from states.places import Stuck, completed
from states.versions import SHIPPED, Change, Versions
from tests.states.places import pairwise
from tests.states.situation import CHART, performing


def _mode(version: int, *roots: Node) -> Mode:
    return Mode("gift", "赠与", "Gift", "", Chart("gift", version, roots, {}), {})


def _region(name: str, *leaves: str) -> Node:
    return Node(name, name, name, children=tuple(Node(leaf, f"在{leaf}", f"at {leaf}") for leaf in leaves))


OVER = Node("over", "结束", "over", final=True)


def _both(*regions: Node) -> Node:
    return Node("both", "两项", "both", (Arc("stop", "over"),), regions, parallel=True)


OLD = _mode(1, _both(_region("a", "a1", "a2", "a3"), _region("b", "b1", "b2")), OVER)
NEW = _mode(3, _both(_region("a", "a1", "a4"), _region("c", "c1", "c2")), OVER)
TABLE: tuple[tuple[Position, Position], ...] = (
    (("a1", "b1"), ("a1", "c1")),
    (("a2", "b2"), ("a4", "c2")),
    (("over",), ("over",)),
)
VERSIONS = Versions(
    newest={"gift": NEW},
    retired={("gift", 1): OLD},
    changes=(
        Change("gift", 1, 3, {"a2": "a4", "b1": None, "b2": "c2"}, {"a3": ("先退回", "step back first")}),
    ),
)


@pytest.mark.parametrize(("before", "after"), TABLE)
def test_position_is_carried_leaf_by_leaf(before: Position, after: Position) -> None:
    assert VERSIONS.carried("gift", 1, before) == after
    assert VERSIONS.carried("gift", 3, after) == after


def test_leaf_without_a_place_says_why() -> None:
    with pytest.raises(Stuck) as stuck:
        VERSIONS.carried("gift", 1, ("a3", "b1"))
    assert (stuck.value.zh, stuck.value.en) == ("“在a3”：先退回", "'at a3': step back first")
    with pytest.raises(Stuck) as missing:
        VERSIONS.carried("gift", 2, ("a1",))
    assert missing.value.zh == "没有从第2版流程图到新版的对照表"


@pytest.mark.parametrize(
    ("leaves", "why"),
    [
        (("a1", "z9"), "新版流程图中没有：z9"),
        (("a1", "over"), "各环节在新版流程图中不能同时成立"),
        (("a1", "a4"), "“a”同时处于两处"),
    ],
)
def test_leaves_that_make_no_position_are_refused(leaves: Position, why: str) -> None:
    with pytest.raises(Stuck) as stuck:
        completed(NEW.chart, leaves)
    assert stuck.value.zh == why


def test_definition_is_found_by_version() -> None:
    assert (VERSIONS.mode_at("gift", 1), VERSIONS.mode_at("gift", 3)) == (OLD, NEW)
    for slug, version in (("gift", 2), ("loan", 1)):
        with pytest.raises(UnknownMode):
            VERSIONS.mode_at(slug, version)


@pytest.mark.parametrize("slug", MODES)
def test_every_earlier_version_leads_to_the_newest(slug: str) -> None:
    newest = MODES[slug].chart
    for version in range(1, newest.version + 1):
        mode = SHIPPED.mode_at(slug, version)
        assert SHIPPED.carried(slug, version, mode.chart.initial) == newest.initial


@pytest.mark.parametrize("version", [1, 2])
def test_earlier_license_keeps_its_places_and_begins_the_new_regions(version: int) -> None:
    for position in pairwise(CHART):
        assert SHIPPED.carried("exclusive_license", version, position) == position
    in_force = ("feedback_due", "filing_submitted", "payments_running")
    assert SHIPPED.carried("exclusive_license", version, in_force) == performing(filing="filing_submitted")
