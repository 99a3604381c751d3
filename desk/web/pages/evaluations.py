"""Work with enterprises: what was pushed, what they said of it, what they want answered, and where both sides agree."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cases.access_log import list_access
from cases.companies import EDITORS
from cases.enterprise_codes import ACTS, EVALUATORS, MESSAGES, PURPOSES, REASONS, RESOURCES
from cases.enterprise_messages import (
    PAGE_SIZE,
    answer_message,
    develop,
    hand_message,
    list_messages,
    message_counts,
    message_row,
)
from cases.errors import Conflict, Invalid
from cases.evaluation_views import evaluation_counts, list_evaluations
from cases.evaluations import review_evaluation
from cases.key_projects import candidates, choose_project, lines_of, list_projects, note_resources
from cases.people import people_of
from cases.pushing import list_pushes, push_counts
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg
from desk.web.paging import Pages, page_number
from desk.web.security import ChangingArg
from rules.evaluations import FLAGS

router = APIRouter(prefix="/evaluations")
PUSH_STANDINGS = {"waiting": "未打开", "opened": "已打开未评价", "evaluated": "已评价"}


@router.get("")
def received(
    request: Request, desk: DeskArg, visit: VisitArg, page: str = "1", only: str = "", evaluator: str = ""
) -> Response:
    """List the evaluations, or those whose care is in doubt."""
    number, doubtful = page_number(page), only == "doubtful"
    evaluator = evaluator if evaluator in EVALUATORS else ""
    with desk.db.read() as session:
        rows, total = list_evaluations(
            session, visit.person.org_id, evaluator=evaluator, doubtful_only=doubtful, page=number
        )
    filters = {"only": "doubtful" if doubtful else "", "evaluator": evaluator}
    return _page(
        request, desk, visit, "evaluations.html", rows=rows, doubtful=doubtful, evaluator=evaluator,
        pages=Pages(number, PAGE_SIZE, total, "/evaluations", filters), flags=_named(visit, FLAGS),
        evaluators=_named(visit, EVALUATORS),
    )  # fmt: skip


@router.get("/pushes")
def pushes(request: Request, desk: DeskArg, visit: VisitArg, page: str = "1", standing: str = "") -> Response:
    """List the pushes with their times."""
    number, standing = page_number(page), standing if standing in PUSH_STANDINGS else ""
    with desk.db.read() as session:
        rows, total = list_pushes(session, visit.person.org_id, standing=standing, page=number)
    return _page(
        request, desk, visit, "evaluations_pushes.html", rows=rows, standing=standing,
        pages=Pages(number, PAGE_SIZE, total, "/evaluations/pushes", {"standing": standing}),
        standings=[(key, visit.words(zh)) for key, zh in PUSH_STANDINGS.items()],
        reasons=_named(visit, REASONS), purposes=_named(visit, PURPOSES),
    )  # fmt: skip


@router.get("/messages")
def messages(
    request: Request, desk: DeskArg, visit: VisitArg, page: str = "1", only: str = "open", kind: str = ""
) -> Response:
    """List what enterprises want answered."""
    number, kind = page_number(page), kind if kind in MESSAGES else ""
    only = only if only in ("open", "overdue", "mine", "answered", "all") else "open"
    return _messages(request, desk, visit, number, only, kind)


def _messages(
    request: Request, desk: Desk, visit: Visit, number: int, only: str, kind: str, *, status: int = 200,
    failed: str = "", typed: dict[int, str] | None = None,
) -> Response:  # fmt: skip
    org = visit.person.org_id
    with desk.db.read() as session:
        rows, total = list_messages(
            session, org, visit.today, kind=kind, page=number, overdue=only == "overdue",
            status={"open": "open", "mine": "open", "answered": "answered"}.get(only, ""),
            owner_id=visit.person.id if only == "mine" else None,
        )  # fmt: skip
        officers = [(one.id, one.name) for one in people_of(session, org) if one.role in EDITORS]
    return _page(
        request, desk, visit, "evaluations_messages.html", status=status, rows=rows, only=only, kind=kind, failed=failed,
        pages=Pages(number, PAGE_SIZE, total, "/evaluations/messages", {"only": only, "kind": kind}),
        kinds=_named(visit, MESSAGES), officers=officers, typed=typed or {},
    )  # fmt: skip


@router.post("/messages/{message_id}/answer")
def answer(
    request: Request, desk: DeskArg, visit: VisitArg, message_id: int, posted: ChangingArg
) -> Response:
    """Answer an enterprise."""
    text, mail = posted.text("answer"), bool(desk.settings.smtp_host)
    try:
        answer_message(desk.db, visit.person, message_id, text, now=visit.now, mail=mail)
    except Invalid as invalid:
        told = visit.words.pick(invalid.message, invalid.message_en)
        return _messages(
            request, desk, visit, 1, "open", "", status=422, failed=told, typed={message_id: text}
        )
    return RedirectResponse("/evaluations/messages?answered", 303)


@router.post("/messages/{message_id}/hand")
def hand(desk: DeskArg, visit: VisitArg, message_id: int, posted: ChangingArg) -> Response:
    """Give a message to another officer."""
    hand_message(desk.db, visit.person, message_id, posted.number("owner") or 0, now=visit.now)
    return RedirectResponse("/evaluations/messages?handed", 303)


@router.post("/messages/{message_id}/develop")
def to_case(desk: DeskArg, visit: VisitArg, message_id: int, posted: ChangingArg) -> Response:
    """Open a development case from a message, or go to the one that was opened."""
    try:
        case_id = develop(desk.db, visit.person, message_id, now=visit.now)
    except Conflict:
        with desk.db.read() as session:
            case_id = message_row(session, visit.person.org_id, message_id).case_id or 0
    return RedirectResponse(f"/cases/{case_id}", 303)


@router.get("/both")
def both(request: Request, desk: DeskArg, visit: VisitArg, page: str = "1") -> Response:
    """List the patents on which both sides agree, and the key projects."""
    return _both(request, desk, visit, page_number(page))


def _both(
    request: Request, desk: Desk, visit: Visit, number: int, *, status: int = 200, failed: str = "",
    typed: dict[int, str] | None = None,
) -> Response:  # fmt: skip
    org = visit.person.org_id
    with desk.db.read() as session:
        lines = lines_of(desk.db, session, org, visit.today)
        rows, total = candidates(session, org, lines, number)
        projects, chosen = list_projects(session, org)
    return _page(
        request, desk, visit, "evaluations_both.html", status=status, rows=rows, lines=lines, failed=failed,
        pages=Pages(number, PAGE_SIZE, total, "/evaluations/both", {}), projects=projects, chosen=chosen,
        resources=_named(visit, RESOURCES), typed=typed or {},
    )  # fmt: skip


@router.post("/projects")
def choose(request: Request, desk: DeskArg, visit: VisitArg, posted: ChangingArg) -> Response:
    """Make a patent a key project."""
    patent_id, why = posted.number("patent") or 0, posted.text("reason")
    try:
        choose_project(desk.db, visit.person, patent_id, why, now=visit.now)
    except Invalid as invalid:
        told = visit.words.pick(invalid.message, invalid.message_en)
        return _both(request, desk, visit, 1, status=422, failed=told, typed={patent_id: why})
    return RedirectResponse("/evaluations/both?chosen#projects", 303)


@router.post("/projects/{project_id}")
def resources(
    request: Request, desk: DeskArg, visit: VisitArg, project_id: int, posted: ChangingArg
) -> Response:
    """Write which resources have been matched."""
    done = posted.texts("done")
    values = {code: (code in done, posted.text(f"note_{code}")) for code in RESOURCES}
    try:
        note_resources(desk.db, visit.person, project_id, values, now=visit.now)
    except Invalid as invalid:
        told = "；".join(invalid.fields.values())
        return _both(request, desk, visit, 1, status=422, failed=visit.words(told))
    return RedirectResponse(f"/evaluations/both?saved#project-{project_id}", 303)


@router.get("/access")
def access(request: Request, desk: DeskArg, visit: VisitArg, page: str = "1") -> Response:
    """Show who was given or looked at which patent, and for what."""
    number = page_number(page)
    with desk.db.read() as session:
        rows, total = list_access(session, visit.person.org_id, page=number)
    return _page(
        request, desk, visit, "evaluations_access.html", rows=rows, acts=_named(visit, ACTS),
        pages=Pages(number, PAGE_SIZE, total, "/evaluations/access", {}), purposes=_named(visit, PURPOSES),
    )  # fmt: skip


@router.post("/{evaluation_id}/review")
def review(
    request: Request, desk: DeskArg, visit: VisitArg, evaluation_id: int, posted: ChangingArg
) -> Response:
    """Decide whether an evaluation counts."""
    review_evaluation(
        desk.db, visit.person, evaluation_id, posted.text("verdict"), posted.text("note"), now=visit.now
    )
    return RedirectResponse("/evaluations?only=doubtful&reviewed", 303)


def _named(visit: Visit, labels: Any) -> dict[str, str]:
    return {code: visit.words.pick(*names) for code, names in labels.items()}


def _page(
    request: Request, desk: Desk, visit: Visit, template: str, *, status: int = 200, **values: Any
) -> Response:
    """Return a page of this section, with the counts on its tabs."""
    org = visit.person.org_id
    with desk.db.read() as session:
        counts = {
            "pushes": push_counts(session, org), "evaluations": evaluation_counts(session, org),
            "messages": message_counts(session, org, visit.today),
        }  # fmt: skip
    said = {
        name
        for name in ("answered", "handed", "chosen", "saved", "reviewed", "kept", "pushed")
        if name in request.query_params
    }
    return desk.screens.page(
        request, template, visit.words, status=status, visit=visit, counts=counts, said=said, **values
    )
