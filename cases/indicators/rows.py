"""Where indicators come from: named sets of rows as SQL, each with its filters, its columns and what a row opens.

A figure is counted over the very rows that its list shows: both are built from the same `source` and the same conditions.
Marks in braces are filled in by `cases.indicators.scope`: `{org x}` keeps to the institution by the column `x.org_id`,
`{until}` is the last day of the period, `{day x.y}` the day in Shanghai of a moment.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Shape = Literal["text", "day", "money", "count", "days", "mode", "stage", "kind", "status", "patent_no"]


@dataclass(frozen=True, slots=True)
class RowColumn:
    """A column of the list behind a figure: its heading, its SQL, and how its cells are shown."""

    zh: str
    en: str
    sql: str
    shape: Shape = "text"


@dataclass(frozen=True, slots=True)
class RowSet:
    """Rows of one kind.

    `counted` is what a figure is counted over, `joined` what its list needs besides; a join must find one row exactly.
    `day` is what the year picks by: within it, or with `is_stock` up to its last day (and rows without a day too).
    `link` is the id that a row opens, `opens` of what. `tables` must be there; a row of `presence` says that anything at
    all was recorded, and without one a figure is unknown, not zero.
    """

    key: str
    counted: str
    where: str
    joined: str = ""
    day: str = ""
    is_stock: bool = False
    college: str = ""
    mode: str = ""
    order: str = "1"
    columns: tuple[RowColumn, ...] = ()
    link: str = "NULL"
    opens: Literal["cases", "patents", "demands", "events", ""] = ""
    tables: tuple[str, ...] = ()
    presence: str = ""


CASE = " JOIN conversion_case c ON c.id = f.case_id"
FACT_COLUMNS = (
    RowColumn("案件编号", "Case no.", "c.number"),
    RowColumn("案件名称", "Case", "c.title"),
    RowColumn("转化方式", "Mode", "f.mode", "mode"),
    RowColumn("院系", "College", "f.college"),
)
AMOUNT = RowColumn("金额（元）", "Amount (CNY)", "f.amount_fen", "money")


def _facts(key: str, kinds: str, *columns: RowColumn) -> RowSet:
    return RowSet(
        key, "case_fact f", f"{{org f}} AND f.kind IN ({kinds})", CASE, "f.happened_on", college="f.college", mode="f.mode",
        order="f.happened_on DESC, f.id", columns=(*FACT_COLUMNS, *columns), link="f.case_id", opens="cases",
        tables=("case_fact",), presence="SELECT 1 FROM conversion_case c WHERE {org c}",
    )  # fmt: skip


def _on(zh: str, en: str) -> RowColumn:
    return RowColumn(zh, en, "f.happened_on", "day")


VALID = "p.status IN ('in_force', 'in_grace')"
PATENT_COLUMNS = (
    RowColumn("专利号", "Patent no.", "p.application_no", "patent_no"),
    RowColumn("名称", "Title", "p.title"),
    RowColumn("类型", "Kind", "p.kind", "kind"),
    RowColumn("院系", "College", "p.college"),
    RowColumn("授权日期", "Granted on", "p.grant_date", "day"),
    RowColumn("状态", "Status", "p.status", "status"),
)
MADE = "'已由被许可人实现产业化', '已通过技术服务合同或技术开发合同约定由合作企业实现产业化'"
# One row for every valid patent; what it has earned and where it stands beside it.
LABELS = (
    " LEFT JOIN (SELECT e.patent_id, 1 AS used, "  # noqa: S608  fixed text
    f"MAX(CASE WHEN e.label IN ({MADE}) THEN 1 ELSE 0 END) AS made "
    'FROM label_event e WHERE {org e} AND e."on" <= {until} GROUP BY e.patent_id) l ON l.patent_id = p.id'
)
MATCHED = (
    " LEFT JOIN (SELECT h.patent_id FROM case_patent h WHERE {org h} UNION SELECT g.patent_id FROM patent_push g WHERE "
    "{org g} UNION SELECT d.patent_id FROM demand_match d WHERE {org d} AND d.decision = 'accepted') m ON m.patent_id = p.id"
)
FILED = (
    " LEFT JOIN (SELECT DISTINCT y.patent_id FROM product_patent y JOIN product w ON w.id = y.product_id WHERE {org y} "
    "AND w.filed_on <= {until} AND (w.withdrawn_on IS NULL OR w.withdrawn_on > {until})) z ON z.patent_id = p.id"
)
ASSESSED = (
    " LEFT JOIN (SELECT DISTINCT a.org_id, a.application_no FROM assessment a WHERE {org a} AND a.decision <> '') v "
    "ON v.org_id = p.org_id AND v.application_no = p.application_no"
)
PROFILE = " LEFT JOIN patent_profile r ON r.patent_id = p.id"

ROWS: Mapping[str, RowSet] = {
    row.key: row
    for row in (
        _facts("deals", "'contract', 'receipt', 'cash', 'shares', 'opened'"),
        _facts("contracts", "'contract'", RowColumn("合同编号", "Contract no.", "f.name"), _on("签订日期", "Signed on"), AMOUNT),
        _facts("receipts", "'receipt'", _on("到账日期", "Received on"), AMOUNT),
        _facts(
            "rewards", "'cash', 'shares'", _on("发放日期", "Paid on"), AMOUNT,
            RowColumn("所依据的净收入（元）", "Net income (CNY)", "f.base_fen", "money"),
            RowColumn("人次", "Heads", "f.heads", "count"),
        ),
        _facts("opened", "'opened'", _on("立案日期", "Opened on")),
        _facts(
            "labels", "'label'", RowColumn("标签", "Label", "f.name"), _on("标签日期", "Since"),
            RowColumn("反馈日期", "Fed back on", "f.began_on", "day"), RowColumn("用时（天）", "Days", "f.days", "days"),
        ),
        _facts(
            "legs", "'leg'", RowColumn("阶段", "Stage", "f.name", "stage"), RowColumn("起", "From", "f.began_on", "day"),
            _on("止", "To"), RowColumn("用时（天）", "Days", "f.days", "days"),
        ),
        RowSet(
            "open_licenses", "conversion_case c", "{org c} AND c.mode = 'open_license' AND c.stage = 'performance'",
            "", "c.opened_on", is_stock=True, mode="c.mode", order="c.number",
            columns=(
                RowColumn("案件编号", "Case no.", "c.number"), RowColumn("案件名称", "Case", "c.title"),
                RowColumn("立案日期", "Opened on", "c.opened_on", "day"),
            ),
            link="c.id", opens="cases", tables=("conversion_case",), presence="SELECT 1 FROM conversion_case c WHERE {org c}",
        ),
        RowSet(
            "stock", f"patent p{PROFILE}", f"{{org p}} AND {VALID}", "", "p.grant_date", is_stock=True,
            college="p.college", order="p.application_no", columns=PATENT_COLUMNS, link="p.id", opens="patents",
            tables=("patent", "patent_profile"), presence="SELECT 1 FROM patent p WHERE {org p}",
        ),
        RowSet(
            "filings", f"patent p{ASSESSED}", "{org p}", "", "p.filing_date", college="p.college",
            order="p.filing_date DESC, p.application_no",
            columns=(*PATENT_COLUMNS[:4], RowColumn("申请日", "Filed on", "p.filing_date", "day")), link="p.id", opens="patents",
            tables=("patent", "assessment"), presence="SELECT 1 FROM assessment x WHERE {org x}",
        ),
        RowSet(
            "products", "product w", "{org w} AND w.filed_on IS NOT NULL", "", "w.filed_on", order="w.filed_on DESC, w.id",
            columns=(
                RowColumn("产品", "Product", "w.name"), RowColumn("生产企业", "Producer", "w.producer"),
                RowColumn("备案编号", "Filing no.", "w.filing_no"), RowColumn("备案日期", "Filed on", "w.filed_on", "day"),
            ),
            link="w.id", tables=("product",), presence="SELECT 1 FROM product x WHERE {org x}",
        ),
        RowSet(
            "events", "promotion_event e", "{org e} AND e.status = 'held'", "", "e.held_on", order="e.held_on DESC, e.id",
            columns=(
                RowColumn("活动", "Event", "e.name"), RowColumn("区县", "District", "e.district"),
                RowColumn("主办", "Organizer", "e.organizer"), RowColumn("日期", "Held on", "e.held_on", "day"),
            ),
            link="e.id", opens="events", tables=("promotion_event",),
            presence="SELECT 1 FROM promotion_event x WHERE {org x}",
        ),
        RowSet(
            "leads", "promotion_lead g", "{org g}", "", "{day g.created_at}", order="g.id DESC",
            columns=(
                RowColumn("企业", "Company", "g.company_name"), RowColumn("需求", "Need", "g.need"),
                RowColumn("登记日期", "Entered on", "{day g.created_at}", "day"), RowColumn("结果", "Result", "g.result"),
            ),
            link="g.id", tables=("promotion_lead",), presence="SELECT 1 FROM promotion_lead x WHERE {org x}",
        ),
        RowSet(
            "pushes", "patent_push q", "{org q}", " JOIN patent p ON p.id = q.patent_id JOIN company o ON o.id = q.company_id",
            "{day q.pushed_at}", order="q.id DESC",
            columns=(
                RowColumn("专利号", "Patent no.", "p.application_no", "patent_no"), RowColumn("名称", "Title", "p.title"),
                RowColumn("企业", "Company", "o.name"), RowColumn("推送日期", "Pushed on", "{day q.pushed_at}", "day"),
                RowColumn("评价日期", "Evaluated on", "{day q.evaluated_at}", "day"),
            ),
            link="q.patent_id", opens="patents", tables=("patent_push",),
            presence="SELECT 1 FROM patent_push x WHERE {org x}",
        ),
        RowSet(
            "demands", "demand d", "{org d}", " JOIN company o ON o.id = d.company_id", "d.received_on",
            order="d.received_on DESC, d.id",
            columns=(
                RowColumn("需求编号", "No.", "d.number"), RowColumn("需求", "Demand", "d.title"),
                RowColumn("企业", "Company", "o.name"), RowColumn("收到日期", "Received on", "d.received_on", "day"),
                RowColumn("答复期限", "Due on", "d.due_on", "day"),
            ),
            link="d.id", opens="demands", tables=("demand",), presence="SELECT 1 FROM demand x WHERE {org x}",
        ),
        RowSet(
            "classed", "patent_profile r JOIN patent p ON p.id = r.patent_id", f"{{org r}} AND r.patent_class <> '' AND {VALID}",
            "", "p.grant_date", is_stock=True, college="p.college",
            tables=("patent", "patent_profile"), presence="SELECT 1 FROM patent p WHERE {org p}",
        ),
        RowSet(
            "patents", f"patent p{LABELS}{MATCHED}{FILED}{PROFILE}", f"{{org p}} AND {VALID}", "", "p.grant_date", is_stock=True,
            college="p.college", order="p.application_no", columns=PATENT_COLUMNS, link="p.id", opens="patents",
            tables=("patent", "patent_profile"), presence="SELECT 1 FROM patent p WHERE {org p}",
        ),
    )
}  # fmt: skip
