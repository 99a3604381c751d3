"""What the steps of an open-license declaration ask for, one model per event."""

from typing import Literal

from states import payloads as p
from states.payload_fields import (
    Day,
    Line,
    Note,
    OptionalLine,
    OptionalNote,
    Payload,
    asked,
    chosen,
    optional,
)

# Source: 专利法实施细则 art 86; 专利审查指南 part 5 ch 11 §3.1
GROUNDS = {
    "license": ("存在独占或者排他许可", "an exclusive or sole license"),
    "suspended": ("权属纠纷中止或者财产保全", "suspended or preserved"),
    "fee_unpaid": ("未按规定缴纳年费", "annual fee not paid"),
    "pledged": ("出质且质权人不同意", "pledged without the pledgee's consent"),
    "ended": ("专利权终止", "the patent has ended"),
    "invalid": ("专利权被宣告全部无效", "declared wholly invalid"),
    "report": ("评价报告结论为不符合授权条件", "negative evaluation report"),
    "other": ("其他妨碍实施的情形", "another obstacle"),
}


class DecideFee(p.AgreePrice):
    """The standard of the fee has been decided, with its basis."""

    agreed_on: Day = asked("许可使用费确定日期", "Decided on", "date")
    basis: Note = asked(
        "使用费计算依据和方式的简要说明",
        "Basis of the fee",
        "textarea",
        "不超过2000字；高于参考上限的，写明理由",
    )


class StartDeclaration(p.StartDrafting):
    """Drafting of the declaration begins."""

    contract_no: Line = asked(
        "声明内部编号", "Own no.", help_zh="本单位编号；声明编号由国家知识产权局公告时给出"
    )


class FinalizeDeclaration(p.FinalizeContract):
    """The text of the declaration is final and goes to be sealed."""


class SealDeclaration(Payload):
    """The owner, or all owners, have sealed the declaration."""

    signed_on: Day = asked("签章日期", "Sealed on", "date")
    signatory: Line = asked(
        "专利权人签署人", "Signatory", help_zh="共有的，填写全体共有人或代表人，并附各共有人同意书"
    )
    place: OptionalLine = optional("签章地点", "Place")


class SubmitDeclaration(p.SubmitFiling):
    """The declaration goes to the patent office."""


class GazetteDeclaration(Payload):
    """The office has published the declaration: the open license is in force."""

    recorded_on: Day = asked("公告日期", "Gazetted on", "date", "声明自公告之日起生效")
    record_no: Line = asked("开放许可声明编号", "Declaration no.", help_zh="公告载明的声明编号")


class RefuseDeclaration(Payload):
    """The office does not publish the declaration."""

    refused_on: Day = asked("不予公告通知日期", "Refused on", "date")
    reason: Note = asked("不予公告理由", "Grounds", "textarea")


class TakeBackDeclaration(Payload):
    """The declaration was taken back before the gazette."""

    withdrawn_on: Day = asked("撤回日期", "Taken back on", "date")
    reason: Note = asked("撤回原因", "Reason", "textarea")
    reference: OptionalLine = optional(
        "撤回凭证", "Reference", help_zh="已提交的，填写国家知识产权局的撤回凭证"
    )


class RecordBar(Payload):
    """A ground against an open license has arisen."""

    ground: Literal[
        "license", "suspended", "fee_unpaid", "pledged", "ended", "invalid", "report", "other"
    ] = chosen("出现的情形", "Ground", GROUNDS)
    found_on: Day = asked("知悉日期", "Known since", "date")
    withdraw_by: Day = asked(
        "拟提交撤回声明日期", "Withdraw by", "date", "审查指南未规定天数，由本单位确定并按此提醒"
    )
    note: OptionalNote = optional("说明", "Note", "textarea")


class SubmitWithdrawal(Payload):
    """The written withdrawal of the declaration goes to the office."""

    submitted_on: Day = asked("撤回声明提交日期", "Submitted on", "date")
    receipt_no: Line = asked("受理编号", "Receipt no.")
    reason: Note = asked("撤回原因", "Reason", "textarea", "撤回不得附条件")
    co_owners: OptionalLine = optional(
        "全体共有人同意撤回的文件", "Consent of all co-owners", help_zh="共有专利必填"
    )


class GazetteWithdrawal(Payload):
    """The office has published the withdrawal."""

    gazetted_on: Day = asked("撤回公告日期", "Gazetted on", "date", "撤回自公告之日起生效")
    reference: Line = asked("公告卷期号", "Gazette no.")


class RefuseWithdrawal(Payload):
    """The office does not accept the withdrawal."""

    refused_on: Day = asked("通知日期", "Refused on", "date")
    reason: Note = asked("理由", "Grounds", "textarea")


class RecordRevocation(Payload):
    """The office itself has ended or revoked the declaration."""

    how: Literal["ended", "revoked"] = chosen("处理方式", "How", {
        "ended": ("终止开放许可", "ended"),
        "revoked": ("撤销开放许可声明", "revoked"),
    })  # fmt: skip
    gazetted_on: Day = asked("公告日期", "Gazetted on", "date")
    reference: Line = asked("通知书文号", "Notice no.")
    reason: Note = asked("理由", "Grounds", "textarea")


class RecordPatentDuty(p.RecordDuty):
    """A duty of the case itself has been done; those of a license have a step of their own."""

    duty: Literal["patent_cancellation", "reward_filing", "reward_distribution"] = chosen(
        "办理事项", "Duty", {
            "patent_cancellation": ("已终止专利的备案注销", "cancellation for patents that have ended"),
            "reward_filing": ("现金奖励个人所得税备案", "tax filing of a cash reward"),
            "reward_distribution": ("收益分配（案件终止后）", "sharing out of receipts (after the end)"),
        },
    )  # fmt: skip
    reference: Line = asked("办理凭证", "Reference")


class CompleteDeclaration(p.Complete):
    """The declaration has ended, and with it all that the licenses brought."""

    note: OptionalNote = optional("办结说明", "Note", "textarea")
