"""What a case knows of its royalty and its free use: the plan, the statements and when they are due, the conversion."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from rules.dates import chinese_date
from rules.royalty import RoyaltyPlan, Statement
from states.context import Context
from states.plan import Opening


def agreed_trial(ctx: Context) -> Mapping[str, Any]:
    """Return what is agreed of a free use; empty if there is none."""
    return ctx.terms.own.get("trial") or {}


def converted_on(ctx: Context) -> date | None:
    """Return the day of the conversion, or None."""
    return ctx.data.day("trial", "converted_on")


def is_paying(ctx: Context) -> bool:
    """Say whether the use is paid for: there was no free use, or it has converted."""
    return not agreed_trial(ctx) or converted_on(ctx) is not None


def free_until(ctx: Context) -> date | None:
    """Return the last day of a free use that went on beyond its first end, or None."""
    return ctx.data.day("trial", "extended_until")


def plan_of(ctx: Context) -> RoyaltyPlan | None:
    """Return the royalty that is agreed, or None."""
    told = ctx.terms.own.get("royalty")
    return RoyaltyPlan.from_json(told) if told else None


def has_royalty(ctx: Context) -> bool:
    """Say whether statements have to be handed in."""
    return bool(ctx.terms.own.get("royalty"))


def statements(ctx: Context) -> tuple[Statement, ...]:
    """Return the statements as reported, the earlier first."""
    return tuple(Statement.from_json(told) for told in ctx.data.items("royalty", "statements"))


def reported(ctx: Context) -> int:
    """Return the number of the last period that has been reported; periods are reported in their order."""
    return max((told["period"] for told in ctx.data.items("royalty", "statements")), default=0)


def statement_key(number: int) -> str:
    """Return the deadline key of a statement."""
    return f"royalty_statement:{number}"


def open_statement(ctx: Context, on: date) -> tuple[str, ...]:
    """Return the key of the statement that is open on a day: the next one, if its period has begun by then."""
    plan = plan_of(ctx)
    period = plan.period(reported(ctx) + 1) if plan else None
    if period is None or not is_paying(ctx) or period.first > on:
        return ()
    return (statement_key(period.number),)


def statement_opening(ctx: Context, number: int, *, converting: bool = False) -> tuple[Opening, ...]:
    """Return the deadline of a statement; none if there is no such period, or the contract ended before it began.

    While a free use has not converted nothing is to be reported; `converting` says that it does so now.
    """
    plan = plan_of(ctx)
    period = plan.period(number) if plan else None
    ended = ctx.data.day("end", "on")
    if period is None or not (converting or is_paying(ctx)) or (ended is not None and period.first > ended):
        return ()
    days = (period.report_by - period.last).days
    zh = f"第{number}期{chinese_date(period.first)}至{chinese_date(period.last)}，届满后{days}日内提交报表。"
    en = f"Period {number} ends on {period.last.isoformat()}; the statement comes within {days} days."
    return (
        Opening(
            statement_key(number), "ROYALTY", "statement_period_ended", period.last, f"第{number}期", period.report_by,
            because_zh=(zh,), because_en=(en,),
        ),
    )  # fmt: skip
