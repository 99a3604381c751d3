"""The registers of promotion: events, who came, leads, providers, resources, maturation, channels, typical cases, staff."""

from collections.abc import Mapping
from typing import Any

from cases import event_codes as codes
from cases.event_tables import (
    CaseStaff,
    EventParticipant,
    MaturationStep,
    PromotionEvent,
    PromotionLead,
    PromotionPosting,
    ResourceOffer,
    ServiceProvider,
    StaffCertificate,
    TypicalCase,
)
from cases.registers import Column, Register


def _ends_after_start(values: Mapping[str, Any]) -> Mapping[str, str]:
    ended = values["ended_on"]
    return {"ended_on": "结束日期不能早于开始日期"} if ended and ended < values["started_on"] else {}


def _has_subject(values: Mapping[str, Any]) -> Mapping[str, str]:
    if values["patent_id"] is None and not values["need"]:
        return {"patent_id": "请填写意向专利，或在“企业需求”中写明需求"}
    return {}


EVENTS = Register(
    "events", "活动", "Events", PromotionEvent,
    (
        Column("name", "活动名称", "Name", required=True),
        Column("kind", "类型", "Kind", "choice", True, codes.EVENT_KIND, is_filter=True),
        Column("held_on", "日期", "Day", "day", True),
        Column("campaign", "所属专项行动", "Campaign", "choice", options=codes.CAMPAIGN, is_filter=True),
        Column("theme", "主题", "Theme", is_listed=False),
        Column("organizer", "主办单位", "Organizer"),
        Column("district", "区县", "District", help_zh="用于按区县统计每年场次", help_en="events are counted by it"),
        Column("place", "地点", "Place", is_listed=False),
        Column("status", "状态", "Status", "choice", True, codes.EVENT_STATUS, is_filter=True),
        Column("result", "成效", "Results", "long", is_listed=False),
    ),
    "event_saved", order=("-held_on",), unique=("held_on", "name"),
)  # fmt: skip
PARTICIPANTS = Register(
    "participants", "参加企业", "Participants", EventParticipant,
    (
        Column("event_id", "活动", "Event", "event", True),
        Column("company_name", "企业", "Company", "company", True, party="company_id"),
        Column("people", "人数", "People", "count"),
        Column("feedback", "反馈", "Feedback", "long"),
    ),
    "event_participant_saved", order=("event_id", "company_name"), unique=("event_id", "company_name"),
)  # fmt: skip
LEADS = Register(
    "leads", "意向线索", "Leads", PromotionLead,
    (
        Column("company_name", "企业", "Company", "company", True, party="company_id"),
        Column("patent_id", "意向专利", "Patent", "patent", help_zh="申请号或专利号", help_en="application or patent number"),
        Column("need", "企业需求", "Need", "long"),
        Column("event_id", "来源活动", "Event", "event"),
        Column("campaign", "所属专项行动", "Campaign", "choice", options=codes.CAMPAIGN, is_listed=False),
        Column("status", "状态", "Status", "choice", True, codes.LEAD_STATUS, is_filter=True),
        Column("owner_id", "跟进人", "Owner", "user"),
        Column("next_step", "下一步", "Next step"),
        Column("due_on", "期限", "Due", "day"),
        Column("result", "结果", "Result", "long", is_listed=False),
    ),
    "lead_saved", order=("status", "due_on"), unique=("company_name", "patent_id", "event_id", "need"), check=_has_subject,
)  # fmt: skip
PROVIDERS = Register(
    "providers", "服务机构", "Providers", ServiceProvider,
    (
        Column("name", "机构名称", "Name", required=True),
        Column("kinds", "服务类型", "Services", "choices", True, codes.PROVIDER_KIND),
        Column("region", "地区", "Region"),
        Column("contact", "联系人", "Contact"),
        Column("phone", "联系电话", "Phone"),
        Column("note", "说明", "Note", "long", is_listed=False),
    ),
    "provider_saved", order=("name",), unique=("name",),
)  # fmt: skip
OFFERS = Register(
    "offers", "资源对接", "Resources", ResourceOffer,
    (
        Column("patent_id", "专利", "Patent", "patent", True, help_zh="申请号或专利号", help_en="application or patent number"),
        Column("provider_id", "服务机构", "Provider", "provider", True),
        Column("kind", "资源类型", "Kind", "choice", True, codes.PROVIDER_KIND, is_filter=True),
        Column("status", "状态", "Status", "choice", True, codes.OFFER_STATUS, is_filter=True),
        Column("offered_on", "日期", "Day", "day", True),
        Column("fee_fen", "费用", "Fee", "money"),
        Column("result", "结果", "Result", "long", is_listed=False),
    ),
    "resource_saved", order=("-offered_on",),
)  # fmt: skip
MATURATION = Register(
    "maturation", "熟化步骤", "Maturation", MaturationStep,
    (
        Column("patent_id", "专利", "Patent", "patent", True, help_zh="申请号或专利号", help_en="application or patent number"),
        Column("kind", "步骤", "Step", "choice", True, codes.MATURATION_KIND, is_filter=True),
        Column("provider_id", "承担机构", "Provider", "provider"),
        Column("started_on", "开始日期", "Begun", "day", True),
        Column("ended_on", "结束日期", "Ended", "day"),
        Column("status", "状态", "Status", "choice", True, codes.MATURATION_STATUS, is_filter=True),
        Column("cost_fen", "费用", "Cost", "money", is_listed=False),
        Column("result", "结果", "Result", "long"),
    ),
    "maturation_saved", order=("-started_on",), check=_ends_after_start,
)  # fmt: skip
POSTINGS = Register(
    "postings", "发布渠道", "Channels", PromotionPosting,
    (
        Column("event_id", "活动", "Event", "event", True),
        Column("channel", "渠道", "Channel", "choice", True, codes.CHANNEL, is_filter=True),
        Column("posted_on", "发布日期", "Day", "day", True),
        Column("address", "网址或位置", "Address"),
    ),
    "posting_saved", order=("-posted_on",), unique=("event_id", "channel", "address"),
)  # fmt: skip
TYPICAL = Register(
    "typical", "典型案例", "Typical cases", TypicalCase,
    (
        Column("case_id", "案件", "Case", "case", True, help_zh="案件编号", help_en="number of the case"),
        Column("title", "案例名称", "Title", required=True),
        Column("pattern", "转化模式", "Pattern", "choice", options=codes.PATTERN, is_filter=True),
        Column("background", "背景", "Background", "long", is_listed=False),
        Column("practice", "主要做法", "Practice", "long", is_listed=False),
        Column("outcome", "成效", "Outcome", "long"),
        Column("marked_on", "标记日期", "Marked", "day", True),
    ),
    "typical_case_saved", order=("-marked_on",), unique=("case_id",),
)  # fmt: skip
CERTIFICATES = Register(
    "certificates", "人员资质", "Qualifications", StaffCertificate,
    (
        Column("user_id", "人员", "Person", "user", True, help_zh="用户名或姓名", help_en="login or name"),
        Column("kind", "证书", "Certificate", "choice", True, codes.CERTIFICATE, is_filter=True),
        Column("number", "证书编号", "Number"),
        Column("issued_on", "发证日期", "Issued", "day"),
    ),
    "certificate_saved", order=("user_id", "kind"), unique=("user_id", "kind"),
)  # fmt: skip
CASE_STAFF = Register(
    "staff", "办案人员", "Staff of cases", CaseStaff,
    (
        Column("case_id", "案件", "Case", "case", True, help_zh="案件编号", help_en="number of the case"),
        Column("user_id", "人员", "Person", "user", True, help_zh="用户名或姓名", help_en="login or name"),
        Column("role", "角色", "Role", "choice", True, codes.CASE_ROLE, is_filter=True),
    ),
    "case_staff_saved", order=("-case_id", "role"), unique=("case_id", "user_id", "role"),
)  # fmt: skip
REGISTERS: Mapping[str, Register] = {
    one.name: one
    for one in (
        LEADS, PARTICIPANTS, PROVIDERS, OFFERS, MATURATION, POSTINGS, TYPICAL, CERTIFICATES, CASE_STAFF,
    )
}  # fmt: skip
BY_NAME: Mapping[str, Register] = {EVENTS.name: EVENTS, **REGISTERS}
