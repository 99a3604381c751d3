"""Pre-filing assessments: planned applications, what stands against filing them, and what was filed without one."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cases import assessment_queries as queries
from cases.assessments import (
    assess,
    file_application,
    is_binding,
    let_pass,
    plan_application,
    standing_against,
)
from cases.errors import Conflict, Forbidden, Invalid, Refused
from cases.patents import list_patents
from cases.use_forms import Assess, FileApplication, Override, PlanApplication
from cases.use_rows import EDITORS
from desk.answers.use_papers import check_pack, filing_pack
from desk.web.books import book_of_visit
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg
from desk.web.paging import Pages, page_number
from desk.web.security import ChangingArg, Posted
from desk.web.use_forms import failed, form, typed_of
from flows.work import render_pool
from rules.use_codes import HEADS
from states.payload_fields import Payload
from states.pre_filing import HEADS_OF_OFFICE

router = APIRouter(prefix="/use/assessments")
VIEWS = {**queries.VIEWS, "missing": ("未评估的申请", "Filed unassessed")}
Act = Callable[..., object]
ACTS: Mapping[str, tuple[Act, type[Payload]]] = {
    "assess": (assess, Assess), "override": (let_pass, Override), "file": (file_application, FileApplication),
}  # fmt: skip
PLANNING = ("/use/assessments", "申请前评估", "Pre-filing assessment")


class Tried(NamedTuple):
    """A form that was refused: which, what was typed, why, and the answer's status."""

    which: str
    typed: dict[str, str]
    refused: Invalid
    status: int = 422


@router.get("")
def index(
    request: Request, desk: DeskArg, visit: VisitArg, view: str = "open", q: str = "", page: str = "1"
) -> Response:
    """List planned applications, or what was filed without an assessment, with the coverage of two years."""
    view = view if view in VIEWS else "open"
    org, today = visit.person.org_id, visit.today
    house = book_of_visit(desk, visit).house(today)
    since = house.assessment_since or today.replace(month=1, day=1)
    filters = {"view": view, "q": q[:100]}
    with desk.db.read() as session:
        missing = queries.unassessed(session, org, since, page=page_number(page))
        found: Any = missing
        if view != "missing":
            found = queries.assessments(
                session, org, today, view=view, q=filters["q"], page=page_number(page)
            )
        counts = {**queries.assessment_counts(session, org), "missing": missing.total}
        coverage = [(year, *queries.coverage(session, org, year)) for year in (today.year, today.year - 1)]
    pages = Pages(found.page, found.size, found.total, "/use/assessments", filters)
    if pages.beyond:
        return RedirectResponse(pages.address(pages.count), 303)
    return desk.screens.page(
        request, "use_assessments.html", visit.words, visit=visit, rows=found.rows, pages=pages, filters=filters, view=view,
        every=VIEWS, counts=counts, coverage=coverage, since=house.assessment_since, may_edit=visit.may(*EDITORS),
    )  # fmt: skip


@router.get("/new")
def new(request: Request, desk: DeskArg, visit: VisitArg) -> Response:
    """Show the empty form."""
    return _plan_form(request, desk, visit, {"kind": "invention", "examination": "ordinary"})


@router.post("/new")
def add(request: Request, desk: DeskArg, visit: VisitArg, posted: ChangingArg) -> Response:
    """Register a planned application."""
    return _plan(request, desk, visit, posted, None)


@router.get("/{assessment_id}")
def show(request: Request, desk: DeskArg, visit: VisitArg, assessment_id: int) -> Response:
    """Show a planned application and what stands against filing it."""
    return _page(request, desk, visit, assessment_id)


@router.get("/{assessment_id}/edit")
def edit(request: Request, desk: DeskArg, visit: VisitArg, assessment_id: int) -> Response:
    """Show the form of a planned application."""
    with desk.db.read() as session:
        found = queries.assessment_of(session, visit.person.org_id, assessment_id)
    typed = typed_of({name: getattr(found, name) for name in PlanApplication.model_fields})
    return _plan_form(request, desk, visit, typed, assessment_id=assessment_id)


@router.post("/{assessment_id}/edit")
def change(
    request: Request, desk: DeskArg, visit: VisitArg, assessment_id: int, posted: ChangingArg
) -> Response:
    """Change a planned application."""
    with desk.db.read() as session:
        queries.assessment_of(session, visit.person.org_id, assessment_id)
    return _plan(request, desk, visit, posted, assessment_id)


@router.get("/{assessment_id}/pack")
def pack(request: Request, desk: DeskArg, visit: VisitArg, assessment_id: int) -> Response:
    """Return the filing package; without the declaration of a funded application there is none."""
    book = book_of_visit(desk, visit)
    with desk.db.read() as session:
        found = queries.assessment_of(session, visit.person.org_id, assessment_id)
    try:
        check_pack(found, book, visit.today)
        with render_pool(desk.settings) as pool:
            data = filing_pack(found, visit.organization, book, visit.today, pool, desk.settings.fonts)
    except Refused as refused:
        return _page(
            request,
            desk,
            visit,
            assessment_id,
            above=visit.words.pick(refused.message, refused.message_en),
            status=409,
        )
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(f'申请材料包 {assessment_id}.zip')}"
    }
    return Response(data, media_type="application/zip", headers=headers)


