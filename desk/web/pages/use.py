"""How patents are used: who lies exposed, what is declared and stated of one patent, and what became of companies."""

from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from cases import use_queries
from cases.companies import list_companies
from cases.db import cursor_of
from cases.errors import Conflict, Forbidden, Invalid
from cases.file_kinds import KINDS
from cases.funding import attach_evidence, declare_funding, evidence_of, fundings_of, remove_funding
from cases.night_use import bring_up_institution
from cases.outcomes import outcomes_of, state_outcome
from cases.patents import get_patent
from cases.product_queries import products
from cases.use_facts import known_of
from cases.use_forms import DeclareFunding, StateOutcome, StateUse
from cases.use_rows import EDITORS
from cases.use_statements import fill_statements, state_use, statements_of, suggestions
from contracts.use_papers import declaration_job
from desk.answers.use_papers import declaration_of
from desk.web.books import book_of_visit
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg
from desk.web.paging import Pages, page_number
from desk.web.security import ChangingArg
from desk.web.use_forms import failed, form, typed_of
from flows.work import render_pool
from rules.patent_clock import idle_clocks
from states.payload_fields import Payload

router = APIRouter(prefix="/use")
LARGEST = KINDS["evidence"].limit


class Tried(NamedTuple):
    """A form that was refused: which, what was typed, and why."""

    which: str
    typed: dict[str, str]
    refused: Invalid


@router.get("")
def index(
    request: Request,
    desk: DeskArg,
    visit: VisitArg,
    view: str = "exposed",
    q: str = "",
    college: str = "",
    page: str = "1",
) -> Response:
    """List patents by how they stand: exposed, soon exposed, without a reason, undeclared."""
    view = view if view in use_queries.VIEWS else "exposed"
    org, today = visit.person.org_id, visit.today
    filters = {"view": view, "q": q[:100], "college": college[:100]}
    with desk.db.read() as session:
        found = use_queries.standings(
            session, org, today, view=view, q=filters["q"], college=filters["college"], page=page_number(page)
        )
        counts = use_queries.standing_counts(session, org, today)
        ages = use_queries.unused_by_age(session, org, today)
    pages = Pages(found.page, found.size, found.total, "/use", filters)
    if pages.beyond:
        return RedirectResponse(pages.address(pages.count), 303)
    return desk.screens.page(
        request, "use.html", visit.words, visit=visit, rows=found.rows, pages=pages, filters=filters, view=view,
        counts=counts, ages=ages, every=use_queries.VIEWS, may_edit=visit.may(*EDITORS), last_year=today.year - 1,
        notice=_notice(request, visit),
    )  # fmt: skip


def _notice(request: Request, visit: Visit) -> str:
    count = request.query_params.get("filled", "")
    if count.isascii() and count.isdigit() and len(count) < 8:
        return visit.words.pick(
            f"已由案件记录填写{count}件专利的实施情况", f"{count} statements were filled from cases"
        )
    return visit.words.pick("已更新", "Updated") if "done" in request.query_params else ""


@router.post("/refresh")
def refresh(desk: DeskArg, visit: VisitArg, posted: ChangingArg) -> Response:
    """Bring standing and dates of all patents up to the day, as the night does."""
    if not visit.may(*EDITORS):
        raise Forbidden("实施情况须由转化专员或管理员更新", "officers and administrators update this")
    bring_up_institution(desk.db, visit.person.org_id, visit.now, visit.today)
    return RedirectResponse("/use?done", 303)


@router.post("/fill")
def fill(desk: DeskArg, visit: VisitArg, posted: ChangingArg) -> Response:
    """State a year from what cases have recorded."""
    year = posted.number("year") or visit.today.year - 1
    filled = fill_statements(desk.db, visit.person, min(year, visit.today.year), now=visit.now)
    return RedirectResponse(f"/use?view=used&filled={filled}", 303)


@router.get("/outcomes")
def outcomes(request: Request, desk: DeskArg, visit: VisitArg) -> Response:
    """List what became of companies."""
    return _outcomes(request, desk, visit)


@router.post("/outcomes")
def add_outcome(request: Request, desk: DeskArg, visit: VisitArg, posted: ChangingArg) -> Response:
    """Record a year of a company."""
    typed = {name: posted.text(name) for name in StateOutcome.model_fields if name != "outcomes"}
    flags = posted.texts("outcomes")
    try:
        state_outcome(
            desk.db,
            visit.person,
            posted.number("company") or 0,
            {**typed, "outcomes": tuple(flags)},
            now=visit.now,
        )
    except Invalid as refused:
        tried = Tried(posted.text("company"), typed, refused)
        return _outcomes(request, desk, visit, tried, flags, 422)
    return RedirectResponse("/use/outcomes?saved", 303)


def _outcomes(
    request: Request,
    desk: Desk,
    visit: Visit,
    tried: Tried | None = None,
    flags: list[str] | None = None,
    status: int = 200,
) -> Response:
    org = visit.person.org_id
    with desk.db.read() as session:
        rows = outcomes_of(session, org)
        companies = [(company.id, company.name) for company in list_companies(session, org, limit=500)]
    typed = tried.typed if tried else {"year": str(visit.today.year - 1)}
    refused = tried.refused if tried else None
    return desk.screens.page(
        request, "use_outcomes.html", visit.words, status=status, visit=visit, rows=rows, companies=companies,
        fields=form(StateOutcome, visit, typed, refused, {"outcomes": flags or []}), company=tried.which if tried else "",
        failed=failed(StateOutcome, visit, refused), open=tried is not None, may_edit=visit.may(*EDITORS),
        saved="saved" in request.query_params,
    )  # fmt: skip


