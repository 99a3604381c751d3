"""What the steps of an open license ask for about its licensees, one model per event."""

from typing import Any, Literal

from pydantic import Field

from states.payload_fields import (
    Day,
    Flag,
    Line,
    Note,
    OptionalLine,
    OptionalNote,
    Payload,
    Sum,
    asked,
    chosen,
    label,
    optional,
)


def _money(zh: str, en: str, help_zh: str) -> Any:
    return Field(default=0, json_schema_extra=label(zh, en, "money", help_zh))


class OfAcceptance(Payload):
    """A step that names one acceptance by its number."""

    acceptance: Line = asked("接受编号", "Acceptance no.", help_zh="本案中该项接受的序号，例如 1")


class RecordAcceptance(Payload):
    """A licensee has told the owner in writing that it works the patent on the declared terms."""

    company: Line = asked(
        "被许可人", "Licensee", help_zh="已登记企业的名称或统一社会信用代码", help_en="Name or code of a registered company"
    )  # fmt: skip
    notified_on: Day = asked("收到书面通知日期", "Notice received on", "date")
    notice: Line = asked("通知书", "Notice", help_zh="书面通知的编号或存放位置")
    start: Day = asked("许可开始日", "License starts", "date")
    end: Day = asked("许可终止日", "License ends", "date", "不得晚于声明的许可期限")
    scope: OptionalNote = optional(
        "实施方式和数量", "Use and quantity", "textarea", "被许可人通知中写明的，照录"
    )
    contact: OptionalLine = optional("被许可人联系方式", "Contact")


class ReachLicense(OfAcceptance):
    """The licensee has paid by the declared standard: the license arises."""

    paid_on: Day = asked("支付日期", "Paid on", "date")
    amount_fen: Sum = _money("支付金额（元）", "Amount (CNY)", "声明未要求预先支付的填 0")
    reference: Line = asked("付款凭证", "Proof of payment", help_zh="银行回单号；不收费的，填写声明编号")
    export: Literal["none", "free", "restricted"] = Field(
        default="none",
        json_schema_extra={
            **label("技术出口管理", "Export control", "select", "境外及港澳台被许可人必填"),
            "options_zh": {
                "none": "境内被许可人，不适用", "free": "自由出口技术，生效后办理合同登记",
                "restricted": "限制出口技术，已取得许可证",
            },
            "options_en": {
                "none": "domestic licensee", "free": "free export, to be registered", "restricted": "restricted, licensed",
            },
        },
    )  # fmt: skip
    export_reference: OptionalLine = optional(
        "技术出口许可证编号", "Export license no.", help_zh="限制出口技术必填"
    )


class SubmitAcceptanceFiling(OfAcceptance):
    """The license reached goes to the patent office for filing."""

    submitted_on: Day = asked("提交日期", "Submitted on", "date")
    receipt_no: Line = asked("受理编号", "Receipt no.")
    filed_by: Literal["owner", "licensee"] = chosen(
        "办理人", "Filed by", {"owner": ("专利权人", "owner"), "licensee": ("被许可人", "licensee")}
    )


class ReceiveAcceptanceCorrection(OfAcceptance):
    """The office asks for a correction of a filing."""

    received_on: Day = asked("收到补正通知日期", "Received on", "date")
    answer_by: Day | None = Field(
        default=None,
        json_schema_extra=label("答复期限", "Answer by", "date", "通知书载明期限的，按通知书填写"),
    )
    content: Note = asked("补正内容", "What to correct", "textarea")


class AnswerAcceptanceCorrection(OfAcceptance):
    """The correction of a filing has been handed in."""

    answered_on: Day = asked("补正提交日期", "Answered on", "date")
    note: OptionalNote = optional("补正说明", "Note", "textarea")


class RecordAcceptanceFiling(OfAcceptance):
    """The office has recorded the license reached."""

    recorded_on: Day = asked("备案日期", "Recorded on", "date")
    record_no: Line = asked("备案号", "Record no.")


class RefuseAcceptanceFiling(OfAcceptance):
    """The office refuses a filing."""

    refused_on: Day = asked("不予备案通知日期", "Refused on", "date")
    reason: Note = asked("不予备案理由", "Grounds", "textarea")


class RecordAcceptanceDuty(OfAcceptance):
    """A duty beside the filing has been done for one license."""

    duty: Literal["acceptance_stamp_duty", "acceptance_registration", "acceptance_export"] = chosen(
        "办理事项", "Duty", {
            "acceptance_stamp_duty": ("印花税申报缴纳", "stamp duty"),
            "acceptance_registration": ("技术合同认定登记", "technology-contract registration"),
            "acceptance_export": ("技术出口合同登记", "registration of the export contract"),
        },
    )  # fmt: skip
    done_on: Day = asked("办理日期", "Done on", "date")
    reference: Line = asked("办理凭证", "Reference", help_zh="完税凭证号或登记编号")


class EndAcceptance(OfAcceptance):
    """A license has run out, was ended by agreement, or never arose."""

    how: Literal["expired", "terminated", "lapsed"] = chosen("终止情形", "How it ended", {
        "expired": ("许可期限届满", "term over"),
        "terminated": ("协商或依约解除", "ended by agreement"),
        "lapsed": ("通知后未付款，许可未达成", "never paid, no license reached"),
    })  # fmt: skip
    ended_on: Day = asked("终止日期", "Ended on", "date")
    reason: Note = asked("原因和依据", "Reason", "textarea")


class CancelAcceptanceFiling(OfAcceptance):
    """The filing of a license that has ended was cancelled at the office."""

    cancelled_on: Day = asked("备案注销日期", "Cancelled on", "date")
    reference: Line = asked("注销凭证", "Reference")


class NotifyLicensees(Payload):
    """The licensees have been told that the declaration ends."""

    notified_on: Day = asked("通知日期", "Notified on", "date")
    reference: Line = asked("通知凭证", "Reference", help_zh="书面通知编号、送达记录存放位置")
    all_told: Flag = Field(
        default=False,
        json_schema_extra=label("已通知全部被许可人", "All licensees told", "checkbox", "逐一送达后勾选"),
    )
