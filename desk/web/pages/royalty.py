"""The royalty account of a case, and what a statement would make due: a calculator that writes nothing."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cases.errors import Invalid
from desk.answers.royalty import royalty
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg
from desk.web.pages.case_page import frame, load_case
from desk.web.reasons import reason

router = APIRouter(prefix="/cases/{case_id}/royalty")
LONGEST = 20_000


@router.get("")
def show(
    request: Request, desk: DeskArg, visit: VisitArg, case_id: int, products: str = "", period: str = ""
) -> Response:
    """Show the account, with a supposed statement if one is asked for; what was typed stays."""
    case = load_case(desk, visit, case_id)
    number = int(period) if period.isdecimal() and len(period) < 4 else None
    answer, errors = _answer(desk, visit, case_id, products[:LONGEST], number)
    if errors:
        answer, _ = _answer(desk, visit, case_id, "", None)
    return desk.screens.page(
        request, "case_royalty.html", visit.words, status=422 if errors else 200, visit=visit, answer=answer,
        typed={"products": products[:LONGEST], "period": number}, errors=errors, **frame(case, visit),
    )  # fmt: skip


def _answer(
    desk: Desk, visit: Visit, case_id: int, products: str, period: int | None
) -> tuple[dict[str, Any] | None, dict[str, str]]:
    """Return the account, or None and what is wrong, by field."""
    with desk.db.read() as session:
        try:
            found = royalty(
                desk.db, session, visit.person, case_id, on=visit.today, products=products, period=period
            )
        except Invalid as invalid:
            return None, {name: reason(visit.words, why) for name, why in invalid.fields.items()}
    return found, {}
