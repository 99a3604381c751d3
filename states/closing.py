"""The steps that end a contract, and the conditions of those that do what the end has left.

What each end leaves stands in `states.ends`; the steps on the filing itself, on money and on feedback are those of
a contract in force.
"""

from dataclasses import replace

from rules.gates import PatentFacts
from rules.identifiers import display_number
from states import distribution, ends, technology_contract
from states import guards as g
from states import payloads as p
from states.amended import CHANGE_DUTIES, is_owed
from states.context import Context
from states.plan import Closing, Effects, Unmet
from states.steps import FINANCE, OFFICER, EffectOf, Step, kept, required_day, section


def are_remaining_payments_known(ctx: Context) -> tuple[Unmet, ...]:
    """The payments that stay due by agreement are payments of this contract, and open."""
    if ctx.payload is None:
        return ()
    known = ends.open_payments(ctx)
    wrong = [key for key in ends.named(ctx.payload.remaining) if key not in known]
    if not wrong:
        return ()
    return (
        ctx.unmet(
            "unknown_payment", "",
            (f"本合同没有待付的期次“{'、'.join(wrong)}”", f"no open payment of this contract: {', '.join(wrong)}"),
            (f"可填：{g.payments_in_words(ctx, known)}", "name open payments of the contract, or none"),
            "officer",
        ),
    )  # fmt: skip


def is_end_after_start(ctx: Context) -> tuple[Unmet, ...]:
    """The agreement to end is not before the effect, or before the signature of a contract not yet in force."""
    effective = ("contract", "effective_on", "合同生效日期")
    signed = ("contract", "signed_on", "签订日期")
    after = effective if ctx.data.day("contract", "effective_on") else signed
    return g.day_between("agreed_on", "解除协议日期", after)(ctx)


def is_duty_left(ctx: Context) -> tuple[Unmet, ...]:
    """The duty is one that this contract has: after its end, one that the end has left."""
    offered = _duties_now(ctx)
    if offered and (ctx.payload is None or ctx.payload.duty in offered):
        return ()
    return (
        ctx.unmet(
            "no_such_duty", "", ("本案目前没有这一待办事项", "the case has no such duty now"),
            ("在“期限”中查看尚未办结的事项", "see the open deadlines"), "officer",
        ),
    )  # fmt: skip


# The duty by which a deadline that an end has left is recorded as done, by the first part of its key.
_DUTY_OF = {
    "stamp_duty": "stamp_duty",
    "registration_change": "registration_change",
    "distribution": "reward_distribution",
    "reward_tax": "reward_distribution",
    "reward_filing": "reward_filing",
    "share_exit": "share_exit",
}


def _duties_now(ctx: Context) -> frozenset[str]:
    if ends.is_closing(ctx):
        return frozenset(
            _DUTY_OF[family] for key in ends.left(ctx) if (family := key.partition(":")[0]) in _DUTY_OF
        )
    known = {
        "patent_cancellation": ctx.data.has("ended_patents"),
        "technology_contract": not technology_contract.has_region(ctx),
        "reward_filing": bool(distribution.filings_due(ctx)),
        **{duty: is_owed(ctx.data, duty) for duty in CHANGE_DUTIES},
    }
    return frozenset({"stamp_duty", *(duty for duty, holds in known.items() if holds)})


def is_feedback_due(ctx: Context) -> tuple[Unmet, ...]:
    """The contract has been recorded at the office; after its end, the feedback is one of the duties left."""
    if not ends.is_closing(ctx):
        return g.is_filing_recorded(ctx)
    if "feedback" in ends.left(ctx):
        return ()
    return (
        ctx.unmet(
            "no_feedback_due", "RP-04", ("合同终止前未完成备案，或已反馈，无须再反馈", "there is no feedback left to give"),
            ("无须办理", "nothing to do"), "officer",
        ),
    )  # fmt: skip


def is_payment_open(ctx: Context) -> tuple[Unmet, ...]:
    """The payment to release is one of this contract and open."""
    open_now = set(ends.open_payments(ctx))
    if ends.is_closing(ctx):
        open_now &= set(ends.left(ctx))
    if open_now and (ctx.payload is None or ctx.payload.payment in open_now):
        return ()
    return (
        ctx.unmet(
            "no_open_payment", "", ("没有这一期待收的款项", "no such payment is open"),
            (f"待收的期次：{g.payments_in_words(ctx, open_now)}", "choose a payment that is open"), "finance",
        ),
    )  # fmt: skip


def is_patent_alive(ctx: Context) -> tuple[Unmet, ...]:
    """The patent that has ended is one of this case, and its end is not recorded yet."""
    if ctx.payload is None or _patent_of(ctx) is not None:
        return ()
    numbers = "、".join(display_number(patent.application_no) for patent in g.living(ctx))
    return (
        ctx.unmet(
            "unknown_patent", "",
            (f"本案没有仍然有效的专利“{ctx.payload.patent}”", f"no living patent of this case: {ctx.payload.patent}"),
            (f"填写本案专利的申请号：{numbers}", "enter the application number of a patent of this case"),
            "officer",
        ),
    )  # fmt: skip


