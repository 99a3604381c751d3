"""A running royalty of any deal: what is due when, and its words for the clause on royalties.

The clause (`general/royalty.txt`) names payer and product as the deal does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from contracts.deal import PaymentLine
from contracts.fees import BASES, DEDUCTIONS, MONTHS, PERIOD_NAMES, PERIODS, Royalty, spans
from contracts.phrases import label, money_or_none
from rules.dates import chinese_date
from rules.money import format_yuan, percent


@dataclass(frozen=True, slots=True)
class RoyaltyNames:
    """What a deal calls who pays, what is sold, and how long it is paid for. `sellers` are all whose sales count."""

    payer: str
    sellers: str
    product: str
    term: str
    technology: str


def base_meaning(royalty: Royalty, names: RoyaltyNames) -> str:
    """Return what a royalty base means, as a whole sentence."""
    capped = royalty.deduction_cap_bp
    return {
        "net_sales": (
            f"{names.sellers}销售{names.product}所开具发票的不含税总金额，"
            f"扣除实际发生并有凭证的{_listed(deductions_called(royalty))}后的余额"
            + (f"，各项扣除合计不超过该销售总金额的{percent(capped)}。" if capped else "。")
        ),
        "sales": f"{names.sellers}销售{names.product}所开具发票的不含税总金额。",
        "profit": (
            f"{names.product}的不含税销售额扣除{names.product}的制造成本、销售费用和相关税金后的余额，"
            "按照企业会计准则核算。"
        ),
        "output": (
            f"{names.payer}使用{names.technology}后，{names.product}产值较使用前同期增加的数额，"
            "按照企业会计准则核算。"
        ),
    }[royalty.base]


def deductions_called(royalty: Royalty) -> tuple[str, ...]:
    """Return the names of what is taken off the sales, in the order of the clause."""
    return tuple(label(DEDUCTIONS, deduction) for deduction in royalty.deducted())


def _listed(names: tuple[str, ...]) -> str:
    return "和".join(filter(None, ("、".join(names[:-1]), names[-1]))) if names else ""


def royalty_words(royalty: Royalty, names: RoyaltyNames) -> dict[str, str]:
    """Return the words of the clause on royalties (`t.royalty`)."""
    return {
        "base": label(BASES, royalty.base),
        "base_meaning": base_meaning(royalty, names),
        "product": names.product,
        "term": names.term,
        "rates": _rates(royalty),
        "period": label(PERIODS, royalty.period),
        "report_days": str(royalty.report_days),
        "pay_days": str(royalty.pay_days),
        "minimum": money_or_none(royalty.minimum_per_year_fen or 0),
        "cap": money_or_none(royalty.cap_fen or 0),
        "credit": money_or_none(royalty.credit_fen or 0),
    }


def _rates(royalty: Royalty) -> str:
    if royalty.rate_bp is not None:
        return f"各合同年度均为{percent(royalty.rate_bp)}"
    last = len(royalty.rates) - 1
    return "，".join(
        f"第{row.year}合同年度{'' if n < last and royalty.rates[n + 1].year == row.year + 1 else '起'}"
        f"为{percent(row.rate_bp)}"
        for n, row in enumerate(royalty.rates)
    )


def royalty_summary(royalty: Royalty) -> str:
    """Return a royalty in one line, as notices and forms state it."""
    least, most = royalty.minimum_per_year_fen, royalty.cap_fen
    told = f"提成费：以{label(BASES, royalty.base)}为基数，{_rates(royalty)}，{label(PERIODS, royalty.period)}结算"
    told += f"；每年最低提成费{format_yuan(least)}元" if least else ""
    return told + (f"；累计上限{format_yuan(most)}元" if most else "")


def royalty_lines(royalty: Royalty, start: date, end: date) -> Iterable[PaymentLine]:
    """Yield one line per period, and one per contract year with a minimum."""
    name = PERIOD_NAMES[royalty.period]
    for n, (first, last) in enumerate(spans(start, end, MONTHS[royalty.period]), 1):
        year = (n - 1) * MONTHS[royalty.period] // 12 + 1
        basis = (
            f"{chinese_date(first)}至{chinese_date(last)}，"
            f"按第{year}合同年度比例{percent(royalty.rate_of(year))}计提"
        )
        yield PaymentLine(
            f"提成费第{n}期（{name}）", "royalty", None, royalty_due(royalty, last), basis, fixed=False,
            ref=f"royalty:{n}",
        )  # fmt: skip
    for minimum in royalty.minimums(start, end):
        basis = (
            f"{chinese_date(minimum.first)}至{chinese_date(minimum.last)}，已付提成费不足最低额的，补足差额"
        )
        due = royalty_due(royalty, minimum.last)
        label = f"第{minimum.year}合同年度最低提成费"
        ref = f"minimum:{minimum.year}"
        yield PaymentLine(label, "minimum", minimum.amount_fen, due, basis, fixed=False, ref=ref)


def royalty_due(royalty: Royalty, last: date) -> date:
    """Return the day by which the royalty of a period that ends on `last` must be paid."""
    return last + timedelta(days=royalty.report_days + royalty.pay_days)
