"""An open license where every guard passes, for the tests of its decisions."""

from dataclasses import replace
from datetime import date
from typing import Any

from states.chart import Position
from states.facts import CaseData, CompanyFacts, Payment, TermsFacts
from states.open_license import MODE
from tests.states.situation import JOINING, PATENT, PAYLOADS, RECEIPT, SECOND, SECTIONS, TODAY, Situation

CHART = MODE.chart
GAZETTED, WITHDRAWN = "2026-03-20", "2026-05-30"
COMPANY = CompanyFacts(
    5, "启衡新材料股份有限公司", "91110000600037341L", "沧澜市高新区创新路8号", is_foreign=False
)
TERMS = TermsFacts(
    complete=True, hashes={"publicity": "p1", "approval": "a1", "terms": "t1"}, amount_fen=10_000_000,
    start=date(2026, 3, 1), end=date(2031, 2, 28), price_method="agreement", own={"upfront_fen": 10_000_000},
    payments=(
        Payment("2026年度提成费", date(2027, 3, 31), None),
        Payment("2027年度提成费", date(2028, 3, 31), None),
        Payment("2028年度提成费", date(2029, 3, 31), None),
    ),
)  # fmt: skip


def acceptance(number: int, place: str, **changes: Any) -> dict[str, Any]:
    """Return one acceptance as the record keeps it."""
    known: dict[str, Any] = {
        "no": number, "company_id": 4 + number, "company": f"第{number}家公司", "uscc": "", "address": "某地", "foreign": False,
        "notified_on": "2026-04-01", "notice": "通知1", "start": "2026-04-10", "end": "2027-12-31", "place": place,
        "effective_on": "2026-04-10", "payments": [f"payment:{n}@{number}" for n in (1, 2)],
        "duties": ["acceptance_stamp_duty", "acceptance_registration"], "filing": {},
    }  # fmt: skip
    return {**known, **changes}


DATA: dict[str, dict[str, Any]] = {
    **{name: dict(values) for name, values in SECTIONS.items()},
    "contract": {"hash": "a1", "signed_on": "2026-03-10", "contract_no": "KF-1"},
    "filing": {"submitted_on": "2026-03-12", "recorded_on": GAZETTED, "record_no": "KF1", "corrections": [{}]},
    "approval": {"submitted_by": 77, "hash": "a1", "decided_on": "2026-03-09"},
    "acceptances": {
        "list": [
            acceptance(1, "notified", effective_on=None, payments=[], duties=[]),
            acceptance(2, "due"),
            acceptance(3, "submitted"),
            acceptance(4, "correction"),
            acceptance(5, "recorded", foreign=True, duties=["acceptance_export"]),
            acceptance(6, "cancellation", ended_on="2026-05-20"),
        ]
    },
    "end": {
        "how": "expired", "on": "2026-05-28",
        "left": ["acceptance_cancellation:6", "acceptance_stamp_duty:2", "payment:1@2", "feedback", "licensee_notice"],
    },
    "bar": {"notice_due": True},
}  # fmt: skip
GIVEN: dict[str, dict[str, Any]] = {
    **{event: dict(given) for event, given in PAYLOADS.items()},
    "start_drafting": {"contract_no": "KF-1"},
    "sign": {"signed_on": TODAY, "signatory": "江"},
    "record_filing": {"recorded_on": TODAY, "record_no": "KF1"},
    "refuse_filing": {"refused_on": TODAY, "reason": "评价报告缺失"},
    "withdraw_filing": {"withdrawn_on": TODAY, "reason": "不再开放"},
    "correct_date": {"which": "contract_signed", "corrected_on": "2026-03-11", "reason": "登记时误填"},
    "record_bar": {"ground": "suspended", "found_on": TODAY, "withdraw_by": "2026-06-08"},
    "submit_withdrawal": {"submitted_on": TODAY, "receipt_no": "CH1", "reason": "拟转让"},
    "record_withdrawal": {"gazetted_on": TODAY, "reference": "42卷20期"},
    "refuse_withdrawal": {"refused_on": TODAY, "reason": "附有条件"},
    "record_revocation": {"how": "ended", "gazetted_on": TODAY, "reference": "通知1号", "reason": "年费未缴"},
    "record_acceptance": {
        "company": COMPANY.name, "notified_on": TODAY, "notice": "通知7", "start": TODAY, "end": "2028-05-31",
    },
    "reach_license": {"acceptance": "1", "paid_on": TODAY, "amount_fen": 10_000_000, "reference": "回单1"},
    "submit_acceptance_filing": {
        "acceptance": "2", "submitted_on": TODAY, "receipt_no": "SL2", "filed_by": "owner",
    },
    "receive_acceptance_correction": {"acceptance": "3", "received_on": TODAY, "content": "补身份证明"},
    "answer_acceptance_correction": {"acceptance": "4", "answered_on": TODAY},
    "record_acceptance_filing": {"acceptance": "3", "recorded_on": TODAY, "record_no": "BA3"},
    "refuse_acceptance_filing": {"acceptance": "3", "refused_on": TODAY, "reason": "材料不全"},
    "record_acceptance_duty": {
        "acceptance": "2", "duty": "acceptance_stamp_duty", "done_on": TODAY, "reference": "完税1",
    },
    "end_acceptance": {"acceptance": "5", "how": "terminated", "ended_on": TODAY, "reason": "协商一致"},
    "cancel_acceptance_filing": {"acceptance": "6", "cancelled_on": TODAY, "reference": "注销6"},
    "notify_licensees": {"notified_on": TODAY, "reference": "通知书", "all_told": True},
    "record_receipt": {
        "received_on": TODAY, "amount_fen": 1_000_000, "payment": "payment:1@2", "reference": "回单2",
    },
    "release_payment": {"payment": "payment:1@2", "decided_on": TODAY, "reason": "当年无销售"},
    "record_duty": {"duty": "patent_cancellation", "done_on": TODAY, "reference": "注销1"},
    "correct_entry": {"which": "contract_no", "corrected": "KF-2", "reason": "登记时误填"},
    "complete": {},
}  # fmt: skip


