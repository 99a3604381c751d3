"""The inbox."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cases import messages
from desk.web.desk_state import DeskArg, VisitArg
from desk.web.security import PostedArg

router = APIRouter(prefix="/messages")
SHOWN = 100


@router.get("")
def index(request: Request, desk: DeskArg, visit: VisitArg) -> Response:
    """List the person's messages."""
    with desk.db.read() as session:
        rows = messages.inbox(session, visit.person, limit=SHOWN)
    return desk.screens.page(request, "messages.html", visit.words, visit=visit, rows=rows)


@router.post("/read")
def read(desk: DeskArg, visit: VisitArg, posted: PostedArg) -> Response:
    """Mark one message as read, or all."""
    messages.mark_read(desk.db, visit.person, posted.number("message"))
    return RedirectResponse("/messages", 303)
