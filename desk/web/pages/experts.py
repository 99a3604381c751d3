"""The pool of experts who evaluate patents."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cases.companies import list_companies
from cases.enterprise_codes import SHARING
from cases.errors import Conflict, Invalid
from cases.experts import PAGE_SIZE, get_expert, list_experts, save_expert
from cases.industries import NAMES as INDUSTRIES
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg
from desk.web.forms import Field, errors_of
from desk.web.paging import Pages, page_number
from desk.web.reasons import reason
from desk.web.security import ChangingArg, Posted

router = APIRouter(prefix="/experts")
FIELDS = (
    ("name", "姓名", "text", True),
    ("employer", "工作单位", "text", True),
    ("fields", "产业领域", "multi", True),
    ("products", "熟悉的技术和产品", "textarea", True),
    ("recommender", "推荐单位", "text", True),
    ("sharing", "共享范围", "select", False),
    ("company_id", "所属企业（已登记的）", "select", False),
    ("email", "电子邮箱", "text", False),
    ("active", "在库", "checkbox", False),
)
NAMES = tuple(name for name, *_ in FIELDS)
MOST_COMPANIES = 200


@router.get("")
def index(request: Request, desk: DeskArg, visit: VisitArg, page: str = "1", industry: str = "") -> Response:
    """List the pool."""
    number, industry = page_number(page), industry if industry in INDUSTRIES else ""
    with desk.db.read() as session:
        rows, total = list_experts(session, visit.person.org_id, industry=industry, page=number)
    return desk.screens.page(
        request, "experts.html", visit.words, visit=visit, rows=rows, industry=industry,
        pages=Pages(number, PAGE_SIZE, total, "/experts", {"industry": industry}), industries=industry_names(visit),
        sharing={code: visit.words.pick(*pair) for code, pair in SHARING.items()},
        saved="saved" in request.query_params,
    )  # fmt: skip


def industry_names(visit: Visit) -> list[tuple[str, str]]:
    """Return the industries in the reader's language."""
    return [(code, visit.words.pick(*pair)) for code, pair in INDUSTRIES.items()]


@router.get("/new")
def new(request: Request, desk: DeskArg, visit: VisitArg) -> Response:
    """Show the empty form."""
    return _form(request, desk, visit, {"sharing": "own", "active": "yes"}, [])


@router.post("/new")
def add(request: Request, desk: DeskArg, visit: VisitArg, posted: ChangingArg) -> Response:
    """Enter an expert."""
    return _save(request, desk, visit, posted, None)


@router.get("/{expert_id}")
def show(request: Request, desk: DeskArg, visit: VisitArg, expert_id: int) -> Response:
    """Show an expert's form."""
    with desk.db.read() as session:
        found = get_expert(session, visit.person.org_id, expert_id)
    typed = {name: str(getattr(found, name) or "") for name in NAMES if name not in ("fields", "active")}
    typed["active"] = "yes" if found.active else ""
    return _form(request, desk, visit, typed, list(found.fields), expert_id=expert_id)


@router.post("/{expert_id}")
def change(request: Request, desk: DeskArg, visit: VisitArg, expert_id: int, posted: ChangingArg) -> Response:
    """Change an expert."""
    with desk.db.read() as session:
        get_expert(session, visit.person.org_id, expert_id)
    return _save(request, desk, visit, posted, expert_id)


def _save(request: Request, desk: Desk, visit: Visit, posted: Posted, expert_id: int | None) -> Response:
    typed, fields = dict(posted.values()), posted.texts("fields")
    values: dict[str, Any] = {**typed, "fields": fields, "active": posted.text("active") == "yes"}
    values["company_id"] = posted.number("company_id")
    try:
        save_expert(desk.db, visit.person, values, now=visit.now, expert_id=expert_id)
    except Invalid as invalid:
        above, beside = errors_of(invalid, NAMES)
        return _form(
            request, desk, visit, typed, fields, expert_id=expert_id, status=422, failed=above, errors=beside
        )
    except Conflict as conflict:
        told = visit.words.pick(conflict.message, conflict.message_en)
        return _form(request, desk, visit, typed, fields, expert_id=expert_id, status=409, failed=told)
    return RedirectResponse("/experts?saved", 303)


def _form(
    request: Request, desk: Desk, visit: Visit, typed: dict[str, str], fields: list[str], *,
    expert_id: int | None = None, status: int = 200, failed: str = "", errors: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    with desk.db.read() as session:
        companies = list_companies(session, visit.person.org_id, limit=MOST_COMPANIES)
    options = {
        "fields": tuple(industry_names(visit)),
        "sharing": tuple((code, visit.words.pick(*pair)) for code, pair in SHARING.items()),
        "company_id": (("", "—"), *((str(one.id), one.name) for one in companies)),
    }
    faults = errors or {}
    shown = {
        name: Field(
            name=name, label=visit.words(label), widget=widget, required=required, value=typed.get(name, ""),
            values=tuple(fields) if name == "fields" else (), options=options.get(name, ()),
            error=reason(visit.words, faults[name]) if name in faults else "",
        )
        for name, label, widget, required in FIELDS
    }  # fmt: skip
    return desk.screens.page(
        request, "expert_form.html", visit.words, status=status, visit=visit, f=shown, expert_id=expert_id,
        failed=visit.words(failed) if failed else "",
    )  # fmt: skip
