"""Every guard of every step: once it refuses, with its code and rule; the same step passes without the fault."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, get_args

import pytest

from rules.derivation import Derivation
from rules.gate_table import TABLE
from rules.grants import CLASHES
from rules.packs import load
from states.approvers import Approvers, Seat
from states.catalog import MODES
from states.context import Context
from states.decide import ROLES
from states.facts import Actor, Handover
from states.plan import Refusal
from tests.states.routes import COLLEGE, OFFICE, handed_up, meeting
from tests.states.situation import (
    CHART,
    JOINING,
    MODE,
    OTHER,
    PATENT,
    PERFORMING,
    TODAY,
    Situation,
    deal,
    ready,
)

TOMORROW = TODAY + timedelta(days=1)
LONG_AGO = date(2026, 4, 1)
Change = Callable[[Situation], Situation]


@dataclass(frozen=True)
class Fault:
    """One thing wrong for a step, and what the refusal must say."""

    step: str
    code: str
    rule: str
    change: Change

    def __str__(self) -> str:
        return f"{self.step}-{self.code}"


def _without(region: str, state: str) -> Change:
    return lambda now: now.at(*(state if CHART.parents[leaf] == region else leaf for leaf in now.position))


def _given(step: str, **values: object) -> Change:
    return lambda now: now.giving(step, **values)


def _dates(step: str, name: str, *, early: bool = True) -> list[Fault]:
    faults = [Fault(step, f"{name}_future", "", _given(step, **{name: TOMORROW}))]
    return [*faults, Fault(step, f"{name}_early", "", _given(step, **{name: LONG_AGO}))] if early else faults


def _patent(step: str, rule: str, **changes: object) -> Fault:
    return Fault(step, f"patent_{rule}", rule, lambda now: now.patent(**changes))


def _clearances(step: str) -> list[Fault]:
    return [
        Fault(step, "needs_title", "O-01", _without("title", "title_pending")),
        Fault(step, "needs_price", "PR-02", _without("price", "price_open")),
        Fault(step, "needs_publicity", "PR-03", _without("publicity", "publicity_running")),
        Fault(step, "needs_approval", "PR-01", _without("approval", "approval_submitted")),
    ]


def _unmet_terms(now: Situation) -> Situation:
    return now.terms(complete=False, problems=("许可地域未填",))


def _beyond(now: Situation) -> Situation:
    return now.patent(term_end=date(2031, 3, 30))


def _other_terms(now: Situation) -> Situation:
    return now.data("approval", hash="an older one")


def _at_the_office(**changes: object) -> Callable[[Situation], Situation]:
    """A filing under examination that is to be stepped back from."""
    at = ("feedback_due", "filing_submitted", "payments_running")
    return lambda now: now.at(*at).giving("step_back", what="filing", **changes)


def _deciders(step: str) -> list[Fault]:
    """Who may not take a step of an approval: the submitter, nobody seated, somebody else's seat, an inventor."""
    closed, other = Seat("legal", 4, "沈律", active=False), Seat("legal", 4, "沈律")
    inventors = frozenset({"某人"})
    return [
        Fault(step, "own_case", "", lambda now: now.data("approval", submitted_by=now.person)),
        Fault(
            step,
            "nobody_seated",
            "PR-01",
            lambda now: handed_up(now, COLLEGE, OFFICE).knowing(approvers=Approvers((closed,))),
        ),
        Fault(
            step,
            "not_seated",
            "PR-01",
            lambda now: handed_up(now, COLLEGE, OFFICE).knowing(approvers=Approvers((other,))),
        ),
        Fault(
            step, "must_recuse", "PR-01", lambda now: now.knowing(approvers=Approvers(inventors=inventors))
        ),
    ]


def _other(**changes: Any) -> Callable[[Situation], Situation]:
    """Another case to join, with something about it changed."""
    return lambda now: now.knowing(joining=replace(JOINING, **changes))


