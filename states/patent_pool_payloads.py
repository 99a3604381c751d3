"""What the steps ask for that only a patent pool has."""

from states.payload_fields import (
    Day,
    Fen,
    Line,
    Note,
    OptionalNote,
    Payload,
    asked,
    optional,
)


class SubmitEntry(Payload):
    """The patents are offered to the pool for review."""

    submitted_on: Day = asked("申报日期", "Submitted on", "date")
    reference: Line = asked(
        "申报编号", "Reference", help_zh="申报材料或受理回执编号", help_en="Number of the receipt"
    )
    note: OptionalNote = optional(
        "必要性说明",
        "Why the patents are needed",
        "textarea",
        "权利要求与产品、标准的对应关系",
        "Claim charts",
    )


class AdmitEntry(Payload):
    """The operator's reviewers admit the patents."""

    decided_on: Day = asked("评审结论日期", "Decided on", "date")
    reviewer: Line = asked("评审机构或专家", "Reviewer")
    opinion: Note = asked("评审意见", "Opinion", "textarea")


class RefuseEntry(Payload):
    """The operator's reviewers do not admit the patents."""

    decided_on: Day = asked("评审结论日期", "Decided on", "date")
    reason: Note = asked("未通过的理由", "Grounds", "textarea")


class RecordEntry(Payload):
    """The patents are entered in the pool's list."""

    entered_on: Day = asked("入池日期", "Entered on", "date")
    entry_no: Line = asked(
        "入池编号", "Entry no.", help_zh="专利池清单或入池证明编号", help_en="Number in the pool's list"
    )


class RecordStatement(Payload):
    """The operator has reported on a distribution period."""

    received_on: Day = asked("收到日期", "Received on", "date")
    period: Line = asked(
        "分配期间", "Period", help_zh="例如：2026年上半年", help_en="For instance: first half of 2026"
    )
    gross_fen: Fen = asked("池内许可收入（元）", "License income of the pool (CNY)", "money")
    share_fen: Fen = asked("本单位应分配额（元）", "Our share (CNY)", "money")
    basis: Note = asked(
        "分配依据",
        "How the share was reckoned",
        "textarea",
        "件数、评分或使用量等，与协议一致",
        "Number of patents, score or use, as agreed",
    )


class RequestExit(Payload):
    """The institution gives notice that it leaves the pool."""

    noticed_on: Day = asked("通知日期", "Notice given on", "date")
    leaves_on: Day = asked(
        "退出生效日", "Leaves on", "date", "按协议约定的通知期计算", "By the notice period agreed"
    )
    reason: Note = asked("退出原因", "Reason", "textarea")


class RecordExit(Payload):
    """The patents have left the pool; licenses that the pool has granted go on."""

    agreed_on: Day = asked("退出日期", "Left on", "date")
    reason: Note = asked(
        "已授予许可的处理", "Licenses already granted", "textarea", "已对外授予的许可在其期限内继续有效，写明协议条款",
        "They stay in force for their term; name the clause",
    )  # fmt: skip
    remaining: Line = asked(
        "退出后仍须结清的期次", "Payments still to be settled",
        help_zh="退出前已产生的收益须在退出后结清，填写付款编号，例如 payment:3；没有的，填“无”",
        help_en="Income of the time before is settled after the exit: name the payments, such as payment:3, or 'none'",
    )  # fmt: skip
