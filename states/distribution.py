"""Sharing out what came in (收益分配): per receipt planned, made public, paid, and filed with the tax office.

In: the receipts of the case, the rulebook. The net income and the shares are those of `rules.net_income` and
`rules.rewards`; here it is decided when a plan may be made, and what follows from it.
Source: 促进科技成果转化法 arts 43–45; 国科发政〔2018〕103号; 税务总局公告2018年第30号
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from rules.counting import Period, count
from rules.holiday_notices import calendar_of
from rules.money import format_yuan, split
from rules.net_income import NetIncome, net_income
from rules.packs import UnknownRule
from rules.rewards import Distribution, NoScale, distribute
from states import distribution_payloads as p
from states import guards as g
from states.chart import Arc, Node
from states.context import Context
from states.plan import Closing, Effects, Opening, Unmet
from states.promises import promised
from states.steps import FINANCE, OFFICER, Step, kept, required_day, section

REGION = Node(
    "rewards", "收益分配", "Reward distribution",
    children=(
        Node("rewards_idle", "无待分配", "nothing to share out", (Arc("receive", "rewards_due"),)),
        Node("rewards_due", "待分配", "to be shared out", (Arc("plan_distribution", "rewards_planned"),)),
        Node("rewards_planned", "方案已拟定", "planned", (
            Arc("plan_distribution"),
            Arc("post_reward_publicity", "rewards_publicized"),
            Arc("withdraw_distribution", "rewards_due"),
        )),
        Node("rewards_publicized", "奖励公示中", "publicity running", (
            Arc("close_reward_publicity", "rewards_confirmed"), Arc("withdraw_distribution", "rewards_due"),
        )),
        Node("rewards_confirmed", "待发放", "to be paid", (
            Arc("pay_rewards", "rewards_due", choice="has_more_to_share"),
            Arc("pay_rewards", "rewards_idle"),
            Arc("withdraw_distribution", "rewards_due"),
        )),
    ),
)  # fmt: skip
LEAVES = frozenset(child.id for child in REGION.children)
RECEIPT_TIMERS = ("distribution", "reward_tax")
# What comes in as money is the income of another mode: cash beside shares is paid for the part that is not contributed.
# Source: 促进科技成果转化法 art 45 (1): of a contribution only the shares are its own.
CASH_OF: Mapping[str, str] = {"equity": "transfer"}
_BASES = ("rewards", "posted_on", "奖励公示开始日期")


def receipt_timers(ctx: Context) -> tuple[str, ...]:
    """Return the deadline keys of the receipts that have not been shared out."""
    return tuple(key for receipt in undistributed(ctx).values() for key in receipt.get("timers", ()))


def filings_due(ctx: Context) -> tuple[str, ...]:
    """Return the deadline keys of the tax filings of rewards that are not recorded yet."""
    done = ctx.data.get("duties", "reward_filing") or {}
    paid = len(ctx.data.items("distributions", "list"))
    return tuple(f"reward_filing:{n}" for n in range(int(done.get("upto", 0)) + 1, paid + 1))


def undistributed(ctx: Context) -> dict[int, Mapping[str, Any]]:
    """Return the receipts, numbered from 1, that have not been shared out."""
    done = {number for paid in ctx.data.items("distributions", "list") for number in paid["receipts"]}
    received = enumerate(ctx.data.items("receipts", "list"), 1)
    return {number: receipt for number, receipt in received if number not in done}


def _has_more_to_share(ctx: Context) -> bool:
    """Say whether the plan leaves receipts over."""
    return bool(undistributed(ctx).keys() - set(ctx.data.items("rewards", "receipts")))


CHOICES: Mapping[str, Callable[[Context], bool]] = {"has_more_to_share": _has_more_to_share}


def receipt_openings(ctx: Context, number: int, received: date) -> tuple[Opening, ...]:
    """Return the deadlines that a receipt opens: paying the rewards, and the time in which the tax is halved."""
    last = Opening(f"reward_tax:{number}", "T-IIT36", "income_received", received, f"到账{number}")
    return (*_house_time(ctx, number, received), last)


def _house_time(ctx: Context, number: int, received: date) -> tuple[Opening, ...]:
    """Return the time for paying rewards: the house's own, or else the province's; the nation sets none (RW-02, RW-12)."""
    key, suffix, base = f"distribution:{number}", f"到账{number}", ("income_received", received)
    if own := promised(ctx, "reward_payment", (key, "REWARD"), base, suffix):
        return own
    try:
        ctx.book.deadline("T-RWPAY", received)
    except UnknownRule:
        return ()
    return (Opening(key, "T-RWPAY", *base, suffix),)


def _chosen(ctx: Context) -> dict[int, Mapping[str, Any]]:
    """Return the receipts that the plan names, or all that are left if it names none."""
    left = undistributed(ctx)
    return {n: left[n] for n in ctx.payload.receipts if n in left} if ctx.payload.receipts else left


def are_receipts_open(ctx: Context) -> tuple[Unmet, ...]:
    """There is a receipt to share out, and the plan names none that is not there."""
    left = undistributed(ctx)
    wrong = [n for n in ctx.payload.receipts if n not in left] if ctx.payload is not None else []
    if left and not wrong:
        return ()
    named = "、".join(map(str, wrong))
    what = (f"没有待分配的到账“{named}”", f"no open receipt {named}") if wrong else (
        "没有待分配的到账", "no receipt is waiting to be shared out",
    )  # fmt: skip
    open_now = "、".join(f"{n}（{format_yuan(r['amount_fen'])}元）" for n, r in left.items())
    remedy = (f"可填：{open_now or '无；请先登记到账'}", "name open receipts, or record a receipt first")
    return (ctx.unmet("no_open_receipt", "RW-01", what, remedy, "finance"),)


def is_plan_lawful(ctx: Context) -> tuple[Unmet, ...]:
    """Every cost may be taken off, and the shares keep the law's least ones."""
    if ctx.payload is None or not _chosen(ctx):
        return ()
    try:
        net, shares = _computed(ctx)
    except (NoScale, LookupError):
        return (
            ctx.unmet(
                "no_scale", "RW-03", ("该日还没有可适用的收益分配比例", "no scale holds on that day"),
                ("核对拟定日期", "check the day of the plan"), "finance",
            ),
        )  # fmt: skip
    costs = tuple(
        ctx.unmet(
            "cost_refused", line.rule_id,
            (f"“{line.line.kind}”{format_yuan(line.line.fen)}元不得扣除：{line.reason_zh}", line.reason_en),
            ("删除该项，或补填凭证号", "take the cost out, or name its proof"), "finance",
        )
        for line in net.refused
    )  # fmt: skip
    floors = tuple(
        ctx.unmet(
            "share_below_floor", broken.rule_id, (broken.reason_zh, broken.reason_en),
            (broken.remedy_zh, broken.remedy_en), "administrator",
        )
        for broken in shares.violations
    )  # fmt: skip
    return (*costs, *floors)


