"""Commercial terms of a case: checked, shown again, hashed and bound to what was decided on them.

In: what people typed, or stored JSON. Out: a frozen model or Chinese problems, one per field. Hashes run over
canonical JSON (sorted keys, no blanks, UTF-8), so equal terms have equal hashes everywhere. A field that came later
counts only where it says something, so that what was approved before it came stays approved.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from contracts.deal import DealTerms
from contracts.fields import FormField, Terms, form_fields, is_part, meta_of, row_model, terms_to_form
from contracts.modes import MODES
from contracts.schedule import AmountBasis, PaymentLine, amount_basis, amount_basis_fen, payment_schedule
from rules.money import format_yuan, percent
from rules.text import normalize

__all__ = [
    "AmountBasis",
    "FormField",
    "PaymentLine",
    "Problem",
    "TermsCheck",
    "amount_basis",
    "amount_basis_fen",
    "binding_hashes",
    "changed_fields",
    "check_terms",
    "field_hashes",
    "form_fields",
    "payment_schedule",
    "terms_hash",
    "terms_to_form",
]

_SHOWN_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field: its dotted name, Chinese label, the value as typed, and the reason."""

    field: str
    label: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class TermsCheck:
    """Either the terms, or the problems; never both."""

    terms: DealTerms | None
    problems: tuple[Problem, ...]


def check_terms(mode: str, raw: Mapping[str, object]) -> TermsCheck:
    """Read and check the terms of a mode.

    `raw` may be nested JSON or flat with dotted names (`royalty.base`, `instalments.0.amount_fen`). A text is
    read as people type it (an amount in yuan), a number as stored (an amount in fen). Blank fields count as
    not filled in.

    Raises: KeyError for an unknown mode.
    """
    model = MODES[mode].terms
    filled = _filled(model, _nested(raw))
    try:
        return TermsCheck(model.model_validate(filled), ())
    except ValidationError as error:
        found = [problem for detail in error.errors() for problem in _problems(model, detail)]
        return TermsCheck(None, _as_on_the_form(mode, dict.fromkeys(found)))


