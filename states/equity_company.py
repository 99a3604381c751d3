"""The company side of a contribution: its registration, the capital paid in, and the shares in the books.

Source: 公司法 arts 47-52, 228; 市场主体登记管理条例 art 24; 国务院注册资本登记规定 art 4; 财资〔2019〕57号
"""

from datetime import date, timedelta

from rules.money import format_yuan
from states import ends
from states import equity_payloads as p
from states import guards as g
from states.chart import Arc, Node
from states.context import Context
from states.equity_earned import earning
from states.plan import Closing, Effects, Opening, Unmet
from states.steps import OFFICER, Step, kept, noted, required_day, section

_RUNNING = (
    Arc("record_contribution", "capital_paid", choice="is_capital_covered"),
    Arc("record_contribution"),
)
REGION = Node(
    "company", "公司登记与出资", "Company and capital",
    children=(
        Node("company_due", "待作出决议", "not resolved", (Arc("decide_capital", "company_decided"),)),
        Node("company_decided", "待工商登记", "to be registered", (
            Arc("decide_capital"), Arc("register_company", "company_registered"),
        )),
        Node("company_registered", "已登记待缴足", "registered, capital due", (
            *_RUNNING, Arc("publish_contribution"), Arc("receive_call"),
        )),
        Node("capital_paid", "已缴足", "capital paid in", (Arc("publish_contribution"),)),
    ),
)  # fmt: skip
HOLDING = Node(
    "holding", "国有股权登记", "Register of shares",
    children=(
        Node("holding_due", "待登记", "due", (Arc("register_holding", "holding_registered"),)),
        Node("holding_registered", "已登记", "registered"),
    ),
)  # fmt: skip
REGISTERED = ("company", "registered_on", "公司登记日期")


def is_registered(ctx: Context) -> bool:
    """Say whether the company, or the increase of its capital, stands in the register."""
    return ctx.data.day("company", "registered_on") is not None


def is_company_registered(ctx: Context) -> tuple[Unmet, ...]:
    """The shares exist: the company or the increase has been registered."""
    if is_registered(ctx):
        return ()
    return (
        ctx.unmet(
            "company_not_registered", "EQ-05",
            ("公司设立或增资尚未登记", "the company, or its increase, is not registered yet"),
            ("由公司办理工商登记，并登记结果", "have the company register it, and record that"), "officer",
        ),
    )  # fmt: skip


def is_owner_there(ctx: Context) -> tuple[Unmet, ...]:
    """The patents go to a company that exists: a new one is registered before the change is asked for."""
    return is_company_registered(ctx) if ctx.terms.own.get("founding") else ()


def paid_in(ctx: Context) -> int:
    """Return the capital paid in so far, in fen, with what the step at hand records."""
    known = sum(int(part["amount_fen"]) for part in ctx.data.items("capital", "list"))
    return known + (ctx.payload.amount_fen if isinstance(ctx.payload, p.RecordContribution) else 0)


def is_capital_covered(ctx: Context) -> bool:
    """Say whether the subscribed capital is paid in with this step."""
    return paid_in(ctx) >= int(ctx.terms.own.get("capital_fen", 0))


def is_right_transferred(ctx: Context) -> tuple[Unmet, ...]:
    """A contribution of patents counts as paid in once the company owns them.

    Source: 公司法 art 49
    """
    if ctx.payload is None or ctx.payload.form != "patent" or ends.has_filing(ctx):
        return ()
    return (
        ctx.unmet(
            "right_not_transferred", "EQ-04",
            ("专利权尚未变更到公司名下，不能作为实缴出资登记", "the company does not own the patents yet"),
            ("先办理著录项目变更并登记手续合格通知书", "have the change of owner recorded first"), "officer",
        ),
    )  # fmt: skip


def is_within_subscription(ctx: Context) -> tuple[Unmet, ...]:
    """No more is paid in than was subscribed."""
    subscribed = int(ctx.terms.own.get("capital_fen", 0))
    if ctx.payload is None or paid_in(ctx) <= subscribed:
        return ()
    return (
        ctx.unmet(
            "paid_beyond", "EQ-06",
            (
                f"累计实缴{format_yuan(paid_in(ctx))}元，超过认缴的{format_yuan(subscribed)}元",
                "more than was subscribed",
            ),
            ("核对金额；超出部分不计入注册资本的，不在此登记", "check the amount"), "officer",
        ),
    )  # fmt: skip


