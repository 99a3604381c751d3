"""An enterprise's profile and its accounts on the portal, beside what contracts know of it."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cases.companies import get_company
from cases.enterprise_accounts import accounts_of, invite, invite_again, set_account_active
from cases.enterprise_codes import CLASSES, CULTIVATION, MESSAGES, SIZES, SOURCES
from cases.enterprise_letters import letters_of
from cases.enterprise_messages import list_messages
from cases.enterprises import get_profile, save_profile
from cases.errors import Conflict, Invalid
from cases.evaluation_views import list_evaluations
from cases.industries import NAMES as INDUSTRIES
from cases.pushing import list_pushes
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg
from desk.web.forms import Field, errors_of
from desk.web.reasons import reason
from desk.web.security import ChangingArg

router = APIRouter(prefix="/companies")
FIELDS = (
    ("classes", "企业类别", "multi", CLASSES),
    ("industries", "产业领域", "multi", INDUSTRIES),
    ("region", "地区", "text", None),
    ("size", "规模", "select", SIZES),
    ("cultivation", "样板企业培育", "select", CULTIVATION),
    ("source", "来源渠道", "select", SOURCES),
    ("confirmed_on", "确认日期", "date", None),
)
NAMES = tuple(name for name, *_ in FIELDS)
ACCOUNT = (
    ("login", "用户名", "text", True),
    ("name", "姓名", "text", True),
    ("email", "电子邮箱", "text", False),
)
LISTED = 5


@router.get("/{company_id}/enterprise")
def show(request: Request, desk: DeskArg, visit: VisitArg, company_id: int) -> Response:
    """Show what is known of an enterprise, what was pushed to it, and who of it may sign in."""
    with desk.db.read() as session:
        profile = get_profile(session, visit.person.org_id, company_id)
    typed: dict[str, Any] = {name: getattr(profile, name) for name in NAMES}
    typed["confirmed_on"] = profile.confirmed_on.isoformat() if profile.confirmed_on else ""
    return _page(request, desk, visit, company_id, typed)


@router.post("/{company_id}/enterprise")
def save(request: Request, desk: DeskArg, visit: VisitArg, company_id: int, posted: ChangingArg) -> Response:
    """Write what is known of an enterprise."""
    typed: dict[str, Any] = {name: posted.text(name) for name in NAMES}
    typed |= {name: tuple(posted.texts(name)) for name in ("classes", "industries")}
    try:
        save_profile(desk.db, visit.person, company_id, typed, now=visit.now, today=visit.today)
    except Invalid as invalid:
        above, beside = errors_of(invalid, NAMES)
        return _page(request, desk, visit, company_id, typed, status=422, failed=above, errors=beside)
    return RedirectResponse(f"/companies/{company_id}/enterprise?saved", 303)


@router.post("/{company_id}/accounts")
def add_account(
    request: Request, desk: DeskArg, visit: VisitArg, company_id: int, posted: ChangingArg
) -> Response:
    """Invite somebody of the enterprise; the link is shown once."""
    typed = {name: posted.text(name) for name, *_ in ACCOUNT}
    try:
        _, secret = invite(desk.db, visit.person, company_id, typed, now=visit.now)
    except Invalid as invalid:
        return _page(
            request, desk, visit, company_id, None, status=422, account=typed,
            account_failed="；".join(invalid.fields.values()),
        )  # fmt: skip
    except Conflict as conflict:
        told = visit.words.pick(conflict.message, conflict.message_en)
        return _page(request, desk, visit, company_id, None, status=409, account=typed, account_failed=told)
    return _page(request, desk, visit, company_id, None, link=_link(desk, secret), who=typed["login"])


@router.post("/accounts/{account_id}/link")
def new_link(
    request: Request, desk: DeskArg, visit: VisitArg, account_id: int, _posted: ChangingArg
) -> Response:
    """Make a new one-time link for an account; it is shown once."""
    account, secret = invite_again(desk.db, visit.person, account_id, now=visit.now)
    return _page(request, desk, visit, account.company_id, None, link=_link(desk, secret), who=account.login)


@router.post("/accounts/{account_id}/active")
def set_active(desk: DeskArg, visit: VisitArg, account_id: int, posted: ChangingArg) -> Response:
    """Shut an account out, or let it in again."""
    company_id = set_account_active(
        desk.db, visit.person, account_id, posted.text("active") == "yes", now=visit.now
    )
    return RedirectResponse(f"/companies/{company_id}/enterprise?account#accounts", 303)


def _link(desk: Desk, secret: str) -> str:
    return f"{desk.settings.base_url}/enterprise/join/{secret}"


def _page(
    request: Request, desk: Desk, visit: Visit, company_id: int, typed: dict[str, Any] | None, *, status: int = 200,
    failed: str = "", errors: dict[str, str] | None = None, account: dict[str, str] | None = None,
    account_failed: str = "", link: str = "", who: str = "",
) -> Response:  # fmt: skip
    org = visit.person.org_id
    with desk.db.read() as session:
        company = get_company(session, org, company_id)
        profile = get_profile(session, org, company_id)
        accounts, letters = accounts_of(session, org, company_id), letters_of(session, org, company_id)
        pushes, pushed = list_pushes(session, org, company_id=company_id, size=LISTED)
        evaluations, evaluated = list_evaluations(session, org, company_id=company_id, size=LISTED)
        messages, asked = list_messages(session, org, visit.today, company_id=company_id, size=LISTED)
    shown = typed if typed is not None else {name: getattr(profile, name) for name in NAMES}
    return desk.screens.page(
        request, "company_enterprise.html", visit.words, status=status, visit=visit, company=company,
        f=_fields(visit, shown, errors or {}), failed=visit.words(failed) if failed else "", accounts=accounts,
        letters=letters, pushes=pushes, pushed=pushed, evaluations=evaluations, evaluated=evaluated, messages=messages,
        asked=asked, invited=account or {}, account_failed=visit.words(account_failed) if account_failed else "",
        link=link, who=who, kinds={code: visit.words.pick(*pair) for code, pair in MESSAGES.items()},
        saved="saved" in request.query_params,
    )  # fmt: skip


def _fields(visit: Visit, typed: dict[str, Any], errors: dict[str, str]) -> dict[str, Field]:
    found = {}
    for name, label, widget, labels in FIELDS:
        options = tuple((code, visit.words.pick(*names)) for code, names in (labels or {}).items())
        many, value = widget == "multi", typed.get(name)
        found[name] = Field(
            name=name, label=visit.words(label), widget=widget, value="" if many else str(value or ""),
            values=tuple(value or ()) if many else (), error=reason(visit.words, errors[name]) if name in errors else "",
            options=(("", "—"), *options) if widget == "select" else options,
        )  # fmt: skip
    return found
