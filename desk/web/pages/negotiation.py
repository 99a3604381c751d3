"""The negotiation of a contract's words 合同磋商: versions sent and received, their comparison, and decisions on it."""

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cases import messages, negotiation
from cases.case_files import check_case
from cases.errors import Conflict, Invalid
from cases.file_kinds import KINDS
from contracts.word.compare import ClauseChange
from contracts.word.figures import KINDS_ZH
from contracts.word.package import MEDIA_TYPE
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg
from desk.web.pages.case_page import frame, load_case
from desk.web.security import ChangingArg
from states.negotiating import undecided

router = APIRouter(prefix="/cases/{case_id}/negotiation")
LIMIT = KINDS["counter_draft"].limit


@router.get("")
def show(request: Request, desk: DeskArg, visit: VisitArg, case_id: int) -> Response:
    """Show the versions sent and received."""
    return _page(request, desk, visit, case_id)


@router.post("")
def receive(request: Request, desk: DeskArg, visit: VisitArg, case_id: int, posted: ChangingArg) -> Response:
    """Take in a version that came back; one that is not read is told with its reason, and nothing of it is kept."""
    with desk.db.read() as session:
        check_case(session, visit.person.org_id, case_id)
    file = posted.file("file")
    if file is None or not file.filename:
        return _page(request, desk, visit, case_id, failed=visit.words("请选择一个文件。"))
    try:
        version = negotiation.receive_draft(
            desk.db, desk.settings, visit.person, case_id, filename=file.filename, data=file.file.read(LIMIT + 1),
            note=posted.text("note"), now=visit.now,
        )  # fmt: skip
    except (Invalid, Conflict) as refused:
        failed = visit.words.pick(refused.message, refused.message_en)
        return _page(request, desk, visit, case_id, failed=failed)
    return RedirectResponse(f"/cases/{case_id}/negotiation/{version.no}", 303)


@router.post("/send")
def send(request: Request, desk: DeskArg, visit: VisitArg, case_id: int, posted: ChangingArg) -> Response:
    """Return the Word file of the present text; words that were not sent yet become a new version."""
    try:
        file, data = negotiation.send_draft(
            desk.db, desk.settings, visit.person, case_id, note=posted.text("note"), now=visit.now
        )
    except (Invalid, Conflict) as refused:
        failed = visit.words.pick(refused.message, refused.message_en)
        return _page(request, desk, visit, case_id, failed=failed)
    return _file(data, file.filename)


@router.get("/{version_id}")
def compared(request: Request, desk: DeskArg, visit: VisitArg, case_id: int, version_id: int) -> Response:
    """Show a version that came back beside the one it answers."""
    return _comparison(request, desk, visit, case_id, version_id)


@router.post("/{version_id}/decide")
def decide(
    request: Request, desk: DeskArg, visit: VisitArg, case_id: int, version_id: int, posted: ChangingArg
) -> Response:
    """Decide on the change of one clause."""
    clause = posted.text("clause")
    try:
        negotiation.decide_difference(
            desk.db, desk.settings, visit.person, case_id, no=version_id, clause_id=clause,
            decision=posted.text("decision"), note=posted.text("note"), now=visit.now,
        )  # fmt: skip
    except (Invalid, Conflict) as refused:
        failed = visit.words.pick(refused.message, refused.message_en)
        return _comparison(request, desk, visit, case_id, version_id, failed=failed, status=422)
    return RedirectResponse(f"/cases/{case_id}/negotiation/{version_id}#c-{clause}", 303)


@router.post("/{version_id}/terms")
def terms(
    request: Request, desk: DeskArg, visit: VisitArg, case_id: int, version_id: int, posted: ChangingArg
) -> Response:
    """Fill the form of the terms with the values that the other side put in; saving it is a step of its own."""
    try:
        form = negotiation.proposed_terms(desk.db, desk.settings, visit.person, case_id, version_id)
    except Invalid as refused:
        failed = visit.words.pick(refused.message, refused.message_en)
        return _comparison(request, desk, visit, case_id, version_id, failed=failed, status=422)
    messages.keep_draft(desk.db, visit.person, f"case:{case_id}:terms", form)
    return RedirectResponse(f"/cases/{case_id}/terms", 303)


@router.get("/{version_id}/redline")
def redline(desk: DeskArg, visit: VisitArg, case_id: int, version_id: int) -> Response:
    """Return the version that came back with all its differences as tracked changes, also those that were not tracked."""
    name, data = negotiation.redline_of(desk.db, desk.settings, visit.person, case_id, version_id)
    return _file(data, name)


def _file(data: bytes, filename: str) -> Response:
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(filename)}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(data, media_type=MEDIA_TYPE, headers=headers)


def _page(request: Request, desk: Desk, visit: Visit, case_id: int, *, failed: str = "") -> Response:
    case = load_case(desk, visit, case_id)
    return desk.screens.page(
        request, "case_negotiation.html", visit.words, status=422 if failed else 200, visit=visit, tab="negotiation",
        versions=negotiation.versions_of(case.loaded), open_ones=undecided(case.loaded.facts.data), failed=failed,
        may=visit.person.role in negotiation.WRITERS and case.stage != "end", limit=LIMIT,
        signed=case.loaded.facts.data.day("contract", "signed_on") is not None, **frame(case, visit),
    )  # fmt: skip


def _comparison(
    request: Request, desk: Desk, visit: Visit, case_id: int, no: int, *, failed: str = "", status: int = 200
) -> Response:
    case = load_case(desk, visit, case_id)
    found = negotiation.compared(desk.db, desk.settings, visit.person, case_id, no)
    return desk.screens.page(
        request, "case_comparison.html", visit.words, status=status, visit=visit, tab="negotiation", failed=failed,
        found=found, rows=[_row(found, clause) for clause in found.comparison.changed], kinds=KINDS_ZH,
        terms=[figure for figure in found.comparison.figures if figure.term],
        others=[figure for figure in found.comparison.figures if not figure.term],
        decided=negotiation.DECISIONS, may=visit.person.role in negotiation.WRITERS and case.stage != "end",
        **frame(case, visit),
    )  # fmt: skip


def _row(found: negotiation.Compared, clause: ClauseChange) -> dict[str, Any]:
    return {
        "clause": clause,
        "decision": found.decisions.get(found.digest(clause)),
        "is_open": negotiation.is_open(found, clause),
        "obstacles": found.obstacles[clause.id],
    }
