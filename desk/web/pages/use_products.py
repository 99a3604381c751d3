"""Patent products: the register, what its records lack, and the filing, prompting and withdrawal of each."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cases import product_queries as queries
from cases.errors import Conflict, Forbidden, Invalid, Refused
from cases.products import file_product, prompt_producer, register_product, withdraw_product
from cases.use_forms import FileProduct, PromptProducer, RegisterProduct, WithdrawProduct
from cases.use_rows import EDITORS
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg
from desk.web.paging import Pages, page_number
from desk.web.security import ChangingArg, Posted
from desk.web.use_forms import failed, form, typed_of
from states.payload_fields import Payload

router = APIRouter(prefix="/use/products")
ACTS: Mapping[str, tuple[Callable[..., object], type[Payload]]] = {
    "file": (file_product, FileProduct), "prompt": (prompt_producer, PromptProducer),
    "withdraw": (withdraw_product, WithdrawProduct),
}  # fmt: skip
DAYS = ("filed_on", "prompted_on", "withdrawn_on")
REGISTER = ("/use/products", "专利产品", "Patent products")


class Tried(NamedTuple):
    """A form that was refused: which, what was typed, why, and the answer's status."""

    which: str
    typed: dict[str, str]
    refused: Invalid
    status: int = 422


@router.get("")
def index(
    request: Request, desk: DeskArg, visit: VisitArg, view: str = "all", q: str = "", page: str = "1"
) -> Response:
    """List the products with what their records lack."""
    view = view if view in queries.VIEWS else "all"
    org, today = visit.person.org_id, visit.today
    filters = {"view": view, "q": q[:100]}
    with desk.db.read() as session:
        found = queries.products(session, org, today, view=view, q=filters["q"], page=page_number(page))
        counts = queries.product_counts(session, org, today)
        covered, new_filed = (
            queries.covered_patents(session, org),
            queries.newly_filed(session, org, today.year),
        )
    pages = Pages(found.page, found.size, found.total, "/use/products", filters)
    if pages.beyond:
        return RedirectResponse(pages.address(pages.count), 303)
    return desk.screens.page(
        request, "use_products.html", visit.words, visit=visit, rows=found.rows, pages=pages, filters=filters, view=view,
        every=queries.VIEWS, counts=counts, covered=covered, new_filed=new_filed, may_edit=visit.may(*EDITORS),
    )  # fmt: skip


@router.get("/new")
def new(request: Request, desk: DeskArg, visit: VisitArg) -> Response:
    """Show the empty form."""
    return _form(request, desk, visit, {"basis": "license"})


@router.post("/new")
def add(request: Request, desk: DeskArg, visit: VisitArg, posted: ChangingArg) -> Response:
    """Register a product."""
    return _save(request, desk, visit, posted, None)


@router.get("/{product_id}")
def show(request: Request, desk: DeskArg, visit: VisitArg, product_id: int) -> Response:
    """Show a product."""
    return _page(request, desk, visit, product_id)


@router.get("/{product_id}/edit")
def edit(request: Request, desk: DeskArg, visit: VisitArg, product_id: int) -> Response:
    """Show the form of a product."""
    with desk.db.read() as session:
        found = queries.product_of(session, visit.person.org_id, product_id)
    own = {name: getattr(found, name) for name in RegisterProduct.model_fields if name != "patents"}
    typed = typed_of({**own, "patents": tuple(one.number for one in found.patents)})
    return _form(request, desk, visit, typed, product_id=product_id)


@router.post("/{product_id}/edit")
def change(
    request: Request, desk: DeskArg, visit: VisitArg, product_id: int, posted: ChangingArg
) -> Response:
    """Change a product."""
    with desk.db.read() as session:
        queries.product_of(session, visit.person.org_id, product_id)
    return _save(request, desk, visit, posted, product_id)


@router.post("/{product_id}/file")
def file(request: Request, desk: DeskArg, visit: VisitArg, product_id: int, posted: ChangingArg) -> Response:
    """Record the filing or the yearly update."""
    return _act(request, desk, visit, posted, product_id, "file")


@router.post("/{product_id}/prompt")
def prompt(
    request: Request, desk: DeskArg, visit: VisitArg, product_id: int, posted: ChangingArg
) -> Response:
    """Record that the company was asked to file."""
    return _act(request, desk, visit, posted, product_id, "prompt")


@router.post("/{product_id}/withdraw")
def withdraw(
    request: Request, desk: DeskArg, visit: VisitArg, product_id: int, posted: ChangingArg
) -> Response:
    """Record that the filing was withdrawn."""
    return _act(request, desk, visit, posted, product_id, "withdraw")


def _act(request: Request, desk: Desk, visit: Visit, posted: Posted, product_id: int, which: str) -> Response:
    act, model = ACTS[which]
    typed = {name: posted.text(name) for name in model.model_fields}
    try:
        act(desk.db, visit.person, product_id, typed, now=visit.now)
    except Invalid as refused:
        return _page(request, desk, visit, product_id, Tried(which, typed, refused))
    except (Refused, Conflict) as refused:
        told = Invalid(refused.message, {}, refused.message_en)
        return _page(request, desk, visit, product_id, Tried(which, typed, told, 409))
    return RedirectResponse(f"/use/products/{product_id}?saved", 303)


def _save(request: Request, desk: Desk, visit: Visit, posted: Posted, product_id: int | None) -> Response:
    typed = {name: posted.text(name) for name in RegisterProduct.model_fields}
    try:
        made = register_product(desk.db, visit.person, typed, now=visit.now, product_id=product_id)
    except Invalid as refused:
        return _form(request, desk, visit, typed, product_id=product_id, refused=refused, status=422)
    return RedirectResponse(f"/use/products/{made}?saved", 303)


def _form(
    request: Request, desk: Desk, visit: Visit, typed: Mapping[str, str], *, product_id: int | None = None,
    refused: Invalid | None = None, status: int = 200,
) -> Response:  # fmt: skip
    if not visit.may(*EDITORS):
        raise Forbidden("专利产品须由转化专员或管理员登记", "officers and administrators register products")
    back = f"{REGISTER[0]}/{product_id}" if product_id else REGISTER[0]
    return desk.screens.page(
        request, "use_form.html", visit.words, status=status, visit=visit, back=back,
        back_label=visit.words.pick(*REGISTER[1:]), title=visit.words.pick("登记专利产品", "Patent product"),
        action=f"{back}/{'edit' if product_id else 'new'}", fields=form(RegisterProduct, visit, typed, refused),
        failed=failed(RegisterProduct, visit, refused),
    )  # fmt: skip


def _page(
    request: Request, desk: Desk, visit: Visit, product_id: int, tried: Tried | None = None
) -> Response:
    with desk.db.read() as session:
        found = queries.product_of(session, visit.person.org_id, product_id)
    own = {**dict.fromkeys(DAYS, visit.today), "filing_no": found.filing_no, "filed_by": found.producer}
    told: dict[str, object] = {}
    for which, (_, model) in ACTS.items():
        mine = tried if tried and tried.which == which else None
        told[f"{which}_fields"] = form(
            model, visit, mine.typed if mine else typed_of(own), mine.refused if mine else None
        )
        told[f"{which}_failed"] = failed(model, visit, mine.refused if mine else None)
        told[f"{which}_open"] = mine is not None
    return desk.screens.page(
        request, "use_product.html", visit.words, status=tried.status if tried else 200, visit=visit, p=found,
        gaps=queries.GAPS, failed="", may_edit=visit.may(*EDITORS), saved="saved" in request.query_params, **told,
    )  # fmt: skip
