"""Companies: the register of counterparties."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response

from cases import desk_queries
from cases.companies import TEXTS, get_company, save_company
from cases.enterprise_codes import CLASSES, CULTIVATION
from cases.enterprises import PAGE_SIZE, Wanted, list_enterprises, regions
from cases.errors import Conflict, Invalid
from cases.industries import NAMES as INDUSTRIES
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg
from desk.web.forms import errors_of, plain_fields
from desk.web.paging import Pages, page_number
from desk.web.security import ChangingArg, Posted, safe_path

router = APIRouter(prefix="/companies")
FIELDS = (
    ("name", "企业名称", "text", True),
    ("uscc", "统一社会信用代码", "text", True),
    ("is_foreign", "境外企业（无统一社会信用代码）", "checkbox", False),
    ("address", "住所", "text", False),
    ("legal_representative", "法定代表人", "text", False),
    ("contact", "联系人", "text", False),
    ("phone", "联系电话", "text", False),
    ("email", "电子邮箱", "text", False),
    ("bank", "开户银行", "text", False),
    ("account", "银行账号", "text", False),
    ("name_en", "英文名称", "text", False),
    ("address_en", "英文地址", "text", False),
)


@dataclass(frozen=True, slots=True)
class Listed:
    """The filters of the list, as they stand in the address."""

    q: str = ""
    class_: Annotated[str, Query(alias="class")] = ""
    region: str = ""
    industry: str = ""
    cultivation: str = ""
    page: str = "1"

    def known(self) -> dict[str, str]:
        """Return the filters; a code that no list knows is none."""
        lists = {"class": (self.class_, CLASSES), "industry": (self.industry, INDUSTRIES),
                 "cultivation": (self.cultivation, CULTIVATION)}  # fmt: skip
        codes = {name: code if code in labels else "" for name, (code, labels) in lists.items()}
        return {"q": self.q[:100], "region": self.region[:60], **codes}


@router.get("")
def index(request: Request, desk: DeskArg, visit: VisitArg, wanted: Annotated[Listed, Depends()]) -> Response:
    """List the companies that pass the filters."""
    number, filters = page_number(wanted.page), wanted.known()
    asked = Wanted(
        filters["q"],
        filters["class"],
        filters["region"],
        filters["industry"],
        cultivation=filters["cultivation"],
    )
    with desk.db.read() as session:
        found = list_enterprises(session, visit.person.org_id, asked, number)
        places = regions(session, visit.person.org_id)
    pick = visit.words.pick
    return desk.screens.page(
        request, "companies.html", visit.words, visit=visit, rows=found.rows, filters=filters, regions=places,
        pages=Pages(number, PAGE_SIZE, found.total, "/companies", filters), q=filters["q"],
        classes={code: pick(*names) for code, names in CLASSES.items()},
        industries=[(code, pick(*names)) for code, names in INDUSTRIES.items()],
        cultivation=[(code, pick(*names)) for code, names in CULTIVATION.items()],
    )  # fmt: skip


@router.get("/new")
def new(request: Request, desk: DeskArg, visit: VisitArg, back: str = "") -> Response:
    """Show the empty form."""
    return _form(request, desk, visit, {}, back=back)


@router.post("/new")
def add(request: Request, desk: DeskArg, visit: VisitArg, posted: ChangingArg) -> Response:
    """Register a company."""
    return _save(request, desk, visit, posted, None)


@router.get("/{company_id}")
def show(request: Request, desk: DeskArg, visit: VisitArg, company_id: int) -> Response:
    """Show a company and its cases."""
    with desk.db.read() as session:
        company = get_company(session, visit.person.org_id, company_id)
        cases = desk_queries.cases_of_company(session, visit.person.org_id, company_id)
    return desk.screens.page(
        request, "company.html", visit.words, visit=visit, company=company, cases=cases,
        saved="saved" in request.query_params,
    )  # fmt: skip


@router.get("/{company_id}/edit")
def edit(request: Request, desk: DeskArg, visit: VisitArg, company_id: int) -> Response:
    """Show the form of a company."""
    with desk.db.read() as session:
        company = get_company(session, visit.person.org_id, company_id)
    typed = {name: getattr(company, name) for name in (*TEXTS, "uscc")}
    typed["is_foreign"] = "yes" if company.is_foreign else ""
    return _form(request, desk, visit, typed, company_id=company_id)


@router.post("/{company_id}/edit")
def change(
    request: Request, desk: DeskArg, visit: VisitArg, company_id: int, posted: ChangingArg
) -> Response:
    """Change a company."""
    with desk.db.read() as session:
        get_company(session, visit.person.org_id, company_id)
    return _save(request, desk, visit, posted, company_id)


def _save(request: Request, desk: Desk, visit: Visit, posted: Posted, company_id: int | None) -> Response:
    typed, back = dict(posted.values()), posted.text("back")
    try:
        saved = save_company(desk.db, visit.person, typed, company_id=company_id)
    except Invalid as invalid:
        above, beside = errors_of(invalid, [name for name, *_ in FIELDS])
        return _form(
            request,
            desk,
            visit,
            typed,
            company_id=company_id,
            back=back,
            status=422,
            failed=above,
            errors=beside,
        )
    except Conflict as conflict:
        return _form(
            request, desk, visit, typed, company_id=company_id, back=back, status=409, failed=conflict.message,
            errors={"uscc": conflict.message},
        )  # fmt: skip
    if back:
        target = safe_path(back)
        return RedirectResponse(f"{target}{'&' if '?' in target else '?'}company={saved}", 303)
    return RedirectResponse(f"/companies/{saved}?saved", 303)


def _form(
    request: Request,
    desk: Desk,
    visit: Visit,
    typed: dict[str, Any],
    *,
    company_id: int | None = None,
    back: str = "",
    status: int = 200,
    failed: str = "",
    errors: dict[str, str] | None = None,
) -> Response:
    fields = {f.name: f for f in plain_fields(FIELDS, visit.words, typed, errors or {})}
    return desk.screens.page(
        request, "company_form.html", visit.words, status=status, visit=visit, f=fields, company_id=company_id,
        back=safe_path(back, ""), failed=visit.words(failed) if failed else "",
    )  # fmt: skip
