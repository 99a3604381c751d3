"""Royalty statements of a contract in force: reported, corrected, and what each makes due.

A statement gives the payment of its period the amount that it comes to, and at the end of a contract year the
difference to the minimum. The deadline of each payment says the amount and how it came about; the next statement
becomes due. A second statement of a period corrects it, and the account is reckoned anew.

Source: 民法典 art 846; the numbers are those of the contract (`rules.royalty`)
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from rules.dates import chinese_date
from rules.money import format_yuan
from rules.royalty import DEDUCTIONS, Account, Line, RoyaltyPlan, Statement, reckon
from rules.royalty_words import derive
from states import ends, payments, trial
from states import guards as g
from states.chart import Arc
from states.context import Context
from states.plan import Closing, Effects, Opening, Unmet
from states.royalty_facts import (
    free_until,
    has_royalty,
    plan_of,
    reported,
    statement_key,
    statement_opening,
    statements,
)
from states.royalty_payloads import ReportRoyalty
from states.steps import FINANCE, OFFICER, Step, kept, required_day, section

EVENT = "report_royalty"
ARC = Arc(EVENT)


def paid(ctx: Context) -> dict[str, tuple[tuple[date, int], ...]]:
    """Return what has come in, by what it was for."""
    found = g.payments_by_key(ctx).items()
    return {payment.ref: payments.received(ctx, key) for key, payment in found if payment.ref}


def account(ctx: Context, more: Sequence[Statement] = ()) -> Account | None:
    """Return the account of the contract, with further statements if any are supposed; None without a royalty."""
    plan = plan_of(ctx)
    return reckon(plan, (*statements(ctx), *more), paid(ctx), free_until(ctx)) if plan else None


def days_of_payment(ctx: Context) -> dict[str, date]:
    """Return the day of every payment as it stands, moved from days of rest, by what it is for."""
    found = g.payments_by_key(ctx).items()
    return {p.ref: payments.opening(ctx, key, p, p.due).due or p.due for key, p in found if p.ref}


def is_agreed(ctx: Context) -> tuple[Unmet, ...]:
    """The contract has a royalty."""
    if has_royalty(ctx):
        return ()
    return (
        ctx.unmet(
            "no_royalty", "K-11", ("本合同没有约定提成费", "the contract has no royalty"),
            ("无须登记报表", "nothing to report"), "officer",
        ),
    )  # fmt: skip


def is_period_reportable(ctx: Context) -> tuple[Unmet, ...]:
    """The period is one of the contract, over, and those before it are reported."""
    plan = plan_of(ctx)
    if ctx.payload is None or plan is None:
        return ()
    number, last = ctx.payload.period, reported(ctx)
    period = plan.period(number)
    if period is None:
        what = (f"合同没有第{number}期", f"there is no period {number}")
        remedy = (f"合同共{len(plan.periods)}期", f"the contract has {len(plan.periods)} periods")
        return (ctx.unmet("unknown_period", "", what, remedy, "finance"),)
    found = []
    if number > last + 1:
        what = (
            f"第{last + 1}期报表尚未登记，不能先登记第{number}期",
            f"period {last + 1} is not reported yet",
        )
        found.append(
            ctx.unmet("period_skipped", "", what, (f"先登记第{last + 1}期", "report it first"), "finance")
        )
    if ctx.payload.reported_on <= period.last:
        until = chinese_date(period.last)
        what = (f"第{number}期至{until}才届满", f"period {number} ends on {period.last.isoformat()}")
        remedy = ("期满后登记；试算不受此限", "report it when it is over")
        found.append(ctx.unmet("period_running", "", what, remedy, "finance", waits=True))
    return tuple(found)


def are_deductions_agreed(ctx: Context) -> tuple[Unmet, ...]:
    """Only what the contract names is taken off the sales."""
    plan = plan_of(ctx)
    if ctx.payload is None or plan is None:
        return ()
    kinds = dict.fromkeys(kind for one in ctx.payload.sold for kind in one.deducted)
    strange = [kind for kind in kinds if kind not in plan.deductions]
    if not strange:
        return ()
    zh, en = (
        "、".join(DEDUCTIONS[kind][0] for kind in strange),
        ", ".join(DEDUCTIONS[kind][1] for kind in strange),
    )
    may = "、".join(DEDUCTIONS[kind][0] for kind in plan.deductions) or "无"
    return (
        ctx.unmet(
            "deduction_not_agreed", "K-11", (f"合同没有约定扣除{zh}", f"the contract does not deduct {en}"),
            (f"可扣除的：{may}；其余并入销售额后重新登记", "report it without them"), "finance",
        ),
    )  # fmt: skip


def is_correction_explained(ctx: Context) -> tuple[Unmet, ...]:
    """A statement that corrects another one says why, and is another one."""
    if ctx.payload is None or ctx.payload.period > reported(ctx):
        return ()
    earlier = {statement.period: statement for statement in statements(ctx)}[ctx.payload.period]
    number = ctx.payload.period
    if earlier.sold == ctx.payload.sold:
        what = (
            f"第{number}期报表已经登记，内容相同",
            f"period {number} is reported already, with the same figures",
        )
        return (ctx.unmet("same_statement", "", what, ("无须重复登记", "nothing to do"), "finance"),)
    if ctx.payload.note:
        return ()
    what = (
        f"第{number}期报表已经登记，再次登记为更正，须写明原因",
        f"period {number} is reported: a correction says why",
    )
    return (ctx.unmet("correction_unexplained", "", what, ("填写“更正原因”", "give the reason"), "finance"),)


def _report(ctx: Context) -> Effects:
    """Keep the statement, settle what it makes due, and open the next one."""
    on, number = required_day(ctx, "reported_on"), ctx.payload.period
    statement = Statement(number, ctx.payload.sold)
    told = {**kept(ctx), **statement.as_json(), "by_name": ctx.actor.name}
    facts = section(ctx, "royalty", statements=[*ctx.data.items("royalty", "statements"), told])
    found = account(ctx, (statement,))
    if found is None:
        raise ValueError("a statement without a royalty")
    changes, opens, closes = _settled(ctx, found, on)
    is_first = number > reported(ctx)
    return Effects(
        facts={**facts, **(payments.settled(ctx, changes) if changes else {})},
        opens=(*opens, *(statement_opening(ctx, number + 1) if is_first else ())),
        closes=(*([Closing(statement_key(number))] if is_first else ()), *closes),
    )


def _settled(
    ctx: Context, found: Account, on: date
) -> tuple[dict[str, Mapping[str, Any]], list[Opening], list[Closing]]:
    """Compare the account with the amounts that the payments have, and settle those that are new or others."""
    known = ctx.data.sections.get("payments", {})
    changes: dict[str, Mapping[str, Any]] = {}
    opens: list[Opening] = []
    closes: list[Closing] = []
    for line in found.lines:
        key = payments.key_of(ctx, line.ref)
        if not key or known.get(key, {}).get("amount_fen") == line.asked_fen:
            continue
        changes[key] = {"amount_fen": line.asked_fen}
        opened, closed = _line(ctx, found.plan, line, key, on)
        opens += opened
        closes += closed
    return changes, opens, closes


def _line(
    ctx: Context, plan: RoyaltyPlan, line: Line, key: str, on: date
) -> tuple[tuple[Opening, ...], tuple[Closing, ...]]:
    payment = replace(g.payments_by_key(ctx)[key], amount_fen=line.asked_fen)
    told = derive(plan, line)
    amount = f"{payment.label} {format_yuan(line.asked_fen)} 元"
    return payments.reopened(ctx, key, payment, on, (told.sentence_zh, told.sentence_en), amount)


STEPS: tuple[Step, ...] = (
    Step(
        EVENT, "登记使用费报表", "Record a royalty statement", "登记使用费报表", "recorded a royalty statement",
        OFFICER | FINANCE, ReportRoyalty,
        (
            is_agreed, trial.is_converted, is_period_reportable, are_deductions_agreed, is_correction_explained,
            g.day_between("reported_on", "收到报表日期", ("contract", "effective_on", "合同生效日期")),
        ),
        ends.settling(_report), "secondary", concerns=has_royalty,
    ),
)  # fmt: skip
