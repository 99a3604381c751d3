"""Use first, pay later (先使用后付费) in a contract in force: the free use begins, converts, goes on once, or is given back.

What is agreed stands in the terms (`own.trial`), what has happened in the case's data under `trial`. Conversion gives the
payment on conversion its day; a return ends the contract. Until the conversion no royalty is reckoned, and a right
that is to be transferred does not move.

Source: 民法典 art 846; the days are those of the contract
"""

from datetime import date, timedelta

from rules.dates import chinese_date
from states import ends, payments
from states import guards as g
from states import trial_payloads as p
from states.chart import Arc
from states.context import Context
from states.filings import due_openings
from states.plan import Closing, Effects, Opening, Unmet
from states.royalty_facts import agreed_trial, converted_on, free_until, is_paying, statement_opening
from states.steps import OFFICER, Step, kept, required_day, section

END, DECISION = "trial_end", "trial_decision"
ARCS = tuple(Arc(event) for event in ("start_trial", "trigger_trial", "choose_option"))
CONVERSION = "conversion"
_EFFECTIVE = ("contract", "effective_on", "合同生效日期")


def has_trial(ctx: Context) -> bool:
    """Say whether the contract begins with a free use that has not converted: its steps concern the case."""
    return bool(agreed_trial(ctx)) and converted_on(ctx) is None


def has_not_begun(ctx: Context) -> bool:
    """Say whether a free use is agreed whose beginning is not recorded."""
    return has_trial(ctx) and not ctx.data.day("trial", "started_on")


def decide_by(ctx: Context) -> date:
    """Return the day of decision, as it stands."""
    return free_until(ctx) or _day(ctx, "decide_by")


def openings(ctx: Context, effective: date) -> tuple[Opening, ...]:
    """Return the deadlines of the free use: its end and the day of decision; none without one or after conversion."""
    if not has_trial(ctx):
        return ()
    return _openings(effective, free_until(ctx) or _day(ctx, "end"), decide_by(ctx))


def _openings(base: date, end: date, decision: date) -> tuple[Opening, ...]:
    return tuple(
        Opening(
            key, "CONTRACT", "contract_effective", base, suffix, due,
            because_zh=(f"{name}由合同约定为{chinese_date(due)}，遇休息日不顺延。",),
            because_en=(f"The contract names {due.isoformat()}; it does not move from a day of rest.",),
        )
        for key, suffix, due, name in (
            (END, "免费使用期届满", end, "免费使用期届满日"), (DECISION, "试用后的选择", decision, "决定期限"),
        )
    )  # fmt: skip


def _day(ctx: Context, name: str) -> date:
    return date.fromisoformat(agreed_trial(ctx)[name])


def is_agreed(ctx: Context) -> tuple[Unmet, ...]:
    """The contract begins with a free use."""
    if agreed_trial(ctx):
        return ()
    return (
        ctx.unmet(
            "no_trial", "K-11", ("本合同没有约定先使用后付费", "the contract has no free use to begin with"),
            ("无须办理；需要约定的，订立补充协议", "nothing to do, or agree on it in writing"), "officer",
        ),
    )  # fmt: skip


def is_unconverted(ctx: Context) -> tuple[Unmet, ...]:
    """The free use has not converted yet."""
    day = converted_on(ctx)
    if day is None:
        return ()
    return (
        ctx.unmet(
            "trial_converted", "K-11",
            (f"已于{chinese_date(day)}转为付费", f"the use converted on {day.isoformat()}"),
            ("无须办理；不再履行的，办理“解除合同”", "nothing to do; to end it, terminate the contract"), "officer",
        ),
    )  # fmt: skip


def is_converted(ctx: Context) -> tuple[Unmet, ...]:
    """The free use, if there was one, has converted."""
    if is_paying(ctx):
        return ()
    return (
        ctx.unmet(
            "trial_running", "K-11",
            ("合同约定先使用后付费，尚未转为付费", "the contract begins with a free use, which has not converted"),
            ("登记付款触发，或登记对方选择转为付费", "record the trigger, or the choice to pay"), "officer",
        ),
    )  # fmt: skip


def is_not_begun(ctx: Context) -> tuple[Unmet, ...]:
    """The beginning of the use has not been recorded."""
    if not ctx.data.day("trial", "started_on"):
        return ()
    return (
        ctx.unmet(
            "trial_begun", "", ("已登记开始试用", "the beginning is recorded already"),
            ("无须重复登记", "nothing to do"), "officer",
        ),
    )  # fmt: skip


