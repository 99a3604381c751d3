"""Deadlines across all cases."""

from datetime import date, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cases import views
from desk.web.desk_state import DeskArg, VisitArg

router = APIRouter()
WINDOWS = {"overdue": -1, "week": 7, "month": 30, "quarter": 92, "all": 36500}
SHOWN = 300
READ = 5000


@router.get("/deadlines")
def index(
    request: Request,
    desk: DeskArg,
    visit: VisitArg,
    window: str = "quarter",
    kind: str = "",
    mine: str = "",
    rule: str = "",
    of: str = "",
    until: str = "",
) -> Response:
    """List open deadlines by date; a reminder of many dates leads here with their rule and last day."""
    window = window if window in WINDOWS else "quarter"
    own = visit.person if mine else None
    last = _day(until) or visit.today + timedelta(days=WINDOWS[window])
    with desk.db.read() as session:
        found = views.deadlines(
            session, visit.person.org_id, visit.today, until=last, person=own, rule_id=rule, of=of, limit=READ
        )
    rows = [row for row in found if not kind or row.kind == kind]
    return desk.screens.page(
        request, "deadlines.html", visit.words, visit=visit, rows=rows[:SHOWN], window=window, kind=kind,
        mine=bool(mine), more=len(rows) > SHOWN, narrowed=bool(rule or of or until),
    )  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
