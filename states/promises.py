"""Deadlines that no law names in days: the house's own promise (`HousePolicy.service_levels`) stands in, and says so."""

from datetime import date

from rules.counting import count
from rules.holiday_notices import calendar_of
from rules.policy import SERVICE_LEVELS
from states.context import Context
from states.plan import Opening


def promised(
    ctx: Context, level: str, timer: tuple[str, str], base: tuple[str, date], suffix: str = ""
) -> tuple[Opening, ...]:
    """Return the deadline that the house has promised, or none if it has promised no time.

    `timer` is the key of the deadline and its rule, `base` the event and the day from which it is counted.
    """
    (key, rule_id), (event, day) = timer, base
    period = ctx.book.house(day).service_level(level)
    if period is None:
        return ()
    counted = count(day, period, calendar=calendar_of(ctx.book))
    zh, en = SERVICE_LEVELS[level]
    return (
        Opening(
            key, rule_id, event, day, suffix, counted.due, provisional=counted.provisional,
            because_zh=(f"法律没有规定天数，按本单位的服务时限“{zh}”{period.label_zh}计算。", *counted.explanation_zh),
            because_en=(f"The law names no days; the house's own time for '{en}' stands in.", *counted.explanation_en),
        ),
    )  # fmt: skip
