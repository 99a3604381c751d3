"""A contract in force is changed: what the change needs first, what becomes of payments and filings, and its papers.

Source: 民法典 arts 543, 865; 促进科技成果转化法 art 18; 专利实施许可合同备案办法 art 16
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from cases.case_view import case_view
from cases.errors import Invalid
from cases.figures import monthly
from cases.inbox import inbox
from cases.notices import notify_approvers
from cases.periods import period_of
from cases.rulebooks import book_of
from cases.terms import terms_facts
from cases.trail import verify
from cases.yearly_figures import yearly
from contracts.agreements.papers import agreement_articles
from contracts.articles import plain_text
from contracts.documents import contract_text
from contracts.modes import MODES
from tests.modes.acting import act, case_data, case_row, day, open_deadlines, refusal
from tests.modes.story import TERMS, walk_to
from tests.world import World

END = date.fromisoformat(TERMS["end"])
LONGER = (END + timedelta(days=365)).isoformat()
SIGNED: dict[str, Any] = {"our_signatory": "授权代表", "their_signatory": "冯立"}
FEES: dict[str, Any] = {
    "entry_fee_fen": "150万元",
    "instalments": [
        *TERMS["instalments"][:1],
        {"label": "第二期款", "amount_fen": "70万元", "due_on": day(400).isoformat()},
    ],
}


def _in_force(world: World, mode: str = "exclusive_license", until: str = "record_receipt") -> int:
    case_id = world.case(mode=mode)
    walk_to(world, case_id, until)
    return case_id


def _propose(world: World, case_id: int, number: int = 70, **changes: Any) -> None:
    given: dict[str, Any] = {"proposed_on": day(number), "reason": "市场变化", "changes": changes}
    act(world, case_id, "propose_amendment", number, **given)


def _pass(world: World, case_id: int, number: int) -> None:
    """Make the open change public, and have it approved."""
    act(world, case_id, "post_amendment", number, posted_on=day(number), place="公告栏")
    act(world, case_id, "close_amendment_publicity", number + 30, closed_on=day(number + 30), result="无异议")
    act(world, case_id, "submit_amendment", number + 30)
    act(world, case_id, "approve_amendment", number + 31, decided_on=day(number + 31), minutes_no="变更1号")


def test_price_is_changed_by_publicity_approval_and_signature(any_world: World) -> None:
    case_id = _in_force(any_world)
    before = open_deadlines(any_world, case_id)
    _propose(any_world, case_id, **FEES)
    given: dict[str, Any] = {"signed_on": day(102), **SIGNED}
    assert refusal(any_world, case_id, "sign_amendment", 102, **given) == [
        "amendment_not_public",
        "amendment_not_approved",
    ]
    _pass(any_world, case_id, 70)
    act(any_world, case_id, "sign_amendment", 102, **given)
    after = open_deadlines(any_world, case_id)
    assert (before["payment:2"], after["payment:2"]) == ("2026-11-16", "2027-04-06")
    assert "payment:1" not in after
    assert after["filing_change"] == "2026-07-13"
    assert after["registration_change"] > "2026-06-12"
    data = case_data(any_world, case_id)
    assert [one["old"] for one in data["amendments"]["list"][0]["changes"]][:1] == [
        "¥1,200,000.00（大写：人民币壹佰贰拾万元整）"
    ]
    assert "amendment" not in data
    with any_world.db.read() as session:
        assert verify(session).breaks == ()


def test_terms_of_the_case_become_those_of_the_change(world: World) -> None:
    case_id = _in_force(world)
    _propose(world, case_id, **FEES)
    _pass(world, case_id, 70)
    act(world, case_id, "sign_amendment", 102, signed_on=day(102), **SIGNED)
    new = terms_facts("exclusive_license", {**TERMS, **FEES}, ())
    data = case_data(world, case_id)
    assert new.facts.hashes["approval"] == data["approval"]["hash"] == data["contract"]["hash"]
    assert '"entry_fee_fen":150000000' in case_row(world, case_id).terms
    with world.db.read() as session:
        contract = case_view(world.db, session, world.org_id, case_id, draft=False, kind="contract")
        now = case_view(world.db, session, world.org_id, case_id, draft=False)
    assert ("1,200,000.00" in contract_text(contract), "1,500,000.00" in contract_text(contract)) == (
        True,
        False,
    )
    assert "1,500,000.00" in contract_text(now)


@pytest.mark.parametrize("mode", ["ordinary_license", "sole_license", "exclusive_license"])
def test_extension_moves_the_end_and_asks_for_the_change_of_the_filing(world: World, mode: str) -> None:
    case_id = _in_force(world, mode)
    act(world, case_id, "propose_extension", 70, proposed_on=day(70), new_end=LONGER, reason="产品仍在推广")
    _pass(world, case_id, 70)
    act(world, case_id, "sign_amendment", 102, signed_on=day(102), **SIGNED)
    assert open_deadlines(world, case_id)["filing_change"] == END.isoformat()
    assert f'"end":"{LONGER}"' in case_row(world, case_id).terms
    act(
        world,
        case_id,
        "record_duty",
        110,
        role="officer",
        duty="filing_change",
        done_on=day(110),
        reference="变更证明",
    )
    assert "filing_change" not in open_deadlines(world, case_id)


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ({"new_end": "2041-01-01"}, ["beyond_patent_life"]),
        ({"new_end": END.isoformat()}, ["not_longer", "nothing_changed"]),
    ],
)
def test_extension_is_held_to_the_life_of_the_patent(
    world: World, given: dict[str, str], codes: list[str]
) -> None:
    case_id = _in_force(world)
    asked: dict[str, Any] = {"proposed_on": day(70), "reason": "续展", **given}
    assert refusal(world, case_id, "propose_extension", 70, **asked) == codes


def test_extension_meets_what_another_case_has_granted(world: World) -> None:
    first = _in_force(world, "exclusive_license")
    second = world.case(mode="exclusive_license", title="期满后的许可")
    later = {"start": (END + timedelta(days=1)).isoformat(), "end": LONGER}
    fees = [{**one, "due_on": LONGER} for one in TERMS["instalments"]]
    act(world, second, "edit_terms", 60, terms={**TERMS, **later, "instalments": fees})
    act(world, second, "clear_title", 60, checked_on=day(60), evidence="副本")
    act(world, second, "agree_price", 60, agreed_on=day(60), basis="谈判记录")
    act(world, second, "post_publicity", 60, posted_on=day(60), place="公告栏", procedure_published=True)
    act(world, second, "close_publicity", 90, closed_on=day(90), result="无异议")
    act(world, second, "submit_approval", 90)
    act(world, second, "approve", 91, decided_on=day(91), minutes_no="2号")
    act(world, second, "start_drafting", 91, contract_no="H-2")
    act(world, second, "finalize_contract", 91, reviewed_by="沈律")
    act(world, second, "sign", 92, signed_on=day(92), licensor_signatory="江", licensee_signatory="冯")
    asked: dict[str, Any] = {"proposed_on": day(95), "reason": "续展", "new_end": LONGER}
    assert refusal(world, first, "propose_extension", 95, **asked) == ["conflicting_case"]


def test_paid_payment_keeps_its_place(world: World) -> None:
    case_id = _in_force(world)
    first = {"label": "首期款", "amount_fen": "10万元", "due_on": TERMS["instalments"][0]["due_on"]}
    fees = {
        "entry_fee_fen": "50万元",
        "instalments": [first, {**FEES["instalments"][1], "amount_fen": "40万元"}],
    }
    asked: dict[str, Any] = {"proposed_on": day(70), "reason": "减价", "changes": fees}
    assert refusal(world, case_id, "propose_amendment", 70, **asked) == ["paid_payment_changed"]


def test_change_without_price_needs_neither_publicity_nor_more_than_approval(world: World) -> None:
    case_id = _in_force(world)
    _propose(world, case_id, confidentiality_years="8")
    assert refusal(world, case_id, "post_amendment", 71, posted_on=day(71), place="公告栏") == [
        "no_publicity_needed"
    ]
    act(world, case_id, "submit_amendment", 71)
    act(world, case_id, "return_amendment", 72, reason="请说明理由")
    act(world, case_id, "submit_amendment", 73)
    act(world, case_id, "approve_amendment", 74, decided_on=day(74), minutes_no="变更1号")
    act(world, case_id, "sign_amendment", 75, signed_on=day(75), **SIGNED)
    assert "filing_change" not in open_deadlines(world, case_id)


def test_approvers_are_told_of_a_change_and_it_is_theirs_to_do(world: World) -> None:
    case_id = _in_force(world)
    _propose(world, case_id, confidentiality_years="8")
    moment = datetime.combine(day(71), time(3, tzinfo=UTC))
    assert notify_approvers(world.db, case_id, moment) == "案件已不在审批中"
    act(world, case_id, "submit_amendment", 71)
    assert notify_approvers(world.db, case_id, moment) == "已通知1人"
    with world.db.read() as session:
        needs = [item.case_id for item in inbox(world.db, session, world.person("approver"), day(71)).needs]
    assert needs == [case_id]


def test_change_is_typed_by_the_names_of_the_form(world: World) -> None:
    case_id = _in_force(world)
    typed = f"入门费：150万元\n入门费分期：首期款，80万元，{TERMS['instalments'][0]['due_on']}；第二期款，70万元，2027-04-06"
    given: dict[str, Any] = {"proposed_on": day(70), "reason": "市场变化", "changes": typed}
    act(world, case_id, "propose_amendment", 70, **given)
    changes = case_data(world, case_id)["amendment"]["changes"]
    assert [(one["field"], one["group"]) for one in changes] == [
        ("entry_fee_fen", "price"),
        ("instalments", "price"),
    ]


def test_change_of_what_is_no_term_is_refused(world: World) -> None:
    case_id = _in_force(world)
    given: dict[str, Any] = {"proposed_on": day(70), "reason": "市场变化", "changes": "开户行：某银行"}
    with pytest.raises(Invalid, match="商务条款中没有这些项目：开户行"):
        act(world, case_id, "propose_amendment", 70, **given)


def test_change_given_up_leaves_the_terms(world: World) -> None:
    case_id = _in_force(world)
    terms = case_row(world, case_id).terms
    _propose(world, case_id, **FEES)
    act(world, case_id, "post_amendment", 71, posted_on=day(71), place="公告栏")
    act(world, case_id, "abandon_amendment", 72, reason="企业撤回")
    data = case_data(world, case_id)
    assert (case_row(world, case_id).terms, data["amendments"]["given_up"][0]["reason"]) == (
        terms,
        "企业撤回",
    )
    assert "amendment_publicity" not in open_deadlines(world, case_id)
    assert refusal(world, case_id, "sign_amendment", 73, signed_on=day(73), **SIGNED) == ["no_amendment"]


def test_agreement_tells_old_and_new(world: World) -> None:
    case_id = _in_force(world)
    _propose(world, case_id, **FEES)
    with world.db.read() as session:
        view = case_view(world.db, session, world.org_id, case_id, draft=True, kind="amendment_agreement:1")
    text = plain_text(agreement_articles("amendment_agreement", view, MODES[view.mode]))
    assert "备案号为X2026440000123" in text
    assert "因市场变化，双方根据《中华人民共和国民法典》第五百四十三条的规定" in text


def test_termination_settles_what_came_in(world: World) -> None:
    case_id = _in_force(world)
    act(
        world,
        case_id,
        "terminate",
        80,
        agreed_on=day(80),
        reason="被许可人转产",
        handover="十日内寄回全部图纸",
    )
    with world.db.read() as session:
        view = case_view(world.db, session, world.org_id, case_id, draft=False, kind="termination_agreement")
    text = plain_text(agreement_articles("termination_agreement", view, MODES[view.mode]))
    assert "首期款，2026年5月1日到账，人民币800,000.00元。" in text
    assert "第二期款，¥400,000.00（大写：人民币肆拾万元整），付款期限为2026年11月15日。" in text
    assert "技术资料的返还和交接按照下列约定办理：十日内寄回全部图纸。" in text
    assert "应自本协议签订之日起三十日内" in text


def test_secrecy_is_agreed_before_the_deal(any_world: World) -> None:
    case_id = any_world.case()
    given: dict[str, Any] = {
        "direction": "ours", "purpose": "评估隔膜专利", "materials": "浆料配方\n涂覆工艺", "years": "5年", "return_days": "30",
    }  # fmt: skip
    assert refusal(any_world, case_id, "sign_confidentiality", 1, signed_on=day(1), **SIGNED) == [
        "no_confidentiality"
    ]
    act(any_world, case_id, "draft_confidentiality", 1, **given)
    act(any_world, case_id, "sign_confidentiality", 2, signed_on=day(2), **SIGNED)
    assert refusal(any_world, case_id, "draft_confidentiality", 3, **given) == ["confidentiality_signed"]
    with any_world.db.read() as session:
        view = case_view(
            any_world.db, session, any_world.org_id, case_id, draft=True, kind="confidentiality_agreement"
        )
        assert verify(session).breaks == ()
    text = plain_text(agreement_articles("confidentiality_agreement", view, MODES[view.mode]))
    assert "双方拟就“锂电池隔膜独占许可”项目进行洽谈。" in text
    assert "甲方为披露方，乙方为接收方。" in text
    assert "（一）浆料配方；" in text
    assert "接收方的保密义务自本协议签订之日起5年内有效" in text


def test_reports_take_the_terms_of_the_end_of_their_period(any_world: World) -> None:
    """The contract was signed in April and its price changed in June: April keeps the former price."""
    case_id = _in_force(any_world)
    _propose(any_world, case_id, **FEES)
    _pass(any_world, case_id, 70)
    act(any_world, case_id, "sign_amendment", 102, signed_on=day(102), **SIGNED)
    book, later = book_of("national,house"), date(2027, 1, 5)
    with any_world.db.read() as session:
        april = monthly(session, any_world.org_id, period_of("monthly", "2026-04", later), book)
        year = yearly(session, any_world.org_id, period_of("yearly", "2026", later), book)
    values = {one.key: one.value for one in april.figures} | {one.key: one.value for one in year.figures}
    assert (values["signed_value"], values["value"]) == (120_000_000, 150_000_000)
