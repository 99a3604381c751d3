"""The page of one case: where it stands, what comes next, dates, documents and who did what."""

from collections.abc import Callable
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cases import views
from cases.db import cursor_of
from cases.match_decisions import demand_of_case
from cases.official import gaps_of
from cases.papers import kinds_for, title_of
from cases.reminder_proof import proofs
from cases.reviving import revive_job
from cases.runs import RunLine, runs_of_case
from cases.trail import passed
from cases.views import CasePage
from contracts.modes import MODES as CONTRACTS
from contracts.terms import payment_schedule
from desk.web import labels
from desk.web.chart_svg import draw
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg
from desk.web.paging import Pages, page_number
from desk.web.security import ChangingArg
from desk.web.terms_form import field_labels, shown_terms
from desk.web.timeline import Told, told_case
from rules.deadline_rule import DeadlineRule
from rules.packs import RuleBook
from rules.subjects import rules_for
from states.decide import Option

router = APIRouter(prefix="/cases/{case_id}")
TABS = ("overview", "terms", "deadlines", "documents", "timeline", "patents", "rules", "work")
EDIT_TERMS = "edit_terms"
NEAREST = 5
LATEST = 4
FAR_DAYS = 366


@router.get("")
def show(
    request: Request, desk: DeskArg, visit: VisitArg, case_id: int, tab: str = "overview", page: str = "1"
) -> Response:
    """Show a case."""
    tab = tab if tab in TABS else "overview"
    number = page_number(page)
    with desk.db.read() as session:
        case = views.case_page(desk.db, session, visit.person, case_id, visit.today, timeline_page=number)
        gaps = gaps_of(desk.db, session, visit.person.org_id, case_id) if tab == "documents" else {}
        found = runs_of_case(session, visit.person.org_id, case_id, visit.now) if tab == "work" else ()
        been = passed(session, visit.person.org_id, f"case:{case_id}") if tab == "overview" else frozenset()
        ids = [d.id for d in case.deadlines] if tab == "deadlines" else []
        told = proofs(cursor_of(session, desk.db.postgres), visit.person.org_id, ids)
        demand = demand_of_case(session, visit.person.org_id, case_id) if tab == "overview" else None
    pages = Pages(number, views.TIMELINE_SIZE, case.entries, f"/cases/{case_id}", {"tab": tab})
    if pages.beyond:
        return RedirectResponse(pages.address(pages.count), 303)
    return desk.screens.page(
        request, f"case_{tab}.html", visit.words, visit=visit, tab=tab, done=request.query_params.get("done", ""),
        opened="opened" in request.query_params, pages=pages, **frame(case, visit), **_tab(case, visit, tab, been),
        **work_rows(case, found), gaps=gaps, proofs=told, demand=demand,
    )  # fmt: skip


@router.get("/work")
def work(request: Request, desk: DeskArg, visit: VisitArg, case_id: int) -> Response:
    """Return the list of jobs alone, for polling while some are not finished."""
    case = load_case(desk, visit, case_id)
    with desk.db.read() as session:
        found = runs_of_case(session, visit.person.org_id, case_id, visit.now)
    return desk.screens.page(
        request, "parts/work.html", visit.words, visit=visit, **frame(case, visit), **work_rows(case, found)
    )


@router.post("/work/{outbox_id}/revive")
def revive(desk: DeskArg, visit: VisitArg, case_id: int, outbox_id: int, posted: ChangingArg) -> Response:
    """Start a stopped job of the case again."""
    load_case(desk, visit, case_id)
    revive_job(desk.db, visit.person, outbox_id, visit.now)
    return RedirectResponse(f"/cases/{case_id}?tab=work", 303)


def load_case(desk: Desk, visit: Visit, case_id: int) -> CasePage:
    """Return a case of the visitor's organization.

    Raises: NotFound.
    """
    with desk.db.read() as session:
        return views.case_page(desk.db, session, visit.person, case_id, visit.today)


def frame(case: CasePage, visit: Visit) -> dict[str, Any]:
    """Return what every page of a case shows around its own content."""
    open_deadlines = [d for d in case.deadlines if d.status == "open"]
    return {
        "case": case,
        "open_deadlines": open_deadlines,
        "next_deadline": open_deadlines[0] if open_deadlines else None,
        "making": sum(d.status == "queued" for d in case.documents),
        "dead": sum(row.status == "dead" for row in case.outbox),
    }


