"""One's own settings: password, calendar link, API tokens; and the calendar feed itself."""

from hashlib import sha256

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from cases import desk_queries, people
from cases.addresses import set_email
from cases.channel_health import address_of_person
from cases.errors import Invalid
from desk.web.desk_state import SESSION_COOKIE, Desk, DeskArg, Visit, VisitArg, address_of, now_of
from desk.web.forms import errors_of, plain_fields
from desk.web.security import PostedArg
from desk.web.visitors import Visitors
from exchange.calendar_feed import person_feed

router = APIRouter()
PASSWORDS = (
    ("old", "原密码", "password", False),
    ("new", "新密码", "password", True),
    ("again", "再次输入新密码", "password", True),
)

EMAIL = (("email", "电子邮箱", "text", True),)


@router.get("/my")
def show(request: Request, desk: DeskArg, visit: VisitArg) -> Response:
    """Show one's settings."""
    return _page(request, desk, visit)


@router.post("/my/password")
def password(request: Request, desk: DeskArg, visit: VisitArg, posted: PostedArg) -> Response:
    """Change one's password; every session ends, also this one."""
    new = posted.text("new")
    try:
        if new != posted.text("again"):
            raise Invalid(
                "两次输入的新密码不一致", {"again": "两次输入的新密码不一致"}, "the passwords differ"
            )
        people.set_password(desk.db, visit.person, posted.text("old"), new)
    except Invalid as invalid:
        _, beside = errors_of(invalid, [name for name, *_ in PASSWORDS])
        return _page(request, desk, visit, status=422, errors=beside)
    response = RedirectResponse("/sign-in", 303)
    response.delete_cookie(SESSION_COOKIE)
    return response


@router.post("/my/email")
def email(request: Request, desk: DeskArg, visit: VisitArg, posted: PostedArg) -> Response:
    """Correct where one's own letters go."""
    typed = posted.text("email")
    try:
        set_email(desk.db, visit.person, visit.person.id, typed, visit.now)
    except Invalid as invalid:
        return _page(request, desk, visit, status=422, errors=invalid.fields, typed={"email": typed})
    return RedirectResponse("/my?email#email", 303)


@router.post("/my/feed")
def renew(request: Request, desk: DeskArg, visit: VisitArg, posted: PostedArg) -> Response:
    """Make a new calendar link; it is shown once."""
    secret = people.renew_feed(desk.db, visit.person)
    address = f"{desk.settings.base_url}/feed/{secret}.ics"
    return _page(request, desk, visit, feed_address=address)


@router.post("/my/tokens")
def make_token(request: Request, desk: DeskArg, visit: VisitArg, posted: PostedArg) -> Response:
    """Make an API token; it is shown once."""
    token = people.make_api_token(desk.db, visit.person, posted.text("name"), now=visit.now)
    return _page(request, desk, visit, token=token)


@router.post("/my/tokens/{token_id}/revoke")
def revoke_token(desk: DeskArg, visit: VisitArg, token_id: int, posted: PostedArg) -> Response:
    """End one of one's API tokens."""
    people.revoke_api_token(desk.db, visit.person, token_id, visit.now)
    return RedirectResponse("/my#tokens", 303)


@router.post("/my/feed/end")
def end_feed(desk: DeskArg, visit: VisitArg, posted: PostedArg) -> Response:
    """End the calendar link without making another."""
    people.end_feed(desk.db, visit.person)
    return RedirectResponse("/my#calendar", 303)


@router.get("/feed/{secret}.ics")
def calendar(request: Request, desk: DeskArg, secret: str, scope: str = "") -> Response:
    """Return the calendar of whoever the secret belongs to; no sign-in, so that calendar programs can read it.

    `scope=all` is for those who oversee the organization. Whoever guesses is slowed down, and told the same of a link
    that was never made and of one that has ended.

    Raises: HTTPException 404 for an unknown secret, 429 for too many of them.
    """
    with desk.db.read() as session:
        person = people.person_of_feed(session, secret) if len(secret) >= 20 else None
        if person is None:
            visitors: Visitors = request.app.state.visitors
            visitors.count(address_of(request), now_of(request))
            raise HTTPException(404)
        now, base = now_of(request), desk.settings.base_url
        data = person_feed(session, person, base, now, everything=scope == "all")
    tag = f'"{sha256(data).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
    asked = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    if tag in asked or "*" in asked:
        return Response(status_code=304, headers=headers)
    return Response(data, media_type="text/calendar; charset=utf-8", headers=headers)


def _page(
    request: Request,
    desk: Desk,
    visit: Visit,
    *,
    status: int = 200,
    errors: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
    feed_address: str = "",
    token: str = "",
) -> Response:
    with desk.db.read() as session:
        tokens = desk_queries.tokens_of(session, visit.person)
        has_feed = desk_queries.has_feed(session, visit.person)
        me = desk_queries.user_of(session, visit.person.org_id, visit.person.id)
        address = address_of_person(session, visit.person)
    rows = PASSWORDS + EMAIL
    values = {"email": me.email, **(typed or {})}
    return desk.screens.page(
        request, "my.html", visit.words, status=status, visit=visit, tokens=tokens, has_feed=has_feed, me=me,
        f={f.name: f for f in plain_fields(rows, visit.words, values, errors or {})}, feed_address=feed_address,
        token=token, address=address, email_saved="email" in request.query_params,
    )  # fmt: skip
