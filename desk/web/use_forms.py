"""The forms of declaration and use: fields of a model with what the record has or what was typed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from cases.errors import Invalid
from desk.web.desk_state import Visit
from desk.web.forms import Field, errors_of, payload_fields
from rules.money import format_yuan
from states.payload_fields import Payload


def form(
    model: type[Payload], visit: Visit, typed: Mapping[str, str], refused: Invalid | None = None,
    chosen: Mapping[str, Sequence[str]] | None = None,
) -> tuple[Field, ...]:  # fmt: skip
    """Return the fields of a form; of one that was refused with its errors beside them. `chosen` fills lists."""
    errors = refused.fields if refused else {}
    fields = payload_fields(model, visit.words, typed, errors)
    return tuple(replace(f, values=tuple((chosen or {}).get(f.name, ()))) for f in fields)


def failed(model: type[Payload], visit: Visit, refused: Invalid | None) -> str:
    """Return what stands above a form that was refused."""
    if refused is None:
        return ""
    above, _ = errors_of(refused, tuple(model.model_fields))
    return visit.words.pick(above, refused.message_en)


def typed_of(values: Mapping[str, Any]) -> dict[str, str]:
    """Return stored values as a form has them."""
    return {name: _typed(name, value) for name, value in values.items()}


def _typed(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name.endswith("_fen"):
        return format_yuan(value)
    if isinstance(value, tuple):
        return "、".join(map(str, value))
    return value.isoformat() if isinstance(value, date) else str(value)