def _computed(ctx: Context) -> tuple[NetIncome, Distribution]:
    gross = sum(receipt["amount_fen"] for receipt in _chosen(ctx).values())
    on, place = ctx.payload.planned_on, ctx.book.place
    mode = CASH_OF.get(ctx.facts.mode, ctx.facts.mode)
    net = net_income(gross, ctx.payload.cost_lines, book=ctx.book, on=on, place=place)
    shares = distribute(mode, net.fen, ctx.terms.amount_fen, book=ctx.book, on=on, place=place)
    return net, shares


def _plan(ctx: Context) -> Effects:
    net, shares = _computed(ctx)
    names = ctx.payload.person_shares
    each = split(shares.reward_fen, [bp for _, bp in names])
    plan = {
        "planned_on": ctx.payload.planned_on.isoformat(),
        "receipts": list(_chosen(ctx)),
        "gross_fen": net.receipt_fen,
        "costs": [[line.kind, line.fen, line.proof] for line in net.allowed],
        "net_fen": net.fen,
        "lines": [[line.party, line.amount_fen, line.bp] for line in shares.lines],
        "reward_fen": shares.reward_fen,
        "persons": [[name, fen] for (name, _), fen in zip(names, each, strict=True)],
        "derivation": shares.derivation.as_json(),
        "by_name": ctx.actor.name,
    }
    return Effects(facts={"rewards": plan})


def _post(ctx: Context) -> Effects:
    posted = required_day(ctx, "posted_on")
    opening = Opening("reward_publicity", "T-RWPUB", "reward_publicity_posted", posted)
    return Effects(facts=section(ctx, "rewards", **kept(ctx)), opens=(opening,))


