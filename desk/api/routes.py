"""The route class of the API: who asks, how much they send and what it is made of, before anything is parsed.

Order: token → length → JSON that the record can keep → endpoint. Every failure that was foreseen leaves as a
problem response.
"""

import json
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from typing import Any
from urllib.parse import unquote

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute
from starlette.requests import ClientDisconnect

from cases.errors import Invalid
from cases.people import person_of_api_token
from cases.scope import Person, check_reach
from desk.api.problems import TooLarge, Unauthenticated, respond

MAX_JSON = 1024 * 1024
MAX_UPLOAD = 50 * 1024 * 1024
ENVELOPE = 64 * 1024
MAX_DRAINED = 512 * 1024 * 1024
MAX_DEPTH = 12
MAX_WHOLE = 2**53
MAX_TEXT = 20_000

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]


class ApiRoute(APIRoute):
    """A route that answers its own failures."""

    max_body = MAX_JSON

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap FastAPI's handler."""
        original = super().get_route_handler()
        limit = self.max_body

        async def handle(request: Request) -> Response:
            try:
                _check_address(request)
                request.state.person = await run_in_threadpool(_person, request)
                check_reach(request.state.person.role, request.url.path)
                limited = Request(request.scope, _counted(request, limit))
                if limit == MAX_JSON:
                    await _check_json(limited)
                return await original(limited)
            except ClientDisconnect:
                return Response(status_code=400)
            except Exception as error:
                if isinstance(error, TooLarge):
                    await _drain(request)
                answer = respond(error)
                if answer is None:
                    raise
                return answer

        return handle


class UploadRoute(ApiRoute):
    """A route that takes a file, streamed to disk."""

    max_body = MAX_UPLOAD + ENVELOPE


def _person(request: Request) -> Person:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        with request.app.state.db.read() as session:
            found = person_of_api_token(session, token.strip())
        if found is not None:
            return found.through("api", request.client.host if request.client else "")
    raise Unauthenticated


def _check_address(request: Request) -> None:
    query = request.scope.get("query_string", b"").decode("latin-1")
    if "\x00" in request.scope.get("path", "") or "\x00" in unquote(query):
        raise Invalid("地址中含有空字符（NUL），请删除", {"query": "含有空字符"}, "a NUL byte in the address")


def _counted(request: Request, limit: int) -> Receive:
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and (len(declared) > 15 or int(declared) > limit):
        raise TooLarge(min(limit, MAX_UPLOAD))
    received = 0

    async def receive() -> Message:
        nonlocal received
        message = await request.receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise TooLarge(min(limit, MAX_UPLOAD))
        return message

    return receive


async def _drain(request: Request) -> None:
    """Read on and keep nothing, so that the sender gets the answer instead of a broken connection."""
    message: Message = {"more_body": True}
    count = 0
    while message.get("more_body") and count < MAX_DRAINED:
        message = await request.receive()
        count += len(message.get("body", b""))


async def _check_json(request: Request) -> None:
    """Refuse JSON that cannot be read, or that no record can keep.

    Raises: Invalid with the place of the fault.
    """
    body = await request.body()
    if not body or "json" not in request.headers.get("content-type", "").lower():
        return
    try:
        value = json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        reason = "不是有效的JSON（须为UTF-8编码）"
        raise Invalid(f"请求内容有误：{reason}", {"body": reason}, "the body is not valid JSON") from error
    fault = _fault(value, "", 0)
    if fault:
        place, reason = fault
        where = place or "body"
        raise Invalid(f"请求内容有误：{where}{reason}", {where: reason}, "the body is not usable")


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _fault(value: Any, place: str, depth: int) -> tuple[str, str] | None:
    """Return the first place that cannot be kept and why: NUL, half characters, huge numbers."""
    if depth > MAX_DEPTH:
        return place, f"嵌套超过{MAX_DEPTH}层"
    if isinstance(value, str):
        return _text_fault(value, place)
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return (place, "数字过大") if abs(value) > MAX_WHOLE else None
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for name, child in inner:
        if isinstance(name, str) and (fault := _text_fault(name, place)):
            return fault
        if fault := _fault(child, f"{place}.{name}" if place else str(name), depth + 1):
            return fault
    return None


def _text_fault(text: str, place: str) -> tuple[str, str] | None:
    if "\x00" in text:
        return place, "含有空字符（NUL），请删除"
    if any("\ud800" <= char <= "\udfff" for char in text):
        return place, "含有不完整的字符，请检查编码"
    return (place, f"超过{MAX_TEXT}个字") if len(text) > MAX_TEXT else None
