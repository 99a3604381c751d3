"""Which conversion mode suits chosen patents: every mode side by side, before a case is opened."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from cases.comparison import MOST_PATENTS, Comparison, compare
from cases.errors import NotFound
from cases.patents import PatentView, get_patent, list_patents
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg
from desk.web.security import as_id

router = APIRouter(prefix="/modes")
FOUND = 8


@router.get("")
def show(request: Request, desk: DeskArg, visit: VisitArg, q: str = "", foreign: str = "") -> Response:
    """Compare the modes for the patents of the address."""
    with desk.db.read() as session:
        chosen = known_patents(session, visit, request.query_params.getlist("patents"))[:MOST_PATENTS]
        found = (
            list_patents(session, visit.person.org_id, q=q[:100], size=FOUND + len(chosen)).rows
            if q.strip()
            else ()
        )
        answer = compared(desk, session, visit, chosen, foreign_party=bool(foreign))
    taken = {patent.id for patent in chosen}
    return desk.screens.page(
        request, "modes.html", visit.words, visit=visit, chosen=chosen, q=q[:100], foreign=bool(foreign),
        found=[patent for patent in found if patent.id not in taken][:FOUND], answer=answer, most=MOST_PATENTS,
    )  # fmt: skip


def known_patents(session: Session, visit: Visit, texts: Sequence[str]) -> list[PatentView]:
    """Return those patents that the visitor's institution has, in the order in which they are named."""
    found = []
    for id_ in dict.fromkeys(id_ for text in texts[:500] if (id_ := as_id(text)) is not None):
        try:
            found.append(get_patent(session, visit.person.org_id, id_))
        except NotFound:
            continue
    return found


def compared(
    desk: Desk, session: Session, visit: Visit, chosen: Sequence[PatentView], *, foreign_party: bool
) -> Comparison | None:
    """Return the comparison, or None while no patent, or more than can be compared, is chosen."""
    if not 1 <= len(chosen) <= MOST_PATENTS:
        return None
    ids = [patent.id for patent in chosen]
    return compare(desk.db, session, visit.person, ids, visit.today, foreign_party=foreign_party)
