"""The words in which all three doors speak of the two libraries: facets, their values, fields of the history."""

from collections.abc import Mapping

from cases.facet_counts import BLANK
from cases.industries import NAMES as INDUSTRY_NAMES
from cases.profile_fields import (
    DISPOSALS,
    GRADE_MEANINGS,
    GRADES,
    IMPLEMENTATIONS,
    IN_POOL,
    LABELS,
    MATURITIES,
    PROSPECTS,
    WILLINGNESS,
)
from desk.web.labels import PATENT_KIND, PATENT_STATUS

Pair = tuple[str, str]

NO_VALUE: Pair = ("未填写", "not filled in")
TRUTH: Mapping[str, Pair] = {"1": ("已入库", "in the pool"), "0": ("未入库", "not in the pool")}
YES_NO: Mapping[str, Pair] = {"yes": ("是", "yes"), "no": ("否", "no")}
FACET_NAMES: Mapping[str, Pair] = {
    "in_pool": IN_POOL,
    "grade": LABELS["grade"],
    "industry": LABELS["industry"],
    "maturity": LABELS["maturity"],
    "prospect": LABELS["prospect"],
    "willingness": LABELS["willingness"],
    "implementation": LABELS["implementation"],
    "kind": ("专利类型", "Kind"),
    "status": ("法律状态", "Legal status"),
    "college": ("院系", "College"),
    "patent_class": LABELS["patent_class"],
    "year": ("授权年份", "Year of grant"),
}
GRADE_VALUES: Mapping[str, Pair] = {
    code: (f"{zh}（{GRADE_MEANINGS[code][0]}）", f"{en} ({GRADE_MEANINGS[code][1]})")
    for code, (zh, en) in GRADES.items()
}
VALUES: Mapping[str, Mapping[str, Pair]] = {
    "in_pool": TRUTH, "grade": GRADE_VALUES, "industry": INDUSTRY_NAMES, "maturity": MATURITIES, "prospect": PROSPECTS,
    "willingness": WILLINGNESS, "implementation": IMPLEMENTATIONS, "kind": PATENT_KIND, "status": PATENT_STATUS,
    "disposal": DISPOSALS, "key_project": YES_NO, "funded": YES_NO,
}  # fmt: skip
SORT_NAMES: Mapping[str, Pair] = {
    "filed": ("申请日从新到旧", "newest filing first"),
    "grade": ("等级从高到低", "best grade first"),
    "review": ("复核日期从近到远", "earliest review first"),
}
FIELD_NAMES: Mapping[str, Pair] = {**LABELS, "in_pool": IN_POOL}


def value_name(facet: str, value: str) -> Pair:
    """Return what a value of a facet is called; colleges, classes and years are called as they are."""
    if value == BLANK:
        return NO_VALUE
    return VALUES.get(facet, {}).get(value, (value, value))


def history_name(field: str, value: str) -> Pair:
    """Return a value as the history keeps it in words; lists are codes joined by commas."""
    words = {**YES_NO, **VALUES.get(field, {})}
    pairs = [words.get(code, (code, code)) for code in value.split(",") if code]
    if field not in VALUES and field != "in_pool":
        return value or "—", value or "—"
    return "、".join(zh for zh, _ in pairs) or "—", ", ".join(en for _, en in pairs) or "—"
