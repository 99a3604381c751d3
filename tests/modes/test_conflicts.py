"""Two cases on the same patent: whoever signs first shuts the other out."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from cases.advance import Advanced, Refused
from tests.modes.acting import act, case_row, day, refusal
from tests.modes.story import walk_to
from tests.world import World

SIGNED: dict[str, Any] = {
    "signed_on": day(30),
    "licensor_signatory": "授权代表",
    "licensee_signatory": "冯立",
}


def _ready_to_sign(world: World, title: str) -> int:
    case_id = world.case(title=title)
    walk_to(world, case_id, "finalize_contract")
    return case_id


def _sign(world: World, case_id: int, start: Barrier) -> Advanced | Refused:
    start.wait()
    try:
        return act(world, case_id, "sign", 30, **SIGNED)
    except Refused as refused:
        return refused


def test_second_license_of_a_patent_is_refused_and_names_the_first(any_world: World) -> None:
    first, second = (_ready_to_sign(any_world, title) for title in ("甲公司独占许可", "乙公司独占许可"))
    act(any_world, first, "sign", 30, **SIGNED)
    try:
        act(any_world, second, "sign", 30, **SIGNED)
        raise AssertionError("two exclusive licenses of one patent")
    except Refused as refused:
        (unmet,) = refused.unmet
    assert (unmet.code, unmet.rule_id, unmet.what_zh) == (
        "conflicting_case", "L-10", "与另案冲突：ZH2026-00001 甲公司独占许可：独占许可期内不得再作独占许可",
    )  # fmt: skip


def test_conflict_lasts_as_long_as_the_license(world: World) -> None:
    first, second = (_ready_to_sign(world, title) for title in ("甲公司独占许可", "乙公司独占许可"))
    act(world, first, "sign", 30, **SIGNED)
    act(world, first, "take_effect", 30, effective_on=day(30))
    assert refusal(world, second, "sign", 31, **SIGNED) == ["conflicting_case"]
    act(world, first, "terminate", 32, agreed_on=day(32), reason="协商一致解除")
    assert "signed" in act(world, second, "sign", 33, **SIGNED).position


def test_ended_license_binds_until_its_filing_is_out_of_the_way(any_world: World) -> None:
    """While the filing is examined the first license stands in the way; the duties left after it do not."""
    first, second = (_ready_to_sign(any_world, title) for title in ("甲公司独占许可", "乙公司独占许可"))
    act(any_world, first, "sign", 30, **SIGNED)
    act(any_world, first, "take_effect", 30, effective_on=day(30))
    act(any_world, first, "submit_filing", 31, submitted_on=day(31), receipt_no="SL1")
    act(any_world, first, "terminate", 32, agreed_on=day(32), reason="协商一致解除")
    assert refusal(any_world, second, "sign", 33, **SIGNED) == ["conflicting_case"]
    act(any_world, first, "withdraw_filing", 33, withdrawn_on=day(33), reference="撤回1号")
    assert case_row(any_world, first).closed_on is None
    assert "signed" in act(any_world, second, "sign", 33, **SIGNED).position


def test_cases_on_different_patents_do_not_meet(world: World) -> None:
    first = _ready_to_sign(world, "甲公司独占许可")
    act(world, first, "sign", 30, **SIGNED)
    other = World(world.db, world.org_id, world.people, world.company_id, world.patent_ids[1:])
    assert "signed" in act(other, _ready_to_sign(other, "乙公司独占许可"), "sign", 30, **SIGNED).position


def test_one_shared_patent_of_several_is_enough(world: World) -> None:
    wide = world.case(patents=3, title="三件打包许可")
    walk_to(world, wide, "finalize_contract")
    act(world, wide, "sign", 30, **SIGNED)
    assert refusal(world, _ready_to_sign(world, "乙公司独占许可"), "sign", 30, **SIGNED) == [
        "conflicting_case"
    ]


def test_crowd_on_one_case_takes_the_step_once(any_world: World) -> None:
    """Eight people press the same button on the same page: one step, seven explained refusals or conflicts."""
    case_id = _ready_to_sign(any_world, "同一按钮")
    start = Barrier(8)
    with ThreadPoolExecutor(8) as pool:
        results = [pool.submit(_sign, any_world, case_id, start) for _ in range(8)]
        outcomes = sorted(
            outcome.event if isinstance(outcome := result.result(), Advanced) else outcome.unmet[0].code
            for result in results
        )
    assert outcomes == ["not_here"] * 7 + ["sign"]
