"""What differs between two rulebooks: rules, rows of tables, and the policy of the house, field by field.

In: two loaded rulebooks. Out: a frozen `Difference` that renders as JSON. A version, row or policy is compared with
the one that takes its place; what only stands in another layer with the same words is no difference.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Literal, TypeVar

from pydantic import BaseModel

from rules.packs import RuleBook
from rules.policy import HousePolicy
from rules.rule import Dated, Rule

Kind = Literal["added", "removed", "changed"]
_PLACING = frozenset({"layer"})
M = TypeVar("M", Rule, Dated, HousePolicy)
Leaf = str | int | bool | None


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that says something else: the way to it (`approval_bands.2.body_zh`), before and after."""

    field: str
    before: Leaf
    after: Leaf

    def as_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {"field": self.field, "before": self.before, "after": self.after}


@dataclass(frozen=True, slots=True)
class Change:
    """A rule version, row or policy that was added, removed or changed. `key` names it; `title` is for people."""

    kind: Kind
    key: str
    title: str
    title_en: str
    layer: str
    valid_from: date
    fields: tuple[FieldChange, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "kind": self.kind, "key": self.key, "title": self.title, "title_en": self.title_en,
            "layer": self.layer, "valid_from": self.valid_from.isoformat(),
            "fields": [one.as_json() for one in self.fields],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that differs. `rows` are of tables, each keyed by its section."""

    rules: tuple[Change, ...]
    rows: tuple[Change, ...]
    policy: tuple[Change, ...]

    @property
    def is_empty(self) -> bool:
        """Whether both rulebooks say the same."""
        return not (self.rules or self.rows or self.policy)

    def as_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        parts = {"rules": self.rules, "rows": self.rows, "policy": self.policy}
        return {name: [change.as_json() for change in changes] for name, changes in parts.items()}


def compare(before: RuleBook, after: RuleBook) -> Difference:
    """Return what changes when the second rulebook takes the place of the first."""
    ids = sorted(before.versions.keys() | after.versions.keys())
    sections = sorted(before.tables.keys() | after.tables.keys())
    return Difference(
        rules=tuple(
            change
            for rule_id in ids
            for change in _changes(
                before.versions.get(rule_id, ()), after.versions.get(rule_id, ()), _named_rule
            )
        ),
        rows=tuple(
            change
            for section in sections
            for change in _row_changes(section, before.tables.get(section, ()), after.tables.get(section, ()))
        ),
        policy=tuple(_changes(before.policies, after.policies, _named_policy)),
    )


def _row_changes(section: str, before: Sequence[Dated], after: Sequence[Dated]) -> Iterator[Change]:
    """Compare the rows of a table that answer the same question for the same place."""
    groups: dict[tuple[object, ...], tuple[list[Dated], list[Dated]]] = {}
    for side, rows in enumerate((before, after)):
        for row in rows:
            groups.setdefault((row.place, type(row), row.overlap_key), ([], []))[side].append(row)
    for (place, _, key), (old, new) in groups.items():
        shown = " ".join(str(part) for part in (section, place, *_flat(key)) if part not in ("", None))
        yield from _changes(old, new, partial(_named_row, shown))


def _flat(key: object) -> Iterator[object]:
    if isinstance(key, tuple):
        for part in key:
            yield from _flat(part)
    else:
        yield key


def _named_rule(rule: Rule) -> tuple[str, str, str, str]:
    return rule.id, rule.title, rule.title_en, rule.layer


def _named_row(shown: str, row: Dated) -> tuple[str, str, str, str]:
    return shown, row.rule, row.rule, row.layer


def _named_policy(policy: HousePolicy) -> tuple[str, str, str, str]:
    return "house", policy.name, policy.name, ""


def _changes(
    before: Sequence[M], after: Sequence[M], named: Callable[[M], tuple[str, str, str, str]]
) -> Iterator[Change]:
    for old, new in _paired(before, after):
        shown = new if new is not None else old
        if shown is None:
            continue
        fields = tuple(_fields(old, new)) if old is not None and new is not None else ()
        if old is not None and new is not None and not fields:
            continue
        kind: Kind = "added" if old is None else "removed" if new is None else "changed"
        yield Change(kind, *named(shown), shown.valid_from, fields)


def _paired(before: Iterable[M], after: Iterable[M]) -> Iterator[tuple[M | None, M | None]]:
    """Pair what takes each other's place: the same first, then of the same first day, then in order."""
    old, new = list(before), list(after)
    tests: tuple[Callable[[M, M], bool], ...] = (
        lambda one, other: not any(_fields(one, other)),
        lambda one, other: one.valid_from == other.valid_from,
        lambda one, other: True,
    )
    for test in tests:
        for one in list(old):
            other = next((candidate for candidate in new if test(one, candidate)), None)
            if other is not None:
                old.remove(one)
                new.remove(other)
                yield one, other
    yield from ((one, None) for one in old)
    yield from ((None, other) for other in new)


def _fields(old: BaseModel, new: BaseModel) -> Iterator[FieldChange]:
    """Yield the fields that differ, down to the single values."""
    before, after = _leaves(old), _leaves(new)
    for way in [*before, *(way for way in after if way not in before)]:
        if before.get(way) != after.get(way):
            yield FieldChange(way, before.get(way), after.get(way))


def _leaves(model: BaseModel) -> dict[str, Leaf]:
    leaves: dict[str, Leaf] = {}
    _collect(model.model_dump(mode="json", exclude=set(_PLACING)), "", leaves)
    return leaves


def _collect(value: Any, way: str, leaves: dict[str, Leaf]) -> None:
    if isinstance(value, Mapping):
        for key, held in value.items():
            _collect(held, f"{way}.{key}" if way else str(key), leaves)
    elif isinstance(value, list):
        for number, held in enumerate(value, 1):
            _collect(held, f"{way}.{number}", leaves)
    else:
        leaves[way] = value
