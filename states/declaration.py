"""The declaration of an open license: its fee, its seal, the office's gazette, and how it is withdrawn or ended.

The declaration is the filing of this mode: handed in, corrected, published or refused. Only the gazette puts it into
force; the licenses themselves arise one by one (`states.acceptance_steps`).

Source: 专利法 art 50; 专利法实施细则 arts 85-88; 专利审查指南 part 5 ch 11 §§2-5, 9
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from states import acceptances as a
from states import declaration_payloads as p
from states import distribution, ends, entries, performance, preparation, wording
from states import guards as g
from states.clearances import are_clearances_done
from states.closing import STEPS as CLOSING_STEPS
from states.context import Context
from states.filings import Act, Filing, steps_of
from states.payloads import AnswerCorrection, ReceiveCorrection
from states.plan import Closing, Effects, Opening, RegisterChange, Unmet
from states.steps import OFFICER, EffectOf, Step, kept, required_day, section

FLAG, WITHDRAWING = "open_license", "open_withdrawal_filed"
FILING = Filing(
    "开放许可声明", "Open-license declaration",
    leaves={
        "filing_due": ("已签章待提交", "sealed, to be submitted"),
        "filing_submitted": ("审查中", "examined"),
        "filing_correction": ("待补正", "correction asked"),
        "filing_refused": ("不予公告", "refused"),
        "filing_recorded": ("已公告，开放许可中", "gazetted, open"),
    },
    acts={
        "submit_filing": Act(
            "提交开放许可声明", "Submit the declaration", "提交开放许可声明", "submitted the declaration",
            p.SubmitDeclaration, "声明提交日期",
        ),
        "receive_correction": Act(
            "登记补正通知", "Record a correction notice", "收到补正通知", "received a correction notice",
            ReceiveCorrection, "收到补正通知日期",
        ),
        "answer_correction": Act(
            "提交补正", "Answer the correction", "提交补正", "answered the correction",
            AnswerCorrection, "补正提交日期",
        ),
        "record_filing": Act(
            "登记声明公告", "Record the gazette of the declaration", "开放许可声明已公告", "recorded the gazette",
            p.GazetteDeclaration, "声明公告日期",
        ),
        "refuse_filing": Act(
            "登记不予公告", "Record a refusal", "收到不予公告通知", "received a refusal",
            p.RefuseDeclaration, "不予公告通知日期",
        ),
    },
    due=None, decision=None, evidence="", is_cancelled=False, earns_label=False,
)  # fmt: skip


def is_withdrawn_by_all(ctx: Context) -> tuple[Unmet, ...]:
    """All co-owners agree to the withdrawal."""
    shared = [patent for patent in g.living(ctx) if len(patent.owners) > 1]
    if ctx.payload is None or not shared or ctx.payload.co_owners:
        return ()
    return (
        ctx.unmet(
            "co_owners_of_withdrawal", "OP-11",
            (f"{shared[0].title}为共有专利，撤回声明须经全体共有人同意", "co-owned: all owners have to agree"),
            ("取得全体共有人书面同意后填写", "give the consent of all co-owners"), "outside",
        ),
    )  # fmt: skip


def is_any_license_reached(ctx: Context) -> tuple[Unmet, ...]:
    """A license has arisen: there is something to tell the platform."""
    if a.reached(ctx):
        return ()
    return (
        ctx.unmet(
            "no_license_reached", "RP-04",
            ("尚无被许可人以书面通知并付款的方式达成开放许可", "no licensee has given notice and paid yet"),
            ("登记被许可人通知和付款后再反馈", "record a notice and its payment first"), "officer",
        ),
    )  # fmt: skip


def is_all_over(ctx: Context) -> tuple[Unmet, ...]:
    """The licenses granted have ended, and all that they brought is done."""
    running = a.standing(ctx, "notified", *a.LIVING, "cancellation")
    duties = tuple(found for found in a.reached(ctx) if found["duties"])
    payments = sorted(ends.open_payments(ctx))
    untold = bool(a.reached(ctx)) and not ctx.data.has("feedback")
    found = (
        (
            "licenses_running",
            "OP-11",
            running,
            f"尚有未了结的许可：{a.list_of(running)}",
            "登记其终止并注销备案",
        ),
        (
            "duties_open",
            "TX-14",
            duties,
            f"尚有未办结的许可事项：{a.list_of(duties)}",
            "在“登记许可事项办结”中登记",
        ),
        (
            "payments_open",
            "",
            payments,
            f"尚有待收款项：{g.payments_called(ctx, payments)}",
            "登记到账，或登记无须收取",
        ),
        ("feedback_open", "RP-04", untold, "尚未在盘活系统反馈", "完成反馈并登记"),
        ("notice_open", "OP-12", ctx.data.get("bar", "notice_due"), "尚未通知被许可人", "通知后登记"),
    )
    return tuple(
        ctx.unmet(code, rule, (text, code.replace("_", " ")), (remedy, "do it and record it"), "officer")
        for code, rule, holds, text, remedy in found
        if holds
    ) + distribution.is_share_out_done(ctx)


def _flags(
    ctx: Context, *, add: tuple[str, ...] = (), drop: tuple[str, ...] = ()
) -> tuple[RegisterChange, ...]:
    return tuple(RegisterChange(patent.id, add, drop) for patent in g.living(ctx))


def is_open(ctx: Context) -> bool:
    """Say whether the declaration is in force: gazetted, and its end not gazetted."""
    gazetted = ctx.data.day("filing", "recorded_on")
    return gazetted is not None and ctx.data.day("declaration", "over_on") is None


def _with_papers(effect: EffectOf, *documents: str) -> EffectOf:
    return lambda ctx: replace(effect(ctx), documents=documents)


def _reprinted(effect: EffectOf) -> EffectOf:
    """Return the effect whose draft is that of the declaration, not of a contract."""

    def printed(ctx: Context) -> Effects:
        found = effect(ctx)
        return replace(found, documents=("declaration",) if found.documents else ())

    return printed


def _seal(ctx: Context) -> Effects:
    facts = section(ctx, "contract", **kept(ctx), patents=preparation.as_signed(ctx))
    return Effects(facts=facts, documents=("declaration", "fee_statement"), outbox=("file_contract",))


def _gazetted(effect: EffectOf) -> EffectOf:
    return lambda ctx: replace(effect(ctx), register=_flags(ctx, add=(FLAG,)))


def _take_back(ctx: Context) -> Effects:
    end = {**kept(ctx), "how": "withdrawn", "on": required_day(ctx, "withdrawn_on").isoformat()}
    return Effects(facts={"end": end}, closes=(Closing("*", "dropped"),))


def _bar(ctx: Context) -> Effects:
    found, by = required_day(ctx, "found_on"), required_day(ctx, "withdraw_by")
    told = bool(a.standing(ctx, "notified", *a.LIVING))
    names = (("open_withdrawal", ""), *((("licensee_notice", "通知被许可人"),) if told else ()))
    opens = tuple(_promptly(key, suffix, found, by) for key, suffix in names)
    bars = [*ctx.data.items("bar", "list"), kept(ctx)]
    return Effects(facts=section(ctx, "bar", list=bars, notice_due=told), opens=opens)


def _promptly(key: str, suffix: str, base: Any, due: Any) -> Opening:
    """Open what OP-12 asks for; the guidelines name no days, the officer does."""
    return Opening(
        key, "OP-12", "bar_arisen", base, suffix, due,
        because_zh=("审查指南要求撤回声明并通知被许可人，没有规定天数。", f"按本单位确定的日期{due.isoformat()}提醒。"),
        because_en=("The guidelines ask for it and name no days.", f"The house has set {due.isoformat()}."),
    )  # fmt: skip


def _submit_withdrawal(ctx: Context) -> Effects:
    return Effects(
        facts=section(ctx, "declaration", withdrawal=kept(ctx)),
        closes=(Closing("open_withdrawal"),),
        register=_flags(ctx, add=(WITHDRAWING,)),
        documents=("withdrawal_declaration",),
    )


def _refuse_withdrawal(ctx: Context) -> Effects:
    refused = [*ctx.data.items("declaration", "withdrawals_refused"), kept(ctx)]
    return Effects(
        facts=section(ctx, "declaration", withdrawals_refused=refused, withdrawal=None),
        register=_flags(ctx, drop=(WITHDRAWING,)),
    )


def _over(ctx: Context, how: str) -> Effects:
    """The declaration ends with its gazette; licenses reached go on."""
    day = required_day(ctx, "gazetted_on")
    return Effects(
        facts=section(ctx, "declaration", **kept(ctx), over_on=day.isoformat(), over=how),
        closes=(Closing("open_withdrawal", "dropped"),),
        register=_flags(ctx, drop=(FLAG, WITHDRAWING)),
    )


def _revoked(ctx: Context) -> Effects:
    over = _over(ctx, ctx.payload.how)
    if not a.standing(ctx, "notified", *a.LIVING) or ctx.data.has("bar"):
        return over
    day = required_day(ctx, "gazetted_on")
    facts = {**over.facts, **section(ctx, "bar", notice_due=True)}
    return replace(over, facts=facts, opens=(_promptly("licensee_notice", "通知被许可人", day, day),))


def _ending(effect: EffectOf) -> EffectOf:
    """Return the effect which, when the whole case ends, ends its licenses and clears the register."""

    def ended(ctx: Context) -> Effects:
        found = effect(ctx)
        gone = _ended_patents(ctx)
        register = tuple(RegisterChange(id_, (), (FLAG, WITHDRAWING)) for id_ in gone) if is_open(ctx) else ()
        if "end" not in found.facts:
            return replace(found, register=register)
        return replace(found, facts={**found.facts, **_licenses_ended(ctx)}, register=register)

    return ended


def _ended_patents(ctx: Context) -> tuple[int, ...]:
    """Return the patents that the step takes out of the open license: the one named, or all."""
    named = getattr(ctx.payload, "patent", None)
    living = g.living(ctx)
    one = g.patent_named(living, named) if named else None
    return (one.id,) if one is not None else tuple(patent.id for patent in living)


def _licenses_ended(ctx: Context) -> dict[str, Any]:
    if not a.all_of(ctx):
        return {}
    on_file = (*a.ON_FILE, "cancellation")
    ended = [
        {**found, "place": "cancellation" if found["place"] in on_file else "over"} for found in a.all_of(ctx)
    ]
    return dict(section(ctx, "acceptances", list=ended))


_SHARED: dict[str, Step] = {
    step.event: step for step in (*preparation.STEPS, *CLOSING_STEPS, *performance.STEPS, *entries.STEPS)
}
_FILED: dict[str, Step] = {step.event: step for step in steps_of(FILING)}


def _restated(event: str, zh: str, en: str, done_zh: str, done_en: str, **changes: Any) -> Step:
    return replace(_SHARED[event], zh=zh, en=en, done_zh=done_zh, done_en=done_en, **changes)


def _step(
    event: str,
    words: tuple[str, str, str, str],
    payload: Any,
    guards: tuple[g.Guard, ...],
    effect: Callable[[Context], Effects],
    tone: str = "primary",
    *,
    from_outside: bool = False,
) -> Step:
    return Step(event, *words, OFFICER, payload, guards, effect, tone, from_outside)


STEPS: tuple[Step, ...] = (
    _restated(
        "agree_price", "确定许可使用费", "Decide the fee", "确定了许可使用费的标准和支付方式", "decided the fee",
        payload=p.DecideFee,
    ),
    _restated(
        "start_drafting", "起草声明", "Draft the declaration", "开始起草开放许可声明", "started drafting",
        payload=p.StartDeclaration, effect=_with_papers(_SHARED["start_drafting"].effect, "declaration", "fee_statement"),
    ),
    _restated(
        "finalize_contract", "声明定稿送签", "Finalize the declaration", "声明定稿送签", "finalized the declaration",
        payload=p.FinalizeDeclaration,
        effect=_with_papers(_SHARED["finalize_contract"].effect, "declaration", "fee_statement"),
    ),
    *(
        replace(step, effect=_with_papers(step.effect)) for step in wording.STEPS
    ),
    _restated(
        "sign", "登记声明签章", "Record the seal", "登记声明签章", "recorded the seal",
        payload=p.SealDeclaration, effect=_seal,
        guards=(
            are_clearances_done, g.are_patents_clear("sign"), g.is_within_patent_life, g.has_no_conflict,
            g.is_approval_of_these_terms, g.day_between("signed_on", "签章日期", ("approval", "decided_on", "批准日期")),
        ),
    ),
    *_FILED.values(),
    replace(
        _FILED["submit_filing"],
        guards=(
            *FILING.submit_guards, g.has_no_conflict,
            g.day_between("submitted_on", "声明提交日期", ("contract", "signed_on", "签章日期")),
        ),
    ),
    replace(_FILED["record_filing"], effect=_gazetted(_FILED["record_filing"].effect)),
    _step(
        "withdraw_filing",
        ("登记公告前撤回声明", "Take the declaration back before the gazette", "公告前撤回了声明", "took the declaration back"),
        p.TakeBackDeclaration,
        (g.day_between("withdrawn_on", "撤回日期", ("filing", "submitted_on", "声明提交日期")),), _take_back, "danger",
    ),
    _step(
        "record_bar",
        ("登记不得开放许可的情形", "Record a ground against the open license", "登记了不得开放许可的情形", "recorded a ground"),
        p.RecordBar,
        (g.day_between("found_on", "知悉日期", ("filing", "recorded_on", "声明公告日期")),), _bar, "warning",
    ),
    _step(
        "submit_withdrawal",
        ("提交撤回声明", "Submit the withdrawal", "提交了撤回开放许可声明", "submitted the withdrawal"),
        p.SubmitWithdrawal,
        (is_withdrawn_by_all, g.day_between("submitted_on", "撤回声明提交日期", ("filing", "recorded_on", "声明公告日期"))),
        _submit_withdrawal, "warning",
    ),
    _step(
        "record_withdrawal",
        ("登记撤回公告", "Record the gazette of the withdrawal", "撤回声明已公告", "recorded the gazette of the withdrawal"),
        p.GazetteWithdrawal,
        (g.day_between("gazetted_on", "撤回公告日期", ("filing", "recorded_on", "声明公告日期")),),
        lambda ctx: _over(ctx, "withdrawn"), "success", from_outside=True,
    ),
    _step(
        "refuse_withdrawal",
        ("登记撤回未获准", "Record the refusal of the withdrawal", "撤回声明未获准", "recorded the refusal of the withdrawal"),
        p.RefuseWithdrawal,
        (g.day_between("refused_on", "通知日期", ("filing", "recorded_on", "声明公告日期")),),
        _refuse_withdrawal, "danger", from_outside=True,
    ),
    _step(
        "record_revocation",
        (
            "登记专利局终止或撤销", "Record that the office ended it", "专利局终止或撤销了开放许可",
            "recorded that the office ended the open license",
        ),
        p.RecordRevocation,
        (g.day_between("gazetted_on", "公告日期", ("filing", "recorded_on", "声明公告日期")),), _revoked, "danger",
        from_outside=True,
    ),
    replace(
        _SHARED["report_feedback"],
        guards=(is_any_license_reached, g.day_between("reported_on", "反馈日期", ("filing", "recorded_on", "声明公告日期"))),
    ),
    replace(_SHARED["record_duty"], payload=p.RecordPatentDuty),
    replace(_SHARED["correct_entry"], effect=_reprinted(_SHARED["correct_entry"].effect)),
    replace(_SHARED["record_patent_ended"], effect=_ending(_SHARED["record_patent_ended"].effect)),
    _restated(
        "expire", "声明期限届满", "Close at expiry", "开放许可期限届满", "open license expired",
        effect=_ending(_SHARED["expire"].effect),
    ),
    replace(
        _SHARED["complete"], payload=p.CompleteDeclaration, guards=(is_all_over,),
        effect=lambda ctx: Effects(
            facts={"end": {**kept(ctx), "how": _how(ctx), "on": ctx.today.isoformat(), "left": []}},
            closes=(Closing("*", "dropped"),),
        ),
    ),
)  # fmt: skip


def _how(ctx: Context) -> str:
    return "completed" if a.reached(ctx) else "withdrawn"
