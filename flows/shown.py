"""What the artifacts of flows show: tables that a person can read, with links to the desk. Imports nothing of Prefect."""

from collections.abc import Mapping, Sequence

from sqlmodel import col, select

from cases.errors import ActionError
from cases.official import comparison_of
from cases.tables import Case, Document
from contracts.crosscheck import GROUPS
from flows.work import Workshop

Row = dict[str, object]
MADE = {"ready": "已生成", "queued": "等待生成", "failed": "未生成"}
MOST_ROWS = 500


def link(shop: Workshop, path: str, words: str = "打开") -> str:
    """Return a link to a page of the desk, as artifacts write them."""
    return f"[{words}]({shop.settings.base_url}{path})" if path else ""


def compared_fields(shop: Workshop, case_id: int) -> list[Row]:
    """Return the fields of contract, form and register side by side, those that differ first."""
    with shop.db.read() as session:
        case = session.get(Case, case_id)
        if case is None:
            return []
        try:
            found = comparison_of(shop.db, session, shop.settings, case.org_id, case_id)
        except ActionError as problem:
            return [{"项目": "未能核对", "结果": problem.message}]
    rows: list[Row] = [
        {
            "类别": GROUPS[row.group][0], "项目": row.field, "合同": row.contract or "—", "表格": row.form or "—",
            "登记": row.register or "—", "结果": "一致" if row.agrees else f"不一致：{row.remedy[0]}",
        }
        for row in sorted(found, key=lambda row: row.agrees)
    ]  # fmt: skip
    return rows[:MOST_ROWS]


def documents_of(shop: Workshop, case_id: int) -> list[Row]:
    """Return the newest document of each kind of a case, with links for downloading them."""
    with shop.db.read() as session:
        query = select(Document).where(Document.case_id == case_id).order_by(col(Document.version))
        newest = {row.kind: row for row in session.exec(query)}
    return [
        {
            "文书": row.title, "版本": row.version, "页数": row.pages or "", "状态": MADE[row.status], "原因": row.error,
            "链接": link(shop, f"/cases/{case_id}/documents/{row.id}", "下载") if row.status == "ready" else "",
        }
        for row in newest.values()
    ]  # fmt: skip


def looked_through(shop: Workshop, findings: Sequence[Mapping[str, object]]) -> list[Row]:
    """Return what an officer should look at after an import, with links to the patents."""
    return [
        {
            **{name: value for name, value in row.items() if name != "patent_id"},
            "链接": link(shop, f"/patents/{row['patent_id']}"),
        }
        for row in findings
    ]
