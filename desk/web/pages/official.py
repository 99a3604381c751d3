"""Official acts of a case on the desk: the checklists, and contract, forms and register compared before packing."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cases.errors import Invalid
from cases.official import checklists_of, comparison_of
from contracts.crosscheck import GROUPS
from contracts.papers.checklist import STATES
from desk.answers.official import comparison_answer
from desk.web.desk_state import DeskArg, VisitArg
from desk.web.pages.case_page import frame, load_case

router = APIRouter(prefix="/cases/{case_id}/official")
SHOWN = 300  # agreeing fields; hundreds of patents have thousands, which command and API list


@router.get("")
def show(request: Request, desk: DeskArg, visit: VisitArg, case_id: int) -> Response:
    """Show checklists and comparison; a case without complete terms has neither yet."""
    case = load_case(desk, visit, case_id)
    told: dict[str, Any] = {"acts": (), "compared": None, "failed": "", "hidden": 0}
    try:
        with desk.db.read() as session:
            org_id = visit.person.org_id
            acts = checklists_of(desk.db, session, org_id, case_id, visit.today)
            compared = comparison_answer(comparison_of(desk.db, session, desk.settings, org_id, case_id))
        shown = max(SHOWN, compared["differing"])
        hidden, compared["rows"] = len(compared["rows"][shown:]), compared["rows"][:shown]
        told = {"acts": acts, "compared": compared, "failed": "", "hidden": hidden}
    except Invalid as refused:
        told["failed"] = visit.words.pick(refused.message, refused.message_en)
    return desk.screens.page(
        request, "case_official.html", visit.words, visit=visit, tab="official", states=STATES, kinds=GROUPS, **told,
        **frame(case, visit),
    )  # fmt: skip
