"""Who visits the portal, by its own cookie; and the forms of its pages, with their tokens checked."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from secrets import token_urlsafe
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from cases.enterprise_accounts import Entered, Visitor, visitor_of
from cases.people import SESSION_LENGTH
from cases.portal import unseen
from cases.scope import Origin
from cases.settings import SHANGHAI
from cases.tables import Organization
from desk.web.desk_state import Desk, desk_of, now_of
from desk.web.desk_state import address_of as network_address
from desk.web.i18n import Words, known
from desk.web.security import Posted, matches, read_form, safe_path

HOME = "/enterprise"
SIGN_IN = "/enterprise/sign-in"
# All three are sent to the portal's pages alone.
COOKIE, GUEST_COOKIE, LANGUAGE_COOKIE = (
    "panhuo_enterprise",
    "panhuo_enterprise_guest",
    "panhuo_enterprise_language",
)
YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class PortalVisit:
    """One request of a signed-in person of an enterprise."""

    visitor: Visitor
    csrf: str
    words: Words
    now: datetime
    today: date
    institution: str
    unseen: int


class PortalSignInNeeded(Exception):
    """Nobody of an enterprise is signed in."""


def portal_words(request: Request) -> Words:
    """Return the language of a portal page before anyone has signed in."""
    return Words(known(request.cookies.get(LANGUAGE_COOKIE)))


def portal_visit(request: Request) -> PortalVisit:
    """Return who is visiting the portal.

    Raises: PortalSignInNeeded.
    """
    token, now = request.cookies.get(COOKIE, ""), now_of(request)
    if not token:
        raise PortalSignInNeeded
    with desk_of(request).db.read() as session:
        found = visitor_of(session, token, now)
        if found is None:
            raise PortalSignInNeeded
        visitor, csrf = found
        organization = session.get(Organization, visitor.org_id)
        waiting = unseen(session, visitor)
    return PortalVisit(
        replace(visitor, origin=Origin("portal", network_address(request))), csrf, Words(known(visitor.language)), now,
        now.astimezone(SHANGHAI).date(), organization.name if organization else "", waiting,
    )  # fmt: skip


PortalVisitArg = Annotated[PortalVisit, Depends(portal_visit)]
PortalWordsArg = Annotated[Words, Depends(portal_words)]


async def portal_posted(request: Request, visit: PortalVisitArg) -> AsyncIterator[Posted]:
    """Yield the form of a signed-in person.

    Raises: HTTPException 403 without the session's token; PortalSignInNeeded.
    """
    form = await read_form(request)
    try:
        given = form.get("csrf", "")
        if not isinstance(given, str) or not matches(visit.csrf, given):
            raise HTTPException(403, "csrf")
        yield Posted(form)
    finally:
        await form.close()


async def portal_guest(request: Request) -> AsyncIterator[Posted]:
    """Yield the form of somebody who has not signed in: its token must match the browser's cookie.

    Raises: HTTPException 403.
    """
    form = await read_form(request)
    try:
        given = form.get("csrf", "")
        if not isinstance(given, str) or not matches(request.cookies.get(GUEST_COOKIE, ""), given):
            raise HTTPException(403, "csrf")
        yield Posted(form)
    finally:
        await form.close()


PortalPostedArg = Annotated[Posted, Depends(portal_posted)]
PortalGuestArg = Annotated[Posted, Depends(portal_guest)]


def guest_page(
    request: Request, desk: Desk, words: Words, template: str, *, status: int = 200, **values: object
) -> Response:
    """Return a portal page for somebody who has not signed in, with a token for its forms."""
    token = request.cookies.get(GUEST_COOKIE) or token_urlsafe(24)
    response = desk.screens.page(request, template, words, status=status, csrf=token, **values)
    _set(desk, response, GUEST_COOKIE, token, 24 * 3600)
    return response


def own_page(
    request: Request, desk: Desk, visit: PortalVisit, template: str, *, status: int = 200, **values: object
) -> HTMLResponse:
    """Return a portal page for a signed-in person."""
    return desk.screens.page(
        request, f"portal/{template}", visit.words, status=status, portal=visit, csrf=visit.csrf, **values
    )


def signed_in(desk: Desk, entered: Entered, target: str) -> Response:
    """Return the way to a page of the portal, with the session's cookie."""
    response = RedirectResponse(portal_path(target), 303)
    _set(desk, response, COOKIE, entered.token, int(SESSION_LENGTH.total_seconds()))
    keep_language(desk, response, entered.language)
    return response


def keep_language(desk: Desk, response: Response, language: str) -> None:
    """Keep the language of the portal in the browser."""
    _set(desk, response, LANGUAGE_COOKIE, language, YEAR)


def signed_out() -> Response:
    """Return the way out; the cookie goes."""
    response = RedirectResponse(SIGN_IN, 303)
    response.delete_cookie(COOKIE, path=HOME)
    return response


def _set(desk: Desk, response: Response, name: str, value: str, seconds: int) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=HOME,
        httponly=True,
        samesite="lax",
        secure=desk.settings.secure_cookies,
    )


def portal_path(path: str) -> str:
    """Return a path of the portal, never of the desk or of another site."""
    safe = safe_path(path, HOME)
    return safe if safe == HOME or safe.startswith((f"{HOME}/", f"{HOME}?")) else HOME


def install(app: FastAPI) -> None:
    """Register where people go who have not signed in."""
    app.add_exception_handler(PortalSignInNeeded, _sign_in_needed)


def _sign_in_needed(request: Request, _error: Exception) -> Response:
    if request.method not in ("GET", "HEAD"):
        return guest_page(
            request, desk_of(request), portal_words(request), "portal/sign_in.html", status=401, next=HOME, login="",
            failed=portal_words(request)("登录已过期，请重新登录后再提交。"),
        )  # fmt: skip
    return RedirectResponse(f"{SIGN_IN}?next={quote(request.url.path)}", 303)
