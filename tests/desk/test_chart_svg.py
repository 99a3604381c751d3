"""The drawing of a chart says where a case stands, whatever the chart."""

from dataclasses import replace
from itertools import combinations

import pytest

from desk.web.chart_svg import Box, Drawing, draw, fitted, main_line
from desk.web.i18n import Words
from states.catalog import MODES
from states.chart import Arc, Chart, Node
from states.modes import Mode
from tests.desk.conftest import Desk

MODE = MODES["exclusive_license"]
ZH, EN = Words("zh"), Words("en")
WIDEST_BAND = 1400


def _leaf(id_: str, zh: str, *targets: str) -> Node:
    return Node(id_, zh, f"state {id_}", tuple(Arc("go", target) for target in targets))


# Nothing like it is driven: every way in which states may hold states.
DEEP = Mode(
    "deep", "深", "Deep", "已深",
    Chart(
        "deep", 1,
        (
            Node("long", "长线", "Long", children=(
                *(_leaf(f"s{n}", f"第{n}步", f"s{n + 1}") for n in range(8)), _leaf("s8", "末步", "around"),
            )),
            Node("around", "并行", "Around", parallel=True, children=(
                Node("outer", "外圈", "Outer", children=(
                    _leaf("o0", "起点", "inner"),
                    Node("inner", "圈内并行", "Inner", (Arc("go", "c0"),), parallel=True, children=(
                        Node("a", "甲", "A", children=(_leaf("a0", "甲始", "a1"), _leaf("a1", "甲终"))),
                        Node("b", "乙", "B", children=(_leaf("b0", "乙始", "b1"), _leaf("b1", "乙终"))),
                    )),
                    Node("held", "依次", "Held", (Arc("go", "o2"),), (
                        _leaf("c0", "其一", "c1"), _leaf("c1", "其二，名称很长很长很长，须折行才能看清"),
                    )),
                    _leaf("o2", "终点"),
                )),
                Node("beside", "旁路", "Beside", children=(_leaf("w0", "候", "w1"), _leaf("w1", "毕"))),
            )),
            Node("over", "结束", "Over", final=True),
        ),
        {"s0": "preparation", "w0": "performance", "over": "end"},
    ),
    {"go": replace(MODE.steps["approve"], event="go", zh="go")},
)  # fmt: skip
SMALL = replace(
    DEEP, chart=Chart("small", 1, (_leaf("x", "一"), Node("y", "二", "Y", final=True)), {"x": "preparation"})
)
DRAWN = [*MODES.values(), DEEP]


def boxes(drawing: Drawing) -> dict[str, Box]:
    """Return all boxes by state."""
    lanes = [box for band in drawing.bands for lane in band.lanes for box in lane.boxes]
    return {box.id: box for box in (*lanes, *drawing.ends)}


def looks(position: tuple[str, ...], visited: tuple[str, ...] = ()) -> dict[str, str]:
    """Return how each state looks."""
    return {id_: box.look for id_, box in boxes(draw(MODE, position, (*position, *visited), ZH)).items()}


@pytest.mark.parametrize("mode", DRAWN, ids=lambda mode: mode.slug)
@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
def test_every_leaf_of_every_mode_is_drawn_once(mode: Mode, words: Words) -> None:
    drawing = draw(mode, mode.chart.initial, (), words)
    drawn = [box.id for band in drawing.bands for lane in band.lanes for box in lane.boxes]
    drawn += [box.id for box in drawing.ends]
    leaves = [node.id for node in mode.chart.nodes.values() if not node.children]
    assert sorted(id_ for id_ in drawn if id_ in leaves) == sorted(leaves)
    assert len(set(drawn)) == len(drawn)


@pytest.mark.parametrize("mode", DRAWN, ids=lambda mode: mode.slug)
@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
def test_no_two_boxes_of_a_band_overlap_and_labels_fit(mode: Mode, words: Words) -> None:
    for band in draw(mode, mode.chart.initial, (), words).bands:
        found = [box for lane in band.lanes for box in lane.boxes]
        assert all(box.x + box.w <= band.width <= WIDEST_BAND for box in found)
        assert all(
            lane.y <= box.y and box.y + box.h <= lane.y + lane.h for lane in band.lanes for box in lane.boxes
        )
        assert [(a.id, b.id) for a, b in combinations(found, 2) if overlap(a, b)] == []


def overlap(a: Box, b: Box) -> bool:
    """Say whether two boxes share a place."""
    return abs(a.x - b.x) < min(a.w, b.w) and abs(a.y - b.y) < min(a.h, b.h)


def test_wide_chart_is_stacked_and_folds_what_is_over(desk: Desk) -> None:
    """A narrow one stands side by side."""
    wide, narrow = draw(DEEP, DEEP.chart.initial, (), ZH), draw(SMALL, SMALL.chart.initial, (), ZH)
    assert (wide.is_stacked, narrow.is_stacked) == (True, False)
    page = desk.app.state.desk.screens.env.from_string(
        '{% from "desk/parts/chart.html" import chart with context %}{{ chart(drawing) }}'
    ).render(drawing=wide, _=ZH, pick=ZH.pick)
    assert page.count("<details") == 1
    assert "<summary>并行<span" in page


