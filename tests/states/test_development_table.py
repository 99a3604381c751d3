"""The whole table of a development contract: every pair of states that can stand together × every step × every role."""

import pytest

from cases.tables import ROLES
from states.development import CHART, LABEL, MODE
from tests.states import amending
from tests.states.arcs import check_answers, check_offers
from tests.states.development_situation import deal, development, finished, in_force, ready
from tests.states.places import leaves, pairwise
from tests.states.situation import TODAY
from tests.states.test_steps_table import ARCS as LICENSE
from tests.states.test_steps_table import WHO as LICENSE_WHO

# Steps of regions that a license has as well: the table of the license says where they lead.
_REGIONS = (
    "title_",
    "price_",
    "approval_",
    "registration_",
    "rewards_",
    "not_worked",
    "worked",
    "industriali",
)
SHARED = tuple(
    (state, step, reached)
    for state, step, reached in LICENSE
    if state.startswith(_REGIONS) and step in MODE.steps and step not in ("switch_mode", "step_back")
)
ARCS = (
    *amending.ARCS_WITHOUT_END,
    *SHARED,
    ("contract_waiting", "start_drafting", "drafting"),
    ("drafting", "finalize_contract", "signing"),
    ("drafting", "choose_clauses", "="),
    ("drafting", "rewrite_clause", "="),
    ("signing", "sign", "signed"),
    ("signing", "return_to_drafting", "drafting"),
    ("signed", "take_effect", " ".join(in_force())),
    ("signed", "record_duty", "="),
    ("signed", "record_patent_ended", "="),
    ("signed", "terminate", "duties_due"),
    *(
        ("deal", step, "=")
        for step in ("edit_terms", "record_consent", "reassign", "correct_date", "correct_entry")
    ),
    ("deal", "withdraw", "withdrawn"),
    *(
        ("deal", step, "…")
        for step in ("add_patent", "remove_patent", "switch_mode", "split_off", "join_case", "step_back")
    ),
    ("performance", "step_back", "…"),
    ("work_running", "report_stage", "="),
    *((state, "record_result", "=") for state in ("work_running", "results_delivered", "results_accepted")),
    ("work_running", "deliver_results", "results_delivered"),
    ("results_delivered", "accept_results", "results_accepted"),
    ("results_delivered", "demand_rework", "work_running"),
    *((state, "waive_industrialization", "industrialization_waived") for state in ("not_worked", "worked")),
    *(("payments_running", step, "=") for step in ("record_receipt", "release_payment", "report_royalty")),
    ("rewards_idle", "record_receipt", "rewards_due"),
    *(
        ("performance", step, "=")
        for step in ("record_duty", "correct_date", "correct_entry", "reassign", "record_patent_ended")
    ),
    ("performance", "complete", "completed"),
    ("performance", "terminate", "duties_due"),
    *(
        ("duties_due", step, "=")
        for step in (
            "record_duty", "record_receipt", "release_payment", "report_industrialization", "reassign", "correct_date",
            "correct_entry", "report_royalty",
        )
    ),
)  # fmt: skip
WHO = {
    **dict.fromkeys(MODE.steps, "officer administrator"),
    **{step: who for step, who in LICENSE_WHO.items() if step in MODE.steps},
}
POSITIONS = pairwise(CHART)
# What joins or leaves a case, or steps back, voids clearance by clearance; tests of the effects look at it.
_VOIDING = ("add_patent", "remove_patent", "step_back", "switch_mode", "split_off", "join_case")
TABLED = [step for step in MODE.steps if step not in _VOIDING]


def test_table_names_every_state_and_step() -> None:
    every = {leaf for root in CHART.roots for leaf in leaves(root)}
    assert {leaf for position in POSITIONS for leaf in position} == every
    assert {state for state, _, _ in ARCS} <= set(CHART.nodes)
    assert {step for _, step, _ in ARCS} == set(MODE.steps)


@pytest.mark.parametrize("step", TABLED)
def test_every_position_and_role_is_answered_as_the_table_says(step: str) -> None:
    check_answers(ARCS, WHO, step, map(development, POSITIONS))


@pytest.mark.parametrize("role", ROLES)
def test_offered_steps_are_those_of_the_table(role: str) -> None:
    check_offers(ARCS, WHO, role, map(development, POSITIONS))


def test_ended_cases_offer_nothing() -> None:
    final = [position for position in POSITIONS if CHART.is_final(position)]
    assert final == [("completed",), ("rejected",), ("terminated",), ("withdrawn",)]
    assert [development(position).options("officer") for position in final] == [{}, {}, {}, {}]


@pytest.mark.parametrize(
    ("stage", "position"),
    [
        ("preparation", deal()),
        ("contract", deal(contract="signed")),
        ("performance", in_force(work="results_delivered")),
        ("performance", ("duties_due",)),
        ("end", ("completed",)),
    ],
)
def test_stage_of_a_position(stage: str, position: tuple[str, ...]) -> None:
    assert CHART.stage(position) == stage


