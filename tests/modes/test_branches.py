"""The other ways of an exclusive license, each walked through the real actions."""

from datetime import date
from typing import Any

import pytest

from cases.advance import Refused
from cases.errors import Invalid
from tests.modes.acting import (
    act,
    case_data,
    case_row,
    change_patent,
    day,
    make_foreign,
    open_deadlines,
    refusal,
)  # fmt: skip
from tests.modes.story import STORY, TERMS, walk_to
from tests.world import World

TERMS_END = date.fromisoformat(TERMS["end"])
SIGNED = {"licensor_signatory": "授权代表", "licensee_signatory": "冯立"}


def _performing(world: World, *, recorded: bool = True) -> int:
    case_id = world.case()
    walk_to(world, case_id, "record_filing" if recorded else "take_effect")
    return case_id


def test_upheld_objection_sends_the_publicity_back(world: World) -> None:
    case_id = world.case()
    walk_to(world, case_id, "raise_objection")
    done = act(
        world,
        case_id,
        "resolve_objection",
        12,
        resolved_on=day(12),
        outcome="upheld",
        reason="价格依据不足",
    )
    assert done.voids == ("publicity",)
    assert "publicity_open" in done.position
    assert "publicity" not in case_data(world, case_id)
    assert open_deadlines(world, case_id) == {}
    again = act(
        world, case_id, "post_publicity", 13, posted_on=day(13), place="校园网", procedure_published=True
    )
    assert "publicity_running" in again.position
    assert open_deadlines(world, case_id) == {"publicity": "2026-03-31"}


def test_publicity_stands_still_while_an_objection_is_handled(world: World) -> None:
    case_id = world.case()
    walk_to(world, case_id, "resolve_objection")
    assert refusal(world, case_id, "close_publicity", 23, closed_on=day(23), result="无异议") == [
        "publicity_running"
    ]
    assert (
        "publicity_closed"
        in act(world, case_id, "close_publicity", 24, closed_on=day(24), result="无异议").position
    )


def test_sent_back_case_can_be_submitted_again(any_world: World) -> None:
    case_id = any_world.case()
    walk_to(any_world, case_id, "submit_approval")
    done = act(any_world, case_id, "send_back", 25, reason="请补充定价依据")
    assert "approval_open" in done.position
    assert "approval" not in case_data(any_world, case_id)
    told = case_data(any_world, case_id)["sent_back"]
    assert (told["reason"], told["by_name"], told["body_zh"]) == (
        "请补充定价依据",
        "周审言",
        "科技成果转化中心主任审批",
    )
    assert "approval_submitted" in act(any_world, case_id, "submit_approval", 26, note="已补充").position


def test_rejected_case_ends(world: World) -> None:
    case_id = world.case()
    walk_to(world, case_id, "submit_approval")
    done = act(world, case_id, "reject", 25, reason="不符合转化方向")
    case = case_row(world, case_id)
    assert (done.position, case.stage, case.closed_on) == (("rejected",), "end", day(25))
    assert refusal(world, case_id, "submit_approval", 26) == ["not_here"]


def test_officer_may_not_approve_and_learns_who_can(world: World) -> None:
    case_id = world.case()
    walk_to(world, case_id, "submit_approval")
    with pytest.raises(Refused) as refused:
        act(world, case_id, "approve", 25, role="officer", decided_on=day(25), minutes_no="1号")
    assert refused.value.kind == "forbidden"
    assert [(unmet.code, unmet.who) for unmet in refused.value.unmet] == [
        ("role", "approver"), ("own_case", "approver"),
    ]  # fmt: skip
    assert refused.value.message == (
        "不能办理“批准”：“批准”须由审批人办理，您的角色是转化专员；报批人不能审批自己提交的案件"
    )


def test_withdrawn_case_drops_its_deadlines(world: World) -> None:
    case_id = world.case()
    walk_to(world, case_id, "post_publicity")
    done = act(world, case_id, "withdraw", 9, reason="企业放弃")
    assert (done.position, open_deadlines(world, case_id)) == (("withdrawn",), {})
    assert case_data(world, case_id)["end"] == {
        "reason": "企业放弃",
        "how": "withdrawn",
        "on": "2026-03-11",
    }


