"""A case goes on in another mode: what stays valid stays, what does not is told beforehand and done anew."""

from typing import Any

import orjson
import pytest

from cases.trail import entries, verify
from cases.whatif import Supposed, preview
from states.catalog import MODES
from tests.cases.dump import dump
from tests.modes.acting import act, case_data, case_row, change_patent, day, open_deadlines, refusal
from tests.modes.story import walk_to
from tests.world import World

TO_SOLE: dict[str, Any] = {"mode": "sole_license", "reason": "企业只要求排他"}


def test_mode_is_switched_and_the_title_check_and_shared_terms_stay(any_world: World) -> None:
    case_id = any_world.case()
    walk_to(any_world, case_id, "approve")
    before = case_row(any_world, case_id)
    dumped = dump(any_world.db)
    with any_world.db.read() as session:
        told = preview(
            any_world.db,
            session,
            any_world.person("officer"),
            case_id,
            Supposed("switch_mode", TO_SOLE, day(26)),
        )
    assert (told, dump(any_world.db) == dumped) == (("price", "publicity", "approval"), True)
    done = act(any_world, case_id, "switch_mode", 26, **TO_SOLE)
    after = case_row(any_world, case_id)
    assert (after.mode, after.chart_version) == ("sole_license", MODES["sole_license"].chart.version)
    assert after.state.split() == [
        "approval_open", "contract_waiting", "price_open", "publicity_open", "title_cleared",
    ]  # fmt: skip
    kept, was = orjson.loads(after.terms), orjson.loads(before.terms)
    assert (done.voids, {name: kept[name] for name in was}) == (told, was)
    facts = orjson.loads(after.terms_facts)
    assert facts["complete"] is True
    assert facts["hashes"]["approval"] != orjson.loads(before.terms_facts)["hashes"]["approval"]
    data = case_data(any_world, case_id)
    assert {"price", "publicity", "approval"} & set(data) == set()
    assert (data["switched"]["list"][0]["before"], data["switched"]["terms"]) == ("exclusive_license", {})
    with any_world.db.read() as session:
        *_, last = entries(session, any_world.org_id, f"case:{case_id}")
        assert (last.body["mode"], last.body["chart_version"]) == (after.mode, after.chart_version)
        assert verify(session).breaks == ()
    act(any_world, case_id, "agree_price", 27, agreed_on=day(27), basis="谈判记录")


def test_running_publicity_ends_with_the_mode(world: World) -> None:
    case_id = world.case()
    walk_to(world, case_id, "post_publicity")
    act(world, case_id, "switch_mode", 6, **TO_SOLE)
    assert open_deadlines(world, case_id) == {}


def test_gates_of_the_new_mode_are_all_told_and_nothing_is_written(world: World) -> None:
    case_id = world.case(patents=2)
    walk_to(world, case_id, "clear_title")
    for number in (0, 1):
        change_patent(world, number, status="lapsed")
    before = dump(world.db)
    codes = refusal(world, case_id, "switch_mode", 4, **TO_SOLE)
    assert codes == ["patent_P-06", "patent_P-06"]
    same = refusal(world, case_id, "switch_mode", 4, mode="exclusive_license", reason="误选")
    assert same == ["no_other_mode"]
    assert dump(world.db) == before


def test_signed_case_keeps_its_mode(world: World) -> None:
    case_id = world.case()
    walk_to(world, case_id, "sign")
    assert refusal(world, case_id, "switch_mode", 31, **TO_SOLE) == ["already_signed"]


def test_switch_warns_of_cases_that_stand_against_the_new_mode(any_world: World) -> None:
    first = any_world.case(title="甲公司普通许可", mode="ordinary_license")
    walk_to(any_world, first, "sign")
    case_id = any_world.case(title="乙公司普通许可", mode="ordinary_license")
    act(any_world, case_id, "switch_mode", 31, mode="exclusive_license", reason="企业要求独占")
    with any_world.db.read() as session:
        *_, last = entries(session, any_world.org_id, f"case:{case_id}")
    assert ["甲公司普通许可" in warning for warning in last.body["warnings"]] == [True]


@pytest.mark.parametrize("slug", [slug for slug in MODES if slug != "exclusive_license"])
def test_every_mode_takes_a_case_over_at_a_place_of_its_own(world: World, slug: str) -> None:
    case_id = world.case()
    walk_to(world, case_id, "agree_price")
    if "switch_mode" not in MODES[slug].chart.table:
        return
    act(world, case_id, "switch_mode", 6, mode=slug, reason="改用另一种方式")
    row = case_row(world, case_id)
    assert set(row.state.split()) <= set(MODES[slug].chart.nodes)
    assert row.stage == MODES[slug].chart.stage(tuple(row.state.split()))
    act(world, case_id, "switch_mode", 7, mode="exclusive_license", reason="改回独占许可")
    assert "title_cleared" in case_row(world, case_id).state
    with world.db.read() as session:
        assert verify(session).breaks == ()
