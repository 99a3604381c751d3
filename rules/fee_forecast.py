"""The annual fees of a portfolio in a span of time: what is due when, how much, and who pays.

In: patents as plain values, the span, the policy of the house. Out: one row per patent and patent year, sums by
month and payer, and the patents that were left out, each with the reason. Reads no clock: `pay_on` is the day on
which overdue fees are taken to be paid.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from rules.fee_assessment import Question, assess, bracket_of
from rules.fee_tables import FeeTables
from rules.fee_years import FeeDates, fee_dates, last_year_of, year_of
from rules.packs import RuleBook
from rules.policy import HousePolicy

PAYERS: Mapping[str, tuple[str, str]] = {
    "institution": ("本单位", "institution"),
    "college": ("学院（部门）", "college"),
    "project": ("课题组", "project"),
    "inventor": ("发明人", "inventors"),
    "licensee": ("被许可人", "licensee"),
    "agency": ("代理机构", "agency"),
    "": ("未指定", "not said"),
}
REASONS: Mapping[str, tuple[str, str]] = {
    "no_filing_date": ("缺申请日，无法计算；请补录申请日", "no filing date: add it"),
    "pending": ("尚未授权，授权后才缴年费", "not granted yet: annual fees begin with the grant"),
    "ended": ("已终止、期满或宣告无效，不再缴费", "ended: no more fees"),
    "unknown_status": ("法律状态待核实；核实登记簿后再计算", "status unknown: check the register"),
    "term_over": ("专利权期限已届满，登记的状态有误，请核实", "the term is over: check the status"),
    "grace_over": (
        "按登记的缴费年度，滞纳期已届满；请核实是否已缴费或已终止",
        "by the recorded year the grace is over: check whether it was paid or has lapsed",
    ),
    "filed_later": (
        "申请日晚于预测日，请核对申请日",
        "filed after the day of the forecast: check the filing date",
    ),
    "overdue_outside": (
        "已逾期未缴，但补缴日不在所选月份内；请从本月开始预测",
        "overdue, and the day of payment is outside the span: begin with this month",
    ),
}
NOTES: Mapping[str, tuple[str, str]] = {
    "paid_year_assumed": (
        "未登记已缴年度，按已缴至当前年度推算",
        "no paid year recorded: taken as paid up to the current year",
    ),
    "grace_assumed": (
        "登记为滞纳期内而未登记已缴年度，按当前年度未缴推算",
        "in the grace period without a paid year: the current year is taken as open",
    ),
    "grant_date_missing": (
        "缺授权公告日，按减缴仍在期限内计算",
        "no grant date: the reduction is taken as running",
    ),
    "sole_owner": ("唯一权利人为本单位，按可减缴85%计算", "the institution is the sole owner: 85 % taken"),
    "joint_owners": (
        "共有专利，每个权利人均符合条件并办理备案的方可减缴70%，暂按不减缴计算",
        "co-owned: 70 % only if each owner qualifies and is registered; taken in full",
    ),
    "other_owner": (
        "登记的权利人不是本单位，暂按不减缴计算",
        "the owner is not the institution: taken in full",
    ),
    "open_license": (
        "标有开放许可：实施合同备案后年费可减15%（不与其他减缴叠加），未计入",
        "open license: 15 % off once a license is recorded, never added to another reduction; not counted",
    ),
}
_LEFT_OUT_STATUS = {
    "pending": "pending", "lapsed": "ended", "expired": "ended", "void": "ended", "unknown": "unknown_status",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PortfolioPatent:
    """A patent as the forecast looks at it.

    `paid_year` is the last patent year known to be paid, None if not known. `payer` overrides the house (a key
    of PAYERS), `notes` are keys of NOTES that every row of the patent carries.
    """

    id: int
    number: str
    title: str
    kind: str
    status: str
    filed: date | None
    granted: date | None = None
    reduction: str = "none"
    paid_year: int | None = None
    payer: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ForecastRow:
    """One fee. `pay_on` is the due date, or for an overdue fee the day on which it is taken to be paid.

    `bracket` is 0% … 25%. `payer` pays the fee, `surcharge_payer` the surcharge.
    """

    patent_id: int
    number: str
    title: str
    kind: str
    year: int
    due: date
    pay_on: date
    overdue: bool
    full_fen: int
    reduction: str
    fee_fen: int
    surcharge_fen: int
    bracket: str
    payer: str
    payer_zh: str
    payer_en: str
    surcharge_payer: str
    provisional: bool
    notes: tuple[str, ...]

    @property
    def total_fen(self) -> int:
        """Fee and surcharge."""
        return self.fee_fen + self.surcharge_fen

    @property
    def month(self) -> str:
        """The month in which the money is needed: 2026-11."""
        return f"{self.pay_on:%Y-%m}"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A patent without a row in the forecast although it may need one; `reason` is a key of REASONS."""

    patent_id: int
    number: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class MonthSum:
    """What one payer needs in one month, in fen; `count` is the number of fees."""

    month: str
    payer: str
    payer_zh: str
    payer_en: str
    count: int
    fee_fen: int
    surcharge_fen: int

    @property
    def total_fen(self) -> int:
        """Fees and surcharges."""
        return self.fee_fen + self.surcharge_fen


