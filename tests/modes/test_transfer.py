"""Transfers from opening to their ends: the right moves with the office's notice; before it the contract can be undone."""

from typing import Any

import orjson
import pytest
from sqlmodel import select

from cases.tables import LabelEvent, Patent, TrailEntry
from cases.trail import verify
from cases.views import case_page
from desk.story import story, terms_of
from desk.story import walk as walk_story
from tests.modes.acting import (
    act,
    case_row,
    change_patent,
    day,
    make_foreign,
    open_deadlines,
    refusal,
)
from tests.modes.sales import ROUTES, SOLD, announced
from tests.modes.story import walk_to
from tests.world import INSTITUTION, TODAY, World

MODE = "transfer"
ASSIGNEE = "启衡新材料股份有限公司"
STORY = story(TODAY, terms_of(TODAY, mode=MODE), contract_no="CLLG-ZR-2026-001", mode=MODE)
SIGNED = {"assignor_signatory": "授权代表", "assignee_signatory": "冯立"}
GIVEN: dict[str, Any] = {"given_by": "同意人", "given_on": day(29), "evidence": "同意书1号"}


def opened(world: World, title: str = "隔膜专利转让") -> int:
    return world.case(mode=MODE, title=title)


def walk(world: World, case_id: int, until: str | None = None) -> list[str]:
    return [done.event for done in walk_story(world.db, world.people, case_id, STORY, until=until)]


def walk_from(world: World, case_id: int, event: str, until: str) -> None:
    """Take the scenes from one step on."""
    first = next(number for number, scene in enumerate(STORY) if scene.event == event)
    list(walk_story(world.db, world.people, case_id, STORY[first:], until=until))


def owners(world: World) -> tuple[list[str], str]:
    """The owners of record and the fee reduction of the first patent."""
    with world.db.read() as session:
        patent = session.get(Patent, world.patent_ids[0])
        assert patent is not None
        return orjson.loads(patent.owners), patent.fee_reduction


def test_transfer_runs_from_opening_to_completion(any_world: World) -> None:
    case_id = opened(any_world)
    assert walk(any_world, case_id) == [scene.event for scene in STORY]
    assert refusal(any_world, case_id, "complete", 110) == ["payments_open"]
    act(
        any_world,
        case_id,
        "release_payment",
        250,
        payment="payment:2",
        decided_on=day(250),
        reason="补充协议免除",
    )
    done = act(any_world, case_id, "complete", 251)
    case = case_row(any_world, case_id)
    assert (done.position, case.stage, open_deadlines(any_world, case_id)) == (("completed",), "end", {})
    with any_world.db.read() as session:
        labels = [(row.label, row.on) for row in session.exec(select(LabelEvent))]
        assert labels == [("已转让", day(60))]
        assert verify(session).breaks == ()


def test_owner_of_record_changes_with_the_notice_and_not_before(any_world: World) -> None:
    change_patent(any_world, fee_reduction="85")
    case_id = opened(any_world)
    walk(any_world, case_id, until="answer_correction")
    assert owners(any_world) == ([INSTITUTION], "85")
    act(any_world, case_id, "record_filing", 60, recorded_on=day(58), record_no="2026050100001")
    assert owners(any_world) == ([ASSIGNEE], "none")
    with any_world.db.read() as session:
        query = select(TrailEntry).where(TrailEntry.case_id == case_id, TrailEntry.verb == "record_filing")
        (entry,) = session.exec(query)
    (changed,) = orjson.loads(entry.body)["register"]
    assert (changed["before"]["owners"], changed["after"]["owners"]) == ([INSTITUTION], [ASSIGNEE])
    assert refusal(any_world, case_id, "terminate", 61, agreed_on=day(61), reason="协商") == [
        "already_transferred"
    ]


def test_contract_ended_during_examination_withdraws_the_request(world: World) -> None:
    case_id = opened(world)
    walk(world, case_id, until="pay_filing_fee")
    done = act(world, case_id, "terminate", 43, agreed_on=day(43), reason="协商解除")
    assert done.position == ("withdrawal_due",)
    done = act(world, case_id, "withdraw_filing", 44, withdrawn_on=day(44), reference="撤回1号")
    assert (done.position, owners(world)[0]) == (("terminated",), [INSTITUTION])


