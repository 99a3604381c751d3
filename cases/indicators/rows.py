"""Where indicators come from: named sets of rows as SQL, each with its filters, its columns and what a row opens.

A figure is counted over the very rows that its list shows: both are built from the same `source` and the same conditions.
Marks in braces are filled in by `cases.indicators.scope`: `{org x}` keeps to the institution by the column `x.org_id`,
`{until}` is the last day of the period.
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
    opens: Literal["cases", "patents", "companies", ""] = ""
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
MATCHED = " LEFT JOIN (SELECT DISTINCT h.patent_id FROM case_patent h WHERE {org h}) m ON m.patent_id = p.id"
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
            "classed", "patent_profile r JOIN patent p ON p.id = r.patent_id", f"{{org r}} AND r.patent_class <> '' AND {VALID}",
            "", "p.grant_date", is_stock=True, college="p.college",
            tables=("patent", "patent_profile"), presence="SELECT 1 FROM patent p WHERE {org p}",
        ),
        RowSet(
            "patents", f"patent p{LABELS}{MATCHED}{PROFILE}", f"{{org p}} AND {VALID}", "", "p.grant_date", is_stock=True,
            college="p.college", order="p.application_no", columns=PATENT_COLUMNS, link="p.id", opens="patents",
            tables=("patent", "patent_profile"), presence="SELECT 1 FROM patent p WHERE {org p}",
        ),
    )
}  # fmt: skip
