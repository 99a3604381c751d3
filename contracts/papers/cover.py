"""The checklist of an act as its cover prints it: every paper, why it is asked, or why it is not.

In: an act and the case. Out: rows of words. What there is of the papers is not known here; the pack's own cover tells it.
"""

from datetime import date
from typing import Any

from contracts.papers.acts import ACTS, Demand
from contracts.papers.conditions import CONDITIONS
from contracts.papers.foot import asking, basis
from contracts.view import CaseView


def cover_rows(act: str, view: CaseView) -> list[dict[str, Any]]:
    """Return the rows of an act's checklist on paper."""
    today = view.day("effective_on") or view.day("signed_on") or date.min
    return [_row(n, demand, view, today) for n, demand in enumerate(ACTS[act].demands, 1)]


def _row(n: int, demand: Demand, view: CaseView, today: date) -> dict[str, Any]:
    condition = CONDITIONS[demand.when]
    needed = condition.holds(view, today)
    noted = demand.note_of(view) if demand.note_of is not None else demand.note_zh
    told = "；".join(filter(None, (demand.form[0], noted))) if needed else f"不需要：{condition.else_zh}"
    (rule,) = asking((demand.rule,), view)
    return {
        "n": n, "name": demand.zh, "note": told, "why": basis(rule), "who": demand.who[0], "needed": needed,
    }  # fmt: skip
