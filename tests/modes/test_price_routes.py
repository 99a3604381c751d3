"""A price by listing and by auction, through the real actions: public by itself, in the terms before it is recorded."""

import pytest

from tests.modes.acting import act, case_data, case_row, day, open_deadlines, refusal
from tests.modes.sales import ROUTES, SOLD, announced
from tests.modes.story import TERMS
from tests.world import NUMBERS, World


@pytest.mark.parametrize("route", ROUTES)
def test_sale_settles_the_price_without_a_publicity(any_world: World, route: str) -> None:
    case_id = announced(any_world, route)
    close = ROUTES[route].close
    assert refusal(any_world, case_id, close, 10, closed_on=day(10), price_fen="120万元", **SOLD) == [
        "sale_running"
    ]
    assert refusal(any_world, case_id, close, 22, closed_on=day(22), price_fen="130万元", **SOLD) == [
        "price_not_in_terms"
    ]
    raised = {**TERMS, "price_method": route, "entry_fee_fen": "130万元"}
    raised["instalments"] = [{**TERMS["instalments"][0], "amount_fen": "130万元"}]
    act(any_world, case_id, "edit_terms", 22, terms=raised)
    done = act(any_world, case_id, close, 22, closed_on=day(22), price_fen="130万元", **SOLD)
    assert "price_agreed" in done.position
    assert open_deadlines(any_world, case_id) == {}
    act(any_world, case_id, "submit_approval", 23)
    act(any_world, case_id, "approve", 24, decided_on=day(24), minutes_no="1号")
    done = act(any_world, case_id, "start_drafting", 24, contract_no="H-1")
    assert {"drafting", "publicity_open"} <= set(done.position)


def test_unsold_listing_opens_the_price_again(world: World) -> None:
    case_id = announced(world, "listing")
    done = act(world, case_id, "close_listing", 22, closed_on=day(22), outcome="unsold", reference="公告2号")
    assert "price_open" in done.position
    data = case_data(world, case_id)
    assert ("price" in data, data["unsold"]["list"][0]["listing_no"]) == (False, "1号")
    assert refusal(world, case_id, "agree_price", 23, agreed_on=day(23), basis="谈判记录") == ["price_route"]


def test_patent_that_joins_ends_the_listing(world: World) -> None:
    case_id = announced(world, "listing")
    assert open_deadlines(world, case_id)["sale"] == day(22).isoformat()
    done = act(world, case_id, "add_patent", 5, patent=NUMBERS[1], reason="一并许可")
    assert ("price" in done.voids, "price_open" in done.position) == (True, True)
    assert "sale" not in open_deadlines(world, case_id)
    assert case_row(world, case_id).version == done.version
