"""The periods that reports are made for: a month, a year, or the day up to which a feedback batch reaches."""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from cases.errors import Invalid
from rules.dates import DateError, parse_date

KINDS: Mapping[str, tuple[str, str]] = {
    "feedback": ("盘活系统反馈批次", "Platform feedback batch"),
    "monthly": ("月度转化统计", "Monthly indicators"),
    "yearly": ("科技成果转化年度报告", "Yearly conversion report"),
    "indicators": ("转化指标年度快照", "Yearly snapshot of indicators"),
}
EARLIEST_YEAR = 2000


@dataclass(frozen=True, slots=True)
class Period:
    """What a report is about: `key` as stored, its first and last day, and its name in both languages."""

    kind: str
    key: str
    first: date
    last: date
    zh: str
    en: str

    def holds(self, day: date | None) -> bool:
        """Say whether a day lies in the period."""
        return day is not None and self.first <= day <= self.last


def period_of(kind: str, text: str, today: date) -> Period:
    """Return the period that a text names, or without a text the latest one that is complete.

    A month and a year are complete once they are over, a feedback batch reaches up to a day that has come.

    Raises: Invalid for an unknown kind, a text that names no period, or a period that is not over.
    """
    if kind not in KINDS:
        known = "、".join(f"{name}（{words[0]}）" for name, words in KINDS.items())
        raise Invalid(
            f"没有“{kind[:20]}”这种报告，可选：{known}", {"kind": "请选择报告种类"}, "unknown kind of report"
        )
    found = _READERS[kind](text.strip(), today)
    if found.last > today or (kind != "feedback" and found.last == today):
        told = (
            f"{found.zh}尚未结束"
            if kind != "feedback"
            else f"截止日期{found.last.isoformat()}晚于今日{today.isoformat()}"
        )
        raise _wrong(f"{told}，请选择已经结束的期间", f"{found.key} is not over yet")
    return found


def _wrong(zh: str, en: str) -> Invalid:
    return Invalid(zh, {"period": zh}, en)


def _month(text: str, today: date) -> Period:
    if not text:
        before = today.replace(day=1) - timedelta(days=1)
        return _month_of(before.year, before.month)
    found = re.fullmatch(r"(\d{4})(?:[-/.](\d{1,2})|年(\d{1,2})月)", text, re.ASCII)
    year, month = (int(found[1]), int(found[2] or found[3])) if found else (0, 0)
    if not (1 <= month <= 12 and year >= EARLIEST_YEAR):
        raise _wrong("月份须写成2026-10或2026年10月的形式", "a month reads 2026-10")
    return _month_of(year, month)


def _month_of(year: int, month: int) -> Period:
    first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
    return Period("monthly", f"{year}-{month:02d}", first, last, f"{year}年{month}月", f"{first:%B %Y}")


def _year(text: str, today: date) -> Period:
    found = re.fullmatch(r"(\d{4})年?", text, re.ASCII) if text else None
    year = today.year - 1 if not text else int(found[1]) if found else 0
    if year < EARLIEST_YEAR:
        raise _wrong("年度须写成2025或2025年的形式", "a year reads 2025")
    return Period("yearly", str(year), date(year, 1, 1), date(year, 12, 31), f"{year}年度", str(year))


def _snapshot(text: str, today: date) -> Period:
    return replace(_year(text, today), kind="indicators")


def _day(text: str, today: date) -> Period:
    try:
        day = parse_date(text) if text else today
    except DateError as error:
        raise _wrong(f"截止日期有误：{error.reason}", "not a day") from error
    return Period(
        "feedback", day.isoformat(), date.min, day, f"截至{day.isoformat()}", f"up to {day.isoformat()}"
    )


_READERS: Mapping[str, Callable[[str, date], Period]] = {
    "feedback": _day, "monthly": _month, "yearly": _year, "indicators": _snapshot,
}  # fmt: skip
