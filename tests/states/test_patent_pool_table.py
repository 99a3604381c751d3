"""The whole table of an entry in a patent pool: every pair of states that can stand together × every step × every role."""

from dataclasses import replace
from datetime import date

import pytest

from cases.tables import ROLES
from states.patent_pool import CHART, MODE
from tests.states import amending
from tests.states.arcs import check_answers, check_offers
from tests.states.patent_pool_situation import deal, in_force, pool, ready
from tests.states.places import leaves, pairwise
from tests.states.situation import PATENT, SECOND, TODAY
from tests.states.test_steps_table import ARCS as LICENSE
from tests.states.test_steps_table import WHO as LICENSE_WHO

# Steps of regions that a license has as well: the table of the license says where they lead.
_REGIONS = ("title_", "price_", "publicity_", "approval_", "registration_", "rewards_")
SHARED = tuple(
    (state, step, reached)
    for state, step, reached in LICENSE
    if state.startswith(_REGIONS) and step in MODE.steps and step not in ("switch_mode", "step_back")
)
ARCS = (
    *amending.ARCS,
    *SHARED,
    ("entry_open", "submit_entry", "entry_submitted"),
    ("entry_submitted", "admit_entry", "entry_admitted"),
    ("entry_submitted", "refuse_entry", "entry_refused"),
    ("entry_refused", "submit_entry", "entry_submitted"),
    ("contract_waiting", "start_drafting", "drafting"),
    ("drafting", "finalize_contract", "signing"),
    ("drafting", "choose_clauses", "="),
    ("drafting", "rewrite_clause", "="),
    ("signing", "sign", "signed"),
    ("signing", "return_to_drafting", "drafting"),
    ("signed", "take_effect", " ".join(in_force())),
    ("signed", "record_duty", "="),
    *(("signed", step, "duties_due") for step in ("terminate", "record_patent_ended")),
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
    ("pool_entry_due", "record_entry", "pooled"),
    ("pooled", "record_statement", "="),
    ("pooled", "request_exit", "exit_noticed"),
    ("exit_noticed", "record_statement", "="),
    ("exit_noticed", "record_exit", "duties_due"),
    ("feedback_due", "report_feedback", "feedback_reported"),
    *(("payments_running", step, "=") for step in ("record_receipt", "release_payment")),
    ("rewards_idle", "record_receipt", "rewards_due"),
    *(("performance", step, "=") for step in ("record_duty", "correct_date", "correct_entry", "reassign")),
    *(("performance", step, "duties_due") for step in ("terminate", "expire", "record_patent_ended")),
    *(
        ("duties_due", step, "=")
        for step in (
            "record_duty", "record_receipt", "release_payment", "report_feedback", "record_statement", "reassign",
            "correct_date", "correct_entry",
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
    check_answers(ARCS, WHO, step, map(pool, POSITIONS))


@pytest.mark.parametrize("role", ROLES)
def test_offered_steps_are_those_of_the_table(role: str) -> None:
    check_offers(ARCS, WHO, role, map(pool, POSITIONS))


def test_ended_cases_offer_nothing() -> None:
    final = [position for position in POSITIONS if CHART.is_final(position)]
    assert final == [("completed",), ("patent_ended",), ("rejected",), ("terminated",), ("withdrawn",)]
    assert [pool(position).options("officer") for position in final] == [{}, {}, {}, {}, {}]


@pytest.mark.parametrize(
    ("stage", "position"),
    [
        ("preparation", deal(entry="entry_refused")),
        ("contract", deal(contract="signed")),
        ("performance", in_force(membership="exit_noticed")),
        ("performance", ("duties_due",)),
        ("end", ("patent_ended",)),
    ],
)
def test_stage_of_a_position(stage: str, position: tuple[str, ...]) -> None:
    assert CHART.stage(position) == stage


NOTHING: tuple[tuple[str, ...], ...] = ()
# Step: deadlines opened (key, rule, due), closed (key, how), documents.
EFFECTS = {
    "submit_entry": (NOTHING, NOTHING, ()),
    "admit_entry": (NOTHING, NOTHING, ()),
    "refuse_entry": (NOTHING, NOTHING, ()),
    "sign": ((("stamp_duty", "TX-14", "2026-06-16"),), NOTHING, ("contract",)),
    "take_effect": (
        (
            ("technology_contract", "TC", "2026-07-01"),
            ("payment:1", "PAYMENT", "2026-05-15"),
            ("payment:2", "PAYMENT", "2026-11-16"),  # 15 November is a Sunday
            ("payment:3", "PAYMENT", "2027-03-31"),
        ),
        NOTHING,
        (),
    ),
    "record_entry": ((("feedback", "FEEDBACK", "2026-06-16"),), NOTHING, ()),
    "report_feedback": (NOTHING, (("feedback", "met"),), ()),
    "record_statement": (NOTHING, NOTHING, ()),
    "request_exit": ((("pool_exit", "CONTRACT", "2026-08-30"),), NOTHING, ()),
    "record_exit": (NOTHING, (("*", "dropped"),), ()),
    "expire": (NOTHING, (("*", "dropped"),), ()),
    "terminate": (NOTHING, (("*", "dropped"),), ("termination_agreement",)),
    "record_patent_ended": (NOTHING, (("*", "dropped"),), ()),
}


@pytest.mark.parametrize("step", EFFECTS)
def test_step_opens_closes_and_makes_what_the_table_says(step: str) -> None:
    plan = ready(step).plan(step)
    opened = tuple((key, deadline.rule_id, deadline.due.isoformat()) for key, deadline in plan.deadlines)
    closed = tuple((closing.key, closing.how) for closing in plan.closes)
    assert (opened, closed, plan.documents) == EFFECTS[step]


@pytest.mark.parametrize("step", EFFECTS)
def test_only_the_entry_earns_the_label(step: str) -> None:
    label = ready(step).plan(step).label
    assert label == (("已参与专利池运营", "入池编号 RC-1", TODAY) if step == "record_entry" else None)


@pytest.mark.parametrize(
    ("remaining", "kept"),
    [
        ("payment:2", ("stamp_duty", "feedback", "payment:2")),
        ("payment:1、payment:2", ("stamp_duty", "feedback", "payment:1", "payment:2")),
        ("无", ("stamp_duty", "feedback")),
    ],
)
def test_exit_keeps_the_payments_that_are_named(remaining: str, kept: tuple[str, ...]) -> None:
    plan = ready("record_exit").giving("record_exit", remaining=remaining).plan("record_exit")
    assert plan.closes[0].but == kept
    assert (plan.facts["end"] or {})["how"] == "terminated"


@pytest.mark.parametrize(
    ("leaves", "codes"),
    [
        (date(2026, 8, 29), ["exit_before_notice"]),
        (date(2026, 8, 30), []),
        (date(2026, 5, 1), ["exit_before_notice"]),
    ],
)
def test_notice_of_exit_keeps_the_days_of_the_agreement(leaves: date, codes: list[str]) -> None:
    assert ready("request_exit").giving("request_exit", leaves_on=leaves).codes("request_exit") == codes


def test_refusal_of_the_notice_names_the_agreement_and_the_way_out() -> None:
    now = ready("request_exit").terms(own={"exit_notice_days": 30, "locked_until": "2028-04-01"})
    found = now.decide("request_exit")
    assert [(unmet.code, unmet.rule_id, unmet.article) for unmet in found.unmet] == [  # type: ignore[union-attr]
        ("exit_before_lock", "CONTRACT", "民法典第845条；合同约定")
    ]
    assert "解除合同" in found.unmet[0].remedy_zh  # type: ignore[union-attr]


def test_refusals_of_the_review_are_kept_one_by_one() -> None:
    first = ready("refuse_entry").plan("refuse_entry").facts["entry"] or {}
    again = ready("submit_entry").data("entry", **first).plan("submit_entry").facts["entry"] or {}
    assert [told["reason"] for told in again["refusals"]] == ["缺少对照"]
    second = ready("refuse_entry").data("entry", **again).plan("refuse_entry").facts["entry"] or {}
    assert len(second["refusals"]) == 2


def test_agreement_may_outlast_one_patent_but_not_all() -> None:
    """民法典 art 865."""
    early = replace(PATENT, term_end=date(2028, 5, 1))
    now = ready("sign").terms(end=date(2030, 12, 31))
    assert now.knowing(patents=(early, SECOND)).codes("sign") == []
    assert now.knowing(patents=(early, replace(SECOND, term_end=early.term_end))).codes("sign") == [
        "beyond_patent_life", "beyond_patent_life",
    ]  # fmt: skip


@pytest.mark.parametrize("entered", [None, "2026-05-24"])
def test_feedback_is_due_once_the_patents_are_in_the_pool(entered: str | None) -> None:
    now = ready("report_feedback").data("pool", entered_on=entered)
    assert now.codes("report_feedback") == ([] if entered else ["not_pooled"])


def test_every_deadline_explains_itself() -> None:
    for step in EFFECTS:
        for _, deadline in ready(step).plan(step).deadlines:
            assert deadline.explanation_zh and deadline.explanation_en
            assert (deadline.rule_id, deadline.article, deadline.rule_version) > ("", "", "")
