"""Editing the commercial terms: one form from the model, kept while it is typed, confirmed if it voids something."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cases import messages, views
from cases.advance import Refused, advance
from cases.errors import Conflict, Invalid, Stale
from cases.views import CasePage
from cases.whatif import preview_terms
from contracts.fields import stored_to_form
from contracts.modes import MODES as CONTRACTS
from contracts.terms import check_terms, terms_to_form
from desk.web import labels
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg
from desk.web.pages.case_page import EDIT_TERMS, frame, load_case
from desk.web.reasons import reason as told_reason
from desk.web.security import ChangingArg, Posted
from desk.web.terms_form import form_groups, typed_values
from states.plan import Unmet

router = APIRouter(prefix="/cases/{case_id}/terms")


@router.get("")
def show(request: Request, desk: DeskArg, visit: VisitArg, case_id: int) -> Response:
    """Show the form: what was kept half-done, or else the stored terms."""
    case = load_case(desk, visit, case_id)
    with desk.db.read() as session:
        draft = messages.draft_of(session, visit.person, _form_name(case_id))
        option = views.explain(desk.db, session, visit.person, case_id, EDIT_TERMS, visit.today)
    typed = draft if draft is not None else _stored(case)
    unmet = () if option.possible else option.unmet
    return _page(request, desk, visit, case, typed, restored=draft is not None, unmet=unmet)


@router.post("/draft")
def keep(desk: DeskArg, visit: VisitArg, case_id: int, posted: ChangingArg) -> Response:
    """Keep what has been typed so far."""
    case = load_case(desk, visit, case_id)
    messages.keep_draft(desk.db, visit.person, _form_name(case_id), _typed(case, posted))
    return Response(status_code=204)


@router.post("/forget")
def forget(desk: DeskArg, visit: VisitArg, case_id: int, posted: ChangingArg) -> Response:
    """Throw the draft away and go back to the stored terms."""
    load_case(desk, visit, case_id)
    messages.drop_draft(desk.db, visit.person, _form_name(case_id))
    return RedirectResponse(f"/cases/{case_id}/terms", 303)


@router.post("")
def save(request: Request, desk: DeskArg, visit: VisitArg, case_id: int, posted: ChangingArg) -> Response:
    """Keep a draft, add a row, or save; a save that voids something asks first."""
    case = load_case(desk, visit, case_id)
    typed = _typed(case, posted)
    reason, do = posted.text("reason"), posted.text("do", "save")
    messages.keep_draft(desk.db, visit.person, _form_name(case_id), typed)
    if do == "keep":
        return _page(request, desk, visit, case, typed, kept=True, reason=reason)
    if do.startswith("add:"):
        return _page(request, desk, visit, case, typed, reason=reason, extra_row=do.removeprefix("add:"))
    try:
        with desk.db.read() as session:
            voids = preview_terms(desk.db, session, visit.person, case_id, typed, visit.today)
        if voids and posted.text("confirmed") != _fingerprint(voids):
            return _page(request, desk, visit, case, typed, reason=reason, voids=voids, status=200)
        advance(
            desk.db, case_id, EDIT_TERMS, visit.person, {"terms": typed, "reason": reason}, today=visit.today,
            now=visit.now, expected_version=posted.number("expected_version"),
        )  # fmt: skip
    except Invalid:
        return _wrong(request, desk, visit, case, typed, reason)
    except Refused as refused:
        status = 403 if refused.kind == "forbidden" else 422
        return _page(request, desk, visit, case, typed, status=status, reason=reason, unmet=refused.unmet)
    except (Stale, Conflict) as conflict:
        case = load_case(desk, visit, case_id)
        message = visit.words.pick(conflict.message, conflict.message_en)
        return _page(request, desk, visit, case, typed, status=409, reason=reason, stale=message)
    messages.drop_draft(desk.db, visit.person, _form_name(case_id))
    return RedirectResponse(f"/cases/{case_id}?tab=terms&done={EDIT_TERMS}", 303)


def _form_name(case_id: int) -> str:
    return f"case:{case_id}:terms"


def _typed(case: CasePage, posted: Posted) -> dict[str, Any]:
    return typed_values(case.mode.slug, posted.pairs())


def _stored(case: CasePage) -> dict[str, Any] | None:
    if not case.terms:
        kept = case.loaded.facts.data.get("switched", "terms")
        return stored_to_form(CONTRACTS[case.mode.slug].terms, kept) if kept else None
    return terms_to_form(CONTRACTS[case.mode.slug].terms.model_validate(case.terms))


def _fingerprint(voids: tuple[str, ...]) -> str:
    return ",".join(voids)


def _wrong(
    request: Request, desk: Desk, visit: Visit, case: CasePage, typed: Mapping[str, Any], reason: str
) -> Response:
    problems = check_terms(case.mode.slug, typed).problems
    errors: dict[str, str] = {}
    for problem in problems:
        errors.setdefault(problem.field, problem.reason)
    failed = visit.words("有%(n)s处需要改正，已在下面标出。填写的内容已保存为草稿。", n=len(errors))
    return _page(
        request, desk, visit, case, typed, status=422, errors=errors, failed=failed, reason=reason,
        listed=[(p.label, told_reason(visit.words, p.reason)) for p in problems],
    )  # fmt: skip


def _page(
    request: Request,
    desk: Desk,
    visit: Visit,
    case: CasePage,
    typed: Mapping[str, Any] | None,
    *,
    status: int = 200,
    errors: Mapping[str, str] | None = None,
    failed: str = "",
    listed: list[tuple[str, str]] | None = None,
    stale: str = "",
    restored: bool = False,
    kept: bool = False,
    reason: str = "",
    voids: tuple[str, ...] = (),
    unmet: tuple[Unmet, ...] = (),
    extra_row: str = "",
) -> Response:
    words = visit.words
    return desk.screens.page(
        request, "case_terms_form.html", words, status=status, visit=visit,
        groups=form_groups(case.mode.slug, typed, errors or {}, words), failed=failed, listed=listed or [],
        stale=stale, restored=restored, kept=kept, reason=reason, unmet=unmet, confirmed=_fingerprint(voids),
        voids=[words.pick(*labels.of(labels.VOIDED, void)) for void in voids], extra_row=extra_row,
        **frame(case, visit),
    )  # fmt: skip
