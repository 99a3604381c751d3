"""A contribution to a company where every guard passes, for the tests of its decisions."""

from dataclasses import replace
from typing import Any

from rules.grants import Grant
from states.chart import Position
from states.equity import MODE
from states.facts import CaseData, TermsFacts
from tests.states import amending
from tests.states.situation import JOINING, PATENT, PAYLOADS, RECEIPT, SECTIONS, TODAY, Situation, changing
from tests.states.transferring import ABROAD, OWN_SECTIONS

CHART = MODE.chart
# 60 % of the capital formed goes to three persons: 420, 120 and 60 thousand of a million yuan.
AWARD = (
    ("陈思远", "main_contributors", 42_000_000, False),
    ("㛃䶮𬱖", "other_contributors", 12_000_000, False),
    ("韩转化", "tto_staff", 6_000_000, False),
)
OWN: dict[str, Any] = {
    "founding": True, "capital_fen": 100_000_000, "all_shares": True, "resident": True, "title_shared": False,
    "transfer_by": "2026-09-30", "company": "隔膜新材有限公司", "award": [list(line) for line in AWARD],
}  # fmt: skip
HASHES = {"publicity": "p1", "approval": "a1", "award": "w1", "terms": "t1"}
TERMS = TermsFacts(
    complete=True, hashes=HASHES, amount_fen=150_000_000, price_method="agreement", payments=(), own=OWN
)
VALUATION = {
    "report_no": "PG-1", "agency": "某评估公司", "valuers": "甲、乙", "value_on": "2026-03-31", "reported_on": "2026-04-20",
    "valid_until": "2027-03-30", "value_fen": 150_000_000,
}  # fmt: skip
DATA = {
    **SECTIONS,
    "valuation": VALUATION,
    "award_agreement": {"agreed_on": "2026-05-02", "hash": "w1"},
    "company": {
        "decided_on": "2026-05-23",
        "registered_on": "2026-05-24",
        "company": "隔膜新材有限公司",
        "reference": "准1",
    },
    "filing": {
        "submitted_on": "2026-05-24",
        "recorded_on": "2026-05-26",
        "record_no": "H1",
        "corrections": [{}],
        "fee": {"paid_on": "2026-05-25"},
    },
    "award": {"posted_on": "2026-05-06", "closed_on": "2026-05-28"},
    "deferral": {"filed_on": "2026-05-29"},
    "duties": {"stamp_duty": {"reference": "完税1"}},
    "feedback": {"reported_on": "2026-05-30"},
    "end": {
        "how": "terminated",
        "on": "2026-05-28",
        "left": ["stamp_duty", "filing_cancellation", "share_exit"],
    },
}
SIGNING = {"signed_on": TODAY, "our_signatory": "江", "their_signatory": "冯"}
GIVEN: dict[str, dict[str, Any]] = {
    **{event: dict(given) for event, given in PAYLOADS.items()},
    **{event: dict(given) for event, given in ABROAD.items()},
    "sign": SIGNING,
    "record_valuation": {**VALUATION, "value_on": "2026-03-31", "value_fen": 150_000_000},
    "file_valuation": {"route": "institution", "filed_on": TODAY, "reference": "备1"},
    "waive_valuation": {"decided_on": TODAY, "decided_by": "校长办公会", "reason": "由公司委托评估并核实"},
    "agree_award": {"agreed_on": TODAY, "signed_by": "陈思远、㛃䶮𬱖、韩转化", "evidence": "约定1号"},
    "decide_capital": {"decided_on": TODAY, "reference": "章程"},
    "register_company": {
        "registered_on": TODAY, "company": "隔膜新材有限公司", "uscc": "9X", "ratio": "学校12%", "reference": "准1",
    },
    "record_contribution": {
        "form": "patent", "paid_on": TODAY, "amount_fen": 100_000_000, "reference": "出资证明书1",
    },
    "publish_contribution": {"published_on": TODAY, "reference": "公示1"},
    "receive_call": {"sent_on": TODAY, "grace_until": "2026-07-31", "reference": "催1"},
    "register_holding": {
        "route": "ledger", "registered_on": TODAY, "department": "资产管理处", "reference": "台账1",
    },
    "submit_filing": {"submitted_on": TODAY, "receipt_no": "SL1", "by": "current_owner"},
    "pay_filing_fee": {"paid_on": TODAY, "amount_fen": 20_000, "reference": "缴费1"},
    "record_filing": {"recorded_on": TODAY, "record_no": "H1"},
    "refuse_filing": {"refused_on": TODAY, "how": "not_made", "reason": "未缴费"},
    "record_return": {"returned_on": TODAY, "record_no": "H2"},
    "leave_patents": {"agreed_on": TODAY, "reference": "补充协议"},
    "post_award": {"posted_on": TODAY, "place": "公告栏"},
    "close_award": {"closed_on": TODAY, "result": "无异议"},
    "withdraw_award": {"reason": "有异议"},
    "grant_award": {"granted_on": TODAY, "reference": "股东名册"},
    "waive_award": {"decided_on": TODAY, "reference": "赋权1"},
    "file_deferral": {"filed_on": TODAY, "reference": "回执1"},
    "decline_deferral": {"decided_on": TODAY, "reason": "纳税人选择当期纳税"},
    "report_deferral": {"reported_on": TODAY, "reference": "表1"},
    "terminate": {"agreed_on": TODAY, "reason": "协商一致", "unwinding": "减资，专利权作价返还"},
    "complete": {"report_to": "财务处税务岗"},
}  # fmt: skip
LOOSE = ("capital_paid", "award_settled", "holding_registered", "deferral_filed", "filing_recorded")


