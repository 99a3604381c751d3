"""English titles of clauses, parties' data and annexes."""

from collections.abc import Mapping

ANNEX_TITLES: Mapping[str, str] = {
    "许可专利清单": "List of Licensed Patents",
    "技术资料清单": "List of Technical Materials",
    "付款计划表": "Payment Schedule",
    "转让专利清单": "List of Transferred Patents",
    "交付资料清单": "List of Deliverables",
    "背景专利清单": "List of Background Patents",
    "进度计划表": "Work Plan",
    "交付成果清单": "List of Deliverables",
}
# Heads of the list of what is handed over.
MATERIAL_HEADS: Mapping[str, str] = {"资料名称": "Material", "成果名称": "Deliverable"}
# Clauses that bear another title in some mode, by their Chinese title.
_OTHERS: Mapping[str, str] = {
    "转让标的与权利状况": "Subject of Transfer and Status of Rights",
    "交付资料、验收与技术指导": "Deliverables, Acceptance and Technical Guidance",
    "转让价款及支付方式": "Price and Payment",
    "专利权终止、被宣告无效与申请被驳回": "Termination and Invalidation of Patents, Rejection of Applications",
    "保证与第三方主张": "Warranties and Third-Party Claims",
    "后续改进与成果的归属": "Improvements and Ownership of Results",
    "经费、报酬及支付方式": "Funds, Remuneration and Payment",
    "成果的交付与技术指导": "Delivery of the Results and Technical Guidance",
    "后续改进": "Subsequent Improvements",
    "公平竞争": "Fair Competition",
    "合同的生效、变更与解除": "Effectiveness, Amendment and Rescission",
}
CLAUSE_TITLES: Mapping[str, str] = {
    "recitals": "Recitals",
    "definitions": "Definitions",
    "grant": "Manner and Scope of the License",
    "patents": "Technical Content and Status of the Licensed Patents",
    "delivery": "Delivery of Technical Materials",
    "performance": "Implementation Plan and Obligation to Work",
    "fees": "License Fees and Payment",
    "trial": "Use First, Pay Later",
    "royalty": "Calculation, Reporting and Audit of Royalties",
    "acceptance": "Standards and Methods of Acceptance",
    "confidentiality": "Confidentiality",
    "service": "Technical Services and Training",
    "improvements": "Improvements and Ownership of Results and Income",
    "upkeep": "Maintenance of the Patent Rights",
    "warranty": "Representations and Warranties",
    "infringement": "Infringement",
    "invalidation": "Declaration of Invalidity",
    "filing": "Filing and Registration of this Contract",
    "tax": "Taxes",
    "breach": "Liability for Breach",
    "force_majeure": "Force Majeure",
    "fairness": "Technological Progress and Fair Competition",
    "dispute": "Governing Law and Dispute Resolution",
    "effect": "Effectiveness, Amendment and Termination",
    "notice": "Notices and Service",
    "special": "Special Provisions",
    "misc": "Miscellaneous",
    "licenses": "Working and Licensing of the Patents",
    "change": "Registration of the Change and Passing of the Right",
    "interim": "Transition Period",
    "priority": "Treatment of Priority",
    "subject": "Content, Scope and Requirements of the Subject Technology",
    "plan": "Plan, Place and Manner of Performance",
    "duties": "Division of Work and Cooperation",
    "funds": "Use of Funds and Ownership of Equipment",
    "background": "Background Patents and Background Technology",
    "ownership": "Ownership of Results and Distribution of Income",
    "industry": "Industrialization of the Results",
    "risk": "Allocation of Risk",
    "registration": "Recognition and Registration of the Technology Contract",
    "examination": "Examination and Responsibility for Rejection",
}


def title_of(title_zh: str, id_: str) -> str:
    """Return the English title of a clause."""
    return _OTHERS.get(title_zh) or CLAUSE_TITLES[id_]
