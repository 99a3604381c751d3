"""Pages of registers: one list and one form for every list that is kept by hand."""

from collections.abc import Callable, Mapping

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session, col, select

from cases.errors import Conflict, Invalid, NotFound
from cases.event_tables import PromotionEvent, ServiceProvider
from cases.people import people_of
from cases.registers import Column, Register, counts, get_row, list_rows, save_row
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg
from desk.web.forms import Field, errors_of
from desk.web.paging import Pages, page_number
from desk.web.reasons import reason
from desk.web.security import ChangingArg, safe_path
from states.catalog import MODES

WIDGETS = {
    "long": "textarea",
    "day": "date",
    "money": "money",
    "choice": "select",
    "choices": "multi",
    "count": "number",
}
MOST_OFFERED = 200


def register_router(
    prefix: str, registers: Mapping[str, Register], guard: Callable[[Visit], None]
) -> APIRouter:
    """Return the routes of some registers under one address; `guard` refuses who has no business there."""
    router = APIRouter(prefix=prefix)

    def register_of(name: str, visit: Visit) -> Register:
        guard(visit)
        if name not in registers:
            raise NotFound("没有这个登记簿", "no such register")
        return registers[name]

    @router.get("/{register}")
    def index(request: Request, desk: DeskArg, visit: VisitArg, register: str) -> Response:
        """List the rows of a register."""
        return _index(request, desk, visit, register_of(register, visit), prefix)

    @router.get("/{register}/new")
    def new(request: Request, desk: DeskArg, visit: VisitArg, register: str) -> Response:
        """Show the empty form; what stands in the address is filled in."""
        found = register_of(register, visit)
        return form_page(request, desk, visit, found, f"{prefix}/{register}", dict(request.query_params))

    @router.post("/{register}/new")
    def add(request: Request, desk: DeskArg, visit: VisitArg, register: str, posted: ChangingArg) -> Response:
        """Add a row."""
        found = register_of(register, visit)
        return save_page(request, desk, visit, found, f"{prefix}/{register}", posted_values(found, posted))

    @router.get("/{register}/{row_id}")
    def edit(request: Request, desk: DeskArg, visit: VisitArg, register: str, row_id: int) -> Response:
        """Show the form of a row."""
        found = register_of(register, visit)
        with desk.db.read() as session:
            row = get_row(session, visit.person.org_id, found, row_id)
        typed = {**row.typed, "back": request.query_params.get("back", "")}
        return form_page(request, desk, visit, found, f"{prefix}/{register}", typed, row_id=row_id)

    @router.post("/{register}/{row_id}")
    def change(
        request: Request, desk: DeskArg, visit: VisitArg, register: str, row_id: int, posted: ChangingArg
    ) -> Response:
        """Change a row."""
        found = register_of(register, visit)
        return save_page(
            request, desk, visit, found, f"{prefix}/{register}", posted_values(found, posted), row_id=row_id
        )

    return router


def posted_values(register: Register, posted: ChangingArg) -> dict[str, str]:
    """Return what was typed, several choices joined by a comma."""
    values = {name: text for name, text in posted.values().items() if name == "back"}
    for column in register.columns:
        texts = posted.texts(column.name)
        values[column.name] = ",".join(texts) if column.kind == "choices" else "".join(texts[:1])
    return values


def _index(request: Request, desk: Desk, visit: Visit, register: Register, prefix: str) -> Response:
    asked = request.query_params
    filters = {
        c.name: asked[c.name] for c in register.columns if c.is_filter and asked.get(c.name) in c.options
    }
    page = page_number(asked.get("page", "1"))
    with desk.db.read() as session:
        found = list_rows(session, visit.person.org_id, register, filters, page=page)
        sums = {
            c.name: counts(session, visit.person.org_id, register, c.name)
            for c in register.columns
            if c.is_filter
        }
    address = f"{prefix}/{register.name}"
    pages = Pages(page, found.size, found.total, address, filters)
    if pages.beyond:
        return RedirectResponse(pages.address(pages.count), 303)
    return desk.screens.page(
        request, "register.html", visit.words, visit=visit, register=register, rows=found.rows, pages=pages,
        filters=filters, sums=sums, address=address, saved="saved" in asked, today=visit.today,
        may_edit=visit.may(*register.editors),
    )  # fmt: skip


