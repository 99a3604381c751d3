"""What differs between two sets of terms of one contract, item by item, in the words of a legal paper.

In: terms as stored. Out: one change per field of the form, old and new value as text; nothing is typed again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from contracts.fields import FormField, Terms, form_fields, human, is_part, meta_of, row_model
from contracts.modes import MODES
from contracts.phrases import NONE, day, money
from rules.text import normalize

ADMINISTRATIVE = frozenset({"signing_date", "signing_place", "copies"})


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


def changes_between(mode: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Change, ...]:
    """Return what differs between two sets of stored terms of a mode, in the order of the form.

    Place, day and copies of the signature are those of the contract that is changed, and no part of the change.
    """
    model = MODES[mode].terms
    before, after = model.model_validate(old), model.model_validate(new)
    groups = {field.name: field for field in form_fields(model)}
    return tuple(
        Change(name, groups[name].group, *labels, _shown(was, groups[name]), _shown(now, groups[name]))
        for name, labels, was, now in _pairs(before, after, model)
        if was != now and name not in ADMINISTRATIVE
    )


def _pairs(
    old: Terms | None,
    new: Terms | None,
    model: type[Terms],
    prefix: str = "",
    labels: tuple[str, str] = ("", ""),
) -> Iterator[tuple[str, tuple[str, str], Any, Any]]:
    for name, info in model.model_fields.items():
        was, now, inner = getattr(old, name, None), getattr(new, name, None), row_model(info)
        meta = meta_of(info)
        if inner is not None and is_part(info):
            yield from _pairs(
                was, now, inner, f"{prefix}{name}.", (f"{meta['label_zh']}·", f"{meta['label_en']}: ")
            )
        else:
            yield f"{prefix}{name}", (labels[0] + meta["label_zh"], labels[1] + meta["label_en"]), was, now


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
        f"{column.label_zh}：{_shown(value, column)}" for column, value in cells if value not in (None, "")
    )
    return f"（{number}）{told}"