def is_in_free_period(ctx: Context) -> tuple[Unmet, ...]:
    """The use begins within the free period."""
    if ctx.payload is None or not agreed_trial(ctx):
        return ()
    first, last, day = _day(ctx, "start"), free_until(ctx) or _day(ctx, "end"), ctx.payload.started_on
    if first <= day <= last:
        return ()
    return (
        ctx.unmet(
            "outside_free_period", "",
            (
                f"开始试用日期{day.isoformat()}不在免费使用期（{first.isoformat()}至{last.isoformat()}）内",
                f"{day.isoformat()} is outside the free period {first.isoformat()} to {last.isoformat()}",
            ),
            ("核对日期", "check the date"), "officer",
        ),
    )  # fmt: skip


def is_triggered(ctx: Context) -> tuple[Unmet, ...]:
    """A trigger by date has come, and any trigger lies after the beginning of the free period."""
    if ctx.payload is None or not agreed_trial(ctx):
        return ()
    on, named = ctx.payload.triggered_on, agreed_trial(ctx).get("trigger_on")
    first = date.fromisoformat(named) if named else _day(ctx, "start")
    if on >= first:
        return ()
    return (
        ctx.unmet(
            "trigger_early", "",
            (f"触发日期{on.isoformat()}早于{first.isoformat()}", f"the trigger lies before {first.isoformat()}"),
            ("核对触发日期和证明材料", "check the date and its evidence"), "officer",
        ),
    )  # fmt: skip


def may_choose(ctx: Context) -> tuple[Unmet, ...]:
    """The choice is one that the contract allows, in time."""
    if ctx.payload is None or not agreed_trial(ctx):
        return ()
    on, last = ctx.payload.chosen_on, decide_by(ctx)
    if ctx.payload.option == "extend":
        return _may_go_on(ctx, on, last)
    if on <= last or agreed_trial(ctx)["silence"] == "convert":
        return ()
    return (
        _late(
            ctx,
            on,
            last,
            ("视为选择退还", "silence counts as giving back"),
            ("登记退还", "record the return"),
        ),
    )


def _may_go_on(ctx: Context, on: date, last: date) -> tuple[Unmet, ...]:
    if not agreed_trial(ctx).get("extend_until") or free_until(ctx) is not None:
        why = ("继续试用以一次为限，已经用过", "it has gone on once already") if free_until(ctx) else (
            "合同没有约定可以继续试用", "the contract does not let it go on")  # fmt: skip
        remedy = ("选择转为付费，或登记退还", "choose to pay, or record the return")
        return (ctx.unmet("no_extension", "", why, remedy, "officer"),)
    if on > last:
        after = ("登记退还，或按约定转为付费", "record the return, or the conversion")
        return (_late(ctx, on, last, ("不能再选择继续试用", "too late to go on"), after),)
    return ()


def _late(ctx: Context, on: date, last: date, why: tuple[str, str], instead: tuple[str, str]) -> Unmet:
    return ctx.unmet(
        "decision_late", "",
        (
            f"选择日期{on.isoformat()}晚于决定期限{last.isoformat()}，依合同{why[0]}",
            f"{on.isoformat()} is after the day of decision {last.isoformat()}: {why[1]}",
        ),
        (f"{instead[0]}；双方另有书面约定的，先订立补充协议", f"{instead[1]}, or amend the contract in writing first"),
        "officer",
    )  # fmt: skip


def may_return(ctx: Context) -> tuple[Unmet, ...]:
    """It is given back by the day of decision, unless silence counts as giving back."""
    if ctx.payload is None or not agreed_trial(ctx):
        return ()
    on, last = ctx.payload.returned_on, decide_by(ctx)
    if on <= last or agreed_trial(ctx)["silence"] == "return":
        return ()
    paying = ("视为选择转为付费", "silence counts as converting")
    return (_late(ctx, on, last, paying, ("登记选择转为付费", "record the conversion")),)


