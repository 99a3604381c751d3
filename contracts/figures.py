"""Amounts, shares and days that stand in running text: found, read, and told apart from other numbers.

In: Chinese contract text as people write it. Out: fen, basis points and dates, each with the words it was read from.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

_DIGITS = {zh: n for n, zh in enumerate("零壹贰叁肆伍陆柒捌玖")} | {"〇": 0, "两": 2} | {
    zh: n for n, zh in enumerate("零一二三四五六七八九")
}  # fmt: skip
_PLACES = {"拾": 10, "佰": 100, "仟": 1000, "十": 10, "百": 100, "千": 1000}
_SCALES = {"万": 10**4, "亿": 10**8}
_UNITS = {"元": 100, "万元": 10**6, "亿元": 10**10}
_FIGURE = r"[¥￥]?\s?(?P<figure>\d[\d,，]*(?:\.\d+)?)\s?(?P<unit>亿元|万元|元)?"
_CAPITAL = r"(?P<capital>[零壹贰叁肆伍陆柒捌玖拾佰仟万亿]+[元圆][零壹贰叁肆伍陆柒捌玖角分整正]*)"
_PAIRS = (
    re.compile(_FIGURE + r"\s?[（(，,]\s?(?:金额)?(?:大写)?\s?[：:]?\s?(?:人民币)?\s?" + _CAPITAL),
    re.compile(_CAPITAL + r"\s?[（(]\s?(?:小写)?\s?[：:]?\s?(?:人民币|RMB)?\s?" + _FIGURE),
)
_MONEY = re.compile(
    r"(?:[¥￥]\s?(?P<sign>\d[\d,，]*(?:\.\d+)?)(?P<after>亿元|万元)?"
    r"|(?P<figure>\d[\d,，]*(?:\.\d+)?)\s?(?P<unit>亿元|万元|元))"
)
_SHARE = re.compile(r"(?P<figure>\d+(?:\.\d+)?)\s?[%％]|百分之(?P<words>[零一二三四五六七八九十百]+)")
_DAY = re.compile(r"(\d{4})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日|(\d{4})-(\d{2})-(\d{2})")


@dataclass(frozen=True, slots=True)
class Pair:
    """An amount written twice. `words_fen` is None if the capital figures are none."""

    text: str
    figure_fen: int
    words_fen: int | None


def pairs(text: str) -> Iterator[Pair]:
    """Yield every amount that stands in figures and in capital figures side by side."""
    for pattern in _PAIRS:
        for match in pattern.finditer(text):
            figure = _fen(match["figure"], match["unit"] or "元")
            yield Pair(match[0].rstrip("，, "), figure, capital_fen(match["capital"]))


def amounts(text: str) -> Iterator[tuple[str, int]]:
    """Yield every amount of money in figures: the words, and fen."""
    for match in _MONEY.finditer(text):
        figure, unit = (match["sign"], match["after"]) if match["sign"] else (match["figure"], match["unit"])
        yield match[0], _fen(figure, unit or "元")


def shares(text: str) -> Iterator[tuple[str, int]]:
    """Yield every percentage: the words, and basis points."""
    for match in _SHARE.finditer(text):
        number = (
            Decimal(match["figure"]) if match["figure"] else Decimal(chinese_integer(match["words"]) or 0)
        )
        yield match[0], int(number * 100)


def days(text: str) -> Iterator[tuple[str, date]]:
    """Yield every day of the calendar."""
    for match in _DAY.finditer(text):
        year, month, day = (int(part) for part in match.groups() if part)
        try:
            yield match[0], date(year, month, day)
        except ValueError:
            continue


def _fen(figure: str, unit: str) -> int:
    return int(Decimal(re.sub(r"[,，]", "", figure)) * _UNITS[unit])


def capital_fen(words: str) -> int | None:
    """Read capital figures: 壹佰贰拾万元整 is 120,000,000 fen. None if they are not an amount."""
    match = re.fullmatch(r"(?:(.*?)[元圆])?(?:零)?(?:(.)角)?(?:零)?(?:(.)分)?[整正]?", words)
    if match is None or not any(match.groups()):
        return None
    yuan, jiao, cent = match.groups()
    whole = chinese_integer(yuan) if yuan is not None else 0
    small = [_DIGITS.get(digit) if digit else 0 for digit in (jiao, cent)]
    if whole is None or None in small:
        return None
    return whole * 100 + (small[0] or 0) * 10 + (small[1] or 0)


def chinese_integer(words: str) -> int | None:
    """Read a Chinese integer, plain or in capital figures: 二十一, 壹仟零伍. None if it is not one."""
    total = section = digit = 0
    for sign in words:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        elif sign in _PLACES:
            section += (digit or (0 if section else 1)) * _PLACES[sign]
            digit = 0
        elif sign in _SCALES:
            total = (
                (total + section + digit) * _SCALES[sign]
                if sign == "亿"
                else total + (section + digit) * _SCALES[sign]
            )
            section = digit = 0
        else:
            return None
    return total + section + digit if words else None