def _as_on_the_form(mode: str, problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Sort problems by the groups of the form; within a group they stay in the order of the model."""
    contract = MODES[mode]
    order = [group for group, _, _ in contract.groups]
    groups = {field.name.partition(".")[0]: order.index(field.group) for field in form_fields(contract.terms)}
    return tuple(sorted(problems, key=lambda found: groups.get(found.field.partition(".")[0], len(order))))


def terms_hash(terms: Terms) -> str:
    """Return the SHA-256 of the canonical JSON of the terms."""
    return _hash(_counted(terms))


def field_hashes(terms: Terms) -> dict[str, str]:
    """Return one SHA-256 per field that counts."""
    return {name: _hash(value) for name, value in _counted(terms).items()}


def binding_hashes(mode: str, terms: Terms) -> dict[str, str]:
    """Return one hash per binding group of the mode (`publicity`, `approval`), and `terms` for all fields."""
    hashes = field_hashes(terms)
    groups = MODES[mode].bound
    bound = {
        group: _hash({"mode": mode, **{field: hashes[field] for field in sorted(fields & hashes.keys())}})
        for group, fields in groups.items()
    }
    return {**bound, "terms": terms_hash(terms)}


def changed_fields(old: Terms, new: Terms) -> tuple[str, ...]:
    """Return the names of the fields that differ, in the order of the model."""
    before, after = field_hashes(old), field_hashes(new)
    return tuple(name for name in type(new).model_fields if before.get(name) != after.get(name))


def _counted(terms: Terms) -> dict[str, Any]:
    """Return the canonical values of the fields that hashes run over: all but later ones at their default."""
    stored = terms.model_dump(mode="json")
    return {
        name: _counted_value(getattr(terms, name), stored[name])
        for name, info in type(terms).model_fields.items()
        if not (meta_of(info).get("later") and getattr(terms, name) == info.default)
    }


def _counted_value(value: object, stored: Any) -> Any:
    if isinstance(value, Terms):
        return _counted(value)
    if isinstance(value, tuple):
        return [_counted_value(*pair) for pair in zip(value, stored, strict=True)]
    return stored


def _hash(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode("utf-8")).hexdigest()


def _nested(raw: Mapping[str, object]) -> dict[str, Any]:
    """Turn flat dotted names into nested mappings and lists of rows."""
    tree: dict[str, Any] = {}
    for name, value in raw.items():
        head, *rest = str(name).split(".")
        if not rest:
            tree[head] = dict(value) if isinstance(value, Mapping) else value
            continue
        node = tree.setdefault(head, {})
        for part in rest[:-1]:
            node = node.setdefault(part, {}) if isinstance(node, dict) else {}
        if isinstance(node, dict):
            node[rest[-1]] = value
    return tree


def _filled(model: type[Terms], raw: Mapping[str, Any]) -> dict[str, Any]:
    """Drop blank fields, and turn numbered rows into lists."""
    filled: dict[str, Any] = {}
    for name, value in raw.items():
        info = model.model_fields.get(name)
        inner = row_model(info) if info is not None else None
        if inner is None or info is None:
            if not _is_blank(value):
                filled[name] = value
        elif is_part(info):
            part = _filled(inner, _nested(value)) if isinstance(value, Mapping) else value
            filled[name] = None if _is_untouched(inner, part) else part
        elif not _is_blank(value):
            rows = _row_list(value)
            filled[name] = [_filled(inner, row) if isinstance(row, Mapping) else row for row in rows]
    return filled


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not normalize(value))


def _is_untouched(model: type[Terms], part: object) -> bool:
    """Say whether an optional part holds nothing but what an empty form sends along: preset choices."""
    if not isinstance(part, Mapping):
        return _is_blank(part)
    preset = {field.name: field.default for field in form_fields(model) if field.default}
    typed = {name: value for name, value in part.items() if value != []}
    return all(name in preset and str(value) == preset[name] for name, value in typed.items())


def _row_list(value: Any) -> Any:
    if isinstance(value, Mapping):
        return [value[key] for key in sorted(value, key=lambda k: (len(str(k)), str(k)))]
    return value if isinstance(value, list | tuple) else [value]


_REASONS = {
    "missing": "未填写。",
    "extra_forbidden": "不是本合同的条款项目，请删除。",
    "string_too_short": "未填写。",
    "string_too_long": "文字过长，最多 {max_length} 个字。",
    "too_short": "至少填写 {min_length} 项。",
    "too_long": "最多填写 {max_length} 项。",
    "model_type": "格式不正确，应逐项填写。",
    "tuple_type": "应为表格，每行一条。",
}
_BOUNDS = {
    "greater_than_equal": ("ge", "不能小于 {}。"),
    "less_than_equal": ("le", "不能大于 {}。"),
    "greater_than": ("gt", "必须大于 {}。"),
    "less_than": ("lt", "必须小于 {}。"),
}


def _problems(model: type[Terms], detail: ErrorDetails) -> Iterator[Problem]:
    """Turn one error of the checker into Chinese problems; a cross-field error may hold several."""
    place = [part for part in detail["loc"] if isinstance(part, int) or not str(part).startswith("function-")]
    context = detail.get("ctx", {})
    if detail["type"] == "across":
        for field, reason in context["problems"]:
            inner = [int(part) if part.isdigit() else part for part in field.split(".")]
            yield _problem(model, [*place, *inner], None, reason)
        return
    yield _problem(model, place, detail["input"], _reason(model, place, detail))


def _problem(model: type[Terms], place: list[Any], value: object, reason: str) -> Problem:
    shown = "" if isinstance(value, Mapping | list | tuple) or value is None else str(value)
    return Problem(".".join(map(str, place)), _label(model, place), shown[:_SHOWN_LENGTH], reason)


def _reason(model: type[Terms], place: list[Any], detail: ErrorDetails) -> str:
    context = detail.get("ctx", {})
    kind = detail["type"]
    if kind in _REASONS:
        return _REASONS[kind].format_map(context)
    if kind in _BOUNDS:
        key, text = _BOUNDS[kind]
        return text.format(_bound(model, place, context[key]))
    reason = getattr(context.get("error"), "reason", "")
    return str(reason) or "填写的内容不符合要求，请按填写说明修改。"


def _bound(model: type[Terms], place: list[Any], limit: int) -> str:
    widget = _widget(model, place)
    if widget == "money":
        return f"{format_yuan(limit)} 元"
    return percent(limit) if widget == "percent" else str(limit)


def _widget(model: type[Terms], place: list[Any]) -> str:
    for part in place:
        info = model.model_fields.get(part) if isinstance(part, str) else None
        if info is None:
            continue
        inner = row_model(info)
        if inner is None:
            return str(meta_of(info)["widget"])
        model = inner
    return ""


def _label(model: type[Terms], place: list[Any]) -> str:
    """Return the Chinese label of a place: 入门费分期 第2行 金额."""
    words: list[str] = []
    for part in place:
        if isinstance(part, int):
            words.append(f"第{part + 1}行")
            continue
        info = model.model_fields.get(part)
        if info is None:
            words.append(str(part)[:40])
            break
        words.append(meta_of(info)["label_zh"])
        model = row_model(info) or model
    return " ".join(words)
