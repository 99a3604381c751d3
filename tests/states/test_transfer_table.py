"""The whole table of a transfer: every pair of states that can stand side by side × every step × every role."""

import pytest

from cases.tables import ROLES
from states.transfer import CHART, MODE
from tests.states import amending
from tests.states.arcs import check_answers, check_offers
from tests.states.places import leaves, pairwise
from tests.states.situation import TRIAL
from tests.states.test_steps_table import ARCS as LICENSE
from tests.states.test_steps_table import WHO as LICENSE_WHO
from tests.states.transferring import deal, in_force, transfer

_BEFORE_SIGNATURE = ("export_restricted", "export_refused", "export_forbidden", "export_free", "export_open")
# Steps of regions that a license has as well: the table of the license says where they lead.
SHARED = tuple(
    (state, step, reached)
    for state, step, reached in LICENSE
    if state.startswith(("price_", "registration_", "rewards_")) and step in MODE.steps
)
# What export control adds to a deal, and to a contract in force.
EXPORT = (
    *((state, "classify_technology", "export_free") for state in _BEFORE_SIGNATURE if state != "export_free"),
    ("export_free", "classify_technology", "="),
    ("export_restricted", "submit_export_application", "export_applied"),
    ("export_refused", "submit_export_application", "export_applied"),
    ("export_applied", "record_letter_of_intent", "export_intent"),
    ("export_applied", "refuse_export", "export_refused"),
    ("export_intent", "submit_export_contract", "export_licensing"),
    ("export_licensing", "record_export_license", "export_licensed"),
    ("export_licensing", "refuse_export", "export_refused"),
    ("export_registration_due", "submit_export_registration", "export_registration_submitted"),
    ("export_registration_submitted", "record_export_certificate", "export_certified"),
)
ARCS = (
    *amending.ARCS_WITHOUT_END,
    ("title_pending", "clear_title", "title_cleared"),
    ("title_cleared", "clear_title", "="),
    ("publicity_open", "post_publicity", "publicity_running"),
    ("publicity_running", "raise_objection", "publicity_paused"),
    ("publicity_running", "close_publicity", "publicity_closed"),
    ("publicity_paused", "resolve_objection", "publicity_running"),
    ("approval_open", "submit_approval", "approval_submitted"),
    ("approval_submitted", "approve", "approval_granted"),
    ("approval_submitted", "send_back", "approval_open"),
    ("approval_submitted", "reject", "rejected"),
    ("refusal_open", "notify_inventors", "refusal_waiting"),
    ("refusal_waiting", "record_inventor_answer", "first_refusal_cleared"),
    ("refusal_waiting", "close_first_refusal", "first_refusal_cleared"),
    ("refusal_exercised", "settle_first_refusal", "first_refusal_cleared"),
    *EXPORT,
    ("contract_waiting", "start_drafting", "drafting"),
    ("drafting", "finalize_contract", "signing"),
    ("drafting", "choose_clauses", "="),
    ("drafting", "rewrite_clause", "="),
    ("signing", "sign", "signed"),
    ("signing", "return_to_drafting", "drafting"),
    ("signed", "take_effect", " ".join(in_force())),
    ("signed+export_free", "take_effect", " ".join(in_force(export_registration="export_registration_due"))),
    ("signed", "record_duty", "="),
    *(("signed", step, "duties_due") for step in ("terminate", "record_patent_ended")),
    *(
        ("deal", step, "=")
        for step in ("edit_terms", "record_consent", "reassign", "correct_date", "correct_entry")
    ),
    ("deal", "withdraw", "withdrawn"),
    *(("deal", step, "…") for step in ("add_patent", "remove_patent")),
    ("filing_due", "submit_filing", "filing_submitted"),
    ("filing_refused", "submit_filing", "filing_submitted"),
    ("filing_submitted", "pay_filing_fee", "="),
    ("filing_correction", "pay_filing_fee", "="),
    ("filing_submitted", "receive_correction", "filing_correction"),
    ("filing_correction", "answer_correction", "filing_submitted"),
    ("filing_submitted", "record_filing", "filing_recorded"),
    ("filing_submitted", "refuse_filing", "filing_refused"),
    ("feedback_due", "report_feedback", "feedback_reported"),
    *(
        ("payments_running", step, "=")
        for step in ("record_receipt", "release_payment", "start_trial", "trigger_trial", "choose_option")
    ),
    *(("performance", step, "=") for step in ("record_duty", "correct_date", "correct_entry", "reassign")),
    ("performance", "complete", "completed"),
    *(
        (state, step, reached)
        for step in ("terminate", "record_patent_ended", "return_trial")
        for state, reached in (
            ("performance", "duties_due"),
            ("filing_submitted", "withdrawal_due"),
            ("filing_correction", "withdrawal_due"),
        )
    ),
    ("withdrawal_due", "withdraw_filing", "duties_due"),
    ("withdrawal_due", "record_filing", "return_due"),
    ("withdrawal_due", "refuse_filing", "duties_due"),
    ("return_due", "record_return", "duties_due"),
    *(
        (state, step, "=")
        for state in ("withdrawal_due", "return_due", "duties_due")
        for step in (
            "record_duty",
            "record_receipt",
            "release_payment",
            "report_feedback",
            "reassign",
            "correct_date",
            "correct_entry",
            "report_industrialization",
        )
    ),
    *((state, "step_back", "…") for state in ("deal", "performance")),
    *(("deal", step, "…") for step in ("switch_mode", "split_off", "join_case")),
    *SHARED,
)
WHO = {
    **dict.fromkeys(MODE.steps, "officer administrator"),
    **amending.WHO,
    **dict.fromkeys(("approve", "send_back", "reject"), "approver"),
    **dict.fromkeys(("record_receipt", "release_payment"), "finance"),
    **{step: who for step, who in LICENSE_WHO.items() if step in MODE.steps},
    "pay_filing_fee": "officer administrator finance",
}
POSITIONS = pairwise(CHART)
# What joins or leaves a case, or steps back, voids clearance by clearance; tests of the effects look at it.
_VOIDING = ("add_patent", "remove_patent", "step_back", "switch_mode", "split_off", "join_case")
TABLED = [step for step in MODE.steps if step not in _VOIDING]


def test_table_names_every_state_and_step() -> None:
    every = {leaf for root in CHART.roots for leaf in leaves(root)}
    assert {leaf for position in POSITIONS for leaf in position} == every
    assert {part for state, _, _ in ARCS for part in state.split("+")} <= set(CHART.nodes)
    assert {step for _, step, _ in ARCS} == set(MODE.steps)


@pytest.mark.parametrize("step", TABLED)
@pytest.mark.parametrize("foreign", [False, True], ids=["domestic", "foreign"])
def test_every_position_and_role_is_answered_as_the_table_says(step: str, foreign: bool) -> None:
    check_answers(ARCS, WHO, step, (transfer(position, foreign=foreign) for position in POSITIONS))


@pytest.mark.parametrize("role", ROLES)
def test_offered_steps_are_those_of_the_table(role: str) -> None:
    check_offers(ARCS, WHO, role, (transfer(position).terms(own={"trial": TRIAL}) for position in POSITIONS))


@pytest.mark.parametrize(
    ("stage", "position"),
    [
        ("preparation", deal()),
        ("contract", deal(contract="signed", export="export_licensing")),
        ("performance", in_force(filing="filing_recorded")),
        ("performance", ("return_due",)),
        ("end", ("completed",)),
    ],
)
def test_stage_of_a_position(stage: str, position: tuple[str, ...]) -> None:
    assert CHART.stage(position) == stage
