"""Fields of commercial terms: how a value is typed, read, shown and explained.

In: what people type (full-width digits, 120万元, 3.5%, 2026年3月1日) or the JSON of a model. Out: exact
values. Every failure is a Chinese `FieldError`. A `FormField` says all that a web form, a command line or
an API needs to know about one field.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Self, Union, get_args, get_origin

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from rules.dates import parse_date
from rules.money import format_yuan, parse_yuan, percent
from rules.text import fold, normalize

Widget = Literal["text", "textarea", "date", "money", "percent", "int", "select", "multi", "table"]
LARGEST_BP = 10_000
_LARGEST_ROWS = 60
_PERCENT = re.compile(r"^(\d{1,6}(?:\.\d{1,6})?)(%|‰|‱|BP)?$", re.ASCII)
_PER_TEN_THOUSAND = re.compile(r"^(百|千|万)分之([一二三四五六七八九十]|\d{1,4}(?:\.\d{1,4})?)$", re.ASCII)
_PARTS = {"百": 100, "千": 10, "万": 1}
_UNIT_BP = {None: 100, "%": 100, "‰": 10, "‱": 1, "BP": 1}
_WHOLE = re.compile(r"^(\d{1,6})(?:个?[年月日天份项期人]|个月|个工作日)?$", re.ASCII)
_YES = frozenset({"true", "1", "yes", "on", "是", "有", "允许"})
_NO = frozenset({"false", "0", "no", "off", "否", "无", "不允许"})


class FieldError(ValueError):
    """A value that cannot be read; `reason` is Chinese and says what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Terms(BaseModel):
    """Base of every model of commercial terms and of their table rows: frozen, no unknown field."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def cross_problems(self) -> Iterable[tuple[str, str]]:
        """Yield what is wrong between fields: (dotted field, Chinese reason)."""
        return ()

    @model_validator(mode="after")
    def _check_across(self) -> Self:
        problems = list(self.cross_problems())
        if problems:
            text = "；".join(reason for _, reason in problems)
            raise PydanticCustomError("across", "{text}", {"text": text, "problems": problems})
        return self


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select or multi field."""

    value: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form.

    `name` is dotted for a field of an optional part (`royalty.base`). `columns` are the fields of one row of
    a table. `default` is what the form shows before anything is typed.
    """

    name: str
    label_zh: str
    label_en: str
    help_zh: str
    unit: str
    group: str
    widget: Widget
    required: bool
    default: str
    options: tuple[Option, ...] = ()
    columns: tuple["FormField", ...] = ()


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not normalize(value))


def _line(value: Any) -> Any:
    if isinstance(value, str):
        return normalize(value)
    raise FieldError("应填写文字。")


def _note(value: Any) -> Any:
    if not isinstance(value, str):
        raise FieldError("应填写文字。")
    return "\n".join(filter(None, map(normalize, value.splitlines())))


def _lines(value: Any) -> Any:
    if isinstance(value, str):
        value = value.splitlines()
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise FieldError("应逐行填写文字，每行一项。")
    return tuple(filter(None, map(normalize, value)))


def _fen(value: Any) -> Any:
    return parse_yuan(value) if isinstance(value, str) else _typed_int(value, "金额")


def _bp(value: Any) -> Any:
    return parse_percent(value) if isinstance(value, str) else _typed_int(value, "比例")


def _whole(value: Any) -> Any:
    if not isinstance(value, str):
        return _typed_int(value, "整数")
    match = _WHOLE.match(fold(value))
    if match is None:
        raise FieldError(f"“{value.strip()[:40]}”不是整数。请填写整数，例如 12。")
    return int(match[1])


def _typed_int(value: Any, what: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise FieldError(f"{what}格式不正确。请填写数字，不要使用小数类型。")
    return value


def _day(value: Any) -> Any:
    if isinstance(value, str):
        return parse_date(value)
    if type(value) is date:
        return value
    raise FieldError("应填写日期，例如 2026-03-01。")


def _flag(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    word = normalize(value).lower() if isinstance(value, str) else ""
    if word in _YES or word in _NO:
        return word in _YES
    raise FieldError("请选择“是”或“否”。")


def _rows(value: Any) -> Any:
    """Drop the rows of a table in which nothing is filled in."""
    if not isinstance(value, list | tuple):
        raise FieldError("应为表格，每行一条。")
    if len(value) > _LARGEST_ROWS:
        raise FieldError(f"最多填写 {_LARGEST_ROWS} 行。请合并或改为附件。")
    return tuple(
        row for row in value if not isinstance(row, Mapping) or not all(map(_is_blank, row.values()))
    )


def parse_percent(text: str) -> int:
    """Read a rate and return basis points: 3.5%, 3.5, 0.5‰, 万分之五.

    Raises: FieldError if it is no rate or finer than one basis point.
    """
    folded = fold(text)
    spoken = _PER_TEN_THOUSAND.match(folded)
    match = _PERCENT.match(folded)
    if spoken is not None:
        digit = "一二三四五六七八九十".find(spoken[2]) + 1
        points = Decimal(digit or spoken[2]) * _PARTS[spoken[1]]
    elif match is not None:
        points = Decimal(match[1]) * _UNIT_BP[match[2]]
    else:
        raise FieldError(f"“{text.strip()[:40]}”不是比例。请填写百分数，例如 3.5%。")
    if points != points.to_integral_value():
        raise FieldError(f"比例“{text.strip()[:40]}”过细。最多精确到 0.01%。")
    return int(points)


Line = Annotated[str, Field(min_length=1, max_length=200), BeforeValidator(_line)]
OptionalLine = Annotated[str, Field(max_length=200), BeforeValidator(_line)]
Note = Annotated[str, Field(min_length=1, max_length=2000), BeforeValidator(_note)]
OptionalNote = Annotated[str, Field(max_length=2000), BeforeValidator(_note)]
Fen = Annotated[int, BeforeValidator(_fen), Field(ge=0, le=99_999_999_999_99)]
PositiveFen = Annotated[int, BeforeValidator(_fen), Field(gt=0, le=99_999_999_999_99)]
Bp = Annotated[int, BeforeValidator(_bp), Field(ge=0, le=LARGEST_BP)]
PositiveBp = Annotated[int, BeforeValidator(_bp), Field(gt=0, le=LARGEST_BP)]
Whole = Annotated[int, BeforeValidator(_whole)]
Day = Annotated[date, BeforeValidator(_day)]
Flag = Annotated[bool, BeforeValidator(_flag)]
YES_NO = (Option("yes", "是", "yes"), Option("no", "否", "no"))
Lines = Annotated[tuple[Annotated[str, Field(min_length=1, max_length=1000)], ...], BeforeValidator(_lines)]
Rows = BeforeValidator(_rows)


def one_of(options: Iterable[Option]) -> BeforeValidator:
    """Accept a value of the options, or its Chinese or English label."""
    known = _spellings(options)

    def read(value: Any) -> Any:
        if isinstance(value, str) and fold(value) in known:
            return known[fold(value)]
        raise FieldError(f"只能选择：{'、'.join(o.zh for o in options)}。")

    return BeforeValidator(read)


def some_of(options: Iterable[Option]) -> BeforeValidator:
    """Accept any number of the options, as a list or a text; the order is that of the options."""
    known = _spellings(options)
    order = [o.value for o in options]
    choices = "、".join(o.zh for o in options)

    def read(value: Any) -> Any:
        if isinstance(value, str):
            value = list(filter(None, re.split(r"[、,，;；/\s]+", value)))
        if not isinstance(value, list | tuple | set | frozenset):
            raise FieldError(f"只能选择：{choices}。")
        strange = [v for v in value if not isinstance(v, str) or fold(v) not in known]
        if strange:
            raise FieldError(f"“{str(strange[0])[:40]}”不在可选范围内。只能选择：{choices}。")
        return tuple(sorted({known[fold(v)] for v in value}, key=order.index))

    return BeforeValidator(read)


def _spellings(options: Iterable[Option]) -> dict[str, str]:
    return {fold(name): o.value for o in options for name in (o.value, o.zh, o.en)}


def shown(
    zh: str,
    en: str,
    group: str,
    widget: Widget = "text",
    help_zh: str = "",
    *,
    unit: str = "",
    options: tuple[Option, ...] = (),
    default: Any = ...,
    later: bool = False,
    **limits: Any,
) -> Any:
    """Declare a model field together with what a form shows of it.

    `later` marks a field that came to its model when cases had been decided on without it: at its default it says
    what was meant before, and does not enter the hashes of the terms.
    """
    meta: dict[str, Any] = {
        "label_zh": zh,
        "label_en": en,
        "help_zh": help_zh,
        "unit": unit,
        "group": group,
        "widget": widget,
        "options": [[o.value, o.zh, o.en] for o in options],
        "later": later,
    }
    return Field(default=default, json_schema_extra=meta, **limits)


def meta_of(info: FieldInfo) -> Mapping[str, Any]:
    """Return what `shown` declared."""
    extra = info.json_schema_extra
    if not isinstance(extra, dict):
        raise TypeError(f"field without form metadata: {info!r}")
    return extra


def row_model(info: FieldInfo) -> type[Terms] | None:
    """Return the model of a table's rows or of an optional part, or None for a plain field."""
    return _model_in(info.annotation)


