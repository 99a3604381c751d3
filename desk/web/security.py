"""What protects the desk: headers, body limits, CSRF tokens, and paths that a page may send people to.

Both middlewares are plain ASGI: a body is counted while it streams, never collected first.
"""

import hmac
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, HTTPException, Request
from starlette.datastructures import FormData, MutableHeaders, UploadFile
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cases.errors import Forbidden
from cases.scope import AUDITORS
from desk.web.desk_state import Visit, VisitArg

MEGABYTE = 1024 * 1024
FORM_LIMIT = 2 * MEGABYTE
UPLOAD_LIMIT = 50 * MEGABYTE
# Pages that take a file.
UPLOAD_PATHS = re.compile(
    r"/patents/imports|/sheets/[a-z_]+|/use/fundings/\d+/evidence|/cases/\d+/(?:files|negotiation)|/verify|/v/[^/]+"
)
OWN_LIMITS = "/api/"
DRAIN_LIMIT = 512 * MEGABYTE
MAX_FORM_FIELDS = 5000
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "frame-ancestors 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class TooLarge(HTTPException):
    """The body is larger than this page accepts; `limit` in bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(413, f"body larger than {limit} bytes")
        self.limit = limit


class SecurityHeaders:
    """Adds the headers to every answer; pages are never stored by a cache on the way."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        static = scope["path"].startswith("/static/")

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "public, max-age=604800" if static else "no-store")
            await send(message)

        await self.app(scope, receive, send_with_headers)


class BodyLimit:
    """Counts a body while it streams and stops a page that would read too much of it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["path"].startswith(OWN_LIMITS):
            await self.app(scope, receive, send)
            return
        limit = UPLOAD_LIMIT + MEGABYTE if UPLOAD_PATHS.fullmatch(scope["path"]) else FORM_LIMIT
        count = 0

        async def counted() -> Message:
            nonlocal count
            message = await receive()
            count += len(message.get("body", b""))
            if count > limit:
                await _drain(message, receive, count)
                raise TooLarge(limit)
            return message

        await self.app(scope, counted, send)


async def _drain(message: Message, receive: Receive, count: int) -> None:
    """Read on and keep nothing, so that the browser shows the answer instead of a broken connection."""
    while message.get("more_body") and count < DRAIN_LIMIT:
        message = await receive()
        count += len(message.get("body", b""))


@dataclass(frozen=True, slots=True)
class Posted:
    """A form as it came, its token checked."""

    form: FormData

    def text(self, name: str, default: str = "") -> str:
        """Return one typed value."""
        value = self.form.get(name, default)
        return value.replace("\x00", "") if isinstance(value, str) else default

    def texts(self, name: str) -> list[str]:
        """Return every typed value of a name."""
        return [v.replace("\x00", "") for v in self.form.getlist(name) if isinstance(v, str)]

    def number(self, name: str) -> int | None:
        """Return a value as a number that an id can be, or None."""
        return as_id(self.text(name))

    def file(self, name: str) -> UploadFile | None:
        """Return an uploaded file."""
        value = self.form.get(name)
        return value if isinstance(value, UploadFile) else None

    def pairs(self) -> list[tuple[str, str]]:
        """Return every typed name and value, in order."""
        return [(k, v.replace("\x00", "")) for k, v in self.form.multi_items() if isinstance(v, str)]

    def values(self) -> Mapping[str, str]:
        """Return all typed values, without the token."""
        return {k: v.replace("\x00", "") for k, v in self.form.items() if isinstance(v, str) and k != "csrf"}


def as_id(text: str) -> int | None:
    """Return a row's id from a text, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None


def matches(expected: str, given: str) -> bool:
    """Compare two tokens without telling how far they agree."""
    return bool(expected) and hmac.compare_digest(expected.encode(), given.encode())


async def read_form(request: Request) -> FormData:
    """Return the request's form; files are spooled to disk."""
    return await request.form(max_files=2, max_fields=MAX_FORM_FIELDS, max_part_size=MEGABYTE)


async def posted(request: Request, visit: VisitArg) -> AsyncIterator[Posted]:
    """Yield the form of a signed-in person; its files are closed when the page is done.

    Raises: HTTPException 403 without the session's token; SignInNeeded.
    """
    header = request.headers.get("X-CSRF-Token", "")
    form = await read_form(request)
    try:
        given = header or form.get("csrf", "")
        if not isinstance(given, str) or not matches(visit.csrf, given):
            raise HTTPException(403, "csrf")
        yield Posted(form)
    finally:
        await form.close()


def changing(visit: VisitArg, form: Annotated[Posted, Depends(posted)]) -> Posted:
    """Return the form of a person who may change the record.

    Raises: Forbidden for read-only people.
    """
    refuse_readonly(visit)
    return form


def refuse_readonly(visit: Visit) -> None:
    """Refuse people who may only read.

    Raises: Forbidden.
    """
    if visit.person.role == "readonly":
        raise Forbidden(
            "您的角色是只读用户，不能修改数据。需要办理业务的，请联系管理员调整角色", "you may only read"
        )


def administrator(visit: VisitArg) -> Visit:
    """Return the visit of an administrator.

    Raises: Forbidden.
    """
    if visit.person.role != "administrator":
        raise Forbidden("本页面仅限管理员使用", "this page is for administrators")
    return visit


def auditor(visit: VisitArg) -> Visit:
    """Return the visit of somebody who may verify the trail.

    Raises: Forbidden.
    """
    if visit.person.role not in AUDITORS:
        raise Forbidden("审计页面仅限管理员和只读用户（审计人员）使用", "this page is for auditors")
    return visit


PostedArg = Annotated[Posted, Depends(posted)]
ChangingArg = Annotated[Posted, Depends(changing)]
AdministratorArg = Annotated[Visit, Depends(administrator)]
AuditorArg = Annotated[Visit, Depends(auditor)]


def safe_path(path: str, default: str = "/") -> str:
    """Return a path of this desk, never another site."""
    if not path.startswith("/") or path.startswith("//") or "\\" in path or not path.isprintable():
        return default
    parts = urlsplit(path)
    return path if not parts.scheme and not parts.netloc else default
