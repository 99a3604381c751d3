"""The portal's page of messages: what the enterprise has asked, and what the institution answered."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cases.enterprise_codes import MESSAGES
from cases.enterprise_messages import PAGE_SIZE
from cases.portal import messages_for
from desk.web.desk_state import DeskArg
from desk.web.paging import Pages, page_number
from desk.web.portal.portal_state import HOME, PortalVisitArg, own_page

router = APIRouter(prefix=HOME)


@router.get("/messages")
def show(request: Request, desk: DeskArg, visit: PortalVisitArg, page: str = "1") -> Response:
    """Show the enterprise's messages with their answers."""
    number = page_number(page)
    rows, total = messages_for(desk.db, visit.visitor, number, visit.now)
    return own_page(
        request, desk, visit, "messages.html", rows=rows, pages=Pages(number, PAGE_SIZE, total, f"{HOME}/messages", {}),
        kinds={kind: visit.words.pick(*names) for kind, names in MESSAGES.items()}, sent="sent" in request.query_params,
    )  # fmt: skip
