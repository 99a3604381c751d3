"""One open license as scenes after its preparation: declared, corrected, gazetted, accepted twice, withdrawn."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

Row = tuple[str, str, int, Mapping[str, Any]]


def terms(opened_on: date, project: str) -> dict[str, Any]:
    """Return what is declared, as an officer would type it."""
    start = opened_on + timedelta(days=56)
    end = start.replace(year=start.year + 4) - timedelta(days=1)
    return {
        "project_name": project,
        "start": start.isoformat(),
        "end": end.isoformat(),
        "fee_form": "entry_royalty",
        "fee_fen": "10万元",
        "fee_basis": "参照近三年同类专利普通许可三件的入门费平均值确定固定使用费\n提成比例参照行业惯例确定，低于参考上限",
        "expected_licensees": "3",
        "royalty.base": "net_sales",
        "royalty.rate_bp": "2%",
        "royalty.period": "year",
        "contact": "技术转移办公室",
        "phone": "000-10000000",
        "mail_address": "沧澜市学府路1号",
    }


def rows(opened_on: date, licensees: Sequence[str]) -> tuple[Row, ...]:
    """Return the scenes from the seal on."""

    def text(number: int) -> str:
        return (opened_on + timedelta(days=number)).isoformat()

    def notice(number: int, company: str) -> Mapping[str, Any]:
        return {
            "company": company, "notified_on": text(number), "notice": f"实施通知书（{company}）", "start": text(number + 1),
            "end": text(number + 800), "scope": "自行实施，年产不超过一百万件",
        }  # fmt: skip

    def paid(number: int, acceptance: str) -> Mapping[str, Any]:
        return {
            "acceptance": acceptance,
            "paid_on": text(number),
            "amount_fen": "10万元",
            "reference": f"回单{acceptance}",
        }

    first, second = licensees[:2]
    return (
        ("sign", "officer", 30, {"signed_on": text(30), "signatory": "授权代表"}),
        ("submit_filing", "officer", 32, {"submitted_on": text(32), "receipt_no": "KFXK-SL-01"}),
        ("receive_correction", "officer", 40, {"received_on": text(40), "content": "补充许可使用费支付期限"}),
        ("answer_correction", "officer", 43, {"answered_on": text(43)}),
        ("record_filing", "officer", 56, {"recorded_on": text(56), "record_no": "KFXK-2026-0001"}),
        ("record_acceptance", "officer", 60, notice(60, first)),
        ("reach_license", "finance", 62, paid(62, "1")),
        (
            "submit_acceptance_filing", "officer", 65,
            {"acceptance": "1", "submitted_on": text(65), "receipt_no": "BA-SL-01", "filed_by": "owner"},
        ),
        (
            "record_acceptance_duty", "finance", 66,
            {"acceptance": "1", "duty": "acceptance_stamp_duty", "done_on": text(66), "reference": "完税凭证"},
        ),
        ("record_acceptance", "officer", 70, notice(70, second)),
        ("reach_license", "finance", 71, paid(71, "2")),
        ("record_acceptance_filing", "officer", 74, {"acceptance": "1", "recorded_on": text(74), "record_no": "X-01"}),
        ("report_feedback", "officer", 76, {"reported_on": text(76), "reference": "盘活系统反馈记录"}),
        (
            "record_acceptance_duty", "officer", 80,
            {"acceptance": "1", "duty": "acceptance_registration", "done_on": text(80), "reference": "认定登记证明"},
        ),
        (
            "submit_withdrawal", "officer", 120,
            {"submitted_on": text(120), "receipt_no": "CH-SL-01", "reason": "拟转让该专利"},
        ),
        ("record_withdrawal", "officer", 140, {"gazetted_on": text(140), "reference": "专利公报42卷30期"}),
    )  # fmt: skip
