"""What each shared step asks for: one Pydantic model per event, from which forms, API and command line derive."""

import re
from typing import Any, Literal

from pydantic import Field

from states.payload_fields import (
    Count,
    Day,
    Fen,
    Flag,
    Line,
    Note,
    OptionalLine,
    OptionalNote,
    Payload,
    asked,
    chosen,
    label,
    optional,
)


class ClearTitle(Payload):
    """The officer has looked the patents up in the register."""

    checked_on: Day = asked(
        "登记簿核查日期", "Register checked on", "date", "查询专利登记簿副本或法律状态的日期"
    )
    evidence: Line = asked("核查依据", "Evidence", help_zh="登记簿副本编号或检索报告编号")
    note: OptionalNote = optional("说明", "Note", "textarea")


Consent = Literal[
    "co_owner", "co_owner_agreement", "pledgee", "project_body", "export_control", "license_disclosure", "pool_terms",
    "assignee",
]  # fmt: skip


class RecordConsent(Payload):
    """Somebody whose consent the law asks for has given it."""

    consent: Consent = chosen("同意类型", "Consent of", {
        "co_owner": ("全体共有人同意", "all co-owners"),
        "co_owner_agreement": ("共有协议允许", "agreement of the co-owners"),
        "pledgee": ("质权人同意", "pledgee"),
        "project_body": ("项目管理机构批准", "project body"),
        "export_control": ("技术出口许可或登记", "export license or registration"),
        "license_disclosure": ("在先许可告知", "earlier licenses disclosed"),
        "pool_terms": ("专利池管理方意见", "opinion of the patent pool"),
        "assignee": ("在先转让、出资的受让方同意", "assignee of an earlier contract"),
    })  # fmt: skip
    given_by: Line = asked("同意人", "Given by")
    given_on: Day = asked("同意日期", "Given on", "date")
    evidence: Line = asked("书面文件", "Document", help_zh="同意书编号或存放位置")


class EditTerms(Payload):
    """New commercial terms, as typed."""

    terms: dict[str, Any] = Field(json_schema_extra=label("商务条款", "Terms", "terms"))
    reason: OptionalNote = optional("修改原因", "Reason", "textarea")


class AgreePrice(Payload):
    """The price has been settled by agreement."""

    agreed_on: Day = asked("协议定价日期", "Agreed on", "date")
    basis: Note = asked("定价依据", "Basis of the price", "textarea", "谈判记录、可比交易、评估意见等")
    appraisal_no: OptionalLine = optional(
        "评估报告编号", "Appraisal report", help_zh="未评估可不填，并在定价依据中说明理由"
    )


class PostPublicity(Payload):
    """The name of the result and the intended price are made public inside the institution."""

    posted_on: Day = asked("公示开始日期", "Posted on", "date", "公示当日不计入公示期")
    place: Line = asked("公示位置", "Where", help_zh="公示网址或公告栏位置")
    exchange: OptionalLine = optional(
        "技术交易市场公示", "On the exchange", help_zh="同时在技术交易市场公示的，填写市场名称与编号"
    )
    related_party: Flag = Field(
        default=False,
        json_schema_extra=label(
            "存在关联关系", "Related party", "checkbox", "受让方与成果完成人存在利害关系时勾选并一并公示"
        ),
    )
    procedure_published: Flag = Field(
        default=False,
        json_schema_extra=label("异议处理程序已公开", "Objection procedure published", "checkbox"),
    )


class RaiseObjection(Payload):
    """Somebody objects during the publicity."""

    received_on: Day = asked("收到异议日期", "Received on", "date")
    objector: Line = asked("异议人", "Objector")
    content: Note = asked("异议内容", "Content", "textarea")


class ResolveObjection(Payload):
    """The objection has been decided."""

    resolved_on: Day = asked("处理完毕日期", "Resolved on", "date")
    outcome: Literal["dismissed", "upheld"] = chosen("处理结论", "Outcome", {
        "dismissed": ("异议不成立，继续公示", "dismissed, publicity goes on"),
        "upheld": ("异议成立，撤回公示", "upheld, publicity withdrawn"),
    })  # fmt: skip
    reason: Note = asked("处理理由", "Reasons", "textarea")


class ClosePublicity(Payload):
    """The publicity has run its full length."""

    closed_on: Day = asked("公示结束确认日期", "Closed on", "date")
    result: Line = asked("公示结果", "Result", help_zh="例如：公示期内未收到异议")


