"""Code lists of promotion: kinds of events, campaigns that the papers name, what becomes of a lead, and the like.

Source: S0-24, S0-25, S0-26, S1-17, S1-18, S1-21, S2-04, S2-07, S2-31, S3-18, S3-20 (the four policy papers)
"""

from collections.abc import Mapping

Names = Mapping[str, tuple[str, str]]

EVENT_KIND: Names = {
    "roadshow": ("项目路演", "Roadshow"),
    "release": ("专利集中发布", "Release of patents"),
    "training": ("培训", "Training"),
    "survey": ("企业需求调研", "Survey of companies' needs"),
    "meeting": ("专场对接", "Matchmaking meeting"),
    "validation": ("技术验证和熟化", "Technical validation"),
    "brokerage": ("交易撮合", "Brokerage"),
    "finance": ("投融资对接", "Meeting with investors"),
}
EVENT_STATUS: Names = {
    "planned": ("计划中", "Planned"),
    "held": ("已举办", "Held"),
    "cancelled": ("已取消", "Cancelled"),
}
CAMPAIGN: Names = {
    "service_tour": ("知识产权服务万里行", "IP services tour"),
    "universities_firms": ("“千校万企”协同创新伙伴行动", "Thousand universities, ten thousand companies"),
    "large_small": ("“百场万企”大中小企业融通对接", "Hundred meetings, ten thousand companies"),
    "together": ("“一起益企”中小企业服务行动", "Services for small companies"),
    "monthly_chain": ("“一月一链”投融资对接", "One industry chain a month"),
}
LEAD_STATUS: Names = {
    "contact": ("已联系", "In contact"),
    "negotiating": ("洽谈中", "Negotiating"),
    "signed": ("已签约", "Signed"),
    "lost": ("未成", "Lost"),
}
OPEN_LEADS = ("contact", "negotiating")
PROVIDER_KIND: Names = {
    "investor": ("投资机构", "Investor"),
    "pledge_finance": ("质押融资", "Pledge finance"),
    "insurance": ("专利保险", "Patent insurance"),
    "listing": ("企业上市知识产权服务", "IP services for a listing"),
    "concept": ("概念验证中心", "Concept verification"),
    "pilot": ("小试中试基地", "Pilot plant"),
    "confirmation": ("确权", "Confirmation of title"),
    "valuation": ("估值、定价指导", "Valuation and pricing"),
    "advice": ("咨询", "Advice"),
    "disposal": ("处置", "Disposal"),
    "matching": ("供需对接、交易撮合", "Matching and brokerage"),
    "attestation": ("交易鉴证", "Attestation of deals"),
    "settlement": ("资金结算", "Settlement"),
    "policy": ("政策支持", "Public support"),
}
OFFER_STATUS: Names = {
    "offered": ("已推荐", "Offered"),
    "accepted": ("已对接", "Accepted"),
    "delivered": ("已落实", "Delivered"),
    "declined": ("未采用", "Declined"),
}
MATURATION_KIND: Names = {
    "concept_verification": ("概念验证", "Concept verification"),
    "pilot_verification": ("中试验证", "Pilot verification"),
    "process": ("工艺流程优化", "Process optimization"),
    "prototype": ("工程样机开发", "Engineering prototype"),
    "small_batch": ("中小批量试制生产", "Small-batch production"),
}
MATURATION_STATUS: Names = {
    "planned": ("计划中", "Planned"),
    "running": ("进行中", "Running"),
    "passed": ("已通过", "Passed"),
    "failed": ("未通过", "Failed"),
}
CHANNEL: Names = {
    "platform": ("专利盘活系统", "National platform"),
    "province": ("省级平台", "Provincial platform"),
    "city": ("市级平台", "City platform"),
    "website": ("本单位网站", "Own website"),
    "account": ("微信公众号", "WeChat account"),
    "association": ("行业协会", "Industry association"),
    "exchange": ("技术交易市场", "Technology exchange"),
    "park": ("园区", "Science park"),
    "other": ("其他", "Other"),
}
PATTERN: Names = {
    "license_royalty": ("入门费加提成", "Entry fee and royalty"),
    "instalments": ("分期付款", "Instalments"),
    "try_first": ("先使用后付费", "Use first, pay later"),
    "open_license": ("开放许可", "Open license"),
    "equity": ("作价入股", "Equity"),
    "joint": ("联合攻关、订单式研发", "Joint development"),
    "pool": ("专利池", "Patent pool"),
    "other": ("其他", "Other"),
}
CERTIFICATE: Names = {
    "transfer_professional": (
        "国家技术转移专业人员能力等级证书",
        "National certificate of technology transfer",
    ),
    "patent_agent": ("专利代理师资格证", "Patent agent"),
    "technology_broker": ("技术经纪人", "Technology broker"),
}
CASE_ROLE: Names = {
    "operation_commissioner": ("专利运营特派员", "Patent operation commissioner"),
    "broker": ("技术经纪人", "Technology broker"),
    "agent": ("专利代理师", "Patent agent"),
    "legal": ("法务", "Legal adviser"),
    "finance": ("财务", "Finance"),
}
