"""Whether the fee of an open license exceeds what it normally does not exceed.

In: the texts a person typed. Out: plain JSON values, amounts in fen, shares in basis points, each with its derivation.
"""

import re
from datetime import date
from typing import Any

from desk.answers.parsing import Faults, Raw
from rules.caps import CapWarning, open_license_caps
from rules.text import fold

LONGEST_BRIEF = 1_000_000
_PERCENT = re.compile(r"^(\d{1,3})(?:\.(\d{1,2}))?%$", re.ASCII)


def caps(
    *,
    fixed: Raw = None,
    sales: Raw = None,
    profit: Raw = None,
    basis_chars: Raw = None,
    on: Raw = None,
    layers: Raw = None,
    today: date,
) -> dict[str, Any]:
    """Return the warnings on an open-license fee: `fixed` an amount, `sales` and `profit` percentages (20%).

    Raises: Invalid naming every wrong field.
    """
    faults = Faults()
    fixed_fen = faults.optional_amount(fixed, "fixed")
    sales_bp, profit_bp = _share(faults, sales, "sales"), _share(faults, profit, "profit")
    chars = None if _blank(basis_chars) else faults.whole(basis_chars, "basis_chars", 0, LONGEST_BRIEF)
    if all(_blank(text) for text in (fixed, sales, profit, basis_chars)):
        faults.add("fixed", "未填写使用费。请填写固定费用或提成比例。", "give a fee or a share")
    day = faults.optional_day(on, "on") or today
    book = faults.book(layers)
    faults.check()
    found = open_license_caps(
        book=book, on=day, fixed_fen=fixed_fen, net_sales_bp=sales_bp, profit_bp=profit_bp, basis_chars=chars
    )
    return {"on": day.isoformat(), "warnings": [_cap(one) for one in found]}


def _share(faults: Faults, text: Raw, field: str) -> int | None:
    """Read a percentage as basis points; it may be left out."""
    if _blank(text):
        return None
    match = _PERCENT.match(fold(str(text)))
    if match is None:
        faults.add(
            field,
            f"“{str(text)[:20]}”不是百分比，请写成 20% 或 12.5%，最多两位小数。",
            "write a percentage such as 20%",
        )
        return None
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))


def _blank(text: Raw) -> bool:
    return text is None or not str(text).strip()


def _cap(one: CapWarning) -> dict[str, Any]:
    return {
        "measure": one.measure,
        "value": one.value,
        "limit": one.limit,
        "rule": one.rule_id,
        "article": one.article,
        "reason": one.zh,
        "reason_en": one.en,
        "remedy": one.remedy_zh,
        "remedy_en": one.remedy_en,
        "derivation": one.derivation.answer(),
    }
