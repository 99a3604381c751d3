"""Every failure becomes a page that says what happened and what to do; details go to the log, under an id."""

import logging
from dataclasses import dataclass, replace
from secrets import token_hex
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cases.errors import ActionError, Invalid, Kind
from cases.files import StoreDown
from cases.outages import outage_of
from desk.api.problems import answer, problem, respond
from desk.web.desk_state import SignInNeeded, Visit, desk_of, visit_of, words_of
from desk.web.i18n import Words
from desk.web.metrics import template_of
from desk.web.security import TooLarge
from rules.packs import PackError

LOG = logging.getLogger("panhuo.desk")
STATUS: dict[Kind, int] = {"missing": 404, "forbidden": 403, "conflict": 409, "invalid": 422, "refused": 422}


@dataclass(frozen=True, slots=True)
class Told:
    """What an error page tells: a title, what happened and what to do (Chinese; English in the catalogue)."""

    title: str
    what: str
    todo: str


TEXTS: dict[int, tuple[str, str, str]] = {
    401: (
        "登录已过期",
        "您尚未登录，或登录已超过12小时。",
        "请在新标签页重新登录，再回到本页重新提交，填写的内容不会丢失。",
    ),
    403: (
        "没有权限",
        "您不能进行这项操作，或页面的安全令牌已失效。",
        "请返回上一页刷新后重试；需要权限的，请联系管理员。",
    ),
    404: ("没有找到", "这个页面或记录不存在，或不属于您所在的单位。", "请从左侧菜单重新进入。"),
    405: ("操作方式不正确", "这个地址不支持这样的访问方式。", "请从左侧菜单重新进入。"),
    409: ("数据已被更新", "别人刚刚修改了同一份数据。", "请刷新页面，核对后重新提交。"),
    413: (
        "文件太大",
        "上传内容超过上限，没有保存任何内容。",
        "单个文件不能超过50 MB。请删去无关的工作表或拆分后重新上传。",
    ),
    422: ("填写有误", "提交的内容不符合要求，没有保存任何更改。", "请返回上一页改正后重新提交。"),
    429: ("查询过于频繁", "同一网络地址的查询次数过多，暂时不能查询。", "请一分钟后再试。"),
    503: (
        "暂时不能使用",
        "数据或文件暂时不能读写，已有的数据和文件没有丢失。",
        "请稍后重试；持续不能使用的，请联系管理员。",
    ),
    507: ("磁盘空间不足", "磁盘空间已满，没有保存任何更改。", "请联系管理员清理磁盘空间，随后重新提交。"),
    500: (
        "系统出错",
        "系统没有完成这次操作，数据没有改变。",
        "请稍后重试；仍然出错的，请把错误编号告诉管理员。",
    ),
}
TITLES: dict[Kind, str] = {"refused": "现在不能办理", "conflict": "暂时不能办理"}
PACK_FAULT = "规则包不能使用"
CSRF = "页面的安全令牌已失效，可能是因为重新登录过。请刷新页面后重新提交。"
TOO_LARGE = "上传内容超过%(limit)s MB的上限，没有保存任何内容。请删去无关的工作表或拆分后重新上传。"


def told(status: int, words: Words) -> Told:
    """Return the text of an error page."""
    return Told(*(words(text) for text in TEXTS.get(status, TEXTS[500])))


def install(app: FastAPI) -> None:
    """Register the pages of failures."""
    app.add_exception_handler(SignInNeeded, _sign_in_needed)
    app.add_exception_handler(ActionError, _action_error)
    app.add_exception_handler(PackError, _pack_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _invalid_address)
    app.add_exception_handler(StoreDown, _store_down)


def page(
    request: Request, status: int, message: str = "", *, error_id: str = "", title: str = ""
) -> Response:
    """Return the page of a failure; a program that asked the API gets JSON."""
    visit = _visit(request) if status < 500 else None
    words = visit.words if visit else words_of(request)
    text = told(status, words)
    if title:
        text = replace(text, title=words(title))
    if request.url.path.startswith("/api/"):
        return answer(problem("failed", status, f"{text.what}{text.todo}", "internal error, see the log"))
    return desk_of(request).screens.page(
        request, "error.html", words, status=status, visit=visit, error=text, message=message, code=status,
        error_id=error_id,
    )  # fmt: skip