def has_reward_publicity_run(ctx: Context) -> tuple[Unmet, ...]:
    """The publicity of the rewards has run its full length."""
    posted = ctx.data.day("rewards", "posted_on")
    if posted is None:
        return ()
    rule = ctx.book.deadline("T-RWPUB", posted)
    ends = count(posted, Period.parse(rule.period), roll=False, calendar=calendar_of(ctx.book)).due
    if (ctx.day("closed_on") or ctx.today) > ends:
        return ()
    return (
        ctx.unmet(
            "reward_publicity_running", "T-RWPUB",
            (f"奖励公示期至{ends.isoformat()}，尚未届满", f"the publicity of the rewards runs until {ends.isoformat()}"),
            ("公示期满后再确认", "wait until it is over"), "officer", waits=True,
        ),
    )  # fmt: skip


def _close(ctx: Context) -> Effects:
    return Effects(facts=section(ctx, "rewards", **kept(ctx)), closes=(Closing("reward_publicity"),))


def _withdraw(ctx: Context) -> Effects:
    withdrawn = {**kept(ctx), "by_name": ctx.actor.name}
    return Effects(
        facts={"rewards": None, "rewards_withdrawn": withdrawn},
        closes=(Closing("reward_publicity", "dropped"),),
        voids=("rewards",),
    )


def _pay(ctx: Context) -> Effects:
    """Keep the plan as paid; the receipts are shared out, and the tax filing is due."""
    plan = {**ctx.data.sections.get("rewards", {}), **kept(ctx), "paid_by": ctx.actor.name}
    made = [*ctx.data.items("distributions", "list"), plan]
    closes = tuple(Closing(f"{timer}:{n}") for n in plan["receipts"] for timer in RECEIPT_TIMERS)
    opening = Opening(
        f"reward_filing:{len(made)}",
        "T-IITFILE",
        "reward_paid",
        required_day(ctx, "paid_on"),
        f"第{len(made)}次分配",
    )
    return Effects(facts={"rewards": None, "distributions": {"list": made}}, opens=(opening,), closes=closes)


def is_share_out_done(ctx: Context) -> tuple[Unmet, ...]:
    """Every receipt has been shared out, and no plan is under way."""
    left = undistributed(ctx)
    if not (left or ctx.data.has("rewards")):
        return ()
    told = "、".join(map(str, left)) or "—"
    return (
        ctx.unmet(
            "receipts_undistributed", "RW-01",
            (f"尚有到账未完成收益分配：{told}", f"receipts not shared out: {told}"),
            ("拟定分配方案、公示并发放", "plan, publish and pay the rewards"), "finance",
        ),
    )  # fmt: skip


STEPS: tuple[Step, ...] = (
    Step(
        "plan_distribution", "拟定分配方案", "Plan the distribution", "拟定收益分配方案", "planned the distribution",
        FINANCE | OFFICER, p.PlanDistribution,
        (
            are_receipts_open, is_plan_lawful,
            g.day_between("planned_on", "拟定日期", ("contract", "effective_on", "合同生效日期")),
        ),
        _plan,
    ),
    Step(
        "post_reward_publicity", "开始奖励公示", "Post the rewards", "奖励方案开始公示", "posted the rewards",
        OFFICER, p.PostRewards, (g.day_between("posted_on", "公示开始日期", ("rewards", "planned_on", "拟定日期")),),
        _post,
    ),
    Step(
        "close_reward_publicity", "确认奖励公示期满", "Close the publicity of the rewards", "奖励公示期满",
        "closed the publicity of the rewards", OFFICER, p.CloseRewards,
        (has_reward_publicity_run, g.day_between("closed_on", "确认日期", _BASES)), _close,
    ),
    Step(
        "withdraw_distribution", "撤回分配方案", "Withdraw the plan", "撤回收益分配方案", "withdrew the plan",
        FINANCE | OFFICER, p.WithdrawDistribution, (), _withdraw, "warning",
    ),
    Step(
        "pay_rewards", "登记奖励发放", "Record the payment of the rewards", "发放奖励", "paid the rewards",
        FINANCE, p.PayRewards, (g.day_between("paid_on", "发放日期", ("rewards", "closed_on", "公示期满确认日期")),),
        _pay, "success",
    ),
)  # fmt: skip
