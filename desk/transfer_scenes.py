"""One transfer as scenes beside and after its preparation: inventors told, signed, changed at the office, paid, completed."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from desk.reward_scenes import distributed

Row = tuple[str, str, int, Mapping[str, Any]]


def terms(opened_on: date, project: str) -> dict[str, Any]:
    """Return what is agreed, as an officer would type it."""

    def text(number: int) -> str:
        return (opened_on + timedelta(days=number)).isoformat()

    return {
        "project_name": project,
        "price_method": "agreement",
        "price_fen": "120万元",
        "instalments": [
            {"label": "第一期", "amount_fen": "80万元", "due_on": text(74)},
            {"label": "第二期", "amount_fen": "40万元", "due_on": text(258)},
        ],
    }


def beside(opened_on: date) -> tuple[Row, ...]:
    """Return the scenes of the first refusal: told after the price, and nobody takes it up in time."""

    def text(number: int) -> str:
        return (opened_on + timedelta(days=number)).isoformat()

    return (
        ("notify_inventors", "officer", 3, {"notified_on": text(3), "evidence": "优先受让通知书，当面送达并签收"}),
        (
            "close_first_refusal", "officer", 25,
            {"closed_on": text(25), "note": "全体成果完成人均已签收通知，答复期限内未主张受让"},
        ),
    )  # fmt: skip


def rows(opened_on: date, _companies: Sequence[str]) -> tuple[Row, ...]:
    """Return the scenes from the signature on."""

    def day(number: int) -> date:
        return opened_on + timedelta(days=number)

    def text(number: int) -> str:
        return day(number).isoformat()

    return (
        (
            "sign", "officer", 30,
            {"signed_on": text(30), "assignor_signatory": "授权代表", "assignee_signatory": "法定代表人"},
        ),
        ("take_effect", "officer", 30, {"effective_on": text(30)}),
        (
            "submit_filing", "officer", 40,
            {"submitted_on": text(40), "receipt_no": f"SL{day(40):%Y%m%d}02", "by": "current_owner"},
        ),
        ("record_duty", "finance", 41, {"duty": "stamp_duty", "done_on": text(41), "reference": "完税凭证"}),
        ("pay_filing_fee", "finance", 42, {"paid_on": text(42), "amount_fen": "400", "reference": "缴费收据"}),
        ("apply_registration", "officer", 43, {"applied_on": text(43), "office": "沧澜市技术合同认定登记机构"}),
        ("receive_correction", "officer", 45, {"received_on": text(45), "content": "补充受让人签章页"}),
        ("answer_correction", "officer", 47, {"answered_on": text(47)}),
        (
            "register_contract", "officer", 50,
            {
                "registered_on": text(50), "registration_no": f"{day(50):%Y}440000000124", "total_fen": "120万元",
                "technical_fen": "120万元",
            },
        ),
        ("record_filing", "officer", 60, {"recorded_on": text(60), "record_no": f"{day(60):%Y%m%d}00123450"}),
        ("report_feedback", "officer", 61, {"reported_on": text(61), "reference": "盘活系统反馈记录"}),
        (
            "record_receipt", "finance", 61,
            {"received_on": text(60), "amount_fen": "800000", "payment": "payment:1", "reference": "银行回单"},
        ),
        *distributed(opened_on),
    )  # fmt: skip