FAULTS: tuple[Fault, ...] = (
    Fault("edit_terms", "already_signed", "", lambda now: now.at(*deal(contract="signed"))),
    *_dates("record_consent", "given_on", early=False),
    Fault("correct_date", "date_not_recorded", "", _given("correct_date", which="publicity_posted")),
    Fault("correct_date", "date_not_recorded", "", _given("correct_date", which="filing_submitted", corrected_on="2026-05-24")),
    Fault("correct_date", "date_out_of_order", "", _given("correct_date", corrected_on="2026-05-20")),
    Fault("correct_date", "date_out_of_order", "", _given("correct_date", corrected_on="2026-05-24")),
    Fault("correct_entry", "entry_not_recorded", "", _given("correct_entry", which="bank_reference")),
    Fault("correct_entry", "nothing_corrected", "", _given("correct_entry", corrected="H-0")),
    Fault("step_back", "cannot_be_undone", "LI-15", _given("step_back", what="signature")),
    Fault("step_back", "cannot_be_undone", "LI-15", _given("step_back", what="effect")),
    Fault("step_back", "cannot_be_undone", "T-04", _given("step_back", what="record")),
    *(
        Fault(step, "already_signed", "", lambda now: now.at(*deal(contract="signed")))
        for step in ("switch_mode", "split_off", "join_case")
    ),
    Fault("switch_mode", "no_other_mode", "", _given("switch_mode", mode="exclusive_license")),
    Fault("switch_mode", "no_other_mode", "", lambda now: now.knowing(switch=None)),
    Fault("switch_mode", "patent_P-06", "P-06", lambda now: now.patent(status="lapsed")),
    Fault("split_off", "patent_not_held", "", _given("split_off", patents="2020101000023、2020101000038")),
    Fault("split_off", "nothing_would_stay", "", _given("split_off", patents="2020101000019 2020101000023")),
    Fault("split_off", "none_named", "", _given("split_off", patents="、、")),
    Fault("join_case", "no_such_case", "", lambda now: now.knowing(joining=None)),
    Fault("join_case", "same_case", "", _other(number="ZH2026-00001")),
    Fault("join_case", "other_mode", "", _other(mode="sole_license")),
    Fault("join_case", "other_company", "", _other(same_company=False)),
    Fault("join_case", "other_signed", "", _other(is_signed=True)),
    Fault("join_case", "other_signed", "", _other(stage="end")),
    Fault("join_case", "too_many", "", _other(patents=tuple(replace(PATENT, id=number) for number in range(501)))),
    Fault("step_back", "not_done", "", _given("step_back", what="filing")),
    Fault("step_back", "lies_at_the_office", "L-08", _at_the_office(reference="")),
    Fault("step_back", "withdrawn_on_future", "", _at_the_office(withdrawn_on=TOMORROW)),
    Fault("step_back", "withdrawn_on_early", "", _at_the_office(withdrawn_on=date(2026, 5, 20))),
    Fault("clear_title", "checked_on_future", "", _given("clear_title", checked_on=TOMORROW)),
    Fault("clear_title", "register_stale", "L-21", _given("clear_title", checked_on=date(2026, 5, 1))),
    _patent("clear_title", "P-06", status="lapsed"),
    _patent("clear_title", "O-13", flags=frozenset({"defense"})),
    _patent("clear_title", "O-01", owners=("另一所大学",)),
    Fault("agree_price", "needs_title", "O-01", _without("title", "title_pending")),
    Fault("agree_price", "terms_incomplete", "PF-09", _unmet_terms),
    Fault("agree_price", "price_route", "PR-02", lambda now: now.terms(price_method="auction")),
    *_dates("agree_price", "agreed_on", early=False),
    Fault("post_publicity", "needs_price", "PR-02", _without("price", "price_open")),
    Fault("post_publicity", "terms_incomplete", "PF-09", _unmet_terms),
    Fault(
        "post_publicity", "no_objection_procedure", "PR-05", _given("post_publicity", procedure_published=False)
    ),
    Fault("post_publicity", "relation_not_approved", "PR-01", _given("post_publicity", related_party=True)),
    *_dates("post_publicity", "posted_on"),
    *_dates("raise_objection", "received_on"),
    *_dates("resolve_objection", "resolved_on"),
    Fault("close_publicity", "publicity_running", "PR-04", lambda now: now.data("publicity", posted_on="2026-05-20")),
    Fault("close_publicity", "closed_on_future", "", _given("close_publicity", closed_on=TOMORROW)),
    Fault("submit_approval", "needs_publicity", "PR-03", _without("publicity", "publicity_running")),
    Fault("submit_approval", "terms_incomplete", "PF-09", _unmet_terms),
    Fault("submit_approval", "beyond_patent_life", "P-05", _beyond),
    Fault("submit_approval", "related_not_named", "PR-01", _given("submit_approval", related_party=True)),
    *_deciders("approve"),
    Fault("approve", "terms_changed", "", _other_terms),
    Fault("approve", "no_vote_here", "", _given("approve", present=3)),
    Fault("approve", "no_majority", "PR-01", lambda now: meeting(now).giving("approve", in_favor=4, against=2)),
    *_dates("approve", "decided_on", early=False),
    Fault("approve", "decided_too_early", "PR-01", lambda now: meeting(now).giving("approve", decided_on=date(2026, 5, 26))),
    *_deciders("send_back"),
    Fault("send_back", "minutes_missing", "PR-01", meeting),
    *_deciders("reject"),
    Fault("reject", "minutes_missing", "PR-01", meeting),
    *_clearances("start_drafting"),
    Fault("start_drafting", "terms_changed", "", _other_terms),
    *_clearances("finalize_contract"),
    Fault(
        "finalize_contract", "no_licensor_address", "L-06", lambda now: now.knowing(missing=("licensor_address",))
    ),
    Fault(
        "finalize_contract", "no_licensee_address", "L-06", lambda now: now.knowing(missing=("licensee_address",))
    ),
    Fault("finalize_contract", "no_patent_title", "L-06", lambda now: now.patent(title="")),
    Fault("finalize_contract", "no_patent_filing_date", "L-06", lambda now: now.patent(filing_date=None)),
    Fault("finalize_contract", "no_patent_grant_date", "L-06", lambda now: now.patent(grant_date=None)),
    Fault("finalize_contract", "beyond_patent_life", "P-05", _beyond),
    Fault("finalize_contract", "unlawful_clause", "LI-08", lambda now: now.terms(unlawful=("限制技术竞争",))),
    Fault("finalize_contract", "terms_changed", "", _other_terms),
    *_clearances("sign"),
    _patent("sign", "P-06", status="expired"),
    _patent("sign", "O-06", owners=("沧澜理工大学", "启衡公司")),
    _patent("sign", "PG-02", flags=frozenset({"pledged"})),
    _patent("sign", "LI-02", flags=frozenset({"exclusive_license"})),
    _patent("sign", "OP-10", flags=frozenset({"open_license"})),
    Fault("sign", "patent_T-24", "T-24", lambda now: now.knowing(foreign_party=True)),
    Fault("sign", "beyond_patent_life", "P-05", _beyond),
    Fault("sign", "conflicting_case", "L-10", lambda now: now.knowing(others=(OTHER,))),
    Fault("sign", "terms_changed", "", _other_terms),
    *_dates("sign", "signed_on"),
    Fault("withdraw", "already_signed", "", lambda now: now.at(*deal(contract="signed"))),
    *_dates("take_effect", "effective_on"),
    _patent("submit_filing", "L-10", status="in_grace"),
    _patent("submit_filing", "L-10", flags=frozenset({"preserved"})),
    _patent("submit_filing", "L-01", owners=("沧澜理工大学", "启衡公司")),
    Fault("submit_filing", "beyond_patent_life", "P-05", _beyond),
    *_dates("submit_filing", "submitted_on"),
    *_dates("receive_correction", "received_on"),
    *_dates("answer_correction", "answered_on"),
    *_dates("record_filing", "recorded_on"),
    *_dates("refuse_filing", "refused_on"),
    Fault("report_feedback", "filing_not_recorded", "RP-04", lambda now: now.at(*PERFORMING)),
    *_dates("report_feedback", "reported_on"),
    Fault("record_receipt", "unknown_payment", "", _given("record_receipt", payment="payment:9")),
    *_dates("record_receipt", "received_on"),
    Fault(
        "record_duty", "not_effective", "TC-04",
        lambda now: now.at("feedback_due", "filing_due", "payments_running")
        .data("contract", effective_on=None)
        .giving("record_duty", duty="technology_contract"),
    ),
    Fault("record_duty", "no_such_duty", "", _given("record_duty", duty="technology_contract")),
    Fault("record_duty", "no_such_duty", "", _given("record_duty", duty="reward_filing")),
    *(
        Fault(step, code, rule, change)
        for step, route, day in (("list_deal", "listing", "listed_on"), ("announce_auction", "auction", "announced_on"))
        for code, rule, change in (
            ("needs_title", "O-01", _without("title", "title_pending")),
            ("terms_incomplete", "PF-09", _unmet_terms),
            ("price_route", "PR-02", lambda now: now.terms(price_method="agreement")),
            ("sale_ends_early", "", _given(step, until="2026-05-31")),
            (f"{day}_future", "", _given(step, **{day: TOMORROW})),
        )
    ),
    *(
        Fault(step, code, rule, change)
        for step in ("close_listing", "close_auction")
        for code, rule, change in (
            ("sale_running", "PR-02", lambda now: now.data("price", until="2026-06-02")),
            ("price_below_floor", "PR-02", _given(step, price_fen=99_999_999)),
            ("price_below_floor", "PR-02", _given(step, price_fen=None)),
            ("price_not_in_terms", "PR-02", lambda now: now.terms(amount_fen=110_000_000)),
            ("terms_incomplete", "PF-09", _unmet_terms),
            ("closed_on_future", "", _given(step, closed_on=TOMORROW)),
            ("closed_on_early", "", _given(step, closed_on=LONG_AGO)),
        )
    ),
    *_dates("apply_registration", "applied_on"),
    Fault("register_contract", "technical_exceeds_total", "TC-09", _given("register_contract", technical_fen=120_000_001)),
    *_dates("register_contract", "registered_on"),
    *_dates("refuse_registration", "refused_on"),
    *_dates("plan_distribution", "planned_on"),
    Fault("plan_distribution", "no_open_receipt", "RW-01", lambda now: now.data("receipts", list=[])),
    Fault("plan_distribution", "no_open_receipt", "RW-01", _given("plan_distribution", which="1、2")),
    Fault(
        "plan_distribution", "no_open_receipt", "RW-01", lambda now: now.data("distributions", list=[{"receipts": [1]}])
    ),
    Fault("plan_distribution", "cost_refused", "RW-11", _given("plan_distribution", costs="交易税金 100元")),
    *_dates("post_reward_publicity", "posted_on"),
    *_dates("close_reward_publicity", "closed_on", early=False),
    Fault(
        "close_reward_publicity", "reward_publicity_running", "T-RWPUB",
        lambda now: now.data("rewards", posted_on="2026-05-12"),
    ),
    *_dates("pay_rewards", "paid_on"),
    *_dates("record_working", "worked_on"),
    *_dates("record_industrialization", "industrialized_on"),
    *_dates("record_product_filing", "filed_on"),
    *_dates("report_industrialization", "reported_on"),
    Fault(
        "report_industrialization", "no_industrialization_to_report", "RP-04",
        lambda now: now.data("industrialization", reported_on="2026-05-22"),
    ),
    *_dates("record_duty", "done_on"),
    Fault("record_duty", "no_such_duty", "", _given("record_duty", duty="registration_change")),
    Fault("record_duty", "no_such_duty", "", _given("record_duty", duty="patent_cancellation")),
    Fault(
        "record_duty", "no_such_duty", "",
        lambda now: now.at("duties_due").giving("record_duty", duty="technology_contract"),
    ),
    Fault("report_feedback", "no_feedback_due", "RP-04", lambda now: now.at("duties_due").data("end", left=["stamp_duty"])),
    *_dates("terminate", "agreed_on"),
    Fault(
        "terminate", "agreed_on_early", "",
        lambda now: now.data("contract", effective_on=None).giving("terminate", agreed_on=LONG_AGO),
    ),
    Fault("terminate", "unknown_payment", "", _given("terminate", remaining="payment:2、payment:9")),
    Fault(
        "terminate", "unknown_payment", "",
        lambda now: now.data("contract", effective_on=None).giving("terminate", remaining="payment:1"),
    ),
    Fault("expire", "term_running", "", lambda now: now.terms(end=TODAY)),
    Fault("expire", "unknown_payment", "", _given("expire", remaining="第二期")),
    *_dates("cancel_filing", "cancelled_on"),
    *_dates("withdraw_filing", "withdrawn_on"),
    *_dates("release_payment", "decided_on", early=False),
    Fault("release_payment", "no_open_payment", "", _given("release_payment", payment="payment:9")),
    Fault(
        "release_payment", "no_open_payment", "",
        lambda now: now.data("receipts", list=[{"payment": "payment:2", "amount_fen": 40_000_000}]),
    ),
    Fault("reassign", "no_successor", "", lambda now: now.knowing(handover=Handover("某人", None))),
    Fault(
        "reassign", "no_successor", "",
        lambda now: now.knowing(handover=Handover("某人", Actor(3, "钱", "finance"))),
    ),
    Fault("reassign", "no_successor", "", lambda now: now.knowing(officer_id=2)),
    Fault("add_patent", "already_signed", "", lambda now: now.at(*deal(contract="signed"))),
    Fault("add_patent", "patent_not_addable", "", lambda now: now.knowing(asked=None)),
    Fault("add_patent", "patent_not_addable", "", lambda now: now.knowing(asked=PATENT)),
    Fault("remove_patent", "already_signed", "", lambda now: now.at(*deal(contract="signed"))),
    Fault("remove_patent", "last_patent", "", lambda now: now.knowing(patents=(PATENT,))),
    Fault("remove_patent", "patent_not_held", "", _given("remove_patent", patent="2020101000057")),
    *_dates("record_patent_ended", "ended_on", early=False),
    Fault("record_patent_ended", "unknown_patent", "", _given("record_patent_ended", patent="2020101000027")),
    Fault("record_patent_ended", "unknown_patent", "", lambda now: now.data("ended_patents", list=[{"id": 1}])),
    Fault("record_patent_ended", "unknown_payment", "", _given("record_patent_ended", remaining="payment:9")),
)  # fmt: skip