def test_corrected_end_of_the_contract_moves_the_withdrawal(world: World) -> None:
    case_id = opened(world)
    walk(world, case_id, until="pay_filing_fee")
    act(world, case_id, "terminate", 43, agreed_on=day(43), reason="协商解除")
    before = open_deadlines(world, case_id)["filing_cancellation"]
    act(world, case_id, "correct_date", 43, which="contract_ended", corrected_on=day(42), reason="登记时误填")
    assert (before, open_deadlines(world, case_id)["filing_cancellation"]) == ("2026-05-14", "2026-05-13")


def test_right_that_moved_after_the_end_is_moved_back(world: World) -> None:
    case_id = opened(world)
    walk(world, case_id, until="pay_filing_fee")
    act(world, case_id, "terminate", 43, agreed_on=day(43), reason="协商解除")
    act(world, case_id, "record_filing", 50, recorded_on=day(49), record_no="2026042000001")
    assert owners(world)[0] == [ASSIGNEE]
    done = act(world, case_id, "record_return", 90, returned_on=day(89), record_no="2026053000001")
    assert (done.position, owners(world)[0]) == (("terminated",), [INSTITUTION])


def test_refused_change_is_filed_and_paid_anew(world: World) -> None:
    case_id = opened(world)
    walk(world, case_id, until="record_duty")
    act(world, case_id, "refuse_filing", 75, refused_on=day(75), how="not_made", reason="变更费期满未缴")
    assert "change_filing" in open_deadlines(world, case_id)
    act(world, case_id, "submit_filing", 76, submitted_on=day(76), receipt_no="SL2", by="new_owner")
    paid = refusal(world, case_id, "record_filing", 80, recorded_on=day(80), record_no="1")
    assert paid == ["fee_unpaid"]


def test_patent_lapsed_before_the_notice_ends_the_case(world: World) -> None:
    case_id = opened(world)
    walk(world, case_id, until="record_duty")
    given: dict[str, Any] = {"how": "lapsed", "ended_on": day(45), "reason": "终止通知书"}
    done = act(world, case_id, "record_patent_ended", 45, patent="2020101000019", **given)
    assert done.position == ("withdrawal_due",)


def test_co_owners_and_pledgee_must_agree_and_an_open_license_is_withdrawn_first(world: World) -> None:
    case_id = opened(world)
    walk(world, case_id, until="finalize_contract")
    change_patent(world, owners=f'["{INSTITUTION}","某研究院"]', flags='["pledged","open_license"]')
    signed: dict[str, Any] = {"signed_on": day(30), **SIGNED}
    assert refusal(world, case_id, "sign", 30, **signed) == ["patent_TR-03", "patent_TR-11", "patent_TR-13"]
    change_patent(world, flags='["pledged"]')
    for consent in ("co_owner", "pledgee"):
        act(world, case_id, "record_consent", 30, consent=consent, **GIVEN)
    assert "signed" in act(world, case_id, "sign", 30, **signed).position


def test_foreign_assignee_is_classified_certified_and_only_then_registered(world: World) -> None:
    make_foreign(world)
    case_id = opened(world)
    walk(world, case_id, until="approve")
    assert refusal(world, case_id, "start_drafting", 26, contract_no="H1") == ["needs_export"]
    act(
        world, case_id, "classify_technology", 26, category="free", catalog="2025年版", judged_on=day(26),
        security_reviewed=True, basis="不在目录内",
    )  # fmt: skip
    act(world, case_id, "start_drafting", 26, contract_no="H1")
    act(world, case_id, "finalize_contract", 28, reviewed_by="法务")
    act(world, case_id, "sign", 30, signed_on=day(30), **SIGNED)
    done = act(world, case_id, "take_effect", 30, effective_on=day(30))
    assert "export_registration_due" in done.position
    filing: dict[str, Any] = {"submitted_on": day(40), "receipt_no": "SL1", "by": "new_owner"}
    assert refusal(world, case_id, "submit_filing", 40, **filing) == ["no_certificate"]
    act(world, case_id, "submit_export_registration", 41, submitted_on=day(41), receipt_no="C1")
    act(world, case_id, "record_export_certificate", 44, certified_on=day(44), certificate_no="D1")
    filing["submitted_on"] = day(45)
    assert "filing_submitted" in act(world, case_id, "submit_filing", 45, **filing).position


