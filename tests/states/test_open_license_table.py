"""The whole table of an open license: positions × steps × roles, and what each step does besides moving.

`ARCS` is the law of this file: state, step, where it goes. Whatever it does not list is refused.
"""

import pytest

from cases.tables import ROLES
from states.chart import Position
from states.open_license import MODE
from states.plan import Plan, Refusal
from tests.states.open_license_situation import CHART, OPEN, acceptance, at, open_, ready
from tests.states.situation import TODAY, reachable
from tests.states.step_table import expected, listed, one_per_leaf, who

_OWN = "record_acceptance reach_license submit_acceptance_filing receive_acceptance_correction"
_OWN += (
    " answer_acceptance_correction record_acceptance_filing refuse_acceptance_filing record_acceptance_duty"
)
_OWN += " end_acceptance cancel_acceptance_filing notify_licensees"
ARCS = (
    ("title_pending", "clear_title", "title_cleared"),
    ("title_cleared", "clear_title", "="),
    ("price_open", "agree_price", "price_agreed"),
    ("publicity_open", "post_publicity", "publicity_running"),
    ("publicity_running", "raise_objection", "publicity_paused"),
    ("publicity_running", "close_publicity", "publicity_closed"),
    ("publicity_running", "correct_date", "="),
    ("publicity_paused", "resolve_objection", "publicity_running"),
    ("approval_open", "submit_approval", "approval_submitted"),
    ("approval_submitted", "approve", "approval_granted"),
    ("approval_submitted", "send_back", "approval_open"),
    ("approval_submitted", "reject", "rejected"),
    ("contract_waiting", "start_drafting", "drafting"),
    ("drafting", "finalize_contract", "signing"),
    ("drafting", "choose_clauses", "="),
    ("drafting", "rewrite_clause", "="),
    ("signing", "sign", "filing_due"),
    ("signing", "return_to_drafting", "drafting"),
    *(("deal", step, "=") for step in ("edit_terms", "record_consent", "reassign", "correct_date", "correct_entry")),
    *((state, "step_back", "=") for state in ("deal", "performance")),
    ("feedback_reported", "step_back", "feedback_due"),
    ("deal", "withdraw", "withdrawn"),
    ("deal", "add_patent", " ".join(CHART.initial)),
    ("deal", "remove_patent", " ".join(CHART.initial)),
    *(("deal", step, " ".join(CHART.initial)) for step in ("switch_mode", "split_off", "join_case")),
    *(
        ("title_cleared", step, " ".join({*CHART.initial, "title_cleared"} - {"title_pending"}))
        for step in ("switch_mode", "split_off")
    ),
    *(("filing", step, "=") for step in ("correct_date", "correct_entry", "reassign")),
    ("filing", "record_patent_ended", "duties_due"),
    ("filing_due", "submit_filing", "filing_submitted"),
    ("filing_due", "withdraw", "withdrawn"),
    ("filing_submitted", "receive_correction", "filing_correction"),
    ("filing_submitted", "record_filing", " ".join(OPEN)),
    ("filing_submitted", "refuse_filing", "filing_refused"),
    ("filing_submitted", "withdraw_filing", "withdrawn"),
    ("filing_correction", "answer_correction", "filing_submitted"),
    ("filing_correction", "withdraw_filing", "withdrawn"),
    ("filing_refused", "submit_filing", "filing_submitted"),
    ("filing_refused", "withdraw", "withdrawn"),
    ("filing_recorded", "record_bar", "="),
    ("filing_recorded", "submit_withdrawal", "withdrawal_submitted"),
    ("filing_recorded", "record_revocation", "declaration_over"),
    ("withdrawal_submitted", "record_withdrawal", "declaration_over"),
    ("withdrawal_submitted", "refuse_withdrawal", "filing_recorded"),
    ("withdrawal_submitted", "record_revocation", "declaration_over"),
    ("declaration_over", "complete", "completed"),
    *(("rewards_idle", step, "rewards_due") for step in ("record_receipt", "reach_license")),
    *(("acceptances_running", step, "=") for step in _OWN.split()),
    ("feedback_due", "report_feedback", "feedback_reported"),
    *(("payments_running", step, "=") for step in ("record_receipt", "release_payment")),
    ("rewards_due", "plan_distribution", "rewards_planned"),
    ("rewards_planned", "plan_distribution", "="),
    ("rewards_planned", "post_reward_publicity", "rewards_publicized"),
    ("rewards_publicized", "close_reward_publicity", "rewards_confirmed"),
    ("rewards_confirmed", "pay_rewards", "rewards_idle"),
    *(
        (state, "withdraw_distribution", "rewards_due")
        for state in ("rewards_planned", "rewards_publicized", "rewards_confirmed")
    ),
    *(("performance", step, "=") for step in ("record_duty", "correct_date", "correct_entry", "reassign")),
    ("performance", "expire", "duties_due"),
    ("performance", "record_patent_ended", "duties_due"),
    *(
        ("duties_due", step, "=")
        for step in (
            "cancel_acceptance_filing", "record_acceptance_duty", "notify_licensees", "record_receipt",
            "release_payment", "report_feedback", "reassign", "correct_date", "correct_entry", "record_duty",
        )
    ),
)  # fmt: skip
OFFICE, MONEY = "officer administrator", "officer administrator finance"
WHO = who(
    MODE.steps,
    OFFICE,
    {
        **dict.fromkeys(("approve", "send_back", "reject"), "approver"),
        **dict.fromkeys(("record_receipt", "release_payment", "pay_rewards"), "finance"),
        **dict.fromkeys(
            (
                "record_duty",
                "record_acceptance_duty",
                "reach_license",
                "correct_entry",
                "plan_distribution",
                "withdraw_distribution",
            ),
            MONEY,
        ),
    },
)
POSITIONS = reachable(CHART)


