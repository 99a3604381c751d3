"""The whole table of a contribution to a company: positions × steps × roles, and what each step does besides moving.

`ARCS` is the law of this file: state, step, where it goes. Whatever it does not list is refused.
"""

from itertools import product

import pytest

from cases.tables import ROLES
from rules.packs import load
from states.chart import NoArc
from states.context import Context
from states.decide import policy
from states.equity import MODE
from states.plan import Plan, Refusal
from tests.states import amending
from tests.states.equity_situation import CHART, at, for_step, ready
from tests.states.places import leaves, pairwise
from tests.states.step_table import active, expected, listed, one_per_leaf, who
from tests.states.test_steps_table import ARCS as LICENSE
from tests.states.test_steps_table import WHO as LICENSE_WHO
from tests.states.test_transfer_table import EXPORT
from tests.states.transferring import ABROAD

IN_FORCE = (
    "award_open company_due deferral_open feedback_due filing_due holding_due payments_running rewards_idle "
)
ARCS = (
    *amending.ARCS_WITHOUT_END,
    ("title_pending", "clear_title", "title_cleared"),
    ("title_cleared", "clear_title", "="),
    ("valuation_open", "record_valuation", "valuation_reported"),
    ("valuation_open", "waive_valuation", "valuation_cleared"),
    ("valuation_reported", "record_valuation", "="),
    ("valuation_reported", "file_valuation", "valuation_cleared"),
    ("valuation_cleared", "record_valuation", "valuation_reported"),
    ("price_open", "agree_price", "price_agreed"),
    ("publicity_open", "post_publicity", "publicity_running"),
    ("publicity_running", "raise_objection", "publicity_paused"),
    ("publicity_running", "close_publicity", "publicity_closed"),
    ("publicity_paused", "resolve_objection", "publicity_running"),
    ("award_not_agreed", "agree_award", "award_agreed"),
    ("award_agreed", "agree_award", "="),
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
    ("signed", "take_effect", f"{IN_FORCE} export_unneeded"),
    ("signed+export_free", "take_effect", f"{IN_FORCE} export_registration_due"),
    *EXPORT,
    *(row for row in LICENSE if row[0].startswith("rewards_")),
    ("signed", "record_duty", "="),
    ("signed", "terminate", "duties_due"),
    ("signed", "record_patent_ended", "duties_due"),
    *(("deal", step, "=") for step in ("edit_terms", "record_consent", "reassign", "correct_date", "correct_entry", "step_back")),
    ("deal", "withdraw", "withdrawn"),
    ("deal", "add_patent", " ".join(CHART.initial)),
    ("deal", "remove_patent", " ".join(CHART.initial)),
    *(("deal", step, " ".join(CHART.initial)) for step in ("switch_mode", "split_off", "join_case")),
    ("company_due", "decide_capital", "company_decided"),
    ("company_decided", "decide_capital", "="),
    ("company_decided", "register_company", "company_registered"),
    ("company_registered", "record_contribution", "capital_paid"),
    ("company_registered", "publish_contribution", "="),
    ("company_registered", "receive_call", "="),
    ("capital_paid", "publish_contribution", "="),
    ("filing_due", "submit_filing", "filing_submitted"),
    ("filing_submitted", "pay_filing_fee", "="),
    ("filing_correction", "pay_filing_fee", "="),
    ("filing_submitted", "receive_correction", "filing_correction"),
    ("filing_submitted", "record_filing", "filing_recorded"),
    ("filing_submitted", "refuse_filing", "filing_refused"),
    ("filing_correction", "answer_correction", "filing_submitted"),
    ("filing_refused", "submit_filing", "filing_submitted"),
    ("award_open", "post_award", "award_posted"),
    ("award_open", "waive_award", "award_settled"),
    ("award_posted", "close_award", "award_published"),
    ("award_posted", "withdraw_award", "award_open"),
    ("award_published", "grant_award", "award_settled"),
    ("award_published", "withdraw_award", "award_open"),
    ("holding_due", "register_holding", "holding_registered"),
    ("deferral_open", "file_deferral", "deferral_filed"),
    ("deferral_open", "decline_deferral", "deferral_declined"),
    ("deferral_filed", "report_deferral", "="),
    ("feedback_due", "report_feedback", "feedback_reported"),
    ("payments_running", "record_receipt", "="),
    ("payments_running", "release_payment", "="),
    *(("performance", step, "=") for step in ("record_duty", "correct_date", "correct_entry", "step_back", "reassign")),
    ("performance", "terminate", "return_due"),
    ("withdrawal_due", "withdraw_filing", "duties_due"),
    ("withdrawal_due", "record_filing", "return_due"),
    ("withdrawal_due", "refuse_filing", "duties_due"),
    ("return_due", "record_return", "duties_due"),
    ("return_due", "leave_patents", "duties_due"),
    ("performance", "record_patent_ended", "duties_due"),
    ("performance", "complete", "completed"),
    *(
        (state, step, "=")
        for state in ("withdrawal_due", "return_due", "duties_due")
        for step in (
            "record_duty", "record_receipt", "release_payment", "report_feedback", "reassign", "correct_date", "correct_entry",
        )
    ),
)  # fmt: skip
FINANCE_TOO = "officer administrator finance"
WHO = who(MODE.steps, "officer administrator", {
    **{step: roles for step, roles in LICENSE_WHO.items() if step in MODE.steps},
    **dict.fromkeys(("approve", "send_back", "reject"), "approver"),
    **dict.fromkeys(("record_receipt", "release_payment"), "finance"),
    "pay_filing_fee": FINANCE_TOO,
    **dict.fromkeys(("record_duty", "correct_entry", "file_deferral", "decline_deferral", "report_deferral"), FINANCE_TOO),
})  # fmt: skip
POSITIONS = pairwise(CHART)
LOOKED_AT = one_per_leaf(POSITIONS)