@pytest.mark.parametrize("step", MODE.steps)
def test_step_passes_when_nothing_is_wrong(step: str) -> None:
    assert ready(step).codes(step) == []


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_fault_is_refused_and_explained(fault: Fault) -> None:
    refusal = fault.change(ready(fault.step)).decide(fault.step)
    assert isinstance(refusal, Refusal)
    (unmet,) = refusal.unmet
    assert (unmet.code, unmet.rule_id) == (fault.code, fault.rule)
    assert bool(unmet.article) == bool(fault.rule)
    assert bool(unmet.confidence) == bool(fault.rule)
    assert all((unmet.what_zh, unmet.what_en, unmet.remedy_zh, unmet.remedy_en))
    assert unmet.who in ROLES


@pytest.mark.parametrize("step", MODE.steps)
def test_each_guard_of_a_step_is_tripped_by_some_fault(step: str) -> None:
    """No guard stands in the table of steps without a fault above that shows what it stops."""
    spec = MODE.steps[step]
    idle = set(range(len(spec.guards)))
    for fault in FAULTS:
        if fault.step != step:
            continue
        now = fault.change(ready(step))
        payload = spec.payload.model_validate(now.payloads[step])
        ctx = Context(MODE, now.position, now.facts, payload, now.actor(min(spec.roles)), now.today, load())
        idle -= {number for number in idle if spec.guards[number](ctx)}
    assert idle == set()


