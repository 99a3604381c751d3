"""What differs between two sets of terms of one contract, item by item, in the words of a legal paper.

In: terms as stored. Out: one change per field of the form, old and new value as text; nothing is typed again.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from contracts.deal import ADMINISTRATIVE
from contracts.fields import FormField, Terms, form_fields, human, is_part, meta_of, row_model
from contracts.modes import MODES
from contracts.phrases import NONE, day, money
from rules.text import normalize


@dataclass(frozen=True, slots=True)
class Change:
    """One field that changes. `group` is its place on the form; `old` and `new` are text for people."""

    field: str
    group: str
    label_zh: str
    label_en: str
    old: str
    new: str

    def as_json(self) -> dict[str, str]:
        """Return the change as the record keeps it."""
        return asdict(self)


def amended(stored: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return stored terms with some fields changed, as `contracts.terms.check_terms` reads them.

    A change may be named flat (`royalty.rate_bp`, `instalments.0.amount_fen`); rows of a table are given whole.
    """
    rows = {
        name.partition(".")[0] for name in changes if isinstance(stored.get(name.partition(".")[0]), list)
    }
    return {**{name: value for name, value in stored.items() if name not in rows}, **changes}


def fields_named(mode: str, typed: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return changes by field, where people named some by their Chinese name, and the names that are no field's.

    A table typed in one line becomes rows: “第一期，60万元，2026-03-31；第二期，90万元，2028-03-31”.
    """
    model = MODES[mode].terms
    fields = {field.name: field for field in form_fields(model)}
    names = _names(model)
    found: dict[str, Any] = {}
    unknown = []
    for name, value in typed.items():
        field = (
            name if name in fields or name.partition(".")[0] in model.model_fields else names.get(name, "")
        )
        if not field:
            unknown.append(name)
            continue
        known = fields.get(field)
        is_rows = known is not None and known.widget == "table" and isinstance(value, str)
        found[field] = _rows_typed(known, value) if is_rows and known is not None else value
    return found, tuple(unknown)


def _names(model: type[Terms]) -> dict[str, str]:
    """Return the fields by their full names, and by the bare ones of the form where only one field bears it."""
    fields = form_fields(model)
    bare = Counter(field.label_zh for field in fields)
    short = {field.label_zh: field.name for field in fields if bare[field.label_zh] == 1}
    return short | {label: field for field, (label, _) in _labels(model).items()}


def _rows_typed(field: FormField, text: str) -> list[dict[str, str]]:
    names = [column.name for column in field.columns]
    rows = (re.split(r"[，,]", row) for row in re.split(r"[；;]", text) if row.strip())
    return [dict(zip(names, map(str.strip, row), strict=False)) for row in rows]


def _labels(
    model: type[Terms], prefix: str = "", head: tuple[str, str] = ("", "")
) -> dict[str, tuple[str, str]]:
    """Return the Chinese and English name of every field; those of an optional part begin with the part's."""
    found: dict[str, tuple[str, str]] = {}
    for name, info in model.model_fields.items():
        meta, inner = meta_of(info), row_model(info)
        names = (head[0] + meta["label_zh"], head[1] + meta["label_en"])
        if inner is not None and is_part(info):
            found |= _labels(inner, f"{prefix}{name}.", (f"{names[0]}·", f"{names[1]}: "))
        else:
            found[prefix + name] = names
    return found


def changes_between(mode: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Change, ...]:
    """Return what differs between two sets of stored terms of a mode, in the order of the form.

    Place, day and copies of the signature are those of the contract that is changed, and no part of the change.
    """
    model = MODES[mode].terms
    before, after = model.model_validate(old), model.model_validate(new)
    fields, labels = {field.name: field for field in form_fields(model)}, _labels(model)
    return tuple(
        Change(name, fields[name].group, *labels[name], _shown(was, fields[name]), _shown(now, fields[name]))
        for name, was, now in _pairs(before, after, model)
        if was != now and name not in ADMINISTRATIVE
    )


def _pairs(
    old: Terms | None, new: Terms | None, model: type[Terms], prefix: str = ""
) -> Iterator[tuple[str, Any, Any]]:
    """Yield every field with its value before and after; those of a part that is not there have none."""
    for name, info in model.model_fields.items():
        was, now, inner = getattr(old, name, None), getattr(new, name, None), row_model(info)
        if inner is not None and is_part(info):
            yield from _pairs(was, now, inner, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", was, now


def _shown(value: Any, field: FormField) -> str:
    if value is None or value in ("", ()):
        return NONE
    if field.widget == "table":
        return "；".join(_row(row, field, n) for n, row in enumerate(value, 1))
    named = {option.value: option.zh for option in field.options}
    if isinstance(value, tuple):
        return "、".join(named.get(one, str(one)) for one in value)
    if field.widget == "money":
        return money(value)
    if field.widget == "date":
        return day(value)
    text = str(human(value, field.widget))
    text = named.get(text, text)
    return normalize(text.replace("\n", "；")) + (field.unit if field.widget == "int" else "")


def _row(row: Terms, field: FormField, number: int) -> str:
    cells = [(column, getattr(row, column.name)) for column in field.columns]
    told = "，".join(
        _told(column, _shown(value, column)) for column, value in cells if value not in (None, "")
    )
    return f"（{number}）{told}"


def _told(column: FormField, shown: str) -> str:
    """Return a cell with its name; a name that asks for a number, as 自第几个合同年度起, takes it up."""
    asks = "第几个" in column.label_zh
    return column.label_zh.replace("几", shown) if asks else f"{column.label_zh}：{shown}"
