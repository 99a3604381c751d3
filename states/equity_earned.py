"""When a contribution is made: once the company is registered and owns the patents, whichever comes last.

That day earns the label, makes the feedback due, and starts the time for the deferral of tax.
Source: 专利法 art 10; 公司法 arts 48-49; 财税〔2016〕101号; 税务总局公告2016年第62号
"""

from dataclasses import replace
from datetime import date

from states import ends
from states.context import Context
from states.plan import Effects, Opening
from states.steps import EffectOf

# Section and key of what has to have happened.
NEEDED = (("company", "registered_on"), ("filing", "recorded_on"))


def earning(effect: EffectOf) -> EffectOf:
    """Return the effect which, if nothing is missing after it, also does what the contribution earns."""

    def earned(ctx: Context) -> Effects:
        found = effect(ctx)
        days = _days(ctx, found)
        plain = replace(
            found, label=None, opens=tuple(o for o in found.opens if o.key not in ("feedback", "deferral"))
        )
        if None in days or ends.is_closing(ctx):
            return plain
        last = max(day for day in days if day is not None)
        due = _due(ctx, last)
        papers = ("deferral_sheet",) if len(due) > 1 else ()
        return replace(
            plain,
            label=(ctx.mode.label, _evidence(ctx, found), last),
            opens=(*plain.opens, *due),
            documents=(*plain.documents, *papers),
        )

    return earned


def made_on(ctx: Context) -> date | None:
    """Return the day on which the contribution was made, or None."""
    days = [ctx.data.day(*where) for where in NEEDED]
    return None if None in days else max(day for day in days if day is not None)


def earned_by(
    ctx: Context, *, company: date | None = None, filing: date | None = None
) -> tuple[tuple[Opening, ...], tuple[str, str, date] | None]:
    """Return what is due and the label, with one of the two days corrected; nothing while one of them is missing."""
    days = (
        company or ctx.data.day("company", "registered_on"),
        filing or ctx.data.day("filing", "recorded_on"),
    )
    known = [day for day in days if day is not None]
    if len(known) < len(days) or ends.is_closing(ctx):
        return (), None
    made = max(known)
    return _due(ctx, made), (ctx.mode.label, _evidence(ctx, Effects()), made)


def _days(ctx: Context, found: Effects) -> list[date | None]:
    told = {name: values for name, values in found.facts.items() if values is not None}
    days = []
    for section, key in NEEDED:
        text = told.get(section, {}).get(key)
        days.append(date.fromisoformat(text) if text else ctx.data.day(section, key))
    return days


def _evidence(ctx: Context, found: Effects) -> str:
    company = {**ctx.data.sections.get("company", {}), **(found.facts.get("company") or {})}
    filing = {**ctx.data.sections.get("filing", {}), **(found.facts.get("filing") or {})}
    return f"工商登记 {company.get('reference', '')}；手续合格通知书 {filing.get('record_no', '')}"


def _due(ctx: Context, made: date) -> tuple[Opening, ...]:
    feedback = Opening("feedback", "FEEDBACK", "filing_recorded", made)
    if ctx.at("deferral_open"):
        return (feedback, Opening("deferral", "T-DEFER", "shares_obtained", made))
    return (feedback,)
