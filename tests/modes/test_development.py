"""A development contract walked through the real actions: work, acceptance, industrialization, and its other ways."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlmodel import col, select

from cases.tables import Document, LabelEvent
from cases.trail import verify
from desk.story import Scene, story, terms_of, walk
from tests.modes.acting import act, case_data, case_row, change_patent, day, open_deadlines, refusal
from tests.modes.story import walk_to as walk_license_to
from tests.world import INSTITUTION, TODAY, World

MODE = "development"
TERMS: Mapping[str, Any] = terms_of(TODAY, mode=MODE)
STORY: tuple[Scene, ...] = story(TODAY, contract_no="CLLG-JK-2026-001", mode=MODE)
SIGNED: dict[str, Any] = {"signed_on": day(30), "our_signatory": "授权代表", "their_signatory": "冯立"}
NOT_INDUSTRIAL = {
    "industrial": "否",
    "products": "",
    "industrial_by": "",
    "industrial_place": "",
    "industrial_target": "",
}
LABEL = "已通过技术服务合同或技术开发合同约定由合作企业实现产业化"


def _walk_to(world: World, until: str, *, times: int = 1, patents: int = 1) -> int:
    """Take the scenes up to and including the n-th of a step and return the case."""
    case_id = world.case(patents=patents, title="隔膜中试开发", mode=MODE)
    met = [number for number, scene in enumerate(STORY, 1) if scene.event == until]
    list(walk(world.db, world.people, case_id, STORY[: met[times - 1]]))
    return case_id


def _drafted(world: World, **changed: Any) -> int:
    """Take a case with other terms to the day of its signature."""
    case_id = world.case(title="隔膜中试开发", mode=MODE)
    scenes = story(TODAY, {**TERMS, **changed}, contract_no="CLLG-JK-2026-002", mode=MODE)
    list(walk(world.db, world.people, case_id, scenes, until="finalize_contract"))
    return case_id


# Scene by scene from the signature on: what the case has reached, and its open deadlines but for money.
WORKING = {"delivery": "2026-08-09", "industrialization": "2027-01-26"}
EXPECTED: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("sign", "signed", {"stamp_duty": "2026-04-16"}),
    ("take_effect", "work_running", {"stamp_duty": "2026-04-16", "technology_contract": "2026-05-06", **WORKING}),
    ("record_duty", "work_running", {"technology_contract": "2026-05-06", **WORKING}),
    ("apply_registration", "registration_submitted", {"registration_decision": "2026-05-07", **WORKING}),
    ("refuse_registration", "registration_refused", WORKING),
    ("apply_registration", "registration_submitted", {"registration_decision": "2026-05-14", **WORKING}),
    ("register_contract", "registered", WORKING),
    ("record_receipt", "rewards_due", WORKING),
    ("plan_distribution", "rewards_planned", WORKING),
    ("post_reward_publicity", "rewards_publicized", WORKING),
    ("report_stage", "work_running", WORKING),
    ("close_reward_publicity", "rewards_confirmed", WORKING),
    ("pay_rewards", "rewards_idle", WORKING),
    ("record_duty", "rewards_idle", WORKING),
    ("record_result", "work_running", WORKING),
    ("deliver_results", "results_delivered", {"industrialization": "2027-01-26"}),
    ("demand_rework", "work_running", {"delivery": "2026-08-29", "industrialization": "2027-01-26"}),
    ("deliver_results", "results_delivered", {"industrialization": "2027-01-26"}),
    ("accept_results", "results_accepted", {"industrialization": "2027-01-26"}),
    ("record_working", "worked", {"industrialization": "2027-01-26"}),
)  # fmt: skip
MONEY = ("payment", "distribution", "reward")


def test_each_scene_reaches_its_place_and_its_deadlines(any_world: World) -> None:
    case_id = _walk_to(any_world, "finalize_contract")
    after = STORY[[scene.event for scene in STORY].index("sign") :]
    scenes = walk(any_world.db, any_world.people, case_id, after)
    for (event, leaf, deadlines), done in zip(EXPECTED, scenes, strict=False):
        assert (done.event, leaf in done.position) == (event, True), (event, done.position)
        found = open_deadlines(any_world, case_id).items()
        assert {key: due for key, due in found if not key.startswith(MONEY)} == deadlines, event


def test_development_runs_from_opening_to_its_completion(any_world: World) -> None:
    case_id = _walk_to(any_world, "complete", patents=2)
    case = case_row(any_world, case_id)
    assert (case.state.split(), case.stage, case.closed_on) == (["completed"], "end", day(300))
    assert open_deadlines(any_world, case_id) == {}
    data = case_data(any_world, case_id)
    assert [refused["reason"] for refused in data["registration"]["refusals"]] == [
        "未附研究开发计划，退回补充后重新申请"
    ]
    assert [demand["mend_by"] for demand in data["work"]["demands"]] == ["2026-08-29"]
    assert [(made["title"], made["owner"], made["by_name"]) for made in data["results"]["list"]] == [
        ("中试工艺参数", "ours", "林知远")
    ]
    with any_world.db.read() as session:
        labels = session.exec(select(LabelEvent).order_by(col(LabelEvent.patent_id))).all()
        assert [(label.patent_id, label.label, label.on) for label in labels] == [
            (id_, LABEL, day(290)) for id_ in any_world.patent_ids[:2]
        ]
        assert {label.evidence for label in labels} == {
            "合同CLLG-JK-2026-001约定由合作企业实现产业化；技术合同认定登记2026440000000456；产品首批量产产品"
        }
        papers = session.exec(select(Document).order_by(col(Document.id)))
        assert [(paper.kind, paper.version) for paper in papers] == [
            ("approval_form", 1), ("interest_statement", 1), ("approval_form", 2), ("contract", 1), ("contract", 2),
            ("contract", 3), ("registration_sheet", 1), ("registration_sheet", 2),
            *(("reward_table", version) for version in range(1, 5)),
        ]  # fmt: skip
        assert verify(session).breaks == ()


def test_case_is_not_completed_with_anything_open(any_world: World) -> None:
    case_id = _walk_to(any_world, "take_effect")
    assert refusal(any_world, case_id, "complete", 31) == [
        "payments_open", "stamp_duty_open", "registration_open", "results_not_accepted", "industrialization_open",
    ]  # fmt: skip


def test_rewards_paid_are_filed_before_the_case_is_completed(world: World) -> None:
    case_id = _walk_to(world, "pay_rewards", times=2)
    assert refusal(world, case_id, "complete", 275) == ["reward_filing_open", "industrialization_open"]


def test_rework_may_be_demanded_again_and_without_a_day(world: World) -> None:
    case_id = _walk_to(world, "deliver_results", times=2)
    done = act(world, case_id, "demand_rework", 180, demanded_on=day(178), defects="包装破损")
    assert "work_running" in done.position
    assert "delivery" not in open_deadlines(world, case_id)
    early: dict[str, Any] = {"accepted_on": day(160), "certificate": "1号"}
    assert refusal(world, case_id, "accept_results", 180, **early) == ["not_here", "accepted_on_early"]
    act(
        world, case_id, "deliver_results", 185, delivered_on=day(185), deliverables="中试样品", receipt="交接单3号"
    )  # fmt: skip
    assert refusal(world, case_id, "accept_results", 186, **early) == ["accepted_on_early"]
    assert (
        "results_accepted"
        in act(world, case_id, "accept_results", 186, accepted_on=day(186), certificate="1号").position
    )
    assert len(case_data(world, case_id)["work"]["demands"]) == 2


@pytest.mark.parametrize("how", ["lapsed", "invalidated"])
def test_contract_goes_on_without_its_background_patent(any_world: World, how: str) -> None:
    case_id = _walk_to(any_world, "report_stage")
    before = open_deadlines(any_world, case_id)
    done = act(
        any_world, case_id, "record_patent_ended", 95, patent="2020101000019", how=how, ended_on=day(94), reason="通知书",
    )  # fmt: skip
    assert "work_running" in done.position
    assert open_deadlines(any_world, case_id) == before
    assert [told["how"] for told in case_data(any_world, case_id)["ended_patents"]["list"]] == [how]
    again: dict[str, Any] = {"patent": "2020101000019", "how": how, "ended_on": day(94), "reason": "通知书"}
    assert refusal(any_world, case_id, "record_patent_ended", 96, **again) == ["unknown_patent"]
    delivered = act(
        any_world, case_id, "deliver_results", 150, delivered_on=day(150), deliverables="样品", receipt="交接单1号"
    )  # fmt: skip
    assert "results_delivered" in delivered.position


def test_industrialization_given_up_lets_the_case_be_completed(any_world: World) -> None:
    case_id = _walk_to(any_world, "record_duty", times=3)
    assert refusal(any_world, case_id, "complete", 281) == ["industrialization_open"]
    done = act(
        any_world, case_id, "waive_industrialization", 282, decided_on=day(282), reason="市场变化，双方书面确认",
    )  # fmt: skip
    assert "industrialization_waived" in done.position
    assert open_deadlines(any_world, case_id) == {}
    assert act(any_world, case_id, "complete", 283).position == ("completed",)
    with any_world.db.read() as session:
        assert session.exec(select(LabelEvent)).all() == []


def test_industrialization_without_its_clause_earns_no_label(world: World) -> None:
    case_id = _drafted(world, **NOT_INDUSTRIAL)
    act(world, case_id, "sign", 30, **SIGNED)
    act(world, case_id, "take_effect", 30, effective_on=day(30))
    assert "industrialization" not in open_deadlines(world, case_id)
    act(world, case_id, "record_working", 100, worked_on=day(100), evidence="投产记录")
    given: dict[str, Any] = {"industrialized_on": day(120), "product": "隔膜", "evidence": "合同"}
    assert refusal(world, case_id, "record_industrialization", 120, **given) == [
        "industrialization_not_agreed"
    ]
    assert "industrialization_open" not in refusal(world, case_id, "complete", 121)


def test_terminated_contract_leaves_its_duties(any_world: World) -> None:
    case_id = _walk_to(any_world, "record_result")
    ended = act(any_world, case_id, "terminate", 125, agreed_on=day(124), reason="出现无法克服的技术困难")
    assert ended.position == ("duties_due",)
    assert open_deadlines(any_world, case_id) == {"registration_change": "2026-08-03"}
    done = act(
        any_world, case_id, "record_duty", 127, role="officer", duty="registration_change", done_on=day(127),
        reference="注销1号",
    )  # fmt: skip
    assert (done.position, open_deadlines(any_world, case_id)) == (("terminated",), {})


def test_industrialization_reached_is_fed_back_after_the_end(any_world: World) -> None:
    case_id = _walk_to(any_world, "record_industrialization")
    act(any_world, case_id, "terminate", 291, agreed_on=day(291), reason="双方另行合作")
    assert "industrialization_feedback" in open_deadlines(any_world, case_id)
    act(any_world, case_id, "report_industrialization", 292, reported_on=day(292), reference="截图1号")
    done = act(
        any_world, case_id, "record_duty", 293, role="officer", duty="registration_change", done_on=day(293),
        reference="注销1号",
    )  # fmt: skip
    assert done.position == ("terminated",)


def test_background_patent_in_an_exclusive_license_stands_in_the_way(any_world: World) -> None:
    license_id = any_world.case(title="隔膜独占许可")
    walk_license_to(any_world, license_id, "sign")
    case_id = _walk_to(any_world, "finalize_contract")
    assert refusal(any_world, case_id, "sign", 30, **SIGNED) == ["conflicting_case"]
    act(any_world, license_id, "terminate", 31, agreed_on=day(31), reason="协商一致解除")
    assert "signed" in act(any_world, case_id, "sign", 31, **{**SIGNED, "signed_on": day(31)}).position


def test_sole_license_counts_a_development_as_own_working_once_recorded(world: World) -> None:
    license_id = world.case(title="隔膜排他许可", mode="sole_license")
    walk_license_to(world, license_id, "sign")
    case_id = _walk_to(world, "finalize_contract")
    assert refusal(world, case_id, "sign", 30, **SIGNED) == ["conflicting_case"]
    given: dict[str, Any] = {"given_by": "法务室", "given_on": day(30), "evidence": "确认书1号"}
    act(world, case_id, "record_consent", 30, consent="own_working", **given)
    assert "signed" in act(world, case_id, "sign", 30, **SIGNED).position


@pytest.mark.parametrize(
    ("flag", "code", "consent"),
    [("pledged", "patent_PG-02", "pledgee"), ("co_owner_agreement", "patent_O-07", "co_owner")],
)
def test_pledgee_and_co_owners_who_agreed_so_must_consent(
    world: World, flag: str, code: str, consent: str
) -> None:
    change_patent(world, flags=f'["{flag}"]', owners=f'["{INSTITUTION}","启衡新材料股份有限公司"]')
    case_id = _walk_to(world, "finalize_contract")
    assert refusal(world, case_id, "sign", 30, **SIGNED) == [code]
    given: dict[str, Any] = {"given_by": "权利人", "given_on": day(29), "evidence": "同意书1号"}
    act(world, case_id, "record_consent", 30, consent=consent, **given)
    assert "signed" in act(world, case_id, "sign", 30, **SIGNED).position


def test_a_second_development_on_the_same_patent_is_no_conflict(world: World) -> None:
    for _ in range(2):
        case_id = _walk_to(world, "finalize_contract")
        assert "signed" in act(world, case_id, "sign", 30, **SIGNED).position


def test_patent_that_ends_before_the_effect_does_not_end_the_contract(world: World) -> None:
    case_id = _walk_to(world, "sign")
    done = act(
        world, case_id, "record_patent_ended", 31, patent="2020101000019", how="lapsed", ended_on=day(31), reason="通知书"
    )  # fmt: skip
    assert "signed" in done.position
    assert "work_running" in act(world, case_id, "take_effect", 32, effective_on=day(32)).position


def test_withdrawn_and_rejected_cases_end(world: World) -> None:
    withdrawn, rejected = _walk_to(world, "agree_price"), _walk_to(world, "submit_approval")
    assert act(world, withdrawn, "withdraw", 5, reason="企业放弃").position == ("withdrawn",)
    assert act(world, rejected, "reject", 26, reason="不符合研究方向").position == ("rejected",)
