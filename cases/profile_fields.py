"""What a profile may hold: the words of each field in both languages, and the one check of each value.

Pure: values in, stored values or a reason out.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import orjson

from cases.industries import NAMES as INDUSTRY_NAMES
from cases.industries import known
from rules.dates import DateError, parse_date
from rules.text import normalize

Words = Mapping[str, tuple[str, str]]

GRADES: Words = {
    "A": ("A级", "Grade A"), "B": ("B级", "Grade B"), "C": ("C级", "Grade C"), "D": ("D级", "Grade D"),
}  # fmt: skip
GRADE_MEANINGS: Words = {
    "A": ("重点推广", "promote first"),
    "B": ("常规推广", "promote"),
    "C": ("培育改进", "improve first"),
    "D": ("建议处置", "to be disposed of"),
}
MATURITIES: Words = {
    "concept": ("概念阶段", "Concept"),
    "lab": ("实验室阶段", "Laboratory"),
    "prototype": ("样机或小试", "Prototype"),
    "pilot": ("中试", "Pilot"),
    "product": ("已形成产品", "Product"),
}
PROSPECTS: Words = {"high": ("前景好", "Good"), "medium": ("前景一般", "Fair"), "low": ("前景较差", "Poor")}
WILLINGNESS: Words = {
    "transfer": ("转让", "Transfer"),
    "license": ("许可", "License"),
    "open_license": ("开放许可", "Open license"),
    "equity": ("作价入股", "Equity"),
    "pool": ("专利池", "Patent pool"),
    "own_use": ("自行应用或产业化", "Own use"),
}
IMPLEMENTATIONS: Words = {
    "none": ("未实施", "Not used"),
    "own": ("自行实施", "Used by the owner"),
    "licensed": ("许可他人实施", "Licensed"),
    "transferred": ("已转让", "Transferred"),
    "industrialized": ("已产业化", "Industrialized"),
}
DISPOSALS: Words = {
    "keep": ("储备", "Keep"),
    "improve": ("改进", "Improve"),
    "bundle": ("打包", "Bundle"),
    "open_license": ("开放许可", "Open license"),
    "hand_over": ("完成人承接", "Hand over to the inventors"),
    "stop_fees": ("停止缴费", "Stop paying fees"),
}
POOL_NAMES: Words = {
    "institution": ("本单位资源库", "Own pool"),
    "national": ("国家级资源库", "National pool"),
    "provincial": ("省级资源库", "Provincial pool"),
    "city": ("市级资源库", "City pool"),
}
STANDING_NAMES: Words = {
    "recommended": ("已推荐", "Recommended"),
    "entered": ("已入库", "Entered"),
    "left": ("已出库", "Left"),
}
LABELS: Words = {
    "grade": ("等级", "Grade"),
    "patent_class": ("分类", "Class"),
    "industry": ("产业领域", "Industry"),
    "maturity": ("技术成熟度", "Maturity"),
    "prospect": ("产业化前景", "Prospect"),
    "scenario": ("应用场景", "Scenario"),
    "willingness": ("转化意愿", "Willingness"),
    "implementation": ("实施情况", "Implementation"),
    "self_score": ("自评分", "Self-rating"),
    "central_score": ("集中评价分", "Central rating"),
    "enterprise_score": ("企业评价分", "Enterprise rating"),
    "key_project": ("重点项目", "Key project"),
    "funded": ("财政资助", "Publicly funded"),
    "review_on": ("复核日期", "Review date"),
    "disposal": ("处置方式", "Disposal"),
}
IN_POOL = ("是否入库", "In the pool")
LONGEST = {"patent_class": 30, "scenario": 500}
SOURCE = re.compile(r"[a-z_]+(:[0-9]+)?")


class Fault(ValueError):
    """A value that cannot be kept; `reason` is Chinese and says what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _word(words: Words) -> Callable[[str, object], object]:
    def check(_name: str, value: object) -> object:
        told = _given(value)
        named = {zh: code for code, (zh, _) in words.items()}
        found = named.get(told, told)
        if found and found not in words:
            raise Fault(f"请从以下各项中选择：{'、'.join(zh for zh, _ in words.values())}")
        return found

    return check


