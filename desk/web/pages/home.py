"""The workbench: what waits for me, what is due, what happened, and what to start."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cases import desk_queries, messages, views
from cases.backlog import backlog
from desk.web.desk_state import DeskArg, VisitArg
from desk.web.pages.inbox import inbox_of
from desk.web.pages.status import flow_service
from desk.web.timeline import told_org
from states.catalog import MODES

router = APIRouter()
HORIZON = timedelta(days=30)
NEEDS_SHOWN = 8
OTHERS_SHOWN = 5
FEES_COUNTED = 1000


@router.get("/")
def show(request: Request, desk: DeskArg, visit: VisitArg) -> Response:
    """Show the workbench of the signed-in person; a supervisor's is the overview of the city."""
    person = visit.person
    if person.role == "supervisor":
        return RedirectResponse("/supervision", 303)
    own = person.id if person.role == "officer" else None
    mine = person if person.role in ("officer", "finance") else None
    last = visit.today + HORIZON
    found = inbox_of(desk, visit)
    with desk.db.read() as session:
        due = views.deadlines(
            session,
            person.org_id,
            visit.today,
            until=last,
            person=mine,
            of="cases",
            limit=200,
        )
        fees = views.deadlines(
            session, person.org_id, visit.today, until=last, person=mine, of="patents", limit=FEES_COUNTED
        )
        recent = desk_queries.recent(session, person.org_id, 10)
        values: dict[str, Any] = {
            "live": sum(
                n for stage, n in views.stage_counts(session, person.org_id).items() if stage != "end"
            ),
            "messages": messages.inbox(session, person, limit=4),
            "backlog": backlog(session, person.org_id),
            "patents": desk_queries.patent_count(session, person.org_id),
        }
    coming = [d for d in due if d.days_left >= 0]
    return desk.screens.page(
        request, "home.html", visit.words, visit=visit, own=own is not None, found=found, modes=MODES,
        needs=found.needs[:NEEDS_SHOWN], waiting=found.waiting[:OTHERS_SHOWN],
        week=[d for d in coming if d.days_left <= 7], month=[d for d in coming if d.days_left > 7],
        fees=fees, fees_path=f"/deadlines?{urlencode({'of': 'patents', 'until': last.isoformat(), 'mine': '1' if mine else ''})}",
        recent=[told_org(entry, visit.words) for entry in recent],
        service=flow_service(desk, visit.now), **values,
    )  # fmt: skip