def test_signed_contract_is_neither_edited_nor_withdrawn(world: World) -> None:
    case_id = world.case()
    walk_to(world, case_id, "sign")
    assert refusal(world, case_id, "withdraw", 31, reason="反悔") == ["already_signed"]
    assert refusal(world, case_id, "edit_terms", 31, terms={**TERMS, "copies": "8"}) == ["already_signed"]


def test_stamp_duty_is_recorded_before_the_contract_takes_effect(world: World) -> None:
    case_id = world.case()
    walk_to(world, case_id, "sign")
    act(world, case_id, "record_duty", 31, duty="stamp_duty", done_on=day(31), reference="完税1号")
    assert open_deadlines(world, case_id) == {}
    given = {"duty": "technology_contract", "done_on": day(31), "reference": "登记1号"}
    assert refusal(world, case_id, "record_duty", 31, **given) == ["not_effective"]


def test_refused_filing_is_submitted_again_within_the_same_deadline(any_world: World) -> None:
    case_id = any_world.case()
    walk_to(any_world, case_id, "submit_filing")
    refused = act(any_world, case_id, "refuse_filing", 50, refused_on=day(50), reason="缺少被许可人证明")
    assert "filing_refused" in refused.position
    assert open_deadlines(any_world, case_id)["license_filing"] == "2026-07-01"
    assert "filing_decision" not in open_deadlines(any_world, case_id)
    again = act(any_world, case_id, "submit_filing", 55, submitted_on=day(55), receipt_no="SL2")
    assert "filing_submitted" in again.position
    assert open_deadlines(any_world, case_id)["filing_decision"] == "2026-05-08"
    filing = case_data(any_world, case_id)["filing"]
    assert [refusal["reason"] for refusal in filing["refusals"]] == ["缺少被许可人证明"]


def test_several_correction_notices_are_kept_one_by_one(world: World) -> None:
    case_id = world.case()
    walk_to(world, case_id, "answer_correction")
    act(
        world, case_id, "receive_correction", 49, received_on=day(49), content="补盖骑缝章", answer_by=day(59)
    )
    assert open_deadlines(world, case_id)["correction"] == "2026-04-30"
    act(world, case_id, "answer_correction", 50, answered_on=day(50))
    corrections = case_data(world, case_id)["filing"]["corrections"]
    assert [(one["received_on"], one["answered_on"]) for one in corrections] == [
        ("2026-04-16", "2026-04-18"), ("2026-04-20", "2026-04-21"),
    ]  # fmt: skip


def test_terminated_license_cancels_its_filing_within_thirty_days(any_world: World) -> None:
    case_id = _performing(any_world)
    ended = act(any_world, case_id, "terminate", 70, agreed_on=day(66), reason="协商一致解除")
    assert ended.position == ("cancellation_due",)
    assert open_deadlines(any_world, case_id) == {
        "feedback": "2026-05-11", "filing_cancellation": "2026-06-08", "registration_change": "2026-06-08",
    }  # fmt: skip  # 30 days end on a Saturday
    cancelled = act(any_world, case_id, "cancel_filing", 80, cancelled_on=day(80), reference="注销1号")
    assert cancelled.position == ("duties_due",)
    change = {"duty": "registration_change", "done_on": day(81), "reference": "变更1号"}
    act(any_world, case_id, "record_duty", 81, role="officer", **change)
    assert case_row(any_world, case_id).closed_on is None
    done = act(any_world, case_id, "report_feedback", 82, reported_on=day(82), reference="截图1号")
    case = case_row(any_world, case_id)
    assert (done.position, case.stage, case.closed_on) == (("terminated",), "end", day(82))
    assert open_deadlines(any_world, case_id) == {}


def test_license_without_a_filing_still_owes_its_stamp_duty(any_world: World) -> None:
    case_id = _performing(any_world, recorded=False)
    assert "license_filing" in open_deadlines(any_world, case_id)
    ended = act(any_world, case_id, "terminate", 40, agreed_on=day(40), reason="协商一致解除")
    assert (ended.position, [*open_deadlines(any_world, case_id)]) == (("duties_due",), ["stamp_duty"])
    done = act(any_world, case_id, "record_duty", 41, duty="stamp_duty", done_on=day(41), reference="完税1号")
    assert (done.position, open_deadlines(any_world, case_id)) == (("terminated",), {})


