"""How figures and cells read: numbers with their unit, words instead of codes. In both languages, the same for all doors."""

from collections.abc import Mapping
from datetime import date

from cases.indicators.catalog import GROUPINGS, NONE
from cases.indicators.counting import Counted
from cases.indicators.rows import RowColumn
from rules.money import format_yuan
from rules.patent_numbers import KIND_ZH, display_number
from states.catalog import MODES
from states.modes import STAGES

UNKNOWN = ("暂无数据", "No data")
NOTHING = "—"
STATUS = {"in_force": ("有效", "In force"), "in_grace": ("滞纳期", "In grace period")}
KINDS = {"invention": "Invention", "utility": "Utility model", "design": "Design"}


def shown(one: Counted) -> tuple[str, str]:
    """Return a figure in both languages."""
    if one.is_unknown:
        return UNKNOWN
    return amount(one.indicator.unit, one.value)


def amount(unit: str, value: int | None) -> tuple[str, str]:
    """Return a value of a unit in both languages; a dash where there is nothing to tell."""
    if value is None:
        return NOTHING, NOTHING
    if unit == "percent":
        text = f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02d}%"
        return text, text
    if unit == "money":
        return wan(value)
    if unit == "days":
        return f"{value:,}天", f"{value:,} days"
    return f"{value:,}", f"{value:,}"


def wan(fen: int) -> tuple[str, str]:
    """Return an amount as headlines show it: in 万元 with two decimals from 10,000 yuan on; rows show every fen."""
    if abs(fen) < 1_000_000:
        return f"{format_yuan(fen)}元", f"{format_yuan(fen)} CNY"
    hundredths = (abs(fen) + 5_000) // 10_000
    sign = "-" if fen < 0 else ""
    return f"{sign}{hundredths // 100:,}.{hundredths % 100:02d}万元", f"{format_yuan(fen)} CNY"


def made_of(one: Counted) -> tuple[str, str]:
    """Return the two numbers that a share or growth was made of, or nothing."""
    if one.over is None or one.part is None or one.is_unknown:
        return "", ""
    unit = "money" if "fen" in one.definition.part.sum else "count"
    (part, part_en), (over, over_en) = amount(unit, one.part), amount(unit, one.over)
    joined = "：上年" if one.indicator.how == "growth" else " ÷ "
    return f"{part}{joined}{over}", f"{part_en} {'against' if joined != ' ÷ ' else '/'} {over_en}"


def cell(column: RowColumn, value: object) -> tuple[str, str]:
    """Return a cell of the rows behind a figure in both languages."""
    if value is None or value == "":
        return "", ""
    text = str(value)
    if column.shape == "mode":
        return (MODES[text].zh, MODES[text].en) if text in MODES else (text, text)
    if column.shape == "stage":
        return STAGES.get(text, (text, text))
    if column.shape == "kind":
        return KIND_ZH.get(text, text), KINDS.get(text, text)
    if column.shape == "status":
        return STATUS.get(text, (text, text))
    plain = _PLAIN.get(column.shape, str)(value)  # type: ignore[operator]
    return plain, plain


_PLAIN: Mapping[str, object] = {
    "money": lambda value: format_yuan(int(value)),
    "patent_no": lambda value: f"ZL{display_number(str(value))}",
    "day": lambda value: value.isoformat() if isinstance(value, date) else str(value),
    "count": lambda value: f"{int(value):,}",
}


def group_name(grouping: str, word: str) -> tuple[str, str]:
    """Return the name of one word of a grouping."""
    return GROUPINGS[grouping].names.get(word, (word, word)) if word else NONE


def mode_name(slug: str) -> tuple[str, str]:
    """Return the name of a mode."""
    return (MODES[slug].zh, MODES[slug].en) if slug in MODES else (slug, slug)
