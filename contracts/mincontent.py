"""Minimum widths of Chinese text in linear time, for the one WeasyPrint release it was checked with.

In auto-width tables, flex items, floats and grids the layout needs the widest unbreakable piece of a text.
Every Chinese character is such a piece, and the release finds each by laying out the whole rest of the text:
quadratic, 90 seconds for 8,000 characters. The first piece depends on the text near it alone, so here the
release's own function is given a short window first, and the whole rest only if no break lies in its first
half. Between two ideographs a line may always break: the same text up to them is measured once per style.
Results are the same.
"""

import re
from collections.abc import Callable
from types import ModuleType
from typing import Any

VERSION = "70.0"
_MARK = "_panhuo_original"
_WINDOW = 64  # Characters; the piece must end in the first half, the second half is context for its break.
_NEAR = 8  # Characters after a certain break that the release may look at.
_SOFT_HYPHEN = "\xad"
_IDEOGRAPHS = re.compile("[\u4e00-\u9fff]{2}")


def is_applicable(version: str) -> bool:
    """Say whether this release is the one that was checked."""
    return version == VERSION


def apply(version: str, preferred: ModuleType) -> bool:
    """Replace the measuring function in `weasyprint.layout.preferred`; say whether it is in place now."""
    if not is_applicable(version):
        return False
    if not hasattr(preferred, _MARK):
        original = preferred.split_first_line
        setattr(preferred, _MARK, original)
        vars(preferred)["split_first_line"] = _windowed(original)
    return True


def revert(preferred: ModuleType) -> None:
    """Put the release's own function back."""
    if hasattr(preferred, _MARK):
        vars(preferred)["split_first_line"] = getattr(preferred, _MARK)
        delattr(preferred, _MARK)


def _windowed(original: Callable[..., Any]) -> Callable[..., Any]:
    def split_first_line(
        text: str, style: Any, context: Any, max_width: Any, *rest: Any, **named: Any
    ) -> Any:
        if max_width == 0 and len(text) > 2 * _WINDOW and _is_local(text, style):
            window = text[:_WINDOW]
            end = _certain_break(text)
            if end:
                key = (text[0] if end == 2 else text[:end], *rest, *named.values())
                known = style.__dict__.setdefault("first_pieces", {})
                if key not in known:
                    near = text[: end + _NEAR].rstrip(" ")
                    known[key] = original(near, style, context, max_width, *rest, **named)
                return known[key]
            found = original(window, style, context, max_width, *rest, **named)
            resume = found[2]
            if resume is not None and resume <= len(window[: _WINDOW // 2].encode()):
                return found
        return original(text, style, context, max_width, *rest, **named)

    return split_first_line


def _certain_break(text: str) -> int:
    """Return where the first two ideographs end, or 0: a line may always break between them.

    The first piece ends there or earlier, so the text up to them decides it; that between the first two, the first alone.
    """
    pair = _IDEOGRAPHS.search(text, 0, _WINDOW // 2)
    return 0 if pair is None else pair.end()


def _is_local(text: str, style: Any) -> bool:
    """Say whether the first break depends on the text near it alone: hyphenation looks further."""
    return style["hyphens"] != "auto" and _SOFT_HYPHEN not in text
