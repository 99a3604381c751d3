"""One ordinary license from opening to its end, and what tells it from the other kinds: others may be licensed too."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from cases.case_view import case_view
from cases.tables import LabelEvent
from cases.trail import verify
from contracts.documents import contract_text
from contracts.lint import lint_contract
from tests.modes.acting import act, case_row, change_patent, day, open_deadlines, refusal
from tests.modes.story import STORY, TERMS, walk, walk_to
from tests.world import INSTITUTION, World

MODE = "ordinary_license"
SIGNED = {"licensor_signatory": "授权代表", "licensee_signatory": "冯立"}
CO_OWNERS = f'["{INSTITUTION}", "启衡新材料股份有限公司"]'


def test_ordinary_license_runs_from_opening_to_expiry(any_world: World) -> None:
    case_id = any_world.case(mode=MODE, title="隔膜普通许可")
    walked = [done.event for done in walk(any_world, case_id)]
    assert walked == [scene.event for scene in STORY]
    receipt: dict[str, Any] = {"received_on": day(250), "payment": "payment:2", "reference": "银行回单2"}
    act(any_world, case_id, "record_receipt", 250, amount_fen="40万元", **receipt)
    last = (date.fromisoformat(TERMS["end"]) - day(0)).days
    act(any_world, case_id, "expire", last + 1)
    act(any_world, case_id, "cancel_filing", last + 9, cancelled_on=day(last + 9), reference="注销1号")
    duty: dict[str, Any] = {"duty": "reward_distribution", "done_on": day(last + 9), "reference": "分配表2号"}
    done = act(any_world, case_id, "record_duty", last + 10, **duty)
    case = case_row(any_world, case_id)
    assert (case.mode, done.position, case.stage) == (MODE, ("completed",), "end")
    assert open_deadlines(any_world, case_id) == {}
    with any_world.db.read() as session:
        assert [row.label for row in session.exec(select(LabelEvent))] == [
            "已达成普通许可",
            "已由被许可人实现产业化",
        ]
        assert verify(session).breaks == ()


def test_co_owner_licenses_alone_and_the_contract_tells_who_shares_the_fee(world: World) -> None:
    """专利法 art 14: without another agreement a co-owner may license ordinarily; the fee is shared."""
    change_patent(world, owners=CO_OWNERS)
    case_id = world.case(mode=MODE)
    walk_to(world, case_id, "finalize_contract")
    assert "signed" in act(world, case_id, "sign", 30, signed_on=day(30), **SIGNED).position
    with world.db.read() as session:
        view = case_view(world.db, session, world.org_id, case_id, draft=True)
    assert "收取的许可费由许可人在共有人之间分配" in contract_text(view)
    assert ("O-05", "warn") in [(finding.rule_id, finding.severity) for finding in lint_contract(view)]


def test_co_owners_who_agreed_otherwise_must_consent(world: World) -> None:
    change_patent(world, owners=CO_OWNERS, flags='["co_owner_agreement"]')
    case_id = world.case(mode=MODE)
    walk_to(world, case_id, "finalize_contract")
    assert refusal(world, case_id, "sign", 30, signed_on=day(30), **SIGNED) == ["patent_O-07"]
    given: dict[str, Any] = {"given_by": "共有人", "given_on": day(29), "evidence": "同意书1号"}
    act(world, case_id, "record_consent", 30, consent="co_owner", **given)
    assert "signed" in act(world, case_id, "sign", 30, signed_on=day(30), **SIGNED).position


def test_several_ordinary_licenses_stand_side_by_side(any_world: World) -> None:
    first, second = (any_world.case(mode=MODE, title=title) for title in ("甲公司普通许可", "乙公司普通许可"))
    for case_id in (first, second):
        walk_to(any_world, case_id, "finalize_contract")
        assert "signed" in act(any_world, case_id, "sign", 30, signed_on=day(30), **SIGNED).position


@pytest.mark.parametrize("earlier", ["exclusive_license", "sole_license"])
def test_ordinary_license_is_refused_beside_a_narrower_one(world: World, earlier: str) -> None:
    first, second = (
        world.case(mode=earlier, title="甲公司在先许可"),
        world.case(mode=MODE, title="乙公司普通许可"),
    )
    for case_id in (first, second):
        walk_to(world, case_id, "finalize_contract")
    act(world, first, "sign", 30, signed_on=day(30), **SIGNED)
    assert refusal(world, second, "sign", 30, signed_on=day(30), **SIGNED) == ["conflicting_case"]
