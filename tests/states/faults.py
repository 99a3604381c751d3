"""What can be wrong with each step of an exclusive license, one thing at a time, and what the refusal says."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from states.approvers import Approvers, Seat
from states.facts import Actor, Handover, Wording
from tests.states.routes import COLLEGE, OFFICE, handed_up, meeting
from tests.states.situation import (
    CHART,
    JOINING,
    OTHER,
    PATENT,
    PERFORMING,
    ROYALTY,
    TODAY,
    TRIAL,
    Situation,
    deal,
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


def _differing(now: Situation) -> Situation:
    """A version came back, and one of its changes is neither accepted nor declined."""
    open_one = {"clause": "fees", "title": "第六条 许可费及支付方式", "digest": "a" * 16, "tracked": False}
    return now.data("negotiation", received=[{"no": 1, "differences": [open_one]}])


def _beyond(now: Situation) -> Situation:
    return now.patent(term_end=date(2031, 3, 30))


def _unlawful_clause(now: Situation) -> Situation:
    return now.data(
        "contract", clauses={"sha256": "", "texts": {}, "unlawful": ["条款“违约责任”：限制技术竞争"]}
    )


def _no_such_clause(now: Situation) -> Situation:
    return now.knowing(wording=Wording("", "", {}, faults=(("没有该条款", "no such clause"),)))


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


def _not_agreed(now: Situation) -> Situation:
    return now.terms(own={})


def _converted(now: Situation) -> Situation:
    return now.data("trial", converted_on="2026-05-25")


def _unconverted(now: Situation) -> Situation:
    return now.data("trial", converted_on=None)


def _silent(step: str, **given: object) -> Change:
    """A free use whose day of decision has passed; silence counts as converting."""
    trial = {**TRIAL, "decide_by": "2026-05-20", "silence": "convert"}
    return lambda now: now.terms(own={"trial": trial}).giving(step, **given)


def _passed(step: str, **given: object) -> Change:
    """A free use whose day of decision has passed; silence counts as giving back."""
    return lambda now: now.terms(own={"trial": {**TRIAL, "decide_by": "2026-05-20"}}).giving(step, **given)


def _trial(**changes: object) -> Change:
    return lambda now: now.terms(own={"trial": {**TRIAL, **changes}})


def _brief(end: str, **given: object) -> Change:
    """Two periods that are both over, the first before the contract took effect."""
    periods = [
        [1, 1, "2026-04-01", "2026-05-10", "2026-06-09", "2026-06-24"], [2, 1, "2026-05-11", end, "2026-06-30", "2026-07-15"]
    ]  # fmt: skip
    royalty = {**ROYALTY, "periods": periods}
    return lambda now: now.terms(own={"royalty": royalty}).giving("report_royalty", **given)


def _reported(now: Situation) -> Situation:
    first = {"period": 1, "sold": [{"name": "隔膜", "gross_fen": 1, "deducted": {}}]}
    return now.data("royalty", statements=[first])


def _reported_alike(now: Situation) -> Situation:
    same = {
        "period": 1,
        "sold": [{"name": "隔膜", "gross_fen": 100_000_000, "deducted": {"returns": 2_000_000}}],
    }
    return now.data("royalty", statements=[same])


_TRIAL_STEPS = ("start_trial", "trigger_trial", "choose_option", "return_trial")
PAID_LATER: tuple[Fault, ...] = (
    *(Fault(step, "no_trial", "K-11", _not_agreed) for step in _TRIAL_STEPS),
    *(Fault(step, "trial_converted", "K-11", _converted) for step in _TRIAL_STEPS),
    Fault("start_trial", "trial_begun", "", lambda now: now.data("trial", started_on="2026-05-24")),
    Fault("start_trial", "outside_free_period", "", _trial(start="2026-06-10")),
    *_dates("start_trial", "started_on"),
    Fault("trigger_trial", "trigger_early", "", _trial(trigger_on="2026-06-10")),
    *_dates("trigger_trial", "triggered_on"),
    Fault("choose_option", "decision_late", "", _passed("choose_option")),
    Fault("choose_option", "decision_late", "", _passed("choose_option", option="extend")),
    Fault("choose_option", "no_extension", "", lambda now: now.data("trial", extended_until="2026-12-31").giving(
        "choose_option", option="extend")),
    *_dates("choose_option", "chosen_on"),
    Fault("return_trial", "decision_late", "", _silent("return_trial")),
    *_dates("return_trial", "returned_on"),
    Fault("report_royalty", "no_royalty", "K-11", _not_agreed),
    Fault("report_royalty", "trial_running", "K-11", _unconverted),
    Fault("report_royalty", "unknown_period", "", _given("report_royalty", period=3)),
    Fault("report_royalty", "period_skipped", "", _brief("2026-05-31", period=2)),
    Fault("report_royalty", "period_running", "", _given("report_royalty", reported_on=date(2026, 5, 27))),
    Fault("report_royalty", "deduction_not_agreed", "K-11", _given("report_royalty", products="隔膜 100 包装费 3")),
    Fault("report_royalty", "correction_unexplained", "", _reported),
    Fault("report_royalty", "same_statement", "", _reported_alike),
    *_dates("report_royalty", "reported_on", early=False),
    Fault("report_royalty", "reported_on_early", "", _brief("2026-05-31", reported_on=date(2026, 5, 22))),
    Fault("reach_milestone", "no_milestone", "", _given("reach_milestone", milestone="payment:1")),
    *_dates("reach_milestone", "reached_on"),
    Fault("drop_milestone", "no_milestone", "", lambda now: now.data("milestones", **{"payment:2": {"how": "reached"}})),
    *_dates("drop_milestone", "decided_on"),
)  # fmt: skip
FAULTS: tuple[Fault, ...] = (
    *PAID_LATER,
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
    Fault("finalize_contract", "wording_unlawful", "LI-08", _unlawful_clause),
    Fault("finalize_contract", "terms_changed", "", _other_terms),
    *(Fault(step, "wording", "", _no_such_clause) for step in ("choose_clauses", "rewrite_clause")),
    Fault("finalize_contract", "difference_undecided", "", _differing),
    *_clearances("sign"),
    _patent("sign", "P-06", status="expired"),
    _patent("sign", "O-06", owners=("沧澜理工大学", "启衡公司")),
    _patent("sign", "PG-02", flags=frozenset({"pledged"})),
    _patent("sign", "LI-02", flags=frozenset({"exclusive_license"})),
    _patent("sign", "OP-10", flags=frozenset({"open_license"})),
    Fault("sign", "patent_T-24", "T-24", lambda now: now.knowing(foreign_party=True)),
    Fault("sign", "beyond_patent_life", "P-05", _beyond),
    Fault("sign", "company_renamed", "K-02", lambda now: now.data("contract", counterparty="旧名公司")),
    Fault("sign", "conflicting_case", "L-10", lambda now: now.knowing(others=(OTHER,))),
    Fault("sign", "terms_changed", "", _other_terms),
    Fault("sign", "difference_undecided", "", _differing),
    Fault("sign", "signed_file_missing", "", lambda now: now.giving("sign", signed_file="9")),
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
