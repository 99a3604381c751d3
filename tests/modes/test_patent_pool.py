"""An entry in a patent pool walked through the real actions: review, distribution, exit, and its other ways."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from sqlmodel import col, select

from cases.tables import Document, LabelEvent
from cases.trail import verify
from desk.story import Scene, story, terms_of, walk
from tests.modes.acting import act, case_data, case_row, change_patent, day, open_deadlines, refusal
from tests.modes.story import walk_to as walk_license_to
from tests.world import INSTITUTION, TODAY, World

MODE = "patent_pool"
TERMS: Mapping[str, Any] = terms_of(TODAY, mode=MODE)
STORY: tuple[Scene, ...] = story(TODAY, contract_no="CLLG-RC-2026-001", mode=MODE)
SIGNED: dict[str, Any] = {"signed_on": day(30), "our_signatory": "授权代表", "their_signatory": "冯立"}
LICENSED: dict[str, Any] = {
    "signed_on": day(30),
    "licensor_signatory": "授权代表",
    "licensee_signatory": "冯立",
}
EXIT: dict[str, Any] = {"reason": "已订立的许可继续有效", "remaining": "无"}


def _walk_to(world: World, until: str, *, patents: int = 1, title: str = "隔膜专利入池") -> int:
    """Take the scenes up to and including a step and return the case."""
    case_id = world.case(patents=patents, title=title, mode=MODE)
    list(walk(world.db, world.people, case_id, STORY, until=until))
    return case_id


# Scene by scene: what the case has reached, and its open deadlines but for payments and rewards.
EXPECTED: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("edit_terms", "entry_open", {}),
    ("clear_title", "title_cleared", {}),
    ("agree_price", "price_agreed", {}),
    ("submit_entry", "entry_submitted", {}),
    ("post_publicity", "publicity_running", {"publicity": "2026-03-21"}),
    ("refuse_entry", "entry_refused", {"publicity": "2026-03-21"}),
    ("raise_objection", "publicity_paused", {}),
    ("submit_entry", "entry_submitted", {}),
    ("resolve_objection", "publicity_running", {"publicity": "2026-03-26"}),
    ("admit_entry", "entry_admitted", {"publicity": "2026-03-26"}),
    ("close_publicity", "publicity_closed", {}),
    ("submit_approval", "approval_submitted", {}),
    ("approve", "approval_granted", {}),
    ("start_drafting", "drafting", {}),
    ("finalize_contract", "signing", {}),
    ("sign", "signed", {"stamp_duty": "2026-04-16"}),
    ("take_effect", "pool_entry_due", {"stamp_duty": "2026-04-16", "technology_contract": "2026-05-06"}),
    (
        "record_entry", "pooled",
        {"stamp_duty": "2026-04-16", "feedback": "2026-04-21", "technology_contract": "2026-05-06"},
    ),
    ("report_feedback", "feedback_reported", {"stamp_duty": "2026-04-16", "technology_contract": "2026-05-06"}),
)  # fmt: skip
MONEY = ("payment", "distribution", "reward")


def test_each_scene_reaches_its_place_and_its_deadlines(any_world: World) -> None:
    case_id = any_world.case(title="隔膜专利入池", mode=MODE)
    scenes = walk(any_world.db, any_world.people, case_id, STORY)
    for (event, leaf, deadlines), done in zip(EXPECTED, scenes, strict=False):
        assert (done.event, leaf in done.position) == (event, True), (event, done.position)
        found = open_deadlines(any_world, case_id).items()
        assert {key: due for key, due in found if not key.startswith(MONEY)} == deadlines, event


def test_pool_runs_from_review_to_exit_and_settlement(any_world: World) -> None:
    case_id = any_world.case(patents=2, title="隔膜专利入池", mode=MODE)
    *_, last = walk(any_world.db, any_world.people, case_id, STORY)
    case = case_row(any_world, case_id)
    assert (last.position, case.stage, case.closed_on) == (("terminated",), "end", day(870))
    assert open_deadlines(any_world, case_id) == {}
    data = case_data(any_world, case_id)
    assert [told["reason"] for told in data["entry"]["refusals"]] == ["缺少与产品的逐项对照"]
    assert data["entry"]["reviewer"] == "独立专家三名"
    assert [(told["period"], told["share_fen"]) for told in data["statements"]["list"]] == [
        ("第一个分配年度", 36_000_000), ("第二个分配年度（截至退出之日）", 42_000_000),
    ]  # fmt: skip
    assert [(told["payment"], told["amount_fen"]) for told in data["receipts"]["list"]] == [
        ("payment:1", 20_000_000), ("payment:2", 36_000_000), ("payment:3", 42_000_000),
    ]  # fmt: skip
    assert (data["end"]["how"], data["exit"]["leaves_on"]) == ("terminated", day(800).isoformat())
    with any_world.db.read() as session:
        labels = session.exec(select(LabelEvent).order_by(col(LabelEvent.patent_id))).all()
        assert [(label.patent_id, label.label, label.evidence, label.on) for label in labels] == [
            (id_, "已参与专利池运营", "入池编号 XCL-2026-017", day(35)) for id_ in any_world.patent_ids[:2]
        ]
        papers = session.exec(select(Document).order_by(col(Document.id)))
        assert [(paper.kind, paper.version) for paper in papers] == [
            ("publicity_notice", 1), ("objection_procedure", 1), ("objection_receipt", 1), ("objection_reply", 1),
            ("approval_form", 1), ("interest_statement", 1), ("approval_form", 2),
            ("contract", 1), ("contract", 2), ("contract", 3), ("registration_sheet", 1),
            *(("reward_table", version) for version in range(1, 5)),
        ]  # fmt: skip
        assert verify(session).breaks == ()


def test_contract_waits_for_the_admission(any_world: World) -> None:
    case_id = _walk_to(any_world, "refuse_entry")
    for event in ("raise_objection", "resolve_objection", "close_publicity", "submit_approval", "approve"):
        list(walk(any_world.db, any_world.people, case_id, tuple(s for s in STORY if s.event == event)))
    drafted: dict[str, Any] = {"contract_no": "CLLG-RC-2026-002"}
    assert refusal(any_world, case_id, "start_drafting", 26, **drafted) == ["needs_entry"]
    act(any_world, case_id, "submit_entry", 27, submitted_on=day(27), reference="RC-03")
    given: dict[str, Any] = {"decided_on": day(28), "reviewer": "专家组", "opinion": "同意"}
    act(any_world, case_id, "admit_entry", 28, **given)
    assert "drafting" in act(any_world, case_id, "start_drafting", 28, **drafted).position


def test_patent_that_joins_asks_for_a_new_review(world: World) -> None:
    case_id = _walk_to(world, "admit_entry")
    done = act(world, case_id, "add_patent", 19, patent="2020101000023", reason="一并入池")
    assert {"entry_open", "title_pending", "price_open"} <= set(done.position)
    assert "entry" in done.voids


def test_co_owners_must_consent_to_the_entry(any_world: World) -> None:
    change_patent(any_world, owners=f'["{INSTITUTION}","启衡新材料股份有限公司"]')
    case_id = _walk_to(any_world, "finalize_contract")
    assert refusal(any_world, case_id, "sign", 30, **SIGNED) == ["patent_O-06"]
    given: dict[str, Any] = {
        "given_by": "启衡新材料股份有限公司",
        "given_on": day(29),
        "evidence": "同意书1号",
    }
    act(any_world, case_id, "record_consent", 30, consent="co_owner", **given)
    assert "signed" in act(any_world, case_id, "sign", 30, **SIGNED).position


def test_pledgee_must_consent_and_a_patent_in_grace_waits(world: World) -> None:
    change_patent(world, flags='["pledged"]')
    case_id = _walk_to(world, "finalize_contract")
    assert refusal(world, case_id, "sign", 30, **SIGNED) == ["patent_PG-02"]
    change_patent(world, flags="[]", status="in_grace")
    assert refusal(world, case_id, "sign", 30, **SIGNED) == ["patent_L-10"]


def test_licensee_of_an_exclusive_license_must_agree_to_the_entry(any_world: World) -> None:
    license_id = any_world.case(title="隔膜独占许可")
    walk_license_to(any_world, license_id, "sign")
    case_id = _walk_to(any_world, "finalize_contract")
    assert refusal(any_world, case_id, "sign", 30, **SIGNED) == ["conflicting_case"]
    given: dict[str, Any] = {"given_by": "独占被许可人", "given_on": day(30), "evidence": "同意书1号"}
    act(any_world, case_id, "record_consent", 30, consent="licensee", **given)
    assert "signed" in act(any_world, case_id, "sign", 30, **SIGNED).position


def test_exclusive_license_beside_a_pool_needs_the_pool(any_world: World) -> None:
    _walk_to(any_world, "record_entry")
    license_id = any_world.case(title="隔膜独占许可")
    walk_license_to(any_world, license_id, "finalize_contract")
    assert refusal(any_world, license_id, "sign", 30, **LICENSED) == ["conflicting_case"]
    given: dict[str, Any] = {"given_by": "专利池运营方", "given_on": day(30), "evidence": "复函1号"}
    act(any_world, license_id, "record_consent", 30, consent="pool_terms", **given)
    assert "signed" in act(any_world, license_id, "sign", 30, **LICENSED).position


def test_the_same_patent_may_enter_a_second_pool_and_be_licensed_ordinarily(world: World) -> None:
    _walk_to(world, "record_entry")
    second = _walk_to(world, "finalize_contract", title="另一专利池")
    assert "signed" in act(world, second, "sign", 30, **SIGNED).position
    ordinary = world.case(title="隔膜普通许可", mode="ordinary_license")
    walk_license_to(world, ordinary, "finalize_contract")
    assert "signed" in act(world, ordinary, "sign", 30, **LICENSED).position


def test_feedback_waits_for_the_entry(world: World) -> None:
    case_id = _walk_to(world, "take_effect")
    given: dict[str, Any] = {"reported_on": day(31), "reference": "截图1号"}
    assert refusal(world, case_id, "report_feedback", 31, **given) == ["not_pooled"]


def test_share_is_not_more_than_the_income(world: World) -> None:
    case_id = _walk_to(world, "record_entry")
    told: dict[str, Any] = {"received_on": day(440), "period": "第一年", "basis": "件数"}
    assert refusal(
        world, case_id, "record_statement", 440, gross_fen="10万元", share_fen="11万元", **told
    ) == ["share_exceeds_income"]


@pytest.mark.parametrize(
    ("noticed", "leaves", "codes"),
    [
        (100, 150, ["exit_before_notice", "exit_before_lock"]),
        (100, 300, ["exit_before_lock"]),
        (720, 761, ["exit_before_notice"]),
        (670, 760, ["exit_before_lock"]),
        (671, 761, []),
    ],
)
def test_exit_keeps_notice_and_shortest_time(
    world: World, noticed: int, leaves: int, codes: list[str]
) -> None:
    """90 days of notice; 24 months from 1 April 2026 end on 1 April 2028."""
    case_id = _walk_to(world, "record_entry")
    given: dict[str, Any] = {"noticed_on": day(noticed), "leaves_on": day(leaves), "reason": "调整"}
    if codes:
        assert refusal(world, case_id, "request_exit", noticed, **given) == codes
    else:
        assert "exit_noticed" in act(world, case_id, "request_exit", noticed, **given).position
        assert open_deadlines(world, case_id)["pool_exit"] == day(leaves).isoformat()


def test_nobody_leaves_before_the_day_of_the_notice(any_world: World) -> None:
    case_id = _walk_to(any_world, "request_exit")
    assert refusal(any_world, case_id, "record_exit", 790, agreed_on=day(790), **EXIT) == [
        "exit_not_due",
        "agreed_on_early",
    ]
    unknown = {**EXIT, "remaining": "payment:9"}
    assert refusal(any_world, case_id, "record_exit", 801, agreed_on=day(801), **unknown) == [
        "unknown_payment"
    ]
    done = act(any_world, case_id, "record_exit", 801, agreed_on=day(800), **EXIT)
    assert (done.position, [*open_deadlines(any_world, case_id)]) == (
        ("duties_due",),
        ["registration_change"],
    )


def test_agreement_ends_with_its_term(any_world: World) -> None:
    case_id = _walk_to(any_world, "record_duty")
    last = (date.fromisoformat(TERMS["end"]) - day(0)).days
    assert refusal(any_world, case_id, "expire", last) == ["term_running"]
    done = act(any_world, case_id, "expire", last + 1)
    assert done.position == ("duties_due",)
    assert set(open_deadlines(any_world, case_id)) == {f"payment:{number}" for number in range(1, 6)}
    for number in range(1, 6):
        released: dict[str, Any] = {"decided_on": day(last + 2), "reason": "已结清"}
        done = act(any_world, case_id, "release_payment", last + 2, payment=f"payment:{number}", **released)
    assert done.position == ("completed",)


def test_agreement_goes_on_with_the_patents_that_live_and_ends_with_the_last(any_world: World) -> None:
    case_id = _walk_to(any_world, "record_duty", patents=2)
    given: dict[str, Any] = {"how": "lapsed", "ended_on": day(80), "reason": "终止通知书"}
    first = act(any_world, case_id, "record_patent_ended", 81, patent="2020101000019", **given)
    assert "pooled" in first.position
    last = act(any_world, case_id, "record_patent_ended", 82, patent="2020101000023", **given)
    assert last.position == ("duties_due",)
    assert set(open_deadlines(any_world, case_id)) == {"payment:1"}
    paid = act(
        any_world, case_id, "release_payment", 83, payment="payment:1", decided_on=day(83), reason="协商免除"
    )
    assert paid.position == ("patent_ended",)


def test_patent_that_ends_before_the_others_leaves_in_its_time(world: World) -> None:
    """民法典 art 865: the agreement may outlast one patent, not all of them."""
    for number in range(2):
        change_patent(world, number, filing_date=date(2007 + 3 * number, 5, 6))
    short, long = world.case(mode=MODE), world.case(patents=2, mode=MODE)
    list(walk(world.db, world.people, long, STORY, until="finalize_contract"))
    assert "signed" in act(world, long, "sign", 30, **SIGNED).position
    list(walk(world.db, world.people, short, STORY, until="close_publicity"))
    assert refusal(world, short, "submit_approval", 24) == ["beyond_patent_life"]


def test_terminated_before_the_entry_there_is_nothing_to_feed_back(any_world: World) -> None:
    case_id = _walk_to(any_world, "take_effect")
    ended = act(any_world, case_id, "terminate", 32, agreed_on=day(31), reason="运营方未能设立专利池")
    assert (ended.position, [*open_deadlines(any_world, case_id)]) == (("duties_due",), ["stamp_duty"])
    done = act(any_world, case_id, "record_duty", 33, duty="stamp_duty", done_on=day(33), reference="完税1号")
    assert done.position == ("terminated",)


def test_terminated_after_the_entry_the_platform_is_still_told(world: World) -> None:
    case_id = _walk_to(world, "record_entry")
    act(world, case_id, "terminate", 37, agreed_on=day(36), reason="运营方违约", remaining="无")
    assert {"stamp_duty", "feedback"} == set(open_deadlines(world, case_id))
    act(world, case_id, "record_duty", 38, duty="stamp_duty", done_on=day(38), reference="完税1号")
    done = act(world, case_id, "report_feedback", 38, reported_on=day(38), reference="截图1号")
    assert done.position == ("terminated",)


def test_withdrawn_and_rejected_cases_end(world: World) -> None:
    withdrawn, rejected = _walk_to(world, "refuse_entry"), _walk_to(world, "submit_approval")
    done = act(world, withdrawn, "withdraw", 7, reason="不再入池")
    assert (done.position, open_deadlines(world, withdrawn)) == (("withdrawn",), {})
    assert act(world, rejected, "reject", 26, reason="不符合转化方向").position == ("rejected",)
