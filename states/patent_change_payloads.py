"""What the steps of a change of owner at the patent office (著录项目变更) ask for."""

from typing import Literal

from states.payload_fields import Day, Fen, Line, Note, OptionalLine, Payload, asked, chosen, optional


class SubmitChange(Payload):
    """The request for the change has gone to the patent office."""

    submitted_on: Day = asked("提交日期", "Submitted on", "date", "变更费自该日起1个月内缴纳")
    receipt_no: Line = asked(
        "受理编号",
        "Receipt no.",
        help_zh="多件专利变更内容完全相同的，可批量提交；同一专利连续转让的，须逐次办理",
    )
    by: Literal["current_owner", "new_owner"] = chosen("提出人", "Requested by", {
        "current_owner": ("现专利权人或其代理机构", "the owner of record, or its agency"),
        "new_owner": ("受让人或其代理机构", "the assignee, or its agency"),
    })  # fmt: skip


class PayChangeFee(Payload):
    """The fee of the change has been paid."""

    paid_on: Day = asked("缴费日期", "Paid on", "date")
    amount_fen: Fen = asked("缴费金额（元）", "Amount (CNY)", "money", "每件200元；须写明专利号和费用名称")
    reference: Line = asked("缴费凭证", "Reference")


class RecordChange(Payload):
    """The office has found the papers in order: the right has moved on the date of its notice."""

    recorded_on: Day = asked(
        "手续合格通知书发文日", "Date of the notice", "date", "转让自该日起生效；专利权人随之变更",
        "The transfer is effective on this day, and the owner of record changes",
    )  # fmt: skip
    record_no: Line = asked("通知书发文序号", "Number of the notice")
    owners: OptionalLine = optional(
        "变更后的专利权人", "Owners after the change",
        help_zh="按通知书填写，多人以顿号分隔；不填：受让人一人。共有人保留份额的，须一并列明",
        help_en="As the notice says, separated by commas; left out: the assignee alone. Co-owners who stay are named, too",
    )  # fmt: skip


class RefuseChange(Payload):
    """The office does not carry out the change."""

    refused_on: Day = asked("通知日期", "Notice of", "date")
    how: Literal["not_made", "refused"] = chosen("通知种类", "Kind of notice", {
        "not_made": ("视为未提出通知书", "deemed not made"),
        "refused": ("不予变更（审批不合格）", "refused"),
    })  # fmt: skip
    reason: Note = asked("理由", "Grounds", "textarea", "例如：变更费期满未缴，证明文件缺少")


class WithdrawChange(Payload):
    """The request under examination has been withdrawn."""

    withdrawn_on: Day = asked("撤回日期", "Withdrawn on", "date")
    reference: Line = asked("撤回凭证", "Reference")


class RecordReturn(Payload):
    """The right has been moved back to whoever had it before."""

    returned_on: Day = asked("返还的手续合格通知书发文日", "Date of the notice", "date")
    record_no: Line = asked("通知书发文序号", "Number of the notice")
