"""Sheets of declaration and use: declarations of funding, yearly use, pre-filing assessments, patent products."""

from collections.abc import Mapping
from typing import Any

from cases.assessments import planned_before, write_assessment, write_plan
from cases.funding import write_funding
from cases.product_queries import product_of
from cases.products import write_product, write_product_filing
from cases.use_forms import KINDS, FileProduct
from cases.use_rows import Act
from cases.use_statements import write_statement
from exchange.sheet_cells import Choice, amount, day, long_text, patent_number, text, whole_number, yes_no
from exchange.sheet_kind import Column, Outcome, SheetKind, SheetRow, Work
from rules.use_codes import BASES, DECISIONS, DECLARERS, EXAMINATION, HEADS, PROGRAMS, REASONS
from rules.use_codes import USES as USE_WORDS


def _one_of(words: Mapping[str, tuple[str, str]]) -> Choice:
    return Choice({zh: code for code, (zh, _) in words.items()})


_NUMBER = Column(
    "number",
    ("申请号", "专利号", "申请号/专利号", "专利申请号", "number"),
    patent_number,
    required=True,
    hint="本单位专利库中的申请号或专利号",
    example="202010100001.9",
)
_PROJECT = (
    Column("program", ("项目类型", "项目类别", "计划类型", "program"), _one_of(PROGRAMS)),
    Column("funder", ("资助机构", "资助单位", "项目来源", "funder"), text(200)),
    Column("project_name", ("项目名称", "课题名称", "project_name"), text(200), example="固态电池关键材料"),
    Column("project_no", ("项目编号", "课题编号", "项目批准号", "project_no"), text(200), example="52000001"),
)


def _act(work: Work) -> Act:
    return Act(work.cur, work.person, work.now)


def _typed(row: SheetRow, *without: str) -> dict[str, Any]:
    return {name: value for name, value in row.values.items() if name not in without}


def _declare(work: Work, row: SheetRow) -> Outcome:
    return write_funding(_act(work), row.patent_id or 0, _typed(row, "number"))[1]


DECLARATIONS = SheetKind(
    name="declarations",
    zh="财政资助声明",
    en="declarations of funding",
    write=_declare,
    key=("number", "project_no"),
    patent="number",
    columns=(
        _NUMBER,
        Column(
            "funded",
            ("是否财政资助", "财政资助", "是否受资助", "funded"),
            yes_no,
            required=True,
            hint="是或否",
            example="是",
        ),
        *_PROJECT,
        Column("ip_clause", ("知识产权条款", "知识产权约定", "ip_clause"), text(200)),
        Column("declared_on", ("声明日期", "向专利局声明的日期", "declared_on"), day, example="2026-03-01"),
        Column("declared_by", ("声明人", "declared_by"), _one_of(DECLARERS)),
        Column("evidence", ("证明文件", "证明材料", "evidence"), text(200)),
    ),
    about_zh="每件专利每个项目一行；未受资助的只填“否”。",
    about_en="One row for each patent and project; for none, only no.",
)


def _state(work: Work, row: SheetRow) -> Outcome:
    return write_statement(_act(work), row.patent_id or 0, _typed(row, "number"))[1]


USES = SheetKind(
    name="uses",
    zh="年度实施情况",
    en="yearly use",
    write=_state,
    key=("number", "year"),
    patent="number",
    columns=(
        _NUMBER,
        Column("year", ("年度", "填报年度", "year"), whole_number(1985, 2999), required=True, example="2025"),
        Column(
            "use",
            ("实施情况", "实施方式", "是否实施", "use"),
            _one_of(USE_WORDS),
            required=True,
            example="未实施",
        ),
        Column("product", ("产品", "产品名称", "product"), text(200)),
        Column("income_fen", ("本年度收入", "收入", "收入（元）", "income"), amount, hint="元"),
        Column("evidence", ("实施证明", "证明", "evidence"), text(200)),
        Column(
            "reason",
            ("未实施的理由", "未实施理由", "未实施原因", "reason"),
            _one_of(REASONS),
            example="正在验证、中试或熟化",
        ),
        Column("reason_text", ("理由说明", "reason_text"), long_text),
        Column(
            "review_on", ("理由复核日期", "复核日期", "review_on"), day, hint="今日以后", example="2027-03-01"
        ),
    ),
    about_zh="每件专利每年一行；未实施的写明理由和复核日期，此前的理由仍在复核期内的可以不填。",
    about_en="One row for each patent and year; unused ones need a reason, unless a former one stands.",
)
_ASSESSED = ("assessors", "decision", "opinion", "decided_on", *HEADS)


