"""The form of the commercial terms, derived from the model: groups, fields, tables with rows, values and errors.

Values are flat with dotted names (`royalty.base`, `instalments.0.amount_fen`), as `contracts.terms` reads them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from contracts.deal import DealTerms
from contracts.fields import FormField, form_fields
from contracts.modes import MODES
from contracts.terms import terms_to_form
from desk.web.forms import Field
from desk.web.i18n import Words
from desk.web.reasons import reason

Typed = Mapping[str, Any]
MOST_ROWS = 60
_ROW = re.compile(r"^(?P<table>[a-z_.]+)\.(?P<row>\d{1,3})\.(?P<column>[a-z_]+)$")


@dataclass(frozen=True, slots=True)
class Table:
    """A field of rows: its columns, its rows of fields, and an empty row to copy."""

    name: str
    label: str
    help: str
    error: str
    columns: tuple[Field, ...]
    rows: tuple[tuple[Field, ...], ...]
    blank: tuple[Field, ...]
    next_row: int


@dataclass(frozen=True, slots=True)
class Group:
    """A group of the form. `items` are fields and tables in the order of the model."""

    id: str
    label: str
    items: tuple[Field | Table, ...]
    errors: int


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table of the terms for reading."""

    label: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A group of the terms for reading: (label, value) pairs and tables."""

    id: str
    label: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[ShownTable, ...]


def form_groups(mode: str, typed: Typed | None, errors: Mapping[str, str], words: Words) -> tuple[Group, ...]:
    """Return the form. `typed` None is a new form with its defaults; `errors` are reasons by dotted name."""
    contract = MODES[mode]
    items: dict[str, list[Field | Table]] = {group: [] for group, _, _ in contract.groups}
    for field in form_fields(contract.terms):
        items[field.group].append(_item(field, typed, errors, words))
    return tuple(
        Group(group, words.pick(zh, en), tuple(items[group]), _count(items[group]))
        for group, zh, en in contract.groups
        if items[group]
    )


def _count(items: Sequence[Field | Table]) -> int:
    count = 0
    for item in items:
        count += bool(item.error)
        if isinstance(item, Table):
            count += sum(bool(cell.error) for row in item.rows for cell in row)
    return count


def _item(field: FormField, typed: Typed | None, errors: Mapping[str, str], words: Words) -> Field | Table:
    if field.widget == "table":
        return _table(field, typed or {}, errors, words)
    value = field.default if typed is None else typed.get(field.name, "")
    return _field(field, value, errors.get(field.name, ""), words)


def _field(field: FormField, value: Any, error: str, words: Words) -> Field:
    many = tuple(value) if isinstance(value, list | tuple) else tuple(filter(None, str(value).split("、")))
    return Field(
        name=field.name,
        label=words.pick(field.label_zh, field.label_en),
        widget="text" if field.widget in ("int", "percent") else field.widget,
        help=words(field.help_zh) if field.help_zh else "",
        required=field.required,
        unit=words(field.unit) if field.unit else "",
        options=tuple((o.value, words.pick(o.zh, o.en)) for o in field.options),
        value="" if isinstance(value, list | tuple) else str(value),
        values=many,
        error=words(error) if error else "",
    )


def _table(field: FormField, typed: Typed, errors: Mapping[str, str], words: Words) -> Table:
    rows = _rows(field, typed)
    made = tuple(
        tuple(
            _cell(field.name, number, column, row.get(column.name, ""), errors, words)
            for column in field.columns
        )
        for number, row in enumerate(rows)
    )
    blank = tuple(_cell(field.name, "__row__", column, column.default, {}, words) for column in field.columns)
    plain = tuple(_field(column, "", "", words) for column in field.columns)
    return Table(
        name=field.name,
        label=words.pick(field.label_zh, field.label_en),
        help=words(field.help_zh) if field.help_zh else "",
        error=reason(words, errors[field.name]) if field.name in errors else "",
        columns=plain,
        rows=made,
        blank=blank,
        next_row=len(rows),
    )


def _cell(
    table: str, row: int | str, column: FormField, value: Any, errors: Mapping[str, str], words: Words
) -> Field:
    name = f"{table}.{row}.{column.name}"
    return replace(_field(column, value, errors.get(name, ""), words), name=name)


def _rows(field: FormField, typed: Typed) -> list[Mapping[str, Any]]:
    """Return the rows of a table, from a list of mappings or from flat names; always one to fill in."""
    listed = typed.get(field.name)
    if isinstance(listed, list | tuple):
        return [*listed] or [{}]
    numbered: dict[int, dict[str, Any]] = {}
    for name, value in typed.items():
        match = _ROW.match(name)
        if match and match["table"] == field.name:
            numbered.setdefault(int(match["row"]), {})[match["column"]] = value
    found: dict[int, Mapping[str, Any]] = {**numbered}
    return [found[number] for number in sorted(found)][:MOST_ROWS] or [{}]


def typed_values(mode: str, pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return a posted form as flat values: multi fields as lists, table rows renumbered from 0, blank rows out."""
    fields = {field.name: field for field in form_fields(MODES[mode].terms)}
    plain: dict[str, Any] = {name: [] for name, field in fields.items() if field.widget == "multi"}
    rows: dict[str, dict[int, dict[str, str]]] = {}
    for name, value in pairs:
        match = _ROW.match(name)
        if match and match["table"] in fields:
            rows.setdefault(match["table"], {}).setdefault(int(match["row"]), {})[match["column"]] = value
        elif name in fields and fields[name].widget == "multi":
            plain[name].append(value)
        elif name in fields:
            plain[name] = value
    for table, numbered in rows.items():
        filled = [numbered[n] for n in sorted(numbered) if _is_filled(fields[table], numbered[n])]
        for number, row in enumerate(filled):
            plain.update({f"{table}.{number}.{column}": value for column, value in row.items()})
    return plain


