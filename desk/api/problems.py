"""Failures as problem responses (RFC 9457): Chinese with an English twin."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from cases.advance import Refused
from cases.errors import ActionError, Invalid, Kind
from cases.files import StoreDown
from cases.outages import outage_of
from desk.shapes import Problem, UnmetShape
from rules.packs import UnknownRule

LOG = logging.getLogger("panhuo.api")
MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:panhuo:problem:"

STATUS: Mapping[Kind, int] = {
    "missing": 404,
    "forbidden": 403,
    "conflict": 409,
    "invalid": 422,
    "refused": 409,
}
TITLES: Mapping[str, str] = {
    "missing": "没有找到",
    "forbidden": "无权办理",
    "conflict": "冲突",
    "invalid": "填写有误",
    "refused": "现在不能办理",
    "unauthenticated": "未登录",
    "too_large": "内容过大",
    "malformed": "请求无法读取",
    "not_allowed": "不支持的请求方式",
    "unavailable": "暂时不能使用",
    "failed": "服务器内部错误",
}
# What the framework itself answers: status → (kind, Chinese, English).
FRAMEWORK: Mapping[int, tuple[str, str, str]] = {
    400: ("malformed", "请求内容无法读取，请检查格式后重试", "the request could not be read"),
    401: ("unauthenticated", "请在请求头Authorization中提供有效的Bearer令牌", "a bearer token is needed"),
    404: ("missing", "没有这个接口地址，请对照接口说明检查路径", "there is no such address"),
    405: ("not_allowed", "该地址不支持这种请求方式，请对照接口说明", "this method is not allowed here"),
    413: ("too_large", "上传内容超过大小上限，请拆分后重试", "the body is too large"),
    415: ("malformed", "不支持的内容类型，请使用application/json", "use application/json"),
}
# Pydantic's fault → Chinese reason; `{…}` are taken from the fault's context.
FAULTS: Mapping[str, str] = {
    "missing": "此项必填",
    "extra_forbidden": "没有这个填写项，请删除",
    "string_type": "应填写文字",
    "string_too_short": "至少{min_length}个字",
    "string_too_long": "最多{max_length}个字",
    "string_pattern_mismatch": "格式不正确",
    "bool_type": "应为true或false",
    "bool_parsing": "应为true或false",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_parsing_size": "数字过大",
    "int_from_float": "应为整数",
    "greater_than": "应大于{gt}",
    "greater_than_equal": "不能小于{ge}",
    "less_than": "应小于{lt}",
    "less_than_equal": "不能大于{le}",
    "list_type": "应为列表",
    "dict_type": "应为对象",
    "model_type": "应为对象",
    "model_attributes_type": "应为JSON对象，请求头Content-Type应为application/json",
    "too_short": "至少{min_length}项",
    "too_long": "最多{max_length}项",
    "date_type": "应为日期，例如2026-03-01",
    "date_parsing": "应为日期，例如2026-03-01",
    "date_from_datetime_parsing": "应为日期，例如2026-03-01",
    "date_from_datetime_inexact": "应为日期，不带时间，例如2026-03-01",
    "literal_error": "请从列出的取值中选择",
    "json_invalid": "不是有效的JSON",
}
PLACES = frozenset({"body", "query", "path", "header"})
Handler = Callable[[Request, Any], Awaitable[Response]]


class TooLarge(HTTPException):
    """The body exceeds the limit of its address."""

    def __init__(self, limit: int) -> None:
        super().__init__(413)
        self.limit = limit


class Unauthenticated(HTTPException):
    """No token, or one that nobody holds."""

    def __init__(self) -> None:
        super().__init__(401, headers={"WWW-Authenticate": 'Bearer realm="panhuo"'})


def problem(
    kind: str,
    status: int,
    detail: str,
    detail_en: str,
    *,
    fields: Mapping[str, str] | None = None,
    unmet: list[UnmetShape] | None = None,
) -> Problem:
    """Build a problem."""
    title = TITLES.get(kind, HTTPStatus(status).phrase)
    return Problem(
        type=TYPE_PREFIX + kind, title=title, status=status, detail=detail, detail_en=detail_en,
        fields=dict(fields) if fields else None, unmet=unmet,
    )  # fmt: skip


def problem_of(error: ActionError) -> Problem:
    """Return what a failed action looks like from outside."""
    fields = error.fields if isinstance(error, Invalid) else None
    unmet = [UnmetShape.of(one) for one in error.unmet] if isinstance(error, Refused) else None
    status = STATUS[error.kind]
    return problem(error.kind, status, error.message, error.message_en, fields=fields, unmet=unmet)


def answer(found: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Return the response of a problem."""
    body = found.model_dump_json(exclude_none=True).encode("utf-8", "replace")
    return Response(body, found.status, dict(headers or {}), media_type=MEDIA_TYPE)


