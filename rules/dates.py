"""Dates as Chinese documents and spreadsheets write them.

In: text. Out: a `date`, taken as a day in Asia/Shanghai; or a `DateError` that says what to do.
"""

import re
from datetime import date

from rules.text import fold

_PATTERNS = (
    re.compile(r"^(\d{4})([-./])(\d{1,2})\2(\d{1,2})\.?(?:T?00:00(?::00(?:\.0+)?)?)?$", re.ASCII),
    re.compile(r"^(\d{4})(年)(\d{1,2})月(\d{1,2})[日号]?$", re.ASCII),
    re.compile(r"^(\d{4})()(\d{2})(\d{2})$", re.ASCII),
)
_SERIAL = re.compile(r"^\d{5}(?:\.\d+)?$", re.ASCII)
_SHORT_YEAR = re.compile(r"^\d{2}[-./年]\d{1,2}[-./月]\d{1,2}日?$", re.ASCII)
_EARLIEST, _LATEST = 1900, 2199
_EXAMPLE = "请写成 2019-07-09 这样的年月日。"


class DateError(ValueError):
    """A text that is not a date; `reason` is Chinese and says what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def parse_date(text: str) -> date:
    """Read a date: 2019-07-09, 2019.7.9, 2019/07/09, 20190709, 2019年7月9日, also full-width.

    A midnight behind the date, as spreadsheets add it, is dropped. Two-digit years, day-first dates and
    spreadsheet day numbers are refused, because they cannot be read safely.

    Raises: DateError.
    """
    folded = fold(text).lstrip("'\"")
    shown = text.strip()
    if not folded:
        raise DateError(f"日期为空。{_EXAMPLE}")
    for pattern in _PATTERNS:
        match = pattern.match(folded)
        if match is not None:
            return _checked(int(match[1]), int(match[3]), int(match[4]), shown)
    if _SERIAL.match(folded):
        raise DateError(f"“{shown}”是电子表格的日期序列号。请把该列设为“日期”或“文本”格式后重新导出。")
    if _SHORT_YEAR.match(folded):
        raise DateError(f"“{shown}”的年份不是四位。{_EXAMPLE}")
    raise DateError(f"“{shown}”不是可识别的日期。{_EXAMPLE}")


def chinese_date(d: date) -> str:
    """Write a date as contracts and notices do: 2026年11月23日."""
    return f"{d.year}年{d.month}月{d.day}日"


def _checked(year: int, month: int, day: int, shown: str) -> date:
    if not _EARLIEST <= year <= _LATEST:
        raise DateError(f"“{shown}”的年份超出范围（{_EARLIEST} 至 {_LATEST}）。{_EXAMPLE}")
    try:
        return date(year, month, day)
    except ValueError:
        raise DateError(f"“{shown}”不存在这一天。请核对月份和日期后修改。") from None
