"""What the steps of a contribution to a company ask for beside those that every mode has."""

from typing import Literal

from pydantic import Field

from states import payloads
from states.payload_fields import (
    Day,
    Fen,
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


class RecordValuation(Payload):
    """An appraisal agency has valued the patents."""

    report_no: Line = asked("评估报告编号", "Report no.")
    agency: Line = asked("评估机构", "Agency")
    valuers: Line = asked(
        "签字评估师", "Signing valuers", help_zh="法定评估须至少2名评估专业人员签字，用顿号分隔"
    )
    value_on: Day = asked("评估基准日", "Valued as of", "date")
    reported_on: Day = asked("评估报告日", "Report dated", "date")
    valid_until: Day = asked(
        "评估结论有效期至", "Valid until", "date", "按评估报告载明的使用有效期填写", "As the report states it"
    )
    value_fen: Fen = asked("评估价值（元）", "Value (CNY)", "money")


class FileValuation(Payload):
    """The result of the valuation has been filed, or the house's rule asks for no filing."""

    route: Literal["institution", "ministry", "not_asked"] = chosen("备案方式", "Filed with", {
        "institution": ("本单位备案", "the institution itself"),
        "ministry": ("主管部门备案", "the ministry in charge"),
        "not_asked": ("本单位规定无须备案", "the house's rule asks for none"),
    })  # fmt: skip
    filed_on: Day = asked("备案日期", "Filed on", "date", "无须备案的，填写核对规定的日期")
    reference: Line = asked(
        "备案编号或依据", "Reference", help_zh="备案表编号；无须备案的，写明所依据的本单位规定"
    )


class WaiveValuation(Payload):
    """The institution contributes without an appraisal, and says why."""

    decided_on: Day = asked("决定日期", "Decided on", "date")
    decided_by: Line = asked("决定机构", "Decided by", help_zh="例如：校长办公会")
    reason: Note = asked(
        "不评估的理由和依据", "Why", "textarea",
        "单位可以自行决定是否评估，但公司法第48条仍要求对非货币出资评估作价：写明公司一方如何作价并核实",
        "The company law still asks for an appraised value: say how the company values the contribution",
    )  # fmt: skip


class AgreeValue(payloads.AgreePrice):
    """The value at which the patents are contributed has been settled by agreement."""

    difference: OptionalNote = optional(
        "作价与评估价值不一致的说明", "Why it differs from the appraisal", "textarea",
        "两者一致的不填；不一致的，说明理由和决定机构",
    )  # fmt: skip


class RecordAwardAgreement(Payload):
    """The persons who made the result have agreed on the award and on who holds the shares."""

    agreed_on: Day = asked("约定日期", "Agreed on", "date")
    signed_by: Note = asked(
        "签字的完成人", "Signed by", "textarea", "逐一列明；应为商务条款中“股权奖励人员”的全部人员"
    )
    evidence: Line = asked("书面文件", "Document", help_zh="股权奖励与持股约定的编号或存放位置")


class SignInvestment(Payload):
    """All parties have signed the investment agreement."""

    signed_on: Day = asked("签订日期", "Signed on", "date")
    our_signatory: Line = asked("出资方签署人", "Signatory of the contributor")
    their_signatory: Line = asked("投资合作方签署人", "Signatory of the other party")
    place: OptionalLine = optional("签订地点", "Place")


class DecideCapital(Payload):
    """The founders, or the shareholders' meeting, have resolved on the contribution."""

    decided_on: Day = asked(
        "决议日期", "Resolved on", "date", "设立公司的，为签署章程的日期；增资的，为股东会决议的日期"
    )
    reference: Line = asked("章程或决议", "Articles or resolution", help_zh="文件名称、编号或存放位置")


class RegisterCompany(Payload):
    """The company, or its change, has been registered at market regulation."""

    registered_on: Day = asked("登记日期", "Registered on", "date", "准予设立登记或变更登记的日期")
    company: Line = asked("公司名称", "Company", help_zh="与营业执照一致")
    uscc: Line = asked("统一社会信用代码", "Credit code")
    ratio: Line = asked("登记的持股比例", "Registered shares", help_zh="例如：学校12%，发明人合计28%")
    reference: Line = asked("登记凭证", "Reference", help_zh="准予登记通知书文号或营业执照编号")


class RecordContribution(Payload):
    """A part of the subscribed capital has been paid in."""

    form: Literal["patent", "cash"] = chosen("出资方式", "Form", {
        "patent": ("专利权（已办理转移手续）", "patents, transferred"),
        "cash": ("货币补足", "cash, making up"),
    })  # fmt: skip
    paid_on: Day = asked("实缴日期", "Paid in on", "date")
    amount_fen: Fen = asked("实缴出资额（元）", "Paid in (CNY)", "money", "计入认缴注册资本的金额")
    reference: Line = asked("实缴凭证", "Reference", help_zh="出资证明书、股东名册或验资报告的编号")


class PublishContribution(Payload):
    """The company has made its contribution data public."""

    published_on: Day = asked("公示日期", "Published on", "date")
    reference: Line = asked("公示凭证", "Reference", help_zh="国家企业信用信息公示系统的查询结果")


class ReceiveCall(Payload):
    """The company calls for capital that is due."""

    sent_on: Day = asked("催缴书发出日期", "Sent on", "date")
    grace_until: Day = asked(
        "宽限期至", "Grace until", "date", "催缴书载明的宽限期末日，自发出之日起不少于60日"
    )
    reference: Line = asked("催缴书", "Reference", help_zh="文号或存放位置")


class PostAward(Payload):
    """The award of shares is made public inside the institution."""

    posted_on: Day = asked("公示开始日期", "Posted on", "date", "公示当日不计入公示期")
    place: Line = asked("公示位置", "Where", help_zh="公示网址或公告栏位置")


class CloseAward(Payload):
    """The publicity of the award has run its full length."""

    closed_on: Day = asked("公示期满确认日期", "Closed on", "date")
    result: Line = asked("公示结果", "Result", help_zh="例如：公示期内未收到异议")


class GrantAward(Payload):
    """The shares awarded stand in the names of the persons."""

    granted_on: Day = asked("奖励股权登记日期", "Granted on", "date")
    reference: Line = asked(
        "登记凭证",
        "Reference",
        help_zh="股东名册、出资证明书或持股平台合伙协议的编号；金额按商务条款逐人登记",
    )


class WaiveAward(Payload):
    """The inventors hold a share of the title: they take no part in the institution's shares."""

    decided_on: Day = asked("确认日期", "Confirmed on", "date")
    reference: Line = asked("赋权协议", "Agreement", help_zh="成果所有权份额约定的编号或存放位置")


class FileDeferral(Payload):
    """The company has filed for the deferral of income tax."""

    filed_on: Day = asked("备案日期", "Filed on", "date", "被投资企业向主管税务机关报送备案表的日期")
    reference: Line = asked("备案凭证", "Reference", help_zh="税务机关受理回执编号")


class DeclineDeferral(Payload):
    """The tax is not deferred."""

    decided_on: Day = asked("决定日期", "Decided on", "date")
    reason: Note = asked("不递延的原因", "Why", "textarea", "例如：对价中有现金；纳税人选择当期纳税")


class ReportDeferral(Payload):
    """The yearly table of deferred tax has been handed in."""

    reported_on: Day = asked("报送日期", "Reported on", "date")
    reference: Line = asked("报送凭证", "Reference")


class RegisterHolding(Payload):
    """The shares formed stand in the institution's books."""

    route: Literal["property_registration", "ledger", "asset_company"] = chosen("登记方式", "How", {
        "property_registration": ("国有资产产权登记，并记入股权台账", "state-asset registration and ledger"),
        "ledger": ("记入本单位股权台账", "the institution's ledger of shares"),
        "asset_company": ("由资产经营公司持有并登记", "held and registered by the asset company"),
    })  # fmt: skip
    registered_on: Day = asked("登记日期", "Registered on", "date")
    department: Line = asked("股权管理部门", "Managed by")
    reference: Line = asked("登记凭证", "Reference", help_zh="产权登记表或台账编号")


class EndContribution(payloads.Terminate):
    """The parties end the agreement; once the company is registered, they say how shares and patents go back."""

    unwinding: OptionalNote = optional(
        "股权和专利权的处理", "What becomes of shares and patents", "textarea",
        "公司登记前解除的可不填。登记后解除的必填：减资还是转让股权、由谁办理变更登记，专利权是否返还、作价多少，"
        "已奖励给个人的股权如何处理",
        "Must be filled in once the company is registered: reduction of capital or sale of the shares, return of the "
        "patents, the shares already awarded",
    )  # fmt: skip


class RecordDuty(Payload):
    """A duty beside the filings has been done: its deadline closes."""

    duty: Literal["stamp_duty", "reward_distribution", "reward_filing", "share_exit"] = chosen("办理事项", "Duty", {
        "stamp_duty": ("印花税申报缴纳", "stamp duty"),
        "reward_distribution": ("现金部分的收益分配（合同终止后）", "sharing out the cash (after the end)"),
        "reward_filing": ("现金奖励个人所得税备案", "filing of the rewards paid"),
        "share_exit": ("减资或转让股权的变更登记（合同终止后）", "exit from the company (after the end)"),
    })  # fmt: skip
    done_on: Day = asked("办理日期", "Done on", "date")
    reference: Line = asked("办理凭证", "Reference", help_zh="完税凭证号、登记通知书文号等")


class RecordConsent(payloads.RecordConsent):
    """Somebody whose consent the law asks for has given it. Export control has steps of its own."""

    consent: Literal[
        "co_owner", "co_owner_agreement", "pledgee", "project_body", "license_disclosure", "pool_terms", "assignee",
    ] = chosen("同意类型", "Consent of", {
        "co_owner": ("全体共有人同意", "all co-owners"),
        "co_owner_agreement": ("共有协议允许", "agreement of the co-owners"),
        "pledgee": ("质权人同意", "pledgee"),
        "project_body": ("项目管理机构批准", "project body"),
        "license_disclosure": ("目标公司知悉并承受在先许可", "the company takes earlier licenses over"),
        "pool_terms": ("专利池管理方意见", "opinion of the patent pool"),
        "assignee": ("在先转让、出资的受让方同意", "assignee of an earlier contract"),
    })  # fmt: skip


class CorrectDate(payloads.CorrectDate):
    """A date was recorded wrongly, one of the company or of the award among them."""

    # Wider than the base by the dates that only a contribution has.
    which: Literal[
        "price_agreed", "publicity_posted", "approved", "contract_signed", "contract_effective", "company_registered",
        "filing_submitted", "filing_recorded", "award_posted", "award_granted", "contract_ended",
    ] = chosen("更正哪个日期", "Which date", {  # type: ignore[assignment]
        "price_agreed": ("作价日期", "value agreed on"),
        "publicity_posted": ("公示开始日期（公示期间可更正）", "publicity posted on (while it runs)"),
        "approved": ("批准日期", "approved on"),
        "contract_signed": ("合同签订日期", "contract signed on"),
        "contract_effective": ("合同生效日期", "contract effective on"),
        "company_registered": ("公司登记日期", "company registered on"),
        "filing_submitted": ("变更提交日期（审查期间可更正）", "change submitted on (while it is examined)"),
        "filing_recorded": ("手续合格通知书发文日", "date of the notice"),
        "award_posted": ("股权奖励公示开始日期（公示期间可更正）", "award posted on (while it runs)"),
        "award_granted": ("奖励股权登记日期", "award registered on"),
        "contract_ended": ("合同终止日期（终止后的事项办结前可更正）", "contract ended on (while duties are left)"),
    })  # fmt: skip


class CompleteContribution(payloads.Complete):
    """The contribution is made; what the company goes on reporting every year passes to a named person."""

    report_to: OptionalLine = optional(
        "递延纳税年度报告的接办人", "Who follows the yearly report",
        help_zh="已备案递延纳税的必填：递延期间公司每年须报送年度报告，本案办结后系统不再提醒，由接办人跟进到股权转让为止",
        help_en="Must be filled in if the tax is deferred: the company reports every year until the shares are sold, and "
        "the closed case reminds of it no more",
    )  # fmt: skip


class LeavePatents(Payload):
    """The parties have agreed that the patents stay with the company."""

    agreed_on: Day = asked("约定日期", "Agreed on", "date")
    reference: Line = asked("约定文件", "Agreement", help_zh="写明专利权不返还及其作价的协议编号")


class RaiseAwardObjection(Payload):
    """Somebody objects to the award: the publicity is withdrawn and starts anew."""

    reason: Note = asked(
        "撤回公示的原因", "Why", "textarea", "收到异议或方案有变的，写明处理经过；重新公示的期间重新计算"
    )


class RecordPatentEnded(payloads.RecordPatentEnded):
    """A patent that was to be contributed has ended before the company got it."""

    makeup: OptionalNote = Field(
        default="",
        json_schema_extra=label(
            "出资的补足", "How the contribution is made up", "textarea",
            "以货币或其他专利补足、调减出资额或解除协议，按协议的约定填写",
            "In cash or by other patents, a smaller contribution, or the end of the agreement",
        ),
    )  # fmt: skip
