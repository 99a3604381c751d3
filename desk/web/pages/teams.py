"""Research teams: the list, and one team with its patents."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cases.industries import NAMES as INDUSTRIES
from cases.teams import get_team, list_teams
from desk.web.desk_state import DeskArg, VisitArg
from desk.web.paging import Pages, page_number

router = APIRouter(prefix="/teams")


@router.get("")
def index(request: Request, desk: DeskArg, visit: VisitArg, q: str = "", page: str = "1") -> Response:
    """List the teams, those with the most patents first."""
    q = q[:100]
    with desk.db.read() as session:
        found = list_teams(desk.db, session, visit.person.org_id, q=q, page=page_number(page))
    pages = Pages(found.page, found.size, found.total, "/teams", {"q": q})
    if pages.beyond:
        return RedirectResponse(pages.address(pages.count), 303)
    return desk.screens.page(
        request, "teams.html", visit.words, visit=visit, rows=found.rows, pages=pages, q=q
    )


@router.get("/show")
def show(request: Request, desk: DeskArg, visit: VisitArg, lead: str = "", college: str = "") -> Response:
    """Show a team: who belongs to it, its industries and its patents."""
    with desk.db.read() as session:
        team = get_team(desk.db, session, visit.person.org_id, lead[:200], college[:200])
    return desk.screens.page(request, "team.html", visit.words, visit=visit, team=team, industries=INDUSTRIES)
