"""What is wrong with a rule pack: one fault per place, in words that an officer can act on.

In: what pydantic or a check of our own found. Out: `Fault` values with file, line and a Chinese reason that names
the rule, the field and the remedy. Nothing here reads a file.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import PydanticCustomError

_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong: `line` is 0 if no line can be named (a missing file)."""

    file: str
    line: int
    reason: str
    reason_en: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}" if self.line else f"{self.file}: {self.reason}"


class PackError(ValueError):
    """Rule packs that cannot be used; the Chinese text says which file, which line, and why.

    `faults` holds every fault that was found, not only the first.
    """

    def __init__(self, faults: Sequence[Fault] | str) -> None:
        self.faults = (Fault("", 0, faults),) if isinstance(faults, str) else tuple(faults)
        super().__init__(faults if isinstance(faults, str) else "\n".join(map(str, self.faults)))


def refused(zh: str, en: str, *at: str | int) -> PydanticCustomError:
    """Return the error for a validator to raise; `at` leads from the checked value to the faulty part of it."""
    # The text is passed as a value, so that braces in it are not read as a template.
    return PydanticCustomError("pack", "{zh}", {"zh": zh, "en": en, "at": list(at)})


def place_of(error: Mapping[str, Any]) -> tuple[str | int, ...]:
    """Return the way to the faulty value: keys and indexes, as pydantic and `refused` name them."""
    return (*error["loc"], *error.get("ctx", {}).get("at", ()))


def reasons_of(error: Mapping[str, Any]) -> tuple[str, str]:
    """Say in Chinese and in English what pydantic found."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "pack":
        return context["zh"].rstrip("。"), context["en"]
    message = error["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
    if kind in _SAID:
        chosen = {
            name: _ALTERNATIVE.sub("、", value) if isinstance(value, str) else value
            for name, value in context.items()
        }
        return _SAID[kind].format(**chosen), message
    return (message.rstrip("。") if _HAN.search(message) else f"取值不符合要求（{message}）"), message


def field_label(at: Sequence[str | int]) -> str:
    """Name a field for people: 的 article（出处）; nothing if the whole is meant."""
    if not at:
        return ""
    path = ".".join(str(part + 1) if isinstance(part, int) else part for part in at)
    known = next((_FIELDS[part] for part in reversed(at) if part in _FIELDS), "")
    return f" 的 {path}（{known}）" if known else f" 的 {path}"


_ALTERNATIVE = re.compile(", | or | and ")
_FIELDS: Mapping[str | int, str] = {
    "id": "编号",
    "title": "名称",
    "title_en": "英文名称",
    "article": "出处",
    "act": "所属法规",
    "rule": "所依据的规则",
    "version": "版本",
    "valid_from": "生效日",
    "valid_to": "失效日",
    "confidence": "可信度",
    "severity": "严重程度",
    "place": "省份",
    "period": "期限",
    "rungs": "到期前提醒",
    "overdue_rungs": "逾期提醒",
    "base_event": "起算事件",
    "publicity_days": "公示天数",
    "publicity_unit": "公示按日历日或工作日",
    "reward_publicity_days": "奖励公示天数",
    "order": "手续的先后",
    "approval_bands": "审批权限",
    "approval_bodies": "审批机构",
    "approval_routes": "审批路线",
    "one_person_several_bodies": "一人代表多个机构",
    "stages": "审批环节",
    "quorum": "法定到会人数",
    "members": "成员人数",
    "amount_basis": "审批金额的口径",
    "feedback_days": "反馈天数",
    "register_check_max_age_days": "登记簿查询的有效天数",
    "service_levels": "服务时限",
    "reminders": "提醒档",
    "reminding": "提醒方式",
    "evaluating": "企业评价",
    "repeat_every": "逾期后再提醒的间隔天数",
    "escalation": "逾期上报",
    "overdue": "逾期天数",
    "margins": "内部提前天数",
    "papers": "材料清单",
    "fee_payers": "年费承担",
    "shares_rule": "默认分配所依据的规则",
    "assessment_since": "申请前评估起算日",
    "agency": "专利代理机构",
}
_NUMBER = "须为整数：金额以分为单位，比例以基点（万分之一）为单位，不写小数，不加引号"
_DAY = "须为日期，不加引号，例如 2026-03-01"
_SAID: Mapping[str, str] = {
    "missing": "没有填写，请补上",
    "extra_forbidden": "不是可用的字段，请改正字段名或删除",
    "greater_than_equal": "不能小于{ge}",
    "greater_than": "须大于{gt}",
    "less_than_equal": "不能大于{le}",
    "less_than": "须小于{lt}",
    "int_type": _NUMBER,
    "int_parsing": _NUMBER,
    "int_from_float": _NUMBER,
    "string_type": "须为文字，请加引号",
    "string_too_short": "不能为空，请填写",
    "string_pattern_mismatch": "写法不对，须符合 {pattern}",
    "bool_type": "须为 true 或 false",
    "bool_parsing": "须为 true 或 false",
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "literal_error": "只能填 {expected}",
    "tuple_type": "须写成列表 […]",
    "list_type": "须写成列表 […]",
    "dict_type": "须写成表",
    "model_type": "须写成表",
    "too_short": "至少要有{min_length}项",
    "too_long": "至多{max_length}项",
}
