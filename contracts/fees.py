"""Rows and parts that the fee clauses of every license mode share.

In: checked values. Out: frozen models. Amounts are fen, rates basis points, years are contract years counted
from the first day of the license.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import Field

from contracts.fields import (
    Bp,
    Day,
    Fen,
    Line,
    Option,
    OptionalLine,
    PositiveBp,
    PositiveFen,
    Rows,
    Terms,
    Whole,
    one_of,
    shown,
    some_of,
)
from rules import royalty
from rules.money import share_of

BASES = (
    Option("net_sales", "净销售额", "net sales"),
    Option("sales", "销售额", "sales"),
    Option("profit", "利润", "profit"),
    Option("output", "新增产值", "new output value"),
)
PERIODS = (
    Option("quarter", "每季度", "quarterly"),
    Option("half", "每半年", "half-yearly"),
    Option("year", "每年", "yearly"),
)
DEDUCTIONS = tuple(Option(kind, zh, en) for kind, (zh, en) in royalty.DEDUCTIONS.items())
USUAL_DEDUCTIONS = ("returns", "allowances", "freight", "insurance")
_Deduction = Literal["returns", "allowances", "freight", "insurance", "packing", "commission"]
MONTHS = {"quarter": 3, "half": 6, "year": 12}
PERIOD_NAMES = {"quarter": "季度", "half": "半年度", "year": "年度"}


class Instalment(Terms):
    """One part of the entry fee."""

    label: Line = shown("期次", "Instalment", "payment", help_zh="例如：第一期")
    amount_fen: PositiveFen = shown("金额", "Amount", "payment", "money", unit="元")
    due_on: Day = shown("付款期限", "Due on", "payment", "date")


class Milestone(Terms):
    """A payment that an achievement triggers; `due_on` is the latest day."""

    label: Line = shown("里程碑", "Milestone", "payment", help_zh="例如：首件产品下线")
    evidence: Line = shown("证明材料", "Evidence", "payment", help_zh="以什么材料证明已达成")
    amount_fen: PositiveFen = shown("金额", "Amount", "payment", "money", unit="元")
    due_on: Day = shown("付款期限", "Due on", "payment", "date")


class YearRate(Terms):
    """The royalty rate from one contract year on, until the next row."""

    year: Annotated[Whole, Field(ge=1, le=20)] = shown(
        "自第几个合同年度起", "From contract year", "royalty", "int"
    )
    rate_bp: PositiveBp = shown("提成比例", "Rate", "royalty", "percent", unit="%")


@dataclass(frozen=True, slots=True)
class Minimum:
    """The minimum royalty of one contract year: its number, first and last day, and amount."""

    year: int
    first: date
    last: date
    amount_fen: int


class Royalty(Terms):
    """A running royalty. One `rate_bp`, or `rates` by contract year, the first row for year 1.

    Source: 民法典 art 846
    """

    base: Annotated[Literal["net_sales", "sales", "profit", "output"], one_of(BASES)] = shown(
        "提成基数", "Royalty base", "royalty", "select", "不收取提成费的，不选", options=BASES
    )
    deductions: Annotated[tuple[_Deduction, ...], some_of(DEDUCTIONS)] = shown(
        "可扣除项目", "Deductions", "royalty", "multi",
        "以净销售额为基数时适用；不选则为退货、折让、运输费和保险费", options=DEDUCTIONS, default=(), later=True,
    )  # fmt: skip
    deduction_cap_bp: PositiveBp | None = shown(
        "扣除上限", "Deductions up to", "royalty", "percent",
        "各项扣除合计不超过销售总额的比例；没有上限可不填", unit="%", default=None, later=True,
    )  # fmt: skip
    rate_bp: Bp | None = shown(
        "提成比例", "Rate", "royalty", "percent", "各年度比例相同时填写，例如 3.5%", unit="%", default=None
    )
    rates: Annotated[tuple[YearRate, ...], Rows] = shown(
        "分年度提成比例", "Rates by year", "royalty", "table", "各年度比例不同时逐行填写", default=()
    )
    minimum_per_year_fen: Fen | None = shown(
        "每年最低提成费", "Minimum per year", "royalty", "money", "没有最低额可不填", unit="元", default=None
    )
    cap_fen: PositiveFen | None = shown(
        "提成费累计上限", "Cap in total", "royalty", "money", "没有上限可不填", unit="元", default=None
    )
    credit_fen: PositiveFen | None = shown(
        "入门费抵扣提成费", "Entry fee credited", "royalty", "money",
        "已付入门费中可以抵扣此后提成费的金额；不抵扣可不填", unit="元", default=None, later=True,
    )  # fmt: skip
    period: Annotated[Literal["quarter", "half", "year"], one_of(PERIODS)] = shown(
        "计费周期", "Period", "royalty", "select", options=PERIODS, default="half"
    )
    report_days: Annotated[Whole, Field(ge=1, le=180)] = shown(
        "报表提交期限",
        "Report within",
        "royalty",
        "int",
        "每一计费周期届满后若干日内提交",
        unit="日",
        default=30,
    )
    pay_days: Annotated[Whole, Field(ge=1, le=180)] = shown(
        "提成费支付期限",
        "Pay within",
        "royalty",
        "int",
        "报表提交期限届满后若干日内支付",
        unit="日",
        default=15,
    )

    def rate_of(self, year: int) -> int:
        """Return the rate of a contract year in basis points."""
        if self.rate_bp is not None:
            return self.rate_bp
        return [row.rate_bp for row in self.rates if row.year <= year][-1]

    def deducted(self) -> tuple[str, ...]:
        """Return what is taken off the sales to give the base; nothing unless the base is net sales."""
        return (self.deductions or USUAL_DEDUCTIONS) if self.base == "net_sales" else ()

    def minimums(self, start: date, end: date) -> tuple["Minimum", ...]:
        """Return the minimum royalty of each contract year; empty if there is none."""
        return yearly_minimums(self.minimum_per_year_fen or 0, start, end)

    def cross_problems(self) -> Iterable[tuple[str, str]]:
        """Yield what is wrong between the fields of the royalty."""
        if (self.rate_bp is None) == (not self.rates):
            yield "rate_bp", "请填写统一提成比例，或者逐年填写提成比例，两者选一。"
        elif self.rate_bp == 0:
            yield "rate_bp", "提成比例应大于零。不收取提成费的，请清空提成费各项。"
        years = [row.year for row in self.rates]
        if years and (years[0] != 1 or years != sorted(set(years))):
            yield "rates", "分年度比例应从第 1 个合同年度开始，年度逐行递增且不重复。"
        if self.base != "net_sales" and (self.deductions or self.deduction_cap_bp is not None):
            field = "deductions" if self.deductions else "deduction_cap_bp"
            yield field, "只有以净销售额为提成基数的，才约定扣除项目。请清空该项，或将基数改为净销售额。"
        if (
            self.cap_fen is not None
            and self.minimum_per_year_fen
            and self.cap_fen < self.minimum_per_year_fen
        ):
            yield "cap_fen", "提成费累计上限低于每年最低提成费。请提高上限或降低最低额。"


class Material(Terms):
    """One item of the technical materials to be handed over."""

    name: Line = shown("资料名称", "Name", "technology")
    form: OptionalLine = shown("形式", "Form", "technology", help_zh="例如：纸质、电子", default="")
    copies: Annotated[Whole, Field(ge=1, le=999)] = shown(
        "份数", "Copies", "technology", "int", unit="份", default=1
    )


def month_after(start: date, months: int) -> date:
    """Return the day of the same number some months later, or the last day of that month."""
    index = start.year * 12 + start.month - 1 + months
    for day in range(start.day, 27, -1):
        try:
            return date(index // 12, index % 12 + 1, day)
        except ValueError:
            continue
    return date(index // 12, index % 12 + 1, min(start.day, 28))


def spans(start: date, end: date, months: int) -> tuple[tuple[date, date], ...]:
    """Cut a term into periods of some months from its first day; the last one ends with the term.

    Shape: (first day, last day) per period, both included.
    """
    found: list[tuple[date, date]] = []
    first, n = start, 1
    while first <= end:
        following = month_after(start, months * n)
        found.append((first, min(following - timedelta(days=1), end)))
        first, n = following, n + 1
    return tuple(found)


def yearly_minimums(per_year_fen: int, start: date, end: date) -> tuple[Minimum, ...]:
    """Return the least amount of each contract year; empty if there is none.

    A last year that is shorter is charged by its days, rounded half up to the fen.
    """
    if not per_year_fen:
        return ()
    found = []
    for n, (first, last) in enumerate(spans(start, end, 12), 1):
        days = (last - first).days + 1
        whole = (month_after(start, 12 * n) - first).days
        found.append(Minimum(n, first, last, share_of(per_year_fen, days, whole)))
    return tuple(found)