def test_two_transfers_of_one_patent_are_not_both_signed(any_world: World) -> None:
    first, second = opened(any_world, "甲公司受让"), opened(any_world, "乙公司受让")
    for case_id in (first, second):
        walk(any_world, case_id, until="finalize_contract")
    act(any_world, first, "sign", 30, signed_on=day(30), **SIGNED)
    assert refusal(any_world, second, "sign", 30, signed_on=day(30), **SIGNED) == ["conflicting_case"]


def test_signed_transfer_stands_against_a_license(world: World) -> None:
    first, second = opened(world), world.case(mode="exclusive_license", title="独占许可")
    walk(world, first, until="sign")
    walk_to(world, second, "finalize_contract")
    licensed: dict[str, Any] = {"licensor_signatory": "授权代表", "licensee_signatory": "冯立"}
    assert refusal(world, second, "sign", 30, signed_on=day(30), **licensed) == ["conflicting_case"]


@pytest.mark.parametrize("route", ROUTES)
def test_sold_in_public_it_needs_no_publicity_but_the_inventors_come_first(
    any_world: World, route: str
) -> None:
    case_id = announced(any_world, route, MODE)
    told: dict[str, Any] = {"notified_on": day(2), "evidence": "通知书"}
    assert refusal(any_world, case_id, "notify_inventors", 2, **told) == ["needs_price"]
    act(any_world, case_id, ROUTES[route].close, 22, closed_on=day(22), price_fen="120万元", **SOLD)
    act(any_world, case_id, "submit_approval", 23)
    act(any_world, case_id, "approve", 24, decided_on=day(24), minutes_no="1号")
    assert refusal(any_world, case_id, "start_drafting", 24, contract_no="H1") == ["needs_first_refusal"]
    told["notified_on"] = day(24)
    act(any_world, case_id, "notify_inventors", 24, **told)
    act(
        any_world, case_id, "record_inventor_answer", 26, inventors="㛃䶮𬱖、陈思远", answer="waived", answered_on=day(26),
        evidence="放弃声明",
    )  # fmt: skip
    act(any_world, case_id, "start_drafting", 26, contract_no="H1")
    act(any_world, case_id, "finalize_contract", 28, reviewed_by="法务")
    done = act(any_world, case_id, "sign", 30, signed_on=day(30), **SIGNED)
    assert {"signed", "price_agreed", "publicity_open"} <= set(done.position)


def test_objection_that_is_upheld_starts_the_publicity_anew(world: World) -> None:
    case_id = opened(world)
    walk(world, case_id, until="raise_objection")
    assert "publicity" not in open_deadlines(world, case_id)
    upheld: dict[str, Any] = {"resolved_on": day(12), "outcome": "upheld", "reason": "价格依据不足"}
    done = act(world, case_id, "resolve_objection", 12, **upheld)
    assert (done.voids, "publicity_open" in done.position) == (("publicity",), True)
    posted: dict[str, Any] = {"posted_on": day(13), "place": "校园网", "procedure_published": True}
    act(world, case_id, "post_publicity", 13, **posted)
    assert open_deadlines(world, case_id)["publicity"] == "2026-03-31"


def classified(world: World, category: str) -> int:
    """A transfer abroad whose technology has been classified, approved by everybody else."""
    make_foreign(world)
    case_id = opened(world)
    walk(world, case_id, until="approve")
    act(
        world, case_id, "classify_technology", 26, category=category, catalog="2025年版", judged_on=day(26),
        security_reviewed=True, basis="与目录条目比对",
    )  # fmt: skip
    return case_id


