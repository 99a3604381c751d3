"""One entry in a patent pool as scenes: refused, admitted, income shared out, left after notice. Fictional throughout."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from desk.reward_scenes import Row, distributed


def terms(opened_on: date, project: str) -> dict[str, Any]:
    """Return what is agreed with the operator, as an officer would type it."""
    start = opened_on + timedelta(days=30)
    end = start.replace(year=start.year + 4) - timedelta(days=1)
    return {
        "project_name": f"{project}专利入池运营",
        "pool_name": "新材料产业专利池",
        "technical_field": "新材料",
        "members": "沧澜材料研究院\n临江新材料有限公司",
        "pool_rules": "《新材料产业专利池管理规则》（2026年版）",
        "acts": ["manufacture", "use", "offer", "sell"],
        "purpose": "入池专利权利要求覆盖的产品的生产和销售",
        "forms": ["package", "cross"],
        "start": start.isoformat(),
        "end": end.isoformat(),
        "criteria": "权利要求与产品的技术特征逐项对应\n专利权稳定，不存在明显的无效理由",
        "rule": "score",
        "upfront_fen": "20万元",
        "upfront_due_on": (start + timedelta(days=44)).isoformat(),
        "signing_place": "沧澜市",
    }


def beside(opened_on: date) -> tuple[Row, ...]:
    """Return the scenes of the review of the entry: refused, offered again, admitted."""

    def text(number: int) -> str:
        return (opened_on + timedelta(days=number)).isoformat()

    return (
        ("submit_entry", "officer", 2, {"submitted_on": text(2), "reference": "RC-01", "note": "权利要求与产品对照表"}),
        ("refuse_entry", "officer", 6, {"decided_on": text(6), "reason": "缺少与产品的逐项对照"}),
        ("submit_entry", "officer", 9, {"submitted_on": text(9), "reference": "RC-02", "note": "补充逐项对照表"}),
        (
            "admit_entry", "officer", 18,
            {"decided_on": text(18), "reviewer": "独立专家三名", "opinion": "入池专利为实施产品所必需，同意入池"},
        ),
    )  # fmt: skip


def rows(opened_on: date, _companies: Sequence[str]) -> tuple[Row, ...]:
    """Return the scenes from the signature on."""

    def text(number: int) -> str:
        return (opened_on + timedelta(days=number)).isoformat()

    return (
        (
            "sign", "officer", 30,
            {"signed_on": text(30), "our_signatory": "授权代表", "their_signatory": "法定代表人"},
        ),
        ("take_effect", "officer", 30, {"effective_on": text(30)}),
        ("record_entry", "officer", 35, {"entered_on": text(35), "entry_no": f"XCL-{opened_on.year}-017"}),
        ("report_feedback", "officer", 38, {"reported_on": text(38), "reference": "盘活系统反馈记录"}),
        ("record_duty", "finance", 41, {"duty": "stamp_duty", "done_on": text(41), "reference": "完税凭证"}),
        ("apply_registration", "officer", 42, {"applied_on": text(42), "office": "沧澜市技术合同认定登记机构"}),
        (
            "register_contract", "officer", 50,
            {
                "registered_on": text(50), "registration_no": f"{opened_on.year}440000000789", "total_fen": "20万元",
                "technical_fen": "20万元",
            },
        ),
        (
            "record_receipt", "finance", 60,
            {"received_on": text(60), "amount_fen": "200000", "payment": "payment:1", "reference": "银行回单1"},
        ),
        *distributed(opened_on, 62, 1),
        (
            "record_statement", "officer", 440,
            {
                "received_on": text(440), "period": "第一个分配年度", "gross_fen": "300万元", "share_fen": "36万元",
                "basis": "本单位入池专利分值占全部池内专利分值的15%，扣除运营费用20%",
            },
        ),
        (
            "record_receipt", "finance", 470,
            {"received_on": text(470), "amount_fen": "360000", "payment": "payment:2", "reference": "银行回单2"},
        ),
        *distributed(opened_on, 472, 2),
        (
            "request_exit", "officer", 680,
            {"noticed_on": text(680), "leaves_on": text(800), "reason": "技术路线调整，不再参与该领域的统一运营"},
        ),
        (
            "record_exit", "officer", 800,
            {
                "agreed_on": text(800), "reason": "依协议退出条款，已订立的许可在其期限内继续有效", "remaining": "payment:3",
            },
        ),
        (
            "record_duty", "officer", 810,
            {"duty": "registration_change", "done_on": text(810), "reference": "认定登记注销证明"},
        ),
        (
            "record_statement", "officer", 825,
            {
                "received_on": text(825), "period": "第二个分配年度（截至退出之日）", "gross_fen": "350万元",
                "share_fen": "42万元", "basis": "本单位入池专利分值占全部池内专利分值的15%，扣除运营费用20%",
            },
        ),
        (
            "record_receipt", "finance", 830,
            {"received_on": text(830), "amount_fen": "420000", "payment": "payment:3", "reference": "银行回单3"},
        ),
        (
            "record_duty", "finance", 870,
            {"duty": "reward_distribution", "done_on": text(870), "reference": "收益分配表第3号"},
        ),
    )  # fmt: skip
