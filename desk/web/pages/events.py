"""Events 活动: what is held, which patents are shown, who came, and what came of it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cases.db import cursor_of
from cases.errors import ActionError, Invalid, NotFound
from cases.event_registers import EVENTS, LEADS, PARTICIPANTS, POSTINGS, REGISTERS
from cases.events import events_by_district, lead_figures, open_from_lead, promote, promoted, withdraw
from cases.registers import counts, get_row, list_rows
from contracts.jobs import RenderFailure
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg
from desk.web.downloads import download
from desk.web.paging import Pages, page_number
from desk.web.register_pages import form_page, posted_values, register_router, save_page
from desk.web.security import ChangingArg
from exchange.leaflets import (
    FORMATS,
    Leaflet,
    as_docx,
    as_html,
    as_job,
    as_text,
    leaflet_of_event,
    leaflet_of_typical,
)
from flows.work import render_pool

router = APIRouter(prefix="/events")
leads = APIRouter(prefix="/promotion")
lists = register_router("/promotion", REGISTERS, lambda _visit: None)
EARLIEST = 2000
SHOWN = 200


@router.get("")
def index(request: Request, desk: DeskArg, visit: VisitArg, year: str = "", district: str = "") -> Response:
    """List the events of a year, with how many each district had."""
    chosen = (
        int(year) if year.isascii() and year.isdigit() and EARLIEST <= int(year) <= EARLIEST + 200 else None
    )
    asked = request.query_params
    filters = {
        c.name: asked[c.name] for c in EVENTS.columns if c.is_filter and asked.get(c.name) in c.options
    }
    page, span = page_number(asked.get("page", "1")), chosen or visit.today.year
    days = ("held_on", date(span, 1, 1), date(span, 12, 31)) if chosen else None
    with desk.db.read() as session:
        found = list_rows(
            session,
            visit.person.org_id,
            EVENTS,
            {**filters, "district": district[:100]},
            page=page,
            starting=days,
        )
        sums = {
            c.name: counts(session, visit.person.org_id, EVENTS, c.name)
            for c in EVENTS.columns
            if c.is_filter
        }
        cur = cursor_of(session, desk.db.postgres)
        figures = lead_figures(cur, visit.person.org_id)
        districts = events_by_district(cur, visit.person.org_id, span)
    kept = {**filters, "district": district[:100], "year": str(chosen or "")}
    pages = Pages(page, found.size, found.total, "/events", kept)
    if pages.beyond:
        return RedirectResponse(pages.address(pages.count), 303)
    return desk.screens.page(
        request, "events.html", visit.words, visit=visit, register=EVENTS, rows=found.rows, pages=pages, sums=sums,
        filters=kept, figures=figures, districts=districts, year=span, lists=list(REGISTERS.values()), LEADS=LEADS,
        may_edit=visit.may(*EVENTS.editors),
    )  # fmt: skip


@router.get("/new")
def new(request: Request, desk: DeskArg, visit: VisitArg) -> Response:
    """Show the empty form."""
    return form_page(request, desk, visit, EVENTS, "/events", {"status": "planned"})


@router.post("/new")
def add(request: Request, desk: DeskArg, visit: VisitArg, posted: ChangingArg) -> Response:
    """Add an event."""
    return save_page(request, desk, visit, EVENTS, "/events", posted_values(EVENTS, posted))


@router.get("/{event_id}")
def show(request: Request, desk: DeskArg, visit: VisitArg, event_id: int) -> Response:
    """Show an event with its patents, participants, leads and channels."""
    return _show(request, desk, visit, event_id)


@router.get("/{event_id}/edit")
def edit(request: Request, desk: DeskArg, visit: VisitArg, event_id: int) -> Response:
    """Show the form of an event."""
    with desk.db.read() as session:
        row = get_row(session, visit.person.org_id, EVENTS, event_id)
    return form_page(request, desk, visit, EVENTS, "/events", dict(row.typed), row_id=event_id)


@router.post("/{event_id}")
def change(request: Request, desk: DeskArg, visit: VisitArg, event_id: int, posted: ChangingArg) -> Response:
    """Change an event."""
    return save_page(request, desk, visit, EVENTS, "/events", posted_values(EVENTS, posted), row_id=event_id)


@router.post("/{event_id}/patents")
def add_patents(
    request: Request, desk: DeskArg, visit: VisitArg, event_id: int, posted: ChangingArg
) -> Response:
    """Let the event promote patents."""
    typed = posted.text("patents")
    try:
        promote(desk.db, visit.person, event_id, typed, visit.now)
    except Invalid as invalid:
        told = f"{invalid.message}：{invalid.fields.get('patents', '')}"
        return _show(request, desk, visit, event_id, typed=typed, failed=told, status=422)
    return RedirectResponse(f"/events/{event_id}#patents", 303)


@router.post("/{event_id}/patents/{patent_id}/remove")
def remove_patent(
    desk: DeskArg, visit: VisitArg, event_id: int, patent_id: int, posted: ChangingArg
) -> Response:
    """Take a patent out of the event."""
    withdraw(desk.db, visit.person, event_id, patent_id, visit.now)
    return RedirectResponse(f"/events/{event_id}#patents", 303)


@router.get("/{event_id}/leaflet.{kind}")
def leaflet(desk: DeskArg, visit: VisitArg, event_id: int, kind: str) -> Response:
    """Return what is published of an event."""
    with desk.db.read() as session:
        found = leaflet_of_event(session, visit.person.org_id, event_id)
    return _file(desk, found, kind)


@leads.get("/typical/{row_id}/summary.{kind}")
def summary(desk: DeskArg, visit: VisitArg, row_id: int, kind: str) -> Response:
    """Return the summary of a typical case."""
    with desk.db.read() as session:
        found = leaflet_of_typical(session, visit.person.org_id, row_id)
    return _file(desk, found, kind)


@leads.post("/leads/{row_id}/case")
def open_case(request: Request, desk: DeskArg, visit: VisitArg, row_id: int, posted: ChangingArg) -> Response:
    """Open a case from a lead."""
    mode = posted.text("mode")
    try:
        case_id = open_from_lead(desk.db, visit.person, row_id, mode=mode, today=visit.today, now=visit.now)
    except NotFound:
        raise
    except ActionError as refused:
        with desk.db.read() as session:
            row = get_row(session, visit.person.org_id, LEADS, row_id)
        fields = refused.fields if isinstance(refused, Invalid) else {}
        beside = {name: text for name, text in fields.items() if name != "mode"}
        return form_page(
            request, desk, visit, LEADS, "/promotion/leads", dict(row.typed), row_id=row_id, failed=refused.message,
            errors=beside, status=422,
        )  # fmt: skip
    return RedirectResponse(f"/cases/{case_id}", 303)


def _file(desk: Desk, found: Leaflet, kind: str) -> Response:
    if kind == "pdf":
        with render_pool(desk.settings) as pool:
            (made,) = pool.render([as_job(found)])
        if isinstance(made, RenderFailure):
            raise Invalid(made.reason, {}, "the PDF could not be made")
        return download(found.title, kind, made.data)
    makers = {
        "txt": lambda: as_text(found).encode(),
        "html": lambda: as_html(found).encode(),
        "docx": lambda: as_docx(found),
    }
    if kind not in FORMATS:
        raise NotFound("没有这种格式", "no such format")
    return download(found.title, kind, makers[kind]())


def _show(
    request: Request,
    desk: Desk,
    visit: Visit,
    event_id: int,
    *,
    typed: str = "",
    failed: str = "",
    status: int = 200,
) -> Response:
    with desk.db.read() as session:
        org_id = visit.person.org_id
        row = get_row(session, org_id, EVENTS, event_id)
        parts: Mapping[str, Any] = {
            register.name: list_rows(session, org_id, register, {"event_id": event_id}, size=SHOWN).rows
            for register in (PARTICIPANTS, LEADS, POSTINGS)
        }
        patents = promoted(session, org_id, event_id)
    return desk.screens.page(
        request, "event.html", visit.words, status=status, visit=visit, row=row, register=EVENTS, patents=patents,
        parts=[(register, parts[register.name]) for register in (LEADS, PARTICIPANTS, POSTINGS)], typed=typed,
        failed=failed, formats=FORMATS, may_edit=visit.may(*EVENTS.editors), back=f"/events/{event_id}",
    )  # fmt: skip
