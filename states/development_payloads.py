"""What the steps ask for that only a development or service contract has."""

from typing import Literal

from states.payload_fields import (
    Day,
    Line,
    Note,
    OptionalNote,
    Payload,
    asked,
    chosen,
    optional,
    optional_day,
)


class SignContract(Payload):
    """Both parties have signed."""

    signed_on: Day = asked("签订日期", "Signed on", "date")
    our_signatory: Line = asked("本单位签署人", "Our signatory")
    their_signatory: Line = asked("合作企业签署人", "The company's signatory")
    place: OptionalNote = optional("签订地点", "Place")


class ReportStage(Payload):
    """A stage of the plan has been done."""

    reported_on: Day = asked("阶段完成日期", "Stage done on", "date")
    stage: Line = asked(
        "阶段", "Stage", help_zh="合同研究开发计划中的阶段名称", help_en="As the plan names it"
    )
    outcome: Note = asked("阶段成果", "Outcome", "textarea")


class DeliverResults(Payload):
    """The results have been handed over."""

    delivered_on: Day = asked("交付日期", "Delivered on", "date")
    deliverables: Note = asked(
        "交付成果", "Deliverables", "textarea", "逐项列明，与合同附件一致", "As in the annex"
    )
    receipt: Line = asked(
        "交接凭证", "Proof of delivery", help_zh="交接单编号", help_en="Number of the delivery note"
    )


class AcceptResults(Payload):
    """The company has accepted the results."""

    accepted_on: Day = asked("验收日期", "Accepted on", "date")
    certificate: Line = asked(
        "验收证明", "Certificate", help_zh="验收证书、会议纪要，或逾期未提异议的说明",
        help_en="Certificate, minutes, or why silence counts as acceptance",
    )  # fmt: skip


class DemandRework(Payload):
    """The results do not meet the contract."""

    demanded_on: Day = asked("提出整改日期", "Demanded on", "date")
    defects: Note = asked("不符合约定之处", "Defects", "textarea")
    mend_by: Day | None = optional_day(
        "整改期限", "Mend by", "双方商定期限的填写", "If the parties have agreed on a day"
    )


class RecordResult(Payload):
    """Something has come of the work that somebody owns: a patent application, a secret, software."""

    made_on: Day = asked("形成或申请日期", "Made or applied for on", "date")
    kind: Literal["patent", "secret", "software", "other"] = chosen(
        "成果形式", "Kind",
        {
            "patent": ("专利申请", "patent application"),
            "secret": ("技术秘密", "technical secret"),
            "software": ("软件著作权", "software"),
            "other": ("其他", "other"),
        },
    )  # fmt: skip
    title: Line = asked(
        "成果名称", "Title", help_zh="专利申请请同时写明申请号", help_en="With the application number"
    )
    owner: Literal["ours", "theirs", "joint"] = chosen(
        "权利归属", "Owner",
        {"ours": ("归本单位", "ours"), "theirs": ("归合作企业", "the company's"), "joint": ("双方共有", "joint")},
        "按合同约定；没有约定的，委托开发归研究开发人，合作开发归双方共有",
        "As agreed; otherwise the developer's if commissioned, joint if cooperative",
    )  # fmt: skip


class WaiveIndustrialization(Payload):
    """The company will not industrialize."""

    decided_on: Day = asked("确认日期", "Decided on", "date")
    reason: Note = asked(
        "不再产业化的原因",
        "Reason",
        "textarea",
        "写明合同约定的后果如何处理",
        "And what follows by the contract",
    )