def is_grace_long_enough(ctx: Context) -> tuple[Unmet, ...]:
    """The letter leaves the sixty days of the law.

    Source: 公司法 art 52
    """
    sent, until = ctx.day("sent_on"), ctx.day("grace_until")
    if sent is None or until is None:
        return ()
    least = sent + _grace(ctx, sent)
    if until >= least:
        return ()
    return (
        ctx.unmet(
            "grace_too_short", "EQ-03",
            (f"宽限期至{until.isoformat()}，自发出之日起不足60日", "the grace is shorter than sixty days"),
            (f"核对催缴书；不足的，要求公司将宽限期改为不早于{least.isoformat()}", "have the company mend the letter"),
            "officer",
        ),
    )  # fmt: skip


def _grace(ctx: Context, sent: date) -> timedelta:
    return timedelta(days=int(ctx.book.deadline("T-CALL", sent).period.removesuffix("d")))


def _decide(ctx: Context) -> Effects:
    decided = required_day(ctx, "decided_on")
    due = () if ctx.terms.own.get("founding") else (
        Opening("company_registration", "T-COREG", "company_resolution", decided),
    )  # fmt: skip
    return Effects(facts=section(ctx, "company", **kept(ctx)), opens=due)


def _register(ctx: Context) -> Effects:
    registered = required_day(ctx, "registered_on")
    return Effects(
        facts=section(ctx, "company", **kept(ctx)),
        opens=registration_openings(registered),
        closes=(Closing("company_registration"),),
        outbox=() if ends.has_filing(ctx) else ("file_contract",),
    )


def registration_openings(registered: date) -> tuple[Opening, ...]:
    """Return the deadlines that are counted from the registration of the company."""
    return (
        Opening("capital", "T-30", "company_founded", registered),
        Opening("capital_publicity", "T-COPUB", "contribution_recorded", registered),
    )


def _contribute(ctx: Context) -> Effects:
    parts = [*ctx.data.items("capital", "list"), {**kept(ctx), "by_name": ctx.actor.name}]
    told = Opening("capital_publicity", "T-COPUB", "contribution_recorded", required_day(ctx, "paid_on"))
    closes = (Closing("capital"), Closing("capital_call")) if is_capital_covered(ctx) else ()
    return Effects(facts=section(ctx, "capital", list=parts), opens=(told,), closes=closes)


def _publish(ctx: Context) -> Effects:
    return Effects(facts=section(ctx, "company", published=kept(ctx)), closes=(Closing("capital_publicity"),))


def _call(ctx: Context) -> Effects:
    sent, until = required_day(ctx, "sent_on"), required_day(ctx, "grace_until")
    opening = Opening(
        "capital_call", "T-CALL", "capital_call_sent", sent, due=until,
        because_zh=(f"催缴书载明的宽限期至{until.isoformat()}，期满仍未缴的，可发出失权通知。",),
        because_en=(f"The letter grants until {until.isoformat()}; unpaid shares may be forfeited after that.",),
    )  # fmt: skip
    calls = [*ctx.data.items("capital", "calls"), kept(ctx)]
    return Effects(facts=section(ctx, "capital", calls=calls), opens=(opening,))


CHOICES = {"is_capital_covered": is_capital_covered}
STEPS: tuple[Step, ...] = (
    Step(
        "decide_capital", "登记章程或增资决议", "Record the resolution", "登记了公司章程或增资决议", "recorded the resolution",
        OFFICER, p.DecideCapital,
        (g.day_between("decided_on", "决议日期", ("contract", "signed_on", "签订日期")),), _decide,
    ),
    Step(
        "register_company", "登记工商登记结果", "Record the registration", "公司完成工商登记", "recorded the registration",
        OFFICER, p.RegisterCompany,
        (g.day_between("registered_on", "登记日期", ("company", "decided_on", "决议日期")),),
        earning(_register), "success", from_outside=True,
    ),
    Step(
        "record_contribution", "登记实缴出资", "Record capital paid in", "登记了实缴出资", "recorded capital paid in",
        OFFICER, p.RecordContribution,
        (is_right_transferred, is_within_subscription, g.day_between("paid_on", "实缴日期", REGISTERED)), _contribute,
    ),
    Step(
        "publish_contribution", "登记出资公示", "Record the publication", "公司公示了出资信息", "recorded the publication",
        OFFICER, p.PublishContribution, (g.day_between("published_on", "公示日期", REGISTERED),), _publish, "secondary",
        from_outside=True,
    ),
    Step(
        "receive_call", "登记催缴书", "Record a capital call", "收到公司催缴书", "received a capital call",
        OFFICER, p.ReceiveCall, (is_grace_long_enough, g.day_between("sent_on", "发出日期", REGISTERED)), _call,
        "warning", from_outside=True,
    ),
    Step(
        "register_holding", "登记国有股权", "Record the shares", "登记了国有股权", "recorded the shares",
        OFFICER, p.RegisterHolding,
        (is_company_registered, g.day_between("registered_on", "登记日期", REGISTERED)), noted("holding", "by_name"),
    ),
)  # fmt: skip
