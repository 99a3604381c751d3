"""Prefect's own pages for administrators, behind the desk's sign-in: asked by the desk, never reached from outside.

The desk adds Prefect's password, so that nobody types it or can read it. A request that changes something must come
from a page of this desk: the session's cookie is same-site, and the browser says where a request comes from.
"""

import logging
from collections.abc import AsyncIterator
from typing import Annotated
from urllib.parse import urlsplit

import httpx
from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from sqlmodel import func, select
from starlette.background import BackgroundTask

from cases.errors import Forbidden
from cases.settings import Settings
from cases.tables import Organization
from desk.web.desk_state import DeskArg, Visit
from desk.web.failures import page
from desk.web.security import AdministratorArg
from flows.environment import UI_BASE, prefect_environment

logging.getLogger("httpx").setLevel(logging.WARNING)  # It tells every request otherwise.
router = APIRouter(prefix=UI_BASE)
SECONDS = 30
READING = ("GET", "HEAD")
METHODS = (*READING, "POST", "PUT", "PATCH", "DELETE")
# What Prefect may know of a request; the desk's cookies and tokens stay here.
PASSED_ON = (
    "accept",
    "accept-language",
    "content-type",
    "if-none-match",
    "if-modified-since",
    "x-prefect-api-version",
)
PASSED_BACK = ("content-type", "content-encoding", "etag", "last-modified", "cache-control", "location")
AWAY_TITLE = "流程引擎没有应答"
AWAY = "流程引擎正在启动，或者已经停止。办理业务不受影响，后台任务会在它恢复后继续。"
# Its pages carry styles of their own and keep drawings in data addresses; they may speak to the desk alone.
POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "worker-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'self'"
)


def keeper(desk: DeskArg, visit: AdministratorArg) -> Visit:
    """Return the visit of an administrator of the installation: of the institution that was founded first.

    Prefect knows no institutions: whoever sees its pages sees the runs of all of them.

    Raises: Forbidden.
    """
    with desk.db.read() as session:
        first = session.exec(select(func.min(Organization.id))).one()
    if visit.person.org_id != first:
        raise Forbidden(
            "流程引擎由本系统最先建立的机构管理，请联系该机构的管理员",
            "this page is for the installation's administrators",
        )
    return visit


KeeperArg = Annotated[Visit, Depends(keeper)]


def own_page(request: Request, visit: KeeperArg) -> Visit:
    """Return the visit if a request that changes something comes from a page of this desk.

    Raises: Forbidden; HTTPException 403.
    """
    if request.method not in READING and not _is_from_here(request):
        raise HTTPException(403, "origin")
    return visit


def _is_from_here(request: Request) -> bool:
    origin = request.headers.get("origin", "")
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    return bool(origin) and urlsplit(origin).netloc == request.headers.get("host", "")


@router.get("")
def enter(visit: KeeperArg) -> Response:
    """Lead to the first page."""
    return RedirectResponse(f"{UI_BASE}/dashboard", 303)


@router.get("/ui-settings")
def ui_settings(visit: KeeperArg) -> Response:
    """Tell Prefect's pages where to ask, and that nobody has to type a password."""
    told = {"api_url": f"{UI_BASE}/api", "csrf_enabled": False, "auth": None, "flags": [], "default_ui": "v1",
            "available_uis": ["v1"], "v1_base_url": UI_BASE, "v2_base_url": None}  # fmt: skip
    return JSONResponse(told)


@router.api_route("/{path:path}", methods=list(METHODS))
async def pass_on(
    request: Request, desk: DeskArg, visit: Annotated[Visit, Depends(own_page)], path: str
) -> Response:
    """Ask Prefect's server and hand its answer back as it comes."""
    client = httpx.AsyncClient(timeout=SECONDS, trust_env=False)
    try:
        answer = await client.send(_asked(client, request, desk.settings, path), stream=True)
    except httpx.HTTPError:
        await client.aclose()
        return _away(request, visit)
    headers = {name: answer.headers[name] for name in PASSED_BACK if name in answer.headers}
    headers["Content-Security-Policy"] = POLICY
    if path.startswith("assets/"):
        headers["cache-control"] = "private, max-age=604800"

    async def close() -> None:
        await answer.aclose()
        await client.aclose()

    body = answer.aiter_raw()
    return StreamingResponse(body, answer.status_code, headers, background=BackgroundTask(close))


def _asked(client: httpx.AsyncClient, request: Request, settings: Settings, path: str) -> httpx.Request:
    environment = prefect_environment(settings)
    api = environment["PREFECT_API_URL"]
    root = api.removesuffix("/api")
    target = f"{root}/{path}" if path.startswith("api/") else f"{root}{UI_BASE}/{path}"
    user, _, password = environment["PREFECT_API_AUTH_STRING"].partition(":")
    headers = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
    headers["accept-encoding"] = request.headers.get("accept-encoding", "identity")
    content = None if request.method in READING else _body(request)
    asked = client.build_request(
        request.method, target, params=httpx.QueryParams(request.url.query), headers=headers, content=content
    )
    next(httpx.BasicAuth(user, password).auth_flow(asked))
    return asked


async def _body(request: Request) -> AsyncIterator[bytes]:
    async for part in request.stream():
        yield part


def _away(request: Request, visit: Visit) -> Response:
    if "/api/" in request.url.path:
        return JSONResponse({"detail": "the flow engine does not answer"}, 503)
    return page(request, 503, visit.words(AWAY), title=AWAY_TITLE)
