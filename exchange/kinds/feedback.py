"""Sheets of platform feedback: labels earned outside the cases, the platform's answers, and a list taken from it.

The platform's own columns are not public: titles can be added by a mapping file (`exchange.sheet_mapping`).
"""

from cases.feedback_tables import OUTCOMES
from cases.label_records import LABELS, Keeping, put_label
from cases.platform_answers import put_answer, put_entry
from exchange.sheet_cells import Choice, credit_code, day, patent_number, text
from exchange.sheet_kind import Column, Outcome, SheetKind, SheetRow, Work

# Each label may be typed without its 已, as people say it.
LABEL = Choice({
    **{label: label for label in LABELS},
    **{label.removeprefix("已达成").removeprefix("已"): label for label in LABELS},
    "实现产业化": "已由被许可人实现产业化", "被许可人产业化": "已由被许可人实现产业化", "专利池": "已参与专利池运营",
    "技术开发": "已通过技术服务合同或技术开发合同约定由合作企业实现产业化",
    "技术服务": "已通过技术服务合同或技术开发合同约定由合作企业实现产业化",
})  # fmt: skip
OUTCOME = Choice({
    **{names[0]: code for code, names in OUTCOMES.items()},
    "采纳": "accepted", "通过": "accepted", "审核通过": "accepted", "成功": "accepted", "已通过": "accepted",
    "退回": "returned", "不通过": "returned", "审核不通过": "returned", "驳回": "returned", "未通过": "returned",
})  # fmt: skip
_NUMBER = Column("number_of_patent", ("专利号", "申请号", "专利申请号", "patent_no"), patent_number,
                 required=True, example="ZL202010100001.9")  # fmt: skip
_LABEL = Column(
    "label",
    ("反馈类别", "转化方式", "盘活类别", "反馈结果", "label"),
    LABEL,
    required=True,
    example=LABELS[0],
)
_ON = ("成交（实现）日期", "成交日期", "实现日期", "发生日期", "日期", "on")
_PARTY = ("受让人、被许可人或合作企业", "受让人", "被许可人", "合作企业", "对方", "企业名称", "party")
_TITLE = Column("title", ("专利名称", "名称"), text(500))
KEY = ("number_of_patent", "label")


def _keeping(work: Work) -> Keeping:
    return Keeping(work.session, work.postgres, work.person, work.now, work.today)


def _write_label(work: Work, row: SheetRow) -> Outcome:
    return put_label(_keeping(work), {**row.values, "patent_id": row.patent_id}, work.source)


def _write_answer(work: Work, row: SheetRow) -> Outcome:
    return put_answer(_keeping(work), int(row.patent_id or 0), row.values, work.source)


def _write_entry(work: Work, row: SheetRow) -> Outcome:
    return put_entry(_keeping(work), int(row.patent_id or 0), row.values, work.source)


LABEL_RECORDS = SheetKind(
    name="labels", zh="反馈事件（系统外成交）", en="labels earned outside the cases", write=_write_label,
    key=("number_of_patent", "label", "on", "party"), patent="number_of_patent",
    columns=(
        _NUMBER, _TITLE, _LABEL, Column("on", _ON, day, required=True, example="2026-03-02"),
        Column("party", _PARTY, text(300)), Column("party_uscc", ("统一社会信用代码", "信用代码"), credit_code),
        Column("contract_no", ("合同编号", "合同号"), text(100)),
        Column("evidence", ("证明材料", "依据", "evidence"), text(500), required=True,
               hint="合同、通知书或备案证明的编号与存放位置"),
    ),
    about_zh="登记在本系统之外成交的专利属于九种反馈类别中的哪一种，附证明材料；反馈期限按本单位规定自动计算。",
    about_en="Labels of deals made outside this product, with evidence; the day for feedback follows the house's rule.",
)  # fmt: skip
ANSWERS = SheetKind(
    name="platform_answers", zh="盘活系统答复", en="answers of the platform", write=_write_answer,
    key=("number_of_patent", "label", "outcome", "answered_on"), patent="number_of_patent",
    columns=(
        _NUMBER, _TITLE, _LABEL, Column("outcome", ("审核结果", "答复", "状态", "结果", "outcome"), OUTCOME, required=True),
        Column("answered_on", ("审核日期", "答复日期", "处理日期", "answered_on"), day, required=True),
        Column("number", ("反馈编号", "系统编号", "记录编号", "number"), text(100)),
        Column("reason", ("退回原因", "审核意见", "reason"), text(500)),
    ),
    about_zh="盘活系统对反馈的逐条答复：采纳（附编号）或退回（附原因）。退回的重新计算反馈期限。",
    about_en="The platform's answer to each label: accepted with a number, or returned with a reason.",
)  # fmt: skip
ENTRIES = SheetKind(
    name="platform_list", zh="盘活系统清单", en="list taken from the platform", write=_write_entry, key=KEY,
    patent="number_of_patent",
    columns=(
        _NUMBER, _TITLE, _LABEL, Column("on", _ON, day), Column("party", _PARTY, text(300)),
        Column("number", ("反馈编号", "系统编号", "记录编号", "number"), text(100)),
    ),
    about_zh="从盘活系统导出的全部反馈清单，与本单位记录逐条比对：缺少、多出、类别、日期或对方不同。",
    about_en="Everything that the platform shows, compared with the record: missing on either side, or differing.",
)  # fmt: skip