def deal(**regions: str) -> Position:
    """A position before the signature; regions not named are done."""
    done = {
        "title": "title_cleared", "valuation": "valuation_cleared", "price": "price_agreed",
        "publicity": "publicity_closed", "award_agreement": "award_agreed", "approval": "approval_granted",
        "export": "export_open", "contract": "contract_waiting",
    }  # fmt: skip
    return tuple(sorted({**done, **regions}.values()))


def running(**regions: str) -> Position:
    """A position of a contract in force; regions not named have just begun."""
    begun = {
        "company": "company_due", "filing": "filing_due", "award": "award_open", "holding": "holding_due",
        "deferral": "deferral_open", "feedback": "feedback_due", "payments": "payments_running",
        "export_registration": "export_unneeded", "rewards": "rewards_idle",
    }  # fmt: skip
    return tuple(sorted({**begun, **regions}.values()))


DONE = running(
    company="capital_paid", filing="filing_recorded", award="award_settled", holding="holding_registered",
    deferral="deferral_filed", feedback="feedback_reported",
)  # fmt: skip
WHERE: dict[str, Position] = {
    "classify_technology": deal(),
    "submit_export_application": deal(export="export_restricted"),
    "record_letter_of_intent": deal(export="export_applied"),
    "refuse_export": deal(export="export_applied"),
    "submit_export_contract": deal(export="export_intent", contract="signed"),
    "record_export_license": deal(export="export_licensing", contract="signed"),
    "submit_export_registration": running(export_registration="export_registration_due"),
    "record_export_certificate": running(export_registration="export_registration_submitted"),
    "plan_distribution": running(rewards="rewards_due"),
    "post_reward_publicity": running(rewards="rewards_planned"),
    "close_reward_publicity": running(rewards="rewards_publicized"),
    "withdraw_distribution": running(rewards="rewards_planned"),
    "pay_rewards": running(rewards="rewards_confirmed"),
    "edit_terms": deal(),
    **dict.fromkeys(amending.SECRECY, deal()),
    **dict.fromkeys(amending.CHANGING, running()),
    "record_consent": deal(),
    "withdraw": deal(),
    "add_patent": deal(),
    "remove_patent": deal(),
    **dict.fromkeys(("switch_mode", "split_off", "join_case"), deal()),
    "clear_title": deal(title="title_pending"),
    "record_valuation": deal(valuation="valuation_open"),
    "file_valuation": deal(valuation="valuation_reported"),
    "waive_valuation": deal(valuation="valuation_open"),
    "agree_price": deal(price="price_open"),
    "post_publicity": deal(publicity="publicity_open"),
    "raise_objection": deal(publicity="publicity_running"),
    "resolve_objection": deal(publicity="publicity_paused"),
    "close_publicity": deal(publicity="publicity_running"),
    "agree_award": deal(award_agreement="award_not_agreed"),
    "submit_approval": deal(approval="approval_open"),
    "approve": deal(approval="approval_submitted"),
    "send_back": deal(approval="approval_submitted"),
    "reject": deal(approval="approval_submitted"),
    "start_drafting": deal(),
    "finalize_contract": deal(contract="drafting"),
    "choose_clauses": deal(contract="drafting"),
    "rewrite_clause": deal(contract="drafting"),
    "return_to_drafting": deal(contract="signing"),
    "sign": deal(contract="signing"),
    "take_effect": deal(contract="signed"),
    "decide_capital": running(),
    "register_company": running(company="company_decided"),
    "record_contribution": running(company="company_registered"),
    "publish_contribution": running(company="company_registered"),
    "receive_call": running(company="company_registered"),
    "submit_filing": running(),
    "receive_correction": running(filing="filing_submitted"),
    "answer_correction": running(filing="filing_correction"),
    "record_filing": running(filing="filing_submitted"),
    "refuse_filing": running(filing="filing_submitted"),
    "post_award": running(),
    "close_award": running(award="award_posted"),
    "withdraw_award": running(award="award_posted"),
    "grant_award": running(award="award_published"),
    "waive_award": running(),
    "register_holding": running(),
    "file_deferral": running(),
    "decline_deferral": running(),
    "report_deferral": running(deferral="deferral_filed"),
    "report_feedback": running(filing="filing_recorded"),
    "record_receipt": running(),
    "release_payment": running(),
    "record_duty": running(),
    "correct_date": running(),
    "record_patent_ended": running(),
    "reassign": running(),
    "terminate": running(),
    "pay_filing_fee": running(filing="filing_submitted"),
    "withdraw_filing": ("withdrawal_due",),
    "record_return": ("return_due",),
    "leave_patents": ("return_due",),
    "complete": DONE,
    "correct_entry": running(),
    "step_back": running(filing="filing_recorded", feedback="feedback_reported"),
}
_PAID = ("record_receipt", "release_payment")


