"""Approvals body by body: stages, parallel bodies, seats and deputies, committees, one person for one body."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from rules.approval_routes import ApprovalBody, Majority, MajorityOf
from rules.packs import load
from states.approval_route import decided, open_bodies, remaining, route_in, rows
from states.approval_votes import names_in, recusals_in
from states.approvers import Approvers, Deputy, Seat
from states.decide import decide
from states.facts import Actor, CaseData
from states.plan import Plan, Refusal
from tests.states.routes import (
    APPROVERS,
    COLLEGE,
    DEPUTY,
    GROUP,
    LEGAL,
    OFFICE,
    ROUTE,
    SEATED,
    SEATS,
    VOTE,
    handed_up,
    meeting,
)
from tests.states.situation import MODE, TODAY, Situation, deal, ready

BODIES = {body.id: body for stage in ROUTE for body in stage}


def _after(now: Situation, plan: Plan) -> Situation:
    sections = {**now.facts.data.sections, **plan.facts}
    data = CaseData({name: values for name, values in sections.items() if values is not None})
    return replace(now, position=plan.position, facts=replace(now.facts, data=data))


def _decide(
    now: Situation, person: tuple[int, str], event: str = "approve", **payload: Any
) -> Plan | Refusal:
    step = MODE.steps[event]
    asked = {**now.payloads[event], **payload}
    return decide(
        MODE, now.position, event, now.facts, now.today, book=load(), actor=Actor(*person, "approver"),
        payload=step.payload.model_validate(asked),
    )  # fmt: skip


def _codes(found: Plan | Refusal) -> list[str]:
    return [unmet.code for unmet in found.unmet] if isinstance(found, Refusal) else []


def _vote(body: str) -> dict[str, Any]:
    return {"body": body, **(VOTE if BODIES[body].is_committee else {})}


START = handed_up(ready("approve")).knowing(approvers=Approvers(SEATS))


def test_submission_keeps_the_route_of_the_day() -> None:
    plan = (
        ready("submit_approval")
        .giving("submit_approval", related_party=True, related_names="某甲")
        .plan("submit_approval")
    )
    data = CaseData({"approval": plan.facts["approval"] or {}})
    assert [[body.id for body in stage] for stage in route_in(data)] == [
        ["college"], ["transfer_office", "legal"], ["leading_group"],
    ]  # fmt: skip
    assert (
        data.text("approval", "body_zh")
        == "成果完成人所在院系 → 科技成果转化中心、法律事务室 → 科技成果转化领导小组"
    )


def test_relation_declared_in_the_publicity_counts_at_submission() -> None:
    now = (
        ready("submit_approval")
        .data("publicity", related_party=True)
        .giving("submit_approval", related_names="某甲")
    )
    facts = now.plan("submit_approval").facts["approval"] or {}
    assert (facts["related_party"], len(facts["route"])) == (True, 3)


@pytest.mark.parametrize(
    ("done", "body", "codes"),
    [
        ((), "college", []),
        ((), "legal", ["body_not_asked"]),
        ((), "group", ["body_not_asked"]),
        ((), "nobody", ["body_not_asked"]),
        (("college",), "college", ["body_not_asked"]),
        (("college",), "office", []),
        (("college",), "legal", []),
        (("college",), "group", ["body_not_asked"]),
        (("college", "legal"), "office", []),
        (("college", "legal"), "legal", ["body_not_asked"]),
        (("college", "legal"), "group", ["body_not_asked"]),
        (("college", "legal", "office"), "group", []),
    ],
)
def test_a_body_decides_in_its_stage_only(done: tuple[str, ...], body: str, codes: list[str]) -> None:
    now = handed_up(ready("approve"), *(BODIES[name] for name in done))
    payload = _vote(body) if body in BODIES else {"body": body}
    assert _codes(_decide(now, (9, "某人"), **payload)) == codes


@pytest.mark.parametrize("order", list(permutations(["college", "office", "legal", "group"])), ids="-".join)
def test_granted_exactly_when_the_last_body_has_approved(order: tuple[str, ...]) -> None:
    now = START
    for body in order:
        possible = body in {one.id for one in open_bodies(now.facts.data)}
        found = _decide(now, SEATED[body], **_vote(body))
        assert isinstance(found, Plan) == possible
        if isinstance(found, Plan):
            left = remaining(now.facts.data) - {body}
            now = _after(now, found)
            assert ("approval_granted" in now.position) == (not left)
    assert ("approval_granted" in now.position) == (order[0] == "college" and order[3] == "group")


@drawn(st.lists(st.tuples(st.sampled_from(sorted(BODIES)), st.sampled_from(sorted(SEATED))), max_size=14))
def test_no_order_of_decisions_grants_without_everybody(tries: list[tuple[str, str]]) -> None:
    """Whoever tries what in which order: granted if and only if every body has approved, each by its own seat."""
    now, given = START, []
    for body, person in tries:
        found = _decide(now, SEATED[person], **_vote(body))
        if isinstance(found, Plan):
            assert person == body
            given.append(body)
            now = _after(now, found)
    assert ("approval_granted" in now.position) == (set(given) == set(BODIES))
    assert len(given) == len(set(given))
    assert decided(now.facts.data) == set(given)


def test_grant_keeps_the_last_day_and_every_decision() -> None:
    now = START
    for body, on in (("college", "2026-05-26"), ("legal", "2026-05-29"), ("office", "2026-05-27")):
        plan = _decide(now, SEATED[body], body=body, decided_on=date.fromisoformat(on))
        assert isinstance(plan, Plan)
        now = _after(now, plan)
    plan = _decide(
        now,
        SEATED["group"],
        decided_on=date(2026, 5, 30),
        recused="冯立：被许可方股东",
        minutes_no="纪要3",
        **VOTE,
    )
    assert isinstance(plan, Plan)
    data = _after(now, plan).facts.data
    assert (data.text("approval", "decided_on"), data.text("approval", "minutes_no")) == (
        "2026-05-30",
        "纪要3",
    )
    assert [one["body"] for one in data.items("approval", "decisions")] == [
        "college",
        "legal",
        "office",
        "group",
    ]
    last = data.items("approval", "decisions")[-1]
    assert (last["recused"], last["in_favor"], last["by_name"]) == ([["冯立", "被许可方股东"]], 5, "秘书")
    assert plan.documents == ("approval_form", "minutes")


@pytest.mark.parametrize(
    ("body", "told"), [("college", ("notify_approvers",)), ("office", ()), ("legal", ())]
)
def test_the_next_stage_is_told_once_its_turn_comes(body: str, told: tuple[str, ...]) -> None:
    done = () if body == "college" else (COLLEGE,)
    plan = _decide(handed_up(ready("approve"), *done), (9, "某人"), body=body)
    assert isinstance(plan, Plan)
    assert (plan.outbox, plan.documents) == (told, ())


# Who: seats, deputies, one person for one body


@pytest.mark.parametrize(
    ("offset", "codes"), [(-1, ["not_seated"]), (0, []), (1, []), (2, []), (3, ["not_seated"])]
)
def test_deputy_decides_from_the_first_to_the_last_day(offset: int, codes: list[str]) -> None:
    now = handed_up(ready("approve"), COLLEGE, OFFICE).knowing(approvers=APPROVERS)
    now = replace(now, today=DEPUTY.first + timedelta(days=offset))
    found = _decide(now, (DEPUTY.person_id, DEPUTY.name), decided_on=now.today)
    assert _codes(found) == codes


def test_both_names_of_a_deputized_decision_stay_on_record() -> None:
    now = handed_up(ready("approve"), COLLEGE, OFFICE).knowing(approvers=APPROVERS)
    plan = _decide(now, (21, "代理人"))
    assert isinstance(plan, Plan)
    last = (plan.facts["approval"] or {})["decisions"][-1]
    assert (last["by_name"], last["for_name"], last["for_reason"], last["for_id"]) == (
        "代理人",
        "沈律",
        "出差",
        13,
    )


def test_deputy_tells_no_decision_older_than_the_first_day() -> None:
    now = handed_up(ready("approve"), COLLEGE, OFFICE).knowing(approvers=APPROVERS)
    assert _codes(_decide(now, (21, "代理人"), decided_on=date(2026, 5, 31))) == ["decided_too_early"]


@pytest.mark.parametrize(
    ("person", "body", "codes"),
    [
        (SEATED["college"], "legal", ["not_seated"]),
        ((21, "代理人"), "legal", []),
        ((12, "主任"), "legal", ["decided_before"]),
        ((22, "副手"), "legal", ["decided_before"]),
    ],
)
def test_one_person_decides_for_one_body(person: tuple[int, str], body: str, codes: list[str]) -> None:
    """The head of the office sits for legal too and has decided for the office; a deputy of theirs is no other person."""
    second = Seat("legal", 12, "主任")
    theirs = Deputy(12, "主任", 22, "副手", TODAY, TODAY, "休假")
    approvers = Approvers((*SEATS, second), (DEPUTY, theirs))
    now = handed_up(ready("approve"), COLLEGE, OFFICE).knowing(approvers=approvers)
    assert _codes(_decide(now, person, body=body)) == codes


def test_a_body_must_be_named_where_somebody_sits_for_two() -> None:
    approvers = Approvers((*SEATS, Seat("legal", 12, "主任")))
    now = handed_up(ready("approve"), COLLEGE).knowing(approvers=approvers)
    assert _codes(_decide(now, (12, "主任"))) == ["choose_body"]
    assert _codes(_decide(now, (12, "主任"), body="法务")) == []


def test_a_body_without_a_seat_waits_for_the_administrator() -> None:
    now = handed_up(ready("approve"), COLLEGE, OFFICE).knowing(approvers=Approvers(SEATS[:2]))
    found = _decide(now, (13, "沈律"))
    assert isinstance(found, Refusal)
    assert [(unmet.code, unmet.who) for unmet in found.unmet] == [("nobody_seated", "administrator")]


def test_a_closed_account_leaves_its_deputy_to_decide() -> None:
    closed = tuple(replace(seat, active=seat.body != "legal") for seat in SEATS)
    now = handed_up(ready("approve"), COLLEGE, OFFICE).knowing(approvers=Approvers(closed, (DEPUTY,)))
    assert _codes(_decide(now, (21, "代理人"))) == []


@pytest.mark.parametrize(("name", "related"), [("陈思远", ""), ("某甲", "某乙、某甲")])
def test_inventors_and_related_people_do_not_decide(name: str, related: str) -> None:
    approvers = Approvers(inventors=frozenset({"陈思远"}))
    now = handed_up(ready("approve"), related=related).knowing(approvers=approvers)
    assert [_codes(_decide(now, (9, name), event)) for event in ("approve", "send_back", "reject")] == [
        ["must_recuse"]
    ] * 3


# Committees


@pytest.mark.parametrize(
    ("members", "majority", "of", "present", "needed"),
    [
        (9, "over_half", "members", 6, 5), (9, "over_half", "present", 6, 4), (9, "over_half", "present", 7, 4),
        (10, "over_half", "members", 8, 6), (9, "two_thirds", "members", 6, 6), (9, "two_thirds", "present", 7, 5),
        (10, "two_thirds", "members", 10, 7), (9, "unanimous", "present", 7, 7), (9, "unanimous", "members", 8, 9),
    ],
)  # fmt: skip
def test_votes_needed(members: int, majority: Majority, of: MajorityOf, present: int, needed: int) -> None:
    body = ApprovalBody(
        id="b",
        zh="会",
        en="b",
        kind="committee",
        members=members,
        quorum=1,
        majority=majority,
        majority_of=of,
    )
    assert body.needed(present) == needed


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        ({"present": 6, "in_favor": 5, "against": 1, "abstained": 0}, []),
        ({"present": 5, "in_favor": 5, "against": 0, "abstained": 0}, ["no_quorum"]),
        (
            {"present": 5, "in_favor": 5, "against": 0, "abstained": 0, "recused": "甲：本人系股东"},
            ["no_quorum"],
        ),
        ({"in_favor": 4, "abstained": 2}, ["no_majority"]),
        ({"in_favor": 6}, ["vote_adds_up"]),
        ({"present": None}, ["vote_missing"]),
        (
            {"present": 9, "in_favor": 9, "against": 0, "abstained": 0, "recused": "甲：股东"},
            ["vote_adds_up"],
        ),
        ({"recused": "甲：股东\n乙"}, ["recusal_reason"]),
        ({"recused": "甲：股东\n甲：董事"}, ["recused_twice"]),
        ({"attending": "甲、乙"}, ["vote_adds_up"]),
        ({"attending": "甲、乙、丙、丁、戊、己、陈思远"}, ["must_recuse"]),
        ({"attending": "甲、乙、丙、丁、戊、己、庚、陈思远", "recused": "陈思远：发明人"}, []),
        ({"attending": "甲、乙、丙、丁、戊、己、某关联", "present": 7}, ["must_recuse"]),
        (
            {"present": 4, "in_favor": 4, "against": 0, "abstained": 0, "attending": "甲、乙、丙、陈思远"},
            ["no_quorum", "no_majority", "must_recuse"],
        ),
    ],
)
def test_vote_of_a_committee(changes: dict[str, Any], codes: list[str]) -> None:
    now = meeting(ready("approve")).data("approval", related_names="某关联")
    now = now.knowing(approvers=Approvers(inventors=frozenset({"陈思远"})))
    assert now.giving("approve", **changes).codes("approve") == codes


def test_a_seated_member_who_is_an_inventor_recuses_even_if_nobody_lists_who_came() -> None:
    seats = Approvers((*SEATS, Seat("group", 15, "陈思远")), inventors=frozenset({"陈思远"}))
    now = handed_up(ready("approve"), COLLEGE, OFFICE, LEGAL).knowing(approvers=seats)
    assert _codes(_decide(now, SEATED["group"], **VOTE)) == ["must_recuse"]
    assert _codes(_decide(now, SEATED["group"], recused="陈思远：发明人", **VOTE)) == []


@pytest.mark.parametrize(
    ("text", "names"), [("", ()), ("甲、乙", ("甲", "乙")), ("甲， 乙\n丙；丁", ("甲", "乙", "丙", "丁"))]
)
def test_names_as_people_list_them(text: str, names: tuple[str, ...]) -> None:
    assert names_in(text) == names


def test_recusals_as_people_write_them() -> None:
    assert recusals_in("甲：股东；乙: 配偶\n丙") == (("甲", "股东"), ("乙", "配偶"), ("丙", ""))


# Refusal, send-back, and what is shown


def test_send_back_voids_what_was_decided() -> None:
    now = handed_up(ready("send_back"), COLLEGE, OFFICE).knowing(approvers=Approvers(SEATS))
    plan = _decide(now, SEATED["legal"], "send_back")
    assert isinstance(plan, Plan)
    assert (plan.voids, plan.facts["approval"], "approval_open" in plan.position) == (
        ("decisions",),
        None,
        True,
    )
    told = plan.facts["sent_back"] or {}
    assert [one["body"] for one in told["decisions"]] == ["college", "office"]
    assert (told["body"], told["by_name"], told["reason"]) == ("legal", "沈律", "请补充")


def test_any_body_of_the_stage_may_end_the_case() -> None:
    now = handed_up(ready("reject"), COLLEGE).knowing(approvers=Approvers(SEATS))
    plan = _decide(now, SEATED["legal"], "reject")
    assert isinstance(plan, Plan)
    assert (plan.position, (plan.facts["end"] or {})["body"]) == (("rejected",), "legal")
    assert _codes(_decide(now, SEATED["group"], "reject")) == ["not_seated", "not_seated"]


def test_table_of_a_half_decided_route() -> None:
    now = handed_up(ready("approve"), COLLEGE, OFFICE).knowing(approvers=APPROVERS)
    told = [
        (row.stage, row.body.id, row.standing, tuple(person.zh for person in row.persons), row.since)
        for row in rows(now.facts.data, now.facts.approvers, TODAY)
    ]
    assert told == [
        (1, "college", "approved", (), None),
        (2, "office", "approved", (), None),
        (2, "legal", "waiting", ("沈律（代理人：代理人）",), date(2026, 5, 27)),
        (3, "group", "later", ("秘书",), None),
    ]


def test_a_case_handed_up_before_there_were_routes_has_one_body() -> None:
    now = ready("approve").data("approval", body_zh="科技处审批", body_en="Office")
    plan = now.plan("approve")
    assert "approval_granted" in plan.position
    old = CaseData(
        {
            "approval": {
                "body_zh": "科技处审批",
                "approved_by_name": "周审言",
                "decided_on": "2026-03-01",
                "minutes_no": "1",
            }
        }
    )
    (row,) = rows(old, Approvers(), TODAY)
    assert (row.body.zh, row.standing, (row.decision or {})["by_name"]) == (
        "科技处审批",
        "approved",
        "周审言",
    )


def test_a_corrected_date_or_number_shows_in_the_table() -> None:
    """The corrections write the whole approval; a route of one body has no other day."""
    plan = handed_up(ready("approve"), route=((COLLEGE,),)).plan("approve")
    data = CaseData(
        {"approval": {**(plan.facts["approval"] or {}), "decided_on": "2026-05-30", "minutes_no": "更正号"}}
    )
    (row,) = rows(data, Approvers(), TODAY)
    decision = row.decision or {}
    assert (decision["decided_on"], decision["minutes_no"], decision["by_name"]) == (
        "2026-05-30",
        "更正号",
        "某人",
    )


def test_nobody_decides_where_nothing_was_handed_up() -> None:
    now = Situation().at(*deal(approval="approval_open")).knowing(approvers=Approvers(SEATS))
    assert _codes(_decide(now, SEATED["college"], body="college")) == ["not_here"]
    assert GROUP.is_committee and not COLLEGE.is_committee
