"""The steps of an open license about its licensees: notice, payment, the filing of each license, and its end.

Each step names one acceptance. What it changes stands in that acceptance alone, with deadlines of its own.

Source: 专利法 art 51; 专利法实施细则 arts 15, 87; 备案办法 arts 5, 11-12, 17; 审查指南 part 5 ch 11 §§6-8
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from states import acceptance_payloads as p
from states import acceptances as a
from states import ends, performance
from states import guards as g
from states.context import Context
from states.guards import Guard
from states.payload_fields import Payload
from states.plan import Closing, Effects, Opening, Unmet
from states.recorded import payment_day, payment_named
from states.steps import FINANCE, OFFICER, EffectOf, Step, kept, required_day, section


def is_licensee_known(ctx: Context) -> tuple[Unmet, ...]:
    """The licensee stands in the register of companies, with the address that the filing asks for."""
    if ctx.payload is None:
        return ()
    found = ctx.facts.company
    if found is None:
        what = (
            f"没有登记企业“{ctx.payload.company}”，或有多家同名企业",
            f"no one company '{ctx.payload.company}'",
        )
        remedy = ("先在“企业”中登记；同名的，填写统一社会信用代码", "register it, or give its code")
        return (ctx.unmet("unknown_company", "OP-15", what, remedy, "officer"),)
    if not found.address:
        what = (f"被许可人{found.name}的住所未填写", f"the address of {found.name} is missing")
        return (
            ctx.unmet("no_licensee_address", "L-06", what, ("在“企业”中补录住所", "enter it under the company"), "officer"),
        )  # fmt: skip
    return ()


def is_declared(ctx: Context) -> tuple[Unmet, ...]:
    """The notice came while the declaration was in force: from its gazette until that of its end."""
    day, over = ctx.day("notified_on"), ctx.data.day("declaration", "over_on")
    ends_on = over if day is None or over is None or day >= over else None
    if ends_on is None:
        return ()
    return (
        ctx.unmet(
            "declaration_over", "OP-11",
            (f"开放许可声明已于{ends_on.isoformat()}终止，此后的通知不能达成开放许可", "the declaration has ended"),
            ("协商订立普通许可合同的，另立普通许可案件", "negotiate an ordinary license in a case of its own"), "officer",
        ),
    )  # fmt: skip


def is_payment_in_time(ctx: Context) -> tuple[Unmet, ...]:
    """A license arises by notice and payment, both before the declaration ends."""
    paid, over = ctx.day("paid_on"), ctx.data.day("declaration", "over_on")
    if paid is None or over is None or paid < over:
        return ()
    return (
        ctx.unmet(
            "paid_too_late", "OP-11",
            (f"支付日期{paid.isoformat()}不早于声明终止日{over.isoformat()}，许可未达成", "paid after the declaration ended"),
            ("退还款项并登记许可未达成；双方仍愿许可的，另订普通许可合同", "return the sum; make an ordinary license instead"),
            "officer",
        ),
    )  # fmt: skip


def is_declared_sum_paid(ctx: Context) -> tuple[Unmet, ...]:
    """What was paid reaches what the declaration asks for in advance."""
    asked = ctx.terms.own.get("upfront_fen")
    if ctx.payload is None or asked is None or ctx.payload.amount_fen >= asked:
        return ()
    short = (
        f"声明的标准为{asked / 100:,.2f}元，已付{ctx.payload.amount_fen / 100:,.2f}元",
        "less than the declared sum",
    )
    return (
        ctx.unmet(
            "sum_short", "OP-09", short, ("足额支付后登记", "record it once it is paid in full"), "outside"
        ),
    )


def is_export_allowed(ctx: Context) -> tuple[Unmet, ...]:
    """A licensee from abroad, Hong Kong, Macao or Taiwan goes by the rules on technology export."""
    found = a.named(ctx) if ctx.payload is not None else None
    if found is None or not found["foreign"]:
        return ()
    given = ctx.payload
    if given.export == "free" or (given.export == "restricted" and given.export_reference):
        return ()
    what = (
        f"{found['company']}为境外或港澳台被许可人，须符合技术出口管理规定",
        "a foreign licensee: export rules apply",
    )
    remedy = (
        "核对《中国禁止出口限制出口技术目录》后选择；限制出口的，填写技术出口许可证编号",
        "look the technology up; if restricted, give the license number",
    )
    return (ctx.unmet("export_control", "OP-09", what, remedy, "officer"),)


def is_term_declared(ctx: Context) -> tuple[Unmet, ...]:
    """The license lies within the declared term, and ends after it starts."""
    if ctx.payload is None:
        return ()
    start, end, last = ctx.payload.start, ctx.payload.end, ctx.terms.end
    told = []
    if end < start:
        told.append(("term_reversed", "", f"许可终止日{end.isoformat()}早于开始日{start.isoformat()}"))
    if last is not None and end > last:
        told.append(
            (
                "beyond_declared_term",
                "OP-03",
                f"许可终止日{end.isoformat()}晚于声明的许可期限{last.isoformat()}",
            )
        )
    return tuple(
        ctx.unmet(code, rule, (text, code.replace("_", " ")), ("核对许可期限", "check the term"), "officer")
        for code, rule, text in told
    )


def is_filing_clear(ctx: Context) -> tuple[Unmet, ...]:
    """Nothing in the register stands against the filing; the declaration itself may have ended meanwhile."""
    return g.are_patents_clear("file")(ctx)


def is_duty_open(ctx: Context) -> tuple[Unmet, ...]:
    """The duty is one that this license has and that is not done."""
    found = a.named(ctx) if ctx.payload is not None else None
    if found is None or ctx.payload.duty in found["duties"]:
        return ()
    return (
        ctx.unmet(
            "no_such_duty", "", (f"第{found['no']}号接受没有这一待办事项", "this license has no such duty now"),
            ("在“期限”中查看尚未办结的事项", "see the open deadlines"), "officer",
        ),
    )  # fmt: skip


def is_end_possible(ctx: Context) -> tuple[Unmet, ...]:
    """One that was never paid has lapsed; one that was paid has run out or was ended."""
    found = a.named(ctx) if ctx.payload is not None else None
    if found is None:
        return ()
    told = []
    if (found["place"] == "notified") != (ctx.payload.how == "lapsed"):
        told.append(("end_mismatch", "许可尚未达成的，选“许可未达成”；已达成的，选届满或解除"))
    if ctx.payload.how == "expired" and ctx.today <= date.fromisoformat(found["end"]):
        told.append(("term_running", f"许可期限至{found['end']}，尚未届满"))
    return tuple(
        ctx.unmet(code, "", (text, code.replace("_", " ")), ("核对终止情形", "check how it ended"), "officer")
        for code, text in told
    )


def are_all_told(ctx: Context) -> tuple[Unmet, ...]:
    """Every licensee has been told."""
    if ctx.payload is None or ctx.payload.all_told:
        return ()
    told = a.list_of(a.standing(ctx, "notified", *a.LIVING))
    return (
        ctx.unmet(
            "not_all_told", "OP-12", (f"尚未确认已通知全部被许可人：{told}", "not all licensees are told"),
            ("逐一书面通知后勾选", "tell every licensee, then tick the box"), "officer",
        ),
    )  # fmt: skip


def _accept(ctx: Context) -> Effects:
    company = ctx.facts.company
    if company is None:
        raise ValueError("a licensee that is not registered")
    number = len(a.all_of(ctx)) + 1
    told: dict[str, Any] = {
        **kept(ctx), "no": number, "company_id": company.id, "company": company.name, "uscc": company.uscc,
        "address": company.address, "foreign": company.is_foreign, "place": "notified", "effective_on": None,
        "payments": [], "duties": [], "filing": {},
    }  # fmt: skip
    facts = section(ctx, "acceptances", list=[*a.all_of(ctx), told])
    return Effects(facts=facts, documents=(f"acceptance_notice:{number}",))


def _reach(ctx: Context) -> Effects:
    """Let the license arise on the later of notice and payment, with its own filing, duties and payments."""
    found, paid = a.required(ctx), required_day(ctx, "paid_on")
    effective = max(paid, date.fromisoformat(found["notified_on"]))
    keys = a.owed(ctx.terms.payments, found, effective)
    duties = [name for name in a.DUTIES if name != "acceptance_export" or ctx.payload.export == "free"]
    came_in = _came_in(ctx, found, paid)
    given = {name: value for name, value in kept(ctx).items() if name != "acceptance"}
    facts = {
        **a.changed(ctx, found["no"], **given, place="due", effective_on=effective.isoformat(), payments=keys, duties=duties),
        **came_in.facts,
    }  # fmt: skip
    first = not a.reached(ctx)
    return Effects(
        facts=facts,
        opens=(
            Opening(a.key("acceptance_filing", found), "T-01", "contract_effective", effective, found["company"]),
            *(Opening(a.key(name, found), a.DUTIES[name], _BASES[name], effective, found["company"]) for name in duties),
            *(_payment(ctx, key, found, effective) for key in keys),
            *((Opening("feedback", "FEEDBACK", "license_reached", effective),) if first else ()),
            *came_in.opens,
        ),
        raised=came_in.raised,
        documents=(f"acceptance_contract:{found['no']}", f"acceptance_filing_form:{found['no']}"),
        label=(ctx.mode.label, _evidence(ctx, found), effective) if first else None,
    )  # fmt: skip


def _came_in(ctx: Context, found: a.Acceptance, paid: date) -> Effects:
    """Return what the sum paid in advance does; a free license brings none."""
    if not ctx.payload.amount_fen:
        return Effects()
    told = {
        "received_on": paid.isoformat(), "amount_fen": ctx.payload.amount_fen, "payment": f"upfront@{found['no']}",
        "reference": ctx.payload.reference,
    }  # fmt: skip
    return performance.receiving(ctx, told, paid)


_BASES = {
    "acceptance_stamp_duty": "contract_signed",
    "acceptance_registration": "contract_effective",
    "acceptance_export": "export_contract_effective",
}


def _evidence(ctx: Context, found: a.Acceptance) -> str:
    declared = ctx.data.text("filing", "record_no")
    return f"开放许可声明{declared}；{found['company']}书面通知{found['notice']}；付款凭证{ctx.payload.reference}"


def _payment(ctx: Context, key: str, found: a.Acceptance, effective: date) -> Opening:
    payment = payment_named(ctx.terms.payments, key)
    if payment is None:
        raise ValueError(f"no payment {key}")
    day = payment_day(payment, ctx.book)
    return Opening(
        key, "PAYMENT", "contract_payment", effective, f"{payment.label}（{found['company']}）", day.due,
        because_zh=day.zh, because_en=day.en, provisional=day.provisional,
    )  # fmt: skip


def _filing(ctx: Context, found: a.Acceptance, place: str, **more: Any) -> dict[str, Any]:
    """Return the section with the filing of one acceptance moved on, with what the step says of it."""
    given = {name: value for name, value in kept(ctx).items() if name != "acceptance"}
    return dict(a.changed(ctx, found["no"], place=place, filing={**found["filing"], **given, **more}))


def _decision(found: a.Acceptance, event: str, base: date) -> Opening:
    return Opening(a.key("acceptance_decision", found), "T-02", event, base, found["company"])


def _submit(ctx: Context) -> Effects:
    found = a.required(ctx)
    return Effects(
        facts=_filing(ctx, found, "submitted"),
        opens=(_decision(found, "filing_submitted", required_day(ctx, "submitted_on")),),
        closes=(Closing(a.key("acceptance_filing", found)),),
    )


def _ask_correction(ctx: Context) -> Effects:
    found, received = a.required(ctx), required_day(ctx, "received_on")
    key = a.key("acceptance_correction", found)
    opening = Opening(
        key, "CORRECTION", "correction_received", received, found["company"], ctx.day("answer_by")
    )
    corrections = [*found["filing"].get("corrections", ()), kept(ctx)]
    return Effects(
        facts=dict(
            a.changed(
                ctx, found["no"], place="correction", filing={**found["filing"], "corrections": corrections}
            )
        ),
        opens=(opening,),
        closes=(Closing(a.key("acceptance_decision", found), "dropped"),),
    )


def _answer(ctx: Context) -> Effects:
    found, answered = a.required(ctx), required_day(ctx, "answered_on")
    return Effects(
        facts=_filing(ctx, found, "submitted"),
        opens=(_decision(found, "correction_answered", answered),),
        closes=(Closing(a.key("acceptance_correction", found)),),
    )


def _record(ctx: Context) -> Effects:
    """Keep the record; it counts as the request for the reduced annual fee from its day on.

    Source: 审查指南 part 5 ch 11 §8
    """
    found = a.required(ctx)
    return Effects(
        facts=_filing(
            ctx, found, "recorded", fee_reduction_from=required_day(ctx, "recorded_on").isoformat()
        ),
        closes=(Closing(a.key("acceptance_decision", found)),),
    )


def _refuse(ctx: Context) -> Effects:
    found = a.required(ctx)
    effective = date.fromisoformat(found["effective_on"])
    opening = Opening(
        a.key("acceptance_filing", found), "T-01", "contract_effective", effective, found["company"]
    )
    return Effects(
        facts=_filing(ctx, found, "refused"),
        opens=(opening,),
        closes=(Closing(a.key("acceptance_decision", found)),),
    )


def _record_duty(ctx: Context) -> Effects:
    found = a.required(ctx)
    duty = ctx.payload.duty
    still = [name for name in found["duties"] if name != duty]
    done = [*found.get("done", ()), kept(ctx)]
    return Effects(
        facts=dict(a.changed(ctx, found["no"], duties=still, done=done)),
        closes=(Closing(a.key(duty, found)),),
    )


def _end(ctx: Context) -> Effects:
    """End one license: its filing is cancelled, what falls due later falls away unless the term ran out."""
    found, ended = a.required(ctx), required_day(ctx, "ended_on")
    on_file = found["place"] in a.ON_FILE
    key = a.key("acceptance_cancellation", found)
    gone = [
        payment
        for payment in (found["payments"] if ctx.payload.how == "terminated" else ())
        if ctx.terms.payments[int(payment.removeprefix("payment:").partition("@")[0]) - 1].due > ended
    ]
    dropped = [a.key(f"acceptance_{name}", found) for name in ("filing", "decision", "correction")]
    told = {name: value for name, value in kept(ctx).items() if name != "acceptance"}
    payments = [payment for payment in found["payments"] if payment not in gone]
    place = "cancellation" if on_file else "over"
    return Effects(
        facts=dict(a.changed(ctx, found["no"], **told, place=place, payments=payments)),
        opens=(Opening(key, "T-04", "contract_ended", ended, found["company"]),) if on_file else (),
        closes=tuple(Closing(name, "dropped") for name in (*dropped, *gone)),
    )


def _cancel(ctx: Context) -> Effects:
    found = a.required(ctx)
    return Effects(
        facts=_filing(ctx, found, "over"), closes=(Closing(a.key("acceptance_cancellation", found)),)
    )


def _notify(ctx: Context) -> Effects:
    return Effects(
        facts=section(ctx, "bar", notice_due=False, notice=kept(ctx)), closes=(Closing("licensee_notice"),)
    )


def _step(
    event: str,
    words: tuple[str, str, str, str],
    payload: type[Payload],
    guards: tuple[Guard, ...],
    effect: Callable[[Context], Effects],
    tone: str = "primary",
    *,
    from_outside: bool = False,
) -> Step:
    settled: EffectOf = ends.settling(effect)
    return Step(event, *words, OFFICER, payload, guards, settled, tone, from_outside)


STEPS: tuple[Step, ...] = (
    _step(
        "record_acceptance",
        ("登记被许可人通知", "Record a licensee's notice", "登记了被许可人的书面通知", "recorded a licensee's notice"),
        p.RecordAcceptance,
        (
            is_declared, is_licensee_known, is_term_declared,
            g.day_between("notified_on", "收到书面通知日期", ("filing", "recorded_on", "声明公告日期")),
        ),
        _accept, from_outside=True,
    ),
    replace(
        _step(
            "reach_license",
            ("登记付款，许可达成", "Record the payment: license reached", "登记付款，开放许可达成", "recorded the payment"),
            p.ReachLicense,
            (
                a.is_acceptance_at("notified"), is_payment_in_time, is_declared_sum_paid, is_export_allowed,
                g.day_between("paid_on", "支付日期", ("filing", "recorded_on", "声明公告日期")),
            ),
            _reach, "success",
        ),
        roles=OFFICER | FINANCE,
    ),
    _step(
        "submit_acceptance_filing",
        ("提交实施合同备案", "Submit a license filing", "提交开放许可实施合同备案", "submitted a license filing"),
        p.SubmitAcceptanceFiling,
        (
            a.is_acceptance_at("due", "refused"), is_filing_clear,
            a.day_after("submitted_on", "提交日期", "effective_on", "许可生效日期"),
        ),
        _submit,
    ),
    _step(
        "receive_acceptance_correction",
        (
            "登记实施合同备案补正通知", "Record a correction notice of a license filing", "收到实施合同备案补正通知",
            "received a correction notice of a license filing",
        ),
        p.ReceiveAcceptanceCorrection,
        (a.is_acceptance_at("submitted"), a.day_after("received_on", "收到补正通知日期", "effective_on", "许可生效日期")),
        _ask_correction, "warning", from_outside=True,
    ),
    _step(
        "answer_acceptance_correction",
        ("提交实施合同备案补正", "Answer the correction of a license filing", "提交实施合同备案补正", "answered the correction"),
        p.AnswerAcceptanceCorrection,
        (a.is_acceptance_at("correction"), a.day_after("answered_on", "补正提交日期", "effective_on", "许可生效日期")),
        _answer,
    ),
    _step(
        "record_acceptance_filing",
        (
            "登记实施合同备案证明", "Record the certificate of a license filing", "登记实施合同备案证明",
            "recorded the certificate of a license filing",
        ),
        p.RecordAcceptanceFiling,
        (a.is_acceptance_at("submitted"), a.day_after("recorded_on", "备案日期", "effective_on", "许可生效日期")),
        _record, "success", from_outside=True,
    ),
    _step(
        "refuse_acceptance_filing",
        ("登记实施合同不予备案", "Record the refusal of a license filing", "收到实施合同不予备案通知", "received a refusal"),
        p.RefuseAcceptanceFiling,
        (a.is_acceptance_at("submitted"), a.day_after("refused_on", "不予备案通知日期", "effective_on", "许可生效日期")),
        _refuse, "danger", from_outside=True,
    ),
    replace(
        _step(
            "record_acceptance_duty",
            ("登记许可事项办结", "Record a duty of a license done", "登记许可事项办结", "recorded a duty of a license as done"),
            p.RecordAcceptanceDuty,
            (
                a.is_acceptance_at(*a.LIVING, "cancellation", "over"), is_duty_open,
                a.day_after("done_on", "办理日期", "effective_on", "许可生效日期"),
            ),
            _record_duty, "secondary",
        ),
        roles=OFFICER | FINANCE,
    ),
    _step(
        "end_acceptance",
        ("登记单项许可终止", "Record the end of one license", "登记了单项许可终止", "recorded the end of one license"),
        p.EndAcceptance,
        (
            a.is_acceptance_at("notified", *a.LIVING), is_end_possible,
            a.day_after("ended_on", "终止日期", "notified_on", "收到通知日期"),
        ),
        _end, "secondary",
    ),
    _step(
        "cancel_acceptance_filing",
        ("登记实施合同备案注销", "Record the cancellation of a license filing", "注销实施合同备案", "cancelled a license filing"),
        p.CancelAcceptanceFiling,
        (a.is_acceptance_at("cancellation"), a.day_after("cancelled_on", "备案注销日期", "ended_on", "许可终止日期")),
        _cancel,
    ),
    _step(
        "notify_licensees",
        ("登记已通知被许可人", "Record that licensees were told", "通知了被许可人", "told the licensees"),
        p.NotifyLicensees,
        (are_all_told, g.day_between("notified_on", "通知日期", ("filing", "recorded_on", "声明公告日期"))),
        _notify, "secondary",
    ),
)  # fmt: skip
