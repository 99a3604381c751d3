"""Milestones: reached with evidence, or given up. One that is reached late is paid in the days that the contract gives.

Source: 民法典 art 846; the fee clause of the license (里程碑达成后十五日内支付)
"""

from datetime import timedelta

from rules.dates import chinese_date
from states import ends, payments
from states import guards as g
from states.chart import Arc
from states.context import Context
from states.payload_fields import Day, Line, Note, Payload, asked
from states.plan import Closing, Effects, Unmet
from states.steps import OFFICER, Step, kept, required_day, section

DAYS_AFTER = timedelta(days=15)  # as the fee clause says
ARCS = (Arc("reach_milestone"), Arc("drop_milestone"))


class ReachMilestone(Payload):
    """A milestone has been reached."""

    milestone: Line = asked(
        "里程碑",
        "Milestone",
        "select",
        "经接口办理的，填写其付款编号，如 payment:3",
        "Through the API: the key of its payment, such as payment:3",
    )
    reached_on: Day = asked("达成日期", "Reached on", "date")
    evidence: Line = asked(
        "证明材料", "Evidence", help_zh="合同约定的证明材料及其编号", help_en="As the contract asks for"
    )


class DropMilestone(Payload):
    """A milestone will not be reached: nothing is owed for it."""

    milestone: Line = asked(
        "里程碑",
        "Milestone",
        "select",
        "经接口办理的，填写其付款编号，如 payment:3",
        "Through the API: the key of its payment, such as payment:3",
    )
    decided_on: Day = asked("确定日期", "Decided on", "date")
    reason: Note = asked("不能达成的原因", "Reason", "textarea", "写明依据", "With its basis")


def left(ctx: Context) -> tuple[str, ...]:
    """Return the keys of the milestones that are neither reached nor given up nor paid."""
    done = ctx.data.sections.get("milestones", {})
    return tuple(
        key for key in payments.keyed(ctx, "milestone") if key not in done and key in ends.open_payments(ctx)
    )


def has_milestones(ctx: Context) -> bool:
    """Say whether milestones are left."""
    return bool(left(ctx))


def is_milestone_left(ctx: Context) -> tuple[Unmet, ...]:
    """The milestone is one of the contract, and nothing has been recorded of it."""
    known = left(ctx)
    if known and (ctx.payload is None or ctx.payload.milestone in known):
        return ()
    return (
        ctx.unmet(
            "no_milestone", "", ("没有这一待达成的里程碑", "no such milestone is left"),
            (f"待达成的里程碑：{g.payments_in_words(ctx, known)}", "choose a milestone that is left"), "officer",
        ),
    )  # fmt: skip


def _reach(ctx: Context) -> Effects:
    key, reached = ctx.payload.milestone, required_day(ctx, "reached_on")
    facts = section(ctx, "milestones", **{key: {**kept(ctx), "how": "reached"}})
    payment = g.payments_by_key(ctx)[key]
    if reached <= payment.due:
        return Effects(facts=facts)
    due = reached + DAYS_AFTER
    because = (
        f"里程碑于{chinese_date(reached)}达成，晚于约定的付款期限，依合同在达成后15日内支付。",
        f"The milestone was reached on {reached.isoformat()}, after its day; the contract gives 15 days.",
    )
    opens, closes = payments.reopened(ctx, key, payments.moved(ctx, key, due), reached, because)
    return Effects(
        facts={**facts, **payments.settled(ctx, {key: {"due": due.isoformat()}})}, opens=opens, closes=closes
    )


def _drop(ctx: Context) -> Effects:
    key = ctx.payload.milestone
    released = [
        *ctx.data.items("receipts", "released"),
        {
            "payment": key, "decided_on": kept(ctx)["decided_on"], "reason": ctx.payload.reason,
            "by_name": ctx.actor.name,
        },
    ]  # fmt: skip
    facts = section(ctx, "milestones", **{key: {**kept(ctx), "how": "dropped"}})
    return Effects(
        facts={**facts, **section(ctx, "receipts", released=released)}, closes=(Closing(key, "dropped"),)
    )


_EFFECTIVE = ("contract", "effective_on", "合同生效日期")
STEPS: tuple[Step, ...] = (
    Step(
        "reach_milestone", "登记里程碑达成", "Record a milestone", "里程碑达成", "recorded a milestone as reached",
        OFFICER, ReachMilestone, (is_milestone_left, g.day_between("reached_on", "达成日期", _EFFECTIVE)),
        _reach, "secondary", concerns=has_milestones,
    ),
    Step(
        "drop_milestone", "登记里程碑不能达成", "Give a milestone up", "里程碑确定不能达成", "gave a milestone up",
        OFFICER, DropMilestone, (is_milestone_left, g.day_between("decided_on", "确定日期", _EFFECTIVE)),
        _drop, "secondary", concerns=has_milestones,
    ),
)  # fmt: skip