@router.post("/{assessment_id}/assess")
def judge(
    request: Request, desk: DeskArg, visit: VisitArg, assessment_id: int, posted: ChangingArg
) -> Response:
    """Record what the assessors found."""
    return _act(request, desk, visit, posted, assessment_id, "assess")


@router.post("/{assessment_id}/override")
def override(
    request: Request, desk: DeskArg, visit: VisitArg, assessment_id: int, posted: ChangingArg
) -> Response:
    """Let an application pass its assessment."""
    return _act(request, desk, visit, posted, assessment_id, "override")


@router.post("/{assessment_id}/file")
def file(
    request: Request, desk: DeskArg, visit: VisitArg, assessment_id: int, posted: ChangingArg
) -> Response:
    """Record that it was filed."""
    return _act(request, desk, visit, posted, assessment_id, "file")


def _act(
    request: Request, desk: Desk, visit: Visit, posted: Posted, assessment_id: int, which: str
) -> Response:
    act, model = ACTS[which]
    typed = {name: posted.text(name) for name in model.model_fields}
    try:
        act(desk.db, visit.person, assessment_id, typed, now=visit.now)
    except Invalid as refused:
        return _page(request, desk, visit, assessment_id, Tried(which, typed, refused))
    except (Refused, Conflict) as refused:
        told = Invalid(refused.message, {}, refused.message_en)
        return _page(request, desk, visit, assessment_id, Tried(which, typed, told, 409))
    return RedirectResponse(f"/use/assessments/{assessment_id}?saved", 303)


def _plan(request: Request, desk: Desk, visit: Visit, posted: Posted, assessment_id: int | None) -> Response:
    typed = {name: posted.text(name) for name in PlanApplication.model_fields}
    try:
        made = plan_application(desk.db, visit.person, typed, now=visit.now, assessment_id=assessment_id)
    except Invalid as refused:
        return _plan_form(
            request, desk, visit, typed, assessment_id=assessment_id, refused=refused, status=422
        )
    except Conflict as conflict:
        told = Invalid(conflict.message, {}, conflict.message_en)
        return _plan_form(request, desk, visit, typed, assessment_id=assessment_id, refused=told, status=409)
    return RedirectResponse(f"/use/assessments/{made}?saved", 303)


def _plan_form(
    request: Request, desk: Desk, visit: Visit, typed: Mapping[str, str], *, assessment_id: int | None = None,
    refused: Invalid | None = None, status: int = 200,
) -> Response:  # fmt: skip
    if not visit.may(*EDITORS):
        raise Forbidden("拟申请专利须由转化专员或管理员登记", "officers and administrators plan applications")
    back = f"{PLANNING[0]}/{assessment_id}" if assessment_id else PLANNING[0]
    return desk.screens.page(
        request, "use_form.html", visit.words, status=status, visit=visit, back=back,
        back_label=visit.words.pick(*PLANNING[1:]), title=visit.words.pick("拟申请专利", "Planned application"),
        action=f"{back}/{'edit' if assessment_id else 'new'}", fields=form(PlanApplication, visit, typed, refused),
        failed=failed(PlanApplication, visit, refused),
    )  # fmt: skip


def _page(
    request: Request, desk: Desk, visit: Visit, assessment_id: int, tried: Tried | None = None, *, above: str = "",
    status: int = 200,
) -> Response:  # fmt: skip
    org, book = visit.person.org_id, book_of_visit(desk, visit)
    with desk.db.read() as session:
        found = queries.assessment_of(session, org, assessment_id)
        known = list_patents(session, org, q=found.application_no).rows if found.application_no else ()
    empty = {"decided_on": visit.today.isoformat(), "filed_on": visit.today.isoformat()}
    before = typed_of(
        {**found.scores, "decision": found.decision, "opinion": found.opinion, "assessors": found.assessors}
    )
    told: dict[str, object] = {}
    for which, (_, model) in ACTS.items():
        mine = tried if tried and tried.which == which else None
        typed = mine.typed if mine else {**empty, **(before if which == "assess" else {})}
        told[f"{which}_fields"] = form(model, visit, typed, mine.refused if mine else None)
        told[f"{which}_failed"] = failed(model, visit, mine.refused if mine else None)
        told[f"{which}_open"] = mine is not None
    unmet = standing_against(found.plan, book, visit.today, is_let_pass=bool(found.overridden_by))
    return desk.screens.page(
        request, "use_assessment.html", visit.words, status=tried.status if tried else status, visit=visit, a=found,
        heads=HEADS, unmet=unmet, binding=is_binding(book, visit.today), failed=above,
        patent_id=known[0].id if known else None, may_edit=visit.may(*EDITORS),
        may_assess=visit.may(*EDITORS, "approver"), may_override=visit.may(*HEADS_OF_OFFICE),
        saved="saved" in request.query_params, **told,
    )  # fmt: skip
