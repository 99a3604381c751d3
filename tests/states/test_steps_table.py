"""The whole table of an exclusive license: every position × every step × every role.

`ARCS` is the law of this file: leaf, step, where the leaf goes. Whatever it does not list is refused.
"""

import pytest

from cases.tables import ROLES
from rules.packs import load
from states.context import Context
from states.decide import policy
from tests.states import amending
from tests.states.arcs import check_answers, check_offers
from tests.states.places import leaves, pairwise
from tests.states.situation import CHART, HASHES, MODE, PERFORMING, Situation, paid_later

# (state, step, what becomes of it): a leaf, or "=" for a step that keeps the position.
ARCS = (
    *amending.ARCS,
    ("title_pending", "clear_title", "title_cleared"),
    ("title_cleared", "clear_title", "="),
    ("price_open", "agree_price", "price_agreed"),
    ("price_open", "list_deal", "price_listed"),
    ("price_open", "announce_auction", "price_auctioned"),
    ("price_listed", "close_listing", "price_agreed"),
    ("price_auctioned", "close_auction", "price_agreed"),
    ("publicity_open", "post_publicity", "publicity_running"),
    ("publicity_running", "raise_objection", "publicity_paused"),
    ("publicity_running", "close_publicity", "publicity_closed"),
    ("publicity_paused", "resolve_objection", "publicity_running"),
    ("approval_open", "submit_approval", "approval_submitted"),
    ("approval_submitted", "approve", "approval_granted"),
    ("approval_submitted", "send_back", "approval_open"),
    ("approval_submitted", "reject", "rejected"),
    ("contract_waiting", "start_drafting", "drafting"),
    ("drafting", "finalize_contract", "signing"),
    ("drafting", "choose_clauses", "="),
    ("drafting", "rewrite_clause", "="),
    ("signing", "sign", "signed"),
    ("signing", "return_to_drafting", "drafting"),
    ("signed", "take_effect", " ".join(PERFORMING)),
    ("signed", "record_duty", "="),
    *((state, step, "=") for state in ("deal", "performance") for step in ("correct_date", "correct_entry")),
    ("deal", "step_back", " ".join(CHART.initial)),
    *(("deal", step, " ".join(CHART.initial)) for step in ("switch_mode", "split_off", "join_case")),
    ("title_cleared", "switch_mode", " ".join({*CHART.initial, "title_cleared"} - {"title_pending"})),
    ("performance", "step_back", "="),
    ("feedback_reported", "step_back", "feedback_due"),
    ("filing_correction", "step_back", "filing_due"),
    ("filing_submitted", "step_back", "filing_due"),
    ("deal", "edit_terms", "="),
    ("deal", "record_consent", "="),
    ("deal", "withdraw", "withdrawn"),
    ("deal", "add_patent", " ".join(CHART.initial)),
    ("deal", "remove_patent", " ".join(CHART.initial)),
    ("deal", "reassign", "="),
    ("performance", "reassign", "="),
    ("filing_due", "submit_filing", "filing_submitted"),
    ("filing_submitted", "receive_correction", "filing_correction"),
    ("filing_submitted", "record_filing", "filing_recorded"),
    ("filing_submitted", "refuse_filing", "filing_refused"),
    ("filing_correction", "answer_correction", "filing_submitted"),
    ("filing_refused", "submit_filing", "filing_submitted"),
    ("feedback_due", "report_feedback", "feedback_reported"),
    ("payments_running", "record_receipt", "="),
    ("performance", "record_duty", "="),
    ("performance", "terminate", "cancellation_due"),
    ("performance", "expire", "cancellation_due"),
    ("performance", "record_patent_ended", "cancellation_due"),
    ("signed", "terminate", "duties_due"),
    ("signed", "record_patent_ended", "duties_due"),
    ("payments_running", "release_payment", "="),
    *(
        ("payments_running", step, "=")
        for step in (
            "report_royalty", "reach_milestone", "drop_milestone", "start_trial", "trigger_trial", "choose_option",
        )
    ),
    ("performance", "return_trial", "cancellation_due"),
    ("cancellation_due", "cancel_filing", "duties_due"),
    ("withdrawal_due", "withdraw_filing", "duties_due"),
    ("withdrawal_due", "record_filing", "cancellation_due"),
    ("withdrawal_due", "refuse_filing", "duties_due"),
    *(
        (state, step, "=")
        for state in ("cancellation_due", "withdrawal_due", "duties_due")
        for step in (
            "record_duty", "record_receipt", "release_payment", "report_feedback", "report_industrialization",
            "reassign", "correct_date", "correct_entry", "report_royalty",
        )
    ),
    *(
        (state, "apply_registration", "registration_submitted")
        for state in ("registration_due", "registration_refused", "registration_waived")
    ),
    ("registration_due", "waive_registration", "registration_waived"),
    ("registration_refused", "waive_registration", "registration_waived"),
    ("registration_submitted", "register_contract", "registered"),
    ("registration_submitted", "refuse_registration", "registration_refused"),
    ("rewards_idle", "record_receipt", "rewards_due"),
    ("rewards_due", "plan_distribution", "rewards_planned"),
    ("rewards_planned", "plan_distribution", "="),
    ("rewards_planned", "post_reward_publicity", "rewards_publicized"),
    ("rewards_publicized", "close_reward_publicity", "rewards_confirmed"),
    ("rewards_confirmed", "pay_rewards", "rewards_idle"),
    *(
        (state, "withdraw_distribution", "rewards_due")
        for state in ("rewards_planned", "rewards_publicized", "rewards_confirmed")
    ),
    ("not_worked", "record_working", "worked"),
    ("worked", "record_industrialization", "industrialized"),
    ("industrialized", "report_industrialization", "industrialization_reported"),
    *((state, "record_product_filing", "=") for state in ("worked", "industrialized", "industrialization_reported")),
)  # fmt: skip
OFFICE = "officer administrator"
WHO = {
    **dict.fromkeys(MODE.steps, OFFICE),
    "approve": "approver",
    "send_back": "approver",
    "reject": "approver",
    **amending.WHO,
    "record_receipt": "finance",
    "release_payment": "finance",
    "pay_rewards": "finance",
    **dict.fromkeys(
        ("record_duty", "plan_distribution", "withdraw_distribution", "correct_entry", "report_royalty"),
        "officer administrator finance",
    ),
}
POSITIONS = pairwise(CHART)