def test_filing_under_examination_is_withdrawn_or_cancelled(any_world: World) -> None:
    case_id = any_world.case()
    walk_to(any_world, case_id, "receive_correction")
    ended = act(any_world, case_id, "terminate", 60, agreed_on=day(60), reason="协商一致解除")
    assert ended.position == ("withdrawal_due",)
    assert [*open_deadlines(any_world, case_id)] == ["filing_cancellation"]
    recorded = act(any_world, case_id, "record_filing", 62, recorded_on=day(62), record_no="X1")
    assert (recorded.position, [*open_deadlines(any_world, case_id)]) == (
        ("cancellation_due",), ["filing_cancellation"],
    )  # fmt: skip
    done = act(any_world, case_id, "cancel_filing", 70, cancelled_on=day(70), reference="注销1号")
    assert done.position == ("terminated",)


def test_withdrawn_filing_is_no_duty_any_more(world: World) -> None:
    case_id = world.case()
    walk_to(world, case_id, "record_duty")
    act(world, case_id, "terminate", 60, agreed_on=day(60), reason="协商一致解除", remaining="无")
    done = act(world, case_id, "withdraw_filing", 61, withdrawn_on=day(61), reference="撤回1号")
    assert done.position == ("terminated",)


def test_payment_that_fell_due_is_collected_after_the_end(any_world: World) -> None:
    case_id = _performing(any_world)
    later = max(
        date.fromisoformat(due) for key, due in open_deadlines(any_world, case_id).items() if "payment" in key
    )
    first = min(
        date.fromisoformat(due) for key, due in open_deadlines(any_world, case_id).items() if "payment" in key
    )
    on = (first - day(0)).days
    assert first < later
    act(any_world, case_id, "terminate", on, agreed_on=first, reason="协商一致解除")
    assert "payment:1" in open_deadlines(any_world, case_id)
    assert "payment:2" not in open_deadlines(any_world, case_id)
    given: dict[str, Any] = {"received_on": day(on + 1), "reference": "回单"}
    act(any_world, case_id, "record_receipt", on + 1, amount_fen="80万元", payment="payment:1", **given)
    assert "payment:1" not in open_deadlines(any_world, case_id)
    released = {"payment": "payment:2", "decided_on": day(on + 1), "reason": "已不再收取"}
    assert refusal(any_world, case_id, "release_payment", on + 1, **released) == ["no_open_payment"]


def test_contract_that_never_took_effect_can_be_terminated(world: World) -> None:
    case_id = world.case()
    walk_to(world, case_id, "sign")
    ended = act(world, case_id, "terminate", 31, agreed_on=day(31), reason="生效条件未成就")
    assert (ended.position, [*open_deadlines(world, case_id)]) == (("duties_due",), ["stamp_duty"])


def test_license_ends_with_its_last_patent_only(any_world: World) -> None:
    case_id = any_world.case(patents=2)
    walk_to(any_world, case_id, "record_filing")
    numbers = _numbers(any_world)
    given: dict[str, Any] = {"how": "invalidated", "ended_on": day(60), "reason": "无效宣告请求审查决定第1号"}
    act(any_world, case_id, "record_patent_ended", 61, patent=numbers[1], **given)
    assert case_row(any_world, case_id).stage == "performance"
    partly = f"patent_ended:{any_world.patent_ids[1]}"
    assert partly in open_deadlines(any_world, case_id)
    act(
        any_world,
        case_id,
        "record_duty",
        62,
        duty="patent_cancellation",
        done_on=day(62),
        reference="注销1号",
    )
    assert partly not in open_deadlines(any_world, case_id)
    assert refusal(any_world, case_id, "record_patent_ended", 63, patent=numbers[1], **given) == [
        "unknown_patent"
    ]
    last = act(any_world, case_id, "record_patent_ended", 63, patent=numbers[0], **given)
    assert last.position == ("cancellation_due",)
    with any_world.db.cursor() as cur:
        (rule,) = cur.one(
            "SELECT rule_id FROM deadline WHERE case_id = ? AND key = ? AND status = ?",
            case_id, "filing_cancellation", "open",
        )  # fmt: skip
    assert rule == "T-05"
    assert case_data(any_world, case_id)["end"]["how"] == "patent_ended"


