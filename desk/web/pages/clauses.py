"""合同条款: every clause of a contract with its source, what else there is to choose, and a place to write another text."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cases.advance import Refused, advance
from cases.clause_page import clause_page
from cases.errors import Conflict, Invalid, Stale
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg
from desk.web.pages.case_page import frame, load_case
from desk.web.security import ChangingArg

router = APIRouter(prefix="/cases/{case_id}/clauses")
FIELDS = {
    "choose_clauses": ("choices", "reason"),
    "rewrite_clause": ("clause", "text", "reason", "source_id"),
}


@router.get("")
def show(request: Request, desk: DeskArg, visit: VisitArg, case_id: int) -> Response:
    """Show the clauses of a case's contract."""
    return _page(request, desk, visit, case_id)


@router.post("")
def change(request: Request, desk: DeskArg, visit: VisitArg, case_id: int, posted: ChangingArg) -> Response:
    """Choose or rewrite clauses by the step of that name; what was typed stays whatever happens."""
    event, typed = posted.text("event"), posted.values()
    if event not in FIELDS:
        told = [visit.words("请选择要选用或者改写的条款。")]
        return _page(request, desk, visit, case_id, told, typed, 422)
    payload = {name: typed[name] for name in FIELDS[event] if typed.get(name, "").strip()}
    try:
        advance(
            desk.db, case_id, event, visit.person, payload, today=visit.today, now=visit.now,
            expected_version=posted.number("expected_version"),
        )  # fmt: skip
    except Invalid as invalid:
        return _page(
            request, desk, visit, case_id, [*invalid.fields.values()] or [invalid.message], typed, 422
        )
    except Refused as refused:
        told = [f"{visit.words.pick(u.what_zh, u.what_en)}。" for u in refused.unmet]
        return _page(request, desk, visit, case_id, told, typed, 403 if refused.kind == "forbidden" else 422)
    except (Stale, Conflict) as conflict:
        told = [visit.words.pick(conflict.message, conflict.message_en)]
        return _page(request, desk, visit, case_id, told, typed, 409)
    changed = payload.get("clause", "")
    return RedirectResponse(
        f"/cases/{case_id}/clauses?done={event}" + (f"#c-{changed}" if changed.isalpha() else ""), 303
    )


def _page(
    request: Request,
    desk: Desk,
    visit: Visit,
    case_id: int,
    failed: list[str] | None = None,
    typed: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    case = load_case(desk, visit, case_id)
    missing = ""
    with desk.db.read() as session:
        try:
            page = clause_page(desk.db, session, visit.person, case_id)
        except Invalid as invalid:
            page, missing = None, visit.words.pick(invalid.message, invalid.message_en)
    return desk.screens.page(
        request, "case_clauses.html", visit.words, status=status, visit=visit, tab="clauses", page=page,
        missing=missing, failed=failed or [], typed=typed or {}, done=request.query_params.get("done", ""),
        **frame(case, visit),
    )  # fmt: skip