def is_all_done(ctx: Context) -> tuple[Unmet, ...]:
    """Nothing of the contract is left to do: filed, paid, taxed and told to the platform."""
    due = ends.open_payments(ctx)
    return (
        *g.is_filing_recorded(ctx),
        *_still(
            ctx, bool(due), "payments_open", f"尚有待收款项：{g.payments_called(ctx, due)}",
            "登记到账，或登记无须收取", "finance",
        ),
        *_still(
            ctx, not ctx.data.get("duties", "stamp_duty"), "stamp_duty_open", "印花税尚未申报缴纳",
            "在“登记事项办结”中登记印花税", "finance",
        ),
        *_still(
            ctx, "feedback" in ctx.mode.chart.nodes and not ctx.data.has("feedback"), "feedback_open",
            "尚未在盘活系统反馈", "完成反馈并登记", "officer",
        ),
        *technology_contract.is_registration_settled(ctx),
        *distribution.is_share_out_done(ctx),
        *_still(
            ctx, bool(distribution.filings_due(ctx)), "reward_filing_open", "奖励的个人所得税备案尚未办结",
            "在“登记事项办结”中登记奖励备案", "finance",
        ),
    )  # fmt: skip


_STILL_EN = {
    "payments_open": "payments are still due",
    "stamp_duty_open": "the stamp duty is not paid yet",
    "feedback_open": "the platform has not been told yet",
    "reward_filing_open": "the rewards paid are not filed with the tax office yet",
}
_STILL_RULES = {"stamp_duty_open": "TX-14", "feedback_open": "RP-04", "reward_filing_open": "T-IITFILE"}


def _still(ctx: Context, holds: bool, code: str, zh: str, remedy_zh: str, who: str) -> tuple[Unmet, ...]:
    if not holds:
        return ()
    rule_id = _STILL_RULES.get(code, "")
    return (ctx.unmet(code, rule_id, (zh, _STILL_EN[code]), (remedy_zh, "do it and record it"), who),)


def _patent_of(ctx: Context) -> PatentFacts | None:
    return g.patent_named(g.living(ctx), ctx.payload.patent)


def _record_patent_ended(ctx: Context) -> Effects:
    """Keep how the patent ended; the license ends with the last one, and goes on with those that live.

    Source: 民法典 art 865; 专利实施许可合同备案办法 art 18
    """
    ended, patent = required_day(ctx, "ended_on"), _patent_of(ctx)
    if patent is None:
        raise ValueError("a patent that is not of this case")
    told = {**kept(ctx), "patent": patent.application_no, "id": patent.id}
    facts = {"ended_patents": {"list": [*ctx.data.items("ended_patents", "list"), told]}}
    if len(g.living(ctx)) == 1:
        end = ends.end_contract(ctx, "patent_ended", ended, kept(ctx))
        return replace(end, facts={**end.facts, **facts}, raised=("end_with_patent", *end.raised))
    if not ends.is_on_file(ctx):
        return Effects(facts=facts)
    number = display_number(patent.application_no)
    return Effects(
        facts=facts, opens=(ends.patent_cancellation(ctx, f"patent_ended:{patent.id}", ended, number),)
    )


def _terminate(ctx: Context) -> Effects:
    end = ends.end_contract(ctx, "terminated", required_day(ctx, "agreed_on"), kept(ctx))
    return replace(end, documents=(*end.documents, "termination_agreement"))


def _complete(ctx: Context) -> Effects:
    end = {**kept(ctx), "how": "completed", "on": ctx.today.isoformat(), "left": []}
    return Effects(facts={"end": end}, closes=(Closing("*", "dropped"),))


def _expire(ctx: Context) -> Effects:
    return ends.end_contract(ctx, "expired", ctx.terms.end or ctx.today, kept(ctx))


def _release_payment(ctx: Context) -> Effects:
    released = [*ctx.data.items("receipts", "released"), {**kept(ctx), "by_name": ctx.actor.name}]
    return Effects(
        facts=section(ctx, "receipts", released=released), closes=(Closing(ctx.payload.payment, "dropped"),)
    )


def _close_filing(name: str) -> EffectOf:
    return ends.settling(
        lambda ctx: Effects(facts={name: kept(ctx)}, closes=(Closing("filing_cancellation"),))
    )


STEPS: tuple[Step, ...] = (
    Step(
        "record_patent_ended", "登记专利权终止", "Record the end of a patent", "登记了专利权终止", "recorded the end of a patent",
        OFFICER, p.RecordPatentEnded,
        (is_patent_alive, are_remaining_payments_known, g.day_between("ended_on", "专利权终止日期")),
        _record_patent_ended, "danger",
    ),
    Step(
        "terminate", "解除合同", "Terminate the contract", "解除合同", "terminated the contract",
        OFFICER, p.Terminate, (is_end_after_start, are_remaining_payments_known), _terminate, "danger",
    ),
    Step(
        "expire", "期满终止", "Close at expiry", "许可期限届满", "license term expired",
        OFFICER, p.Expire, (g.is_term_over, are_remaining_payments_known), _expire, "secondary",
    ),
    Step(
        "complete", "办结", "Complete the case", "案件办结", "completed the case",
        OFFICER, p.Complete, (is_all_done,), _complete, "success",
    ),
    Step(
        "cancel_filing", "登记注销备案", "Record the cancellation", "注销许可合同备案", "cancelled the filing",
        OFFICER, p.CancelFiling, (g.day_between("cancelled_on", "备案注销日期", ("end", "on", "合同终止日期")),),
        _close_filing("cancellation"),
    ),
    Step(
        "withdraw_filing", "登记撤回备案申请", "Record the withdrawal", "撤回许可合同备案申请", "withdrew the filing",
        OFFICER, p.WithdrawFiling, (g.day_between("withdrawn_on", "撤回日期", ("filing", "submitted_on", "提交日期")),),
        _close_filing("filing_withdrawal"),
    ),
    Step(
        "release_payment", "登记无须收取", "Release a payment", "登记某期款项无须收取", "released a payment",
        FINANCE, p.ReleasePayment, (is_payment_open, g.day_between("decided_on", "决定日期")),
        ends.settling(_release_payment), "secondary",
    ),
)  # fmt: skip
