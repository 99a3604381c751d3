"""Conditions and effects of a transfer's own steps: first refusal, export control, change of owner, the ends."""

from dataclasses import replace
from typing import Any

import pytest

from rules.packs import load
from states import decide
from states.plan import Plan
from tests.states.situation import PATENT, SECOND, TODAY, Situation
from tests.states.transferring import ASSIGNEE, INVENTORS, OURS, deal, in_force, transfer

SUBMITTED = in_force(filing="filing_submitted")
WAITING = deal(first_refusal="refusal_waiting")
UNDATED = transfer(deal(contract="drafting")).patent(grant_date=None)
DESIGN = replace(OURS, kind="design")


def _codes(now: Situation, step: str) -> list[tuple[str, str]]:
    found = now.decide(step)
    return [(unmet.code, unmet.rule_id) for unmet in getattr(found, "unmet", ())]


def _due(now: Situation, step: str) -> dict[str, tuple[str, str]]:
    return {key: (found.rule_id, found.due.isoformat()) for key, found in now.plan(step).deadlines}


def _moved(plan: Plan) -> dict[int, tuple[str, ...] | None]:
    return {change.patent_id: change.owners for change in plan.register}


@pytest.mark.parametrize(
    ("step", "now", "unmet"),
    [
        ("notify_inventors", transfer(deal(first_refusal="refusal_open")), []),
        (
            "notify_inventors", transfer(deal(first_refusal="refusal_open", price="price_open")),
            [("needs_price", "PR-02")],
        ),
        (
            "notify_inventors",
            transfer(deal(first_refusal="refusal_open")).giving("notify_inventors", inventors=INVENTORS[0]),
            [("inventors_left_out", "O-08")],
        ),
        (
            "notify_inventors", transfer(deal(first_refusal="refusal_open")).knowing(patents=(PATENT,)),
            [("inventors_left_out", "O-08")],
        ),
        ("finalize_contract", UNDATED, [("no_patent_grant_date", "K-04")]),
        ("finalize_contract", UNDATED.patent(status="pending"), []),
        (
            "record_inventor_answer", transfer(WAITING).giving("record_inventor_answer", inventors="陌生人"),
            [("answer_not_awaited", "O-08")],
        ),
        (
            "close_first_refusal", transfer(WAITING).data("first_refusal", answer_by="2026-06-01"),
            [("reply_time_running", "O-08")],
        ),
        ("close_first_refusal", transfer(WAITING).data("first_refusal", answer_by="2026-05-31"), []),
        (
            "settle_first_refusal",
            transfer(deal(first_refusal="refusal_exercised")).data("first_refusal", takers=["陈思远"]).giving(
                "settle_first_refusal", outcome="is_assignee"
            ),
            [("assignee_is_another", "O-08")],
        ),
        (
            "settle_first_refusal",
            transfer(deal(first_refusal="refusal_exercised")).giving("settle_first_refusal", outcome="is_assignee"), [],
        ),
        ("start_drafting", transfer(deal(first_refusal="refusal_exercised")), [("needs_first_refusal", "O-08")]),
        ("classify_technology", transfer(deal()), [("no_export", "TR-10")]),
        ("classify_technology", transfer(deal(), foreign=True).knowing(patents=(DESIGN,)), [("no_export", "TR-10")]),
        (
            "classify_technology",
            transfer(deal(), foreign=True).giving("classify_technology", security_reviewed=False),
            [("no_security_review", "TR-20")],
        ),
        (
            "classify_technology", transfer(deal(contract="signed", export="export_free"), foreign=True),
            [("classified_before", "T-24")],
        ),
        ("start_drafting", transfer(deal(), foreign=True), [("needs_export", "T-24")]),
        ("start_drafting", transfer(deal(), foreign=True).knowing(patents=(DESIGN,)), []),
        ("start_drafting", transfer(deal(export="export_applied"), foreign=True), [("needs_export", "T-24")]),
        ("start_drafting", transfer(deal(export="export_intent"), foreign=True), []),
        ("start_drafting", transfer(deal(export="export_forbidden"), foreign=True), [("needs_export", "T-24")]),
        (
            "finalize_contract",
            transfer(deal(contract="drafting")).knowing(
                missing=("licensor_address",), patents=(replace(OURS, filing_date=None),)
            ),
            [("no_licensor_address", "K-02"), ("no_patent_filing_date", "K-04")],
        ),
        ("submit_export_contract", transfer(deal(export="export_intent"), foreign=True), [("not_signed", "T-24B")]),
        (
            "take_effect", transfer(deal(contract="signed", export="export_licensing"), foreign=True),
            [("no_export_license", "T-24B")],
        ),
        ("take_effect", transfer(deal(contract="signed", export="export_licensed"), foreign=True), []),
        (
            "take_effect",
            transfer(deal(contract="signed", export="export_licensed"), foreign=True).giving(
                "take_effect", effective_on="2026-05-22"
            ),
            [("effective_on_early", "")],
        ),
        (
            "submit_filing", transfer(in_force(export_registration="export_registration_due"), foreign=True),
            [("no_certificate", "TR-09")],
        ),
        (
            "submit_filing", transfer(in_force(export_registration="export_certified"), foreign=True), [],
        ),
        ("pay_filing_fee", transfer(SUBMITTED), [("fee_paid", "T-06")]),
        (
            "pay_filing_fee", transfer(SUBMITTED, paid=False).knowing(patents=(OURS, SECOND)), [("fee_short", "TR-05")],
        ),
        ("record_filing", transfer(SUBMITTED, paid=False), [("fee_unpaid", "T-06")]),
        ("record_filing", transfer(SUBMITTED).giving("record_filing", owners="别的公司"), [("assignee_not_owner", "TR-21")]),
        ("terminate", transfer(in_force(filing="filing_recorded")), [("already_transferred", "TR-01")]),
        ("record_patent_ended", transfer(in_force(filing="filing_recorded")), [("patent_transferred", "P-07")]),
        ("sign", transfer(deal(contract="signing")).patent(inventors=INVENTORS), [("patent_O-08", "O-08")]),
    ],
)  # fmt: skip
def test_step_waits_for_what_the_law_asks(step: str, now: Situation, unmet: list[tuple[str, str]]) -> None:
    assert _codes(now, step) == unmet


