"""One sole license from opening to its end, and what tells it from the other kinds: nobody but the licensor beside it."""

from typing import Any

import pytest
from sqlmodel import select

from cases.advance import Refused
from cases.tables import LabelEvent
from cases.trail import verify
from tests.modes.acting import act, case_row, change_patent, day, open_deadlines, refusal
from tests.modes.story import STORY, walk, walk_to
from tests.world import INSTITUTION, World

MODE = "sole_license"
SIGNED = {"licensor_signatory": "授权代表", "licensee_signatory": "冯立"}


def _ready(world: World, mode: str, title: str) -> int:
    case_id = world.case(mode=mode, title=title)
    walk_to(world, case_id, "finalize_contract")
    return case_id


def test_sole_license_runs_from_opening_to_termination(any_world: World) -> None:
    case_id = any_world.case(mode=MODE, title="隔膜排他许可")
    walked = [done.event for done in walk(any_world, case_id)]
    assert walked == [scene.event for scene in STORY]
    act(any_world, case_id, "terminate", 70, agreed_on=day(66), reason="协商一致解除")
    assert open_deadlines(any_world, case_id)["filing_cancellation"] == "2026-06-08"
    act(any_world, case_id, "cancel_filing", 80, cancelled_on=day(80), reference="注销1号")
    duty: dict[str, Any] = {"duty": "registration_change", "done_on": day(81), "reference": "变更1号"}
    done = act(any_world, case_id, "record_duty", 81, **duty)
    case = case_row(any_world, case_id)
    assert (case.mode, done.position, case.stage) == (MODE, ("terminated",), "end")
    assert open_deadlines(any_world, case_id) == {}
    with any_world.db.read() as session:
        assert [row.label for row in session.exec(select(LabelEvent))] == [
            "已达成排他许可",
            "已由被许可人实现产业化",
        ]
        assert verify(session).breaks == ()


@pytest.mark.parametrize("earlier", ["exclusive_license", "sole_license"])
def test_sole_license_is_refused_beside_another_narrow_one(any_world: World, earlier: str) -> None:
    first, second = _ready(any_world, earlier, "甲公司在先许可"), _ready(any_world, MODE, "乙公司排他许可")
    act(any_world, first, "sign", 30, signed_on=day(30), **SIGNED)
    with pytest.raises(Refused) as refused:
        act(any_world, second, "sign", 30, signed_on=day(30), **SIGNED)
    (unmet,) = refused.value.unmet
    assert (unmet.code, unmet.rule_id) == ("conflicting_case", "L-10")
    assert unmet.what_zh.endswith("许可期内不得再作排他许可")


def test_ordinary_license_beside_a_sole_one_must_count_as_own_working(world: World) -> None:
    """技术合同纠纷解释 art 27: one ordinary license may stand for the licensor's own working."""
    sole, ordinary = (
        _ready(world, MODE, "甲公司排他许可"),
        _ready(world, "ordinary_license", "乙公司普通许可"),
    )
    act(world, sole, "sign", 30, signed_on=day(30), **SIGNED)
    with pytest.raises(Refused) as refused:
        act(world, ordinary, "sign", 30, signed_on=day(30), **SIGNED)
    (unmet,) = refused.value.unmet
    assert (unmet.code, unmet.rule_id) == ("conflicting_case", "LI-04")
    assert "可以一个普通许可作为自己实施" in unmet.remedy_zh
    given: dict[str, Any] = {
        "given_by": "法律事务室",
        "given_on": day(30),
        "evidence": "不具备实施条件的说明",
    }
    act(world, ordinary, "record_consent", 30, consent="own_working", **given)
    assert "signed" in act(world, ordinary, "sign", 30, signed_on=day(30), **SIGNED).position


def test_co_owned_patent_needs_every_owner(world: World) -> None:
    change_patent(world, owners=f'["{INSTITUTION}", "启衡新材料股份有限公司"]')
    case_id = _ready(world, MODE, "隔膜排他许可")
    assert refusal(world, case_id, "sign", 30, signed_on=day(30), **SIGNED) == ["patent_O-06"]
    given: dict[str, Any] = {"given_by": "共有人", "given_on": day(29), "evidence": "同意书1号"}
    act(world, case_id, "record_consent", 30, consent="co_owner", **given)
    assert "signed" in act(world, case_id, "sign", 30, signed_on=day(30), **SIGNED).position
