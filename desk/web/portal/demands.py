"""The portal's page of demands: what the enterprise is looking for, beyond any patent that it was shown."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cases.demand_tables import STATUS
from cases.errors import Conflict, Invalid
from cases.portal_demands import demands_for, state_demand
from desk.web.desk_state import Desk, DeskArg
from desk.web.portal.portal_state import HOME, PortalPostedArg, PortalVisit, PortalVisitArg, own_page

router = APIRouter(prefix=HOME)


@router.get("/demands")
def show(request: Request, desk: DeskArg, visit: PortalVisitArg) -> Response:
    """Show what the enterprise has stated, and the form for more."""
    return _page(request, desk, visit, {})


@router.post("/demands")
def state(request: Request, desk: DeskArg, visit: PortalVisitArg, posted: PortalPostedArg) -> Response:
    """Keep a demand."""
    typed = {"title": posted.text("title")[:400], "text": posted.text("text")[:8000]}
    try:
        state_demand(desk.db, visit.visitor, typed["title"], typed["text"], now=visit.now)
    except Invalid as invalid:
        return _page(request, desk, visit, typed, 422, "；".join(invalid.fields.values()) or invalid.message)
    except Conflict as conflict:
        return _page(
            request, desk, visit, typed, 409, visit.words.pick(conflict.message, conflict.message_en)
        )
    return RedirectResponse(f"{HOME}/demands?sent", 303)


def _page(
    request: Request,
    desk: Desk,
    visit: PortalVisit,
    typed: dict[str, str],
    status: int = 200,
    failed: str = "",
) -> Response:
    with desk.db.read() as session:
        rows = demands_for(session, visit.visitor)
    return own_page(
        request, desk, visit, "demands.html", status=status, rows=rows, typed=typed, failed=failed,
        standings={code: visit.words.pick(*pair) for code, pair in STATUS.items()},
        sent="sent" in request.query_params,
    )  # fmt: skip
