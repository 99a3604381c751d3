"""Taking one step of a case: the form that the step's payload asks for, and every reason when it cannot be taken."""

from collections.abc import Mapping
from dataclasses import replace
from secrets import token_urlsafe
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cases import views
from cases.advance import Refused, advance
from cases.contract_numbers import next_contract_number
from cases.db import cursor_of
from cases.errors import Conflict, Invalid, NotFound, Stale
from cases.impact import Impact, impact_of
from cases.views import CasePage
from cases.whatif import Supposed, simulate
from desk.web import approving
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg
from desk.web.forms import Field, errors_of, payload_fields, payload_values
from desk.web.i18n import Words
from desk.web.offered import files_of, hidden_in, offered_in, voided_in
from desk.web.pages.case_page import EDIT_TERMS, frame, load_case
from desk.web.security import ChangingArg
from states.acceptances import PLACES
from states.decide import Option
from states.plan import Unmet
from states.signatures import NAMED

router = APIRouter(prefix="/cases/{case_id}/steps/{event}")
START_DRAFTING = "start_drafting"
FILES_HELP = "从本案“附件”中选择；也可不选，稍后补传"
# Steps whose fields mean something only beside what they change: each is taken on a page of its own.
OWN_PAGES: Mapping[str, str] = {EDIT_TERMS: "terms", "choose_clauses": "clauses", "rewrite_clause": "clauses"}


@router.get("")
def show(request: Request, desk: DeskArg, visit: VisitArg, case_id: int, event: str) -> Response:
    """Show the form of a step, or why it cannot be taken."""
    if event in OWN_PAGES:
        return RedirectResponse(f"/cases/{case_id}/{OWN_PAGES[event]}", 303)
    case, option = _asked(desk, visit, case_id, event)
    typed = {**_preset(option, visit), **_suggested(desk, visit, case, event)}
    return _page(request, desk, visit, case, option, typed, unmet=option.unmet)


@router.post("")
def take(
    request: Request, desk: DeskArg, visit: VisitArg, case_id: int, event: str, posted: ChangingArg
) -> Response:
    """Take the step; what was typed stays in the form whatever happens."""
    if event in OWN_PAGES:
        return RedirectResponse(f"/cases/{case_id}/{OWN_PAGES[event]}", 303)
    case, option = _asked(desk, visit, case_id, event)
    typed = posted.values()
    model = option.step.payload
    try:
        impact = _impact(desk, visit, case, event, payload_values(model, typed))
        if impact.asks and posted.text("confirmed") != impact.mark:
            return _page(request, desk, visit, case, option, typed, impact=impact)
        advance(
            desk.db, case_id, event, visit.person, payload_values(model, typed), today=visit.today, now=visit.now,
            expected_version=posted.number("expected_version"), action_key=_key(posted.text("action_key")),
        )  # fmt: skip
    except Invalid as invalid:
        above, beside = errors_of(invalid, list(model.model_fields))
        return _page(
            request, desk, visit, case, option, typed, status=422, failed=visit.words(above), errors=beside
        )
    except Refused as refused:
        status = 403 if refused.kind == "forbidden" else 422
        return _page(request, desk, visit, case, option, typed, status=status, unmet=refused.unmet)
    except (Stale, Conflict) as conflict:
        case, option = _asked(desk, visit, case_id, event)
        message = visit.words.pick(conflict.message, conflict.message_en)
        return _page(request, desk, visit, case, option, typed, status=409, stale=message, unmet=option.unmet)
    return RedirectResponse(f"/cases/{case_id}?done={event}", 303)


def _impact(desk: Desk, visit: Visit, case: CasePage, event: str, payload: Mapping[str, Any]) -> Impact:
    with desk.db.read() as session:
        supposed = Supposed(event, payload, visit.today)
        (outcome,) = simulate(desk.db, session, visit.person, case.id, (supposed,))
    return impact_of(case, outcome)


def _key(text: str) -> str | None:
    return text[:100] if text.isascii() and text else None


def _asked(desk: Desk, visit: Visit, case_id: int, event: str) -> tuple[CasePage, Option]:
    """Return the case and the step with all that is unmet.

    Raises: NotFound for an unknown case or step.
    """
    case = load_case(desk, visit, case_id)
    if event not in case.mode.steps:
        raise NotFound("没有这个办理步骤，请从案件页面选择下一步", "there is no such step")
    with desk.db.read() as session:
        return case, views.explain(desk.db, session, visit.person, case_id, event, visit.today)