def _assess(work: Work, row: SheetRow) -> Outcome:
    act, typed = _act(work), _typed(row, *_ASSESSED)
    before = planned_before(act, row.text("title"), row.text("inventors"))
    made, outcome = write_plan(act, {"kind": "invention", "examination": "ordinary", **typed}, before)
    if "decision" not in row.values:
        return outcome
    judged = write_assessment(act, made, {name: row.values[name] for name in _ASSESSED if name in row.values})
    return judged if outcome == "same" else outcome


ASSESSMENTS = SheetKind(
    name="assessments",
    zh="申请前评估",
    en="pre-filing assessments",
    write=_assess,
    key=("title", "inventors"),
    columns=(
        Column(
            "title",
            ("发明创造名称", "拟申请专利名称", "名称", "title"),
            text(200),
            required=True,
            example="一种固态电解质膜",
        ),
        Column(
            "inventors",
            ("发明人", "inventors"),
            text(200),
            required=True,
            hint="多人用顿号分开",
            example="陈思远",
        ),
        Column("kind", ("专利类型", "类型", "kind"), _one_of(KINDS), example="发明"),
        Column("college", ("院系", "学院", "college"), text(200)),
        Column("funded", ("是否财政资助", "财政资助", "funded"), yes_no, example="否"),
        *_PROJECT,
        Column("search_note", ("新颖性检索情况", "检索情况", "search_note"), long_text),
        Column("prospect_note", ("产业化前景说明", "prospect_note"), long_text),
        Column("agency", ("代理机构", "agency"), text(200)),
        Column("examination", ("审查方式", "examination"), _one_of(EXAMINATION)),
        *(
            Column(head, (zh, f"{zh}评分", head), whole_number(0, 100), hint="0至100分")
            for head, (zh, _) in HEADS.items()
        ),
        Column("assessors", ("评估人", "评估专家", "assessors"), text(200)),
        Column("decision", ("评估结论", "结论", "decision"), _one_of(DECISIONS)),
        Column("opinion", ("评估意见", "意见", "opinion"), long_text),
        Column("decided_on", ("评估日期", "decided_on"), day),
    ),
    about_zh="名称和发明人相同、尚未提交的拟申请专利视为同一项。",
    about_en="Title and inventors name a planned application.",
)
_FILED = ("filing_no", "filed_on")


def _register(work: Work, row: SheetRow) -> Outcome:
    act = _act(work)
    made, outcome = write_product(act, _typed(row, *_FILED))
    known = product_of(work.session, work.org_id, made)
    if "filed_on" not in row.values or (known.filed_on, known.filing_no) == tuple(
        row.values.get(n) for n in reversed(_FILED)
    ):
        return outcome
    filing = FileProduct(filed_on=row.values["filed_on"], filing_no=row.text("filing_no"))
    write_product_filing(act, made, filing)
    return "changed" if outcome == "same" else outcome


PRODUCTS = SheetKind(
    name="products",
    zh="专利产品",
    en="patent products",
    write=_register,
    key=("name", "producer"),
    columns=(
        Column("name", ("产品名称", "产品", "name"), text(200), required=True, example="高安全动力电池隔膜"),
        Column("models", ("规格型号", "型号", "models"), text(200)),
        Column(
            "producer",
            ("生产企业", "企业名称", "生产单位", "producer"),
            text(200),
            required=True,
            example="启衡新材料股份有限公司",
        ),
        Column("basis", ("实施依据", "实施方式", "basis"), _one_of(BASES), required=True, example="许可"),
        Column(
            "patents",
            ("所用专利", "专利号", "关联专利", "patents"),
            text(200),
            required=True,
            hint="多件用顿号分开",
        ),
        Column("since", ("投产日期", "上市日期", "since"), day, required=True, example="2026-01-10"),
        Column("claims_note", ("权利要求比对", "claims_note"), long_text),
        Column("evidence", ("证明", "evidence"), text(200)),
        Column("updated_by", ("年度更新由谁办理", "更新人", "updated_by"), text(200)),
        Column("filing_no", ("备案编号", "备案号", "filing_no"), text(200)),
        Column("filed_on", ("备案日期", "filed_on"), day),
    ),
    about_zh="产品名称和生产企业相同的视为同一产品。",
    about_en="Name and producer name a product.",
)
