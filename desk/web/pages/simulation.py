"""What if: supposed steps with dates, decided by the same function, written nowhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cases.errors import Invalid
from cases.papers import kinds_of, title_of
from cases.views import CasePage
from cases.whatif import Outcome, Supposed, simulate
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg
from desk.web.i18n import Words
from desk.web.pages.case_page import EDIT_TERMS, frame, load_case
from rules.dates import DateError, parse_date
from states.payload_fields import Payload
from states.steps import Step

router = APIRouter(prefix="/cases/{case_id}/what-if")
MOST_STEPS = 12
SUPPOSED_TEXT = "（模拟）"


@dataclass(frozen=True, slots=True)
class Row:
    """One supposed step as typed, with what is wrong with it."""

    event: str
    on: str
    error: str = ""


@router.get("")
def show(request: Request, desk: DeskArg, visit: VisitArg, case_id: int) -> Response:
    """Show the question, and the answer once steps are given; nothing is written."""
    case = load_case(desk, visit, case_id)
    events = request.query_params.getlist("event")[:MOST_STEPS]
    days = request.query_params.getlist("on")[:MOST_STEPS]
    rows = [
        Row(event, on, _wrong(case, event, on))
        for event, on in zip(events, days, strict=False)
        if event or on
    ]
    if not rows or any(row.error for row in rows):
        return _page(request, desk, visit, case, rows, (), status=422 if rows else 200)
    supposed = [_supposed(case.mode.steps[row.event], parse_date(row.on)) for row in rows]
    try:
        with desk.db.read() as session:
            outcomes = simulate(desk.db, session, visit.person, case_id, supposed)
    except Invalid as invalid:
        return _page(request, desk, visit, case, rows, (), status=422, failed=invalid.message)
    return _page(request, desk, visit, case, rows, outcomes)


def _wrong(case: CasePage, event: str, on: str) -> str:
    if event not in case.mode.steps or event == EDIT_TERMS:
        return "请选择步骤"
    try:
        parse_date(on)
    except DateError as error:
        return error.reason
    return ""


def _supposed(step: Step, on: date) -> Supposed:
    return Supposed(step.event, dict(_payload(step.payload, on)), on)


def _payload(model: type[Payload], on: date) -> list[tuple[str, Any]]:
    """Fill in what a step asks for: the supposed day for dates, and a marked text for the rest."""
    found: list[tuple[str, Any]] = []
    for name, info in model.model_fields.items():
        meta: Any = info.json_schema_extra
        if meta["widget"] == "checkbox":
            found.append((name, name == "procedure_published"))
        elif info.is_required():
            found.append((name, _value(meta, on)))
    return found


def _value(meta: Mapping[str, Any], on: date) -> Any:
    if meta["widget"] == "date":
        return on
    if meta["widget"] == "money":
        return 100
    if meta["widget"] == "select":
        return next(iter(meta["options_zh"]))
    return SUPPOSED_TEXT


def _choices(case: CasePage, words: Words) -> list[tuple[str, str]]:
    here = [option.step for option in case.options]
    later = [step for step in case.mode.steps.values() if step not in here]
    return [(s.event, words.pick(s.zh, s.en)) for s in (*here, *later) if s.event != EDIT_TERMS]


def _page(
    request: Request,
    desk: Desk,
    visit: Visit,
    case: CasePage,
    rows: list[Row],
    outcomes: tuple[Outcome, ...],
    *,
    status: int = 200,
    failed: str = "",
) -> Response:
    shown = [
        *rows,
        *[Row("", visit.today.isoformat() if not rows else "")] * (1 if len(rows) < MOST_STEPS else 0),
    ]
    nodes = case.mode.chart.nodes
    return desk.screens.page(
        request, "case_what_if.html", visit.words, status=status, visit=visit, rows=shown, outcomes=outcomes,
        choices=_choices(case, visit.words), failed=failed, nodes=nodes,
        titles={kind: visit.words.pick(*title_of(case.mode.slug, kind)) for kind in kinds_of(case.mode.slug)},
        **frame(case, visit),
    )  # fmt: skip