def test_refusal_to_sign_names_everything_at_once() -> None:
    now = (
        Situation()
        .at("title_pending", "price_open", "publicity_open", "approval_open", "contract_waiting")
        .patent(
            flags=frozenset({"pledged", "preserved"}),
            owners=("沧澜理工大学", "启衡公司"),
            term_end=date(2030, 1, 1),
        )
    )
    now = now.knowing(others=(OTHER, replace(OTHER, number="ZH2026-00010")), foreign_party=True)
    now = now.data("approval", hash="an older one").giving("sign", signed_on=TOMORROW)
    assert now.codes("sign", "readonly") == [
        "role", "not_here", "needs_title", "needs_price", "needs_publicity", "needs_approval", "patent_O-06",
        "patent_PG-02", "patent_T-24", "beyond_patent_life", "conflicting_case", "conflicting_case",
        "terms_changed", "signed_on_future",
    ]  # fmt: skip


def test_every_patent_is_named_with_what_stands_against_it() -> None:
    now = ready("submit_filing")
    first, second = (
        now.patent(status="in_grace").facts.patents[0],
        now.patent(id=2, status="lapsed").facts.patents[0],
    )
    refusal = now.knowing(patents=(first, second)).decide("submit_filing")
    assert isinstance(refusal, Refusal)
    assert [(unmet.patent_id, unmet.rule_id) for unmet in refusal.unmet] == [(1, "L-10"), (2, "L-10")]


