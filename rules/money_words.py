"""The words of money: modes, parties and cost lines, and what they are called on screens.

Nothing is computed here.
"""

from collections.abc import Mapping
from typing import Literal

Group = Literal["license", "equity", "implementation"]
Party = Literal[
    "main_contributors", "contributors", "other_contributors", "tto_staff", "tto", "college", "fund", "institution"
]  # fmt: skip
Binding = Literal["floor", "default"]
CostKind = Literal[
    "tax", "maintenance", "appraisal", "verification", "negotiation", "brokerage", "own_rd", "public_rd", "other"
]  # fmt: skip

MODE_GROUPS: Mapping[str, Group] = {
    "transfer": "license",
    "open_license": "license",
    "ordinary_license": "license",
    "sole_license": "license",
    "exclusive_license": "license",
    "patent_pool": "license",
    "development": "license",
    "equity": "equity",
    "own_use": "implementation",
}
"""The scale that each mode falls under. Receipts of a pool are license income (derived from RW-03); pay for
development and service follows the conversion rules (RW-17)."""

MODE_LABELS: Mapping[str, tuple[str, str]] = {
    "transfer": ("转让", "transfer"),
    "open_license": ("开放许可", "open license"),
    "ordinary_license": ("普通许可", "ordinary license"),
    "sole_license": ("排他许可", "sole license"),
    "exclusive_license": ("独占许可", "exclusive license"),
    "patent_pool": ("专利池", "patent pool"),
    "development": ("技术开发/服务", "development or service"),
    "equity": ("作价入股", "equity contribution"),
    "own_use": ("自行或合作实施", "own or joint implementation"),
}

GROUP_LABELS: Mapping[Group, tuple[str, str]] = {
    "license": ("转让、许可净收入", "net income of transfers and licenses"),
    "equity": ("作价投资形成的股份或出资比例", "shares formed by the contribution"),
    "implementation": ("实施的年度营业利润", "operating profit of the year"),
}
"""What the share of each group is a share of."""

PARTY_LABELS: Mapping[str, tuple[str, str]] = {
    "main_contributors": ("主要贡献人员", "main contributors"),
    "contributors": ("成果完成和转化人员（未分主次）", "contributors, not told apart"),
    "other_contributors": ("其他贡献人员", "other contributors"),
    "tto_staff": ("转化和管理人员", "conversion and management staff"),
    "tto": ("技术转移机构", "technology-transfer office"),
    "college": ("所在院系", "college or department"),
    "fund": ("科研发展基金", "research fund"),
    "institution": ("单位", "institution"),
}

REWARDED = frozenset({"main_contributors", "contributors", "other_contributors", "tto_staff"})
"""The parties that are persons: what they get together is the reward, for which the law sets a floor."""

CONTRIBUTORS = frozenset({"main_contributors", "contributors", "other_contributors"})
"""The persons who made the result."""

COST_LABELS: Mapping[str, tuple[str, str]] = {
    "tax": ("交易税金", "taxes of the deal"),
    "maintenance": ("成果维护费用", "cost of maintaining the result"),
    "appraisal": ("评估费用", "appraisal"),
    "verification": ("鉴证费用", "verification"),
    "negotiation": ("谈判费用", "negotiation"),
    "brokerage": ("中介服务费用", "brokerage"),
    "own_rd": ("自筹研发投入", "research paid from own funds"),
    "public_rd": ("财政资金研发投入", "research paid from public funds"),
    "other": ("其他费用", "other cost"),
}
