"""The one template environment: sandboxed, escaping, strict about missing values.

Templates are trusted files of this folder (`contracts/`, `forms/`, `mail/`, `desk/`). What they are filled
with is not trusted: it is escaped, cannot reach private attributes or change objects, and cannot make a
template multiply text or numbers without limit. This package imports no room; callers pass their filters in.
"""

from collections.abc import Callable
from typing import Any

from jinja2 import BaseLoader, PackageLoader, StrictUndefined
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

LONGEST_TEXT = 100_000
LARGEST_POWER = 64


class Environment(ImmutableSandboxedEnvironment):
    """A sandbox that also limits repetition of text, powers and padding."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Refuse what would grow without limit.

        Raises: SecurityError.
        """
        if operator == "*":
            for text, times in ((left, right), (right, left)):
                repeats = isinstance(text, str | bytes | list | tuple) and isinstance(times, int)
                if repeats and len(text) * times > LONGEST_TEXT:
                    raise SecurityError("repetition is too long")
        elif operator == "**" and isinstance(right, int) and abs(right) > LARGEST_POWER:
            raise SecurityError("power is too large")
        elif operator == "%" and isinstance(left, str):
            raise SecurityError("formatting with % is not available; use a filter")
        return super().call_binop(context, operator, left, right)


def _center(value: str, width: int = 80) -> str:
    if width > LONGEST_TEXT:
        raise SecurityError("padding is too wide")
    return str(value).center(width)


def environment(*, loader: BaseLoader | None = None, **filters: Callable[..., Any]) -> Environment:
    """Return a new environment over the templates of this folder, with the caller's filters.

    Building one is cheap, but it has its own cache of compiled templates: keep and share it.
    """
    made = Environment(
        loader=loader or PackageLoader("templates", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        auto_reload=False,
    )
    made.filters["center"] = _center
    made.filters.update(filters)
    return made
