"""夜间检查: what the last nights found, step by step, for administrators and people who only read."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cases.nightly import nights
from cases.nightly_steps import NAMES
from desk.web.desk_state import DeskArg
from desk.web.security import AuditorArg

router = APIRouter(prefix="/admin/nightly")
SHOWN = 14


@router.get("")
def show(request: Request, desk: DeskArg, visit: AuditorArg) -> Response:
    """Show the last nights; of single findings those of the visitor's institution."""
    with desk.db.read() as session:
        found = nights(session, SHOWN)
    org_id = visit.person.org_id
    shown = [(day, [(result, result.lines_for(org_id)) for result in results]) for day, results in found]
    return desk.screens.page(request, "nightly.html", visit.words, visit=visit, nights=shown, names=NAMES)
