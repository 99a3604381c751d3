"""The inbox: what waits for me, what I wait for, what is overdue."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cases.inbox import EVERYONE, Inbox, inbox
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg
from desk.web.paging import Pages, page_number
from desk.web.security import as_id
from states.catalog import MODES

router = APIRouter()
TABS = ("needs", "waiting", "overdue")
SIZE = 20
ALL = "all"


@router.get("/inbox")
def index(
    request: Request,
    desk: DeskArg,
    visit: VisitArg,
    tab: str = "needs",
    mode: str = "",
    officer: str = "",
    page: str = "1",
) -> Response:
    """Show one of the three lists, with the counts of all."""
    tab, mode = tab if tab in TABS else "needs", mode if mode in MODES else ""
    found = inbox_of(desk, visit, mode=mode, officer=officer)
    rows, number = found.items(tab), page_number(page)
    pages = Pages(number, SIZE, len(rows), "/inbox", {"tab": tab, "mode": mode, "officer": officer[:15]})
    if pages.beyond:
        return RedirectResponse(pages.address(pages.count), 303)
    return desk.screens.page(
        request, "inbox.html", visit.words, visit=visit, tab=tab, mode=mode, officer=officer, pages=pages,
        rows=rows[(number - 1) * SIZE : number * SIZE], modes=MODES, officers=found.officers,
        counts={name: len(found.items(name)) for name in TABS},
    )  # fmt: skip


def inbox_of(desk: Desk, visit: Visit, *, mode: str = "", officer: str = "") -> Inbox:
    """Return the visitor's inbox; `officer` is an id, 'all', or blank for what concerns the visitor."""
    chosen = EVERYONE if officer == ALL else as_id(officer)
    with desk.db.read() as session:
        return inbox(desk.db, session, visit.person, visit.today, mode=mode, officer_id=chosen)
