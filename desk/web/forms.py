"""Forms from models: what a step asks for, as fields with values and errors; and typed values back to a payload."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cases.errors import Invalid
from desk.web.i18n import Words
from desk.web.reasons import reason
from rules.dates import DateError, parse_date
from states.payload_fields import Payload

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One field as a page shows it, with what was typed and what is wrong with it."""

    name: str
    label: str
    widget: str = "text"
    help: str = ""
    required: bool = False
    unit: str = ""
    options: Choices = ()
    value: str = ""
    values: tuple[str, ...] = ()
    error: str = ""

    @property
    def is_plain_date(self) -> bool:
        """Say whether the value fits a date input; other spellings stay visible as text."""
        return not self.value or (len(self.value) == 10 and self.value[4] == self.value[7] == "-")


def payload_fields(
    model: type[Payload], words: Words, typed: Mapping[str, str], errors: Mapping[str, str]
) -> tuple[Field, ...]:
    """Return the form of a step. `errors` are Chinese reasons by field."""
    return tuple(
        _payload_field(
            name, info, words, typed.get(name, ""), reason(words, errors[name]) if name in errors else ""
        )
        for name, info in model.model_fields.items()
    )


def _payload_field(name: str, info: Any, words: Words, value: str, error: str) -> Field:
    meta = info.json_schema_extra
    widget = meta["widget"]
    options = meta.get("options_zh" if words.language == "zh" else "options_en", {})
    return Field(
        name=name,
        label=words.pick(meta["label_zh"], meta["label_en"]),
        widget=widget,
        help=words.pick(meta["help_zh"], meta["help_en"] or words(meta["help_zh"]))
        if meta["help_zh"]
        else "",
        required=info.is_required(),
        unit=words("元") if widget == "money" else "",
        options=tuple(options.items()),
        value=as_plain_date(value) if widget == "date" else value,
        error=error,
    )


def payload_values(model: type[Payload], typed: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed for a step, without the empty values of optional fields."""
    return {
        name: typed.get(name, "")
        for name, info in model.model_fields.items()
        if info.is_required() or typed.get(name, "").strip()
    }


def as_plain_date(value: str) -> str:
    """Return a date in the form that a date input takes; another text stays as it was typed."""
    if not value.strip():
        return ""
    try:
        return parse_date(value).isoformat()
    except DateError:
        return value


def plain_fields(
    table: Sequence[tuple[str, str, str, bool]],
    words: Words,
    typed: Mapping[str, str],
    errors: Mapping[str, str],
) -> tuple[Field, ...]:
    """Return a form from rows of (name, Chinese label, widget, required)."""
    return tuple(
        Field(
            name=name, label=words(label), widget=widget, required=required, value=typed.get(name, ""),
            error=reason(words, errors[name]) if name in errors else "",
        )
        for name, label, widget, required in table
    )  # fmt: skip


def errors_of(invalid: Invalid, known: Sequence[str]) -> tuple[str, dict[str, str]]:
    """Return the message above a form and the errors beside its fields; an unknown field's goes above."""
    beside = {name: reason for name, reason in invalid.fields.items() if name in known}
    above = [invalid.message.split("。")[0]] + [r for n, r in invalid.fields.items() if n not in known]
    return "；".join(above), beside
