"""Administration: users, the institution, and the audit of the trail."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cases import desk_queries, people
from cases.addresses import set_email
from cases.channel_health import addresses_of
from cases.errors import Conflict, Invalid
from cases.organizations import FIELDS as ORGANIZATION
from cases.organizations import (
    LABELS,
    organization_of,
    rule_layers_of,
    save_organization,
    save_rule_layers,
)
from cases.seals import keys_of, public_pem
from cases.trail import verify
from desk.handing_out import hand_out
from desk.web import labels
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg
from desk.web.forms import errors_of, plain_fields
from desk.web.pack_form import layers_of, pack_form
from desk.web.security import AdministratorArg, AuditorArg, ChangingArg, PostedArg, as_id
from desk.web.timeline import told_org
from exchange.audit import export_audit

router = APIRouter(prefix="/admin")
FIELDS = ("login", "name", "role", "email", "password")
ORGANIZATION_FIELDS = tuple((name, LABELS[name], "text", name == "name") for name in ORGANIZATION)
RECENT = 30


@router.get("/users")
def users(request: Request, desk: DeskArg, visit: AdministratorArg) -> Response:
    """List the users."""
    return _users(request, desk, visit)


@router.post("/users")
def add(request: Request, desk: DeskArg, visit: AdministratorArg, posted: ChangingArg) -> Response:
    """Add a user; without a password, a one-time sign-in link is shown."""
    typed = dict(posted.values())
    try:
        user_id = people.add_user(
            desk.db, visit.person, login=posted.text("login"), name=posted.text("name"), role=posted.text("role"),
            email=posted.text("email"), password=posted.text("password"),
        )  # fmt: skip
    except Invalid as invalid:
        above, beside = errors_of(invalid, FIELDS)
        return _users(request, desk, visit, status=422, typed=typed, failed=above, errors=beside)
    except Conflict as conflict:
        errors = {"login": conflict.message}
        return _users(request, desk, visit, status=409, typed=typed, failed=conflict.message, errors=errors)
    link = "" if posted.text("password") else _link(desk, visit, user_id)
    return _users(request, desk, visit, link=link, link_for=posted.text("name"))


@router.post("/users/{user_id}/active")
def activate(desk: DeskArg, visit: AdministratorArg, user_id: int, posted: ChangingArg) -> Response:
    """Let a user in again, or shut them out."""
    people.set_active(desk.db, visit.person, user_id, posted.text("active") == "yes")
    return RedirectResponse("/admin/users", 303)


@router.post("/users/{user_id}/email")
def correct_email(
    request: Request, desk: DeskArg, visit: AdministratorArg, user_id: int, posted: ChangingArg
) -> Response:
    """Correct where a user's letters go."""
    typed = posted.text("email")
    try:
        set_email(desk.db, visit.person, user_id, typed, visit.now)
    except Invalid as invalid:
        wrong = {"id": str(user_id), "email": typed, "error": invalid.message}
        return _users(request, desk, visit, status=422, wrong=wrong)
    return RedirectResponse("/admin/users", 303)


@router.post("/users/{user_id}/link")
def link(
    request: Request, desk: DeskArg, visit: AdministratorArg, user_id: int, posted: ChangingArg
) -> Response:
    """Show a one-time sign-in link for a user of the organization."""
    with desk.db.read() as session:
        user = desk_queries.user_of(session, visit.person.org_id, user_id)
    return _users(request, desk, visit, link=_link(desk, visit, user_id), link_for=user.name)


@router.get("/organization")
def organization(request: Request, desk: DeskArg, visit: VisitArg) -> Response:
    """Show the institution as documents name it; administrators get a form."""
    return _organization(request, desk, visit)


@router.post("/organization")
def change_organization(
    request: Request, desk: DeskArg, visit: AdministratorArg, posted: ChangingArg
) -> Response:
    """Change the institution."""
    typed = {name: posted.text(name) for name in ORGANIZATION if name in posted.form}
    try:
        save_organization(desk.db, visit.person, typed, visit.now)
    except Invalid as invalid:
        above, beside = errors_of(invalid, ORGANIZATION)
        return _organization(request, desk, visit, status=422, typed=typed, failed=above, errors=beside)
    return RedirectResponse("/admin/organization?saved", 303)