def _data(position: Position) -> dict[str, Any]:
    """What is recorded there: a plan for the rewards only while one is under way."""
    planned = any(leaf.startswith("rewards_") and leaf != "rewards_idle" for leaf in position)
    return {name: told for name, told in DATA.items() if planned or name != "rewards"}


def at(position: Position) -> Situation:
    """The case standing somewhere, with facts that let its steps through."""
    return Situation(
        position,
        facts=replace(
            Situation().facts,
            mode="equity",
            terms=TERMS,
            data=CaseData(_data(position)),
            joining=replace(JOINING, mode="equity"),
        ),
        payloads=GIVEN,
        mode=MODE,
    )


def ready(step: str) -> Situation:
    """A situation in which the step is possible."""
    return for_step(at(WHERE[step]), step)


def for_step(now: Situation, step: str) -> Situation:
    """The same with what this one step needs and others must not have."""
    if step in amending.CHANGING:
        return changing(now, step)
    if step == "sign_confidentiality":
        return now.data("confidentiality", years=5)
    if step in _PAID:
        return now.terms(payments=Situation().facts.terms.payments)
    if step == "plan_distribution":
        return now.data("receipts", list=[RECEIPT])
    if step in ABROAD:
        return now.data("export", **OWN_SECTIONS["export"]).knowing(foreign_party=True)
    if step == "waive_award":
        return now.terms(own={**OWN, "title_shared": True})
    if step == "pay_filing_fee":
        return now.data("filing", fee=None)
    if step == "record_patent_ended":
        return now.data("filing", recorded_on=None)
    if step in ("remove_patent", "split_off"):
        return now.knowing(patents=(PATENT, replace(PATENT, id=2, application_no="2020101000023")))
    return now


def granted(mode: str) -> Grant:
    """What another case has granted on the same patent."""
    return Grant(mode, None, None, number="ZH2026-00009", title="另案")
