"""What licensing modes share after the contract took effect: filing, feedback, payments, and the end."""

from collections.abc import Callable, Mapping
from datetime import date

from rules.dates import chinese_date
from rules.holiday_notices import calendar_of
from states import guards as g
from states import payloads as p
from states.chart import Arc, Node
from states.context import Context
from states.facts import Payment
from states.plan import Closing, Effects, Opening
from states.steps import FINANCE, OFFICER, Step, kept, required_day, section

FILING = Node(
    "filing", "许可合同备案", "License filing",
    children=(
        Node("filing_due", "待备案", "due", (Arc("submit_filing", "filing_submitted"),)),
        Node("filing_submitted", "已提交", "submitted", (
            Arc("receive_correction", "filing_correction"),
            Arc("record_filing", "filing_recorded"),
            Arc("refuse_filing", "filing_refused"),
        )),
        Node("filing_correction", "待补正", "correction asked", (Arc("answer_correction", "filing_submitted"),)),
        Node("filing_refused", "不予备案", "refused", (Arc("submit_filing", "filing_submitted"),)),
        Node("filing_recorded", "已备案", "recorded"),
    ),
)  # fmt: skip
FEEDBACK = Node(
    "feedback", "盘活系统反馈", "Platform feedback",
    children=(
        Node("feedback_due", "待反馈", "due", (Arc("report_feedback", "feedback_reported"),)),
        Node("feedback_reported", "已反馈", "reported"),
    ),
)  # fmt: skip
PAYMENTS = Node(
    "payments", "收款", "Payments",
    children=(Node("payments_running", "收款中", "running", (Arc("record_receipt"),)),),
)  # fmt: skip
ENDS = (
    Node("cancellation_due", "待注销备案", "cancellation of the filing due", (
        Arc("cancel_filing", "completed", choice="has_term_expired"),
        Arc("cancel_filing", "terminated", unless="has_term_expired"),
    )),
    Node("completed", "已完成", "completed", final=True),
    Node("terminated", "已解除", "terminated", final=True),
    Node("withdrawn", "已撤回", "withdrawn", final=True),
    Node("rejected", "未获批准", "rejected", final=True),
)  # fmt: skip

PLATFORM_LABELS: Mapping[str, str] = {"exclusive_license": "已达成独占许可"}


def _has_term_expired(ctx: Context) -> bool:
    return ctx.data.text("end", "how") == "expired"


def _has_filing(ctx: Context) -> bool:
    return ctx.data.day("filing", "recorded_on") is not None


CHOICES: Mapping[str, Callable[[Context], bool]] = {
    "has_term_expired": _has_term_expired,
    "has_filing": _has_filing,
}


def performance(*regions: Node) -> Node:
    """Return the parallel state of a contract in force, with the given regions."""
    arcs = (
        Arc("record_duty"),
        Arc("correct_date"),
        Arc("terminate", "cancellation_due", choice="has_filing"),
        Arc("terminate", "terminated", unless="has_filing"),
        Arc("expire", "cancellation_due", choice="has_filing"),
        Arc("expire", "completed", unless="has_filing"),
    )
    return Node("performance", "履行", "Performance", arcs, regions, parallel=True)


def _take_effect(ctx: Context) -> Effects:
    effective = required_day(ctx, "effective_on")
    payments = tuple(
        _payment_opening(ctx, number, payment, effective)
        for number, payment in enumerate(ctx.terms.payments, 1)
    )
    opens = (
        Opening("license_filing", "T-01", "contract_effective", effective),
        Opening("technology_contract", "TC", "contract_effective", effective),
        *payments,
    )
    return Effects(facts=section(ctx, "contract", **kept(ctx)), opens=opens, outbox=("file_contract",))