@pytest.mark.parametrize(
    ("step", "now", "due"),
    [
        # The house promises fifteen days for the answer: 16 June 2026 is a Tuesday.
        ("notify_inventors", transfer(deal(first_refusal="refusal_open")), {"first_refusal": ("INVENTOR", "2026-06-16")}),
        ("submit_export_application", transfer(deal(export="export_restricted"), foreign=True),
         {"export_answer": ("T-24", "2026-07-14")}),
        ("submit_export_contract", transfer(deal(export="export_intent", contract="signed"), foreign=True),
         {"export_answer": ("T-24B", "2026-06-23")}),
        ("submit_filing", transfer(in_force()), {"filing_fee": ("T-06", "2026-07-01")}),
        ("pay_filing_fee", transfer(SUBMITTED, paid=False), {"filing_decision": ("T-07", "2026-07-01")}),
        ("pay_filing_fee", transfer(in_force(filing="filing_correction"), paid=False), {}),
        ("answer_correction", transfer(in_force(filing="filing_correction")), {"filing_decision": ("T-07", "2026-07-01")}),
        ("answer_correction", transfer(in_force(filing="filing_correction"), paid=False), {}),
        ("record_filing", transfer(SUBMITTED), {"feedback": ("FEEDBACK", "2026-06-16")}),
        ("refuse_filing", transfer(SUBMITTED), {"change_filing": ("CHANGE", "2026-06-23")}),
        ("terminate", transfer(SUBMITTED), {"filing_cancellation": ("CHANGE-BACK", "2026-07-01")}),
    ],
)  # fmt: skip
def test_step_opens_its_deadline(step: str, now: Situation, due: dict[str, tuple[str, str]]) -> None:
    assert _due(now, step) == due


def test_effect_opens_change_and_export_registration() -> None:
    """Thirty days after 1 June, and sixty for the export; both end on working days."""
    now = transfer(deal(contract="signed", export="export_free"), foreign=True).terms(payments=())
    assert _due(now, "take_effect") == {
        "change_filing": ("CHANGE", "2026-07-01"),
        "technology_contract": ("TC", "2026-07-01"),
        "export_registration": ("T-22", "2026-07-31"),
    }


