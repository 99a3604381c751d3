"""A contribution to a company walked through the real actions, with the legal branches, on both databases."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import orjson
import pytest
from sqlmodel import col, select

from cases.advance import Refused
from cases.tables import Deadline, Document, LabelEvent, Patent
from cases.trail import entries, verify
from desk.equity_scenes import COMPANY
from desk.story import Scene, story, terms_of, walk
from tests.modes.acting import (
    act,
    case_data,
    case_row,
    change_patent,
    day,
    make_foreign,
    open_deadlines,
    refusal,
)
from tests.world import TODAY, World

MODE = "equity"
TERMS: Mapping[str, Any] = terms_of(TODAY, mode=MODE)
STORY: tuple[Scene, ...] = story(TODAY, contract_no="CLLG-GQ-2026-001", mode=MODE)
SIGNED: dict[str, Any] = {"signed_on": day(30), "our_signatory": "授权代表", "their_signatory": "冯立"}


def opened(world: World, *, patents: int = 1, title: str = "隔膜专利作价入股") -> int:
    """Open a contribution."""
    return world.case(patents=patents, title=title, mode=MODE)


def walk_to(world: World, case_id: int, until: str) -> tuple[str, ...]:
    """Take the scenes up to and including a step and return where the case stands."""
    *_, last = walk(world.db, world.people, case_id, STORY, until=until)
    return last.position


def walk_from(world: World, case_id: int, event: str, until: str) -> tuple[str, ...]:
    """Take the scenes from one step on and return where the case stands."""
    first = next(number for number, scene in enumerate(STORY) if scene.event == event)
    *_, last = walk(world.db, world.people, case_id, STORY[first:], until=until)
    return last.position


# Scene by scene: the leaf reached, and every open deadline with its date.
AFTER_EFFECT = {"stamp_duty": "2026-04-16", "rights_transfer": "2026-05-31"}
EXPECTED: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("edit_terms", "valuation_open", {}),
    ("clear_title", "title_cleared", {}),
    ("record_valuation", "valuation_reported", {}),
    ("file_valuation", "valuation_cleared", {}),
    ("agree_price", "price_agreed", {}),
    ("post_publicity", "publicity_running", {"publicity": "2026-03-21"}),
    ("agree_award", "award_agreed", {"publicity": "2026-03-21"}),
    ("raise_objection", "publicity_paused", {}),
    ("resolve_objection", "publicity_running", {"publicity": "2026-03-26"}),
    ("close_publicity", "publicity_closed", {}),
    ("submit_approval", "approval_submitted", {}),
    ("approve", "approval_granted", {}),
    ("start_drafting", "drafting", {}),
    ("finalize_contract", "signing", {}),
    ("sign", "signed", {"stamp_duty": "2026-04-16"}),
    ("take_effect", "company_due", AFTER_EFFECT),
    ("decide_capital", "company_decided", AFTER_EFFECT),
    ("record_duty", "company_decided", {"rights_transfer": "2026-05-31"}),
    (
        "register_company", "company_registered",
        {"capital_publicity": "2026-05-11", "rights_transfer": "2026-05-31", "capital": "2031-04-09"},
    ),
    (
        "submit_filing", "filing_submitted",
        {
            "capital_publicity": "2026-05-11", "filing_fee": "2026-05-11",
            "capital": "2031-04-09",
        },
    ),
    (
        "pay_filing_fee", "filing_submitted",
        {"capital_publicity": "2026-05-11", "filing_decision": "2026-05-12", "capital": "2031-04-09"},
    ),
    (
        "publish_contribution", "company_registered", {"filing_decision": "2026-05-12", "capital": "2031-04-09"},
    ),
    ("receive_correction", "filing_correction", {"correction": "2026-05-06", "capital": "2031-04-09"}),
    ("answer_correction", "filing_submitted", {"filing_decision": "2026-05-18", "capital": "2031-04-09"}),
    (
        "record_filing", "filing_recorded",
        {"feedback": "2026-05-11", "deferral": "2026-05-15", "capital": "2031-04-09"},
    ),
    (
        "record_contribution", "capital_paid",
        {"feedback": "2026-05-11", "deferral": "2026-05-15", "capital_publicity": "2026-05-27"},
    ),
)  # fmt: skip


def test_each_scene_reaches_its_place_and_its_deadlines(any_world: World) -> None:
    case_id = opened(any_world)
    scenes = walk(any_world.db, any_world.people, case_id, STORY)
    for (event, leaf, deadlines), done in zip(EXPECTED, scenes, strict=False):
        assert (done.event, leaf in done.position) == (event, True), (event, done.position)
        assert open_deadlines(any_world, case_id) == deadlines, event


def test_story_leaves_its_record_behind(any_world: World) -> None:
    case_id = opened(any_world)
    *_, last = walk(any_world.db, any_world.people, case_id, STORY)
    case = case_row(any_world, case_id)
    assert (case.stage, last.position, str(case.closed_on)) == ("end", ("completed",), "2026-06-05")
    with any_world.db.read() as session:
        assert session.exec(select(Deadline).where(Deadline.status == "open")).all() == []
        papers = session.exec(select(Document).order_by(col(Document.id)))
        assert [(paper.kind, paper.version) for paper in papers] == [
            ("publicity_notice", 1), ("objection_procedure", 1), ("objection_receipt", 1), ("objection_reply", 1),
            ("approval_form", 1), ("interest_statement", 1), ("approval_form", 2),
            ("contract", 1), ("contract", 2), ("contract", 3),
            ("deferral_sheet", 1), ("award_notice", 1),
        ]  # fmt: skip
        (label,) = session.exec(select(LabelEvent))
        assert (label.label, str(label.on), label.evidence) == (
            "已作价入股", "2026-04-26", "工商登记 准予设立登记通知书；手续合格通知书 HG20260426",
        )  # fmt: skip
        patent = session.get(Patent, any_world.patent_ids[0])
        assert patent is not None and orjson.loads(patent.owners) == [COMPANY]
        assert verify(session).breaks == ()


def test_trail_keeps_the_owners_before_and_after(world: World) -> None:
    case_id = opened(world, patents=2)
    walk_to(world, case_id, "record_filing")
    with world.db.read() as session:
        (recorded,) = [
            entry
            for entry in entries(session, world.org_id, f"case:{case_id}")
            if entry.verb == "record_filing"
        ]
    owners = case_data(world, case_id)["filing"]["owners_before"]
    assert owners == [[number, ["沧澜理工大学"]] for number in world.patent_ids[:2]]
    assert recorded.verb == "record_filing"


def test_award_is_kept_person_by_person_and_adds_up(world: World) -> None:
    case_id = opened(world)
    walk_to(world, case_id, "grant_award")
    award = case_data(world, case_id)["award"]
    assert award["persons"] == [
        ["陈思远", "main_contributors", 42_000_000],
        ["何知微", "other_contributors", 12_000_000],
        ["韩转化", "tto_staff", 6_000_000],
    ]
    assert sum(fen for _, _, fen in award["persons"]) == award["total_fen"] == 60_000_000


def test_co_owned_patent_needs_the_consent_of_all(any_world: World) -> None:
    change_patent(any_world, owners='["沧澜理工大学","启衡新材料股份有限公司"]')
    case_id = opened(any_world)
    walk_to(any_world, case_id, "finalize_contract")
    assert refusal(any_world, case_id, "sign", 30, **SIGNED) == ["patent_O-06"]
    act(
        any_world, case_id, "record_consent", 30, consent="co_owner", given_by="启衡新材料股份有限公司", given_on=day(30),
        evidence="同意书1号",
    )  # fmt: skip
    assert "signed" in act(any_world, case_id, "sign", 30, **SIGNED).position


@pytest.mark.parametrize(
    ("flag", "consent", "code"), [("pledged", "pledgee", "patent_TR-11"), ("preserved", "", "patent_TR-12")]
)
def test_pledged_patent_needs_the_pledgee_and_a_preserved_one_waits(
    world: World, flag: str, consent: str, code: str
) -> None:
    case_id = opened(world)
    walk_to(world, case_id, "finalize_contract")
    change_patent(world, flags=f'["{flag}"]')
    assert refusal(world, case_id, "sign", 30, **SIGNED) == [code]
    if consent:
        act(
            world, case_id, "record_consent", 30, consent=consent, given_by="银行", given_on=day(30), evidence="同意书"
        )  # fmt: skip
        assert "signed" in act(world, case_id, "sign", 30, **SIGNED).position


def test_foreign_company_is_classified_certified_and_only_then_registered(any_world: World) -> None:
    make_foreign(any_world)
    case_id = opened(any_world)
    walk_to(any_world, case_id, "approve")
    assert refusal(any_world, case_id, "start_drafting", 26, contract_no="H1") == ["needs_export"]
    act(
        any_world, case_id, "classify_technology", 26, category="free", catalog="2025年版", judged_on=day(26),
        security_reviewed=True, basis="不在目录内",
    )  # fmt: skip
    reached = walk_from(any_world, case_id, "start_drafting", until="register_company")
    assert "export_registration_due" in reached
    filing: dict[str, Any] = {"submitted_on": day(40), "receipt_no": "SL1", "by": "new_owner"}
    assert refusal(any_world, case_id, "submit_filing", 40, **filing) == ["no_certificate"]
    act(any_world, case_id, "submit_export_registration", 41, submitted_on=day(41), receipt_no="C1")
    act(any_world, case_id, "record_export_certificate", 44, certified_on=day(44), certificate_no="D1")
    filing["submitted_on"] = day(45)
    assert "filing_submitted" in act(any_world, case_id, "submit_filing", 45, **filing).position


def test_funded_patent_goes_to_a_foreign_company_only_with_the_project_body(world: World) -> None:
    make_foreign(world)
    change_patent(world, flags='["state_funded"]')
    case_id = opened(world)
    walk_to(world, case_id, "approve")
    act(
        world, case_id, "classify_technology", 26, category="free", catalog="2025年版", judged_on=day(26),
        security_reviewed=True, basis="不在目录内",
    )  # fmt: skip
    walk_from(world, case_id, "start_drafting", until="finalize_contract")
    assert refusal(world, case_id, "sign", 30, **SIGNED) == ["patent_O-12"]
    act(
        world, case_id, "record_consent", 30, consent="project_body", given_by="项目管理机构", given_on=day(30),
        evidence="批复1号",
    )  # fmt: skip
    assert "signed" in act(world, case_id, "sign", 30, **SIGNED).position


def test_objection_that_is_upheld_starts_the_publicity_anew(world: World) -> None:
    case_id = opened(world)
    walk_to(world, case_id, "raise_objection")
    upheld: dict[str, Any] = {"resolved_on": day(12), "outcome": "upheld", "reason": "作价依据不足"}
    done = act(world, case_id, "resolve_objection", 12, **upheld)
    assert (done.voids, "publicity_open" in done.position) == (("publicity",), True)
    assert open_deadlines(world, case_id) == {}


def test_cash_beside_the_shares_is_shared_out_like_the_price_of_a_transfer(any_world: World) -> None:
    case_id = opened(any_world)
    part = {"label": "现金对价", "amount_fen": "20万元", "due_on": day(70).isoformat()}
    priced = {"value_fen": "130万元", "cash_fen": "20万元", "instalments": [part]}
    act(any_world, case_id, "edit_terms", 0, terms={**TERMS, **priced})
    walk_from(any_world, case_id, "clear_title", until="record_contribution")
    paid: dict[str, Any] = {"received_on": day(58), "amount_fen": "20万元", "reference": "回单"}
    done = act(any_world, case_id, "record_receipt", 58, payment="payment:1", **paid)
    assert "rewards_due" in done.position
    persons = "成果完成人甲 60%\n成果完成人乙 40%"
    act(any_world, case_id, "plan_distribution", 59, planned_on=day(59), persons=persons)
    plan = case_data(any_world, case_id)["rewards"]
    # 促进科技成果转化法 art 45 (1): half of the net income of what is not contributed, here of 200 000 yuan.
    assert (plan["net_fen"], plan["reward_fen"]) == (20_000_000, 10_000_000)
    assert "receipts_undistributed" in refusal(any_world, case_id, "complete", 60, report_to="财务处")


def test_tax_once_deferred_is_reported_on_by_somebody_after_the_case(world: World) -> None:
    case_id = opened(world)
    walk_to(world, case_id, "grant_award")
    assert "deferral_report" in open_deadlines(world, case_id)
    assert refusal(world, case_id, "complete", 95) == ["report_not_handed_on"]
    done = act(world, case_id, "complete", 95, report_to="财务处税务岗")
    assert (done.position, case_data(world, case_id)["end"]["report_to"]) == (("completed",), "财务处税务岗")


def test_corrected_registration_of_the_company_moves_what_is_counted_from_it(any_world: World) -> None:
    case_id = opened(any_world)
    walk_to(any_world, case_id, "register_company")
    given: dict[str, Any] = {"which": "company_registered", "reason": "登记时误填"}
    assert refusal(any_world, case_id, "correct_date", 38, corrected_on=day(29), **given) == [
        "date_out_of_order"
    ]
    act(any_world, case_id, "correct_date", 38, corrected_on=day(36), **given)
    assert open_deadlines(any_world, case_id) == {
        "capital_publicity": "2026-05-08", "rights_transfer": "2026-05-31", "capital": "2031-04-07",
    }  # fmt: skip
    assert case_data(any_world, case_id)["company"]["registered_on"] == day(36).isoformat()


def test_corrected_notice_moves_label_and_deferral_to_the_later_of_the_two_days(world: World) -> None:
    case_id = opened(world)
    walk_to(world, case_id, "record_filing")
    given: dict[str, Any] = {"which": "filing_recorded", "reason": "登记时误填"}
    act(world, case_id, "correct_date", 56, corrected_on=day(53), **given)
    assert open_deadlines(world, case_id)["deferral"] == "2026-05-15"
    with world.db.read() as session:
        assert [str(row.on) for row in session.exec(select(LabelEvent))][-1] == day(53).isoformat()


def test_corrected_award_moves_the_end_of_its_publicity(world: World) -> None:
    case_id = opened(world)
    walk_to(world, case_id, "post_award")
    before = open_deadlines(world, case_id)["award_publicity"]
    posted = case_data(world, case_id)["award"]["posted_on"]
    earlier = (date.fromisoformat(posted) - timedelta(days=1)).isoformat()
    act(
        world, case_id, "correct_date", 75, which="award_posted", corrected_on=earlier, reason="登记时误填"
    )  # fmt: skip
    assert open_deadlines(world, case_id)["award_publicity"] < before


def test_changed_award_voids_approval_and_agreement_but_not_the_publicity(world: World) -> None:
    case_id = opened(world)
    walk_to(world, case_id, "approve")
    awards = [{"name": "陈思远", "role": "contributors", "capital_fen": "55万元"}]
    done = act(world, case_id, "edit_terms", 27, terms={**TERMS, "awards": awards})
    assert done.voids == ("approval", "award_agreement")
    assert {"publicity_closed", "approval_open", "award_not_agreed"} <= set(done.position)


def test_award_below_the_floor_cannot_be_handed_up(world: World) -> None:
    case_id = opened(world)
    walk_to(world, case_id, "close_publicity")
    awards = [{"name": "陈思远", "role": "contributors", "capital_fen": "49万元"}]
    act(world, case_id, "edit_terms", 24, terms={**TERMS, "awards": awards})
    codes = refusal(world, case_id, "submit_approval", 24)
    assert "award_below_floor" in codes


def test_refused_change_is_handed_in_again_under_the_same_day(any_world: World) -> None:
    case_id = opened(any_world)
    walk_to(any_world, case_id, "submit_filing")
    act(
        any_world, case_id, "refuse_filing", 75, refused_on=day(75), how="not_made", reason="变更费期满未缴",
    )  # fmt: skip
    assert open_deadlines(any_world, case_id)["rights_transfer"] == "2026-05-31"
    again = act(
        any_world, case_id, "submit_filing", 76, submitted_on=day(76), receipt_no="BG02", by="new_owner"
    )  # fmt: skip
    assert "filing_submitted" in again.position


def test_given_up_before_the_company_it_leaves_nothing_but_the_duty(any_world: World) -> None:
    case_id = opened(any_world)
    walk_to(any_world, case_id, "take_effect")
    done = act(any_world, case_id, "terminate", 31, agreed_on=day(31), reason="合作方放弃")
    assert (done.position, open_deadlines(any_world, case_id)) == (
        ("duties_due",),
        {"stamp_duty": "2026-04-16"},
    )
    last = act(any_world, case_id, "record_duty", 32, duty="stamp_duty", done_on=day(32), reference="完税1")
    assert last.position == ("terminated",)


def test_given_up_after_the_change_shares_and_patents_have_to_go_back(any_world: World) -> None:
    case_id = opened(any_world)
    walk_to(any_world, case_id, "record_contribution")
    given: dict[str, Any] = {"agreed_on": day(57), "reason": "业务未能开展"}
    assert refusal(any_world, case_id, "terminate", 57, **given) == ["unwinding_missing"]
    done = act(any_world, case_id, "terminate", 57, **given, unwinding="公司减资，专利权作价返还学校")
    assert done.position == ("return_due",)
    assert set(open_deadlines(any_world, case_id)) == {"filing_cancellation", "share_exit", "feedback"}
    act(any_world, case_id, "record_return", 90, returned_on=day(88), record_no="HG2")
    act(any_world, case_id, "record_duty", 91, duty="share_exit", done_on=day(91), reference="变更登记通知书")
    last = act(any_world, case_id, "report_feedback", 91, reported_on=day(91), reference="反馈1")
    assert last.position == ("terminated",)
    with any_world.db.read() as session:
        patent = session.get(Patent, any_world.patent_ids[0])
        assert patent is not None and orjson.loads(patent.owners) == ["沧澜理工大学"]


def test_patent_that_lapses_before_the_change_ends_the_case(any_world: World) -> None:
    case_id = opened(any_world)
    walk_to(any_world, case_id, "record_duty")
    done = act(
        any_world, case_id, "record_patent_ended", 40, patent="2020101000019", how="lapsed", ended_on=day(40),
        reason="未缴年费，终止通知书", makeup="解除合同",
    )  # fmt: skip
    assert done.position == ("patent_ended",)


def test_contribution_and_license_of_one_patent_meet(world: World) -> None:
    first, second = opened(world, title="先签入股"), world.case(title="后签许可")
    walk_to(world, first, "sign")
    license_story = story(TODAY)
    try:
        list(walk(world.db, world.people, second, license_story, until="sign"))
        raise AssertionError("a patent promised to a company was licensed")
    except Refused as refused:
        assert [(unmet.code, unmet.rule_id) for unmet in refused.unmet] == [("conflicting_case", "TR-01")]


def test_exclusive_license_in_force_is_taken_over_by_the_company(world: World) -> None:
    license_id, case_id = world.case(title="先签许可"), opened(world, title="后签入股")
    list(walk(world.db, world.people, license_id, story(TODAY), until="sign"))
    walk_to(world, case_id, "finalize_contract")
    assert refusal(world, case_id, "sign", 30, **SIGNED) == ["conflicting_case"]
    act(
        world, case_id, "record_consent", 30, consent="license_disclosure", given_by="目标公司发起人", given_on=day(30),
        evidence="确认书",
    )  # fmt: skip
    assert "signed" in act(world, case_id, "sign", 30, **SIGNED).position