def _payment_opening(ctx: Context, number: int, payment: Payment, effective: date) -> Opening:
    """Open a payment's deadline; the contract itself moves a day of rest to the next working day."""
    calendar = calendar_of(ctx.book)
    due = calendar.next_workday(payment.due)
    zh = [f"合同约定的付款日期为{chinese_date(payment.due)}。"]
    en = [f"The contract names {payment.due.isoformat()}."]
    if due != payment.due:
        zh.append(f"该日为休息日，依合同约定顺延至其后的第一个工作日{chinese_date(due)}。")
        en.append(f"A day of rest: by the contract it moves to the next working day, {due.isoformat()}.")
    return Opening(
        f"payment:{number}", "PAYMENT", "contract_payment", effective, payment.label, due,
        because_zh=tuple(zh), because_en=tuple(en), provisional=calendar.is_provisional(due),
    )  # fmt: skip


def _submit_filing(ctx: Context) -> Effects:
    submitted = required_day(ctx, "submitted_on")
    return Effects(
        facts=section(ctx, "filing", **kept(ctx)),
        opens=(Opening("filing_decision", "T-02", "filing_submitted", submitted),),
        closes=(Closing("license_filing"),),
    )


def _receive_correction(ctx: Context) -> Effects:
    received = required_day(ctx, "received_on")
    notices = [*ctx.data.items("filing", "corrections"), kept(ctx)]
    opening = Opening("correction", "CORRECTION", "correction_received", received, due=ctx.day("answer_by"))
    return Effects(
        facts=section(ctx, "filing", corrections=notices),
        opens=(opening,),
        closes=(Closing("filing_decision", "dropped"),),
    )


def _answer_correction(ctx: Context) -> Effects:
    answered = required_day(ctx, "answered_on")
    *earlier, last = ctx.data.items("filing", "corrections")
    return Effects(
        facts=section(ctx, "filing", corrections=[*earlier, {**last, **kept(ctx)}]),
        opens=(Opening("filing_decision", "T-02", "correction_answered", answered),),
        closes=(Closing("correction"),),
    )


def _record_filing(ctx: Context) -> Effects:
    recorded = required_day(ctx, "recorded_on")
    return Effects(
        facts=section(ctx, "filing", **kept(ctx)),
        opens=(Opening("feedback", "FEEDBACK", "filing_recorded", recorded),),
        closes=(Closing("filing_decision"),),
        label=(PLATFORM_LABELS[ctx.facts.mode], f"备案证明 {ctx.payload.record_no}", recorded),
    )


def _refuse_filing(ctx: Context) -> Effects:
    effective = ctx.data.day("contract", "effective_on")
    again = (Opening("license_filing", "T-01", "contract_effective", effective),) if effective else ()
    refusals = [*ctx.data.items("filing", "refusals"), kept(ctx)]
    return Effects(
        facts=section(ctx, "filing", refusals=refusals), opens=again, closes=(Closing("filing_decision"),)
    )


def _report_feedback(ctx: Context) -> Effects:
    return Effects(facts={"feedback": kept(ctx)}, closes=(Closing("feedback"),))


def _record_receipt(ctx: Context) -> Effects:
    """Keep the receipt; a payment's deadline closes once what came in for it covers it."""
    receipts = [*ctx.data.items("receipts", "list"), {**kept(ctx), "by_name": ctx.actor.name}]
    facts = {"receipts": {"list": receipts}}
    key = ctx.payload.payment
    if not key:
        return Effects(facts=facts)
    expected = g.payment_of(ctx, key)
    came_in = sum(receipt["amount_fen"] for receipt in receipts if receipt["payment"] == key)
    is_covered = expected is None or expected.amount_fen is None or came_in >= expected.amount_fen
    return Effects(facts=facts, closes=(Closing(key),) if is_covered else ())


def _record_duty(ctx: Context) -> Effects:
    duties = {**ctx.data.sections.get("duties", {}), ctx.payload.duty: kept(ctx)}
    return Effects(facts={"duties": duties}, closes=(Closing(ctx.payload.duty),))


def _ended(ctx: Context, how: str, on_field: str | None) -> Effects:
    ended = (required_day(ctx, on_field) if on_field else ctx.terms.end) or ctx.today
    facts = {"end": {**kept(ctx), "how": how, "on": ended.isoformat()}}
    drop = (Closing("*", "dropped"),)
    if not _has_filing(ctx):
        return Effects(facts=facts, closes=drop)
    return Effects(
        facts=facts, closes=drop, opens=(Opening("filing_cancellation", "T-04", "contract_ended", ended),)
    )