def _preset(option: Option, visit: Visit) -> dict[str, str]:
    """Return what an untouched form shows: today for the first date that must be given."""
    for name, info in option.step.payload.model_fields.items():
        meta: Any = info.json_schema_extra
        if meta["widget"] == "date" and info.is_required():
            return {name: visit.today.isoformat()}
    return {}


def _suggested(desk: Desk, visit: Visit, case: CasePage, event: str) -> dict[str, str]:
    """Return the contract number that the institution's own pattern comes to, when drafting begins."""
    if event != START_DRAFTING:
        return {}
    with desk.db.read() as session:
        cur = cursor_of(session, desk.db.postgres)
        number = next_contract_number(cur, visit.person.org_id, case.mode.slug, visit.today.year, case.number)
    return {"contract_no": number} if number else {}


def _fields(
    option: Option, case: CasePage, visit: Visit, typed: Mapping[str, str], errors: Mapping[str, str]
) -> tuple[Field, ...]:
    fields = _plain_fields(option, case, visit.words, typed, errors)
    if option.step.event not in approving.STEPS:
        return fields
    return approving.decision_fields(fields, approving.decided_for(case, visit), visit)


def _plain_fields(
    option: Option, case: CasePage, words: Words, typed: Mapping[str, str], errors: Mapping[str, str]
) -> tuple[Field, ...]:
    """Return the form; what the case knows by a key or number is chosen from a list instead of typed."""
    known = _known(case, words)
    offered = offered_in(case, option.step.event, words)
    hidden = hidden_in(case, option.step.event)
    return tuple(
        replace(f, widget="select", options=known[f.name][0], help=words(known[f.name][1]))
        if f.name in known
        else replace(f, options=offered[f.name])
        if f.name in offered
        else f
        for f in payload_fields(option.step.payload, words, typed, errors)
        if f.name not in hidden
    )


def _known(case: CasePage, words: Words) -> dict[str, tuple[tuple[tuple[str, str], ...], str]]:
    """Return, by field, what can be chosen and the help beside it: open payments, licensees, files of the case."""
    payments = tuple(
        (d.key, f"{words.pick(d.title, d.title_en)} · {d.due.isoformat()}")
        for d in case.deadlines
        if d.status == "open" and d.key.startswith("payment:")
    )
    licensees = tuple(
        (str(found["no"]), f"{found['no']} · {found['company']} · {words.pick(*PLACES[found['place']])}")
        for found in case.loaded.facts.data.items("acceptances", "list")
    )
    return {
        **{field: (files_of(case, kinds), FILES_HELP) for field, (kinds, _, _) in NAMED.items()},
        "payment": (payments, "不对应任何一期的可不选；足额到账后该期限自动办结"),
        "acceptance": (licensees, "逐项办理，请选择被许可人"),
    }


def _deciding(option: Option, case: CasePage, visit: Visit) -> str:
    """Tell for which body the visitor decides, if the step decides on an approval and it can only be one."""
    found = approving.decided_for(case, visit) if option.step.event in approving.STEPS else ()
    return approving.capacity(found[0], visit) if len(found) == 1 else ""


def _page(
    request: Request,
    desk: Desk,
    visit: Visit,
    case: CasePage,
    option: Option,
    typed: Mapping[str, str],
    *,
    status: int = 200,
    failed: str = "",
    stale: str = "",
    errors: Mapping[str, str] | None = None,
    unmet: tuple[Unmet, ...] = (),
    impact: Impact | None = None,
) -> Response:
    return desk.screens.page(
        request, "step.html", visit.words, status=status, visit=visit, option=option, failed=failed, stale=stale,
        fields=_fields(option, case, visit, typed, errors or {}), unmet=unmet, impact=impact,
        voided=lambda name: visit.words.pick(*voided_in(case.mode, name)),
        action_key=typed.get("action_key") if status == 422 and typed.get("action_key") else token_urlsafe(16),
        deciding=_deciding(option, case, visit), **frame(case, visit),
    )  # fmt: skip
