"""The two forms of an officer's work with enterprises: pushing patents, and entering an evaluation on paper."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cases.companies import list_companies
from cases.enterprise_codes import CLASSES, PURPOSES
from cases.enterprises import Wanted, list_enterprises
from cases.errors import Conflict, Invalid
from cases.evaluations import Given, checked_heads, keep_evaluation
from cases.experts import list_experts
from cases.industries import NAMES as INDUSTRIES
from cases.patents import get_patent
from cases.pushing import Push, Pushed, patents_named, push_patents
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg
from desk.web.security import ChangingArg, Posted, as_id
from rules.evaluations import HEADS
from rules.patent_numbers import display_number

router = APIRouter(prefix="/evaluations")
OFFERED = 100
MOST_CHOSEN = 200


@router.get("/push")
def ask_push(
    request: Request, desk: DeskArg, visit: VisitArg, patents: str = "", company: str = ""
) -> Response:
    """Show the form that pushes patents; the address may name some."""
    ids = [id_ for one in patents.split(",")[:MOST_CHOSEN] if (id_ := as_id(one.strip()))]
    with desk.db.read() as session:
        found = [get_patent(session, visit.person.org_id, id_) for id_ in ids]
    numbers = "\n".join(display_number(one.application_no) for one in found)
    chosen = [company] if company.isdigit() else []
    return _push_form(request, desk, visit, {"numbers": numbers, "purpose": "evaluation"}, chosen)


@router.post("/push")
def push(request: Request, desk: DeskArg, visit: VisitArg, posted: ChangingArg) -> Response:
    """Push, or narrow the companies that are offered."""
    typed, chosen = dict(posted.values()), posted.texts("companies")
    if posted.text("do") == "filter":
        return _push_form(request, desk, visit, typed, chosen)
    with desk.db.read() as session:
        ids, faults = patents_named(session, visit.person.org_id, _split(typed.get("numbers", "")))
    if faults:
        told = [f"{number}：{why}" for number, why in faults.items()]
        return _push_form(request, desk, visit, typed, chosen, status=422, failed=told)
    asked = Push(
        ids, [id_ for one in chosen if (id_ := as_id(one))], typed.get("purpose", ""), typed.get("note", ""),
        mail=posted.text("mail") == "yes" and bool(desk.settings.smtp_host),
    )  # fmt: skip
    try:
        pushed = push_patents(desk.db, visit.person, asked, now=visit.now)
    except Invalid as invalid:
        return _push_form(
            request, desk, visit, typed, chosen, status=422, failed=list(invalid.fields.values())
        )
    if pushed.skipped:
        return _push_form(request, desk, visit, typed, [], pushed=pushed)
    return RedirectResponse("/evaluations/pushes?pushed", 303)


def _split(numbers: str) -> list[str]:
    for separator in ("，", "、", ";", "；", ","):
        numbers = numbers.replace(separator, "\n")
    return numbers.splitlines()


def _push_form(
    request: Request, desk: Desk, visit: Visit, typed: dict[str, str], chosen: list[str], *, status: int = 200,
    failed: list[str] | None = None, pushed: Pushed | None = None,
) -> Response:  # fmt: skip
    wanted = Wanted(
        q=typed.get("q", "")[:100], class_=typed.get("class", ""), industry=typed.get("industry", ""),
        region=typed.get("region", "")[:60],
    )  # fmt: skip
    org = visit.person.org_id
    with desk.db.read() as session:
        offered = list_enterprises(session, org, wanted, size=OFFERED)
        known = {row.id for row in offered.rows}
        further = [
            row
            for row in list_companies(session, org, limit=1000)
            if str(row.id) in chosen and row.id not in known
        ]
    pick = visit.words.pick
    return desk.screens.page(
        request, "evaluations_push.html", visit.words, status=status, visit=visit, typed=typed, chosen=set(chosen),
        offered=offered, further=further, failed=[visit.words(one) for one in failed or []], pushed=pushed,
        purposes=[(code, pick(*names)) for code, names in PURPOSES.items()],
        classes={code: pick(*names) for code, names in CLASSES.items()},
        industries=[(code, pick(*names)) for code, names in INDUSTRIES.items()], mail_set=bool(desk.settings.smtp_host),
    )  # fmt: skip


@router.get("/new")
def ask_evaluation(request: Request, desk: DeskArg, visit: VisitArg, patent: str = "") -> Response:
    """Show the form for an evaluation that came on paper."""
    typed = {"on": visit.today.isoformat()}
    if id_ := as_id(patent):
        with desk.db.read() as session:
            typed["number"] = display_number(get_patent(session, visit.person.org_id, id_).application_no)
    return _evaluation_form(request, desk, visit, typed)


@router.post("/new")
def enter_evaluation(request: Request, desk: DeskArg, visit: VisitArg, posted: ChangingArg) -> Response:
    """Keep an evaluation that came on paper."""
    typed = dict(posted.values())
    try:
        kept = keep_evaluation(desk.db, visit.person, _given(desk, visit, posted, typed), now=visit.now)
    except Invalid as invalid:
        told = list(invalid.fields.values()) or [invalid.message]
        return _evaluation_form(request, desk, visit, typed, status=422, failed=told)
    except Conflict as conflict:
        return _evaluation_form(
            request,
            desk,
            visit,
            typed,
            status=409,
            failed=[visit.words.pick(conflict.message, conflict.message_en)],
        )
    return RedirectResponse(f"/evaluations?kept#evaluation-{kept.id}", 303)


def _given(desk: Desk, visit: Visit, posted: Posted, typed: dict[str, str]) -> Given:
    """Return the evaluation as typed.

    Raises: Invalid with every field that is wrong.
    """
    with desk.db.read() as session:
        ids, faults = patents_named(session, visit.person.org_id, [typed.get("number", "")])
    told = [f"{number}：{why}" for number, why in faults.items()]
    wrong = {} if ids else {"number": "".join(told) or "请填写专利号"}
    try:
        heads = checked_heads(typed, visit.today)
    except Invalid as invalid:
        wrong |= invalid.fields
    if wrong:
        raise Invalid("评价没有填写完整，请改正后重新提交", wrong, "the evaluation is not valid")
    return Given(
        ids[0], company_id=posted.number("company_id"), expert_id=posted.number("expert_id"), **heads
    )


def _evaluation_form(
    request: Request, desk: Desk, visit: Visit, typed: dict[str, str], *, status: int = 200,
    failed: list[str] | None = None,
) -> Response:  # fmt: skip
    org = visit.person.org_id
    with desk.db.read() as session:
        companies = [(row.id, row.name) for row in list_companies(session, org, limit=1000)]
        experts, _ = list_experts(session, org, active_only=True, size=1000)
    told: dict[str, Any] = {
        "companies": companies,
        "experts": [(e.id, f"{e.name}（{e.employer}）") for e in experts],
    }
    return desk.screens.page(
        request, "evaluation_new.html", visit.words, status=status, visit=visit, typed=typed,
        failed=[visit.words(one) for one in failed or []],
        heads=[(key, visit.words.pick(*pair)) for key, pair in HEADS.items()], **told,
    )  # fmt: skip
