"""The self-rating by a personal link: no account, own patents only, made for a phone.

Whoever guesses is slowed down by network address, and told the same of a link that was never made and of one that has
ended. A good link is slowed down too, by itself.
"""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cases import rating_by_link
from cases.errors import ActionError, Invalid, NotFound
from cases.profile_fields import WILLINGNESS
from cases.rating_links import Holder, holder_of, note_consent, note_opened
from cases.stocktake_answers import CHOICES, blanks
from desk.web.desk_state import Desk, DeskArg, WordsArg, address_of, now_of
from desk.web.i18n import Words
from desk.web.pages.signin import GuestForm, guest_page
from desk.web.reasons import reason
from desk.web.security import Posted
from desk.web.visitors import Visitors
from states.stocktaking import STATES

router = APIRouter(prefix="/rate")
PER_MINUTE = 120  # of one link; what is typed is kept as it is typed


@router.get("/{secret}")
def show(request: Request, desk: DeskArg, words: WordsArg, secret: str) -> Response:
    """Show the holder's patents, or ask first whether the link is theirs."""
    holder = _holder(request, desk, secret)
    if holder is None:
        return _gone(request, desk, words)
    note_opened(desk.db, holder, now_of(request))
    return _list(request, desk, words, secret, holder)


@router.post("/{secret}")
def consent(request: Request, desk: DeskArg, words: WordsArg, secret: str, form: GuestForm) -> Response:
    """Note that the holder uses their own link."""
    holder = _holder(request, desk, secret)
    if holder is None:
        return _gone(request, desk, words)
    if Posted(form).text("consent") != "yes":
        told = words("请先勾选确认。")
        return _list(request, desk, words, secret, holder, failed=told)
    note_consent(desk.db, holder, now_of(request))
    first = _next(desk, holder, 0)
    return RedirectResponse(f"/rate/{secret}/{first}" if first else f"/rate/{secret}", 303)


@router.get("/{secret}/{patent}")
def form_of(
    request: Request, desk: DeskArg, words: WordsArg, secret: str, patent: int, copy: str = ""
) -> Response:
    """Show the form of one patent, as it was kept; with `copy`, filled in as the last one."""
    holder = _holder(request, desk, secret)
    if holder is None:
        return _gone(request, desk, words)
    if not holder.consented:
        return RedirectResponse(f"/rate/{secret}", 303)
    typed = rating_by_link.as_the_last(desk.db, holder, patent) if copy else None
    return _form(request, desk, words, secret, holder, patent, typed=typed)


@router.post("/{secret}/{patent}")
def answer(
    request: Request, desk: DeskArg, words: WordsArg, secret: str, patent: int, form: GuestForm
) -> Response:
    """Keep what was typed, or submit it and go on to the next patent."""
    holder = _holder(request, desk, secret)
    if holder is None:
        return _gone(request, desk, words)
    posted = Posted(form)
    typed: dict[str, Any] = {**posted.values(), "willingness": posted.texts("willingness")}
    kept = {name: value for name, value in typed.items() if name not in ("do", "version")}
    try:
        if posted.text("do") != "submit":
            rating_by_link.keep_half(desk.db, holder, patent, kept)
            half = request.headers.get("HX-Request") == "true"
            return Response(status_code=204) if half else RedirectResponse(f"/rate/{secret}?kept", 303)
        rating_by_link.submit(
            desk.db, holder, patent, typed, expected_version=posted.number("version"), now=now_of(request),
            address=address_of(request),
        )  # fmt: skip
    except NotFound:
        return _gone(request, desk, words)
    except ActionError as error:
        return _form(request, desk, words, secret, holder, patent, typed=typed, failed=error)
    following = _next(desk, holder, patent)
    return RedirectResponse(f"/rate/{secret}/{following}?rated" if following else f"/rate/{secret}?all", 303)


def _holder(request: Request, desk: Desk, secret: str) -> Holder | None:
    """Return who holds a good link; count the question either way.

    Raises: HTTPException 429 once there were too many.
    """
    now = now_of(request)
    holder = holder_of(desk.db, secret, now)
    guests: Visitors = request.app.state.visitors
    raters: Visitors = request.app.state.raters
    if holder is None:
        guests.count(address_of(request), now)
    else:
        raters.count(str(holder.link_id), now)
    return holder


def _next(desk: Desk, holder: Holder, behind: int) -> int:
    """Return the next patent to rate, first those behind one; 0 if all are rated."""
    items = rating_by_link.own_items(desk.db, holder)
    order = [item.id for item in items]
    start = order.index(behind) + 1 if behind in order else 0
    waiting = {item.id for item in items if item.to_rate}
    return next((id_ for id_ in order[start:] + order[:start] if id_ in waiting), 0)


def _gone(request: Request, desk: Desk, words: Words) -> Response:
    response = guest_page(request, desk, words, "rate_gone.html", status=404)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _list(
    request: Request, desk: Desk, words: Words, secret: str, holder: Holder, *, failed: str = ""
) -> Response:
    items = rating_by_link.own_items(desk.db, holder) if holder.consented else ()
    response = guest_page(
        request, desk, words, "rate.html", status=422 if failed else 200, holder=holder, items=items, secret=secret,
        states=STATES, failed=failed, kept="kept" in request.query_params, through="all" in request.query_params,
        left=sum(item.to_rate for item in items),
    )  # fmt: skip
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _form(
    request: Request, desk: Desk, words: Words, secret: str, holder: Holder, patent: int, *,
    typed: Mapping[str, Any] | None = None, failed: ActionError | None = None,
) -> Response:  # fmt: skip
    try:
        item = rating_by_link.own_item(desk.db, holder, patent)
    except NotFound:
        return _gone(request, desk, words)
    items = rating_by_link.own_items(desk.db, holder)
    fields = failed.fields if isinstance(failed, Invalid) else {}
    response = guest_page(
        request, desk, words, "rate_item.html", status=422 if failed else 200, holder=holder, item=item, secret=secret,
        typed=blanks(item.typed if typed is None else typed), choices=CHOICES, willingness=WILLINGNESS, states=STATES,
        errors=blanks({name: reason(words, text) for name, text in fields.items()}),
        failed=words.pick(failed.message, failed.message_en) if failed else "",
        place=[one.id for one in items].index(item.id) + 1, total=len(items),
        has_last=bool(rating_by_link.as_the_last(desk.db, holder, patent)), rated="rated" in request.query_params,
    )  # fmt: skip
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