def leaves_of_chart() -> list[str]:
    return [leaf for root in CHART.roots for leaf in leaves(root)]


def test_table_covers_every_leaf_and_every_step() -> None:
    assert {leaf for position in POSITIONS for leaf in position} == set(leaves_of_chart())
    assert {state for state, _, _ in ARCS} <= set(CHART.nodes)
    assert {step for _, step, _ in ARCS} == set(MODE.steps)


@pytest.mark.parametrize("step", MODE.steps)
def test_every_position_and_role_is_answered_as_the_table_says(step: str) -> None:
    check_answers(ARCS, WHO, step, map(paid_later, POSITIONS))


@pytest.mark.parametrize("role", ROLES)
def test_offered_steps_are_those_of_the_table(role: str) -> None:
    check_offers(ARCS, WHO, role, map(paid_later, POSITIONS))


def test_readonly_may_take_no_step() -> None:
    assert [step for step in MODE.steps if "readonly" in MODE.steps[step].roles] == []


def test_ended_cases_offer_nothing() -> None:
    final = [position for position in POSITIONS if CHART.is_final(position)]
    assert final == [("completed",), ("patent_ended",), ("rejected",), ("terminated",), ("withdrawn",)]
    assert [Situation(position).options("officer") for position in final] == [{}, {}, {}, {}, {}]


@pytest.mark.parametrize(
    ("step", "outcome", "position", "reached"),
    [
        ("resolve_objection", {"outcome": "upheld"}, "publicity_paused", "publicity_open"),
        ("resolve_objection", {"outcome": "dismissed"}, "publicity_paused", "publicity_running"),
    ],
)
def test_objection_goes_by_its_outcome(
    step: str, outcome: dict[str, str], position: str, reached: str
) -> None:
    others = ("approval_open", "contract_waiting", "price_agreed", "title_cleared")
    paused = Situation().at(position, *others).data("publicity", pauses=[["2026-05-05", None]])
    assert paused.giving(step, **outcome).plan(step).position == tuple(sorted((reached, *others)))


@pytest.mark.parametrize(
    ("stage", "position"),
    [
        ("preparation", "approval_open contract_waiting price_open publicity_open title_pending"),
        ("contract", "approval_granted drafting price_agreed publicity_closed title_cleared"),
        ("contract", "approval_granted price_agreed publicity_closed signing title_cleared"),
        ("contract", "approval_granted price_agreed publicity_closed signed title_cleared"),
        ("performance", " ".join(PERFORMING)),
        ("performance", "cancellation_due"),
        ("performance", "withdrawal_due"),
        ("performance", "duties_due"),
        ("end", "completed"),
        ("end", "terminated"),
        ("end", "withdrawn"),
        ("end", "rejected"),
    ],
)
def test_stage_of_a_position(stage: str, position: str) -> None:
    assert CHART.stage(tuple(position.split())) == stage


@pytest.mark.parametrize(
    "event",
    [
        "void_title",
        "void_price",
        "void_publicity",
        "void_approval",
        "void_contract",
        "settle",
        "end_with_patent",
        "receive",
        "no_such",
    ],
)
def test_events_that_are_no_steps_are_refused(event: str) -> None:

    now = Situation()
    ctx = Context(MODE, now.position, now.facts, None, now.actor("officer"), now.today, load())
    assert [unmet.code for unmet in policy(MODE, event, ctx)] == ["unknown_step"]


def test_terms_seen_by_everybody_void_nothing() -> None:
    everything = Situation().at(
        "approval_granted", "signing", "price_agreed", "publicity_closed", "title_cleared"
    )
    plan = everything.terms(hashes={**HASHES, "terms": "t2"}).plan("edit_terms")
    assert (plan.raised, plan.voids, plan.position) == ((), (), everything.position)
