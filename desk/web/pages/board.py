"""The board: the cases of the office by stage, each with who holds it and what is due next."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cases import desk_queries, views
from cases.standing import Due, Holder, holders, next_dues
from cases.views import CaseRow
from desk.web import labels
from desk.web.desk_state import DeskArg, VisitArg
from desk.web.security import as_id
from states.catalog import MODES

router = APIRouter()
SHOWN = 30
ENDED_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Column:
    """One stage with its newest cases; `total` counts all of them."""

    stage: str
    cards: tuple[CaseRow, ...]
    total: int


@router.get("/board")
def show(
    request: Request, desk: DeskArg, visit: VisitArg, mode: str = "", officer: str = "", overdue: str = ""
) -> Response:
    """Show the board."""
    mode, org_id = mode if mode in MODES else "", visit.person.org_id
    late = visit.today if overdue else None
    with desk.db.read() as session:
        columns = []
        for stage in labels.STAGE:
            found = views.list_cases(
                session, org_id, stage=stage, mode=mode, officer_id=as_id(officer), overdue_on=late,
                size=ENDED_SHOWN if stage == "end" else SHOWN,
            )  # fmt: skip
            columns.append(Column(stage, found.rows, found.total))
        ids = [card.id for column in columns for card in column.cards]
        held: dict[int, Holder] = holders(desk.db, session, org_id, ids, visit.today)
        dues: dict[int, Due] = next_dues(session, org_id, ids, visit.today)
        officers = desk_queries.officers(session, org_id)
    return desk.screens.page(
        request, "board.html", visit.words, visit=visit, columns=columns, held_by=held, dues=dues, modes=MODES,
        mode=mode, officer=officer, officers=officers, overdue=bool(overdue),
    )  # fmt: skip
