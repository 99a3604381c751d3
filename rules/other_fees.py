"""Official fees beside the annual fee: the list of them, restoration after a lapse, compensation period, refunds.

In: dates and what was paid. Out: frozen amounts in fen with their derivation.

Source: 缴费服务指南 annex 2; 专利法实施细则 (2023) art 6, 111; 专利审查指南 part 5 ch 2 §4.2, ch 9 §4.2; 公告第594号 §1
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rules.counting import Period, add_months, count
from rules.dates import chinese_date
from rules.derivation import Derivation, step
from rules.fee_assessment import Payment, Question, assess
from rules.fee_tables import FeeTables, OtherFee
from rules.fee_words import DAY, as_derived, cited, yuan, yuan_en
from rules.fee_years import FeeDates, FeeError, last_year_of, year_start
from rules.holiday_notices import calendar_of
from rules.packs import RuleBook

RESTORATION = Period(2, "m")
LONGEST_OBSTACLE = Period(2, "y")
REFUND = Period(3, "y")


def official_fees(book: RuleBook, on: date, kind: str = "") -> tuple[OtherFee, ...]:
    """Return the fees beside the annual fee that hold on a day, in the order of the pack."""
    rows = dict.fromkeys(FeeTables(book).others.held(on))
    return tuple(row for row in rows if not kind or kind in row.kinds)


def other_fee(book: RuleBook, key: str, kind: str, on: date) -> OtherFee:
    """Return one fee for a kind of patent.

    Raises: FeeError if there is no such fee.
    """
    found = FeeTables(book).others.find((key, kind), on)
    if found is None:
        known = "、".join(dict.fromkeys(row.key for row in official_fees(book, on, kind)))
        raise FeeError(
            "key", f"没有“{key}”这项收费，可填：{known}", f"no fee {key!r} for {kind}; known: {known}"
        )
    return found.row


@dataclass(frozen=True, slots=True)
class Restoration:
    """What it takes to restore a right that lapsed for an unpaid annual fee; amounts in fen.

    `fee_fen` and `surcharge_fen` are owed in all, `still_due_fen` is what is left of them after earlier
    payments, plus the fee of the restoration. `due` is the last day for request and money.
    """

    fee_fen: int
    surcharge_fen: int
    restoration_fen: int
    still_due_fen: int
    due: date
    derivation: Derivation

    @property
    def total_fen(self) -> int:
        """Fee, surcharge and restoration fee."""
        return self.fee_fen + self.surcharge_fen + self.restoration_fen


def restoration(
    kind: str,
    filed: date,
    year: int,
    *,
    received_on: date,
    book: RuleBook,
    reduction: str = "none",
    grant_date: date | None = None,
    payments: Sequence[Payment] = (),
    obstacle_ended: date | None = None,
) -> Restoration:
    """Return what restores a right that lapsed for the unpaid fee of a year.

    `received_on` is the day on which the notice of termination counts as served. `obstacle_ended` makes it a
    restoration for force majeure: no restoration fee, two months from that day, at most two years from the end
    of the six months; whether the surcharge stays is not written, it is taken to stay.

    Raises: FeeError if the right has not lapsed by then, or the year has no such fee.
    Source: 专利法实施细则 (2023) art 6; 专利审查指南 part 5 ch 7 §6.2, ch 9 §4.2.1.3
    """
    day = obstacle_ended or received_on
    found = assess(
        FeeTables(book), Question(kind, filed, year, day, reduction, grant_date, False, tuple(payments))
    )
    dates, price = found.dates, found.price
    if dates is None or found.status != "lapsed":
        last = dates.grace_end if dates else filed
        raise FeeError(
            "received_on",
            f"{day}时第{year}年度年费尚未因滞纳期满而终止（滞纳期至{last}），请核对日期；未终止的直接补缴即可",
            f"on {day} the right has not lapsed for year {year}; pay late instead",
        )
    last_day, due = _restoration_due(dates, received_on, obstacle_ended, book)
    row = other_fee(book, "restoration", kind, day)
    own = 0 if obstacle_ended else row.fee_fen
    derivation = step(
        "restoration",
        f"恢复权利共需{yuan(price.total_fen + own)}：年费{yuan(price.fee_fen)}，"
        f"全额年费25%的滞纳金{yuan(price.surcharge_fen)}，恢复权利请求费{yuan(own)}",
        f"{yuan_en(price.total_fen + own)} in all: fee {yuan_en(price.fee_fen)}, surcharge of 25 % of the full "
        f"fee {yuan_en(price.surcharge_fen)}, restoration {yuan_en(own)}",
        price.total_fen + own,
        "fen",
        due,
        rule=cited(book, "T-12" if obstacle_ended else "T-11", day),
    )
    return Restoration(
        price.fee_fen, price.surcharge_fen, own, found.still_due_fen + own, last_day, derivation
    )


def _restoration_due(
    dates: FeeDates, received_on: date, obstacle_ended: date | None, book: RuleBook
) -> tuple[date, Derivation]:
    if obstacle_ended is None:
        due = count(received_on, RESTORATION, calendar=calendar_of(book)).due
        return due, step(
            "due",
            f"收到专利权终止通知书之日{chinese_date(received_on)}起2个月内提出，至{chinese_date(due)}",
            f"within two months of the notice received on {received_on}, until {due}",
            due,
            "date",
            rule=cited(book, "T-11", received_on),
        )
    due = count(obstacle_ended, RESTORATION, calendar=calendar_of(book)).due
    utmost = count(dates.grace_end, LONGEST_OBSTACLE, calendar=calendar_of(book)).due
    return min(due, utmost), step(
        "due",
        f"障碍消除之日{chinese_date(obstacle_ended)}起2个月内（{due}），且不迟于期限届满之日起2年（{utmost}），以较早者为准",
        f"two months from the end of the obstacle ({due}), at most two years from the limit ({utmost})",
        min(due, utmost),
        "date",
        rule=cited(book, "T-12", obstacle_ended),
    )


@dataclass(frozen=True, slots=True)
class CompensationFee:
    """The fee of a compensated term: so many full `years`, `fee_fen` in all, to be paid at once until `due`."""

    years: int
    fee_fen: int
    due: date
    derivation: Derivation


def compensation_fee(filed: date, compensation_end: date, *, on: date, book: RuleBook) -> CompensationFee:
    """Return what the compensated part of an invention's term costs.

    `compensation_end` is its last day. Full years count, a part of a year is free. It is paid at once before the
    ordinary term ends (that day does not move); there is no surcharge and no restoration, and no reduction.

    Raises: FeeError if the compensated term does not go beyond the ordinary one.
    Source: 国家知识产权局公告第594号 §1; 缴费服务指南 §2.1
    """
    ends = year_start(filed, last_year_of("invention", filed) + 1)
    if compensation_end < ends:
        raise FeeError(
            "compensation_end",
            f"补偿后的届满日{compensation_end}须晚于20年期限的最后一日{ends - DAY}，请核对",
            f"the compensated term must end after {ends - DAY}",
        )
    after = compensation_end + DAY
    years = after.year - ends.year
    years -= add_months(ends, 12 * years) > after
    row = other_fee(book, "compensation_year", "invention", on)
    due = ends - DAY
    limit = step(
        "due",
        f"须在20年期限届满前一次缴清，最迟{chinese_date(due)}（不顺延）；不设滞纳金，不设恢复期，期满未缴足的不予补偿",
        f"to be paid at once by {due}, before the 20 years end; no surcharge, no restoration",
        due,
        "date",
        rule=as_derived(cited(book, "T-19", on)),
    )
    total = step(
        "compensation",
        f"补偿期{ends}至{compensation_end}，满{years}年，每年{yuan(row.fee_fen)}，不足一年部分不收，"
        f"共{yuan(years * row.fee_fen)}",
        f"{ends} to {compensation_end}: {years} full years at {yuan_en(row.fee_fen)}, parts of a year free",
        years * row.fee_fen,
        "fen",
        limit,
        rule=cited(book, row.rule, on),
    )
    return CompensationFee(years, years * row.fee_fen, due, total)


@dataclass(frozen=True, slots=True)
class RefundLine:
    """What of one payment can be asked back, and until which day."""

    paid_on: date
    fen: int
    until: date


@dataclass(frozen=True, slots=True)
class Refund:
    """What was paid too much; the last payments are the ones too much."""

    refundable_fen: int
    lines: tuple[RefundLine, ...]
    derivation: Derivation


def refund(due_fen: int, payments: Sequence[Payment], *, on: date, book: RuleBook) -> Refund:
    """Return what of the payments for one fee can be asked back on a day.

    Each surplus can be asked back for three years from its own payment.

    Raises: FeeError for a negative amount.
    Source: 专利法实施细则 (2023) art 111; 专利审查指南 part 5 ch 2 §4.2.1
    """
    if due_fen < 0 or any(payment.fen < 0 for payment in payments):
        raise FeeError("payments", "金额不能为负，请核对应缴和实缴的数额", "an amount is negative")
    left, lines = due_fen, []
    for payment in sorted(payments, key=lambda payment: payment.on):
        surplus = max(0, payment.fen - left)
        left = max(0, left - payment.fen)
        until = count(payment.on, REFUND, calendar=calendar_of(book)).due
        if surplus and on <= until:
            lines.append(RefundLine(payment.on, surplus, until))
    total = sum(line.fen for line in lines)
    told = tuple(
        step(
            "surplus",
            f"{line.paid_on}所缴款项多缴{yuan(line.fen)}，{line.until}以前可请求退款",
            f"{yuan_en(line.fen)} of {line.paid_on} can be asked back until {line.until}",
            line.fen,
            "fen",
            rule=cited(book, "T-16", on),
        )
        for line in lines
    )
    paid = sum(payment.fen for payment in payments)
    zh = f"应缴{yuan(due_fen)}，实缴{yuan(paid)}，可请求退款{yuan(total)}"
    en = f"{yuan_en(due_fen)} owed, {yuan_en(paid)} paid, {yuan_en(total)} can be asked back"
    return Refund(
        total, tuple(lines), step("refund", zh, en, total, "fen", *told, rule=cited(book, "T-16", on))
    )