def test_license_expires_after_its_last_day_only(world: World) -> None:
    case_id = _performing(world)
    last = (TERMS_END - day(0)).days
    assert refusal(world, case_id, "expire", last) == ["term_running"]
    assert act(world, case_id, "expire", last + 1).position == ("cancellation_due",)
    left = open_deadlines(world, case_id)
    assert left["filing_cancellation"] == "2031-04-30"
    assert sorted(left) == ["feedback", "filing_cancellation", "payment:1", "payment:2"]
    act(world, case_id, "cancel_filing", last + 9, cancelled_on=day(last + 9), reference="注销1号")
    act(world, case_id, "report_feedback", last + 9, reported_on=day(last + 9), reference="截图1号")
    for key in ("payment:1", "payment:2"):
        done = act(
            world,
            case_id,
            "release_payment",
            last + 9,
            payment=key,
            decided_on=day(last + 9),
            reason="另案抵销",
        )
    assert done.position == ("completed",)


def test_foreign_company_needs_the_export_paper_to_sign(any_world: World) -> None:
    make_foreign(any_world)
    case_id = any_world.case()
    walk_to(any_world, case_id, "finalize_contract")
    assert refusal(any_world, case_id, "sign", 30, signed_on=day(30), **SIGNED) == ["patent_T-24"]
    _consent(any_world, case_id, "export_control")
    assert "signed" in act(any_world, case_id, "sign", 30, signed_on=day(30), **SIGNED).position


def test_state_funded_patent_goes_abroad_only_with_the_bodys_leave(world: World) -> None:
    make_foreign(world)
    change_patent(world, flags='["state_funded"]')
    case_id = world.case()
    walk_to(world, case_id, "finalize_contract")
    assert refusal(world, case_id, "sign", 30, signed_on=day(30), **SIGNED) == ["patent_T-24", "patent_O-12"]
    _consent(world, case_id, "export_control")
    assert refusal(world, case_id, "sign", 30, signed_on=day(30), **SIGNED) == ["patent_O-12"]
    _consent(world, case_id, "project_body")
    assert "signed" in act(world, case_id, "sign", 30, signed_on=day(30), **SIGNED).position


@pytest.mark.parametrize(
    ("burden", "consent", "at_signing"),
    [
        ({"flags": '["pledged"]'}, "pledgee", "patent_PG-02"),
        ({"owners": '["沧澜理工大学", "启衡新材料股份有限公司"]'}, "co_owner", "patent_O-06"),
    ],
)
def test_burdened_patent_needs_a_consent(
    world: World, burden: dict[str, Any], consent: str, at_signing: str
) -> None:
    change_patent(world, **burden)
    case_id = world.case()
    walk_to(world, case_id, "finalize_contract")
    assert refusal(world, case_id, "sign", 30, signed_on=day(30), **SIGNED) == [at_signing]
    _consent(world, case_id, consent)
    assert "signed" in act(world, case_id, "sign", 30, signed_on=day(30), **SIGNED).position


def test_annual_fee_in_arrears_stops_the_filing_not_the_signature(any_world: World) -> None:
    change_patent(any_world, status="in_grace")
    case_id = any_world.case()
    walk_to(any_world, case_id, "take_effect")
    assert refusal(any_world, case_id, "submit_filing", 40, submitted_on=day(40), receipt_no="SL1") == [
        "patent_L-10"
    ]
    change_patent(any_world, status="in_force")
    filed = act(any_world, case_id, "submit_filing", 41, submitted_on=day(41), receipt_no="SL1")
    assert "filing_submitted" in filed.position


def test_lapsed_patent_stops_the_title_check(world: World) -> None:
    change_patent(world, status="lapsed")
    case_id = world.case()
    walk_to(world, case_id, "edit_terms")
    assert refusal(world, case_id, "clear_title", 1, checked_on=day(1), evidence="副本") == ["patent_P-06"]