def test_table_covers_every_leaf_and_every_step() -> None:
    leaves = {node.id for node in CHART.nodes.values() if not node.children}
    assert {leaf for position in POSITIONS for leaf in position} == leaves
    assert {state for state, _, _ in ARCS} <= set(CHART.nodes)
    assert {step for _, step, _ in ARCS} == set(MODE.steps)


@pytest.mark.parametrize("step", MODE.steps)
def test_every_position_and_role_is_answered_as_the_table_says(step: str) -> None:
    """Unlisted pairs are refused with `not_here`, wrong roles with `role`, and with both if both hold."""
    for position in one_per_leaf(POSITIONS):
        allowed = listed(CHART, ARCS, position)
        for role in ROLES:
            answer = at(*position).decide(step, role)
            codes = {unmet.code for unmet in answer.unmet} if isinstance(answer, Refusal) else set()
            assert ("not_here" in codes) == (step not in allowed), (position, step, role)
            assert ("role" in codes) == (role not in WHO[step].split()), (position, step, role)
            if isinstance(answer, Plan):
                assert answer.position == expected(CHART, position, *allowed[step]), (position, step)


def test_offered_steps_are_those_of_the_table() -> None:
    for position in POSITIONS:
        assert set(CHART.offered(position)) - {"settle", "end_with_patent", "receive"} == {
            *listed(CHART, ARCS, position),
            *(event for event in CHART.offered(position) if event.startswith("void_")),
        }


@pytest.mark.parametrize("step", MODE.steps)
def test_every_step_is_possible_where_it_stands(step: str) -> None:
    plan = ready(step).plan(step)
    state, target = listed(CHART, ARCS, ready(step).position)[step]
    assert plan.position == expected(CHART, ready(step).position, state, target)


def test_ended_cases_offer_nothing() -> None:
    final = [position for position in POSITIONS if CHART.is_final(position)]
    assert final == [("completed",), ("patent_ended",), ("rejected",), ("terminated",), ("withdrawn",)]
    assert [CHART.offered(position) for position in final] == [()] * 5


@pytest.mark.parametrize(
    ("stage", "position"),
    [
        ("preparation", CHART.initial),
        ("contract", ("approval_granted", "drafting", "price_agreed", "publicity_closed", "title_cleared")),
        ("performance", ("filing_due",)),
        ("performance", ("filing_refused",)),
        ("performance", OPEN),
        ("performance", open_(declaration="declaration_over")),
        ("performance", ("duties_due",)),
        ("end", ("withdrawn",)),
    ],
)
def test_stage_of_a_position(stage: str, position: Position) -> None:
    assert CHART.stage(position) == stage