def at(*position: str, **data: dict[str, Any]) -> Situation:
    """A case that stands somewhere, with sections of its data replaced."""
    now = Situation(tuple(sorted(position)), payloads=GIVEN, mode=MODE)
    facts = replace(
        now.facts, mode=MODE.slug, terms=TERMS, data=CaseData({**DATA, **data}), company=COMPANY, patents=(PATENT,),
        joining=replace(JOINING, mode=MODE.slug),
    )  # fmt: skip
    return replace(now, facts=facts)


def deal(**regions: str) -> Position:
    """A position before the seal; regions not named are done."""
    done = {
        "title": "title_cleared", "price": "price_agreed", "publicity": "publicity_closed",
        "approval": "approval_granted", "contract": "contract_waiting",
    }  # fmt: skip
    return tuple(sorted({**done, **regions}.values()))


def open_(**regions: str) -> Position:
    """A position of a declaration that has been gazetted; regions not named are at their beginning."""
    initial = {
        "declaration": "filing_recorded", "acceptances": "acceptances_running", "feedback": "feedback_due",
        "payments": "payments_running", "rewards": "rewards_idle",
    }  # fmt: skip
    return tuple(sorted({**initial, **regions}.values()))


OPEN = open_()
_NOTHING_LEFT: dict[str, dict[str, Any]] = {
    "acceptances": {"list": [acceptance(1, "over", payments=[], duties=[])]},
    "feedback": {"reported_on": "2026-05-01"},
    "bar": {},
    "rewards": {},
}
WHERE: dict[str, Position] = {
    **dict.fromkeys(MODE.steps, OPEN),
    **dict.fromkeys(("edit_terms", "record_consent", "withdraw", "add_patent", "remove_patent", "start_drafting"), deal()),
    **dict.fromkeys(("switch_mode", "split_off", "join_case"), deal()),
    "clear_title": deal(title="title_pending"),
    "agree_price": deal(price="price_open"),
    "post_publicity": deal(publicity="publicity_open"),
    "raise_objection": deal(publicity="publicity_running"),
    "resolve_objection": deal(publicity="publicity_paused"),
    "close_publicity": deal(publicity="publicity_running"),
    "submit_approval": deal(approval="approval_open"),
    "approve": deal(approval="approval_submitted"),
    "send_back": deal(approval="approval_submitted"),
    "reject": deal(approval="approval_submitted"),
    "finalize_contract": deal(contract="drafting"),
    "choose_clauses": deal(contract="drafting"),
    "rewrite_clause": deal(contract="drafting"),
    "return_to_drafting": deal(contract="signing"),
    "sign": deal(contract="signing"),
    "submit_filing": ("filing_due",),
    "receive_correction": ("filing_submitted",),
    "answer_correction": ("filing_correction",),
    "record_filing": ("filing_submitted",),
    "refuse_filing": ("filing_submitted",),
    "withdraw_filing": ("filing_submitted",),
    "record_withdrawal": open_(declaration="withdrawal_submitted"),
    "refuse_withdrawal": open_(declaration="withdrawal_submitted"),
    "complete": open_(declaration="declaration_over"),
    "step_back": open_(feedback="feedback_reported"),
    "plan_distribution": open_(rewards="rewards_due"),
    "post_reward_publicity": open_(rewards="rewards_planned"),
    "close_reward_publicity": open_(rewards="rewards_publicized"),
    "withdraw_distribution": open_(rewards="rewards_planned"),
    "pay_rewards": open_(rewards="rewards_confirmed"),
}  # fmt: skip


def ready(step: str) -> Situation:
    """A situation in which the step is possible."""
    if step == "complete":
        return at(*WHERE[step], **_NOTHING_LEFT)
    now = at(*WHERE[step])
    if step in ("remove_patent", "split_off"):
        return now.knowing(patents=(PATENT, SECOND))
    if step == "plan_distribution":
        return now.data("receipts", list=[{**RECEIPT, "payment": "payment:1@2"}])
    if step == "record_duty":
        return now.data("ended_patents", list=[{"id": 7}])
    return now.terms(end=date(2026, 5, 31)) if step == "expire" else now


# Duty of an open license: the key of its deadline, where it stands, and its fate when the term is over, the contract
# terminated (it never is), the last patent ended; when the case was withdrawn or rejected.
OF_LICENSEES = (
    ("acceptance_filing", "acceptance_filing:2", OPEN, "drops never drops never never"),
    ("acceptance_decision", "acceptance_decision:3", OPEN, "drops never drops never never"),
    ("acceptance_correction", "acceptance_correction:4", OPEN, "drops never drops never never"),
    ("acceptance_cancellation", "acceptance_cancellation:5", OPEN, "opens never opens never never"),
    ("acceptance_cancellation", "acceptance_cancellation:3", OPEN, "opens never opens never never"),
    ("acceptance_stamp_duty", "acceptance_stamp_duty:2", OPEN, "keeps never keeps never never"),
    ("acceptance_registration", "acceptance_registration:2", OPEN, "keeps never keeps never never"),
    ("acceptance_export", "acceptance_export:5", OPEN, "keeps never keeps never never"),
    ("open_withdrawal", "open_withdrawal", OPEN, "drops never drops never never"),
    ("licensee_notice", "licensee_notice", OPEN, "drops never keeps never never"),
)
