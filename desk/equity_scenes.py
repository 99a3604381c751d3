"""What a contribution to a company has besides the scenes of every case, from valuation to its end. Fictional throughout."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from desk.open_license_scenes import Row

COMPANY = "沧澜隔膜新材有限公司"
_USCC = "91330100MA00000XX1"


def terms(opened_on: date, project: str) -> dict[str, Any]:
    """Return the terms as an officer would type them, with dates after the opening."""
    return {
        "project_name": project,
        "business": "出资专利所涉产品的研发、生产和销售",
        "way": "founding",
        "company_name": COMPANY,
        "company_place": "沧澜市高新区创新路8号",
        "registered_capital_fen": "500万元",
        "shareholders": [{"name": "投资合作方", "form": "cash", "capital_fen": "400万元"}],
        "price_method": "agreement",
        "value_fen": "150万元",
        "capital_fen": "100万元",
        "awards": [
            {"name": "陈思远", "role": "main_contributors", "capital_fen": "42万元"},
            {"name": "何知微", "role": "other_contributors", "capital_fen": "12万元"},
            {"name": "韩转化", "role": "tto_staff", "capital_fen": "6万元"},
        ],
        "transfer_by": (opened_on + timedelta(days=90)).isoformat(),
        "support_days": "20",
        "exits": ["sale", "reduction"],
    }


def beside(opened_on: date) -> tuple[Row, ...]:
    """Return what stands beside the scenes of every case before the draft: the valuation and the agreement on the award."""

    def text(number: int) -> str:
        return (opened_on + timedelta(days=number)).isoformat()

    award = "、".join(str(person["name"]) for person in terms(opened_on, "")["awards"])
    return (
        (
            "record_valuation", "officer", 1,
            {
                "report_no": f"沧评字{opened_on.year}第018号", "agency": "沧澜正和资产评估有限公司", "valuers": "季平、宋衡",
                "value_on": text(-30), "reported_on": text(1), "valid_until": text(334), "value_fen": "1500000",
            },
        ),
        ("file_valuation", "officer", 1, {"route": "institution", "filed_on": text(1), "reference": "评估备案表第18号"}),
        (
            "agree_award", "officer", 6,
            {"agreed_on": text(6), "signed_by": award, "evidence": "股权奖励与持股约定第1号"},
        ),
    )  # fmt: skip


def rows(opened_on: date, companies: Sequence[str]) -> tuple[Row, ...]:
    """Return the scenes: valuation, award, company, change of owner with a correction, deferral of tax."""

    def day(number: int) -> date:
        return opened_on + timedelta(days=number)

    def text(number: int) -> str:
        return day(number).isoformat()

    return (
        (
            "sign", "officer", 30,
            {"signed_on": text(30), "our_signatory": "授权代表", "their_signatory": "法定代表人"},
        ),
        ("take_effect", "officer", 30, {"effective_on": text(30)}),
        ("decide_capital", "officer", 32, {"decided_on": text(32), "reference": "公司章程"}),
        ("record_duty", "finance", 33, {"duty": "stamp_duty", "done_on": text(33), "reference": "完税凭证"}),
        (
            "register_company", "officer", 38,
            {
                "registered_on": text(38), "company": COMPANY, "uscc": _USCC, "ratio": "学校8%，奖励对象合计12%",
                "reference": "准予设立登记通知书",
            },
        ),
        ("submit_filing", "officer", 40, {"submitted_on": text(40), "receipt_no": "BG01", "by": "current_owner"}),
        ("pay_filing_fee", "finance", 41, {"paid_on": text(41), "amount_fen": "400", "reference": "缴费凭证"}),
        ("publish_contribution", "officer", 43, {"published_on": text(43), "reference": "信用信息公示系统查询结果"}),
        ("receive_correction", "officer", 45, {"received_on": text(45), "content": "补充目标公司主体资格证明"}),
        ("answer_correction", "officer", 47, {"answered_on": text(47)}),
        ("record_filing", "officer", 55, {"recorded_on": text(55), "record_no": f"HG{day(55):%Y%m%d}"}),
        (
            "record_contribution", "officer", 56,
            {"form": "patent", "paid_on": text(56), "amount_fen": "1000000", "reference": "出资证明书"},
        ),
        ("post_award", "officer", 56, {"posted_on": text(56), "place": "校园网信息公开栏"}),
        ("file_deferral", "officer", 57, {"filed_on": text(57), "reference": "税务备案回执"}),
        ("report_feedback", "officer", 57, {"reported_on": text(57), "reference": "盘活系统反馈记录"}),
        ("publish_contribution", "officer", 60, {"published_on": text(60), "reference": "信用信息公示系统查询结果"}),
        (
            "register_holding", "officer", 65,
            {"route": "ledger", "registered_on": text(65), "department": "资产管理处", "reference": "股权台账第6号"},
        ),
        ("close_award", "officer", 90, {"closed_on": text(90), "result": "公示期内未收到异议"}),
        ("grant_award", "officer", 92, {"granted_on": text(92), "reference": "股东名册"}),
        ("complete", "officer", 95, {"note": "出资、变更、奖励、备案均已办结", "report_to": "财务处税务岗"}),
    )  # fmt: skip
