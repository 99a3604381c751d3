"""The list of cases, and opening a new one. A half-filled new case is kept as a draft."""

from collections.abc import Sequence
from secrets import token_urlsafe
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from cases import bulk, desk_queries, messages, views
from cases.companies import CompanyView, get_company, list_companies
from cases.comparison import Comparison
from cases.errors import Forbidden, Invalid, NotFound
from cases.idempotency import Answer, once, request_hash
from cases.opening import OPENERS, open_case
from cases.patents import list_patents
from cases.standing import holders
from desk.web import labels
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg
from desk.web.forms import errors_of
from desk.web.pages.comparison import compared, known_patents
from desk.web.paging import Pages, page_number
from desk.web.security import ChangingArg, as_id
from states.catalog import MODES

router = APIRouter(prefix="/cases")
DRAFT = "case:new"
FOUND = 10
COMPANIES = 8
DEFAULT_MODE = "exclusive_license"


@router.get("")
def index(
    request: Request,
    desk: DeskArg,
    visit: VisitArg,
    q: str = "",
    stage: str = "",
    mode: str = "",
    officer: str = "",
    mine: str = "",
    overdue: str = "",
    page: str = "1",
) -> Response:
    """List the cases, each with who holds it and since when."""
    q, stage, mode = q[:100], stage if stage in labels.STAGE else "", mode if mode in MODES else ""
    org_id, chosen = visit.person.org_id, visit.person.id if mine else as_id(officer)
    late = visit.today if overdue else None
    with desk.db.read() as session:
        found = views.list_cases(
            session, org_id, q=q, stage=stage, mode=mode, officer_id=chosen, overdue_on=late,
            page=page_number(page),
        )  # fmt: skip
        counts = views.stage_counts(session, org_id, q=q, mode=mode, officer_id=chosen, overdue_on=late)
        held = holders(desk.db, session, org_id, [row.id for row in found.rows], visit.today)
        officers = desk_queries.officers(session, org_id)
    filters = {
        "q": q,
        "stage": stage,
        "mode": mode,
        "officer": str(chosen or ""),
        "overdue": "yes" if overdue else "",
    }
    pages = Pages(found.page, found.size, found.total, "/cases", filters)
    if pages.beyond:
        return RedirectResponse(pages.address(pages.count), 303)
    return desk.screens.page(
        request, "cases.html", visit.words, visit=visit, rows=found.rows, pages=pages, q=q, stage=stage, mode=mode,
        officer=str(chosen or ""), counts=counts, modes=MODES, held_by=held, officers=officers,
        together=bulk.steps_for(visit.person.role), overdue=bool(overdue),
    )  # fmt: skip


@router.get("/new")
def new(request: Request, desk: DeskArg, visit: VisitArg) -> Response:
    """Show the form of a new case: from the address, or from what was kept."""
    _refuse_others(visit)
    chosen = request.query_params.getlist("patents")
    company, mode = request.query_params.get("company", ""), request.query_params.get("mode", "")
    with desk.db.read() as session:
        draft = messages.draft_of(session, visit.person, DRAFT) or {}
    typed = {**draft, **({"patents": chosen} if chosen else {}), **({"company": company} if company else {})}
    typed = {**typed, **({"mode": mode} if mode in MODES else {})}
    return _page(request, desk, visit, typed, restored=bool(draft) and not chosen and not company)


@router.post("/new")
def new_posted(request: Request, desk: DeskArg, visit: VisitArg, posted: ChangingArg) -> Response:
    """Search, keep as a draft, or open the case: as the pressed button says."""
    _refuse_others(visit)
    typed: dict[str, Any] = {
        name: posted.text(name) for name in ("title", "mode", "company", "patent_q", "company_q")
    }
    typed["patents"] = posted.texts("patents")
    do = posted.text("do", "search")
    if do == "forget":
        messages.drop_draft(desk.db, visit.person, DRAFT)
        return RedirectResponse("/cases/new", 303)
    messages.keep_draft(desk.db, visit.person, DRAFT, typed)
    if do == "company":
        return RedirectResponse("/companies/new?back=/cases/new", 303)
    if do != "open":
        return _page(request, desk, visit, typed, kept=do == "keep")
    return _open(request, desk, visit, typed, posted.text("action_key"))


