"""The form of a profile: its fields with what was typed, and typed values back to what is kept."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from cases.industries import NAMES as INDUSTRY_NAMES
from cases.industries import proposed
from cases.profile_fields import FIELDS, LABELS
from desk.pool_words import VALUES
from desk.web.desk_state import Visit
from desk.web.forms import Field
from desk.web.reasons import reason
from desk.web.security import Posted

LISTS = ("industry", "willingness")
DAYS = ("review_on",)
LONG = ("scenario",)
CHOSEN = ("grade", "maturity", "prospect", "implementation", "disposal", "funded", "key_project")
WHY = ("理由", "Why")


def form_fields(
    visit: Visit, shown: Mapping[str, Any], errors: Mapping[str, str], ipc: str = ""
) -> dict[str, Field]:
    """Return the fields of a profile by name, with `why`; `ipc` proposes an industry."""
    fields = {name: _field(visit, name, shown.get(name), errors) for name in FIELDS}
    if ipc and not fields["industry"].values and (code := proposed(ipc)):
        told = visit.words.pick(
            f"按分类号推荐：{INDUSTRY_NAMES[code][0]}", f"proposed by its class: {INDUSTRY_NAMES[code][1]}"
        )
        fields["industry"] = _field(visit, "industry", None, errors, told)
    error = reason(visit.words, errors["why"]) if "why" in errors else ""
    fields["why"] = Field(
        "why", visit.words.pick(*WHY), required=True, value=_text(shown.get("why")), error=error
    )
    return fields


def _field(visit: Visit, name: str, value: Any, errors: Mapping[str, str], help: str = "") -> Field:
    options = tuple((code, visit.words.pick(*pair)) for code, pair in VALUES.get(name, {}).items())
    error = reason(visit.words, errors[name]) if name in errors else ""
    label = visit.words.pick(*LABELS[name])
    if name in LISTS:
        return Field(name, label, "multi", help, options=options, values=tuple(value or ()), error=error)
    if name in CHOSEN:
        options = (("", "—"), *options)
        return Field(name, label, "select", help, options=options, value=_text(value), error=error)
    widget = "date" if name in DAYS else "textarea" if name in LONG else "text"
    return Field(name, label, widget, help, value=_text(value), error=error)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value if value is not None else "")


def typed_values(posted: Posted) -> dict[str, Any]:
    """Return what was typed of a profile; a list that was shown and has nothing ticked is empty."""
    typed: dict[str, Any] = {
        name: posted.text(name) for name in FIELDS if name in posted.form and name not in LISTS
    }
    typed |= {name: posted.texts(name) for name in LISTS if f"{name}_shown" in posted.form}
    if typed.get("key_project") == "":
        typed["key_project"] = "no"
    return typed