def test_restricted_technology_is_signed_with_the_letter_and_in_force_with_the_license(
    any_world: World,
) -> None:
    case_id = classified(any_world, "restricted")
    assert refusal(any_world, case_id, "start_drafting", 26, contract_no="H1") == ["needs_export"]
    act(any_world, case_id, "submit_export_application", 27, submitted_on=day(27), receipt_no="A1")
    act(any_world, case_id, "record_letter_of_intent", 50, issued_on=day(50), letter_no="意向1号")
    act(any_world, case_id, "start_drafting", 50, contract_no="H1")
    act(any_world, case_id, "finalize_contract", 51, reviewed_by="法务")
    handed: dict[str, Any] = {"submitted_on": day(51), "receipt_no": "A2"}
    assert refusal(any_world, case_id, "submit_export_contract", 51, **handed) == ["not_signed"]
    act(any_world, case_id, "sign", 52, signed_on=day(52), **SIGNED)
    assert refusal(any_world, case_id, "take_effect", 52, effective_on=day(52)) == ["no_export_license"]
    act(any_world, case_id, "submit_export_contract", 53, submitted_on=day(53), receipt_no="A2")
    act(any_world, case_id, "record_export_license", 66, licensed_on=day(65), license_no="许可1号")
    assert refusal(any_world, case_id, "take_effect", 66, effective_on=day(64)) == ["effective_on_early"]
    done = act(any_world, case_id, "take_effect", 66, effective_on=day(65))
    assert "export_unneeded" in done.position
    filed = act(any_world, case_id, "submit_filing", 67, submitted_on=day(67), receipt_no="S", by="new_owner")
    assert "filing_submitted" in filed.position


def test_forbidden_technology_stays_at_home(world: World) -> None:
    case_id = classified(world, "forbidden")
    assert refusal(world, case_id, "start_drafting", 26, contract_no="H1") == ["needs_export"]
    applied: dict[str, Any] = {"submitted_on": day(27), "receipt_no": "A1"}
    assert refusal(world, case_id, "submit_export_application", 27, **applied) == ["not_here"]
    done = act(world, case_id, "withdraw", 27, reason="属于禁止出口的技术")
    assert (done.position, open_deadlines(world, case_id)) == (("withdrawn",), {})


def test_refused_license_leaves_the_signed_contract_to_be_ended(world: World) -> None:
    case_id = classified(world, "restricted")
    act(world, case_id, "submit_export_application", 27, submitted_on=day(27), receipt_no="A1")
    act(world, case_id, "record_letter_of_intent", 50, issued_on=day(50), letter_no="意向1号")
    act(world, case_id, "start_drafting", 50, contract_no="H1")
    act(world, case_id, "finalize_contract", 51, reviewed_by="法务")
    act(world, case_id, "sign", 52, signed_on=day(52), **SIGNED)
    act(world, case_id, "submit_export_contract", 53, submitted_on=day(53), receipt_no="A2")
    act(world, case_id, "refuse_export", 66, refused_on=day(66), reason="不予许可")
    assert refusal(world, case_id, "take_effect", 66, effective_on=day(66)) == ["no_export_license"]
    done = act(world, case_id, "terminate", 67, agreed_on=day(67), reason="未获出口许可")
    assert (done.position, open_deadlines(world, case_id)) == (("duties_due",), {"stamp_duty": "2026-05-08"})


def test_funded_patent_goes_abroad_only_with_the_project_body(world: World) -> None:
    change_patent(world, flags='["state_funded"]')
    case_id = classified(world, "free")
    act(world, case_id, "start_drafting", 26, contract_no="H1")
    act(world, case_id, "finalize_contract", 28, reviewed_by="法务")
    signed: dict[str, Any] = {"signed_on": day(30), **SIGNED}
    assert refusal(world, case_id, "sign", 30, **signed) == ["patent_O-12"]
    act(world, case_id, "record_consent", 30, consent="project_body", **GIVEN)
    assert "signed" in act(world, case_id, "sign", 30, **signed).position