@router.post("/organization/rule-packs")
def choose_rule_packs(
    request: Request, desk: DeskArg, visit: AdministratorArg, posted: ChangingArg
) -> Response:
    """Choose the rule packs that the institution works under."""
    typed = {name: posted.text(name) for name in ("province", "house")}
    try:
        save_rule_layers(desk.db, visit.person, layers_of(typed), visit.now)
    except Invalid as invalid:
        reason = invalid.fields["layers"]
        return _organization(request, desk, visit, status=422, packs=typed, packs_failed=reason)
    return RedirectResponse("/admin/organization?packs#rule-packs", 303)


@router.get("/audit")
def audit(request: Request, desk: DeskArg, visit: AuditorArg) -> Response:
    """Show the newest entries of the trail, and how to verify it."""
    return _audit(request, desk, visit, None)


@router.post("/audit")
def verify_trail(request: Request, desk: DeskArg, visit: AuditorArg, posted: PostedArg) -> Response:
    """Verify every chain of the organization; reads only."""
    return _audit(request, desk, visit, "verify")


@router.get("/audit/export")
def export_trail(desk: DeskArg, visit: AuditorArg, case: str = "") -> Response:
    """Hand out the audit archive: of one case, or of all with the institution's own chain."""
    return hand_out(
        f"审计包-{visit.today:%Y%m%d}",
        lambda target: export_audit(
            desk.db,
            desk.settings,
            visit.person,
            target,
            visit.now,
            case_id=(as_id(case) or 0) if case else None,
            files=True,
        ),
    )


def _audit(request: Request, desk: Desk, visit: Visit, asked: str | None) -> Response:
    with desk.db.read() as session:
        found = verify(session, visit.person.org_id) if asked else None
        recent = desk_queries.recent(session, visit.person.org_id, RECENT)
        organization = organization_of(session, visit.person.org_id)
    return desk.screens.page(
        request, "audit.html", visit.words, visit=visit, verification=found, organization=organization,
        recent=[told_org(entry, visit.words) for entry in recent],
    )  # fmt: skip


def _link(desk: Desk, visit: Visit, user_id: int) -> str:
    return f"{desk.settings.base_url}/sign-in/{people.make_sign_in_link(desk.db, user_id, now=visit.now)}"


def _organization(
    request: Request,
    desk: Desk,
    visit: Visit,
    *,
    status: int = 200,
    typed: dict[str, str] | None = None,
    failed: str = "",
    errors: dict[str, str] | None = None,
    packs: dict[str, str] | None = None,
    packs_failed: str = "",
) -> Response:
    with desk.db.read() as session:
        found = organization_of(session, visit.person.org_id)
        layers = rule_layers_of(session, visit.person.org_id)
        keys = keys_of(session, visit.person.org_id)
    stored = {name: str(getattr(found, name)) for name in ORGANIZATION}
    fields = plain_fields(ORGANIZATION_FIELDS, visit.words, {**stored, **(typed or {})}, errors or {})
    return desk.screens.page(
        request, "organization.html", visit.words, status=status, visit=visit, organization=found,
        f={field.name: field for field in fields}, failed=visit.words(failed) if failed else "",
        missing=visit.words.pick("、", ", ").join(visit.words(LABELS[name]) for name in found.missing),
        saved="saved" in request.query_params, packs_saved="packs" in request.query_params,
        keys=[(key, public_pem(key)) for key in keys], packs=pack_form(layers, visit.words, packs, packs_failed),
    )  # fmt: skip


def _users(
    request: Request,
    desk: Desk,
    visit: Visit,
    *,
    status: int = 200,
    typed: dict[str, str] | None = None,
    failed: str = "",
    errors: dict[str, str] | None = None,
    link: str = "",
    link_for: str = "",
    wrong: dict[str, str] | None = None,
) -> Response:
    with desk.db.read() as session:
        bounced = {a.user_id: a for a in addresses_of(session, visit.person.org_id)}
        rows = desk_queries.users_of(session, visit.person.org_id)
    return desk.screens.page(
        request, "users.html", visit.words, status=status, visit=visit, rows=rows, typed=typed or {},
        failed=failed, errors=errors or {}, link=link, link_for=link_for, wrong=wrong or {}, bounced=bounced,
        roles=[(slug, visit.words.pick(*label)) for slug, label in labels.ROLE.items()],
    )  # fmt: skip