def test_table_names_every_state_and_step() -> None:
    every = {leaf for root in CHART.roots for leaf in leaves(root)}
    assert {leaf for position in POSITIONS for leaf in position} == every
    assert {part for state, _, _ in ARCS for part in state.split("+")} <= set(CHART.nodes)
    assert {step for _, step, _ in ARCS} == set(MODE.steps)


def test_every_position_offers_what_the_table_lists() -> None:
    for position in POSITIONS:
        offered = {step for step in MODE.steps if CHART.offers(position, step)}
        assert offered == set(listed(CHART, ARCS, position)), position


@pytest.mark.parametrize("step", MODE.steps)
def test_every_state_and_role_is_answered_as_the_table_says(step: str) -> None:
    """Unlisted pairs are refused with `not_here`, wrong roles with `role`, and with both if both hold."""
    for position, role in product(LOOKED_AT, ROLES):
        allowed = listed(CHART, ARCS, position)
        answer = for_step(at(position), step).decide(step, role)
        codes = {unmet.code for unmet in answer.unmet} if isinstance(answer, Refusal) else set()
        assert ("not_here" in codes) == (step not in allowed), (position, role)
        assert ("role" in codes) == (role not in WHO[step].split()), (position, role)
        if isinstance(answer, Plan) and not answer.raised and not answer.final:
            assert answer.position == expected(CHART, position, *allowed[step]), position


@pytest.mark.parametrize("step", MODE.steps)
def test_every_step_is_possible_somewhere(step: str) -> None:
    now = ready(step)
    found = now.decide(step)
    assert isinstance(found, Plan), found
    target = listed(CHART, ARCS, now.position)[step][1]
    if "=" not in target and not found.raised:
        assert set(target.split()) <= set(found.position)


def test_the_library_agrees_with_the_table() -> None:
    assert {node.id for node in CHART.nodes.values()} == {
        str(state.id) for state in CHART.machine.states_map.values()
    }


def test_ends_are_final_and_offer_nothing() -> None:
    final = [position for position in POSITIONS if CHART.is_final(position)]
    assert final == [("completed",), ("patent_ended",), ("rejected",), ("terminated",), ("withdrawn",)]
    assert [at(position).options("officer") for position in final] == [{}, {}, {}, {}, {}]


@pytest.mark.parametrize("event", ["void_valuation", "void_award_agreement", "settle", "end_with_patent"])
def test_events_that_are_no_steps_are_refused(event: str) -> None:
    now = at(CHART.initial)
    ctx = Context(MODE, now.position, now.facts, None, now.actor("officer"), now.today, load())
    assert [unmet.code for unmet in policy(MODE, event, ctx)] == ["unknown_step"]


