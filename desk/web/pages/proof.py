"""The page that shows of a case: what was approved is what was signed is what was filed."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cases.proof import proof_of
from desk.web.desk_state import DeskArg, VisitArg
from desk.web.pages.case_page import frame, load_case

router = APIRouter(prefix="/cases/{case_id}/proof")


@router.get("")
def show(request: Request, desk: DeskArg, visit: VisitArg, case_id: int) -> Response:
    """Show the links, each with its hash and whether it agrees."""
    case = load_case(desk, visit, case_id)
    with desk.db.read() as session:
        links = proof_of(desk.db, session, desk.settings, visit.person.org_id, case_id)
    return desk.screens.page(
        request, "case_proof.html", visit.words, visit=visit, tab="proof", links=links, **frame(case, visit)
    )