def _model_in(annotation: Any) -> type[Terms] | None:
    if isinstance(annotation, type) and issubclass(annotation, Terms):
        return annotation
    if get_origin(annotation) in (Union, UnionType, Annotated, tuple):
        for inner in get_args(annotation):
            found = _model_in(inner)
            if found is not None:
                return found
    return None


def is_part(info: FieldInfo) -> bool:
    """Whether the field is an optional part (`royalty`), whose fields a form shows one by one."""
    return row_model(info) is not None and NoneType in get_args(info.annotation)


def form_fields(model: type[Terms]) -> tuple[FormField, ...]:
    """Return the form of a model: one entry per field, in the order of the model."""
    return tuple(_walk(model, ""))


def _walk(model: type[Terms], prefix: str) -> Iterable[FormField]:
    for name, info in model.model_fields.items():
        inner = row_model(info)
        if inner is not None and is_part(info):
            yield from _walk(inner, f"{prefix}{name}.")
            continue
        meta = meta_of(info)
        yield FormField(
            name=prefix + name,
            label_zh=meta["label_zh"],
            label_en=meta["label_en"],
            help_zh=meta["help_zh"],
            unit=meta["unit"],
            group=meta["group"],
            widget=meta["widget"],
            required=info.is_required() and not prefix,
            default=_shown_default(info, meta["widget"]),
            options=tuple(Option(*option) for option in meta["options"]),
            columns=tuple(_walk(inner, "")) if inner is not None else (),
        )