def test_no_arc_leaves_a_region_by_mistake() -> None:
    """A region's own step touches no other region."""
    for position in LOOKED_AT:
        for state, step, target in ARCS:
            if (
                state not in position
                or target == "="
                or len(target.split()) > 1
                or CHART.parents[target] is None
            ):
                continue
            try:
                reached = CHART.apply(position, step, lambda _name: True)
            except NoArc as error:
                raise AssertionError((position, step)) from error
            assert set(position) - {state} <= set(reached) | {state}
            assert active(CHART, reached).keys() >= active(CHART, position).keys() - {state}


# step → (deadlines opened: key, rule, due), (deadlines closed: key, how), documents
EFFECTS = {
    "record_valuation": ((), (), ()),
    "file_valuation": ((), (), ()),
    "waive_valuation": ((), (), ()),
    "agree_award": ((), (), ()),
    "agree_price": ((), (), ()),
    "sign": ((("stamp_duty", "TX-14", "2026-06-16"),), (), ("contract",)),
    "take_effect": ((("rights_transfer", "EQ-04", "2026-09-30"),), (), ()),
    "decide_capital": ((), (), ()),
    "register_company": (
        (("capital", "T-30", "2031-06-01"), ("capital_publicity", "T-COPUB", "2026-06-30"),
         ("feedback", "FEEDBACK", "2026-06-16"), ("deferral", "T-DEFER", "2026-07-15")),
        (("company_registration", "met"),), ("deferral_sheet",),
    ),
    "record_contribution": (
        (("capital_publicity", "T-COPUB", "2026-06-30"),), (("capital", "met"), ("capital_call", "met")), (),
    ),
    "publish_contribution": ((), (("capital_publicity", "met"),), ()),
    "receive_call": ((("capital_call", "T-CALL", "2026-07-31"),), (), ()),
    "register_holding": ((), (), ()),
    "submit_filing": (
        (("filing_fee", "T-06", "2026-07-01"),), (("rights_transfer", "met"),), (),
    ),
    "record_filing": (
        (("feedback", "FEEDBACK", "2026-06-16"), ("deferral", "T-DEFER", "2026-07-15")),
        (("filing_decision", "met"),), ("deferral_sheet",),
    ),
    "pay_filing_fee": ((("filing_decision", "T-07", "2026-07-01"),), (("filing_fee", "met"),), ()),
    "refuse_filing": (
        (("rights_transfer", "EQ-04", "2026-09-30"),), (("filing_decision", "met"), ("filing_fee", "dropped")), (),
    ),
    "withdraw_filing": ((), (("filing_cancellation", "met"),), ()),
    "record_return": ((), (("filing_cancellation", "met"),), ()),
    "leave_patents": ((), (("filing_cancellation", "met"),), ()),
    "post_award": ((("award_publicity", "PUB", "2026-06-24"),), (), ("award_notice",)),
    "close_award": ((), (("award_publicity", "met"),), ()),
    "withdraw_award": ((), (("award_publicity", "dropped"),), ()),
    "grant_award": ((), (), ()),
    "waive_award": ((), (), ()),
    "file_deferral": ((("deferral_report", "T-DEFERYR", "2027-01-30"),), (("deferral", "met"),), ()),
    "decline_deferral": ((), (("deferral", "dropped"),), ()),
    "report_deferral": ((("deferral_report", "T-DEFERYR", "2028-01-30"),), (("deferral_report", "met"),), ()),
    "report_feedback": ((), (("feedback", "met"),), ()),
    "record_duty": ((), (("stamp_duty", "met"),), ()),
    "terminate": (
        (("filing_cancellation", "CHANGE-BACK", "2026-07-01"), ("share_exit", "T-COREG", "2026-07-01")), (("*", "dropped"),),
        ("termination_agreement",),
    ),
    "complete": ((), (("*", "dropped"),), ()),
}  # fmt: skip


def test_effects_name_every_step_that_a_license_has_not() -> None:
    from states.catalog import MODES

    assert set(MODE.steps) - set(MODES["exclusive_license"].steps) - set(ABROAD) <= set(EFFECTS)


@pytest.mark.parametrize("step", EFFECTS)
def test_step_opens_closes_and_queues_what_the_table_says(step: str) -> None:
    plan = ready(step).plan(step)
    opened = tuple((key, deadline.rule_id, deadline.due.isoformat()) for key, deadline in plan.deadlines)
    closed = tuple((closing.key, closing.how) for closing in plan.closes)
    assert (opened, closed, plan.documents) == EFFECTS[step]
    for _, deadline in plan.deadlines:
        assert deadline.explanation_zh and deadline.explanation_en and deadline.article
