"""Streams packed at the default level of zlib: a third of the work of the highest, for files a hundredth larger."""

import zlib
from typing import Any

import pydyf  # type: ignore[import-untyped]  # It has no annotations.

_LEVEL = 6
_release = pydyf.Stream.data


def apply() -> None:
    """Pack at the default level from now on."""
    pydyf.Stream.data = property(_data)


def revert() -> None:
    """Pack as the release does."""
    pydyf.Stream.data = _release


def _data(stream: Any) -> bytes:
    content = b"\n".join(item if isinstance(item, bytes) else pydyf._to_bytes(item) for item in stream.stream)
    extra = pydyf.Dictionary(stream.extra.copy())
    if stream.compress:
        extra["Filter"] = "/FlateDecode"
        content = zlib.compress(content, _LEVEL)
    extra["Length"] = len(content)
    return b"\n".join((extra.data, b"stream", content, b"endstream"))
