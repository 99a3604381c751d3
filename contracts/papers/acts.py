"""The official acts and the papers that each asks for: one table, from which checklists, covers and packs are made.

A paper is made here (`document`), brought by people (`file`, a kind of file of a case), or both: made here, signed, and
scanned. `rule` says why it is asked, `when` names the condition under which it is.

Source: 专利实施许可合同备案办法 art 8; 专利审查指南 part 1 ch 1 §6.7, part 5 ch 11; 公司法 arts 47-49
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from contracts.papers.office_fees import change_fee
from contracts.view import CaseView

ORIGINAL = ("原件", "original")
COPY = ("复印件，加盖公章", "sealed copy")
EITHER = ("原件，或者经公证、出具机关盖章的复印件", "original or certified copy")
US, THEM, BOTH, HANDLER = (
    ("本单位", "us"),
    ("对方", "other side"),
    ("双方", "both sides"),
    ("办理人", "handler"),
)
OTHERS, COMPANY, OFFICE = ("共有人", "co-owners"), ("目标公司", "the company"), ("专利局", "the office")


@dataclass(frozen=True, slots=True)
class Demand:
    """One paper that an act asks for."""

    slot: str
    zh: str
    en: str
    rule: str
    form: tuple[str, str] = ORIGINAL
    who: tuple[str, str] = US
    document: str = ""
    file: tuple[str, ...] = ()
    when: str = "always"
    note_zh: str = ""
    note_of: Callable[[CaseView], str] | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """One official act: its names, the paper that heads it, and what it asks for. `each` is one per licensee."""

    slug: str
    zh: str
    en: str
    demands: tuple[Demand, ...]
    each: bool = False
    pack: str = ""


_SIGNED = ("signed_contract", "e_signed")
_IDENTITY = Demand(
    "identity",
    "双方当事人的身份证明",
    "identity papers of both sides",
    "L-05",
    COPY,
    BOTH,
    file=("identity",),
)
_HANDLER = Demand(
    "handler", "经办人身份证明", "identity of the handler", "L-05", COPY, HANDLER, file=("identity",)
)
_POWER = Demand(
    "power", "授权委托书", "power of attorney", "L-05", who=BOTH, document="power_of_attorney", file=("authorization",),
    note_zh="委托专利代理机构的必须提交；由经办人办理的，与经办人身份证明一并提交",
)  # fmt: skip
_CO_OWNERS = Demand(
    "co_owners", "共有人同意书", "consent of the co-owners", "O-06", who=OTHERS, document="co_owner_consent",
    file=("co_owner_consent",), when="co_owned",
)  # fmt: skip
_PLEDGEE = Demand(
    "pledgee", "质权人同意书", "consent of the pledgee", "PG-05", who=("质权人", "pledgee"), document="pledgee_consent",
    file=("pledgee_consent",), when="pledged",
)  # fmt: skip
_EXPORT = Demand(
    "export", "技术出口许可证或者技术出口合同登记证", "export license or registration", "PR-17", COPY,
    ("商务主管部门", "commerce authority"), file=("export_permit",), when="export",
)  # fmt: skip
_TRANSLATION = Demand(
    "translation",
    "外文材料的中文译本",
    "translations into Chinese",
    "L-07",
    who=THEM,
    file=("evidence",),
    when="foreign",
)
_PROOF = Demand("proof", "备案证明", "certificate of the filing", "L-15", who=OFFICE, file=("office_notice",))
_AGREEMENT = Demand(
    "agreement", "解除、终止许可的协议或者证明", "agreement or proof of the end", "L-15", who=BOTH, file=("agreement",),
    when="ended_early",
)  # fmt: skip


def _contract(rule: str) -> Demand:
    return Demand(
        "contract",
        "双方签字或者盖章的合同",
        "contract signed by both sides",
        rule,
        EITHER,
        BOTH,
        "contract",
        _SIGNED,
    )


def _form(document: str, zh: str, en: str, rule: str, note: str = "") -> Demand:
    return Demand(document, zh, en, rule, document=document, note_zh=note)


ACTS: Mapping[str, Act] = {
    act.slug: act
    for act in (
        Act("license_filing", "专利实施许可合同备案", "Filing of the license", (
            _form("filing_form", "备案申请表", "application", "L-05", "许可人或者其委托的专利代理机构签字或者盖章"),
            _contract("L-05"), _IDENTITY, _POWER, _HANDLER, _CO_OWNERS, _PLEDGEE, _TRANSLATION, _EXPORT,
            Demand("late", "逾期说明", "explanation of the delay", "L-20", who=BOTH, document="late_explanation",
                   when="late"),
        ), pack="filing_pack"),
        Act("filing_change", "许可合同备案变更", "Change of the filing", (
            _form("filing_change", "备案变更申请表", "application", "L-14"),
            Demand("agreement", "变更协议或者变更事由的证明", "agreement or proof", "L-14", who=BOTH, file=("agreement",)),
            _POWER, _HANDLER, _PROOF,
        ), pack="change_pack"),
        Act("filing_cancellation", "许可合同备案注销", "Cancellation of the filing", (
            _form("filing_cancellation", "备案注销申请表", "application", "L-15"),
            _AGREEMENT, _POWER, _HANDLER, _PROOF,
        ), pack="cancellation_pack"),
        Act("owner_change", "著录项目变更", "Change of owner", (
            _form("change_form", "著录项目变更申报书", "request", "TR-02", "变更内容完全相同的可以批量申报"),
            _contract("TR-02"),
            _form("change_reason", "著录项目变更理由证明", "proof of the reason", "TR-08", "写明申请号或者专利号、名称和权利人"),
            Demand("co_owners", "全体权利人同意的证明", "consent of all owners", "TR-03", who=OTHERS,
                   document="co_owner_consent", file=("co_owner_consent",), when="co_owned"),
            Demand("power", "委托书", "power of attorney", "TR-04", who=HANDLER, document="power_of_attorney",
                   file=("authorization",), note_zh="变更后的权利人可以自行或者委托办理"),
            Demand("pledgee", "出质人和质权人同意变更的证明", "consent of both sides of the pledge", "TR-11",
                   who=("质权人", "pledgee"), document="pledgee_consent", file=("pledgee_consent",), when="pledged"),
            Demand("export", "技术出口许可证或者技术出口合同登记证", "export license or registration", "TR-09", COPY,
                   ("商务主管部门", "commerce authority"), file=("export_permit",), when="export"),
            Demand("withdrawal", "撤回开放许可声明的证明", "proof of the withdrawal", "TR-13", who=OFFICE,
                   file=("office_notice",), when="open_licensed"),
            Demand("fee", "变更费缴费凭证", "receipt of the fee", "TR-05", COPY, HANDLER, file=("payment_proof",),
                   note_of=lambda view: f"{change_fee(view)}，自提出请求之日起一个月内缴足"),
        ), pack="filing_pack"),
        Act("open_declaration", "专利开放许可声明", "Open-license declaration", (
            _form("declaration", "专利开放许可声明", "declaration", "OP-03", "共有的，全体共有人或者代表人签章"),
            _form("fee_statement", "许可使用费计算依据和方式的简要说明", "brief of the fee", "OP-04", "不超过2000字"),
            Demand("report", "专利权评价报告", "evaluation report", "OP-01", COPY, file=("evaluation_report",),
                   when="needs_report"),
            Demand("co_owners", "全体共有人同意的书面声明", "consent of all co-owners", "OP-07", who=OTHERS,
                   document="co_owner_consent", file=("co_owner_consent",), when="co_owned"),
            Demand("pledgee", "质权人同意开放许可的书面声明", "consent of the pledgee", "OP-06", who=("质权人", "pledgee"),
                   document="pledgee_consent", file=("pledgee_consent",), when="pledged"),
            Demand("power", "委托书", "power of attorney", "OP-07", document="power_of_attorney",
                   file=("authorization",), when="agent", note_zh="共有的，由全体共有人委托"),
        ), pack="filing_pack"),
        Act("open_withdrawal", "撤回专利开放许可声明", "Withdrawal of the declaration", (
            _form("withdrawal_declaration", "撤回专利开放许可声明", "withdrawal", "OP-11", "不得附条件"),
            Demand("co_owners", "全体共有人同意撤回的书面声明", "consent of all co-owners", "OP-11", who=OTHERS,
                   document="co_owner_consent", file=("co_owner_consent",), when="co_owned"),
            Demand("power", "委托书", "power of attorney", "OP-07", document="power_of_attorney",
                   file=("authorization",), when="agent"),
        ), pack="withdrawal_pack"),
        Act("acceptance_filing", "开放许可实施合同备案", "Filing of an open license", (
            _form("acceptance_filing_form", "备案申请表", "application", "OP-15"),
            Demand("notice", "被许可人的书面通知", "notice of the licensee", "OP-15", who=THEM,
                   document="acceptance_notice", file=("evidence",)),
            Demand("payment", "许可使用费付款凭证", "proof of the payment", "OP-15", COPY, THEM, file=("payment_proof",)),
            Demand("identity", "双方身份证明", "identity papers", "OP-15", COPY, BOTH, file=("identity",)),
            Demand("power", "委托书及经办人身份证明", "power of attorney", "OP-15", who=HANDLER,
                   document="power_of_attorney", file=("authorization",)),
            Demand("export", "技术出口许可证或者技术出口合同登记证", "export license or registration", "OP-09", COPY,
                   ("商务主管部门", "commerce authority"), file=("export_permit",), when="export"),
        ), each=True, pack="acceptance_pack"),
        Act("acceptance_cancellation", "开放许可备案注销", "Cancellation of an open license", (
            _form("acceptance_filing_cancellation", "备案注销申请表", "application", "L-15"),
            _AGREEMENT, _POWER, _PROOF,
        ), each=True, pack="acceptance_cancellation_pack"),
        Act("registration", "技术合同认定登记", "Registration of the technology contract", (
            _form("registration_sheet", "技术合同认定登记表（资料）", "registration form", "TC-03", "卖方申请，一次登记"),
            Demand("contract", "完整的合同文本及附件", "complete contract", "TC-04", EITHER, BOTH, "contract", _SIGNED,
                   note_zh="可以是电子合同；名称与印章一致"),
            Demand("identity", "双方主体资格证明", "identity papers of both sides", "TC-04", COPY, BOTH, file=("identity",)),
            Demand("title", "专利证书或者专利登记簿副本", "patent certificates", "TT-TC-07", COPY, file=("evidence",),
                   when="patented"),
        ), pack="registration_pack"),
        Act("company_registration", "公司登记（作价出资）", "Company registration", (
            Demand("contract", "作价投资合同", "investment agreement", "EQ-08", who=BOTH, document="contract", file=_SIGNED),
            Demand("appraisal", "资产评估报告", "appraisal report", "EQ-01", COPY, file=("appraisal_report",)),
            Demand("articles", "公司章程", "articles of association", "EQ-08", who=COMPANY, file=("company_papers",)),
            Demand("resolution", "股东会决议（增资的）", "resolution of the shareholders", "EQ-05", who=COMPANY,
                   file=("company_papers",)),
            Demand("identity", "股东的主体资格证明", "identity papers of the shareholders", "EQ-05", COPY, BOTH,
                   file=("identity",)),
            Demand("application", "公司设立或者变更登记申请书", "application", "EQ-05", who=COMPANY,
                   file=("company_papers",), note_zh="由公司登记机关的系统生成"),
        ), pack="company_pack"),
        Act("deferral", "技术成果投资入股递延纳税备案", "Deferral of tax", (
            _form("deferral_sheet", "递延纳税备案表（资料）", "data of the filing", "EQ-13"),
            Demand("contract", "作价投资合同", "investment agreement", "EQ-13", COPY, BOTH, "contract", _SIGNED),
            Demand("appraisal", "资产评估报告", "appraisal report", "EQ-13", COPY, file=("appraisal_report",)),
            Demand("title", "手续合格通知书或者专利登记簿副本", "proof of the change of owner", "EQ-13", COPY, OFFICE,
                   file=("office_notice",)),
            Demand("company", "公司登记证明和股东名册", "proof of the company's registration", "EQ-13", COPY, COMPANY,
                   file=("company_papers",)),
        ), pack="deferral_pack"),
    )
}  # fmt: skip
_LICENSE = ("license_filing", "registration", "filing_change", "filing_cancellation")
ACTS_OF: Mapping[str, tuple[str, ...]] = {
    "ordinary_license": _LICENSE,
    "sole_license": _LICENSE,
    "exclusive_license": _LICENSE,
    "open_license": ("open_declaration", "acceptance_filing", "acceptance_cancellation", "open_withdrawal"),
    "development": ("registration",),
    "patent_pool": ("registration",),
    "equity": ("company_registration", "owner_change", "deferral"),
    "transfer": ("owner_change", "registration"),
}
# Every kind of pack, with the act that it is for; a mode has the packs of its acts.
PACKS: Mapping[str, tuple[str, ...]] = {
    pack: tuple(act.slug for act in ACTS.values() if act.pack == pack)
    for pack in dict.fromkeys(act.pack for act in ACTS.values())
}


def act_of_pack(mode: str, pack: str) -> Act | None:
    """Return the act that a pack of a mode is for, or None if the mode has no such pack."""
    return next((ACTS[slug] for slug in ACTS_OF[mode] if ACTS[slug].pack == pack), None)
