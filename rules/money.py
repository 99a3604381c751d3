"""Amounts of yuan, exact to the fen.

In: text as contracts and spreadsheets write amounts. Out: integer fen, or text for documents. No float.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from rules.text import fold

LARGEST_FEN = 999_999_999_999_99

_UNITS = {"": 1, "万": 10**4, "亿": 10**8}
_AMOUNT = re.compile(
    r"^(?:人民币|RMB|CNY|¥|￥)*(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?([万亿]?)(?:元|圆)?(?:整|正)?(?:人民币)?$",
    re.ASCII,
)
_NEGATIVE = re.compile(r"^(?:人民币|RMB|CNY|¥|￥)*(?:[-−–]|负|\().*\d", re.ASCII)
_SCIENTIFIC = re.compile(r"^[+-]?\d+(?:\.\d*)?E[+-]?\d+$", re.ASCII)
_CAPITAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_CAPITAL_PLACES = ("仟", "佰", "拾", "")
_CAPITAL_GROUPS = ("", "万", "亿", "万亿")
_EXAMPLE = "请填写以元为单位的金额，例如 1,200,000.50 或 120万。"


class MoneyError(ValueError):
    """A text that is not an amount; `reason` is Chinese and says what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def parse_yuan(text: str) -> int:
    """Read an amount of yuan and return it in fen.

    Thousands separators, full-width digits, 万 and 亿, 元 and 整, and the currency sign are accepted. The
    amount must come out in whole fen: 1.23456万 is 12,345.60 yuan, 0.125 is refused.

    Raises: MoneyError on empty, negative, fractional-fen, oversized or other text.
    """
    folded, shown = fold(text).lstrip("'\""), text.strip()
    if not folded:
        raise MoneyError(f"金额为空。{_EXAMPLE}")
    if _NEGATIVE.match(folded):
        raise MoneyError(f"金额“{shown}”为负数。金额不能小于零，请核对后修改。")
    if _SCIENTIFIC.match(folded):
        raise MoneyError(f"“{shown}”是科学计数法，可能已丢失位数。{_EXAMPLE}")
    match = _AMOUNT.match(folded)
    if match is None:
        raise MoneyError(f"“{shown}”不是可识别的金额。{_EXAMPLE}")
    whole, fraction, unit = match[1].replace(",", ""), match[2] or "", match[3]
    if len(whole) > 20 or len(fraction) > 20:
        raise MoneyError(f"“{shown}”位数过多。{_EXAMPLE}")
    scale: int = 10 ** len(fraction)
    fen, rest = divmod(int(whole + fraction) * _UNITS[unit] * 100, scale)
    if rest:
        raise MoneyError(f"金额“{shown}”不足一分。金额最多精确到分（两位小数），请修改。")
    if fen > LARGEST_FEN:
        raise MoneyError(f"金额“{shown}”超过 9999 亿元的上限，请核对单位是元还是万元。")
    return fen


def format_yuan(fen: int) -> str:
    """Write fen as yuan with thousands separators and two decimals: 1,200,000.00."""
    sign, size = ("-" if fen < 0 else ""), abs(fen)
    return f"{sign}{size // 100:,}.{size % 100:02d}"


def capitals(fen: int) -> str:
    """Write an amount in the capital figures of contracts and vouchers, without 人民币 in front.

    An amount without jiao and fen ends in 整; an empty jiao before fen is written 零; any run of empty places
    inside the yuan is written as one 零. Shape: 壹佰贰拾万元整, 壹仟零伍元零叁分.

    Raises: MoneyError if the amount is negative or above the largest amount.
    """
    if not 0 <= fen <= LARGEST_FEN:
        raise MoneyError("大写金额只支持零至 9999 亿元。请核对金额。")
    yuan, (jiao, cent) = fen // 100, divmod(fen % 100, 10)
    head = f"{_capital_integer(yuan)}元" if yuan else ""
    if not jiao and not cent:
        return f"{head or '零元'}整"
    middle = f"{_CAPITAL_DIGITS[jiao]}角" if jiao else ("零" if head else "")
    return head + middle + (f"{_CAPITAL_DIGITS[cent]}分" if cent else "")


def percent(bp: int) -> str:
    """Write basis points as a percentage without trailing zeros: 350 is 3.5%."""
    return f"{Decimal(bp).scaleb(-2).normalize():f}%"


def share_of(fen: int, numerator: int, denominator: int) -> int:
    """Return a part of an amount, rounded half up to the fen: the rounding of royalties, minimums and interest.

    Raises: MoneyError if a part is negative or the whole is not above zero.
    """
    if fen < 0 or numerator < 0 or denominator <= 0:
        raise MoneyError("无法计算：金额和份额不能为负，总份数必须大于零。")
    return (2 * fen * numerator + denominator) // (2 * denominator)


def split(fen: int, weights: Sequence[int]) -> list[int]:
    """Divide an amount in proportion to the weights; the parts add up to the amount exactly.

    Largest remainder: every part is first rounded down, then the missing fen go one by one to the largest
    remainders, the earlier part first. Shape: one part per weight, in the same order.

    Raises: MoneyError if there is no weight, a negative one, or only zeros; or if the amount is negative.
    """
    total = sum(weights)
    if fen < 0 or total <= 0 or min(weights) < 0:
        raise MoneyError("无法分配：金额不能为负，各方份额不能为负且合计必须大于零。")
    parts = [fen * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(fen * weights[i] % total), i))
    for i in by_remainder[: fen - sum(parts)]:
        parts[i] += 1
    return parts


def _capital_integer(number: int) -> str:
    """Write a whole number above zero, group by group of four places."""
    written = ""
    gap = False
    for place in range(_groups(number) - 1, -1, -1):
        group = number // 10_000**place % 10_000
        if group == 0:
            gap = bool(written)
            continue
        zero = "零" if written and (gap or group < 1000) else ""
        written += zero + _capital_group(group) + _CAPITAL_GROUPS[place]
        gap = False
    return written


def _groups(number: int) -> int:
    return (len(str(number)) + 3) // 4


def _capital_group(group: int) -> str:
    written = ""
    gap = False
    for digit, place in zip(f"{group:04d}", _CAPITAL_PLACES, strict=True):
        if digit == "0":
            gap = bool(written)
            continue
        written += ("零" if gap else "") + _CAPITAL_DIGITS[int(digit)] + place
        gap = False
    return written
