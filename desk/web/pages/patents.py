"""The base library of patents."""

from typing import NamedTuple

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cases import desk_queries
from cases.errors import Invalid
from cases.feedback_tables import OUTCOMES
from cases.feedback_view import STATES, answers_of_patent, told_of_patent
from cases.patent_fees import FIELDS as FEE_FIELDS
from cases.patent_fees import set_fee_data
from cases.patent_register import FIELDS as LOOK_FIELDS
from cases.patent_register import record_register
from cases.patents import colleges, get_patent, list_patents
from desk.web import labels
from desk.web.books import book_of_visit
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg
from desk.web.forms import errors_of
from desk.web.paging import Pages, page_number
from desk.web.patent_look import look_fields
from desk.web.patent_upkeep import stored_values, upkeep_of
from desk.web.security import ChangingArg

router = APIRouter(prefix="/patents")


@router.get("")
def index(
    request: Request,
    desk: DeskArg,
    visit: VisitArg,
    q: str = "",
    status: str = "",
    kind: str = "",
    college: str = "",
    page: str = "1",
) -> Response:
    """List the patents."""
    q, college = q[:100], college[:100]
    status = status if status in labels.PATENT_STATUS else ""
    kind = kind if kind in labels.PATENT_KIND else ""
    with desk.db.read() as session:
        found = list_patents(
            session,
            visit.person.org_id,
            q=q,
            status=status,
            kind=kind,
            college=college,
            page=page_number(page),
        )
        every = colleges(session, visit.person.org_id)
    filters = {"q": q, "status": status, "kind": kind, "college": college}
    pages = Pages(found.page, found.size, found.total, "/patents", filters)
    if pages.beyond:
        return RedirectResponse(pages.address(pages.count), 303)
    return desk.screens.page(
        request, "patents.html", visit.words, visit=visit, rows=found.rows, pages=pages, filters=filters,
        colleges=every,
        statuses=[(slug, visit.words.pick(*label)) for slug, label in labels.PATENT_STATUS.items()],
        kinds=[(slug, visit.words.pick(*label)) for slug, label in labels.PATENT_KIND.items()],
    )  # fmt: skip


@router.get("/{patent_id}")
def show(request: Request, desk: DeskArg, visit: VisitArg, patent_id: int) -> Response:
    """Show a patent, its dates and fees, the cases it is in and the import it came with."""
    return _page(request, desk, visit, patent_id)


@router.post("/{patent_id}/fees")
def keep_fees(
    request: Request, desk: DeskArg, visit: VisitArg, patent_id: int, posted: ChangingArg
) -> Response:
    """Record what is known of the patent's annual fees."""
    typed = {name: posted.text(name) for name in FEE_FIELDS if name in posted.form}
    try:
        set_fee_data(desk.db, visit.person, patent_id, stored_values(typed), visit.now)
    except Invalid as invalid:
        above, beside = errors_of(invalid, FEE_FIELDS)
        return _page(request, desk, visit, patent_id, status=422, typed=typed, failed=above, errors=beside)
    return RedirectResponse(f"/patents/{patent_id}?fees#upkeep", 303)


@router.post("/{patent_id}/register")
def keep_register(
    request: Request, desk: DeskArg, visit: VisitArg, patent_id: int, posted: ChangingArg
) -> Response:
    """Record what a look at the register showed."""
    typed = {name: posted.text(name) for name in ("register_checked_on", "evidence", "status")}
    flags = posted.texts("flags")
    values = {**typed, "flags": flags}
    try:
        record_register(desk.db, visit.person, patent_id, values, today=visit.today, now=visit.now)
    except Invalid as invalid:
        above, beside = errors_of(invalid, LOOK_FIELDS)
        return _page(
            request, desk, visit, patent_id, status=422, look=Look(typed, flags, visit.words(above), beside)
        )
    return RedirectResponse(f"/patents/{patent_id}?looked#register", 303)


class Look(NamedTuple):
    """A look at the register that was refused: what was typed and what is wrong with it."""

    typed: dict[str, str]
    flags: list[str] | None
    failed: str
    errors: dict[str, str]


def _page(
    request: Request,
    desk: Desk,
    visit: Visit,
    patent_id: int,
    *,
    status: int = 200,
    typed: dict[str, str] | None = None,
    failed: str = "",
    errors: dict[str, str] | None = None,
    look: Look | None = None,
) -> Response:
    looked = look or Look({}, None, "", {})
    org, book = visit.person.org_id, book_of_visit(desk, visit)
    with desk.db.read() as session:
        patent = get_patent(session, org, patent_id)
        cases = desk_queries.cases_of_patent(session, org, patent_id)
        source = desk_queries.import_of(session, org, patent.import_id) if patent.import_id else None
        told = told_of_patent(session, org, patent_id, visit.today)
        answers = answers_of_patent(session, org, patent_id)
        upkeep = upkeep_of(session, visit, patent, book, typed, errors)
    return desk.screens.page(
        request, "patent.html", visit.words, status=status, visit=visit, patent=patent, cases=cases,
        source=source, upkeep=upkeep, fee_failed=visit.words(failed) if failed else "",
        fee_errors=bool(errors), fees_saved="fees" in request.query_params,
        look=look_fields(patent, visit, looked.typed, looked.flags, looked.errors), look_failed=looked.failed,
        look_open=look is not None, look_saved="looked" in request.query_params, told=told, answers=answers,
        feedback_states=STATES, feedback_outcomes=OUTCOMES,
    )  # fmt: skip