# What stands on the patent, the rule that stops the signature, and the paper that lifts it.
@pytest.mark.parametrize(
    ("flag", "rule_id", "consent"),
    [
        ("pledged", "TR-11", "pledgee"),
        ("exclusive_license", "TR-14", "license_disclosure"),
        ("sole_license", "TR-14", "license_disclosure"),
        ("preserved", "TR-12", ""),
        ("suspended", "TR-12", ""),
    ],
)
def test_burden_on_the_patent_stops_the_signature_until_its_paper_is_here(
    world: World, flag: str, rule_id: str, consent: str
) -> None:
    case_id = opened(world)
    walk(world, case_id, until="finalize_contract")
    change_patent(world, flags=f'["{flag}"]')
    signed: dict[str, Any] = {"signed_on": day(30), **SIGNED}
    assert refusal(world, case_id, "sign", 30, **signed) == [f"patent_{rule_id}"]
    if consent:
        act(world, case_id, "record_consent", 30, consent=consent, **GIVEN)
        assert "signed" in act(world, case_id, "sign", 30, **signed).position


@pytest.mark.parametrize(
    ("flag", "rule_id"), [("commissioned", "O-09"), ("joint_development", "O-10")], ids=["client", "partner"]
)
def test_application_is_first_offered_to_whom_it_was_developed_for_or_with(
    world: World, flag: str, rule_id: str
) -> None:
    """The first refusal is one on applications; a patent that has been granted is sold without it."""
    case_id = opened(world)
    walk(world, case_id, until="finalize_contract")
    change_patent(world, flags=f'["{flag}"]', status="pending")
    signed: dict[str, Any] = {"signed_on": day(30), **SIGNED}
    assert refusal(world, case_id, "sign", 30, **signed) == [f"patent_{rule_id}"]
    change_patent(world, status="in_force")
    assert "signed" in act(world, case_id, "sign", 30, **signed).position


def test_license_in_force_survives_the_transfer_and_is_disclosed(any_world: World) -> None:
    licensed, case_id = any_world.case(title="在先独占许可"), opened(any_world)
    walk_to(any_world, licensed, "take_effect")
    walk(any_world, case_id, until="finalize_contract")
    signed: dict[str, Any] = {"signed_on": day(30), **SIGNED}
    assert refusal(any_world, case_id, "sign", 30, **signed) == ["conflicting_case"]
    act(any_world, case_id, "record_consent", 30, consent="license_disclosure", **GIVEN)
    walk_from(any_world, case_id, "sign", until="record_filing")
    assert owners(any_world)[0] == [ASSIGNEE]
    assert (case_row(any_world, licensed).stage, case_row(any_world, licensed).closed_on) == (
        "performance",
        None,
    )


def test_application_is_sold_with_a_word_on_its_risk(any_world: World) -> None:
    change_patent(any_world, status="pending", grant_date=None)
    case_id = opened(any_world, "一种隔膜的专利申请权转让")
    walk(any_world, case_id, until="edit_terms")
    sold = {**terms_of(TODAY, mode=MODE), "subject": "application"}
    act(any_world, case_id, "edit_terms", 0, terms=sold)
    walk_from(any_world, case_id, "clear_title", until="finalize_contract")
    with any_world.db.read() as session:
        page = case_page(any_world.db, session, any_world.person("officer"), case_id, day(28))
    assert [unmet.rule_id for unmet in page.cautions if unmet.rule_id.startswith("TR-1")] == ["TR-19"]
    walk_from(any_world, case_id, "sign", until="record_filing")
    assert owners(any_world)[0] == [ASSIGNEE]


def test_patent_that_is_sold_is_not_sold_again(world: World) -> None:
    first, second = opened(world, "甲公司受让"), opened(world, "乙公司受让")
    walk(world, second, until="finalize_contract")
    walk(world, first, until="record_filing")
    assert "patent_O-01" in refusal(world, second, "sign", 60, signed_on=day(60), **SIGNED)


def test_story_keeps_its_days() -> None:
    assert STORY[-1].on == day(105)