def _tab(case: CasePage, visit: Visit, tab: str, been: frozenset[str]) -> dict[str, Any]:
    makers: dict[str, Callable[[CasePage, Visit], dict[str, Any]]] = {
        "overview": partial(_overview, been),
        "terms": _terms,
        "deadlines": _deadlines,
        "documents": document_rows,
        "timeline": _timeline,
        "patents": _nothing,
        "rules": _rules,
        "work": _nothing,
    }
    return makers[tab](case, visit)


def work_rows(case: CasePage, runs: tuple[RunLine, ...]) -> dict[str, Any]:
    """Return the jobs of a case, each with its runs, the newest first; and the runs that belong to no job."""
    by_job: dict[int | None, list[RunLine]] = {}
    known = {row.id for row in case.outbox}
    for run in runs:
        by_job.setdefault(run.outbox_id if run.outbox_id in known else None, []).append(run)
    return {
        "jobs": [(row, by_job.get(row.id, [])) for row in case.outbox],
        "other_runs": by_job.get(None, []),
        "busy": any(row.status in ("pending", "running") for row in case.outbox),
    }


def _nothing(_case: CasePage, _visit: Visit) -> dict[str, Any]:
    return {}


def _overview(been: frozenset[str], case: CasePage, visit: Visit) -> dict[str, Any]:
    own = [option for option in case.options if option.permitted]
    return {
        "drawing": draw(case.mode, case.position, been, visit.words),
        "possible": sorted((o for o in own if o.possible), key=lambda o: o.step.tone == "secondary"),
        "blocked": [option for option in own if not option.possible],
        "others": [option for option in case.options if not option.permitted],
        "nearest": [d for d in case.deadlines if d.status == "open"][:NEAREST],
        "recent": _told(case, visit)[:LATEST],
    }


def _terms(case: CasePage, visit: Visit) -> dict[str, Any]:
    stored = CONTRACTS[case.mode.slug].terms.model_validate(case.terms) if case.terms else None
    return {
        "groups": shown_terms(case.mode.slug, stored, visit.words) if stored else (),
        "payments": payment_schedule(stored) if stored else (),
        "editable": _offers(case.options, EDIT_TERMS),
    }


def _offers(options: tuple[Option, ...], event: str) -> bool:
    return any(option.step.event == event and option.possible for option in options)


def _deadlines(case: CasePage, visit: Visit) -> dict[str, Any]:
    by_id = {d.id: d for d in case.deadlines}
    replaced = {d.replaces for d in case.deadlines if d.replaces}
    return {
        "current": [d for d in case.deadlines if d.status == "open" and d.days_left <= FAR_DAYS],
        "far": [d for d in case.deadlines if d.status == "open" and d.days_left > FAR_DAYS],
        "closed": [d for d in case.deadlines if d.status != "open" and d.id not in replaced],
        "history": {d.id: _moves(d.replaces, by_id) for d in case.deadlines},
        "events": {d.id: visit.words.pick(*_event(d, case.loaded.book)) for d in case.deadlines},
    }


def _event(deadline: views.DeadlineView, book: RuleBook) -> labels.Label:
    """Return what a deadline runs from, by the name of its rule unless a step has named it otherwise."""
    event = deadline.base_event
    for rule in book.versions_of(deadline.rule_id):
        if event not in labels.BASE_EVENT and isinstance(rule, DeadlineRule) and rule.base_event == event:
            return rule.event_zh, rule.event_en
    return labels.of(labels.BASE_EVENT, event)


def _moves(id_: int | None, by_id: dict[int, views.DeadlineView]) -> list[views.DeadlineView]:
    found = []
    while id_ is not None and id_ in by_id:
        found.append(by_id[id_])
        id_ = by_id[id_].replaces
    return found


def document_rows(case: CasePage, visit: Visit) -> dict[str, Any]:
    """Return the kinds of documents a case can have, each with its versions, the newest first."""
    versions: dict[str, list[views.DocumentView]] = {}
    for document in case.documents:
        versions.setdefault(document.kind, []).append(document)
    mode = case.mode.slug
    kinds = kinds_for(mode, case.loaded.facts.data)
    return {
        "rows": [(kind, visit.words.pick(*title_of(mode, kind)), versions.get(kind, [])) for kind in kinds]
    }


def _rules(case: CasePage, visit: Visit) -> dict[str, Any]:
    return {"subjects": rules_for(case.loaded.book, case.mode.slug, visit.today)}


def _timeline(case: CasePage, visit: Visit) -> dict[str, Any]:
    return {"told": _told(case, visit)}


def _told(case: CasePage, visit: Visit) -> tuple[Told, ...]:
    fields = field_labels(case.mode.slug, visit.words)
    return told_case(case.timeline, case.mode, visit.words, fields, case.earlier_terms)
