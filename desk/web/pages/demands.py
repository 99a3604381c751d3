"""Demands: the register, one demand with the patents and teams that fit it, and what is decided on them."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from cases.companies import company_named, get_company, list_companies
from cases.demand_fields import FIELDS, LABELS
from cases.demand_tables import DECISION, STATUS
from cases.demands import (
    EDITORS,
    DemandView,
    get_demand,
    list_demands,
    move_demand,
    owners,
    save_demand,
    status_counts,
    steps_of_demand,
)
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.industries import NAMES as INDUSTRIES
from cases.match_decisions import decide, decided, open_from_demand, proposed_mode, push_matches
from cases.matching import LEVEL_NAMES, SHOWN, demands_of_patent, matches_of_demand
from cases.patents import get_patent
from cases.teams import teams_of_matches
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg
from desk.web.forms import Field, errors_of
from desk.web.paging import Pages, page_number
from desk.web.reasons import reason
from desk.web.security import ChangingArg, Posted, as_id
from rules.money import format_yuan
from states.catalog import MODES

router = APIRouter(prefix="/demands")
MORE = 100
STATUS_COLOR = {"new": "orange", "answered": "blue", "matched": "green", "closed": "secondary"}
LEVEL_COLOR = {"high": "green", "medium": "blue", "low": "secondary"}
WIDGETS = {
    "company": "text", "title": "text", "text": "textarea", "industries": "multi", "region": "text", "budget_fen": "money",
    "cooperation": "textarea", "modes": "multi", "received_on": "date", "due_on": "date", "owner_id": "select", "source": "text",
}  # fmt: skip
ENGLISH = {
    "company": "Company (name or credit code)", "title": "Demand", "text": "What is looked for", "industries": "Industries",
    "region": "Region", "budget_fen": "Budget", "cooperation": "Wish to cooperate", "modes": "Ways that would suit",
    "received_on": "Received on", "due_on": "To be answered by", "owner_id": "Owner", "source": "Source",
}  # fmt: skip
REQUIRED = frozenset({"company", "title"})


@router.get("")
def index(
    request: Request, desk: DeskArg, visit: VisitArg, q: str = "", status: str = "", industry: str = "", owner: str = "",
    overdue: str = "", page: str = "1",
) -> Response:  # fmt: skip
    """List the demands, those to be answered first."""
    q, status = q[:100], status if status in STATUS else ""
    industry, org = industry if industry in INDUSTRIES else "", visit.person.org_id
    with desk.db.read() as session:
        found = list_demands(
            session, org, q=q, status=status, industry=industry, owner_id=as_id(owner),
            overdue_on=visit.today if overdue else None, page=page_number(page),
        )  # fmt: skip
        counts, people = status_counts(session, org, visit.today), owners(session, org)
    filters = {
        "q": q, "status": status, "industry": industry, "owner": str(as_id(owner) or ""), "overdue": "yes" if overdue else "",
    }  # fmt: skip
    pages = Pages(found.page, found.size, found.total, "/demands", filters)
    if pages.beyond:
        return RedirectResponse(pages.address(pages.count), 303)
    return desk.screens.page(
        request, "demands.html", visit.words, visit=visit, rows=found.rows, pages=pages, filters=filters, counts=counts,
        owners=people, **_names(),
    )  # fmt: skip


@router.get("/new")
def new(request: Request, desk: DeskArg, visit: VisitArg) -> Response:
    """Show the empty form; a company may stand in the address."""
    _refuse_others(visit)
    typed: dict[str, Any] = {}
    if (company_id := as_id(request.query_params.get("company", ""))) is not None:
        with desk.db.read() as session:
            typed["company"] = get_company(session, visit.person.org_id, company_id).name
    return _form(request, desk, visit, typed)


@router.post("/new")
def add(request: Request, desk: DeskArg, visit: VisitArg, posted: ChangingArg) -> Response:
    """Register a demand."""
    return _save(request, desk, visit, posted, None)


@router.get("/of-patent/{patent_id}")
def of_patent(request: Request, desk: DeskArg, visit: VisitArg, patent_id: int) -> Response:
    """Show the open demands that a patent fits."""
    with desk.db.read() as session:
        patent = get_patent(session, visit.person.org_id, patent_id)
        found = demands_of_patent(desk.db, session, visit.person.org_id, patent_id, visit.today)
    return desk.screens.page(
        request, "patent_demands.html", visit.words, visit=visit, patent=patent, found=found, **_names()
    )


@router.get("/{demand_id}")
def show(request: Request, desk: DeskArg, visit: VisitArg, demand_id: int) -> Response:
    """Show a demand, what was decided, and the patents and teams that fit it."""
    return _page(request, desk, visit, demand_id)


@router.get("/{demand_id}/edit")
def edit(request: Request, desk: DeskArg, visit: VisitArg, demand_id: int) -> Response:
    """Show the form of a demand."""
    _refuse_others(visit)
    with desk.db.read() as session:
        demand = get_demand(session, visit.person.org_id, demand_id)
    return _form(request, desk, visit, _typed(demand), demand_id=demand_id)


@router.post("/{demand_id}/edit")
def change(request: Request, desk: DeskArg, visit: VisitArg, demand_id: int, posted: ChangingArg) -> Response:
    """Change a demand."""
    with desk.db.read() as session:
        get_demand(session, visit.person.org_id, demand_id)
    return _save(request, desk, visit, posted, demand_id)


@router.post("/{demand_id}/status")
def move(request: Request, desk: DeskArg, visit: VisitArg, demand_id: int, posted: ChangingArg) -> Response:
    """Answer, close or reopen a demand."""

    def act() -> str:
        move_demand(
            desk.db, visit.person, demand_id, posted.text("status"), posted.text("reason"), now=visit.now
        )
        return f"/demands/{demand_id}?moved#status"

    return _done(request, desk, visit, demand_id, act, {"moving": posted.text("reason")})


@router.post("/{demand_id}/matches/{patent_id}")
def decided_on(
    request: Request, desk: DeskArg, visit: VisitArg, demand_id: int, patent_id: int, posted: ChangingArg
) -> Response:
    """Take a patent for the demand, or not."""

    def act() -> str:
        decide(
            desk.db, visit.person, demand_id, patent_id, posted.text("decision"), posted.text("reason"),
            today=visit.today, now=visit.now,
        )  # fmt: skip
        return f"/demands/{demand_id}?decided#decided"

    return _done(
        request, desk, visit, demand_id, act, {"deciding": patent_id, "typed": posted.text("reason")}
    )


@router.post("/{demand_id}/case")
def to_case(
    request: Request, desk: DeskArg, visit: VisitArg, demand_id: int, posted: ChangingArg
) -> Response:
    """Make the chosen matches a case."""

    def act() -> str:
        case_id = open_from_demand(
            desk.db,
            visit.person,
            demand_id,
            _ids(posted),
            mode=posted.text("mode"),
            today=visit.today,
            now=visit.now,
        )
        return f"/cases/{case_id}?opened"

    return _done(request, desk, visit, demand_id, act, {})


@router.post("/{demand_id}/push")
def push(request: Request, desk: DeskArg, visit: VisitArg, demand_id: int, posted: ChangingArg) -> Response:
    """Push the chosen matches to the company."""

    def act() -> str:
        pushed = push_matches(desk.db, visit.person, demand_id, _ids(posted), now=visit.now)
        return f"/demands/{demand_id}?pushed={len(pushed.ids)}&skipped={len(pushed.skipped)}#decided"

    return _done(request, desk, visit, demand_id, act, {})


def _ids(posted: Posted) -> list[int]:
    return [found for text in posted.texts("patents") if (found := as_id(text)) is not None]


def _done(
    request: Request, desk: Desk, visit: Visit, demand_id: int, act: Any, typed: Mapping[str, Any]
) -> Response:
    """Do what was asked and lead on; or show the page again with what was typed and what is wrong."""
    try:
        return RedirectResponse(act(), 303)
    except Invalid as invalid:
        above, _ = errors_of(invalid, ())
        return _page(request, desk, visit, demand_id, status=422, failed=reason(visit.words, above), **typed)
    except Conflict as conflict:
        told = visit.words.pick(conflict.message, conflict.message_en)
        return _page(request, desk, visit, demand_id, status=409, failed=told, **typed)


def _page(
    request: Request,
    desk: Desk,
    visit: Visit,
    demand_id: int,
    *,
    status: int = 200,
    failed: str = "",
    **typed: Any,
) -> Response:
    org, asked = visit.person.org_id, request.query_params
    with desk.db.read() as session:
        demand = get_demand(session, org, demand_id)
        limit = MORE if "more" in asked else SHOWN
        found = matches_of_demand(desk.db, session, org, demand, visit.today, limit=limit)
        shown = {
            "decisions": decided(session, org, demand_id),
            "steps": steps_of_demand(session, org, demand_id),
            "proposal": proposed_mode(session, org, demand),
        }
    return desk.screens.page(
        request, "demand.html", visit.words, status=status, visit=visit, demand=demand, matches=found,
        teams=teams_of_matches(found)[:10], failed=failed, may_edit=visit.may(*EDITORS), more=limit == MORE,
        pushed=as_id(asked.get("pushed", "")), skipped=as_id(asked.get("skipped", "")),
        done=next((word for word in ("saved", "moved", "decided") if word in asked), ""),
        modes=[(slug, visit.words.pick(mode.zh, mode.en)) for slug, mode in MODES.items() if mode.has_company],
        **{"moving": "", "deciding": 0, "typed": "", **typed}, **shown, **_names(),
    )  # fmt: skip


def _names() -> dict[str, Any]:
    return {
        "statuses": STATUS, "status_color": STATUS_COLOR, "industries": INDUSTRIES, "all_modes": MODES,
        "levels": LEVEL_NAMES, "level_color": LEVEL_COLOR, "decision_names": DECISION,
    }  # fmt: skip


def _refuse_others(visit: Visit) -> None:
    if not visit.may(*EDITORS):
        raise Forbidden("需求由转化专员登记和答复", "only officers keep the register of demands")


def _typed(demand: DemandView) -> dict[str, Any]:
    return {
        "company": demand.company, "title": demand.title, "text": demand.text, "industries": demand.industries,
        "region": demand.region, "cooperation": demand.cooperation, "modes": demand.modes,
        "budget_fen": format_yuan(demand.budget_fen) if demand.budget_fen is not None else "",
        "received_on": demand.received_on.isoformat(), "due_on": demand.due_on.isoformat(),
        "owner_id": str(demand.owner_id), "source": demand.source,
    }  # fmt: skip


def _save(request: Request, desk: Desk, visit: Visit, posted: Posted, demand_id: int | None) -> Response:
    typed: dict[str, Any] = {
        name: posted.texts(name) if widget == "multi" else posted.text(name)
        for name, widget in WIDGETS.items()
    }
    values: dict[str, object] = {name: value for name, value in typed.items() if name in FIELDS}
    unknown: dict[str, str] = {}
    try:
        with desk.db.read() as session:
            values["company_id"] = company_named(session, visit.person.org_id, typed["company"])
    except (NotFound, Conflict) as missing:
        unknown["company"] = visit.words.pick(missing.message, missing.message_en)
    try:
        saved = save_demand(
            desk.db, visit.person, values, demand_id=demand_id, today=visit.today, now=visit.now
        )
    except Invalid as invalid:
        above, beside = errors_of(invalid, (*WIDGETS, "company_id"))
        beside.pop("company_id", None)
        return _form(
            request,
            desk,
            visit,
            typed,
            demand_id=demand_id,
            status=422,
            failed=above,
            errors={**beside, **unknown},
        )
    return RedirectResponse(f"/demands/{saved}?saved", 303)


def _form(
    request: Request,
    desk: Desk,
    visit: Visit,
    typed: Mapping[str, Any],
    *,
    demand_id: int | None = None,
    status: int = 200,
    failed: str = "",
    errors: Mapping[str, str] | None = None,
) -> Response:
    with desk.db.read() as session:
        fields = _fields(session, visit, typed, errors or {})
        companies = list_companies(session, visit.person.org_id, limit=MORE)
    return desk.screens.page(
        request, "demand_form.html", visit.words, status=status, visit=visit, f=fields, demand_id=demand_id,
        companies=companies, failed=reason(visit.words, failed) if failed else "",
    )  # fmt: skip


def _fields(
    session: Session, visit: Visit, typed: Mapping[str, Any], errors: Mapping[str, str]
) -> dict[str, Field]:
    words = visit.words
    options = {
        "industries": [(code, words.pick(*names)) for code, names in INDUSTRIES.items()],
        "modes": [(slug, words.pick(mode.zh, mode.en)) for slug, mode in MODES.items()],
        "owner_id": [(str(id_), name) for id_, name in owners(session, visit.person.org_id)],
    }
    labels = {**LABELS, "company": "企业名称或统一社会信用代码"}
    return {
        name: Field(
            name=name, label=words.pick(labels[name], ENGLISH[name]), widget=widget, required=name in REQUIRED,
            options=tuple(options.get(name, ())), value="" if widget == "multi" else str(typed.get(name, "")),
            values=tuple(typed.get(name, ())) if widget == "multi" else (),
            error=reason(words, errors[name]) if name in errors else "",
        )
        for name, widget in WIDGETS.items()
    }  # fmt: skip