def _is_filled(table: FormField, row: Mapping[str, str]) -> bool:
    presets = {column.name: column.default for column in table.columns}
    return any(value.strip() and value != presets.get(name, "") for name, value in row.items())


def field_labels(mode: str, words: Words) -> dict[str, str]:
    """Return the labels of the terms by top-level name, for the timeline."""
    labels: dict[str, str] = {}
    names = {group: words.pick(zh, en) for group, zh, en in MODES[mode].groups}
    for field in form_fields(MODES[mode].terms):
        head, _, inner = field.name.partition(".")
        labels.setdefault(head, names[field.group] if inner else words.pick(field.label_zh, field.label_en))
    return labels


def shown_terms(mode: str, terms: DealTerms, words: Words) -> tuple[ShownGroup, ...]:
    """Return the terms for reading; what is empty is left out."""
    values = terms_to_form(terms)
    facts: dict[str, list[tuple[str, str]]] = {}
    tables: dict[str, list[ShownTable]] = {}
    for field in form_fields(MODES[mode].terms):
        value = values.get(field.name)
        if field.widget == "table":
            if value:
                tables.setdefault(field.group, []).append(_shown_table(field, value, words))
        elif value not in (None, "", []):
            facts.setdefault(field.group, []).append(
                (words.pick(field.label_zh, field.label_en), _told(field, value, words))
            )
    return tuple(
        ShownGroup(group, words.pick(zh, en), tuple(facts.get(group, ())), tuple(tables.get(group, ())))
        for group, zh, en in MODES[mode].groups
        if group in facts or group in tables
    )


def _shown_table(field: FormField, rows: Sequence[Mapping[str, Any]], words: Words) -> ShownTable:
    return ShownTable(
        words.pick(field.label_zh, field.label_en),
        tuple(words.pick(column.label_zh, column.label_en) for column in field.columns),
        tuple(
            tuple(_told(column, row.get(column.name, ""), words) for column in field.columns) for row in rows
        ),
    )


def _told(field: FormField, value: Any, words: Words) -> str:
    named = {option.value: words.pick(option.zh, option.en) for option in field.options}
    if isinstance(value, list | tuple):
        return words.pick("、", ", ").join(named.get(str(v), str(v)) for v in value)
    text = named.get(str(value), str(value))
    unit = words(field.unit) if field.unit and not text.endswith("%") else ""
    return f"{text} {unit}".strip() if text and not field.options else text
