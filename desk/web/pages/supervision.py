"""Supervision 全市情况: figures of the institutions that agreed, a bureau's own lists, and the agreement itself."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cases import oversight
from cases.errors import Conflict, Forbidden, Invalid
from cases.indicators.words import shown
from cases.oversight import SUPERVISOR
from cases.registers import list_rows
from cases.supervision import COUNTS, overview
from cases.supervision_annex import adopt_annex
from cases.supervision_registers import REGISTERS, TASKS
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg
from desk.web.downloads import download
from desk.web.register_pages import register_router
from desk.web.security import AdministratorArg, ChangingArg
from exchange.supervision_sheet import supervision_sheet

router = APIRouter(prefix="/supervision")
agreement = APIRouter(prefix="/admin/supervision")
NEXT_TASKS = 8


def _supervisors_only(visit: Visit) -> None:
    if visit.person.role != SUPERVISOR:
        raise Forbidden("本页面仅限监管人员使用", "this page is for supervisors")


lists = register_router("/supervision", REGISTERS, _supervisors_only)


@router.get("")
def index(request: Request, desk: DeskArg, visit: VisitArg, year: str = "") -> Response:
    """Show the figures of a year."""
    _supervisors_only(visit)
    return _page(request, desk, visit, year)


@router.post("/export")
def export(request: Request, desk: DeskArg, visit: VisitArg, posted: ChangingArg) -> Response:
    """Return the figures as a workbook; what for goes on record."""
    _supervisors_only(visit)
    year, purpose = posted.text("year"), posted.text("purpose")
    found = overview(desk.db, visit.person, year, visit.today, visit.now)
    with desk.db.read() as session:
        institutions = oversight.agreed(session, visit.person)
    try:
        oversight.note_access(
            desk.db, visit.person, institutions, f"{found.year}年各单位情况", purpose, visit.now
        )
    except Invalid as invalid:
        return _page(request, desk, visit, year, failed=invalid.message, purpose=purpose, status=422)
    return download(f"{found.year}年各单位情况", "xlsx", supervision_sheet(found, purpose))


@router.post("/annex")
def annex(desk: DeskArg, visit: VisitArg, posted: ChangingArg) -> Response:
    """Begin the table of tasks with the rows of the plan."""
    _supervisors_only(visit)
    adopt_annex(desk.db, visit.person, visit.today, visit.now)
    return RedirectResponse("/supervision/tasks", 303)


@agreement.get("")
def bureaus(request: Request, desk: DeskArg, visit: AdministratorArg) -> Response:
    """Show which bureaus see the institution's figures, and who took them along for what."""
    return _agreement(request, desk, visit)


@agreement.post("")
def decide(request: Request, desk: DeskArg, visit: AdministratorArg, posted: ChangingArg) -> Response:
    """Agree that a bureau sees the figures, or end it."""
    act = oversight.end_agreement if posted.text("act") == "end" else oversight.agree
    try:
        act(desk.db, visit.person, posted.number("bureau") or 0, visit.now)
    except Conflict as conflict:
        return _agreement(request, desk, visit, failed=conflict.message, status=409)
    return RedirectResponse("/admin/supervision", 303)


def _agreement(
    request: Request, desk: Desk, visit: Visit, *, failed: str = "", status: int = 200
) -> Response:
    with desk.db.read() as session:
        rows = oversight.bureaus(session, visit.person.org_id)
        taken = oversight.accesses(session, visit.person.org_id)
    return desk.screens.page(
        request,
        "oversight.html",
        visit.words,
        status=status,
        visit=visit,
        rows=rows,
        taken=taken,
        failed=failed,
    )


def _page(
    request: Request,
    desk: Desk,
    visit: Visit,
    year: str,
    *,
    failed: str = "",
    purpose: str = "",
    status: int = 200,
) -> Response:
    found = overview(desk.db, visit.person, year, visit.today, visit.now)
    with desk.db.read() as session:
        tasks = [
            row
            for row in list_rows(session, visit.person.org_id, TASKS, size=200).rows
            if row.values["status"] != "done"
        ]
    return desk.screens.page(
        request, "supervision.html", visit.words, status=status, visit=visit, found=found, failed=failed, purpose=purpose,
        lists=list(REGISTERS.values()), tasks=tasks[:NEXT_TASKS], COUNTS=COUNTS,
        shown=lambda figure: visit.words.pick(*shown(figure)),
    )  # fmt: skip
