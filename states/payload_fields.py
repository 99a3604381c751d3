"""The kinds of fields that steps ask for, and how a field is shown.

Values may come as people type them (full-width digits, 2026年3月1日, 120万元) or as JSON. Field metadata
(`label_zh`, `label_en`, `widget`, `help_zh`, `help_en`, `options_zh`, `options_en`) stands in `json_schema_extra`.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict, StringConstraints

from rules.dates import parse_date
from rules.money import parse_yuan
from rules.text import fold, normalize


def _to_date(value: Any) -> Any:
    return parse_date(value) if isinstance(value, str) else value


def _to_fen(value: Any) -> Any:
    return parse_yuan(value) if isinstance(value, str) else value


def _to_flag(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip().lower() in {"1", "true", "on", "yes", "是"}
    return value


def _to_count(value: Any) -> Any:
    if isinstance(value, str):
        typed = fold(value).removesuffix("人").removesuffix("票")
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else value
    return value


def _to_text(value: Any) -> Any:
    return normalize(value) if isinstance(value, str) else value


def _to_note(value: Any) -> Any:
    return "\n".join(filter(None, map(normalize, value.splitlines()))) if isinstance(value, str) else value


Day = Annotated[date, Strict(), BeforeValidator(_to_date)]
Fen = Annotated[int, BeforeValidator(_to_fen), Field(gt=0, le=10**14)]
Sum = Annotated[int, BeforeValidator(_to_fen), Field(ge=0, le=10**14)]  # may be nothing
Flag = Annotated[bool, BeforeValidator(_to_flag)]
Count = Annotated[int, BeforeValidator(_to_count), Field(ge=0, le=1000)]
Line = Annotated[str, BeforeValidator(_to_text), StringConstraints(min_length=1, max_length=200)]
OptionalLine = Annotated[str, BeforeValidator(_to_text), StringConstraints(max_length=200)]
Note = Annotated[str, BeforeValidator(_to_note), StringConstraints(min_length=2, max_length=2000)]
OptionalNote = Annotated[str, BeforeValidator(_to_note), StringConstraints(max_length=2000)]


def label(zh: str, en: str, widget: str = "text", help_zh: str = "", help_en: str = "") -> dict[str, Any]:
    """Return how a field is shown."""
    return {"label_zh": zh, "label_en": en, "widget": widget, "help_zh": help_zh, "help_en": help_en}


def asked(zh: str, en: str, widget: str = "text", help_zh: str = "", help_en: str = "") -> Any:
    """Return a field that must be filled in."""
    return Field(json_schema_extra=label(zh, en, widget, help_zh, help_en))


def optional(zh: str, en: str, widget: str = "text", help_zh: str = "", help_en: str = "") -> Any:
    """Return a text field that may stay empty."""
    return Field(default="", json_schema_extra=label(zh, en, widget, help_zh, help_en))


def optional_money(zh: str, en: str, help_zh: str = "", help_en: str = "") -> Any:
    """Return an amount that may stay empty."""
    return Field(default=None, json_schema_extra=label(zh, en, "money", help_zh, help_en))


def optional_day(zh: str, en: str, help_zh: str = "", help_en: str = "") -> Any:
    """Return a date that may stay empty."""
    return Field(default=None, json_schema_extra=label(zh, en, "date", help_zh, help_en))


def chosen(
    zh: str, en: str, options: Mapping[str, tuple[str, str]], help_zh: str = "", help_en: str = ""
) -> Any:
    """Return a field with one of the options, each with its Chinese and English name."""
    shown = {
        **label(zh, en, "select", help_zh, help_en),
        "options_zh": {value: names[0] for value, names in options.items()},
        "options_en": {value: names[1] for value, names in options.items()},
    }
    return Field(json_schema_extra=shown)


def may_be(
    zh: str, en: str, options: Mapping[str, tuple[str, str]], help_zh: str = "", help_en: str = ""
) -> Any:
    """Return a field with one of the options, which may stay empty."""
    shown: dict[str, Any] = chosen(zh, en, options, help_zh, help_en).json_schema_extra
    return Field(default="", json_schema_extra=shown)


class Payload(BaseModel):
    """What comes with an event; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")
