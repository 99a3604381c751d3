"""Deferral of income tax on technology given for shares: whether it is allowed, and which filings it takes.

In: dates and facts of the contribution, rulebook. Out: a `Deferral`. No date shifts: the earlier day stands.

Source: 财税〔2016〕101号; 税务总局公告2016年第62号
"""

from dataclasses import dataclass
from datetime import date, timedelta

from rules.citing import cited
from rules.dates import chinese_date
from rules.derivation import Derivation, step
from rules.income_taxes import NoRelief, day_of_next_month
from rules.packs import RuleBook
from rules.tax_tables import EquityDeferral


@dataclass(frozen=True)
class Deferral:
    """Whether income tax on technology for shares may be deferred, and the filings that it takes.

    `file_by`: the investee's filing; `report_by`: the first yearly table of the withholding agent.
    """

    is_allowed: bool
    file_by: date
    report_by: date
    derivation: Derivation


def equity_deferral(
    obtained_on: date,
    shares_paid_on: date,
    *,
    book: RuleBook,
    all_shares: bool,
    resident: bool,
    filed_on: date | None = None,
) -> Deferral:
    """Return whether the tax may be deferred to the sale of the shares.

    `all_shares`: the whole consideration is shares; `resident`: of a resident enterprise. Without a filing in time
    there is no deferral.

    Raises: NoRelief.
    """
    start = max(obtained_on, shares_paid_on)
    row = next(iter(book.rows(EquityDeferral, start)), None)
    if row is None:
        raise NoRelief(f"no deferral on {start.isoformat()}")
    file_by = day_of_next_month(start, row.filing_day)
    report_by = date(start.year, 12, 31) + timedelta(days=row.yearly_days)
    in_time = filed_on is None or filed_on <= file_by
    is_allowed = all_shares and resident and in_time
    zh, en = _deferral_text(is_allowed, all_shares, resident)
    told = step(
        "deferral",
        zh,
        en,
        is_allowed,
        "flag",
        step("file_by", f"被投资企业至迟{chinese_date(file_by)}备案" + ("" if in_time else "，已逾期"),
             f"the investee files by {file_by.isoformat()}", file_by, "date", rule=cited(book, row.filing_rule, start)),
        step("report_by", f"扣缴义务人每年度终了后{row.yearly_days}日内报送递延情况表，首次至迟{chinese_date(report_by)}",
             f"the yearly table is due by {report_by.isoformat()} for the first time", report_by, "date",
             rule=cited(book, row.yearly_rule, start)),
        rule=cited(book, row.rule, start),
    )  # fmt: skip
    return Deferral(is_allowed, file_by, report_by, told)


def _deferral_text(is_allowed: bool, all_shares: bool, resident: bool) -> tuple[str, str]:
    if is_allowed:
        return "可以选择递延，至转让股权时缴纳", "the tax may be deferred to the sale of the shares"
    if not all_shares:
        return "对价不全是股权，不能递延", "the consideration is not all shares: no deferral"
    if not resident:
        return "被投资企业不是境内居民企业，不能递延", "the investee is no resident enterprise: no deferral"
    return "没有按期备案，不能递延", "not filed in time: no deferral"
