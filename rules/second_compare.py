"""Where the two computations of one thing differ: the one place that compares, at night and in tests.

In: what the first computation says, by its plain values, and what the second one says. Out: one row per difference,
as a review item keeps it; none if they agree.
"""

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from rules.money import format_yuan
from rules.second_count import Tally
from rules.second_money import Fee, Life
from rules.second_shares import Division

Difference = dict[str, str]
Value = date | int | str | bool


class Dated(Protocol):
    """A date as the first computation gives it."""

    @property
    def nominal(self) -> date:
        """The end before the roll-over."""

    @property
    def due(self) -> date:
        """The end after it."""

    @property
    def provisional(self) -> bool:
        """Whether the year was not published."""


class Protected(Protocol):
    """A term of protection as the first computation gives it."""

    @property
    def last_day(self) -> date:
        """The last protected day."""

    @property
    def expiry_day(self) -> date:
        """The day on which the right has ended."""


class Priced(Protocol):
    """An annual fee as the first computation gives it."""

    @property
    def fee_fen(self) -> int:
        """The fee."""

    @property
    def surcharge_fen(self) -> int:
        """The surcharge."""

    @property
    def bracket(self) -> str:
        """The bracket."""

    @property
    def due(self) -> date:
        """The due date."""

    @property
    def grace_end(self) -> date:
        """The last day for a late payment."""


def of_dates(first: Dated, second: Tally, *, is_marked: bool = True) -> list[Difference]:
    """Compare a counted date. `is_marked` says that the first one knows whether it is provisional."""
    marks = [("provisional", "暂定标记", "provisional", first.provisional, second.provisional)]
    return _rows(
        ("nominal", "届满日", "nominal end", first.nominal, second.nominal),
        ("due", "到期日", "due date", first.due, second.due),
        *(marks if is_marked else []),
    )


def of_internal(first: date, second: date) -> list[Difference]:
    """Compare the house's own date before a deadline."""
    return _rows(("internal", "内部期限", "internal date", first, second))


def of_terms(first: Protected, second: Life) -> list[Difference]:
    """Compare a term of protection."""
    return _rows(
        ("last_day", "专利权最后一日", "last day of protection", first.last_day, second.last_day),
        ("expiry_day", "期满终止日", "day of expiry", first.expiry_day, second.expiry_day),
    )


def of_fees(first: Priced, second: Fee) -> list[Difference]:
    """Compare an annual fee on a day."""
    return _rows(
        ("fee", "年费", "annual fee", _yuan(first.fee_fen), _yuan(second.fee_fen)),
        ("surcharge", "滞纳金", "surcharge", _yuan(first.surcharge_fen), _yuan(second.surcharge_fen)),
        ("bracket", "滞纳金时段", "bracket", first.bracket, second.bracket),
        ("due", "缴费期限届满日", "due date", first.due, second.due),
        ("grace_end", "滞纳期届满日", "end of grace", first.grace_end, second.grace_end),
    )


def of_shares(first: Mapping[str, int], floor_fen: int, second: Division) -> list[Difference]:
    """Compare a distribution: amounts by party in fen, and the least reward."""
    parties = dict.fromkeys((*first, *second.amounts))
    return _rows(
        ("floor", "奖励下限", "least reward", _yuan(floor_fen), _yuan(second.floor_fen)),
        *((p, p, p, _yuan(first.get(p, 0)), _yuan(second.amounts.get(p, 0))) for p in parties),
    )


def of_amounts(name: str, zh: str, en: str, first_fen: int, second_fen: int) -> list[Difference]:
    """Compare one amount."""
    return _rows((name, zh, en, _yuan(first_fen), _yuan(second_fen)))


def _rows(*pairs: tuple[str, str, str, Value, Value]) -> list[Difference]:
    return [
        {"name": name, "zh": zh, "en": en, "first": _shown(one), "second": _shown(two)}
        for name, zh, en, one, two in pairs
        if one != two
    ]


def _shown(value: Value) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.isoformat() if isinstance(value, date) else str(value)


def _yuan(fen: int) -> str:
    return f"{format_yuan(fen)} 元"
