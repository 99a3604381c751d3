"""The portal's pages of patents: those recommended, the pool, favorites; one patent's card, and its evaluation."""

from datetime import UTC, datetime
from secrets import token_urlsafe
from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cases.enterprise_codes import MESSAGES, REASONS
from cases.errors import Conflict, Invalid
from cases.industries import NAMES as INDUSTRIES
from cases.portal import (
    LISTS,
    PAGE_SIZE,
    PublicPatent,
    ask,
    evaluate,
    evaluations_for,
    mark,
    open_patent,
    patents_for,
    subscribe,
    subscribed,
)
from cases.tokens import parts_of, signed, token_key
from desk.web.desk_state import Desk, DeskArg
from desk.web.i18n import Words
from desk.web.paging import Pages, page_number
from desk.web.portal.portal_state import (
    HOME,
    PortalPostedArg,
    PortalVisit,
    PortalVisitArg,
    own_page,
    portal_path,
)
from rules.evaluations import HEADS

router = APIRouter(prefix=HOME)
FORM = "enterprise-evaluation"
# What a level of the form stands for.
LEVELS = (
    (100, "很高", "Very high"), (80, "较高", "High"), (60, "一般", "Fair"), (40, "较低", "Low"), (20, "很低", "Very low"),
)  # fmt: skip
ADDRESSES = {"pushed": HOME, "pool": f"{HOME}/pool", "favorites": f"{HOME}/favorites"}


@router.get("")
def pushed(request: Request, desk: DeskArg, visit: PortalVisitArg, page: str = "1", q: str = "") -> Response:
    """List the patents recommended to the enterprise."""
    return _list(request, desk, visit, "pushed", page, q)


@router.get("/pool")
def pool(
    request: Request, desk: DeskArg, visit: PortalVisitArg, page: str = "1", q: str = "", industry: str = ""
) -> Response:
    """List the patents of the institution's pool."""
    return _list(request, desk, visit, "pool", page, q, industry)


@router.get("/favorites")
def favorites(
    request: Request, desk: DeskArg, visit: PortalVisitArg, page: str = "1", q: str = ""
) -> Response:
    """List the enterprise's favorites, beside the industries that it subscribes to."""
    return _list(request, desk, visit, "favorites", page, q)


def _list(
    request: Request, desk: Desk, visit: PortalVisit, which: str, page: str, q: str, industry: str = ""
) -> Response:
    number, industry = page_number(page), industry if industry in INDUSTRIES else ""
    with desk.db.read() as session:
        rows, total = patents_for(session, visit.visitor, which, q=q[:100], industry=industry, page=number)
        chosen = subscribed(session, visit.visitor)
    pages = Pages(number, PAGE_SIZE, total, ADDRESSES[which], {"q": q[:100], "industry": industry})
    return own_page(
        request, desk, visit, "patents.html", which=which, lists=LISTS, rows=rows, pages=pages, q=q[:100],
        industry=industry, industries=_names(INDUSTRIES, visit.words), chosen=chosen,
        saved="saved" in request.query_params,
    )  # fmt: skip


def _names(labels: Any, words: Words) -> list[tuple[str, str]]:
    return [(code, words.pick(*names)) for code, names in labels.items()]


@router.post("/subscriptions")
def subscriptions(desk: DeskArg, visit: PortalVisitArg, posted: PortalPostedArg) -> Response:
    """Subscribe to industries."""
    subscribe(desk.db, visit.visitor, posted.texts("industries"), now=visit.now)
    return RedirectResponse(f"{HOME}/favorites?saved", 303)


@router.get("/patents/{patent_id}")
def show(request: Request, desk: DeskArg, visit: PortalVisitArg, patent_id: int) -> Response:
    """Show a patent's card; the look goes on record."""
    return _card(request, desk, visit, patent_id)


