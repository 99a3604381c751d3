"""Licenses that are paid for by result, as scenes after those of every license: free use first, or royalties by statement.

They take the place of what the usual story of a license tells of its money.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from desk.reward_scenes import Row

BEFORE_MONEY = "record_receipt"  # the usual story goes up to here


class Paying(NamedTuple):
    """One way of paying: what the terms agree otherwise, and the scenes, both from the day of the opening.

    `registered` is the sum the technology contract is registered with: what is fixed beforehand.
    """

    terms: Callable[[date], dict[str, Any]]
    rows: Callable[[date], tuple[Row, ...]]
    registered: str


def _day(opened_on: date, number: int) -> str:
    return (opened_on + timedelta(days=number)).isoformat()


def _free_use(opened_on: date) -> dict[str, Any]:
    """A year of free use, a sum on conversion, royalties after it."""
    return {
        "entry_fee_fen": "0", "instalments": [],
        "trial": {
            "start": _day(opened_on, 30), "end": _day(opened_on, 394), "decide_by": _day(opened_on, 364),
            "extend_until": _day(opened_on, 578), "purpose": "仅限样品试制、小批量验证和工艺放大试验",
            "trigger": "event", "trigger_event": "首批产品通过客户认证", "trigger_evidence": "客户出具的认证证书",
            "fee_fen": "20万元", "guarantor": "沧澜市融资担保有限公司", "guarantee": "连带责任保证",
        },
        "royalty": {"base": "net_sales", "rate_bp": "2.5%", "minimum_per_year_fen": "6万元"},
    }  # fmt: skip


def _free_use_rows(opened_on: date) -> tuple[Row, ...]:
    started = _day(opened_on, 45)
    return (("start_trial", "officer", 45, {"started_on": started, "evidence": "技术资料交接单第1号"}),)


def _royalties(opened_on: date) -> dict[str, Any]:
    """An entry fee of which a third is credited, royalties with a minimum and a cap."""
    due = _day(opened_on, 74)
    return {
        "entry_fee_fen": "30万元",
        "instalments": [{"label": "一次付清", "amount_fen": "30万元", "due_on": due}],
        "royalty": {
            "base": "net_sales", "deductions": ["returns", "freight"], "deduction_cap_bp": "10%",
            "rates": [{"year": 1, "rate_bp": "3%"}, {"year": 3, "rate_bp": "3.5%"}],
            "minimum_per_year_fen": "10万元", "cap_fen": "200万元", "credit_fen": "10万元",
        },
    }  # fmt: skip


def _royalty_rows(opened_on: date) -> tuple[Row, ...]:
    """Two half-years: the first is paid, the second still open."""

    def receipt(number: int, amount: str, payment: str) -> Row:
        told = {
            "received_on": _day(opened_on, number),
            "amount_fen": amount,
            "payment": payment,
            "reference": "银行回单",
        }
        return ("record_receipt", "finance", number, told)

    def statement(number: int, period: str, products: str) -> Row:
        told = {
            "period": period,
            "products": products,
            "reported_on": _day(opened_on, number),
            "evidence": f"第{period}期报表",
        }
        return ("report_royalty", "officer", number, told)

    return (
        receipt(72, "30万元", "payment:1"),
        statement(
            235,
            "1",
            "陶瓷涂覆隔膜 480万元 退货 9万元 运输费 2.5万元\n芳纶涂覆隔膜 170万元 退货 3万元 运输费 1万元",
        ),
        # 634.5万 × 3 % = 190,350, less the 100,000 credited.
        receipt(250, "90350", "payment:2"),
        statement(415, "2", "陶瓷涂覆隔膜 520万元 退货 6万元 运输费 3万元"),
    )


WAYS: Mapping[str, Paying] = {
    "free_use": Paying(_free_use, _free_use_rows, "20万元"),
    "royalties": Paying(_royalties, _royalty_rows, "80万元"),
}
