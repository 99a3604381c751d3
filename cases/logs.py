"""What processes write into their logs: one line a happening, joined by request or run, and nothing personal.

Case numbers and ids may stand there. Names, addresses, tokens, titles, typed content and SQL parameters never do: the
text of an exception is thrown away but for its plain words, frames show places and no values, and what looks like an
address or a token is blotted out wherever it comes from. Other libraries' loggers pass through the same formatter.
"""

import logging
import re
import shutil
import sys
import traceback
from collections.abc import MutableMapping
from copy import copy
from pathlib import Path
from typing import Any, TextIO

import structlog
from structlog.contextvars import merge_contextvars
from structlog.stdlib import ProcessorFormatter, add_log_level, add_logger_name
from structlog.typing import EventDict, Processor

from cases.watching import Watching

KEPT = 3
BLOT = "…"
MOST = 300
MOST_FRAMES = 25
# Tokens of links and feeds, e-mail addresses, numbers of phones, people and applications.
PRIVATE = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b[\w-]{24,}\b|\b\d{8,}[\dXx.]*\b|(?<=/sign-in/)\S+|(?<=/feed/)\S+|(?<=/v/)\S+"
)
HEX = re.compile(r"[0-9a-f]{24,64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # digests, ids of runs
TYPED = re.compile(r"'[^']*'|\"[^\"]*\"|“[^”]*”|\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}|[^\x00-\x7f]+")


def blotted(text: str) -> str:
    """Return a text without what looks like an address, a token or a long number."""
    return PRIVATE.sub(lambda found: found[0] if HEX.fullmatch(found[0]) else BLOT, text)


def plain_words(text: str) -> str:
    """Return the plain words of an exception's first line, without anything quoted, listed or written in Chinese."""
    return blotted(TYPED.sub(BLOT, text.strip().partition("\n")[0]))[:MOST]


def told(error: BaseException) -> str:
    """Return an exception in one line: its kind and its plain words."""
    return f"{type(error).__module__}.{type(error).__qualname__}: {plain_words(str(error))}"


def trace(error: BaseException) -> list[str]:
    """Return an exception with its causes: kinds, plain words, and the places they came through; no source, no values."""
    lines: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        lines.append(told(current))
        frames = traceback.extract_tb(current.__traceback__)
        lines += [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-MOST_FRAMES:]]
        current = current.__cause__ or current.__context__
    return lines


def _without_content(_logger: Any, _name: str, event: EventDict) -> EventDict:
    """Take the content out of what a record carries: exceptions among its arguments, its trace, its text."""
    if run := getattr(event.get("_record"), "flow_run_id", ""):
        event.setdefault("run", str(run))
    error = _error_of(event.pop("exc_info", None))
    event["event"] = blotted(str(event.get("event", "")))
    if error is not None:
        event["error"] = trace(error)
    return event


def _text_of(record: logging.LogRecord) -> str:
    args = record.args
    if isinstance(args, tuple):
        args = tuple(told(arg) if isinstance(arg, BaseException) else arg for arg in args)
    message = str(record.msg) if not isinstance(record.msg, BaseException) else told(record.msg)
    try:
        text = message % args if args else message
    except (TypeError, ValueError):
        text = message
    return text if record.exc_info is None else text.partition("\n")[0]


def _error_of(found: Any) -> BaseException | None:
    if found is True:
        found = sys.exc_info()
    if isinstance(found, BaseException):
        return found
    return found[1] if isinstance(found, tuple) else None


SHARED: tuple[Processor, ...] = (
    merge_contextvars, add_log_level, add_logger_name, structlog.processors.TimeStamper(fmt="iso", utc=True),
)  # fmt: skip


class SafeFormatter(ProcessorFormatter):
    """Formats every record, ours and other libraries', as JSON or as text."""

    def __init__(self, shape: str = "json") -> None:
        render: Processor = (
            structlog.processors.JSONRenderer(ensure_ascii=False) if shape == "json" else _as_text
        )
        super().__init__(
            foreign_pre_chain=list(SHARED), keep_exc_info=False, keep_stack_info=False,
            processors=[_without_content, ProcessorFormatter.remove_processors_meta, render],
        )  # fmt: skip

    def format(self, record: logging.LogRecord) -> str:
        """Return one line; exceptions among the arguments lose their content before they are written into the text."""
        bare = copy(record)
        bare.msg, bare.args, bare.exc_text = _text_of(record), (), None
        return super().format(bare)


def _as_text(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> str:
    error = event.pop("error", ())
    head = [str(event.pop(name, "")) for name in ("timestamp", "level", "logger", "event")]
    rest = [f"{name}={value}" for name, value in sorted(event.items())]
    return "\n".join([" ".join([*head, *rest]), *error])


class PlainFormatter(logging.Formatter):
    """The text alone, as Prefect's pages show it beside a run; under the same rules."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line, and the trace of an exception below it."""
        error = _error_of(record.exc_info)
        return "\n".join([blotted(_text_of(record)), *(trace(error) if error else ())])


def set_up_logs(watching: Watching, stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Let this process write its logs to standard error."""
    target = stream or sys.stderr
    shape = watching.log_format
    if shape == "auto":
        shape = "text" if target.isatty() else "json"
    handler = logging.StreamHandler(target)
    handler.setFormatter(SafeFormatter(shape))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.captureWarnings(True)
    for name in ("alembic", "httpx", "fontTools", "weasyprint"):
        logging.getLogger(name).setLevel(logging.WARNING)


def put_aside(path: Path, most_bytes: int) -> bool:
    """Put a file of logs aside once it is long; whoever writes to it (appending) goes on at its new beginning.

    A line written at the very moment may be lost. Returns whether it was put aside.
    """
    if not path.exists() or path.stat().st_size <= most_bytes:
        return False
    for number in range(KEPT - 1, 0, -1):
        older = path.with_name(f"{path.name}.{number}")
        if older.exists():
            older.replace(path.with_name(f"{path.name}.{number + 1}"))
    shutil.copyfile(path, path.with_name(f"{path.name}.1"))
    with path.open("r+b") as file:
        file.truncate(0)
    return True
