"""What an annual fee comes to on a day: fee, reduction, surcharge, bracket. Numbers only, fast enough for a city.

In: kind, filing date, patent year, the day of payment, what was paid before. Out: a frozen `Assessment`; its
words and derivation are made by `rules.annual_fees`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from rules.fee_tables import AnnualFee, FeeReduction, FeeTables, Found, SurchargeStep
from rules.fee_years import FeeDates, FeeError, fee_dates, last_year_of, year_of, year_start
from rules.money import format_yuan, percent

Status = Literal["registration", "not_open", "on_time", "grace", "paid", "lapsed"]
Reduction = Literal["none", "70", "85", "open_license"]
REDUCTIONS = ("none", "70", "85")
LAPSED = "lapsed"
DAY = timedelta(days=1)
WHOLE_BP = 10_000


@dataclass(frozen=True, slots=True)
class Payment:
    """Money paid for one year's fee and surcharge together, in fen, on the day that counts as paid."""

    on: date
    fen: int


@dataclass(frozen=True, slots=True)
class Window:
    """The days from `first` to `last`, both included; `last` is None if there is no end."""

    first: date
    last: date | None

    def holds(self, day: date) -> bool:
        """Whether a day lies inside."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. `paid` are earlier payments for the same year, in order of time."""

    kind: str
    filed: date
    year: int
    paid_on: date
    reduction: str = "none"
    grant_date: date | None = None
    open_license: bool = False
    paid: tuple[Payment, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a day lies among the windows of a fee. `month` counts months late, 0 if not late."""

    status: Status
    month: int
    window: Window


@dataclass(frozen=True, slots=True)
class Price:
    """What is owed on one day."""

    place: Place
    full: Found[AnnualFee]
    reduction: Found[FeeReduction] | None
    step: Found[SurchargeStep] | None
    fee_fen: int
    surcharge_fen: int

    @property
    def total_fen(self) -> int:
        """Fee and surcharge."""
        return self.fee_fen + self.surcharge_fen


@dataclass(frozen=True, slots=True)
class Assessment:
    """The answer in numbers. `judged_on` is the day whose bracket decides.

    `judged_on` is the asked day, or the earlier day on which the payments reached what was owed. `dates` is
    None for the grant year, whose fee is paid at registration. `paid_fen` is everything paid before,
    `refundable_fen` what of it was too much.
    """

    question: Question
    grant_year: int | None
    dates: FeeDates | None
    price: Price
    judged_on: date
    status: Status
    paid_fen: int
    still_due_fen: int
    refundable_fen: int


def reduced(full_fen: int, rate_bp: int) -> int:
    """Return what is left of a fee after a reduction, half a fen rounded up; the official rates leave no rest."""
    return (full_fen * (WHOLE_BP - rate_bp) * 2 + WHOLE_BP) // (2 * WHOLE_BP)


def surcharge_on(full_fen: int, rate_bp: int) -> int:
    """Return the surcharge on the full fee, half a fen rounded up; the official rates leave no rest."""
    return (full_fen * rate_bp * 2 + WHOLE_BP) // (2 * WHOLE_BP)


def assess(tables: FeeTables, question: Question) -> Assessment:
    """Compute what is owed, and what is still to be paid.

    Raises: FeeError naming the argument that is wrong.
    Source: 专利法实施细则 (2023) art 115; 专利审查指南 part 5 ch 9 §4.2.1.3
    """
    grant_year = _check(question)
    dates = (
        None
        if question.year in (1, grant_year)
        else fee_dates(question.filed, question.year, tables.calendar)
    )
    total, refundable, settled = 0, 0, None
    for payment in question.paid:
        total += payment.fen
        if settled is None:
            price = _price(tables, question, grant_year, dates, payment.on)
            if price.place.status != LAPSED and total >= price.total_fen:
                settled, refundable = price, total - price.total_fen
                judged_on = payment.on
        else:
            refundable += payment.fen
    if settled is not None:
        return Assessment(question, grant_year, dates, settled, judged_on, "paid", total, 0, refundable)
    price = _price(tables, question, grant_year, dates, question.paid_on)
    left = max(0, price.total_fen - total)
    return Assessment(
        question, grant_year, dates, price, question.paid_on, price.place.status, total, left, 0
    )


def bracket_of(price: Price) -> str:
    """Return the bracket as commands print it: 0%, 5% … 25%, or lapsed."""
    if price.place.status == LAPSED:
        return LAPSED
    return percent(price.step.row.rate_bp) if price.step else "0%"


def _check(question: Question) -> int | None:
    """Refuse what has no answer; return the patent year of the grant, if the grant is known."""
    last = last_year_of(question.kind, question.filed)
    if not 1 <= question.year <= last:
        raise _no_such_year(question, last)
    if question.paid_on < question.filed:
        raise FeeError(
            "paid_on",
            f"缴费日{question.paid_on}早于申请日{question.filed}，请核对两个日期",
            f"paid on {question.paid_on}, before the filing date {question.filed}",
        )
    if question.reduction not in REDUCTIONS:
        raise FeeError(
            "reduction",
            f"没有“{question.reduction}”这种减缴，请填 none（不减）、70（两个以上权利人）或 85（一个权利人）；"
            "开放许可的15%另行注明",
            f"unknown reduction {question.reduction!r}: none, 70 or 85",
        )
    _check_payments(question.paid, question.filed, question.paid_on)
    if question.grant_date is None:
        return None
    if question.grant_date < question.filed:
        raise FeeError(
            "granted",
            f"授权公告日{question.grant_date}早于申请日{question.filed}，请核对两个日期",
            f"granted on {question.grant_date}, before the filing date {question.filed}",
        )
    grant_year = year_of(question.filed, question.grant_date)
    if question.year < grant_year:
        raise FeeError(
            "year",
            f"{question.grant_date}授权，授权当年为第{grant_year}年度，此前的第{question.year}年度不缴年费。"
            f"请填{grant_year}至{last}之间的年度",
            f"granted in year {grant_year}: no annual fee for year {question.year}; ask for {grant_year} to {last}",
        )
    return grant_year


def _no_such_year(question: Question, last: int) -> FeeError:
    zh = f"第{question.year}年度不在专利权期限内：年度须为1至{last}的整数"
    en = f"year {question.year} is outside the term: 1 to {last}"
    if question.kind == "design" and last < question.year <= 15:
        zh += "（2021-05-31以前申请的外观设计期限为10年）"
        en += " (designs filed by 2021-05-31 have 10 years)"
    if question.kind == "invention" and question.year > last:
        zh += "。期限补偿期间的年费在20年届满前一次缴清，请按补偿期年费计算"
        en += "; the compensation period has a fee of its own, paid once before the 20 years end"
    return FeeError("year", zh, en)


def _check_payments(payments: Iterable[Payment], filed: date, until: date) -> None:
    before = filed
    for payment in payments:
        if payment.fen < 0:
            raise FeeError(
                "payments",
                f"{payment.on}的缴费金额{format_yuan(payment.fen)}元为负数，请填实际缴纳的金额",
                f"the payment of {payment.on} is negative",
            )
        if not filed <= payment.on <= until:
            raise FeeError(
                "payments",
                f"此前的缴费日{payment.on}须在申请日{filed}与本次缴费日{until}之间，请核对",
                f"the earlier payment of {payment.on} must lie between {filed} and {until}",
            )
        if payment.on < before:
            raise FeeError("payments", "此前的缴费请按日期先后填写", "give earlier payments in order of time")
        before = payment.on


def _price(
    tables: FeeTables, question: Question, grant_year: int | None, dates: FeeDates | None, day: date
) -> Price:
    full = tables.annual.find((question.kind, question.year), day)
    if full is None:
        raise FeeError(
            "year",
            f"规则包的年费表没有{question.kind}第{question.year}年度在{day}的标准，请补全后重试",
            f"the fee table has no {question.kind} year {question.year} on {day}",
        )
    place = place_of(question, dates, day)
    step = tables.surcharges.find(place.month, day) if place.month else None
    if place.month and step is None:
        raise FeeError(
            "paid_on",
            f"规则包的滞纳金表没有第{place.month}个月在{day}的标准，请补全后重试",
            f"the surcharge table has no month {place.month} on {day}",
        )
    reduction = _best(tables, question, grant_year, day)
    full_fen = full.row.fee_fen
    fee = reduced(full_fen, reduction.row.rate_bp) if reduction else full_fen
    return Price(place, full, reduction, step, fee, surcharge_on(full_fen, step.row.rate_bp) if step else 0)


def place_of(question: Question, dates: FeeDates | None, day: date) -> Place:
    """Return the window in which a payment on a day falls; the windows follow one another without a gap."""
    if dates is None:
        last = question.grant_date or year_start(question.filed, 2) - DAY
        window = Window(question.filed, last) if day <= last else Window(last + DAY, None)
        return Place("registration", 0, window)
    if day < dates.opens:
        return Place("not_open", 0, Window(question.filed, dates.opens - DAY))
    if day <= dates.due:
        return Place("on_time", 0, Window(dates.opens, dates.due))
    before = dates.due
    for month, end in enumerate(dates.month_ends, 1):
        if day <= end:
            return Place("grace", month, Window(before + DAY, end))
        before = end
    return Place("lapsed", len(dates.month_ends), Window(before + DAY, None))


def _best(
    tables: FeeTables, question: Question, grant_year: int | None, day: date
) -> Found[FeeReduction] | None:
    """Return the one reduction that leaves the least to pay; they are never added up.

    The reduction for open licenses did not exist before its first version, so no later one stands in for it.
    """
    best = None
    if question.reduction != "none":
        found = tables.reductions.find(question.reduction, day)
        best = found if found and is_running(found.row, question.year, grant_year) else None
    if question.open_license:
        found = tables.reductions.find("open_license", day)
        if found and found.held and (best is None or found.row.rate_bp > best.row.rate_bp):
            best = found
    return best


def is_running(row: FeeReduction, year: int, grant_year: int | None) -> bool:
    """Whether a reduction reaches a patent year; without a grant date it is taken to."""
    return row.years is None or grant_year is None or year < grant_year + row.years