def _declared(default: Any, *shown: str) -> Any:
    """Return a field that is declared case by case: a step for many cases leaves it as it is."""
    return Field(default=default, json_schema_extra={**label(*shown), "case_by_case": True})


class SubmitApproval(Payload):
    """The officer hands the case up."""

    note: OptionalNote = optional("报批说明", "Note", "textarea")
    related_party: Flag = _declared(
        False, "存在关联关系", "Related party", "checkbox", "受让方、被许可方与成果完成人或单位人员存在利害关系时勾选",
        "The other party is related to an inventor or to somebody of the institution",
    )  # fmt: skip
    related_names: OptionalLine = _declared(
        "", "关联人", "Who is related", "text", "有关联关系的人员姓名，以顿号分隔，审批时应当回避",
        "Names, separated by commas; they recuse themselves",
    )  # fmt: skip
    secret: Flag = _declared(
        False, "涉密", "Secret", "checkbox", "涉及国家秘密、国家安全或关键核心技术时勾选",
        "State secrets, state security or key core technology",
    )  # fmt: skip


def _which_body() -> Any:
    return optional(
        "审批机构",
        "Body",
        help_zh="只能代表一个机构审批时可不填",
        help_en="May be left out if it can only be one",
    )


def _counted(zh: str, en: str, help_zh: str = "", help_en: str = "") -> Any:
    return Field(default=None, json_schema_extra=label(zh, en, "number", help_zh, help_en))


class Approve(Payload):
    """A body of the route approves; a committee tells its vote."""

    body: OptionalLine = _which_body()
    decided_on: Day = asked("批准日期", "Decided on", "date")
    minutes_no: Line = asked("审批文号或会议纪要", "Minutes or decision no.")
    opinion: OptionalNote = optional("审批意见", "Opinion", "textarea")
    present: Count | None = _counted(
        "参加表决人数", "Taking part in the vote", "不含回避的成员", "Without members who recused themselves"
    )
    in_favor: Count | None = _counted("赞成", "In favor")
    against: Count | None = _counted("反对", "Against")
    abstained: Count | None = _counted("弃权", "Abstained")
    attending: OptionalNote = optional(
        "到会名单", "Attending", "textarea", "姓名以顿号分隔，可不填；填写的，据此核对应当回避的人员",
        "Names, separated by commas; checked for who must recuse",
    )  # fmt: skip
    recused: OptionalNote = optional(
        "回避", "Recused", "textarea", "每行一人，写作“姓名：理由”", "One a line, as name: reason"
    )


class Reason(Payload):
    """A step that must say why."""

    reason: Note = asked("原因", "Reason", "textarea")


class Decline(Reason):
    """A body of the route refuses the case, or sends it back."""

    body: OptionalLine = _which_body()
    minutes_no: OptionalLine = optional(
        "审批文号或会议纪要",
        "Minutes or decision no.",
        help_zh="会议机构必填",
        help_en="Needed of a committee",
    )


class StartDrafting(Payload):
    """Drafting of the contract begins."""

    contract_no: Line = asked("合同编号", "Contract no.")


class FinalizeContract(Payload):
    """The text is final and goes to signing."""

    reviewed_by: Line = asked("法务审核人", "Legal reviewer")
    note: OptionalNote = optional("审核意见", "Review note", "textarea")


class TakeEffect(Payload):
    """The contract takes effect."""

    effective_on: Day = asked("生效日期", "Effective on", "date")


class SubmitFiling(Payload):
    """The license contract goes to the patent office for filing."""

    submitted_on: Day = asked("提交日期", "Submitted on", "date")
    receipt_no: Line = asked("受理编号", "Receipt no.")


class ReceiveCorrection(Payload):
    """The office asks for a correction."""

    received_on: Day = asked("收到补正通知日期", "Received on", "date")
    answer_by: Day | None = Field(
        default=None,
        json_schema_extra=label("答复期限", "Answer by", "date", "通知书载明期限的，按通知书填写"),
    )
    content: Note = asked("补正内容", "What to correct", "textarea")


class AnswerCorrection(Payload):
    """The correction has been handed in."""

    answered_on: Day = asked("补正提交日期", "Answered on", "date")
    note: OptionalNote = optional("补正说明", "Note", "textarea")


class RecordFiling(Payload):
    """The office has recorded the contract."""

    recorded_on: Day = asked("备案日期", "Recorded on", "date")
    record_no: Line = asked("备案号", "Record no.")