NOTHING: tuple[tuple[str, ...], ...] = ()
# Step: deadlines opened (key, rule, due), closed (key, how), documents, outbox. Steps of preparation are those of a license.
EFFECTS = {
    "start_drafting": (NOTHING, NOTHING, ("declaration", "fee_statement")),
    "finalize_contract": (NOTHING, NOTHING, ("declaration", "fee_statement")),
    "sign": (NOTHING, NOTHING, ("declaration", "fee_statement")),
    "submit_filing": (NOTHING, NOTHING, ()),
    "receive_correction": ((("correction", "CORRECTION", "2026-06-16"),), NOTHING, ()),
    "answer_correction": (NOTHING, (("correction", "met"),), ()),
    "record_filing": (NOTHING, NOTHING, ()),
    "refuse_filing": (NOTHING, NOTHING, ()),
    "withdraw_filing": (NOTHING, (("*", "dropped"),), ()),
    "record_bar": (
        (("open_withdrawal", "OP-12", "2026-06-08"), ("licensee_notice", "OP-12", "2026-06-08")), NOTHING, (),
    ),
    "submit_withdrawal": (NOTHING, (("open_withdrawal", "met"),), ("withdrawal_declaration",)),
    "record_withdrawal": (NOTHING, (("open_withdrawal", "dropped"),), ()),
    "refuse_withdrawal": (NOTHING, NOTHING, ()),
    "record_revocation": (NOTHING, (("open_withdrawal", "dropped"),), ()),
    "record_acceptance": (NOTHING, NOTHING, ("acceptance_notice:7",)),
    "reach_license": (
        (
            ("acceptance_filing:1", "T-01", "2026-09-01"),
            ("acceptance_stamp_duty:1", "TX-14", "2026-06-16"),
            ("acceptance_registration:1", "TC", "2026-07-01"),
            ("payment:1@1", "PAYMENT", "2027-03-31"),
            ("payment:2@1", "PAYMENT", "2028-03-31"),
            ("distribution:1", "REWARD", "2026-09-01"),
            ("reward_tax:1", "T-IIT36", "2029-06-01"),
        ),
        NOTHING,
        ("acceptance_contract:1", "acceptance_filing_form:1"),
    ),
    "submit_acceptance_filing": (
        (("acceptance_decision:2", "T-02", "2026-06-10"),), (("acceptance_filing:2", "met"),), (),
    ),
    "receive_acceptance_correction": (
        (("acceptance_correction:3", "CORRECTION", "2026-06-16"),), (("acceptance_decision:3", "dropped"),), (),
    ),
    "answer_acceptance_correction": (
        (("acceptance_decision:4", "T-02", "2026-06-10"),), (("acceptance_correction:4", "met"),), (),
    ),
    "record_acceptance_filing": (NOTHING, (("acceptance_decision:3", "met"),), ()),
    "refuse_acceptance_filing": (
        (("acceptance_filing:3", "T-01", "2026-07-10"),), (("acceptance_decision:3", "met"),), (),
    ),
    "record_acceptance_duty": (NOTHING, (("acceptance_stamp_duty:2", "met"),), ()),
    "end_acceptance": (
        (("acceptance_cancellation:5", "T-04", "2026-07-01"),),
        tuple((f"{key}:5", "dropped") for key in ("acceptance_filing", "acceptance_decision", "acceptance_correction"))
        + (("payment:1@5", "dropped"), ("payment:2@5", "dropped")),
        ("acceptance_filing_cancellation:5",),
    ),
    "cancel_acceptance_filing": (NOTHING, (("acceptance_cancellation:6", "met"),), ()),
    "notify_licensees": (NOTHING, (("licensee_notice", "met"),), ()),
    "report_feedback": (NOTHING, (("feedback", "met"),), ()),
    "record_receipt": (
        (("distribution:1", "REWARD", "2026-09-01"), ("reward_tax:1", "T-IIT36", "2029-06-01")), (("payment:1@2", "met"),), (),
    ),
    "release_payment": (NOTHING, (("payment:1@2", "dropped"),), ()),
    "record_duty": (NOTHING, (("patent_ended:7", "met"),), ()),
    "complete": (NOTHING, (("*", "dropped"),), ()),
}  # fmt: skip


@pytest.mark.parametrize("step", EFFECTS)
def test_step_opens_closes_and_makes_what_the_table_says(step: str) -> None:
    plan = ready(step).plan(step)
    opened = tuple((key, deadline.rule_id, deadline.due.isoformat()) for key, deadline in plan.deadlines)
    closed = tuple((closing.key, closing.how) for closing in plan.closes)
    assert (opened, closed, plan.documents) == EFFECTS[step]


def test_every_deadline_explains_itself() -> None:
    for step in EFFECTS:
        for _, deadline in ready(step).plan(step).deadlines:
            assert deadline.explanation_zh and deadline.explanation_en
            assert (deadline.rule_id, deadline.article, deadline.rule_version) > ("", "", "")


def test_only_the_first_license_reached_earns_the_label() -> None:
    labels = {step: ready(step).plan(step).label for step in MODE.steps}
    first = ready("reach_license").data("acceptances", list=[acceptance(1, "notified", effective_on=None)])
    assert first.plan("reach_license").label == (
        "已达成开放许可", "开放许可声明KF1；第1家公司书面通知通知1；付款凭证回单1", TODAY,
    )  # fmt: skip
    assert set(labels.values()) == {None}