@pytest.mark.parametrize("mode", MODES)
def test_every_consent_that_the_matrix_asks_for_can_be_recorded(mode: str) -> None:
    asked = {
        name
        for (_, act, stage), outcome in TABLE.items()
        if act == mode and stage != "open" and outcome.severity != "warn"
        for name in (outcome.consent, *outcome.instead)
        if name
    }
    asked |= {
        clash.consent
        for (_, new), clash in CLASHES.items()
        if new == mode and clash.severity != "warn" and clash.consent
    }
    payload = MODES[mode].steps["record_consent"].payload
    recordable = set(get_args(payload.model_fields["consent"].annotation))
    # The register is checked again in the step of the title itself; some modes have steps for others.
    of_steps = {"title": "register_check", "first_refusal": "inventor_waiver", "export": "export_control"}
    assert asked - {of_steps[name] for name in of_steps.keys() & MODES[mode].chart.nodes.keys()} <= recordable


def test_agreement_of_the_co_owners_lifts_their_consent() -> None:
    owners = ("沧澜理工大学", "启衡公司")
    now = ready("sign")
    assert now.patent(owners=owners).codes("sign") == ["patent_O-06"]
    agreed = now.patent(owners=owners, consents=frozenset({"co_owner_agreement"}))
    assert agreed.codes("sign") == []


