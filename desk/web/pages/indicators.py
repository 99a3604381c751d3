"""Indicators 指标: results first, each figure with its definition and a way down to its rows."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cases.errors import Invalid
from cases.indicators.catalog import INDICATORS
from cases.indicators.choices import choices, choose_definition
from cases.indicators.counting import PAGE_SIZE, behind
from cases.indicators.dashboard import dashboard, filters, source_names
from cases.indicators.facts import catch_up
from cases.indicators.opened import opened
from cases.indicators.scope import Scope, scope_of
from cases.indicators.words import cell
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg
from desk.web.downloads import download
from desk.web.indicator_look import Addresses, look_of
from desk.web.paging import Pages, page_number
from desk.web.security import ChangingArg
from exchange.reports.lists import dashboard_workbook, rows_workbook
from rules.money import format_yuan
from states.catalog import MODES

router = APIRouter(prefix="/indicators")


@router.get("")
def index(request: Request, desk: DeskArg, visit: VisitArg) -> Response:
    """Show the indicators of a year."""
    scope, failed = _scope(request, visit)
    found = dashboard(desk.db, scope, visit.now)
    return desk.screens.page(
        request, "indicators.html", visit.words, status=422 if failed else 200, visit=visit, scope=scope, failed=failed,
        look=look_of(found, visit.words), may_report=visit.may("officer", "administrator"), **_filters(desk, visit, scope),
    )  # fmt: skip


@router.get("/export.xlsx")
def export(request: Request, desk: DeskArg, visit: VisitArg) -> Response:
    """Hand out the page as a workbook."""
    scope, _ = _scope(request, visit)
    found = dashboard(desk.db, scope, visit.now)
    return download(f"指标-{scope.year}", "xlsx", dashboard_workbook(found, visit.organization))


@router.get("/{id_}")
def rows(
    request: Request, desk: DeskArg, visit: VisitArg, id_: str, part: str = "", page: str = "1"
) -> Response:
    """List the rows behind a figure."""
    return _rows(request, desk, visit, id_, part, page_number(page))


@router.get("/{id_}/rows.xlsx")
def rows_export(request: Request, desk: DeskArg, visit: VisitArg, id_: str, part: str = "") -> Response:
    """Hand out all rows behind a figure as a workbook."""
    scope, _ = _scope(request, visit)
    with desk.db.looking() as cur:
        what = opened(id_, part, choices(cur, visit.person.org_id))
        content = rows_workbook(cur, scope, what, visit.organization)
    return download(f"{what.zh}-{scope.year}", "xlsx", content)


@router.post("/{id_}/definition")
def define(request: Request, desk: DeskArg, visit: VisitArg, id_: str, posted: ChangingArg) -> Response:
    """Choose by which definition the institution shows an indicator."""
    try:
        choose_definition(desk.db, visit.person, id_, posted.text("variant"), visit.now)
    except Invalid as refused:
        failed = visit.words.pick(refused.message, refused.message_en)
        return _rows(request, desk, visit, id_, "", 1, failed=failed, status=422)
    return RedirectResponse(f"/indicators/{id_}?defined", 303)


def _scope(request: Request, visit: Visit) -> tuple[Scope, str]:
    """Return what is asked for; a wrong year is told, and the running one shown."""
    query = request.query_params
    college, mode = query.get("college", "")[:100], query.get("mode", "")
    mode = mode if mode in MODES else ""
    try:
        return scope_of(
            visit.person.org_id, query.get("year", ""), visit.today, college=college, mode=mode
        ), ""
    except Invalid as wrong:
        running = scope_of(visit.person.org_id, "", visit.today, college=college, mode=mode)
        return running, visit.words.pick(wrong.message, wrong.message_en)


def _filters(desk: Desk, visit: Visit, scope: Scope) -> dict[str, Any]:
    with desk.db.looking() as cur:
        offered = filters(cur, visit.person.org_id, visit.today)
    years = offered.years if scope.year in offered.years else (*offered.years, scope.year)
    return {
        "years": [(str(year), str(year)) for year in years], "colleges": [(one, one) for one in offered.colleges],
        "modes": [(slug, visit.words.pick(mode.zh, mode.en)) for slug, mode in MODES.items()],
        "address": Addresses(scope),
    }  # fmt: skip


def _rows(
    request: Request, desk: Desk, visit: Visit, id_: str, part: str, page: int, *, failed: str = "", status: int = 200
) -> Response:  # fmt: skip
    scope, wrong = _scope(request, visit)
    catch_up(desk.db, visit.person.org_id, visit.now)
    with desk.db.looking() as cur:
        what = opened(id_, part, choices(cur, visit.person.org_id))
        found = behind(cur, scope, what.part, page, PAGE_SIZE, what.narrowed, *what.values)
    kept = {"year": str(scope.year), "college": scope.college, "mode": scope.mode, "part": part}
    pages = Pages(page, PAGE_SIZE, found.total, f"/indicators/{id_}", kept)
    if pages.beyond:
        return RedirectResponse(pages.address(pages.count), 303)
    lines = [
        (
            line.link,
            [visit.words.pick(*cell(*pair)) for pair in zip(found.rows.columns, line.cells, strict=True)],
        )
        for line in found.lines
    ]
    sources = source_names(what.indicator.sources) if what.indicator else ()
    return desk.screens.page(
        request, "indicator_rows.html", visit.words, status=422 if wrong else status, visit=visit, what=what, scope=scope,
        found=found, lines=lines, pages=pages, failed=failed or wrong, part=part,
        amount=format_yuan(found.amount) if "fen" in what.part.sum else "", sources=sources,
        may_define=visit.may("administrator"), defined="defined" in request.query_params,
        several=what.indicator is not None and len(INDICATORS[id_].definitions) > 1, **_filters(desk, visit, scope),
    )  # fmt: skip