NOTHING: tuple[tuple[str, ...], ...] = ()
# Step: deadlines opened (key, rule, due), closed (key, how), documents.
EFFECTS = {
    "sign": ((("stamp_duty", "TX-14", "2026-06-16"),), NOTHING, ("contract",)),
    "take_effect": (
        (
            ("technology_contract", "TC", "2026-07-01"),
            ("payment:1", "PAYMENT", "2026-05-15"),
            ("payment:2", "PAYMENT", "2026-11-16"),  # 15 November is a Sunday
            ("payment:3", "PAYMENT", "2027-03-31"),
            ("royalty_statement:1", "ROYALTY", "2026-06-29"),
            ("delivery", "CONTRACT", "2026-12-31"),
            ("industrialization", "CONTRACT", "2027-01-31"),
        ),
        NOTHING,
        (),
    ),
    "report_stage": (NOTHING, NOTHING, ()),
    "record_result": (NOTHING, NOTHING, ()),
    "deliver_results": (NOTHING, (("delivery", "met"),), ()),
    "demand_rework": ((("delivery", "CONTRACT", "2026-06-20"),), NOTHING, ()),
    "accept_results": (NOTHING, NOTHING, ()),
    "record_working": (NOTHING, NOTHING, ()),
    "record_industrialization": (
        (("industrialization_feedback", "FEEDBACK", "2026-06-16"),), (("industrialization", "met"),), (),
    ),
    "report_industrialization": (NOTHING, (("industrialization_feedback", "met"),), ()),
    "waive_industrialization": (NOTHING, (("industrialization", "dropped"),), ()),
    "record_patent_ended": (NOTHING, NOTHING, ()),
    "terminate": (NOTHING, (("*", "dropped"),), ("termination_agreement",)),
    "complete": (NOTHING, (("*", "dropped"),), ()),
}  # fmt: skip


@pytest.mark.parametrize("step", EFFECTS)
def test_step_opens_closes_and_makes_what_the_table_says(step: str) -> None:
    plan = ready(step).plan(step)
    opened = tuple((key, deadline.rule_id, deadline.due.isoformat()) for key, deadline in plan.deadlines)
    closed = tuple((closing.key, closing.how) for closing in plan.closes)
    assert (opened, closed, plan.documents) == EFFECTS[step]


@pytest.mark.parametrize("step", EFFECTS)
def test_only_industrialization_earns_the_label(step: str) -> None:
    label = ready(step).plan(step).label
    told = "合同H-0约定由合作企业实现产业化；技术合同认定登记R1；产品隔膜"
    assert label == ((LABEL, told, TODAY) if step == "record_industrialization" else None)


def test_label_names_no_registration_that_is_not_there() -> None:
    now = ready("record_industrialization").data("registration", registration_no=None)
    label = now.plan("record_industrialization").label
    assert label is not None
    assert label[1] == "合同H-0约定由合作企业实现产业化；产品隔膜"


@pytest.mark.parametrize(
    ("region", "leaf", "code", "rule_id"),
    [
        ("work", "work_running", "results_not_accepted", "K-09"),
        ("work", "results_delivered", "results_not_accepted", "K-09"),
        ("registration", "registration_refused", "registration_open", "TC-04"),
        ("industrialization", "not_worked", "industrialization_open", "RP-04"),
        ("industrialization", "industrialized", "industrialization_open", "RP-04"),
    ],
)
def test_what_is_open_stands_against_completing(region: str, leaf: str, code: str, rule_id: str) -> None:
    done = {
        "work": "results_accepted", "registration": "registered", "industrialization": "industrialization_reported",
    }  # fmt: skip
    now = finished().at(*in_force(**{**done, region: leaf}))
    found = now.decide("complete")
    assert [(unmet.code, unmet.rule_id) for unmet in found.unmet] == [(code, rule_id)]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("leaf", "codes"),
    [
        ("not_worked", []),
        ("worked", []),
        ("industrialized", ["industrialization_open"]),
        ("industrialization_waived", []),
    ],
)
def test_industrialization_that_nobody_promised_is_only_to_be_reported(leaf: str, codes: list[str]) -> None:
    now = finished().at(*in_force(work="results_accepted", registration="registered", industrialization=leaf))
    assert now.terms(industrialized_by=None).codes("complete") == codes


def test_contract_without_own_days_opens_none() -> None:
    plan = ready("take_effect").terms(industrialized_by=None, own={}).plan("take_effect")
    assert not {"delivery", "industrialization"} & {key for key, _ in plan.deadlines}


def test_every_deadline_explains_itself() -> None:
    for step in EFFECTS:
        for _, deadline in ready(step).plan(step).deadlines:
            assert deadline.explanation_zh and deadline.explanation_en
            assert (deadline.rule_id, deadline.article, deadline.rule_version) > ("", "", "")
