"""Gives every request an id, which the log lines of the request carry, and the answer tells as `X-Request-Id`."""

import re
from secrets import token_hex

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

NAME = "X-Request-Id"
GIVEN = re.compile(
    r"[0-9a-f-]{8,36}"
)  # what a proxy in front hands on; anything else could be made to mislead


class RequestIds:
    """Plain ASGI, outermost."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get(NAME, "")
        request = given if GIVEN.fullmatch(given) else token_hex(8)

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[NAME] = request
            await send(message)

        with bound_contextvars(request=request):
            await self.app(scope, receive, named)