def _opened_once(desk: Desk, visit: Visit, typed: dict[str, Any], key: str) -> int:
    """Open the case that was typed; the same form posted again, also after a crash, gives the same case."""
    mode = typed["mode"] or DEFAULT_MODE
    alone = mode in MODES and not MODES[mode].has_company

    def open_() -> Answer:
        case_id = open_case(
            desk.db, visit.person, mode=mode, title=typed["title"], patent_ids=_ids(typed["patents"]),
            company_id=None if alone else as_id(typed["company"]), today=visit.today, now=visit.now,
        )  # fmt: skip
        return opened(case_id)

    def opened(case_id: int) -> Answer:
        return Answer(303, str(case_id))

    content = request_hash(mode, typed["title"], typed["company"], *typed["patents"])
    form = key[:60] if key.isascii() and key.isprintable() and key else token_urlsafe(16)
    found = once(
        desk.db, visit.person, f"page:{form}:{content[:32]}", content, open_, resumable=False, recall=opened,
        now=visit.now,
    )  # fmt: skip
    return int(found.body)


def _open(request: Request, desk: Desk, visit: Visit, typed: dict[str, Any], key: str) -> Response:
    try:
        case_id = _opened_once(desk, visit, typed, key)
    except Invalid as invalid:
        above, beside = errors_of(invalid, ("mode", "title", "patent_ids", "company_id"))
        return _page(request, desk, visit, typed, status=422, failed=visit.words(above), errors=beside)
    except NotFound as missing:
        message = visit.words.pick(missing.message, missing.message_en)
        return _page(request, desk, visit, typed, status=422, failed=message)
    messages.drop_draft(desk.db, visit.person, DRAFT)
    return RedirectResponse(f"/cases/{case_id}?opened", 303)


def _refuse_others(visit: Visit) -> None:
    if visit.person.role not in OPENERS:
        role = labels.ROLE[visit.person.role]
        raise Forbidden(
            f"立案须由转化专员办理，您的角色是{role[0]}", f"only officers open cases; you are {role[1]}"
        )


def _ids(texts: Sequence[str]) -> list[int]:
    return [found for text in texts if (found := as_id(text)) is not None]


def _page(
    request: Request,
    desk: Desk,
    visit: Visit,
    typed: dict[str, Any],
    *,
    status: int = 200,
    failed: str = "",
    errors: dict[str, str] | None = None,
    restored: bool = False,
    kept: bool = False,
) -> Response:
    org = visit.person.org_id
    patent_q, company_q = str(typed.get("patent_q", ""))[:100], str(typed.get("company_q", ""))[:100]
    with desk.db.read() as session:
        chosen = known_patents(session, visit, typed.get("patents", ()))
        found = list_patents(session, org, q=patent_q, page=1, size=FOUND + len(chosen))
        companies = list_companies(session, org, company_q, limit=COMPANIES)
        company = _company(session, org, as_id(str(typed.get("company", ""))))
        foreign = company is not None and company.is_foreign
        answer = compared(desk, session, visit, chosen, foreign_party=foreign)
    taken = {patent.id for patent in chosen}
    return desk.screens.page(
        request, "case_new.html", visit.words, status=status, visit=visit, typed=typed, chosen=chosen,
        found=[p for p in found.rows if p.id not in taken][:FOUND], total=found.total, patent_q=patent_q,
        company_q=company_q, companies=[c for c in companies if company is None or c.id != company.id],
        company=company, failed=failed, errors=errors or {}, restored=restored, kept=kept, modes=MODES,
        action_key=token_urlsafe(16),
        mode=_mode(str(typed.get("mode", "")), answer), suited={one.mode.slug: one for one in answer.modes} if answer else {},
    )  # fmt: skip


def _mode(typed: str, answer: Comparison | None) -> str:
    """Return the mode to have chosen: the typed one, or the first that can be opened if that one cannot."""
    mode = typed if typed in MODES else DEFAULT_MODE
    possible = [one.mode.slug for one in answer.modes if one.verdict != "blocked"] if answer else list(MODES)
    return mode if mode in possible else next(iter(possible), "")


def _company(session: Session, org_id: int, company_id: int | None) -> CompanyView | None:
    if company_id is None:
        return None
    try:
        return get_company(session, org_id, company_id)
    except NotFound:
        return None
