"""What can be stepped back from in every state, what goes with it, and what nobody takes back."""

import pytest

from rules.packs import load
from states import stepping_back
from states.chart import Position
from states.context import Context
from states.plan import Closing, Refusal
from tests.states.places import pairwise
from tests.states.situation import CHART, MODE, Situation, deal

# Leaf → what stands there to be undone. A leaf that is not listed has nothing.
UNDOABLE = {
    "title_cleared": "title",
    **dict.fromkeys(("price_listed", "price_auctioned", "price_agreed"), "price"),
    "publicity_running": "publicity",
    "publicity_paused": "publicity",
    "publicity_closed": "publicity",
    "approval_submitted": "approval",
    "approval_granted": "approval",
    "drafting": "contract",
    "signing": "contract",
    "filing_submitted": "filing",
    "filing_correction": "filing",
    "feedback_reported": "feedback",
}
# What goes with each before the signature, under the house's order: title → price → publicity → approval → contract.
WITH = {
    "title": {"title", "price", "publicity", "approval", "contract"},
    "price": {"price", "publicity", "approval", "contract"},
    "publicity": {"publicity", "approval", "contract"},
    "approval": {"approval", "contract"},
    "contract": {"contract"},
    "filing": {"filing"},
    "feedback": {"feedback"},
}
EVERYTHING = deal(contract="signing")


def _ctx(now: Situation) -> Context:
    return Context(MODE, now.position, now.facts, None, now.actor("officer"), now.today, load())


def _expected(position: Position) -> set[str]:
    """What the table gives for a position: after the signature no clearance can be undone."""
    return set() if "signed" in position else {UNDOABLE[leaf] for leaf in position if leaf in UNDOABLE}


def test_every_state_has_what_the_table_says() -> None:
    for position in pairwise(CHART):
        assert set(stepping_back.standing(_ctx(Situation(position)))) == _expected(position), position


def test_every_position_steps_back_as_the_table_says() -> None:
    """Each thing that stands can be undone, with all that waits for it; whatever does not stand is refused."""
    for position in pairwise(CHART)[::2]:
        found = _expected(position)
        for what in WITH:
            answer = Situation(position).giving("step_back", what=what).decide("step_back")
            assert isinstance(answer, Refusal) == (what not in found), (position, what)
            if not isinstance(answer, Refusal):
                assert set(answer.voids) == found & WITH[what], (position, what)
                assert _expected(answer.position) == found - WITH[what], (position, what)


@pytest.mark.parametrize(
    ("what", "code", "rule"),
    [
        ("signature", "cannot_be_undone", "LI-15"),
        ("effect", "cannot_be_undone", "LI-15"),
        ("record", "cannot_be_undone", "T-04"),
        ("end", "cannot_be_undone", ""),
    ],
)
def test_lasting_things_are_refused_with_what_takes_their_place(what: str, code: str, rule: str) -> None:
    at = ("feedback_reported", "filing_recorded", "payments_running")
    refusal = Situation(at).giving("step_back", what=what).decide("step_back")
    assert isinstance(refusal, Refusal)
    (unmet,) = refusal.unmet
    assert (unmet.code, unmet.rule_id, bool(unmet.remedy_zh)) == (code, rule, True)


def test_signed_case_is_told_to_terminate_instead() -> None:
    now = Situation(deal(contract="signed")).giving("step_back", what="approval")
    now = now.knowing(data=type(now.facts.data)({"contract": {"signed_on": "2026-05-22"}}))
    refusal = now.decide("step_back")
    assert isinstance(refusal, Refusal)
    assert [(unmet.code, unmet.what_zh) for unmet in refusal.unmet] == [
        ("cannot_be_undone", "合同签订后对双方有约束力，签订不能撤回")
    ]
    assert "解除合同" in refusal.unmet[0].remedy_zh


def test_filing_goes_back_with_the_withdrawal_at_the_office_and_its_time_runs_again() -> None:
    now = Situation(("feedback_due", "filing_correction", "payments_running")).giving(
        "step_back", what="filing"
    )
    plan = now.plan("step_back")
    assert plan.position == ("feedback_due", "filing_due", "payments_running")
    assert plan.closes == (Closing("filing_decision", "dropped"), Closing("correction", "dropped"))
    assert plan.reopens == ("license_filing",)
    assert plan.facts["filing"] is None


def test_reason_and_what_became_void_stay_on_record() -> None:
    plan = (
        Situation(EVERYTHING).giving("step_back", what="publicity", reason="公示内容有误").plan("step_back")
    )
    (told,) = (plan.facts["stepped_back"] or {})["list"]
    assert (told["what"], told["reason"], told["voids"]) == (
        "publicity",
        "公示内容有误",
        ["publicity", "approval", "contract"],
    )
    assert Closing("publicity", "dropped") in plan.closes