def save_page(
    request: Request, desk: Desk, visit: Visit, register: Register, address: str, typed: Mapping[str, str], *,
    row_id: int | None = None,
) -> Response:  # fmt: skip
    """Save what was posted, and lead on; or show it again with what is wrong."""
    try:
        saved = save_row(desk.db, visit.person, register, typed, row_id=row_id, now=visit.now)
    except Invalid as invalid:
        above, beside = errors_of(invalid, [column.name for column in register.columns])
        return form_page(
            request,
            desk,
            visit,
            register,
            address,
            typed,
            row_id=row_id,
            failed=above,
            errors=beside,
            status=422,
        )
    except Conflict as conflict:
        return form_page(
            request, desk, visit, register, address, typed, row_id=row_id, failed=conflict.message, status=409
        )
    back = safe_path(typed.get("back", ""), "")
    return RedirectResponse(
        back or (f"/events/{saved}" if register.name == "events" else f"{address}?saved"), 303
    )


def form_page(
    request: Request, desk: Desk, visit: Visit, register: Register, address: str, typed: Mapping[str, str], *,
    row_id: int | None = None, failed: str = "", errors: Mapping[str, str] | None = None, status: int = 200,
) -> Response:  # fmt: skip
    """Show the form of a row with what was typed."""
    with desk.db.read() as session:
        fields = [
            _field(session, visit, column, typed.get(column.name, ""), (errors or {}).get(column.name, ""))
            for column in register.columns
        ]
        row = get_row(session, visit.person.org_id, register, row_id) if row_id is not None else None
    modes = [(slug, visit.words.pick(mode.zh, mode.en)) for slug, mode in MODES.items()]
    return desk.screens.page(
        request, "register_form.html", visit.words, status=status, visit=visit, register=register, fields=fields,
        row_id=row_id, row=row, address=address, modes=modes, back=safe_path(typed.get("back", ""), ""),
        failed=reason(visit.words, failed) if failed else "", may_edit=visit.may(*register.editors),
    )  # fmt: skip


def _field(session: Session, visit: Visit, column: Column, value: str, error: str) -> Field:
    words = visit.words
    offered = OFFERED.get(column.kind)
    options = (
        offered(session, visit)
        if offered
        else [(key, words.pick(*names)) for key, names in column.options.items()]
    )
    if column.kind in ("choice", *OFFERED) and not column.required:
        options = [("", words.pick("（无）", "(none)")), *options]
    return Field(
        name=column.name, label=words.pick(column.zh, column.en), required=column.required, value=value,
        widget="select" if offered else WIDGETS.get(column.kind, "text"), options=tuple(options),
        values=tuple(value.split(",")) if column.kind == "choices" else (),
        help=words.pick(column.help_zh, column.help_en), error=reason(words, error) if error else "",
    )  # fmt: skip


def _events(session: Session, visit: Visit) -> list[tuple[str, str]]:
    query = select(PromotionEvent).where(PromotionEvent.org_id == visit.person.org_id)
    rows = session.exec(query.order_by(col(PromotionEvent.held_on).desc()).limit(MOST_OFFERED))
    return [(str(row.id), f"{row.held_on.isoformat()} {row.name}") for row in rows]


def _providers(session: Session, visit: Visit) -> list[tuple[str, str]]:
    query = select(ServiceProvider).where(ServiceProvider.org_id == visit.person.org_id)
    return [
        (row.name, row.name) for row in session.exec(query.order_by(ServiceProvider.name).limit(MOST_OFFERED))
    ]


def _people(session: Session, visit: Visit) -> list[tuple[str, str]]:
    return [(person.login, person.name) for person in people_of(session, visit.person.org_id)]


OFFERED: Mapping[str, Callable[[Session, Visit], list[tuple[str, str]]]] = {
    "event": _events, "provider": _providers, "user": _people,
}  # fmt: skip
