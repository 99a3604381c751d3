"""Numbers, amounts and days in the English of contracts, and ready-made Chinese words turned into them.

In: exact values, or the text that `contracts.phrases` made of them. Out: text for the English of a two-language contract.
"""

import re
from datetime import date
from typing import Any

from rules.money import format_yuan

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (10**3, "thousand"))
_MONEY = re.compile(r"¥([\d,]+\.\d\d)（大写：[^）]*）")
_YUAN = re.compile(r"人民币\s*([\d,]+\.\d\d)\s*元")
_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_PER_TEN_THOUSAND = re.compile(r"（万分之(\d+)）")
_WORDS = {
    "电话：": "tel.: ", "电子邮箱：": "e-mail: ", "（": " (", "）": ")", "，": ", ", "＿＿＿＿＿＿＿＿": "________",
}  # fmt: skip
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def in_words(number: int) -> str:
    """Write a whole number in English words: one million two hundred thousand."""
    if number < 20:
        return _ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens] + (f"-{_ONES[ones]}" if ones else "")
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        return f"{_ONES[hundreds]} hundred" + (f" and {in_words(rest)}" if rest else "")
    scale, name = next((scale, name) for scale, name in _SCALES if number >= scale)
    many, rest = divmod(number, scale)
    link = " and " if 0 < rest < 100 else " "
    return f"{in_words(many)} {name}" + (f"{link}{in_words(rest)}" if rest else "")


def money(fen: int) -> str:
    """Write an amount: RMB 1,200,000.00 (SAY RENMINBI ONE MILLION TWO HUNDRED THOUSAND ONLY)."""
    yuan, rest = divmod(fen, 100)
    cents = f" and {in_words(rest)} fen" if rest else ""
    return f"RMB {format_yuan(fen)} (SAY RENMINBI {in_words(yuan)}{cents} ONLY)".replace(
        f"{in_words(yuan)}{cents}", f"{in_words(yuan)}{cents}".upper()
    )


def day(value: date) -> str:
    """Write a day: March 1, 2026."""
    return f"{MONTHS[value.month - 1]} {value.day}, {value.year}"


def english(value: Any) -> Any:
    """Turn the amounts, days and rates in ready-made words into English; what people typed stays as it is."""
    if isinstance(value, str):
        return _english(value)
    if isinstance(value, dict):
        return {name: english(inner) for name, inner in value.items()}
    return [english(inner) for inner in value] if isinstance(value, list | tuple) else value


def _english(text: str) -> str:
    text = _MONEY.sub(lambda found: money(_fen(found[1])), text)
    text = _YUAN.sub(lambda found: f"RMB {found[1]}", text)
    text = _DAY.sub(lambda found: day(date(*map(int, found.groups()))), text)
    return _PER_TEN_THOUSAND.sub(lambda found: f" ({found[1]} per ten thousand)", text)


def contact(text: str) -> str:
    """Turn the words around a contact person into English."""
    for zh, en in _WORDS.items():
        text = text.replace(zh, en)
    return text


def _fen(figures: str) -> int:
    return int(figures.replace(",", "").replace(".", ""))