def test_grants_of_other_cases_for_another_place_or_time_do_not_stand_in_the_way() -> None:
    now = ready("sign").terms(territory="浙江省")
    assert now.knowing(others=(OTHER,)).codes("sign") == ["conflicting_case"]
    for other in (
        replace(OTHER, territory="江苏省"),
        replace(OTHER, end=date(2026, 3, 31)),
        replace(OTHER, mode="ordinary_license"),
    ):
        assert now.knowing(others=(other,)).codes("sign") == []


def test_every_unmet_condition_tells_how_it_came_about() -> None:
    """The derivation cites the same rule, ends with the remedy, and is JSON that reads back."""
    for fault in FAULTS:
        refusal = fault.change(ready(fault.step)).decide(fault.step)
        assert isinstance(refusal, Refusal)
        for unmet in refusal.unmet:
            told = unmet.derivation
            assert (told.name, told.rule_id, told.article, told.value) == (
                unmet.code, unmet.rule_id, unmet.article, False,
            )  # fmt: skip
            assert told.parts[-1].zh == f"办法：{unmet.remedy_zh}"
            assert Derivation.from_json(told.as_json()) == told
            assert unmet.what_zh in told.sentence_zh


def test_derivation_of_a_gate_tells_state_act_and_stage() -> None:
    refusal = ready("sign").patent(flags=frozenset({"pledged"})).decide("sign")
    assert isinstance(refusal, Refusal)
    (unmet,) = refusal.unmet
    assert [(part.name, part.value) for part in unmet.derivation.parts] == [
        ("state", "pledged"), ("act", "exclusive_license"), ("stage", "sign"), ("remedy", "outside"),
    ]  # fmt: skip


