"""What the calculators share: a question that stands in the address, its answer, and errors beside its fields.

The answers themselves come from `desk.answers`, which also serve the command line and the API.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request

from cases.errors import ActionError, Invalid
from desk.web.forms import Field, as_plain_date
from desk.web.i18n import Words
from rules.text import fold

LONGEST = 4000
_BARE = re.compile(r"^[-+]?\d[\d,]*(?:\.\d*)?$", re.ASCII)
Answer = Any
Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Question:
    """What was typed, what came of it, and what is wrong: above the form and beside its fields."""

    typed: Mapping[str, str]
    answer: Answer = None
    failed: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """The status of the page."""
        return 422 if self.failed else 200

    def date(self, name: str, label: str, *, help: str = "", required: bool = True) -> Field:
        """Return a field for a date."""
        value = as_plain_date(self.typed.get(name, ""))
        return Field(name, label, "date", help, required, value=value, error=self.errors.get(name, ""))

    def text(
        self,
        name: str,
        label: str,
        *,
        help: str = "",
        required: bool = True,
        unit: str = "",
        widget: str = "text",
    ) -> Field:
        """Return a field for a text or a number; an amount has a unit."""
        value = self.typed.get(name, "")
        return Field(name, label, widget, help, required, unit, value=value, error=self.errors.get(name, ""))

    def choice(
        self, name: str, label: str, options: Choices, *, help: str = "", required: bool = False
    ) -> Field:
        """Return a field to choose from; the first option stands if none was chosen."""
        value = self.typed.get(name, "") or (options[0][0] if options else "")
        return Field(
            name, label, "select", help, required, options=tuple(options), value=value,
            error=self.errors.get(name, ""),
        )  # fmt: skip

    def tick(self, name: str, label: str, *, help: str = "") -> Field:
        """Return a box to tick."""
        value = self.typed.get(name, "")
        return Field(name, label, "checkbox", help, value=value, error=self.errors.get(name, ""))


def asked(
    request: Request,
    words: Words,
    names: Sequence[str],
    needed: Sequence[str],
    run: Callable[[Mapping[str, str]], Answer],
    *,
    longest: int = LONGEST,
) -> Question:
    """Read the question out of the address and answer it, as soon as one of the `needed` fields is there.

    An error of a field that the form does not have is told above it.
    """
    typed = {name: request.query_params.get(name, "")[:longest] for name in names}
    if not any(typed[name].strip() for name in needed):
        return Question(typed)
    try:
        return Question(typed, run(typed))
    except Invalid as invalid:
        beside = {name: words(reason) for name, reason in invalid.fields.items() if name in names}
        others = [words(reason) for name, reason in invalid.fields.items() if name not in names]
        if beside and not others:
            return Question(typed, failed=words("填写有误，请按提示改正"), errors=beside)
        return Question(typed, failed=_told(invalid, others, words), errors=beside)
    except ActionError as error:
        return Question(typed, failed=words.pick(error.message, error.message_en))


def _told(invalid: Invalid, others: Sequence[str], words: Words) -> str:
    return "；".join(others) if others else words.pick(invalid.message, invalid.message_en)


def in_yuan(text: str) -> str | None:
    """Return an amount as typed into a field in yuan: a bare number is yuan, one with a unit says what it is."""
    bare = fold(text)
    if not bare:
        return None
    return f"{bare}元" if _BARE.match(bare) else text


def given(text: str) -> str | None:
    """Return what was typed, or None for nothing."""
    return text.strip() or None
