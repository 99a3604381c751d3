"""Code lists of enterprises: classes, sizes, the cultivation store, channels, purposes, reasons, messages, resources.

Each is a table of code to (Chinese, English); the classes and resources are those that the policy papers name.

Source: 上海市存量专利盘活若干措施; 国知发运字〔2025〕16号; 榕市监知〔2024〕268号
"""

from collections.abc import Mapping

Labels = Mapping[str, tuple[str, str]]

CLASSES: Labels = {
    "high_tech": ("高新技术企业", "High-tech enterprise"),
    "specialized": ("专精特新中小企业", "Specialized and innovative enterprise"),
    "little_giant": ("专精特新“小巨人”企业", "Little-giant enterprise"),
    "champion": ("制造业单项冠军企业", "Single-product champion"),
    "city_pilot": ("专利工作试点示范企业", "Patent pilot or model enterprise"),
    "ip_advantage": ("国家知识产权优势企业", "National IP advantage enterprise"),
    "ip_model": ("国家知识产权示范企业", "National IP model enterprise"),
    "state_owned": ("国有企业", "State-owned enterprise"),
    "chain_leader": ("产业链龙头企业", "Leader of an industrial chain"),
    "tech_sme": ("科技型中小企业", "Technology-based small or medium enterprise"),
}
SIZES: Labels = {
    "large": ("大型", "Large"),
    "medium": ("中型", "Medium"),
    "small": ("小型", "Small"),
    "micro": ("微型", "Micro"),
}
# 入库一批、出库一批、增补一批、储备一批
CULTIVATION: Labels = {
    "reserve": ("储备", "In reserve"),
    "entered": ("入库", "Entered"),
    "added": ("增补", "Added later"),
    "left": ("出库", "Left"),
}
SOURCES: Labels = {
    "platform": ("盘活系统", "National platform"),
    "bureau": ("主管部门名单", "List of an authority"),
    "association": ("行业协会", "Industry association"),
    "event": ("对接活动", "Matching event"),
    "college": ("院系推荐", "Recommended by a college"),
    "own": ("自行联系", "Own contact"),
}
PURPOSES: Labels = {
    "evaluation": ("请企业评价", "Asking for an evaluation"),
    "matching": ("供需对接", "Matching supply and demand"),
    "promotion": ("推广推介", "Promotion"),
    "negotiation": ("商谈参考", "For a negotiation"),
}
REASONS: Labels = {
    "industry": ("产业领域相符", "Same industry"),
    "demand": ("符合已提出的需求", "Meets a stated demand"),
    "class": ("企业类别", "Class of the enterprise"),
    "subscription": ("企业已订阅该领域", "The enterprise subscribed to the field"),
    "officer": ("专员推荐", "Chosen by an officer"),
}
MESSAGES: Labels = {
    "evaluation": ("评价信息", "Evaluation"),
    "improvement": ("技术改进需求", "Need for improvement"),
    "cooperation": ("产学研合作需求", "Wish to cooperate"),
}
SHARING: Labels = {
    "own": ("本单位", "This institution"),
    "city": ("全市共享", "The city"),
    "province": ("全省共享", "The province"),
    "nation": ("全国共享", "The nation"),
}
EVALUATORS: Labels = {
    "enterprise": ("企业自评", "The enterprise itself"),
    "expert": ("入库专家", "Expert of the pool"),
}
# 优先匹配政策、资金和服务等资源
RESOURCES: Labels = {
    "policy": ("政策支持", "Policy support"),
    "investment": ("投资机构对接", "Investors"),
    "pledge": ("专利质押融资和保险", "Pledge financing and insurance"),
    "listing": ("企业上市知识产权服务", "IP services for a listing"),
    "proof": ("概念验证中心", "Proof-of-concept center"),
    "pilot": ("小试中试基地", "Pilot base"),
    "navigation": ("专利导航", "Patent navigation"),
    "roadshow": ("路演推介", "Roadshow"),
}
ACTS: Labels = {
    "pushed": ("推送", "Pushed"),
    "listed": ("列表查看", "Seen in a list"),
    "opened": ("打开专利", "Opened"),
    "evaluated": ("提交评价", "Evaluated"),
}
# What entries of the trail say was done.
VERBS: Labels = {
    "company_profile_saved": ("登记了企业档案", "saved an enterprise's profile"),
    "expert_saved": ("登记了评价专家", "saved an evaluating expert"),
    "patents_pushed": ("向企业推送了专利", "pushed patents to enterprises"),
    "evaluation_kept": ("收到了专利评价", "kept an evaluation"),
    "evaluation_reviewed": ("复核了专利评价", "reviewed an evaluation"),
    "enterprise_asked": ("企业提出了消息", "an enterprise asked"),
    "enterprise_answered": ("答复了企业", "answered an enterprise"),
    "enterprise_message_handed": ("转交了企业消息", "handed a message of an enterprise over"),
    "enterprise_invited": ("邀请企业开通门户账号", "invited an enterprise to the portal"),
    "enterprise_account_enabled": ("启用了企业门户账号", "enabled an account of the portal"),
    "enterprise_account_disabled": ("停用了企业门户账号", "disabled an account of the portal"),
    "key_project_chosen": ("选定了重点项目", "chose a key project"),
    "key_project_resourced": ("填写了重点项目的资源清单", "listed the resources of a key project"),
}
# How a message of a kind is answered in time: the house's service level.
ANSWERED_BY: Mapping[str, str] = {
    "evaluation": "evaluation_reply",
    "improvement": "demand_reply",
    "cooperation": "demand_reply",
}


def code_of(labels: Labels, text: str) -> str:
    """Return the code that a text names by itself, in Chinese or in English; empty if none."""
    wanted = text.strip()
    if wanted in labels:
        return wanted
    return next((code for code, names in labels.items() if wanted in names), "")


def listed_zh(labels: Labels) -> str:
    """Return the Chinese names of a list, for a refusal that says what can be chosen."""
    return "、".join(zh for zh, _ in labels.values())
