"""Getting into the portal and out of it: by password, by an invitation, and one's own password and language."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cases.enterprise_accounts import (
    accept,
    change_password,
    choose_language,
    enter,
    is_invited,
    leave,
)
from cases.errors import Invalid
from cases.people import SignInFailed
from desk.web.desk_state import DeskArg, address_of, now_of
from desk.web.i18n import Words, known
from desk.web.portal.portal_state import (
    COOKIE,
    HOME,
    PortalGuestArg,
    PortalPostedArg,
    PortalVisitArg,
    PortalWordsArg,
    guest_page,
    keep_language,
    own_page,
    portal_path,
    signed_in,
    signed_out,
)

router = APIRouter(prefix=HOME)
LONGEST_PASSWORD = 1000


@router.get("/sign-in")
def show(request: Request, desk: DeskArg, words: PortalWordsArg, next: str = HOME) -> Response:  # noqa: A002
    """Show the sign-in page."""
    return guest_page(
        request, desk, words, "portal/sign_in.html", next=portal_path(next), login="", failed=""
    )


@router.post("/sign-in")
def sign_in(request: Request, desk: DeskArg, words: PortalWordsArg, form: PortalGuestArg) -> Response:
    """Sign in by password."""
    login, target = form.text("login")[:100], portal_path(form.text("next", HOME))
    try:
        entered = enter(desk.db, login, form.text("password")[:LONGEST_PASSWORD], now=now_of(request))
    except SignInFailed as failure:
        return guest_page(
            request, desk, words, "portal/sign_in.html", status=401, next=target, login=login,
            failed=words.pick(failure.message, failure.message_en),
        )  # fmt: skip
    return signed_in(desk, entered, target)


@router.get("/join/{secret}")
def show_invitation(request: Request, desk: DeskArg, words: PortalWordsArg, secret: str) -> Response:
    """Show the form that uses an invitation: a mail scanner that opens the address must not use it up."""
    request.app.state.visitors.count(address_of(request), now_of(request))
    with desk.db.read() as session:
        good = is_invited(session, secret[:100], now_of(request))
    return _invitation(request, desk, words, secret, good=good, status=200 if good else 404)


@router.post("/join/{secret}")
def join(
    request: Request, desk: DeskArg, words: PortalWordsArg, secret: str, form: PortalGuestArg
) -> Response:
    """Use an invitation: set a password and come in."""
    request.app.state.visitors.count(address_of(request), now_of(request))
    password = form.text("password")[:LONGEST_PASSWORD]
    if password != form.text("again")[:LONGEST_PASSWORD]:
        return _invitation(
            request, desk, words, secret, status=422, failed=words("两次输入的密码不一致，请重新输入。")
        )
    try:
        entered = accept(desk.db, secret[:100], password, now=now_of(request))
    except SignInFailed:
        return _invitation(request, desk, words, secret, good=False, status=404)
    except Invalid as invalid:
        told = words.pick(invalid.message, invalid.message_en)
        return _invitation(request, desk, words, secret, status=422, failed=told)
    return signed_in(desk, entered, HOME)


def _invitation(
    request: Request, desk: DeskArg, words: Words, secret: str, *, good: bool = True, status: int = 200, failed: str = ""
) -> Response:  # fmt: skip
    return guest_page(
        request, desk, words, "portal/join.html", status=status, secret=secret, good=good, failed=failed
    )


@router.post("/language")
def guest_language(request: Request, desk: DeskArg, form: PortalGuestArg) -> Response:
    """Choose the language before signing in."""
    response = RedirectResponse(portal_path(form.text("next", HOME)), 303)
    keep_language(desk, response, known(form.text("language")))
    return response


@router.post("/my/language")
def my_language(desk: DeskArg, visit: PortalVisitArg, posted: PortalPostedArg) -> Response:
    """Choose one's language."""
    language = known(posted.text("language"))
    choose_language(desk.db, visit.visitor, language)
    response = RedirectResponse(portal_path(posted.text("next", HOME)), 303)
    keep_language(desk, response, language)
    return response


@router.post("/sign-out")
def sign_out(request: Request, desk: DeskArg, _posted: PortalPostedArg) -> Response:
    """Sign out."""
    leave(desk.db, request.cookies.get(COOKIE, ""))
    return signed_out()


@router.get("/my")
def my(request: Request, desk: DeskArg, visit: PortalVisitArg) -> Response:
    """Show one's account."""
    return own_page(request, desk, visit, "my.html", failed="")


@router.post("/my/password")
def password(request: Request, desk: DeskArg, visit: PortalVisitArg, posted: PortalPostedArg) -> Response:
    """Change one's password; then one signs in anew."""
    new = posted.text("new")[:LONGEST_PASSWORD]
    try:
        change_password(desk.db, visit.visitor, posted.text("old")[:LONGEST_PASSWORD], new)
    except Invalid as invalid:
        told = visit.words.pick(invalid.message, invalid.message_en)
        return own_page(request, desk, visit, "my.html", status=422, failed=told)
    return signed_out()