@dataclass(frozen=True, slots=True)
class Forecast:
    """The rows by day of payment and number, the sums by month and payer, and what was left out."""

    first: date
    last: date
    pay_on: date
    patents: int
    rows: tuple[ForecastRow, ...]
    sums: tuple[MonthSum, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def total_fen(self) -> int:
        """Everything that is needed in the span."""
        return sum(row.total_fen for row in self.rows)


def forecast(
    patents: Iterable[PortfolioPatent],
    first: date,
    last: date,
    *,
    policy: HousePolicy | None,
    book: RuleBook,
    pay_on: date,
) -> Forecast:
    """Return the annual fees that fall due from `first` to `last`, both included.

    Fees that are overdue on `pay_on` and still within their six months count with the surcharge of that day. A
    reduction is taken for the years that it reaches. Whose paid year is not known is taken as paid for every
    fee that was due before `pay_on`; in the grace period, the current year is taken as open.
    """
    span = _Span(first, last, pay_on, policy, FeeTables(book))
    rows: list[ForecastRow] = []
    left_out: list[LeftOut] = []
    patents_seen = 0
    for patent in patents:
        patents_seen += 1
        for found in span.look_at(patent):
            if isinstance(found, ForecastRow):
                rows.append(found)
            else:
                left_out.append(found)
    rows.sort(key=lambda row: (row.pay_on, row.number, row.year))
    return Forecast(first, last, pay_on, patents_seen, tuple(rows), sums_of(rows), tuple(left_out))


@dataclass(frozen=True, slots=True)
class _Span:
    """What stays the same for all patents of a forecast."""

    first: date
    last: date
    pay_on: date
    policy: HousePolicy | None
    tables: FeeTables

    def look_at(self, patent: PortfolioPatent) -> Iterator[ForecastRow | LeftOut]:
        """Return the rows of a patent, and why a fee of it cannot be told."""
        reason = _LEFT_OUT_STATUS.get(patent.status, "")
        filed = patent.filed
        if not reason and filed is None:
            reason = "no_filing_date"
        if reason or filed is None:
            yield LeftOut(patent.id, patent.number, patent.title, reason)
        elif self.pay_on < filed:
            yield LeftOut(patent.id, patent.number, patent.title, "filed_later")
        else:
            yield from self._fees_of(patent, filed)

    def _fees_of(self, patent: PortfolioPatent, filed: date) -> Iterator[ForecastRow | LeftOut]:
        end = last_year_of(patent.kind, filed)
        current = year_of(filed, self.pay_on)
        if current > end:
            yield LeftOut(patent.id, patent.number, patent.title, "term_over")
            return
        grant_year = year_of(filed, patent.granted) if patent.granted and patent.granted >= filed else None
        paid, notes = self._paid_year(patent, filed, current)
        for year in range(max(paid, grant_year or 1) + 1, end + 1):
            dates = fee_dates(filed, year, self.tables.calendar)
            if dates.due > self.last:
                return
            overdue = dates.due < self.pay_on
            if overdue and (dates.grace_end < self.pay_on or not self.first <= self.pay_on <= self.last):
                reason = "grace_over" if dates.grace_end < self.pay_on else "overdue_outside"
                yield LeftOut(patent.id, patent.number, patent.title, reason)
                if reason == "grace_over":
                    return
            elif overdue or self.first <= dates.due:
                yield self._row(patent, filed, year, dates, overdue, grant_year, notes)

    def _paid_year(self, patent: PortfolioPatent, filed: date, current: int) -> tuple[int, tuple[str, ...]]:
        if patent.paid_year is not None:
            return patent.paid_year, patent.notes
        if patent.status == "in_grace":
            return current - 1, (*patent.notes, "grace_assumed")
        running = current > 1 and self.pay_on <= fee_dates(filed, current, self.tables.calendar).due
        return current - running, (*patent.notes, "paid_year_assumed")

    def _row(
        self,
        patent: PortfolioPatent,
        filed: date,
        year: int,
        dates: FeeDates,
        overdue: bool,
        grant_year: int | None,
        notes: tuple[str, ...],
    ) -> ForecastRow:
        day = self.pay_on if overdue else dates.due
        granted = patent.granted if grant_year else None
        price = assess(
            self.tables, Question(patent.kind, filed, year, day, patent.reduction, granted)
        ).price  # fmt: skip
        if patent.reduction != "none" and granted is None:
            notes = (*notes, "grant_date_missing")
        payer, zh, en, bears = self._payer(patent.payer, year)
        return ForecastRow(
            patent.id, patent.number, patent.title, patent.kind, year, dates.due, day, overdue,
            price.full.row.fee_fen, price.reduction.row.code if price.reduction else "none", price.fee_fen,
            price.surcharge_fen, bracket_of(price), payer, zh, en, payer if bears else "institution",
            dates.provisional, notes,
        )  # fmt: skip

    def _payer(self, own: str, year: int) -> tuple[str, str, str, bool]:
        if own:
            return own, *PAYERS.get(own, (own, own)), True
        row = self.policy.payer_of(year) if self.policy else None
        if row is None:
            return "", *PAYERS[""], True
        return row.payer, row.payer_zh, row.payer_en, row.bears_surcharge


def sums_of(rows: Iterable[ForecastRow]) -> tuple[MonthSum, ...]:
    """Add rows up by month and payer; a surcharge counts for the one who bears it."""
    added: dict[tuple[str, str], list[int]] = {}
    words = dict(PAYERS)
    for row in rows:
        words[row.payer] = (row.payer_zh, row.payer_en)
        of_fee = added.setdefault((row.month, row.payer), [0, 0, 0])
        of_fee[0] += 1
        of_fee[1] += row.fee_fen
        if row.surcharge_fen:
            added.setdefault((row.month, row.surcharge_payer), [0, 0, 0])[2] += row.surcharge_fen
    return tuple(
        MonthSum(month, payer, *words[payer], *added[month, payer]) for month, payer in sorted(added)
    )
