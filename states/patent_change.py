"""The change of owner at the patent office (著录项目变更): with it, and not with the contract, the right moves.

One filing for every mode that moves the right. Its record changes the owners of the patents in the record.
Source: 专利法 art 10(3); 专利审查指南 (2023) part 1 ch 1 §6.7; 专利法实施细则 art 116(3)
"""

import re
from dataclasses import replace

from rules.money import format_yuan
from rules.other_fees import other_fee
from states import ends, export_control, payloads
from states import guards as g
from states import patent_change_payloads as p
from states.context import Context
from states.filings import Act, Filing
from states.plan import Closing, Effects, RegisterChange, Unmet
from states.steps import OFFICER, Step, kept, section


def fee_fen(ctx: Context) -> int:
    """Return the fee of one request for all living patents.

    Source: 缴费服务指南 annex 2
    """
    return sum(other_fee(ctx.book, "change", patent.kind, ctx.today).fee_fen for patent in g.living(ctx))


def is_fee_complete(ctx: Context) -> tuple[Unmet, ...]:
    """What was paid covers every patent; a fee that falls short counts as unpaid."""
    if ctx.payload is None or ctx.payload.amount_fen >= fee_fen(ctx):
        return ()
    needed = format_yuan(fee_fen(ctx))
    what = (
        f"变更费共需{needed}元（每件200元，{len(g.living(ctx))}件），未缴足的视为未提出请求",
        f"the fee is {needed} yuan",
    )
    return (ctx.unmet("fee_short", "TR-05", what, ("补足后登记", "pay the rest first"), "finance"),)


def is_assignee_among_owners(ctx: Context) -> tuple[Unmet, ...]:
    """The notice names the assignee of this case as an owner."""
    if ctx.payload is None or ctx.facts.counterparty in new_owners(ctx):
        return ()
    what = (
        f"变更后的专利权人“{ctx.payload.owners}”中没有本案受让人“{ctx.facts.counterparty}”",
        "the owners after the change do not include the assignee",
    )
    remedy = ("按手续合格通知书核对名称；通知书有误的，请求更正", "compare with the notice")
    return (ctx.unmet("assignee_not_owner", "TR-21", what, remedy, "officer"),)


def is_right_still_ours(ctx: Context) -> tuple[Unmet, ...]:
    """The right has not moved yet: afterwards the contract is not undone by ending it here."""
    if not ends.has_filing(ctx):
        return ()
    day = ctx.data.text("filing", "recorded_on")
    what = (
        f"转让已于{day}登记生效，专利权已属受让人，本案不能再解除",
        f"the transfer has been effective since {day}: the right is the assignee's",
    )
    remedy = (
        "收款等履行完毕后办结本案；协商解除、返还专利权的，由受让人作为转让人另订合同，再办理一次著录项目变更",
        "complete the case; to undo the deal, the assignee transfers the patent back by a contract and a change of its own",
    )
    return (ctx.unmet("already_transferred", "TR-01", what, remedy, "officer"),)


def is_patent_still_ours(ctx: Context) -> tuple[Unmet, ...]:
    """The right has not moved yet: what becomes of it afterwards is no matter of this contract."""
    if not ends.has_filing(ctx):
        return ()
    what = (
        "转让已登记生效，其后专利权终止不影响已履行的转让",
        "the right has moved; its later end is the assignee's",
    )
    remedy = (
        "无须登记；被宣告无效而有恶意或者明显违反公平的，按专利法第47条和合同处理",
        "nothing to record; for bad faith or plain unfairness see article 47 of the Patent Law",
    )
    return (ctx.unmet("patent_transferred", "P-07", what, remedy, "officer"),)


def mind_the_reduction(ctx: Context) -> tuple[Unmet, ...]:
    """Tell, once the right has moved, that the fee reduction has not moved with it."""
    if not ends.has_filing(ctx):
        return ()
    what = ("费用减缴不随专利权转移，新权利人须重新请求", "the fee reduction has not moved with the right")
    remedy = (
        "告知受让人按全额缴纳年费，符合条件的由其重新备案并请求减缴",
        "tell the assignee to ask for it anew",
    )
    return (ctx.unmet("reduction_ended", "TR-16", what, remedy, "outside"),)


