"""Asking and doing agree: what is offered as possible succeeds, and what is refused was announced as such."""

from datetime import date

import pytest

from cases.tables import ROLES
from rules.packs import load
from states.decide import options, why_not
from states.facts import Actor
from states.plan import Plan, Refusal
from tests.states.places import pairwise
from tests.states.situation import CHART, MODE, OTHER, PERFORMING, TODAY, Situation

KNOWN = {
    "everything in order": Situation(),
    "terms missing": Situation().terms(complete=False, problems=("许可地域未填",), end=None),
    "license too long": Situation().terms(end=date(2041, 1, 1)),
    "patent lapsed": Situation().patent(status="lapsed"),
    "pledged, foreign, taken": Situation()
    .patent(flags=frozenset({"pledged"}))
    .knowing(foreign_party=True, others=(OTHER,)),
    "term over": Situation().terms(end=date(2026, 5, 31)),
    "own case, other terms": Situation().data("approval", submitted_by=9, hash="an older one"),
    "publicity not over": Situation().data("publicity", posted_on="2026-05-20"),
    "objection open": Situation().data("publicity", pauses=[["2026-05-05", None]]),
}


@pytest.mark.parametrize("known", KNOWN)
def test_possible_steps_succeed_and_others_are_refused(known: str) -> None:
    for position in pairwise(CHART)[::3]:
        now = KNOWN[known].at(*position)
        for role in ("officer", "approver", "finance"):
            for step, option in now.options(role).items():
                assert isinstance(now.decide(step, role), Plan) == option.possible, (position, step, role)


@pytest.mark.parametrize("known", KNOWN)
def test_why_not_tells_what_the_refusal_tells(known: str) -> None:
    """The refusal adds who may and the faults of the input; with good input the two are the same."""
    for position in pairwise(CHART)[::7]:
        now = KNOWN[known].at(*position)
        for step in MODE.steps:
            option = why_not(
                MODE,
                now.position,
                step,
                now.facts,
                now.today,
                book=load(),
                actor=now.actor(min(MODE.steps[step].roles)),
            )
            answer = now.decide(step)
            assert option.unmet == (answer.unmet if isinstance(answer, Refusal) else ()), (position, step)
            assert option.possible == isinstance(answer, Plan)


def test_permission_and_policy_are_told_apart() -> None:
    for role in ROLES:
        for step, option in Situation().options(role).items():
            assert option.permitted == (role in MODE.steps[step].roles)
            assert [unmet for unmet in option.unmet if unmet.code == "role"] == []


def test_same_question_has_the_same_answer() -> None:
    now = KNOWN["pledged, foreign, taken"]
    assert [now.decide(step) for step in MODE.steps] == [now.decide(step) for step in MODE.steps]


def test_refusals_of_place_name_where_and_how() -> None:
    refusal = Situation().decide("submit_filing")
    assert isinstance(refusal, Refusal)
    assert (refusal.unmet[0].code, refusal.unmet[0].what_zh) == (
        "not_here",
        "“提交备案”只能在“许可合同备案：待备案”、“许可合同备案：不予备案”时办理，本案目前为“审批：未报批”、"
        "“合同：待起草”、“定价：待定价”、“公示：未公示”、“权属与法律状态：待核查”",
    )
    assert refusal.unmet[0].remedy_zh == "先把案件办理到“许可合同备案：待备案”、“许可合同备案：不予备案”"


@pytest.mark.parametrize("position", [("withdrawn",), PERFORMING])
def test_case_beyond_its_clearances_is_not_told_to_obtain_them(position: tuple[str, ...]) -> None:
    assert {
        tuple(Situation(position).codes(step)) for step in ("sign", "start_drafting", "submit_approval")
    } == {("not_here",)}


def test_ended_case_is_told_to_be_ended() -> None:
    refusal = Situation(("withdrawn",)).decide("withdraw")
    assert isinstance(refusal, Refusal)
    assert [(unmet.what_zh, unmet.remedy_zh) for unmet in refusal.unmet] == [
        ("“撤回案件”只能在“洽谈与签约”时办理，本案目前为“已撤回”", "本案已结束；需要继续办理的，请另立新案")
    ]


def test_wrong_role_is_told_who_can() -> None:
    refusal = Situation(
        ("approval_submitted", "contract_waiting", "price_agreed", "publicity_closed", "title_cleared")
    ).decide("approve", "readonly")
    assert isinstance(refusal, Refusal)
    assert [(unmet.code, unmet.what_zh, unmet.who) for unmet in refusal.unmet] == [
        ("role", "“批准”须由审批人办理，您的角色是只读用户", "approver")
    ]


@pytest.mark.parametrize("known", KNOWN)
def test_every_step_asked_at_once_says_what_it_says_alone(known: str) -> None:
    """What several steps ask is asked once, and still told with each of them."""
    for position in pairwise(CHART)[::7]:
        facts = KNOWN[known].at(*position).facts
        book, actor = load(), Actor(9, "某人", "finance")
        every = options(MODE, position, facts, TODAY, book=book, actor=actor, everywhere=True)
        alone = [why_not(MODE, position, event, facts, TODAY, book=book, actor=actor) for event in MODE.steps]
        assert list(every) == alone
        here = options(MODE, position, facts, TODAY, book=book, actor=actor)
        assert [option for option in every if option.here] == list(here)


def test_steps_of_an_open_change_are_offered_once_it_is_proposed() -> None:
    """What leads a change on is no unmet condition of a case in which nobody proposed one."""
    following = {"post_amendment", "submit_amendment", "sign_amendment", "abandon_amendment"}
    offered = set(Situation().at(*PERFORMING).options("officer"))
    assert ("propose_amendment" in offered, following & offered) == (True, set())
    assert why_codes("sign_amendment") >= {"no_amendment"}


def why_codes(event: str) -> set[str]:
    now = Situation().at(*PERFORMING)
    actor = now.actor("officer")
    told = why_not(MODE, now.position, event, now.facts, now.today, book=load(), actor=actor)
    return {unmet.code for unmet in told.unmet}


def test_confidentiality_agreement_is_signed_once_and_not_after_the_contract() -> None:
    steps = {"draft_confidentiality", "sign_confidentiality"}
    early = Situation().at(*CHART.initial)
    drafted = early.data("confidentiality", drafted_on="2026-05-01")
    signed = drafted.data("confidentiality", signed_on="2026-05-02")
    assert [steps & set(now.options("officer")) for now in (early, drafted, signed)] == [
        {"draft_confidentiality"}, steps, set(),
    ]  # fmt: skip
