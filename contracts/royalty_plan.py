"""The royalty of any deal as the plan by which statements are reckoned, and as what its chart knows of it."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from contracts.fees import BASES, MONTHS, Royalty, spans
from contracts.phrases import label
from contracts.royalty import royalty_due
from rules.royalty import Floor, Period, RoyaltyPlan


def royalty_plan(royalty: Royalty, start: date, end: date, late_bp: int) -> RoyaltyPlan:
    """Return the plan of a royalty that is paid from one day to another, both included."""
    months = MONTHS[royalty.period]
    periods = tuple(
        Period(
            n, (n - 1) * months // 12 + 1, first, last, last + timedelta(days=royalty.report_days),
            royalty_due(royalty, last),
        )
        for n, (first, last) in enumerate(spans(start, end, months), 1)
    )  # fmt: skip
    rates = (
        ((1, royalty.rate_bp),)
        if royalty.rate_bp is not None
        else ((r.year, r.rate_bp) for r in royalty.rates)
    )
    return RoyaltyPlan(
        base=label(BASES, royalty.base),
        deductions=royalty.deducted(),
        deduction_cap_bp=royalty.deduction_cap_bp,
        rates=tuple(rates),
        periods=periods,
        floors=tuple(Floor(m.year, m.first, m.last, m.amount_fen) for m in royalty.minimums(start, end)),
        cap_fen=royalty.cap_fen,
        credit_fen=royalty.credit_fen or 0,
        late_bp=late_bp,
    )


def royalty_facts(
    royalty: Royalty | None, start: date | None, end: date | None, late_bp: int
) -> Mapping[str, Any]:
    """Return what the chart asks of a royalty, as JSON values; nothing if there is none."""
    if royalty is None or start is None or end is None:
        return {}
    return {"royalty": royalty_plan(royalty, start, end, late_bp).as_json()}
