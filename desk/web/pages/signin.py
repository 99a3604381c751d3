"""Signing in and out, the one-time link, and the language of the screens."""

from collections.abc import AsyncIterator
from secrets import token_urlsafe
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from cases.people import (
    SESSION_LENGTH,
    SignedIn,
    SignInFailed,
    set_language,
    sign_in,
    sign_in_by_link,
    sign_out,
)
from desk.web.desk_state import (
    LANGUAGE_COOKIE,
    SESSION_COOKIE,
    Desk,
    DeskArg,
    VisitArg,
    WordsArg,
    now_of,
)
from desk.web.i18n import LANGUAGES, known
from desk.web.security import PostedArg, matches, read_form, safe_path

router = APIRouter()
GUEST_COOKIE = "panhuo_guest"
YEAR = 365 * 24 * 3600


async def guest_form(request: Request) -> AsyncIterator[FormData]:
    """Yield the form of somebody who has not signed in: its token must match the browser's cookie.

    Raises: HTTPException 403.
    """
    form = await read_form(request)
    try:
        given = form.get("csrf", "")
        if not isinstance(given, str) or not matches(request.cookies.get(GUEST_COOKIE, ""), given):
            raise HTTPException(403, "csrf")
        yield form
    finally:
        await form.close()


GuestForm = Annotated[FormData, Depends(guest_form)]


@router.get("/sign-in")
def show(request: Request, desk: DeskArg, words: WordsArg, next: str = "/") -> Response:  # noqa: A002
    """Show the sign-in page."""
    return guest_page(request, desk, words, "sign_in.html", next=safe_path(next), login="", failed="")


@router.post("/sign-in")
def enter(request: Request, desk: DeskArg, words: WordsArg, form: GuestForm) -> Response:
    """Sign in by password."""
    target = safe_path(str(form.get("next", "/")))
    login = str(form.get("login", ""))[:100]
    try:
        signed = sign_in(desk.db, login, str(form.get("password", ""))[:1000], now=now_of(request))
    except SignInFailed as failure:
        message = words.pick(failure.message, failure.message_en)
        return guest_page(
            request, desk, words, "sign_in.html", status=401, next=target, login=login, failed=message
        )
    return _signed_in(desk, signed, target)


@router.get("/sign-in/{token}")
def show_link(request: Request, desk: DeskArg, words: WordsArg, token: str) -> Response:
    """Show the button that uses a one-time link: a mail scanner that opens the address must not use it up."""
    return guest_page(request, desk, words, "sign_in_link.html", token=token, failed="")


@router.post("/sign-in/{token}")
def enter_by_link(request: Request, desk: DeskArg, words: WordsArg, token: str, form: GuestForm) -> Response:
    """Sign in by a one-time link."""
    try:
        signed = sign_in_by_link(desk.db, token, now=now_of(request))
    except SignInFailed as failure:
        message = words.pick(failure.message, failure.message_en)
        return guest_page(request, desk, words, "sign_in_link.html", status=401, token=token, failed=message)
    return _signed_in(desk, signed, "/")


@router.post("/language")
def guest_language(desk: DeskArg, form: GuestForm) -> Response:
    """Choose the language before signing in."""
    response = RedirectResponse(safe_path(str(form.get("next", "/"))), 303)
    _keep_language(desk, response, known(str(form.get("language", ""))))
    return response


@router.post("/my/language")
def my_language(desk: DeskArg, visit: VisitArg, posted: PostedArg) -> Response:
    """Choose one's language."""
    language = posted.text("language")
    response = RedirectResponse(safe_path(posted.text("next", "/")), 303)
    if language in LANGUAGES:
        set_language(desk.db, visit.person, language)
        _keep_language(desk, response, language)
    return response


@router.post("/sign-out")
def leave(request: Request, desk: DeskArg, visit: VisitArg, posted: PostedArg) -> Response:
    """Sign out."""
    sign_out(desk.db, request.cookies.get(SESSION_COOKIE, ""))
    response = RedirectResponse("/sign-in", 303)
    response.delete_cookie(SESSION_COOKIE)
    return response


def guest_page(
    request: Request, desk: Desk, words: WordsArg, template: str, *, status: int = 200, **values: object
) -> Response:
    """Return a page for somebody who has not signed in, with a token for its forms."""
    token = request.cookies.get(GUEST_COOKIE) or token_urlsafe(24)
    response = desk.screens.page(request, template, words, status=status, csrf=token, **values)
    response.set_cookie(
        GUEST_COOKIE, token, max_age=24 * 3600, httponly=True, samesite="lax",
        secure=desk.settings.secure_cookies,
    )  # fmt: skip
    return response


def _signed_in(desk: Desk, signed: SignedIn, target: str) -> Response:
    response = RedirectResponse(target, 303)
    response.set_cookie(
        SESSION_COOKIE, signed.token, max_age=int(SESSION_LENGTH.total_seconds()), httponly=True,
        samesite="lax", secure=desk.settings.secure_cookies,
    )  # fmt: skip
    _keep_language(desk, response, known(signed.person.language))
    return response


def _keep_language(desk: Desk, response: Response, language: str) -> None:
    response.set_cookie(
        LANGUAGE_COOKIE, language, max_age=YEAR, httponly=True, samesite="lax",
        secure=desk.settings.secure_cookies,
    )  # fmt: skip
