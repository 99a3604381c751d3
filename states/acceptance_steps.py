"""The steps of an open license about its licensees: notice, payment, the filing of each license, and its end.

Each step names one acceptance. What it changes stands in that acceptance alone, with deadlines of its own.

Source: 专利法 art 51; 专利法实施细则 arts 15, 87; 备案办法 arts 5, 11-12, 17; 审查指南 part 5 ch 11 §§6-8
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from states import acceptance_guards as w
from states import acceptance_payloads as p
from states import acceptances as a
from states import ends, performance
from states import guards as g
from states.context import Context
from states.guards import Guard
from states.payload_fields import Payload
from states.plan import Closing, Effects, Opening
from states.recorded import payment_day, payment_named
from states.steps import FINANCE, OFFICER, EffectOf, Step, kept, required_day, section


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
    at: tuple[str, ...] = (),
    from_outside: bool = False,
) -> Step:
    """Return a step; with `at` one for an acceptance at these places, which concerns no case without one there."""
    settled: EffectOf = ends.settling(effect)
    made = Step(event, *words, OFFICER, payload, guards, settled, tone, from_outside)
    if not at:
        return made
    return replace(
        made, guards=(a.is_acceptance_at(*at), *guards), concerns=lambda ctx: bool(a.standing(ctx, *at))
    )


STEPS: tuple[Step, ...] = (
    _step(
        "record_acceptance",
        ("登记被许可人通知", "Record a licensee's notice", "登记了被许可人的书面通知", "recorded a licensee's notice"),
        p.RecordAcceptance,
        (
            w.is_declared, w.is_licensee_known, w.is_term_declared,
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
                w.is_payment_in_time, w.is_declared_sum_paid, w.is_export_allowed,
                g.day_between("paid_on", "支付日期", ("filing", "recorded_on", "声明公告日期")),
            ),
            _reach, "success", at=("notified",),
        ),
        roles=OFFICER | FINANCE,
    ),
    _step(
        "submit_acceptance_filing",
        ("提交实施合同备案", "Submit a license filing", "提交开放许可实施合同备案", "submitted a license filing"),
        p.SubmitAcceptanceFiling,
        (w.is_filing_clear, a.day_after("submitted_on", "提交日期", "effective_on", "许可生效日期")),
        _submit, at=("due", "refused"),
    ),
    _step(
        "receive_acceptance_correction",
        (
            "登记实施合同备案补正通知", "Record a correction notice of a license filing", "收到实施合同备案补正通知",
            "received a correction notice of a license filing",
        ),
        p.ReceiveAcceptanceCorrection,
        (a.day_after("received_on", "收到补正通知日期", "effective_on", "许可生效日期"),),
        _ask_correction, "warning", at=("submitted",), from_outside=True,
    ),
    _step(
        "answer_acceptance_correction",
        ("提交实施合同备案补正", "Answer the correction of a license filing", "提交实施合同备案补正", "answered the correction"),
        p.AnswerAcceptanceCorrection,
        (a.day_after("answered_on", "补正提交日期", "effective_on", "许可生效日期"),),
        _answer, at=("correction",),
    ),
    _step(
        "record_acceptance_filing",
        (
            "登记实施合同备案证明", "Record the certificate of a license filing", "登记实施合同备案证明",
            "recorded the certificate of a license filing",
        ),
        p.RecordAcceptanceFiling,
        (a.day_after("recorded_on", "备案日期", "effective_on", "许可生效日期"),),
        _record, "success", at=("submitted",), from_outside=True,
    ),
    _step(
        "refuse_acceptance_filing",
        ("登记实施合同不予备案", "Record the refusal of a license filing", "收到实施合同不予备案通知", "received a refusal"),
        p.RefuseAcceptanceFiling,
        (a.day_after("refused_on", "不予备案通知日期", "effective_on", "许可生效日期"),),
        _refuse, "danger", at=("submitted",), from_outside=True,
    ),
    replace(
        _step(
            "record_acceptance_duty",
            ("登记许可事项办结", "Record a duty of a license done", "登记许可事项办结", "recorded a duty of a license as done"),
            p.RecordAcceptanceDuty,
            (w.is_duty_open, a.day_after("done_on", "办理日期", "effective_on", "许可生效日期")),
            _record_duty, "secondary", at=(*a.LIVING, "cancellation", "over"),
        ),
        roles=OFFICER | FINANCE,
    ),
    _step(
        "end_acceptance",
        ("登记单项许可终止", "Record the end of one license", "登记了单项许可终止", "recorded the end of one license"),
        p.EndAcceptance,
        (w.is_end_possible, a.day_after("ended_on", "终止日期", "notified_on", "收到通知日期")),
        _end, "secondary", at=("notified", *a.LIVING),
    ),
    _step(
        "cancel_acceptance_filing",
        ("登记实施合同备案注销", "Record the cancellation of a license filing", "注销实施合同备案", "cancelled a license filing"),
        p.CancelAcceptanceFiling,
        (a.day_after("cancelled_on", "备案注销日期", "ended_on", "许可终止日期"),),
        _cancel, at=("cancellation",),
    ),
    _step(
        "notify_licensees",
        ("登记已通知被许可人", "Record that licensees were told", "通知了被许可人", "told the licensees"),
        p.NotifyLicensees,
        (w.is_notice_due, w.are_all_told, g.day_between("notified_on", "通知日期", ("filing", "recorded_on", "声明公告日期"))),
        _notify, "secondary",
    ),
)  # fmt: skip
