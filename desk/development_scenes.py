"""One commissioned development as scenes: registered after a refusal, reworked, accepted, industrialized, completed."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from desk.reward_scenes import Row, distributed


def terms(opened_on: date, project: str) -> dict[str, Any]:
    """Return what is agreed, as an officer would type it."""

    def text(number: int) -> str:
        return (opened_on + timedelta(days=number)).isoformat()

    return {
        "project_name": f"{project}中试开发",
        "kind": "委托开发",
        "content": "在背景专利的基础上，研究开发适用于批量生产的工艺并完成中试",
        "targets": "中试产品合格率不低于95%\n关键尺寸偏差不大于1.5微米",
        "start": text(30),
        "end": text(395),
        "place": "沧澜市",
        "method": "分小试、中试两步放大",
        "stages": [
            {"name": "第一阶段", "work": "完成配方和小试样品", "due_on": text(90)},
            {"name": "第二阶段", "work": "完成中试样品和工艺包", "due_on": text(150)},
        ],
        "our_work": "配方研究\n中试工艺开发和样品试制",
        "their_work": "提供中试线的使用条件\n提供原料和评价数据",
        "leader": "陈思远",
        "total_fen": "120万元",
        "non_technical_fen": "20万元",
        "instalments": [
            {"label": "首期款", "amount_fen": "80万元", "due_on": text(74)},
            {"label": "尾款", "amount_fen": "40万元", "due_on": text(240)},
        ],
        "deliverables": [
            {"name": "中试样品", "form": "实物", "copies": "10"},
            {"name": "工艺包和研究报告", "form": "纸质、电子", "copies": "2"},
        ],
        "deliver_on": text(160),
        "deliver_place": "沧澜市高新区创新路8号",
        "patent_right": "归我方",
        "industrial": "是",
        "products": "使用项目成果生产的产品",
        "industrial_by": text(330),
        "industrial_place": "沧澜市",
        "industrial_target": "建成首条生产线",
        "signing_place": "沧澜市",
    }


def rows(opened_on: date, _companies: Sequence[str]) -> tuple[Row, ...]:
    """Return the scenes from the signature on."""

    def text(number: int) -> str:
        return (opened_on + timedelta(days=number)).isoformat()

    office = {"office": "沧澜市技术合同认定登记机构"}
    return (
        (
            "sign", "officer", 30,
            {"signed_on": text(30), "our_signatory": "授权代表", "their_signatory": "法定代表人"},
        ),
        ("take_effect", "officer", 30, {"effective_on": text(30)}),
        ("record_duty", "finance", 41, {"duty": "stamp_duty", "done_on": text(41), "reference": "完税凭证"}),
        ("apply_registration", "officer", 42, {"applied_on": text(42), **office}),
        (
            "refuse_registration", "officer", 48,
            {"refused_on": text(48), "reason": "未附研究开发计划，退回补充后重新申请"},
        ),
        ("apply_registration", "officer", 50, {"applied_on": text(50), **office}),
        (
            "register_contract", "officer", 55,
            {
                "registered_on": text(55), "registration_no": f"{opened_on.year}440000000456", "total_fen": "120万元",
                "technical_fen": "100万元",
            },
        ),
        (
            "record_receipt", "finance", 60,
            {"received_on": text(60), "amount_fen": "800000", "payment": "payment:1", "reference": "银行回单1"},
        ),
        *distributed(opened_on, 62, 1),
        (
            "report_stage", "officer", 88,
            {"reported_on": text(88), "stage": "第一阶段", "outcome": "小试样品达到阶段指标，双方已确认"},
        ),
        (
            "record_result", "officer", 120,
            {"made_on": text(120), "kind": "secret", "title": "中试工艺参数", "owner": "ours"},
        ),
        (
            "deliver_results", "officer", 150,
            {"delivered_on": text(150), "deliverables": "中试样品10件\n工艺包和研究报告2套", "receipt": "交接单第1号"},
        ),
        (
            "demand_rework", "officer", 158,
            {"demanded_on": text(158), "defects": "两件样品的尺寸偏差超过约定", "mend_by": text(180)},
        ),
        (
            "deliver_results", "officer", 175,
            {"delivered_on": text(175), "deliverables": "整改后的中试样品10件", "receipt": "交接单第2号"},
        ),
        ("accept_results", "officer", 182, {"accepted_on": text(182), "certificate": "验收证书第1号"}),
        ("record_working", "officer", 200, {"worked_on": text(200), "evidence": "投产记录"}),
        (
            "record_receipt", "finance", 235,
            {"received_on": text(235), "amount_fen": "400000", "payment": "payment:2", "reference": "银行回单2"},
        ),
        *distributed(opened_on, 236, 2),
        (
            "record_industrialization", "officer", 290,
            {"industrialized_on": text(290), "product": "首批量产产品", "evidence": "首批销售合同与发票"},
        ),
        ("report_industrialization", "officer", 295, {"reported_on": text(295), "reference": "盘活系统反馈记录"}),
        ("complete", "officer", 300, {"note": "成果已验收，款项已结清，产业化已反馈"}),
    )  # fmt: skip