class RefuseFiling(Payload):
    """The office refuses the filing."""

    refused_on: Day = asked("不予备案通知日期", "Refused on", "date")
    reason: Note = asked("不予备案理由", "Grounds", "textarea")


class ReportFeedback(Payload):
    """The deal has been fed back to the national platform."""

    reported_on: Day = asked("反馈日期", "Reported on", "date")
    reference: Line = asked("反馈凭证", "Reference", help_zh="盘活系统反馈记录编号或截图存放位置")


class RecordReceipt(Payload):
    """Money has come in."""

    received_on: Day = asked("到账日期", "Received on", "date")
    amount_fen: Fen = asked("到账金额（元）", "Amount (CNY)", "money")
    payment: OptionalLine = optional(
        "对应付款期次",
        "Payment",
        help_zh="填写“期限”中的付款编号，如 payment:1；不对应期次可不填。足额到账后该期限自动办结",
    )
    reference: Line = asked("银行凭证号", "Bank reference")


class RecordDuty(Payload):
    """A duty beside the filing has been done: its deadline closes."""

    duty: Literal[
        "stamp_duty", "technology_contract", "registration_change", "reward_filing", "reward_distribution",
        "patent_cancellation", "filing_change",
    ] = chosen("办理事项", "Duty", {
        "stamp_duty": ("印花税申报缴纳", "stamp duty"),
        "technology_contract": ("技术合同认定登记", "technology-contract registration"),
        "registration_change": (
            "技术合同认定登记的变更或注销（合同变更或者终止后）",
            "change or cancellation of that registration (after a change of the contract, or its end)",
        ),
        "reward_filing": ("现金奖励个人所得税备案", "tax filing of a cash reward"),
        "reward_distribution": (
            "收益分配与奖励发放（合同终止后）",
            "distribution and payment of rewards (after the end)",
        ),
        "patent_cancellation": ("已终止专利的备案注销", "cancellation of the filing for patents that have ended"),
        "filing_change": ("许可合同备案变更（合同变更后）", "change of the license filing (after a change)"),
    })  # fmt: skip
    done_on: Day = asked("办理日期", "Done on", "date")
    reference: Line = asked("办理凭证", "Reference", help_zh="完税凭证号或认定登记编号")


class CorrectDate(Payload):
    """A date was recorded wrongly."""

    which: Literal[
        "price_agreed",
        "publicity_posted",
        "approved",
        "contract_signed",
        "contract_effective",
        "filing_submitted",
        "filing_recorded",
        "contract_ended",
    ] = chosen("更正哪个日期", "Which date", {
        "price_agreed": ("协议定价日期", "price agreed on"),
        "publicity_posted": ("公示开始日期（公示期间可更正）", "publicity posted on (while it runs)"),
        "approved": ("批准日期", "approved on"),
        "contract_signed": ("合同签订日期", "contract signed on"),
        "contract_effective": ("合同生效日期", "contract effective on"),
        "filing_submitted": ("备案提交日期（审查期间可更正）", "filing submitted on (while it is examined)"),
        "filing_recorded": ("备案日期", "filing recorded on"),
        "contract_ended": ("合同终止日期（终止后的事项办结前可更正）", "contract ended on (while duties are left)"),
    })  # fmt: skip
    corrected_on: Day = asked(
        "正确的日期", "Correct date", "date", "以该日期起算的未办结期限将随之重新计算，原期限留存"
    )
    reason: Note = asked("更正原因", "Reason", "textarea")


# How people say that no payment stays due.
NO_PAYMENT = frozenset({"无", "none"})


def _remaining(help_zh: str, help_en: str) -> Any:
    return optional("终止后仍须支付的期次", "Payments that stay due", help_zh=help_zh, help_en=help_en)


class Terminate(Payload):
    """The parties end the contract early."""

    agreed_on: Day = asked("解除协议日期", "Agreed on", "date")
    reason: Note = asked("解除原因", "Reason", "textarea")
    remaining: OptionalLine = _remaining(
        "不填：解除前已到期的各期照付，其后各期不再收取。另有约定的，按约定填写付款编号，如 payment:2、payment:3；"
        "约定全部免除的，填“无”",
        "Left out: what fell due before the end stays due, later instalments do not. If agreed otherwise, name the "
        "payments (payment:2, payment:3), or 'none'",
    )
    handover: OptionalNote = optional(
        "资料返还与交接", "Return of materials", "textarea", "写入解除协议；不填则三十日内返还或者销毁技术资料",
        "For the termination agreement; left out: returned or destroyed within thirty days",
    )  # fmt: skip
    settlement: OptionalNote = optional(
        "结算约定", "Settlement", "textarea", "写入解除协议：退款、补偿的数额和期限；不填则已付不退、互不补偿",
        "For the termination agreement: refunds or compensation; left out: none on either side",
    )  # fmt: skip