def new_owners(ctx: Context, assignee: str = "") -> tuple[str, ...]:
    """Return the owners that the notice names: the assignee, unless it names more.

    The assignee is the other side of the contract, if no other is given.
    """
    named = (name.strip() for name in re.split(r"[、；;]+", ctx.payload.owners))
    return tuple(dict.fromkeys(filter(None, named))) or (assignee or ctx.facts.counterparty,)


def _owners(ctx: Context) -> tuple[RegisterChange, ...]:
    return tuple(RegisterChange(patent.id, owners=new_owners(ctx)) for patent in g.living(ctx))


CHANGE = Filing(
    "著录项目变更", "Change of owner",
    leaves={
        "filing_due": ("待提交变更", "due"),
        "filing_submitted": ("变更审查中", "submitted"),
        "filing_correction": ("待补正", "correction asked"),
        "filing_refused": ("视为未提出或不予变更", "not made, or refused"),
        "filing_recorded": ("手续合格，已转让", "recorded, the right has moved"),
    },
    acts={
        "submit_filing": Act(
            "提交著录项目变更申报书", "Submit the change", "提交著录项目变更申报书", "submitted the change of owner",
            p.SubmitChange, "提交日期",
        ),
        "pay_filing_fee": Act(
            "缴纳变更费", "Pay the fee", "缴纳著录项目变更费", "paid the fee of the change", p.PayChangeFee, "缴费日期",
        ),
        "receive_correction": Act(
            "登记补正通知", "Record a correction notice", "收到补正通知", "received a correction notice",
            payloads.ReceiveCorrection, "收到补正通知日期",
        ),
        "answer_correction": Act(
            "提交补正", "Answer the correction", "提交补正", "answered the correction",
            payloads.AnswerCorrection, "补正提交日期",
        ),
        "record_filing": Act(
            "登记手续合格通知书", "Record the notice", "收到手续合格通知书，转让生效", "recorded the notice: the right has moved",
            p.RecordChange, "手续合格通知书发文日",
        ),
        "refuse_filing": Act(
            "登记视为未提出或不予变更", "Record a refusal", "收到视为未提出或不予变更通知", "received a refusal",
            p.RefuseChange, "通知日期",
        ),
    },
    due=("change_filing", "CHANGE"),
    promise="filing_target",
    decision=("filing_decision", "T-07"),
    fee=("filing_fee", "T-06"),
    fee_guards=(is_fee_complete,),
    evidence="手续合格通知书 {record_no}",
    is_cancelled=False,
    back=("filing_cancellation", "CHANGE-BACK"),
    counted=export_control.openings,
    submit_guards=(g.are_patents_clear("file"), export_control.is_certified),
    record_guards=(is_assignee_among_owners,),
    owners=_owners,
)  # fmt: skip


def _return(ctx: Context) -> Effects:
    """Give the patents back to the owners that they had before."""
    before = ctx.data.items("filing", "owners_before")
    back = tuple(RegisterChange(patent_id, owners=tuple(names)) for patent_id, names in before)
    facts = section(ctx, "filing", returned=kept(ctx))
    return Effects(facts=facts, register=back, closes=(Closing("filing_cancellation"),))


def _withdraw(ctx: Context) -> Effects:
    return Effects(facts={"filing_withdrawal": kept(ctx)}, closes=(Closing("filing_cancellation"),))


STEPS: tuple[Step, ...] = (
    Step(
        "withdraw_filing", "登记撤回变更请求", "Record the withdrawal", "撤回著录项目变更请求", "withdrew the change",
        OFFICER, p.WithdrawChange, (g.day_between("withdrawn_on", "撤回日期", ("filing", "submitted_on", "提交日期")),),
        ends.settling(_withdraw),
    ),
    Step(
        "record_return", "登记返还", "Record the return", "专利权已返还登记", "recorded the return of the right",
        OFFICER, p.RecordReturn,
        (g.day_between("returned_on", "返还的手续合格通知书发文日", ("filing", "recorded_on", "手续合格通知书发文日")),),
        ends.settling(_return), from_outside=True,
    ),
)  # fmt: skip


def before_registration(*steps: Step) -> tuple[Step, ...]:
    """Return those of the shared steps that end a contract, held to the time before the right has moved."""
    held = {"terminate": is_right_still_ours, "record_patent_ended": is_patent_still_ours}
    return tuple(
        replace(step, guards=(held[step.event], *step.guards)) for step in steps if step.event in held
    )