def test_notice_moves_the_right_and_earns_the_label_on_its_day() -> None:
    plan = transfer(SUBMITTED).giving("record_filing", recorded_on="2026-05-30").plan("record_filing")
    assert _moved(plan) == {1: (ASSIGNEE,)}
    assert plan.label == ("已转让", "手续合格通知书 2026060100123", plan.label[2] if plan.label else None)
    assert plan.label and plan.label[2].isoformat() == "2026-05-30"
    assert plan.facts["filing"] and plan.facts["filing"]["owners_before"] == [[1, ["沧澜理工大学"]]]


def test_co_owner_who_stays_is_named_in_the_notice() -> None:
    plan = transfer(SUBMITTED).giving("record_filing", owners=f"{ASSIGNEE}、某研究院").plan("record_filing")
    assert _moved(plan) == {1: (ASSIGNEE, "某研究院")}


def test_patent_that_ended_before_does_not_move() -> None:
    now = transfer(SUBMITTED).knowing(patents=(OURS, SECOND)).data("ended_patents", list=[{"id": 2}])
    assert _moved(now.plan("record_filing")) == {1: (ASSIGNEE,)}


def test_request_recorded_after_the_end_is_moved_back() -> None:
    recorded = transfer(("withdrawal_due",)).plan("record_filing")
    assert (recorded.position, recorded.label) == (("return_due",), None)
    assert _moved(recorded) == {1: (ASSIGNEE,)}
    returned = transfer(("return_due",)).plan("record_return")
    assert (returned.position, _moved(returned)) == (("duties_due",), {1: ("沧澜理工大学",)})
    assert [closing.key for closing in returned.closes] == ["filing_cancellation"]


@pytest.mark.parametrize(
    ("answered", "answer", "leaf", "closes"),
    [
        (INVENTORS, "waived", "first_refusal_cleared", ["first_refusal"]),
        (INVENTORS[:1], "waived", "refusal_waiting", []),
        (INVENTORS[:1], "exercised", "refusal_exercised", ["first_refusal"]),
    ],
)
def test_first_refusal_goes_by_the_answers(
    answered: tuple[str, ...], answer: str, leaf: str, closes: list[str]
) -> None:
    now = transfer(WAITING).giving("record_inventor_answer", inventors="、".join(answered), answer=answer)
    plan = now.plan("record_inventor_answer")
    assert (leaf in plan.position, [closing.key for closing in plan.closes]) == (True, closes)
    given: Any = (plan.facts.get("consents") or {}).get("given", [])
    assert [one["consent"] for one in given] == (
        ["inventor_waiver"] if leaf == "first_refusal_cleared" else []
    )


@pytest.mark.parametrize(
    ("category", "leaf"),
    [("free", "export_free"), ("restricted", "export_restricted"), ("forbidden", "export_forbidden")],
)
def test_technology_goes_by_its_category(category: str, leaf: str) -> None:
    now = transfer(deal(), foreign=True).giving("classify_technology", category=category)
    plan = now.plan("classify_technology")
    assert plan.position == deal(export=leaf)
    assert ("consents" in plan.facts) == (category == "free")


def test_other_terms_void_what_the_inventors_were_told() -> None:
    now = transfer(deal(first_refusal="refusal_waiting")).terms(hashes={"publicity": "p2", "approval": "a1"})
    plan = now.plan("edit_terms")
    assert plan.voids == ("price", "publicity", "first_refusal")
    assert ("first_refusal", "dropped") in [(closing.key, closing.how) for closing in plan.closes]
    assert "refusal_open" in plan.position


def test_another_patent_voids_the_classification_too() -> None:
    plan = transfer(deal(export="export_intent"), foreign=True).plan("add_patent")
    assert {"first_refusal", "export", "title"} <= set(plan.voids)
    assert {"refusal_open", "export_open", "title_pending"} <= set(plan.position)


def test_reduction_is_minded_once_the_right_has_moved() -> None:
    def minded(now: Situation) -> list[str]:
        found = decide.cautions(
            now.mode, now.position, now.facts, TODAY, book=load(), actor=now.actor("officer")
        )
        return [unmet.rule_id for unmet in found if unmet.rule_id]

    assert minded(transfer(in_force(filing="filing_recorded"))) == ["TR-16"]
    assert minded(transfer(SUBMITTED)) == []
