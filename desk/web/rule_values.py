"""The tables of values that rest on a rule, in the reader's words: amounts in yuan, shares in percent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from desk.web import labels
from desk.web.i18n import Words
from rules.money import format_yuan, percent
from rules.money_words import COST_LABELS, GROUP_LABELS, MODE_LABELS, PARTY_LABELS
from rules.packs import RuleBook
from rules.rule import Dated

OWN_COLUMNS = frozenset({"rule", "valid_from", "valid_to", "layer", "place"})
VALUES: Mapping[str, labels.Label] = {
    **labels.PATENT_KIND, **PARTY_LABELS, **COST_LABELS, **MODE_LABELS,
    "*": ("全部方式", "every mode"),
    "floor": ("法定下限", "floor"), "default": ("可选", "offered"),
    "reward": ("奖励总额", "the reward"), "net": ("净收入", "net income"),
    "one": ("一个权利人", "one owner"), "several": ("两个以上权利人", "several owners"), "any": ("不限", "any"),
    "whole": ("全额按一档", "one tier for all"), "progressive": ("逐档累进", "progressive"),
    "fixed_fee": ("固定费用", "fixed fee"), "net_sales": ("净销售额", "net sales"), "profit": ("利润", "profit"),
    "basis_text": ("依据说明", "brief"),
}  # fmt: skip

GROUPS: Mapping[str, labels.Label] = {str(group): label for group, label in GROUP_LABELS.items()}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of values with the time and the pack in which it holds."""

    row: Dated
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one table that rest on a rule; columns that nobody fills in are left out."""

    title: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]


def tables_of(book: RuleBook, rule_id: str, words: Words) -> tuple[Table, ...]:
    """Return the tables of values that name a rule."""
    found = ((section, [row for row in rows if row.rule == rule_id]) for section, rows in book.tables.items())
    return tuple(_table(section, rows, words) for section, rows in found if rows)


def _table(section: str, rows: Sequence[Dated], words: Words) -> Table:
    told = [_told(row, words) for row in rows]
    names = [name for name in told[0] if any(values[name] for values in told)]
    return Table(
        words.pick(*labels.of(labels.SECTION, section)),
        tuple(words.pick(*labels.of(labels.COLUMN, name)) for name in names),
        tuple(
            Line(row, tuple(values[name] or "—" for name in names))
            for row, values in zip(rows, told, strict=True)
        ),
    )


def _told(row: Dated, words: Words) -> dict[str, str]:
    """Return a row's values by column, in one language only."""
    other = "_en" if words.language == "zh" else "_zh"
    values = row.model_dump(mode="json", exclude=set(OWN_COLUMNS))
    return {
        name.removesuffix("_zh").removesuffix("_en"): _value(name, value, words)
        for name, value in values.items()
        if not (name.endswith(other) or name == other[1:])
    }


def _value(name: str, value: Any, words: Words) -> str:
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return words("是") if value else words("否")
    if name.endswith("_fen"):
        return f"{format_yuan(int(value))} {words('元')}"
    if name.endswith("_bp"):
        return percent(int(value))
    if name == "tiers":
        return words.pick("；", "; ").join(_tier(tier, words) for tier in value)
    if isinstance(value, list):
        return words.pick("、", ", ").join(_value(name, one, words) for one in value)
    known = GROUPS if name in ("group", "groups") else VALUES
    return words.pick(*known.get(value, (value, value))) if isinstance(value, str) else str(value)


def _tier(tier: Mapping[str, Any], words: Words) -> str:
    upper = tier["max_fen"]
    limit = (
        words("不超过%(amount)s元", amount=format_yuan(upper)) if upper is not None else words("以上不设上限")
    )
    shares = (
        f"{words.pick(*labels.of(dict(PARTY_LABELS), party))} {percent(bp)}"
        for party, bp in tier["shares"].items()
    )
    return words.pick("（", " (").join((limit, words.pick("、", ", ").join(shares))) + words.pick("）", ")")
