"""The drawing of a chart says where a case stands, whatever the chart."""

import pytest

from desk.web.chart_svg import Box, Drawing, draw, main_line
from desk.web.i18n import Words
from states.catalog import MODES

MODE = MODES["exclusive_license"]
ZH = Words("zh")


def boxes(drawing: Drawing) -> dict[str, Box]:
    """Return all boxes by state."""
    lanes = [box for band in drawing.bands for lane in band.lanes for box in lane.boxes]
    return {box.id: box for box in (*lanes, *drawing.ends)}


def looks(position: tuple[str, ...], visited: tuple[str, ...] = ()) -> dict[str, str]:
    """Return how each state looks."""
    return {id_: box.look for id_, box in boxes(draw(MODE, position, (*position, *visited), ZH)).items()}


@pytest.mark.parametrize("slug", list(MODES))
def test_every_leaf_of_every_mode_is_drawn_once(slug: str) -> None:
    mode = MODES[slug]
    leaves = {node.id for node in mode.chart.nodes.values() if not node.children}
    assert set(boxes(draw(mode, mode.chart.initial, (), ZH))) == leaves


@pytest.mark.parametrize("slug", list(MODES))
def test_no_two_boxes_of_a_band_overlap(slug: str) -> None:
    for band in draw(MODES[slug], MODES[slug].chart.initial, (), ZH).bands:
        places = [(box.x, box.y) for lane in band.lanes for box in lane.boxes]
        assert len(set(places)) == len(places)
        assert all(box.x + box.w <= band.width for lane in band.lanes for box in lane.boxes)
        assert all(box.y + box.h <= band.height for lane in band.lanes for box in lane.boxes)


def test_the_main_line_leaves_side_states_aside() -> None:
    line = {
        node.id: [n.id for n in main_line(MODE, node)] for node in MODE.chart.nodes.values() if node.children
    }
    assert line["publicity"] == ["publicity_open", "publicity_running", "publicity_closed"]
    assert line["filing"] == ["filing_due", "filing_submitted", "filing_recorded"]


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
