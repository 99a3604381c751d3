"""The workbench: what is due, what waits, what happened, and what to start."""

from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cases import desk_queries, messages, views
from cases.outbox import backlog
from desk.web.desk_state import DeskArg, VisitArg
from desk.web.pages.status import flow_service
from desk.web.timeline import told_org

router = APIRouter()
HORIZON = timedelta(days=30)


@router.get("/")
def show(request: Request, desk: DeskArg, visit: VisitArg) -> Response:
    """Show the workbench of the signed-in person."""
    person = visit.person
    own = person.id if person.role == "officer" else None
    with desk.db.read() as session:
        due = views.deadlines(
            session,
            person.org_id,
            visit.today,
            until=visit.today + HORIZON,
            person=person if person.role in ("officer", "finance") else None,
            limit=200,
        )
        recent = desk_queries.recent(session, person.org_id, 10)
        values: dict[str, Any] = {
            "stages": views.stage_counts(session, person.org_id),
            "waiting": views.awaiting_approval(session, person.org_id),
            "mine": views.list_cases(session, person.org_id, officer_id=own, size=6),
            "messages": messages.inbox(session, person, limit=4),
            "backlog": backlog(session, person.org_id),
            "patents": desk_queries.patent_count(session, person.org_id),
        }
    week = [d for d in due if 0 <= d.days_left <= 7]
    return desk.screens.page(
        request, "home.html", visit.words, visit=visit, own=own is not None,
        overdue=[d for d in due if d.days_left < 0], week=week, month=[d for d in due if d.days_left > 7],
        recent=[told_org(entry, visit.words) for entry in recent],
        service=flow_service(desk.settings, visit.now), **values,
    )  # fmt: skip