@router.get("/patents/{patent_id}")
def show(request: Request, desk: DeskArg, visit: VisitArg, patent_id: int) -> Response:
    """Show what is declared and stated of a patent, with its clocks and products."""
    return _patent(request, desk, visit, patent_id)


@router.post("/patents/{patent_id}/funding")
def declare(
    request: Request, desk: DeskArg, visit: VisitArg, patent_id: int, posted: ChangingArg
) -> Response:
    """Record a declaration of funding."""
    typed = {name: posted.text(name) for name in DeclareFunding.model_fields}
    try:
        declare_funding(desk.db, visit.person, patent_id, typed, now=visit.now)
    except Invalid as refused:
        return _patent(request, desk, visit, patent_id, Tried("funding", typed, refused), 422)
    except Conflict as conflict:
        told = Invalid(conflict.message, {}, conflict.message_en)
        return _patent(request, desk, visit, patent_id, Tried("funding", typed, told), 409)
    return RedirectResponse(f"/use/patents/{patent_id}?saved", 303)


@router.post("/patents/{patent_id}/statement")
def state(request: Request, desk: DeskArg, visit: VisitArg, patent_id: int, posted: ChangingArg) -> Response:
    """Record how the patent was used in a year."""
    typed = {name: posted.text(name) for name in StateUse.model_fields}
    try:
        state_use(desk.db, visit.person, patent_id, typed, now=visit.now)
    except Invalid as refused:
        return _patent(request, desk, visit, patent_id, Tried("statement", typed, refused), 422)
    return RedirectResponse(f"/use/patents/{patent_id}?saved", 303)


@router.get("/patents/{patent_id}/declaration.pdf")
def declaration(desk: DeskArg, visit: VisitArg, patent_id: int) -> Response:
    """Return the declaration of funding as a sheet."""
    with desk.db.read() as session:
        sheet = declaration_of(
            session, visit.person.org_id, patent_id, book_of_visit(desk, visit), visit.today
        )
    with render_pool(desk.settings) as pool:
        made = pool.render_job(declaration_job(sheet, desk.settings.fonts))
    return pdf(made.data, f"财政资助声明表 {sheet.number}.pdf")


def pdf(data: bytes, name: str) -> Response:
    """Return a PDF to take along."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(data, media_type="application/pdf", headers=headers)


@router.post("/fundings/{funding_id}/evidence")
def attach(desk: DeskArg, visit: VisitArg, funding_id: int, posted: ChangingArg) -> Response:
    """Keep the file that proves a declaration."""
    file = posted.file("file")
    if file is None or not file.filename:
        with desk.db.read() as session:
            evidence_of(session, visit.person.org_id, funding_id)
        raise Invalid("请选择一个文件。", {"file": "请选择一个文件。"}, "choose a file")
    patent_id = attach_evidence(
        desk.db, desk.settings, visit.person, funding_id, filename=file.filename, data=file.file.read(LARGEST + 1),
        now=visit.now,
    )  # fmt: skip
    return RedirectResponse(f"/use/patents/{patent_id}?saved", 303)


@router.get("/fundings/{funding_id}/evidence")
def evidence(desk: DeskArg, visit: VisitArg, funding_id: int) -> Response:
    """Return the file that proves a declaration, never shown in place."""
    with desk.db.read() as session:
        name, digest = evidence_of(session, visit.person.org_id, funding_id)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(Path(name).name)}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return FileResponse(
        desk.settings.files.local(digest), media_type="application/octet-stream", headers=headers
    )


@router.post("/fundings/{funding_id}/remove")
def take_back(desk: DeskArg, visit: VisitArg, funding_id: int, posted: ChangingArg) -> Response:
    """Take a wrong declaration back."""
    patent_id = remove_funding(desk.db, visit.person, funding_id, posted.text("why"), now=visit.now)
    return RedirectResponse(f"/use/patents/{patent_id}?saved", 303)


def _patent(
    request: Request, desk: Desk, visit: Visit, patent_id: int, tried: Tried | None = None, status: int = 200
) -> Response:
    org, today, book = visit.person.org_id, visit.today, book_of_visit(desk, visit)
    with desk.db.read() as session:
        patent = get_patent(session, org, patent_id)
        cur = cursor_of(session, desk.db.postgres)
        (known,) = known_of(cur, [patent_id])
        suggested = suggestions(cur, [patent_id], today.year).get(patent_id)
        fundings = fundings_of(session, org, patent_id)
        statements = statements_of(session, org, patent_id)
        made = products(session, org, today, patent_id=patent_id, size=50).rows
    own = suggested.__class__.__dataclass_fields__ if suggested else ()
    prefilled = typed_of({"year": today.year, **{name: getattr(suggested, name) for name in own}})
    forms: dict[str, tuple[type[Payload], dict[str, str]]] = {
        "funding": (DeclareFunding, {"funded": "yes", "declared_by": "self"}),
        "statement": (StateUse, prefilled),
    }
    told: dict[str, object] = {}
    for which, (model, typed) in forms.items():
        mine = tried if tried and tried.which == which else None
        key = "use" if which == "statement" else which
        told[f"{key}_fields"] = form(
            model, visit, mine.typed if mine else typed, mine.refused if mine else None
        )
        told[f"{key}_failed"] = failed(model, visit, mine.refused if mine else None)
        told[f"{key}_open"] = mine is not None
    return desk.screens.page(
        request, "use_patent.html", visit.words, status=status, visit=visit, patent=patent, known=known,
        clocks=tuple(idle_clocks(known.clock, book, today)), fundings=fundings, statements=statements, products=made,
        is_suggested=suggested is not None, may_edit=visit.may(*EDITORS), saved="saved" in request.query_params, **told,
    )  # fmt: skip