def test_derivation_of_a_running_publicity_tells_its_days() -> None:
    refusal = ready("close_publicity").data("publicity", posted_on="2026-05-20").decide("close_publicity")
    assert isinstance(refusal, Refusal)
    told = refusal.unmet[0].derivation
    assert (told.badge_zh, told.parts[-2].value) == ("待核实", TODAY)
    assert "公示" in told.parts[0].zh


@pytest.mark.parametrize(
    ("fault", "consent"),
    [("O-06", "co_owner"), ("PG-02", "pledgee"), ("T-24", "export_control")],
)
def test_recorded_consent_lifts_what_it_answers(fault: str, consent: str) -> None:
    burdens = {
        "O-06": lambda now: now.patent(owners=("沧澜理工大学", "启衡公司"), consents=frozenset({consent})),
        "PG-02": lambda now: now.patent(flags=frozenset({"pledged"}), consents=frozenset({consent})),
        "T-24": lambda now: now.patent(consents=frozenset({consent})).knowing(foreign_party=True),
    }
    assert burdens[fault](ready("sign")).codes("sign") == []


@pytest.mark.parametrize(
    ("posted_on", "pauses", "today", "codes"),
    [
        ("2026-05-16", [], "2026-05-31", ["publicity_running"]),
        ("2026-05-16", [], "2026-06-01", []),
        ("2026-05-10", [["2026-05-15", "2026-05-20"]], "2026-05-31", ["publicity_running"]),
        ("2026-05-10", [["2026-05-15", "2026-05-20"]], "2026-06-01", []),
        ("2026-05-01", [["2026-05-15", None]], "2026-12-31", ["publicity_running"]),
    ],
)
def test_publicity_counts_fifteen_days_and_stands_still_meanwhile(
    posted_on: str, pauses: list[list[str]], today: str, codes: list[str]
) -> None:
    day = date.fromisoformat(today)
    now = ready("close_publicity").data("publicity", posted_on=posted_on, pauses=pauses)
    assert replace(now, today=day).giving("close_publicity", closed_on=day).codes("close_publicity") == codes


def test_last_protected_day_is_still_licensable() -> None:
    now = ready("sign")
    assert now.patent(term_end=date(2031, 3, 31)).codes("sign") == []
    assert now.patent(term_end=date(2031, 3, 30)).codes("sign") == ["beyond_patent_life"]


def test_unverified_rules_carry_their_confidence() -> None:
    refusal = ready("close_publicity").data("publicity", posted_on="2026-05-20").decide("close_publicity")
    assert isinstance(refusal, Refusal)
    assert [(unmet.rule_id, unmet.confidence) for unmet in refusal.unmet] == [("PR-04", "M")]
