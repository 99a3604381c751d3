"""What the product calls payments and their reckoning, in English; what people typed comes from their glossary."""

import re
from collections.abc import Mapping

from contracts.bilingual.english import english
from contracts.bilingual.glossary import Glossary

_HAN = re.compile(r"[\u3400-\u9fff]")
_ORDER = {digit: n for n, digit in enumerate("一二三四五六七八九十", 1)}
_INSTALMENT = re.compile(r"第([一二三四五六七八九十]|\d+)期")
_SPAN = r"(.+)至(.+)，"
# A row says nothing of a typed part that has no English.
_PHRASES: Mapping[str, str] = {
    r"入门费(?!总额)(.+)": "Entry fee, {}",
    r"转让价款(?!总额)(.+)": "Price, {}",
    r"里程碑：(.+)": "Milestone payment, {}",
    r"技术服务费": "Technical service fee",
    r"提成费第(\d+)期（季度）": "Royalties, quarter {}",
    r"提成费第(\d+)期（半年度）": "Royalties, half-year {}",
    r"提成费第(\d+)期（年度）": "Royalties, year {}",
    r"第(\d+)合同年度最低提成费": "Minimum royalty, Contract Year {}",
    r"转为付费款项": "Conversion fee",
    r"按实际计算": "as calculated",
    r"入门费总额 ([\d,.]+) 元": "Out of the entry fee of RMB {}",
    r"转让价款总额 ([\d,.]+) 元": "Out of the price of RMB {}",
    r"合同总额 ([\d,.]+) 元": "Out of the total of RMB {}",
    r"技术服务 (\d+) 人日": "{} man-days of technical services",
    _SPAN + r"按第(\d+)合同年度比例 ([\d.]+%) 计提": "{} to {}, at the rate of Contract Year {}: {}",
    _SPAN + r"已付提成费不足最低额的，补足差额": "{} to {}, shortfall of the royalties paid",
}


def cell_english(text: str, known: Glossary) -> str:
    """Return the English of a cell of a table, or nothing."""
    given = known.of(text) or _instalment(text)
    if given:
        return given
    for pattern, phrase in _PHRASES.items():
        if found := re.fullmatch(pattern, text):
            parts = [_part(part, known) for part in found.groups()]
            return phrase.format(*parts) if all(parts) else phrase.partition(",")[0]
    return ""


def _part(text: str, known: Glossary) -> str:
    told: str = english(text)
    return known.of(text) or _instalment(text) or ("" if _HAN.search(told) else told)


def _instalment(text: str) -> str:
    found = _INSTALMENT.fullmatch(text)
    return f"Instalment {_ORDER.get(found[1], found[1])}" if found else ""