def _visit(request: Request) -> Visit | None:
    """Return who is visiting, also where no page has asked yet, for instance at an unknown address."""
    known: Visit | None = getattr(request.state, "visit", None)
    if known is not None or request.url.path.startswith("/api/"):
        return known
    try:
        return visit_of(request)
    except SignInNeeded:
        return None


def _sign_in_needed(request: Request, _error: Exception) -> Response:
    if request.method not in ("GET", "HEAD"):
        return page(request, 401)
    target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    address = "/sign-in" if target == "/" else f"/sign-in?next={quote(target)}"
    if request.headers.get("HX-Request"):
        return HTMLResponse("", 401, {"HX-Redirect": address})
    return RedirectResponse(address, 303)


def _action_error(request: Request, error: Exception) -> Response:
    if found := _api_answer(request, error):
        return found
    if not isinstance(error, ActionError):
        raise error
    visit: Visit | None = getattr(request.state, "visit", None)
    words = visit.words if visit else words_of(request)
    message = words.pick(error.message, error.message_en)
    if isinstance(error, Invalid) and error.fields:
        message = "；".join([message, *error.fields.values()])
    return page(request, STATUS[error.kind], message, title=TITLES.get(error.kind, ""))


def _pack_error(request: Request, error: Exception) -> Response:
    """Answer where the institution's rule packs have become unusable: the administrator can mend them."""
    LOG.error("rule pack: %s", error)
    return page(request, 409, str(error), title=PACK_FAULT)


def _store_down(request: Request, error: Exception) -> Response:
    """Answer while the file store is away."""
    LOG.error("file store: %s", error)
    return _api_answer(request, error) or page(request, 503, str(error))


def _http_error(request: Request, error: Exception) -> Response:
    if found := _api_answer(request, error):
        return found
    if not isinstance(error, HTTPException):
        raise error
    visit: Visit | None = getattr(request.state, "visit", None)
    _ = visit.words if visit else words_of(request)
    message = ""
    if isinstance(error, TooLarge):
        limit = (error.limit // 1024 // 1024) - (1 if error.limit > 10 * 1024 * 1024 else 0)
        message = _(TOO_LARGE, limit=limit)
    elif error.detail == "csrf":
        message = _(CSRF)
    return page(request, error.status_code, message)


def _api_answer(request: Request, error: Exception) -> Response | None:
    """Return the API's own form of a failure, for its addresses."""
    return respond(error) if request.url.path.startswith("/api/") else None


def _invalid_address(request: Request, error: Exception) -> Response:
    """Answer an address or query value that is not of its type: nothing stands there."""
    if found := _api_answer(request, error):
        return found
    return page(request, 404)


class LastResort:
    """Catches what nothing else caught: the reader gets an error id, the log the cause."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            if _has_nul(scope):
                await page(Request(scope), 404)(scope, receive, watched)
                return
            await self.app(scope, receive, watched)
        except Exception as error:
            error_id = token_hex(4)
            LOG.exception("error %s at %s %s", error_id, scope["method"], template_of(scope))
            if started:
                raise
            answer = _last_page(Request(scope), error, error_id)
            await answer(scope, receive, send)


def _last_page(request: Request, error: Exception, error_id: str) -> Response:
    """Return the page of a failure that nothing foresaw, or of an outage: no space, no database."""
    outage = outage_of(error)
    if outage is None:
        return page(request, 500, error_id=error_id)
    found = page(request, outage.status, words_of(request).pick(outage.zh, outage.en), error_id=error_id)
    found.headers["Retry-After"] = "30"
    return found


def _has_nul(scope: Scope) -> bool:
    """Say whether an address carries a NUL, which no record can hold."""
    return "\x00" in scope["path"] or b"%00" in scope["query_string"]