def _card(
    request: Request, desk: Desk, visit: PortalVisit, patent_id: int, *, status: int = 200, failed: str = "",
    typed: dict[str, str] | None = None, errors: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    patent = open_patent(desk.db, visit.visitor, patent_id, now=visit.now)
    with desk.db.read() as session:
        own = evaluations_for(session, visit.visitor, patent_id)
    values = typed or {}
    return own_page(
        request, desk, visit, "patent.html", status=status, patent=patent, own=own, failed=failed,
        reasons=_reasons(patent, visit.words), heads=[(key, visit.words.pick(*pair)) for key, pair in HEADS.items()],
        levels=[(score, visit.words.pick(zh, en)) for score, zh, en in LEVELS], typed=values, errors=errors or {},
        form=values.get("form") or _form_of(desk, visit, patent_id), kinds=_names(MESSAGES, visit.words),
        done=request.query_params.get("done", ""),
    )  # fmt: skip


def _reasons(patent: PublicPatent, words: Words) -> list[tuple[str, str]]:
    return [
        (words.pick(*REASONS[one["kind"]]), one["text"])
        for one in orjson.loads(patent.reasons)
        if one["kind"] in REASONS
    ]


def _form_of(desk: Desk, visit: PortalVisit, patent_id: int) -> str:
    """Return a form's name: whose it is, of which patent and since when, with our mark on it."""
    key = token_key(desk.db, visit.now)
    since = int(visit.now.timestamp())
    return signed(key, FORM, visit.visitor.id, patent_id, since, token_urlsafe(9).replace(".", "-"))


@router.post("/patents/{patent_id}/evaluation")
def send(
    request: Request, desk: DeskArg, visit: PortalVisitArg, patent_id: int, posted: PortalPostedArg
) -> Response:
    """Keep the enterprise's evaluation."""
    typed = dict(posted.values())
    parts = parts_of(token_key(desk.db, visit.now), FORM, typed.get("form", ""))
    if parts is None or parts[:2] != (str(visit.visitor.id), str(patent_id)):
        stale = visit.words("表单已失效，请核对后重新提交。")
        return _card(request, desk, visit, patent_id, status=422, typed={**typed, "form": ""}, failed=stale)
    try:
        evaluate(
            desk.db, visit.visitor, patent_id, typed, opened=datetime.fromtimestamp(int(parts[2]), UTC),
            key=parts[3], now=visit.now,
        )  # fmt: skip
    except Conflict:
        pass  # the same form was sent twice: it is kept, and that is what the page says
    except Invalid as invalid:
        told = visit.words.pick(invalid.message, invalid.message_en)
        return _card(
            request, desk, visit, patent_id, status=422, typed=typed, failed=told, errors=dict(invalid.fields)
        )
    return RedirectResponse(f"{HOME}/patents/{patent_id}?done=evaluated", 303)


@router.post("/patents/{patent_id}/favorite")
def favorite(desk: DeskArg, visit: PortalVisitArg, patent_id: int, posted: PortalPostedArg) -> Response:
    """Keep a patent among the favorites, or let it go."""
    mark(desk.db, visit.visitor, patent_id, posted.text("on") == "yes", now=visit.now)
    return RedirectResponse(portal_path(posted.text("next") or f"{HOME}/patents/{patent_id}"), 303)


@router.post("/patents/{patent_id}/messages")
def say(
    request: Request, desk: DeskArg, visit: PortalVisitArg, patent_id: int, posted: PortalPostedArg
) -> Response:
    """Take in a message about a patent."""
    typed = dict(posted.values())
    try:
        ask(
            desk.db,
            visit.visitor,
            patent_id,
            typed.get("kind", ""),
            posted.text("body")[:4000],
            now=visit.now,
        )
    except Invalid as invalid:
        told = visit.words.pick(invalid.message, invalid.message_en)
        return _card(request, desk, visit, patent_id, status=422, typed=typed, failed=told)
    return RedirectResponse(f"{HOME}/messages?sent", 303)
