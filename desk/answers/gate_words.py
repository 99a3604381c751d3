"""Words for the facts of a gate question: modes, stages, statuses, flags and consents, as officers write them.

Keys are compared after `rules.text.fold`: upper case, half width, no blanks. The slugs themselves are always known.
"""

from collections.abc import Mapping

from exchange.patent_words import KINDS as LIST_KINDS
from exchange.patent_words import STATUSES as LIST_STATUSES
from rules.gate_table import ACT_NAMES, STAGE_NAMES, TABLE
from rules.gates import FLAGS
from rules.grants import CLASHES

MODES: Mapping[str, str] = {
    **{zh: slug for slug, (zh, _) in ACT_NAMES.items()},
    "专利权转让": "transfer", "作价投资": "equity", "入股": "equity", "普通实施许可": "ordinary_license",
    "排他实施许可": "sole_license", "独占实施许可": "exclusive_license", "质押融资": "pledge", "入池": "patent_pool",
    "专利池运营": "patent_pool", "技术开发": "development", "技术服务": "development", "技术开发/服务": "development",
}  # fmt: skip
STAGES: Mapping[str, str] = {
    **{zh: slug for slug, (zh, _) in STAGE_NAMES.items()},
    "签订": "sign", "签署": "sign", "备案": "file", "登记": "file",
}  # fmt: skip
KINDS: Mapping[str, str] = LIST_KINDS
STATUSES: Mapping[str, str] = {
    **LIST_STATUSES,
    "在滞纳期": "in_grace", "滞纳期内": "in_grace", "专利申请": "pending", "未授权": "pending", "申请": "pending",
    "已届满": "expired", "已失效": "lapsed", "被宣告无效的": "void",
}  # fmt: skip
FLAG_WORDS: Mapping[str, str] = {
    "质押": "pledged", "已质押": "pledged", "出质": "pledged", "保全": "preserved", "财产保全": "preserved",
    "冻结": "preserved", "中止": "suspended", "权属纠纷": "suspended", "无效程序": "under_invalidation",
    "无效宣告程序中": "under_invalidation", "开放许可": "open_license", "开放许可撤回中": "open_withdrawal_filed",
    "已申请撤回开放许可": "open_withdrawal_filed", "独占许可": "exclusive_license", "排他许可": "sole_license",
    "普通许可": "ordinary_license", "财政资助": "state_funded", "财政资助项目": "state_funded", "国防专利": "defense",
    "评价报告": "evaluation_report", "有评价报告": "evaluation_report", "专利权评价报告": "evaluation_report",
    "评价报告否定": "evaluation_negative", "评价报告为负面": "evaluation_negative", "可恢复": "restorable",
    "共有协议": "co_owner_agreement", "委托开发": "commissioned", "合作开发": "joint_development",
}  # fmt: skip
CONSENT_WORDS: Mapping[str, str] = {
    "共有人同意": "co_owner", "全体共有人同意": "co_owner", "共有协议": "co_owner_agreement",
    "质权人同意": "pledgee", "质权人同意继续开放许可": "pledgee_open_license", "项目管理机构批准": "project_body",
    "技术出口许可": "export_control", "技术出口登记": "export_control", "技术出口许可或登记": "export_control",
    "在先许可告知": "license_disclosure", "受让人知悉在先许可": "license_disclosure", "被许可人同意": "licensee",
    "无独立实施条件": "own_working", "专利池条件一致": "pool_terms", "质押风险声明": "pledge_statement",
    "发明人放弃优先受让": "inventor_waiver", "完成人放弃优先受让": "inventor_waiver",
    "委托人放弃优先受让": "partner_waiver", "合作方放弃优先受让": "partner_waiver", "登记簿核查": "register_check",
    "受让方同意": "assignee",
}  # fmt: skip
CONSENTS: frozenset[str] = frozenset(
    name for outcome in TABLE.values() for name in (outcome.consent, *outcome.instead) if name is not None
) | {clash.consent for clash in CLASHES.values() if clash.consent is not None}
FLAG_NAMES: tuple[str, ...] = tuple(sorted(FLAGS))