def _shown_default(info: FieldInfo, widget: Widget) -> str:
    if info.is_required() or info.default is None or widget == "table":
        return ""
    value = human(info.default, widget)
    return "、".join(value) if isinstance(value, list) else str(value)


_HUMAN: dict[str, Callable[[Any], Any]] = {
    "money": format_yuan,
    "percent": percent,
    "date": date.isoformat,
    "int": str,
    "multi": list,
}


def human(value: Any, widget: Widget) -> Any:
    """Return a value as a form shows it; reading it back gives the same value."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if widget == "textarea" and isinstance(value, tuple):
        return "\n".join(value)
    return _HUMAN.get(widget, lambda same: same)(value)


def terms_to_form(terms: Terms) -> dict[str, Any]:
    """Return the terms as a form shows them; `check_terms` reads them back to the same terms.

    Shape: text per field, a list of text for multi fields, a list of row mappings for tables; the fields of
    an optional part stand flat under dotted names.
    """
    return _form(type(terms), {name: getattr(terms, name) for name in type(terms).model_fields})


def stored_to_form(model: type[Terms], stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return some stored fields of a model as a form shows them; what the model does not read is left out."""
    values: dict[str, Any] = {}
    for name, value in stored.items():
        info = model.model_fields.get(name)
        if info is None or info.annotation is None:
            continue
        try:
            values[name] = TypeAdapter(info.annotation).validate_json(json.dumps(value))
        except ValidationError:
            continue
    return _form(model, values)


def _form(model: type[Terms], values: Mapping[str, Any]) -> dict[str, Any]:
    form: dict[str, Any] = {}
    for name, value in values.items():
        info = model.model_fields[name]
        if row_model(info) is None:
            form[name] = human(value, meta_of(info)["widget"])
        elif not is_part(info):
            form[name] = [terms_to_form(row) for row in value]
        elif value is not None:
            form |= {f"{name}.{inner}": shown for inner, shown in terms_to_form(value).items()}
    return form