def test_term_longer_than_the_patent_is_stopped_before_the_approval(world: World) -> None:
    case_id = world.case()
    long = {**TERMS, "end": "2040-05-06"}  # filed 2020-05-06: protected through 2040-05-05
    act(world, case_id, "edit_terms", 0, terms=long)
    for scene in ("clear_title", "agree_price", "post_publicity"):
        _scene(world, case_id, scene)
    act(world, case_id, "close_publicity", 19, closed_on=day(19), result="无异议")
    assert refusal(world, case_id, "submit_approval", 20) == ["beyond_patent_life"]
    changed = act(world, case_id, "edit_terms", 20, terms={**long, "end": "2040-05-05"})
    assert changed.voids == ("price", "publicity")


def test_changed_terms_void_what_saw_them(any_world: World) -> None:
    """Administrative fields void nothing, others the approval and contract, shown ones the publicity and price too."""
    case_id = any_world.case()
    walk_to(any_world, case_id, "finalize_contract")
    copies = act(any_world, case_id, "edit_terms", 29, terms={**TERMS, "copies": "8"})
    assert (copies.voids, "signing" in copies.position) == ((), True)
    forum = act(
        any_world, case_id, "edit_terms", 29, terms={**TERMS, "copies": "8", "dispute": "court_plaintiff"}
    )
    assert forum.voids == ("approval", "contract")
    assert set(forum.position) == {
        "approval_open", "contract_waiting", "price_agreed", "publicity_closed", "title_cleared",
    }  # fmt: skip
    purpose = act(any_world, case_id, "edit_terms", 29, terms={**TERMS, "purpose": "储能电池隔膜的生产"})
    assert purpose.voids == ("price", "publicity")
    data = case_data(any_world, case_id)
    assert sorted(data) == ["objection", "process", "title"]


def test_wrong_terms_name_every_field_and_change_nothing(world: World) -> None:
    case_id = world.case()
    before = case_row(world, case_id)
    with pytest.raises(Invalid) as invalid:
        act(world, case_id, "edit_terms", 0, terms={**TERMS, "end": "2020-01-01", "copies": "一"})
    assert set(invalid.value.fields) == {"copies"}
    with pytest.raises(Invalid) as invalid:
        act(world, case_id, "edit_terms", 0, terms={**TERMS, "end": "2020-01-01"})
    assert "end" in invalid.value.fields
    assert case_row(world, case_id) == before


def test_instalments_close_payment_by_payment(world: World) -> None:
    case_id = _performing(world)
    given: dict[str, Any] = {"received_on": day(60), "reference": "回单"}
    act(world, case_id, "record_receipt", 60, amount_fen="50万元", payment="payment:1", **given)
    assert "payment:1" in open_deadlines(world, case_id)
    act(world, case_id, "record_receipt", 61, amount_fen="30万元", payment="payment:1", **given)
    assert "payment:1" not in open_deadlines(world, case_id)
    assert refusal(world, case_id, "record_receipt", 61, amount_fen="1", payment="payment:3", **given) == [
        "unknown_payment"
    ]
    receipts = case_data(world, case_id)["receipts"]["list"]
    assert [(receipt["amount_fen"], receipt["by_name"]) for receipt in receipts] == [
        (50_000_000, "钱汇川"), (30_000_000, "钱汇川"),
    ]  # fmt: skip


def _numbers(world: World) -> list[str]:
    with world.db.cursor() as cur:
        found = [cur.one("SELECT application_no FROM patent WHERE id = ?", id_) for id_ in world.patent_ids]
    return [number for (number,) in found]


def _consent(world: World, case_id: int, consent: str) -> None:
    act(
        world,
        case_id,
        "record_consent",
        29,
        consent=consent,
        given_by="有权人",
        given_on=day(29),
        evidence="1号",
    )


def _scene(world: World, case_id: int, event: str) -> None:
    scene = next(scene for scene in STORY if scene.event == event)
    act(world, case_id, event, (scene.on - day(0)).days, **scene.payload)