def _convert(ctx: Context, day: date, how: str) -> Effects:
    """Give the payment on conversion its day; open what waited for it."""
    due = day + timedelta(days=agreed_trial(ctx)["pay_days"])
    key = payments.key_of(ctx, CONVERSION)
    facts = section(ctx, "trial", **kept(ctx), converted_on=day.isoformat(), how=how, by_name=ctx.actor.name)
    closes = (Closing(END, "dropped"), Closing(DECISION))
    waiting = (*_change_of_owner(ctx, day), *statement_opening(ctx, 1, converting=True))
    if not key:
        return Effects(facts=facts, opens=waiting, closes=closes)
    because = (
        f"{chinese_date(day)}转为付费，依合同“先使用后付费”条款自该日起{agreed_trial(ctx)['pay_days']}日内支付。",
        f"The use converted on {day.isoformat()}; the contract gives {agreed_trial(ctx)['pay_days']} days to pay.",
    )
    opens, done = payments.reopened(ctx, key, payments.moved(ctx, key, due), day, because)
    told = payments.settled(ctx, {key: {"due": due.isoformat()}})
    return Effects(facts={**facts, **told}, opens=(*waiting, *opens), closes=(*closes, *done))


def moves_right(ctx: Context) -> bool:
    """Say whether the contract moves the right, which waits for the conversion."""
    return ctx.mode.filing is not None and ctx.mode.filing.owners is not None


def _change_of_owner(ctx: Context, day: date) -> tuple[Opening, ...]:
    """Open the change of owner, whose days are counted from the conversion."""
    filing = ctx.mode.filing
    return due_openings(filing, ctx, day) if filing is not None and moves_right(ctx) else ()


def _trigger(ctx: Context) -> Effects:
    named = agreed_trial(ctx).get("trigger_on")
    day = date.fromisoformat(named) if named else required_day(ctx, "triggered_on")
    return _convert(ctx, day, "trigger")


def _choose(ctx: Context) -> Effects:
    on = required_day(ctx, "chosen_on")
    if ctx.payload.option == "convert":
        return _convert(ctx, min(on, decide_by(ctx) + timedelta(days=1)), "choice")
    until = _day(ctx, "extend_until")
    effective = ctx.data.day("contract", "effective_on") or on
    facts = section(ctx, "trial", **kept(ctx), extended_until=until.isoformat())
    key = payments.key_of(ctx, CONVERSION)
    if not key:
        return Effects(facts=facts, opens=_openings(effective, until, until))
    due = until + timedelta(days=agreed_trial(ctx)["pay_days"])
    because = (
        f"继续试用至{chinese_date(until)}，付款日期随之顺延。",
        f"The free use goes on until {until.isoformat()}.",
    )
    opens, done = payments.reopened(ctx, key, payments.moved(ctx, key, due), on, because)
    told = payments.settled(ctx, {key: {"due": due.isoformat()}})
    return Effects(facts={**facts, **told}, opens=(*_openings(effective, until, until), *opens), closes=done)


def _return(ctx: Context) -> Effects:
    return ends.end_contract(
        ctx, "terminated", required_day(ctx, "returned_on"), {**kept(ctx), "returned": True}
    )


STEPS: tuple[Step, ...] = (
    Step(
        "start_trial", "登记开始试用", "Record the start of free use", "开始免费试用", "recorded the start of the free use",
        OFFICER, p.StartTrial,
        (is_agreed, is_unconverted, is_not_begun, is_in_free_period, g.day_between("started_on", "开始试用日期", _EFFECTIVE)),
        lambda ctx: Effects(facts=section(ctx, "trial", **kept(ctx))), concerns=has_not_begun,
    ),
    Step(
        "trigger_trial", "登记付款触发", "Record the trigger of payment", "付款触发，转为付费", "recorded the trigger of payment",
        OFFICER, p.TriggerTrial,
        (is_agreed, is_unconverted, is_triggered, g.day_between("triggered_on", "触发日期", _EFFECTIVE)),
        _trigger, concerns=has_trial,
    ),
    Step(
        "choose_option", "登记试用选择", "Record the choice", "登记了试用后的选择", "recorded the choice after the free use",
        OFFICER, p.ChooseOption,
        (is_agreed, is_unconverted, may_choose, g.day_between("chosen_on", "选择日期", _EFFECTIVE)),
        _choose, concerns=has_trial,
    ),
    Step(
        "return_trial", "登记试用退还", "Record that it is given back", "试用后退还，合同解除",
        "recorded that the free use was given back",
        OFFICER, p.ReturnTrial,
        (is_agreed, is_unconverted, may_return, g.day_between("returned_on", "退还日期", _EFFECTIVE)),
        _return, "danger", concerns=has_trial,
    ),
)  # fmt: skip