STEPS: tuple[Step, ...] = (
    Step(
        "take_effect", "登记生效", "Record the effective date", "登记合同生效", "recorded the effective date",
        OFFICER, p.TakeEffect, (g.day_between("effective_on", "生效日期", ("contract", "signed_on", "签订日期")),),
        _take_effect, "success",
    ),
    Step(
        "submit_filing", "提交备案", "Submit the filing", "提交许可合同备案", "submitted the license filing",
        OFFICER, p.SubmitFiling,
        (
            g.are_patents_clear("file"), g.is_within_patent_life,
            g.day_between("submitted_on", "提交日期", ("contract", "effective_on", "合同生效日期")),
        ),
        _submit_filing,
    ),
    Step(
        "receive_correction", "登记补正通知", "Record a correction notice", "收到补正通知", "received a correction notice",
        OFFICER, p.ReceiveCorrection,
        (g.day_between("received_on", "收到补正通知日期", ("filing", "submitted_on", "提交日期")),),
        _receive_correction, "warning",
    ),
    Step(
        "answer_correction", "提交补正", "Answer the correction", "提交补正", "answered the correction",
        OFFICER, p.AnswerCorrection,
        (g.day_between("answered_on", "补正提交日期", ("filing", "submitted_on", "提交日期")),),
        _answer_correction,
    ),
    Step(
        "record_filing", "登记备案证明", "Record the certificate", "登记许可合同备案证明", "recorded the certificate",
        OFFICER, p.RecordFiling,
        (g.day_between("recorded_on", "备案日期", ("filing", "submitted_on", "提交日期")),),
        _record_filing, "success",
    ),
    Step(
        "refuse_filing", "登记不予备案", "Record a refusal", "收到不予备案通知", "received a refusal",
        OFFICER, p.RefuseFiling,
        (g.day_between("refused_on", "不予备案通知日期", ("filing", "submitted_on", "提交日期")),),
        _refuse_filing, "danger",
    ),
    Step(
        "report_feedback", "登记平台反馈", "Record the feedback", "已在盘活系统反馈", "reported to the platform",
        OFFICER, p.ReportFeedback,
        (g.is_filing_recorded, g.day_between("reported_on", "反馈日期", ("filing", "recorded_on", "备案日期"))),
        _report_feedback,
    ),
    Step(
        "record_receipt", "登记到账", "Record a receipt", "登记到账", "recorded a receipt",
        FINANCE, p.RecordReceipt,
        (g.is_payment_known, g.day_between("received_on", "到账日期", ("contract", "signed_on", "签订日期"))),
        _record_receipt, "secondary",
    ),
    Step(
        "record_duty", "登记事项办结", "Record a duty done", "登记事项办结", "recorded a duty as done",
        OFFICER | FINANCE, p.RecordDuty,
        (g.is_duty_due, g.day_between("done_on", "办理日期", ("contract", "signed_on", "签订日期"))),
        _record_duty, "secondary",
    ),
    Step(
        "terminate", "解除合同", "Terminate the contract", "解除合同", "terminated the contract",
        OFFICER, p.Terminate,
        (g.day_between("agreed_on", "解除协议日期", ("contract", "effective_on", "合同生效日期")),),
        lambda ctx: _ended(ctx, "terminated", "agreed_on"), "danger",
    ),
    Step(
        "expire", "期满终止", "Close at expiry", "许可期限届满", "license term expired",
        OFFICER, p.Expire, (g.is_term_over,), lambda ctx: _ended(ctx, "expired", None), "secondary",
    ),
    Step(
        "cancel_filing", "登记注销备案", "Record the cancellation", "注销许可合同备案", "cancelled the filing",
        OFFICER, p.CancelFiling, (g.day_between("cancelled_on", "备案注销日期", ("end", "on", "合同终止日期")),),
        lambda ctx: Effects(facts={"cancellation": kept(ctx)}, closes=(Closing("filing_cancellation"),)),
    ),
)  # fmt: skip