def respond(error: Exception) -> Response | None:
    """Return the response of a known failure; None for one that nobody foresaw."""
    match error:
        case ActionError():
            return answer(problem_of(error))
        case RequestValidationError():
            return answer(_invalid(error))
        case HTTPException():
            return answer(_framework(error), error.headers)
        case StoreDown():
            return answer(problem("unavailable", 503, error.message, error.message_en))
        case UnknownRule():
            text = f"{error.on.isoformat()}没有适用的规则{error.rule_id}，请检查日期"
            return answer(problem("invalid", 422, text, f"no rule {error.rule_id} on {error.on.isoformat()}"))
    if (outage := outage_of(error)) is not None:
        LOG.error("%s: %s", outage.en, type(error).__name__, exc_info=error)
        return answer(problem("unavailable", outage.status, outage.zh, outage.en), {"Retry-After": "30"})
    return None


def _invalid(error: RequestValidationError) -> Problem:
    fields = {_name(fault["loc"]): _reason(fault) for fault in error.errors()}
    told = "；".join(f"{name}：{reason}" for name, reason in fields.items())
    detail = f"请求内容有误，请改正后重新提交。{told}"
    return problem("invalid", 422, detail, f"invalid: {', '.join(fields)}", fields=fields)


def _name(loc: tuple[int | str, ...]) -> str:
    """Name a fault's place as `patent_ids.0`; positions inside broken JSON are left out."""
    named = [str(part) for part in (loc[1:] if loc[:1] and loc[0] in PLACES else loc)]
    return ".".join(named) if named and not named[0].isdigit() else "body"


def _reason(fault: Mapping[str, Any]) -> str:
    context = fault.get("ctx", {})
    if fault["type"] == "value_error":
        return str(getattr(context.get("error"), "reason", "") or context.get("error") or "填写有误")
    if fault["type"] == "literal_error":
        return f"请从列出的取值中选择：{context.get('expected', '')}"
    return FAULTS.get(fault["type"], "填写有误").format(**context)


def _framework(error: HTTPException) -> Problem:
    if isinstance(error, TooLarge):
        limit = f"{error.limit // 1024 // 1024}MB"
        detail = f"上传内容超过{limit}上限，请拆分后重试"
        return problem("too_large", 413, detail, f"the body exceeds {limit}")
    default = ("malformed", "请求无法处理", HTTPStatus(error.status_code).phrase)
    kind, detail, detail_en = FRAMEWORK.get(error.status_code, default)
    return problem(kind, error.status_code, detail, detail_en)


async def _known(_request: Request, error: Exception) -> Response:
    found = respond(error)
    if found is None:
        raise error
    return found


async def _unforeseen(_request: Request, _error: Exception) -> Response:
    text = "服务器内部错误，本次请求没有生效。请稍后重试；仍然失败的，请联系管理员查看日志"
    return answer(problem("failed", 500, text, "internal error, see the log"))


def problem_handlers() -> dict[type[Exception], Handler]:
    """Return the handlers of failures that happen outside the API's own routes, for paths under /api.

    The routes answer their own failures; these cover unknown addresses, wrong methods and what nobody
    foresaw.
    """
    return {
        ActionError: _known,
        RequestValidationError: _known,
        HTTPException: _known,
        StoreDown: _known,
        Exception: _unforeseen,
    }