class Expire(Payload):
    """The term of the license is over."""

    note: OptionalNote = optional("说明", "Note", "textarea")
    remaining: OptionalLine = _remaining(
        "不填：尚未付清的各期照付，期满后到期的也在内。另有约定的，填写付款编号；约定全部免除的，填“无”",
        "Left out: all that is unpaid stays due, also what falls due later. If agreed otherwise, name the payments, "
        "or 'none'",
    )


class Complete(Payload):
    """Everything that the contract brings has been done."""

    note: OptionalNote = optional("办结说明", "Note", "textarea")


class RecordPatentEnded(Payload):
    """A patent of the contract has lapsed, was invalidated or has expired."""

    patent: Line = asked(
        "专利申请号",
        "Application no.",
        help_zh="本案中已终止的那件专利的申请号或专利号",
        help_en="Of the patent of this case that has ended",
    )
    how: Literal["lapsed", "invalidated", "expired"] = chosen("终止情形", "How it ended", {
        "lapsed": ("因未缴年费等终止", "lapsed"),
        "invalidated": ("被宣告全部无效", "declared invalid"),
        "expired": ("期限届满", "expired"),
    })  # fmt: skip
    ended_on: Day = asked(
        "专利权终止日期",
        "Ended on",
        "date",
        "被宣告无效的，填写无效决定生效日期",
        "If declared invalid, the day on which the decision took effect",
    )
    reason: Note = asked(
        "原因和依据",
        "Reason",
        "textarea",
        "终止通知书、无效宣告决定的文号等",
        "Number of the notice or of the decision",
    )
    remaining: OptionalLine = _remaining(
        "本案专利全部终止的，许可合同随之终止。不填：终止前已到期的各期照付，其后各期不再收取。另有约定的，"
        "填写付款编号；约定全部免除的，填“无”",
        "The license ends with its last patent. Left out: what fell due before stays due, later instalments do not. If "
        "agreed otherwise, name the payments, or 'none'",
    )


def plain_number(typed: str) -> str:
    """Return an application or patent number without its prefix, points and blanks."""
    return re.sub(r"\W|^ZL", "", typed.upper())


class Reassign(Payload):
    """Another officer takes the case."""

    officer: Line = asked(
        "新承办人", "New officer", help_zh="转化专员的登录名或姓名", help_en="Login or name of an officer"
    )
    reason: Note = asked("移交原因", "Reason", "textarea")


class AddPatent(Payload):
    """A patent joins the case."""

    patent: Line = asked(
        "专利申请号", "Application no.", help_zh="公示、报批等将随之作废，须就全部专利重新办理",
        help_en="Publicity, approval and so on become void and are done anew for all patents",
    )  # fmt: skip
    reason: Note = asked("原因", "Reason", "textarea")


class RemovePatent(AddPatent):
    """A patent leaves the case."""


class WithdrawFiling(Payload):
    """The filing under examination has been withdrawn at the office."""

    withdrawn_on: Day = asked("撤回日期", "Withdrawn on", "date")
    reference: Line = asked("撤回凭证", "Reference")


class ReleasePayment(Payload):
    """A payment will not be collected."""

    payment: Line = asked(
        "付款期次",
        "Payment",
        help_zh="填写“期限”中的付款编号，如 payment:2",
        help_en="The payment of the deadlines, for instance payment:2",
    )
    decided_on: Day = asked("决定日期", "Decided on", "date")
    reason: Note = asked(
        "无须收取的原因",
        "Reason",
        "textarea",
        "例如：当期无销售额，或依解除协议免除；写明依据",
        "No sales in the period, or released by the agreement to end, with its basis",
    )


class CancelFiling(Payload):
    """The filing has been cancelled at the office."""

    cancelled_on: Day = asked("备案注销日期", "Cancelled on", "date")
    reference: Line = asked("注销凭证", "Reference")