def _words(
    words: Words, ordered: Callable[[frozenset[str]], tuple[str, ...]]
) -> Callable[[str, object], object]:
    def check(_name: str, value: object) -> object:
        given = (
            value
            if isinstance(value, list | tuple | set | frozenset)
            else re.split("[,，、;；]", _given(value))
        )
        named = {zh: code for code, (zh, _) in words.items()}
        told = frozenset(named.get(text, text) for one in given if (text := _given(one)))
        if not told <= set(words):
            raise Fault(f"可多选，请从以下各项中选择：{'、'.join(zh for zh, _ in words.values())}")
        return orjson.dumps(ordered(told)).decode()

    return check


def _text(name: str, value: object) -> object:
    told = _given(value)
    if len(told) > LONGEST[name]:
        raise Fault(f"不超过{LONGEST[name]}个字")
    return told


def _score(_name: str, value: object) -> object:
    if value is None or value == "":
        return None
    told = str(value).strip() if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not (told.isascii() and told.isdigit() and int(told[:4]) <= 100):
        raise Fault("请填0至100的整数，或留空")
    return int(told)


TRUTHS = {"1": True, "true": True, "yes": True, "on": True, "是": True,
          "0": False, "false": False, "no": False, "否": False}  # fmt: skip


def _truth(_name: str, value: object) -> object:
    if isinstance(value, bool):
        return value
    found = TRUTHS.get(_given(value).lower())
    if found is None:
        raise Fault("请填是或否")
    return found


def _truth_or_blank(name: str, value: object) -> object:
    return None if value is None or value == "" else _truth(name, value)


def _day(_name: str, value: object) -> object:
    if value is None or value == "" or isinstance(value, date):
        return value or None
    try:
        return parse_date(_given(value))
    except DateError as error:
        raise Fault(error.reason) from error


def _given(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Fault("请填写文字")
    return normalize(value)


def _in_order(given: frozenset[str]) -> tuple[str, ...]:
    return tuple(code for code in WILLINGNESS if code in given)


CHECKS: Mapping[str, Callable[[str, object], object]] = {
    "grade": _word(GRADES), "patent_class": _text, "industry": _words(INDUSTRY_NAMES, known),
    "maturity": _word(MATURITIES), "prospect": _word(PROSPECTS), "scenario": _text,
    "willingness": _words(WILLINGNESS, _in_order), "implementation": _word(IMPLEMENTATIONS),
    "self_score": _score, "central_score": _score, "enterprise_score": _score, "key_project": _truth,
    "funded": _truth_or_blank, "review_on": _day, "disposal": _word(DISPOSALS),
}  # fmt: skip
FIELDS = tuple(CHECKS)
EMPTY: Mapping[str, Any] = {
    **dict.fromkeys(FIELDS, ""), "industry": "[]", "willingness": "[]", "self_score": None, "central_score": None,
    "enterprise_score": None, "key_project": False, "funded": None, "review_on": None,
}  # fmt: skip


def checked(changes: Mapping[str, object]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the stored form of each value, and the reason of each one that cannot be kept."""
    good: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for name, value in changes.items():
        check = CHECKS.get(name)
        if check is None:
            faults[name] = f"没有这个字段，可填：{'、'.join(FIELDS)}"
            continue
        try:
            good[name] = check(name, value)
        except Fault as fault:
            faults[name] = fault.reason
    return good, faults


def told(value: object) -> str:
    """Return a stored value as the history keeps it: lists as codes joined by commas, no value as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and value.startswith("["):
        return ",".join(orjson.loads(value))
    return value.isoformat() if isinstance(value, date) else str(value)
