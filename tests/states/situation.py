"""Situations for tests of decisions: plain values, put together by hand, where every guard passes.

`decided` asks the pure decision; a test changes one value at a time and looks at what comes back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from rules.gates import PatentFacts
from rules.grants import Grant
from rules.packs import load
from states.catalog import MODES
from states.chart import Chart, NoArc, Position
from states.context import Context
from states.decide import Option, decide, options
from states.facts import Actor, CaseData, Facts, Handover, Joining, Payment, Switch, TermsFacts
from states.modes import Mode
from states.plan import Plan, Refusal
from states.stepping_back import standing
from tests.states import amending

MODE = MODES["exclusive_license"]
CHART = MODE.chart
TODAY = date(2026, 6, 1)
INSTITUTION = "沧澜理工大学"
HASHES = {"publicity": "p1", "approval": "a1", "terms": "t1"}

START: Position = CHART.initial
CLEARED: Position = (
    "approval_granted", "contract_waiting", "price_agreed", "publicity_closed", "title_cleared",
)  # fmt: skip


def performing(**regions: str) -> Position:
    """A position of a license in force; regions not named are at their beginning."""
    initial = {
        "filing": "filing_due", "feedback": "feedback_due", "payments": "payments_running",
        "registration": "registration_due", "rewards": "rewards_idle", "industrialization": "not_worked",
    }  # fmt: skip
    return tuple(sorted({**initial, **regions}.values()))


PERFORMING = performing()

PATENT = PatentFacts(
    id=1, application_no="2020101000019", title="一种隔膜", kind="invention", status="in_force", flags=frozenset(),
    filing_date=date(2020, 5, 6), grant_date=date(2022, 8, 9), owners=(INSTITUTION,), checked_on=date(2026, 5, 30),
    consents=frozenset(), term_end=date(2040, 5, 5),
)  # fmt: skip
SECOND = replace(PATENT, id=2, application_no="2020101000023")
# Sold since April, reported in parts: one is over.
ROYALTY: Mapping[str, Any] = {
    "base": "净销售额", "deductions": ["returns"], "deduction_cap_bp": None, "rates": [[1, 300]],
    "periods": [
        [1, 1, "2026-04-01", "2026-05-27", "2026-06-29", "2026-07-14"],
        [2, 1, "2026-05-28", "2027-03-31", "2027-04-30", "2027-05-15"],
    ],
    "floors": [[1, "2026-04-01", "2027-03-31", 5_000_000]], "cap_fen": None, "credit_fen": 0, "late_bp": 5,
}  # fmt: skip
TRIAL: Mapping[str, Any] = {
    "start": "2026-04-01", "end": "2026-09-30", "decide_by": "2026-08-31", "extend_until": "2026-12-31",
    "silence": "return", "trigger": "event", "trigger_on": None, "fee_fen": 2_000_000, "pay_days": 15,
}  # fmt: skip
TERMS = TermsFacts(
    complete=True, hashes=HASHES, amount_fen=120_000_000, start=date(2026, 4, 1), end=date(2031, 3, 31),
    price_method="agreement",
    payments=(
        Payment("首期款", date(2026, 5, 15), 80_000_000),
        Payment("第二期款", date(2026, 11, 15), 40_000_000),
        Payment("提成费", date(2027, 3, 31), None),
    ),
)  # fmt: skip
LATER = (
    Payment("提成费第1期", date(2026, 7, 14), None, "royalty:1"),
    Payment("里程碑：小试", date(2026, 5, 20), 1_000_000, "milestone:0"),
    Payment("转为付费款项", date(2026, 9, 15), 2_000_000, "conversion"),
)
OTHER = Grant("exclusive_license", date(2026, 1, 1), date(2030, 12, 31), number="ZH2026-00009", title="另案")
JOINING = Joining(2, "ZH2026-00002", "exclusive_license", True, "preparation", False, (SECOND,))
SECTIONS: Mapping[str, Mapping[str, Any]] = {
    "title": {"checked_on": "2026-05-01"},
    "price": {"agreed_on": "2026-05-02", "hash": "p1"},
    "publicity": {"posted_on": "2026-05-03", "pauses": [["2026-05-05", "2026-05-06"]], "hash": "p1"},
    "objection": {"received_on": "2026-05-05"},
    "approval": {"submitted_by": 77, "hash": "a1", "decided_on": "2026-05-21"},
    "contract": {"contract_no": "H-0", "hash": "a1", "signed_on": "2026-05-22", "effective_on": "2026-05-23"},
    "filing": {
        "submitted_on": "2026-05-24",
        "recorded_on": "2026-05-26",
        "corrections": [{"content": "补材料"}],
    },
    "registration": {"applied_on": "2026-05-25"},
    "rewards": {
        "planned_on": "2026-05-01",
        "posted_on": "2026-05-02",
        "closed_on": "2026-05-28",
        "receipts": [1],
    },
    "end": {
        "how": "terminated",
        "on": "2026-05-28",
        "left": ["filing_cancellation", "stamp_duty", "feedback", "payment:1", "payment:2"],
    },
}
ROUTES = {"list_deal": "listing", "announce_auction": "auction"}
SALE = {
    "listed_on": "2026-05-04",
    "announced_on": "2026-05-04",
    "until": "2026-05-29",
    "floor_fen": 100_000_000,
}
RECEIPT = {
    "received_on": "2026-05-20",
    "amount_fen": 80_000_000,
    "payment": "payment:1",
    "timers": ["distribution:1"],
}
PAYLOADS: Mapping[str, Mapping[str, Any]] = {
    "edit_terms": {"terms": {}},
    "record_consent": {"consent": "co_owner", "given_by": "丙", "given_on": TODAY, "evidence": "同意书1号"},
    "clear_title": {"checked_on": TODAY, "evidence": "副本1号"},
    "agree_price": {"agreed_on": TODAY, "basis": "谈判记录"},
    "list_deal": {
        "listed_on": TODAY,
        "exchange": "沧澜技术交易所",
        "listing_no": "GP-1",
        "floor_fen": 100_000_000,
        "until": "2026-06-29",
        "basis": "评估报告",
    },
    "close_listing": {
        "closed_on": TODAY,
        "outcome": "sold",
        "buyer": "启衡公司",
        "price_fen": 120_000_000,
        "reference": "确认书1号",
    },
    "announce_auction": {
        "announced_on": TODAY,
        "house": "沧澜拍卖行",
        "announcement_no": "PM-1",
        "floor_fen": 100_000_000,
        "until": "2026-06-15",
        "basis": "评估报告",
    },
    "close_auction": {
        "closed_on": TODAY,
        "outcome": "sold",
        "buyer": "启衡公司",
        "price_fen": 120_000_000,
        "reference": "确认书2号",
    },
    "post_publicity": {"posted_on": TODAY, "place": "公告栏", "procedure_published": True},
    "raise_objection": {"received_on": TODAY, "objector": "甲", "content": "价格偏低"},
    "resolve_objection": {"resolved_on": TODAY, "outcome": "dismissed", "reason": "依据充分"},
    "close_publicity": {"closed_on": TODAY, "result": "无异议"},
    "submit_approval": {},
    "approve": {"decided_on": TODAY, "minutes_no": "1号"},
    "send_back": {"reason": "请补充"},
    "reject": {"reason": "不同意"},
    "start_drafting": {"contract_no": "H-1"},
    "finalize_contract": {"reviewed_by": "沈律"},
    "choose_clauses": {"choices": {"breach": "penalty"}},
    "rewrite_clause": {"clause": "breach", "text": "违约方赔偿损失。", "reason": "对方提出"},
    "return_to_drafting": {"reason": "改附件"},
    "sign": {"signed_on": TODAY, "licensor_signatory": "江", "licensee_signatory": "冯"},
    "withdraw": {"reason": "企业放弃"},
    "correct_date": {"which": "contract_signed", "corrected_on": "2026-05-21", "reason": "登记时误填"},
    "correct_entry": {"which": "contract_no", "corrected": "H-1", "reason": "登记时误填"},
    "switch_mode": {"mode": "transfer", "reason": "企业改变主意"},
    "split_off": {"patents": "2020101000023", "reason": "分两家企业"},
    "join_case": {"case": "ZH2026-00002", "reason": "一并办理"},
    "step_back": {"what": "feedback", "reason": "误报", "withdrawn_on": TODAY, "reference": "撤回1号"},
    "take_effect": {"effective_on": TODAY},
    "submit_filing": {"submitted_on": TODAY, "receipt_no": "SL1"},
    "receive_correction": {"received_on": TODAY, "content": "补身份证明"},
    "answer_correction": {"answered_on": TODAY},
    "record_filing": {"recorded_on": TODAY, "record_no": "X1"},
    "refuse_filing": {"refused_on": TODAY, "reason": "材料不全"},
    "report_feedback": {"reported_on": TODAY, "reference": "截图1"},
    "record_receipt": {
        "received_on": TODAY,
        "amount_fen": 80_000_000,
        "payment": "payment:1",
        "reference": "回单1",
    },
    "record_duty": {"duty": "stamp_duty", "done_on": TODAY, "reference": "完税1"},
    "apply_registration": {"applied_on": TODAY, "office": "沧澜市技术合同登记处"},
    "register_contract": {
        "registered_on": TODAY,
        "registration_no": "2026460000001",
        "total_fen": 120_000_000,
        "technical_fen": 100_000_000,
    },
    "refuse_registration": {"refused_on": TODAY, "reason": "标的不明确"},
    "waive_registration": {"reason": "免费许可"},
    "plan_distribution": {"planned_on": TODAY, "persons": "丁某 60%\n戊某 40%"},
    "post_reward_publicity": {"posted_on": TODAY, "place": "公告栏"},
    "close_reward_publicity": {"closed_on": TODAY, "result": "无异议"},
    "withdraw_distribution": {"reason": "调整方案"},
    "pay_rewards": {"paid_on": TODAY, "reference": "发放表1号"},
    "record_working": {"worked_on": TODAY, "evidence": "投产记录"},
    "record_industrialization": {"industrialized_on": TODAY, "product": "隔膜", "evidence": "销售合同1号"},
    "record_product_filing": {
        "filed_on": TODAY,
        "product": "隔膜",
        "filed_by": "某公司",
        "filing_no": "ZLCP1",
    },
    "report_industrialization": {"reported_on": TODAY, "reference": "截图2"},
    "terminate": {"agreed_on": TODAY, "reason": "协商一致"},
    "expire": {},
    "cancel_filing": {"cancelled_on": TODAY, "reference": "注销1"},
    "withdraw_filing": {"withdrawn_on": TODAY, "reference": "撤回1号"},
    "release_payment": {"payment": "payment:2", "decided_on": TODAY, "reason": "依解除协议免除"},
    "report_royalty": {
        "period": 1,
        "products": "隔膜 100万元 退货 2万元",
        "reported_on": TODAY,
        "evidence": "报表1号",
    },
    "reach_milestone": {"milestone": "payment:2", "reached_on": TODAY, "evidence": "小试报告"},
    "drop_milestone": {"milestone": "payment:2", "decided_on": TODAY, "reason": "技术路线改变"},
    "start_trial": {"started_on": TODAY, "evidence": "交接单1号"},
    "trigger_trial": {"triggered_on": TODAY, "evidence": "认证证书"},
    "choose_option": {"option": "convert", "chosen_on": TODAY, "evidence": "通知1号"},
    "return_trial": {"returned_on": TODAY, "evidence": "通知2号", "reason": "指标未达到"},
    "reassign": {"officer": "zhang", "reason": "岗位调整"},
    "add_patent": {"patent": "2020101000023", "reason": "一并许可"},
    "remove_patent": {"patent": "ZL202010100001.9", "reason": "不再许可"},
    "record_patent_ended": {
        "patent": "ZL202010100001.9",
        "how": "lapsed",
        "ended_on": TODAY,
        "reason": "未缴年费，终止通知书",
    },
    **amending.payloads(TODAY),
}
# Terms that a change would bring: another price, which has to be made public and approved.
CHANGED = replace(TERMS, hashes={"publicity": "p2", "approval": "a2", "terms": "t2"}, end=date(2033, 3, 31))
POSTED = {"posted_on": "2026-05-01", "pauses": []}
PASSED: Mapping[str, Mapping[str, Any]] = {
    "publicity": {**POSTED, "closed_on": "2026-05-25"},
    "approval": {"hash": "a2", "decided_on": "2026-05-26"},
}


@dataclass(frozen=True)
class Situation:
    """Where a case stands and what is known; the default lets every step through that has its position."""

    position: Position = START
    facts: Facts = Facts(
        mode="exclusive_license",
        case_no="ZH2026-00001", institution=INSTITUTION, officer_id=1, foreign_party=False, patents=(PATENT,),
        terms=TERMS, data=CaseData(SECTIONS), handover=Handover("某人", Actor(2, "张明", "officer")), asked=SECOND,
        switch=Switch(MODES["sole_license"]), joining=JOINING, proposal=amending.proposal(CHANGED),
    )  # fmt: skip
    today: date = TODAY
    person: int = 9
    payloads: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: PAYLOADS)
    mode: Mode = MODE

    def at(self, *position: str) -> "Situation":
        """The same, standing elsewhere."""
        return replace(self, position=tuple(sorted(position)))

    def terms(self, **changes: Any) -> "Situation":
        """The same with other terms."""
        return replace(self, facts=replace(self.facts, terms=replace(self.facts.terms, **changes)))

    def patent(self, **changes: Any) -> "Situation":
        """The same with its patent changed."""
        return replace(self, facts=replace(self.facts, patents=(replace(PATENT, **changes),)))

    def data(self, section: str, **changes: Any) -> "Situation":
        """The same with one section changed."""
        sections = self.facts.data.sections
        changed = {**sections, section: {**sections.get(section, {}), **changes}}
        return replace(self, facts=replace(self.facts, data=CaseData(changed)))

    def knowing(self, **changes: Any) -> "Situation":
        """The same with other facts."""
        return replace(self, facts=replace(self.facts, **changes))

    def giving(self, event: str, **changes: Any) -> "Situation":
        """The same with other input for one step."""
        return replace(self, payloads={**self.payloads, event: {**self.payloads[event], **changes}})

    def actor(self, role: str) -> Actor:
        """Somebody in a role."""
        return Actor(self.person, "某人", role)

    def decide(self, event: str, role: str | None = None) -> Plan | Refusal:
        """Decide a step, in a role that may take it unless one is named."""
        step = self.mode.steps[event]
        given = self._undoing() if event == "step_back" else self.payloads[event]
        return decide(
            self.mode, self.position, event, self.facts, self.today, book=load(),
            actor=self.actor(role or min(step.roles)), payload=step.payload.model_validate(given),
        )  # fmt: skip

    def _undoing(self) -> Mapping[str, Any]:
        """Input for stepping back from the first thing that can be undone here; from the end if there is nothing."""
        ctx = Context(self.mode, self.position, self.facts, None, self.actor("officer"), self.today, load())
        found = standing(ctx)
        given = self.payloads["step_back"]
        return (
            given if given is not PAYLOADS["step_back"] else {**given, "what": found[0] if found else "end"}
        )

    def plan(self, event: str) -> Plan:
        """Decide a step that must be possible."""
        found = self.decide(event)
        assert isinstance(found, Plan), found
        return found

    def codes(self, event: str, role: str | None = None) -> list[str]:
        """The codes of everything unmet, in order; nothing if the step is possible."""
        found = self.decide(event, role)
        return [unmet.code for unmet in found.unmet] if isinstance(found, Refusal) else []

    def options(self, role: str) -> dict[str, Option]:
        """What the position offers to a role, by event."""
        found = options(self.mode, self.position, self.facts, self.today, book=load(), actor=self.actor(role))
        return {option.step.event: option for option in found}


def paid_later(position: Position = PERFORMING, *, converted: bool = False) -> Situation:
    """A license that begins with free use and goes on with royalties; one milestone is agreed."""
    own = {"trial": TRIAL, "royalty": ROYALTY}
    now = Situation(position).terms(payments=LATER, own=own)
    return now.data("trial", converted_on="2026-05-25") if converted else now


def deal(**regions: str) -> Position:
    """A position before the signature; regions not named are done."""
    done = {
        "title": "title_cleared", "price": "price_agreed", "publicity": "publicity_closed",
        "approval": "approval_granted", "contract": "contract_waiting",
    }  # fmt: skip
    return tuple(sorted({**done, **regions}.values()))


# Where each step is possible with the facts of `Situation`.
WHERE: dict[str, Position] = {
    "edit_terms": deal(),
    "record_consent": deal(),
    "clear_title": deal(title="title_pending"),
    "agree_price": deal(price="price_open"),
    "list_deal": deal(price="price_open"),
    "close_listing": deal(price="price_listed"),
    "announce_auction": deal(price="price_open"),
    "close_auction": deal(price="price_auctioned"),
    "post_publicity": deal(publicity="publicity_open"),
    "raise_objection": deal(publicity="publicity_running"),
    "resolve_objection": deal(publicity="publicity_paused"),
    "close_publicity": deal(publicity="publicity_running"),
    "submit_approval": deal(approval="approval_open"),
    "approve": deal(approval="approval_submitted"),
    "send_back": deal(approval="approval_submitted"),
    "reject": deal(approval="approval_submitted"),
    "start_drafting": CLEARED,
    "finalize_contract": deal(contract="drafting"),
    "choose_clauses": deal(contract="drafting"),
    "rewrite_clause": deal(contract="drafting"),
    "return_to_drafting": deal(contract="signing"),
    "sign": deal(contract="signing"),
    "withdraw": deal(),
    "take_effect": deal(contract="signed"),
    "submit_filing": PERFORMING,
    "receive_correction": performing(filing="filing_submitted"),
    "answer_correction": performing(filing="filing_correction"),
    "record_filing": performing(filing="filing_submitted"),
    "refuse_filing": performing(filing="filing_submitted"),
    "report_feedback": performing(filing="filing_recorded"),
    "record_receipt": PERFORMING,
    "record_duty": PERFORMING,
    "apply_registration": PERFORMING,
    "register_contract": performing(registration="registration_submitted"),
    "refuse_registration": performing(registration="registration_submitted"),
    "waive_registration": PERFORMING,
    "plan_distribution": performing(rewards="rewards_due"),
    "post_reward_publicity": performing(rewards="rewards_planned"),
    "close_reward_publicity": performing(rewards="rewards_publicized"),
    "withdraw_distribution": performing(rewards="rewards_planned"),
    "pay_rewards": performing(rewards="rewards_confirmed"),
    "record_working": PERFORMING,
    "record_industrialization": performing(industrialization="worked"),
    "record_product_filing": performing(industrialization="worked"),
    "report_industrialization": performing(industrialization="industrialized"),
    "terminate": PERFORMING,
    **dict.fromkeys(
        (
            "report_royalty",
            "reach_milestone",
            "drop_milestone",
            "start_trial",
            "trigger_trial",
            "choose_option",
            "return_trial",
        ),
        PERFORMING,
    ),
    "expire": PERFORMING,
    "cancel_filing": ("cancellation_due",),
    "withdraw_filing": ("withdrawal_due",),
    "release_payment": PERFORMING,
    "record_patent_ended": PERFORMING,
    "reassign": PERFORMING,
    "add_patent": deal(),
    "remove_patent": deal(),
    "correct_date": PERFORMING,
    "correct_entry": PERFORMING,
    "switch_mode": deal(),
    "split_off": deal(),
    "join_case": deal(),
    "step_back": ("feedback_reported", "filing_recorded", "payments_running"),
    **dict.fromkeys(amending.CHANGING, PERFORMING),
    **dict.fromkeys(amending.SECRECY, deal()),
}


PAID_LATER = (
    "report_royalty", "reach_milestone", "drop_milestone", "start_trial", "trigger_trial", "choose_option", "return_trial",
)  # fmt: skip


def ready(step: str) -> Situation:
    """A situation in which the step is possible."""
    if step in PAID_LATER:
        return paid_later(WHERE[step], converted=step == "report_royalty")
    now = Situation(WHERE[step])
    if step in ("remove_patent", "split_off"):
        return now.knowing(patents=(PATENT, SECOND))
    if step in amending.CHANGING:
        return changing(now, step)
    if step == "sign_confidentiality":
        return now.data("confidentiality", years=5)
    if step in ROUTES:
        return now.terms(price_method=ROUTES[step])
    if step in ("close_listing", "close_auction"):
        return now.data("price", **SALE)
    if step == "plan_distribution":
        return now.data("receipts", list=[RECEIPT])
    if step == "report_industrialization":
        return now.data("industrialization", industrialized_on="2026-05-20")
    if step in ("record_industrialization", "record_product_filing"):
        return now.data("industrialization", worked_on="2026-05-20")
    return now.terms(end=date(2026, 5, 31)) if step == "expire" else now


def changing(now: Situation, step: str) -> Situation:
    """A situation in which a step of a change of the contract is possible."""
    if step.startswith("propose_"):
        return now.knowing(proposal=amending.proposal(CHANGED))
    handed_up = {"hash": "a2", "submitted_by": 77}
    more: Mapping[str, Mapping[str, Any]] = {
        "close_amendment_publicity": {"publicity": POSTED},
        "approve_amendment": {"approval": handed_up},
        "return_amendment": {"approval": handed_up},
        "sign_amendment": PASSED,
    }
    return now.data("amendment", **amending.open_change(CHANGED, **more.get(step, {})))


def reachable(chart: Chart = CHART) -> tuple[Position, ...]:
    """Every position that some sequence of events leads to, whatever the guards say."""
    todo, seen = [chart.initial], {chart.initial}
    while todo:
        position = todo.pop()
        for event in chart.offered(position):
            for only in (*chart.choices, ""):
                reached = _after(chart, position, event, only)
                if reached is not None and reached not in seen:
                    seen.add(reached)
                    todo.append(reached)
    return tuple(sorted(seen))


def _after(chart: Chart, position: Position, event: str, only: str) -> Position | None:
    try:
        return chart.apply(position, event, lambda name: name == only)
    except NoArc:
        return None
