"""The words of declaration and use: programs, uses, reasons for non-use, assessments, products, outcomes.

Each table maps a stored word to its Chinese and English name. Lists that no text names are marked as derived.
Source: 国知发运字〔2024〕3号 (programs); 科学技术进步法 art 32 (non-use); 国知发运字〔2025〕16号 (assessment, outcomes)
"""

from collections.abc import Mapping

Label = tuple[str, str]

# The first scope of the declaration are the first four; the others are declared where the funder asks for it.
PROGRAMS: Mapping[str, Label] = {
    "major_project": ("国家科技重大专项（含科技创新2030）", "National science and technology major project"),
    "key_program": ("国家重点研发计划重点专项", "National key research and development program"),
    "nsfc": ("国家自然科学基金", "National Natural Science Foundation"),
    "central": ("其他中央财政项目", "Other project of the central budget"),
    "local": ("地方财政项目", "Project of a local budget"),
    "other": ("其他财政资金项目", "Other publicly funded project"),
}
FIRST_SCOPE = frozenset({"major_project", "key_program", "nsfc", "central"})
DECLARERS: Mapping[str, Label] = {"self": ("本单位", "the institution"), "agency": ("代理机构", "the agency")}

# From the weakest to the strongest.
USES: Mapping[str, Label] = {
    "none": ("未实施", "Not used"),
    "licensed": ("已许可", "Licensed"),
    "transferred": ("已转让或作价入股", "Transferred or contributed"),
    "own": ("自行实施", "Worked by the institution"),
    "industrialized": ("已产业化", "Industrialized"),
}
# A license alone is no working: the law asks whether the right is worked.
WORKED = frozenset({"transferred", "own", "industrialized"})
USE_OF_LABEL: Mapping[str, str] = {
    "已转让": "transferred",
    "已作价入股": "transferred",
    "已达成开放许可": "licensed",
    "已达成普通许可": "licensed",
    "已达成排他许可": "licensed",
    "已达成独占许可": "licensed",
    "已参与专利池运营": "licensed",
    "已由被许可人实现产业化": "industrialized",
    "已通过技术服务合同或技术开发合同约定由合作企业实现产业化": "industrialized",
}
# No text lists good reasons; these are derived (DC-06).
REASONS: Mapping[str, Label] = {
    "validation": ("正在验证、中试或熟化", "In validation or scale-up"),
    "regulatory": ("等待行政审批或准入", "Waiting for a regulatory approval"),
    "negotiating": ("正在洽谈转化", "A deal is being negotiated"),
    "reserve": ("战略储备或基础专利", "Kept in reserve"),
    "other": ("其他正当理由", "Another good reason"),
}
# The reason that a running license gives by itself.
LICENSED: Label = ("已许可他人，跟踪被许可人实施", "Licensed; the licensee's working is followed")

EXAMINATION: Mapping[str, Label] = {
    "ordinary": ("普通审查", "Ordinary examination"),
    "priority": ("优先审查", "Priority examination"),
    "fast": ("快速审查", "Fast examination"),
    "batch": ("集中审查", "Examination in a batch"),
    "deferred": ("延迟审查", "Deferred examination"),
}
DECISIONS: Mapping[str, Label] = {
    "pass": ("通过", "Passed"),
    "improve": ("改进后再评", "To be improved"),
    "fail": ("不通过", "Failed"),
}
# The heads of the assessment; the prospect of industrialization is its core (ST-05).
HEADS: Mapping[str, Label] = {
    "prospect": ("产业化前景", "Prospect of industrialization"),
    "potential": ("转化潜力", "Potential for conversion"),
    "value": ("商业价值", "Commercial value"),
    "upkeep": ("维护成本合理性", "Reasonable cost of upkeep"),
}

BASES: Mapping[str, Label] = {
    "license": ("许可", "License"),
    "transfer": ("转让、作价入股", "Transfer or contribution"),
    "development": ("技术开发、服务", "Development or service"),
    "own": ("自行实施", "Own use"),
}
OUTCOMES: Mapping[str, Label] = {
    "scale": ("规模效益显著提升", "Marked growth in scale"),
    "intensive_product": ("形成专利密集型产品", "Patent-intensive product"),
    "little_giant": ("成为“小巨人”企业", "Became a Little Giant"),
    "champion": ("成为单项冠军企业", "Became a single-product champion"),
    "listing": ("加快上市融资进程", "Faster listing or financing"),
}
