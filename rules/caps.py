"""What an open-license fee normally does not exceed, and how long the brief of its basis may be.

In: the terms of a declaration. Out: one `CapWarning` per cap that is exceeded. The text says 一般不高于: a warning,
never a refusal.

Source: 专利审查指南 (2023) part 5 ch 11 §3.3
"""

from dataclasses import dataclass
from datetime import date

from rules.citing import cited
from rules.derivation import Derivation, Unit, step
from rules.money import format_yuan, percent
from rules.money_tables import Measure, OpenLicenseCap
from rules.packs import RuleBook

_LABELS: dict[Measure, tuple[str, str]] = {
    "fixed_fee": ("固定使用费", "the fixed fee"),
    "net_sales": ("按净销售额的提成", "the royalty on net sales"),
    "profit": ("按利润的提成", "the royalty on profit"),
    "basis_text": ("使用费计算依据说明", "the brief of the fee basis"),
}


@dataclass(frozen=True)
class CapWarning:
    """A cap that is exceeded: `value` and `limit` in fen, basis points or characters, as the measure says."""

    measure: Measure
    value: int
    limit: int
    rule_id: str
    article: str
    zh: str
    en: str
    remedy_zh: str
    remedy_en: str
    derivation: Derivation


def open_license_caps(
    *,
    book: RuleBook,
    on: date,
    fixed_fen: int | None = None,
    net_sales_bp: int | None = None,
    profit_bp: int | None = None,
    basis_chars: int | None = None,
) -> tuple[CapWarning, ...]:
    """Return a warning for every cap that the terms exceed; a value at the cap exceeds nothing.

    `basis_chars` is the length of the brief in characters. What is None is not looked at.

    Raises: ValueError on a negative value.
    """
    given: dict[Measure, int | None] = {
        "fixed_fee": fixed_fen,
        "net_sales": net_sales_bp,
        "profit": profit_bp,
        "basis_text": basis_chars,
    }
    if any(value is not None and value < 0 for value in given.values()):
        raise ValueError("the terms must not be negative")
    found = []
    for row in book.rows(OpenLicenseCap, on):
        value = given[row.measure]
        if value is not None and value > row.limit:
            found.append(_warning(row, value, book, on))
    return tuple(found)


def _warning(row: OpenLicenseCap, value: int, book: RuleBook, on: date) -> CapWarning:
    rule = cited(book, row.rule, on)
    zh, en = _LABELS[row.measure]
    got, cap = _shown(row.measure, value), _shown(row.measure, row.limit)
    if row.measure == "basis_text":
        remedy_zh, remedy_en = "请把说明压缩到上限以内", "shorten the brief"
    else:
        remedy_zh, remedy_en = (
            "请降低使用费，或在计算依据说明中写明理由",
            "lower the fee, or give reasons in the brief",
        )
    told_zh, told_en = f"{zh}{got[0]}，一般不高于{cap[0]}", f"{en} is {got[1]}, normally not above {cap[1]}"
    return CapWarning(
        row.measure, value, row.limit, rule.id, rule.article, told_zh, told_en, remedy_zh, remedy_en,
        step("cap", told_zh, told_en, row.limit, _UNITS[row.measure], rule=rule),
    )  # fmt: skip


_UNITS: dict[Measure, Unit] = {"fixed_fee": "fen", "net_sales": "bp", "profit": "bp", "basis_text": ""}


def _shown(measure: Measure, value: int) -> tuple[str, str]:
    if measure == "fixed_fee":
        return f"{format_yuan(value)}元", f"{format_yuan(value)} yuan"
    if measure == "basis_text":
        return f"{value}字", f"{value} characters"
    return percent(value), percent(value)
