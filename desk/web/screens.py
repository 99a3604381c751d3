"""Turns values into pages: the sandboxed templates, their filters, and what every page carries."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from cases.settings import SHANGHAI
from desk.web import labels
from desk.web.derivations import why
from desk.web.i18n import Words
from rules.dates import chinese_date
from rules.deadline_rule import lengths
from rules.identifiers import ApplicationNumber, IdentifierError, parse_application_number
from rules.money import format_yuan, percent
from templates import environment

STATIC = Path(__file__).resolve().parents[1] / "static"


class Screens:
    """The desk's templates. Safe to share between threads."""

    def __init__(self) -> None:
        self.env = environment(
            day=day, moment=moment, size=size, yuan=format_yuan, percent=percent, application_no=application_no,
            patent_no=patent_no, period=period, thousands=thousands, why=why,
        )  # fmt: skip
        self.env.globals.update(icon=icon, color=color, asset=asset)

    def text(self, template: str, words: Words, **values: Any) -> str:
        """Return the HTML text of a template."""
        told: Mapping[str, Any] = {
            "_": words, "pick": words.pick, "lang": words.tag, "words": words,
            "name": lambda table, word: words.pick(*labels.of(getattr(labels, table), word)), **values,
        }  # fmt: skip
        return self.env.get_template(f"desk/{template}").render(told)

    def page(
        self, request: Request, template: str, words: Words, *, status: int = 200, **values: Any
    ) -> HTMLResponse:
        """Return a page; `visit` stands in the values once somebody has signed in."""
        here = {
            "path": request.url.path, "query": request.url.query, "visit": None, "menu_paths": request.app.state.addresses,
            **values,
        }  # fmt: skip
        return HTMLResponse(self.text(template, words, **here), status_code=status)


@cache
def asset(path: str) -> str:
    """Return the address of a static file; it changes with the content, so that browsers may keep it."""
    digest = sha256((STATIC / path).read_bytes()).hexdigest()[:10]
    return f"/static/{path}?v={digest}"


def icon(name: str, extra: str = "") -> Markup:
    """Return an icon of the desk's own sheet, hidden from screen readers."""
    return Markup('<svg class="icon {}" aria-hidden="true"><use href="{}#{}"></use></svg>').format(
        extra, asset("icons.svg"), name
    )


def color(table: str, word: str) -> str:
    """Return the badge color of a stored word."""
    colors: dict[str, str] = getattr(labels, f"{table}_COLOR")
    return colors.get(word, "secondary")


def day(value: date | None, words: Words | None = None) -> str:
    """Return a date as lists show it, or in words of the reader's language."""
    if value is None:
        return "—"
    if words is None:
        return value.isoformat()
    return chinese_date(value) if words.language == "zh" else f"{value.day} {value:%B %Y}"


def moment(value: datetime | None) -> str:
    """Return a timestamp in Shanghai."""
    return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if value else "—"


def period(text: str, words: Words) -> str:
    """Return a stored length such as `3m` in the reader's language; dates of a contract have none."""
    try:
        found = lengths(text)
    except ValueError:
        return text
    return (
        words.pick("零".join(one.label_zh for one in found), " and ".join(one.label_en for one in found))
        or text
    )


def size(value: int) -> str:
    """Return a file size."""
    if value < 1024:
        return f"{value} B"
    return f"{value / 1024:.0f} KB" if value < 1024 * 1024 else f"{value / 1024 / 1024:.1f} MB"


def thousands(value: int) -> str:
    """Return a count with separators."""
    return f"{value:,}"


def application_no(digits: str) -> str:
    """Return an application number as people write it."""
    number = _number(digits)
    return number.display if number else digits


def patent_no(digits: str) -> str:
    """Return a patent number as people write it."""
    number = _number(digits)
    return number.patent_no if number else digits


def _number(digits: str) -> ApplicationNumber | None:
    try:
        return parse_application_number(digits)
    except IdentifierError:
        return None