def test_region_that_comes_round_is_a_line_from_its_first_state() -> None:
    """What a step raises leads on as well as what people take."""
    around = Node("round", "循环", "Round", children=(
        Node("r0", "无", "none", (Arc("accrue", "r1"),)), _leaf("r1", "有", "r2"), _leaf("r2", "发放", "r0"),
    ))  # fmt: skip
    mode = replace(DEEP, chart=Chart("round", 1, (around,), {"r0": "performance"}))
    (lane,) = draw(mode, ("r0",), ("r0",), ZH).bands[0].lanes
    assert [(box.id, box.look) for box in lane.boxes] == [("r0", "todo"), ("r1", "idle"), ("r2", "idle")]
    assert len({box.y for box in lane.boxes}) == 1
    assert [arrow.label for arrow in lane.arrows] == ["", "go", "go"]


def test_states_inside_states_are_drawn_from_the_outside_in() -> None:
    drawing = draw(DEEP, DEEP.chart.initial, (), ZH)
    assert [[lane.label for lane in band.lanes] for band in drawing.bands] == [
        ["长线"], ["外圈", "圈内并行：甲", "圈内并行：乙", "旁路"],
    ]  # fmt: skip
    (long,) = drawing.bands[0].lanes
    assert [box.id for box in long.boxes] == [f"s{n}" for n in range(9)]
    assert len({box.y for box in long.boxes}) == 2  # nine states in a row are wrapped
    assert drawing.now == ("长线：第0步",)


def test_a_state_with_regions_is_marked_while_the_case_is_inside() -> None:
    found = {
        id_: box.look
        for id_, box in boxes(draw(DEEP, ("a1", "b0", "w0"), ("o0", "a0", "b0", "w0"), ZH)).items()
    }
    assert (found["inner"], found["o0"], found["a1"], found["b0"]) == (
        "active",
        "done",
        "done active",
        "todo",
    )
    assert found["s8"] == "idle"


def test_step_of_a_state_around_leads_on_from_each_inside() -> None:
    band = draw(DEEP, DEEP.chart.initial, (), ZH).bands[1]
    outer = band.lanes[0]
    assert [box.id for box in outer.boxes] == ["o0", "inner", "c0", "c1", "o2"]
    assert [arrow.label for arrow in outer.arrows] == ["go"] * len(outer.arrows)
    assert len(outer.arrows) == 5  # o0→inner, inner→c0, c0→c1, and from c0 and c1 to o2


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("已核查", ("已核查",)),
        ("异议处理中（暂停）", ("异议处理中", "（暂停）")),
        ("声明已终止，已达成的许可继续有效", ("声明已终止，已达", "成的许可继续有效")),
        ("not submitted to it", ("not submitted", "to it")),
    ],
)
def test_label_is_cut_where_it_can_be_read(text: str, lines: tuple[str, ...]) -> None:
    assert fitted(text, 104) == lines


def test_the_main_line_leaves_side_states_aside() -> None:
    line = {
        node.id: [n.id for n in main_line(MODE, node)] for node in MODE.chart.nodes.values() if node.children
    }
    assert line["publicity"] == ["publicity_open", "publicity_running", "publicity_closed"]
    assert line["filing"] == ["filing_due", "filing_submitted", "filing_recorded"]
    assert line["contract"] == ["contract_waiting", "drafting", "signing", "signed"]


def test_a_new_case_waits_everywhere() -> None:
    found = looks(MODE.chart.initial)
    assert {id_ for id_, look in found.items() if look == "todo"} == set(MODE.chart.initial)
    assert {look for id_, look in found.items() if id_ not in MODE.chart.initial} == {"idle"}


def test_a_paused_publicity_warns_and_what_led_to_it_is_done() -> None:
    position = ("approval_open", "contract_waiting", "price_agreed", "publicity_paused", "title_cleared")
    found = looks(position, ("publicity_open", "publicity_running", "price_open", "title_pending"))
    assert found["publicity_paused"] == "warn"
    assert (found["publicity_open"], found["publicity_running"], found["publicity_closed"]) == (
        "done",
        "done",
        "idle",
    )
    assert (found["price_open"], found["price_agreed"]) == ("done", "done active")


def test_a_withdrawn_case_stops() -> None:
    found = looks(("withdrawn",), MODE.chart.initial)
    assert found["withdrawn"] == "stopped"
    assert looks(("completed",))["completed"] == "ended"
    assert looks(("cancellation_due",))["cancellation_due"] == "warn"


def test_the_label_says_where_the_case_stands() -> None:
    assert draw(MODE, ("publicity_paused",), (), ZH).now == ("公示：异议处理中（暂停）",)
    assert draw(MODE, ("publicity_paused",), (), Words("en")).now == ("Publicity: paused by an objection",)
