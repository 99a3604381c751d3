"""Checks what comes with an event against the step's model; every fault is named in Chinese, by field."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from cases.errors import Invalid
from states.payload_fields import Payload

MESSAGES = {
    "missing": "此项必填",
    "extra_forbidden": "没有这个填写项，请删除",
    "too_short": "请填写，至少{min_length}个字",
    "too_long": "内容过长，最多{max_length}个字",
    "string_type": "应填写文字",
    "bool_type": "应为是或否",
    "bool_parsing": "应为是或否",
    "date_type": "应填写日期，例如2026-03-01",
    "int_type": "应填写数字",
    "int_parsing": "应填写数字",
    "int_from_float": "应为整数",
    "finite_number": "应填写数字",
    "int_parsing_size": "数字过大",
    "greater_than": "应大于{gt}",
    "greater_than_equal": "不能小于{ge}",
    "less_than_equal": "不能大于{le}",
    "dict_type": "格式不正确，应为各填写项的集合",
}


def check_payload(model: type[Payload], raw: Mapping[str, Any]) -> Payload:
    """Return the checked payload.

    Raises: Invalid with one Chinese reason per field.
    """
    try:
        return model.model_validate(dict(raw))
    except ValidationError as error:
        fields = {_name(fault["loc"]): _reason(model, fault) for fault in error.errors()}
    labels = "；".join(f"{_label(model, name)}：{reason.rstrip('。')}" for name, reason in fields.items())
    raise Invalid(f"填写内容有误，请改正后重新提交。{labels}", fields, f"invalid: {', '.join(fields)}")


def _name(loc: tuple[int | str, ...]) -> str:
    return str(loc[0]) if loc else ""


def _label(model: type[Payload], name: str) -> str:
    field = model.model_fields.get(name)
    extra = field.json_schema_extra if field else None
    return str(extra.get("label_zh", name)) if isinstance(extra, dict) else name


def _reason(model: type[Payload], fault: Any) -> str:
    kind, context = fault["type"], fault.get("ctx", {})
    if kind == "value_error":
        return str(getattr(context.get("error"), "reason", "") or context.get("error", "填写内容有误"))
    if kind == "literal_error":
        field = model.model_fields.get(_name(fault["loc"]))
        extra = field.json_schema_extra if field else None
        options = extra.get("options_zh") if isinstance(extra, dict) else None
        return (
            f"请选择：{'、'.join(map(str, options.values()))}"
            if isinstance(options, dict)
            else "请从列表中选择"
        )
    template = MESSAGES.get(kind, "填写内容有误")
    return template.format(**context)
