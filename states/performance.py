"""What licensing modes share after the contract took effect: filing, feedback, payments, and the end."""

from collections.abc import Mapping
from datetime import date

from states import closing, ends
from states import guards as g
from states import payloads as p
from states.chart import Arc, Node
from states.context import Context
from states.facts import Payment
from states.plan import Closing, Effects, Opening
from states.recorded import payment_day
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
    children=(Node("payments_running", "收款中", "running", (Arc("record_receipt"), Arc("release_payment"))),),
)  # fmt: skip
ENDS = (*ends.CLOSING, *ends.FINAL)

PLATFORM_LABELS: Mapping[str, str] = {
    "ordinary_license": "已达成普通许可",
    "sole_license": "已达成排他许可",
    "exclusive_license": "已达成独占许可",
}


CHOICES = ends.CHOICES


def performance(*regions: Node) -> Node:
    """Return the parallel state of a contract in force, with the given regions."""
    arcs = (
        Arc("record_duty"),
        Arc("correct_date"),
        Arc("record_patent_ended"),
        Arc("reassign"),
        *ends.ways_to_end("terminate", "expire", "end_with_patent"),
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
    """Open a payment's deadline."""
    day = payment_day(payment, ctx.book)
    return Opening(
        f"payment:{number}", "PAYMENT", "contract_payment", effective, payment.label, day.due,
        because_zh=day.zh, because_en=day.en, provisional=day.provisional,
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
    """Keep the certificate; it earns the label and the feedback, unless the contract has ended meanwhile."""
    recorded = required_day(ctx, "recorded_on")
    if ends.is_closing(ctx):
        return Effects(facts=section(ctx, "filing", **kept(ctx)))
    return Effects(
        facts=section(ctx, "filing", **kept(ctx)),
        opens=(Opening("feedback", "FEEDBACK", "filing_recorded", recorded),),
        closes=(Closing("filing_decision"),),
        label=(PLATFORM_LABELS[ctx.facts.mode], f"备案证明 {ctx.payload.record_no}", recorded),
    )


def _refuse_filing(ctx: Context) -> Effects:
    refusals = [*ctx.data.items("filing", "refusals"), kept(ctx)]
    facts = section(ctx, "filing", refusals=refusals)
    if ends.is_closing(ctx):
        return Effects(facts=facts, closes=(Closing("filing_cancellation", "dropped"),))
    effective = ctx.data.day("contract", "effective_on")
    again = (Opening("license_filing", "T-01", "contract_effective", effective),) if effective else ()
    return Effects(facts=facts, opens=again, closes=(Closing("filing_decision"),))


def _report_feedback(ctx: Context) -> Effects:
    return Effects(facts={"feedback": kept(ctx)}, closes=(Closing("feedback"),))


def _record_receipt(ctx: Context) -> Effects:
    """Keep the receipt; a payment's deadline closes once what came in for it covers it."""
    receipts = [*ctx.data.items("receipts", "list"), {**kept(ctx), "by_name": ctx.actor.name}]
    facts = section(ctx, "receipts", list=receipts)
    key = ctx.payload.payment
    expected = g.payment_of(ctx, key)
    is_done = expected is not None and ends.is_covered(expected, key, receipts)
    return Effects(facts=facts, closes=(Closing(key),) if is_done else ())


def _record_duty(ctx: Context) -> Effects:
    duty = ctx.payload.duty
    ended = ctx.data.items("ended_patents", "list") if duty == "patent_cancellation" else ()
    keys = [f"patent_ended:{told['id']}" for told in ended] or [duty]
    return Effects(facts=section(ctx, "duties", **{duty: kept(ctx)}), closes=tuple(map(Closing, keys)))


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
        _receive_correction, "warning", from_outside=True,
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
        _record_filing, "success", from_outside=True,
    ),
    Step(
        "refuse_filing", "登记不予备案", "Record a refusal", "收到不予备案通知", "received a refusal",
        OFFICER, p.RefuseFiling,
        (g.day_between("refused_on", "不予备案通知日期", ("filing", "submitted_on", "提交日期")),),
        ends.settling(_refuse_filing), "danger", from_outside=True,
    ),
    Step(
        "report_feedback", "登记平台反馈", "Record the feedback", "已在盘活系统反馈", "reported to the platform",
        OFFICER, p.ReportFeedback,
        (closing.is_feedback_due, g.day_between("reported_on", "反馈日期", ("filing", "recorded_on", "备案日期"))),
        ends.settling(_report_feedback),
    ),
    Step(
        "record_receipt", "登记到账", "Record a receipt", "登记到账", "recorded a receipt",
        FINANCE, p.RecordReceipt,
        (g.is_payment_known, g.day_between("received_on", "到账日期", ("contract", "signed_on", "签订日期"))),
        ends.settling(_record_receipt), "secondary",
    ),
    Step(
        "record_duty", "登记事项办结", "Record a duty done", "登记事项办结", "recorded a duty as done",
        OFFICER | FINANCE, p.RecordDuty,
        (g.is_duty_due, closing.is_duty_left, g.day_between("done_on", "办理日期", ("contract", "signed_on", "签订日期"))),
        ends.settling(_record_duty), "secondary",
    ),
    *closing.STEPS,
)  # fmt: skip
