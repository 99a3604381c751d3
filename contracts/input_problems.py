"""What a document is not made of: texts without end, and templates that do not fit their words.

Both end in an error that names the place, before anything is rendered.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from traceback import extract_tb

from jinja2 import TemplateError, TemplateSyntaxError, UndefinedError

from contracts.jobs import RenderProblem

LONGEST = 20_000  # Characters of one text; a clause of 5,000 is long.
_TEMPLATES = Path(__file__).resolve().parent.parent / "templates"


class TextTooLong(RenderProblem):
    """A text that is longer than a document can sensibly hold."""


class TemplateProblem(RenderProblem):
    """A template that cannot be filled; the Chinese text names file and line."""


def check_lengths(strings: Mapping[str, str]) -> None:
    """Check the length of every text, by a Chinese name of its place.

    Raises: TextTooLong.
    """
    for field, text in strings.items():
        if len(text) > LONGEST:
            raise TextTooLong(
                f"“{field}”共{len(text)}字，超过{LONGEST}字，未生成文书。请精简，或者作为单独的附件提交。"
            )


@contextmanager
def explained() -> Iterator[None]:
    """Turn what goes wrong in a template into a problem that names its place.

    Raises: TemplateProblem.
    """
    try:
        yield
    except TemplateError as error:
        file, line = _place(error)
        what = "使用了没有的名称" if isinstance(error, UndefinedError) else "有误"
        raise TemplateProblem(
            f"文书模板 {file} 第{line}行{what}：{error.message}。请改正模板后重试。"
        ) from error


def _place(error: TemplateError) -> tuple[str, int]:
    """Return file and line of a failure: where it is told, else the innermost line of a template that was at work."""
    if isinstance(error, TemplateSyntaxError):
        return error.name or error.filename or "?", error.lineno
    found = [
        (frame.filename, frame.lineno or 0)
        for frame in extract_tb(error.__traceback__)
        if not frame.filename.endswith(".py")
    ]
    file, line = found[-1] if found else ("?", 0)
    path = Path(file)
    inside = path.is_relative_to(_TEMPLATES)
    return (path.relative_to(_TEMPLATES).as_posix() if inside else path.name), line
