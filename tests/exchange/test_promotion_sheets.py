"""Sheets of events and leads: read as lists write them, refused cell by cell, imported again without a change."""

from pathlib import Path

from cases.event_registers import EVENTS, LEADS
from cases.registers import list_rows
from exchange.kinds.promotion import EVENT_SHEET, LEAD_SHEET
from exchange.sheet_import import run_sheet
from tests.exchange.lists import write_csv
from tests.world import NOW, World

EVENT_ROWS = [
    ("活动名称", "类型", "活动日期", "所属专项行动", "区县", "状态"),
    ("新材料路演", "项目路演", "2026-02-10", "“一月一链”投融资对接", "高新区", "已举办"),
    ("医疗专场", "聚餐", "2026-02-11", "", "滨江区", "已举办"),
    ("专利集中发布", "专利集中发布", "2026年2月12日", "", "高新区", "计划中"),
]
LEAD_ROWS = [
    ("企业名称", "专利号", "活动名称", "对接状态", "跟进人", "完成期限"),
    ("启衡新材料股份有限公司", "ZL202010100001.9", "新材料路演", "洽谈中", "林知远", "2026-03-20"),
    ("未登记公司", "202010100002.3", "没有的活动", "已联系", "", ""),
]


def test_good_rows_go_in_wrong_cells_are_named_and_again_changes_nothing(
    world: World, tmp_path: Path
) -> None:
    officer = world.person("officer")
    events = write_csv(tmp_path / "活动.csv", EVENT_ROWS)
    first = run_sheet(world.db, officer, EVENT_SHEET, events, now=NOW)
    assert (first.added, first.rejected, [(e.row, e.field) for e in first.errors]) == (2, 1, [(3, "类型")])
    again = run_sheet(world.db, officer, EVENT_SHEET, events, now=NOW)
    assert (again.added, again.changed, again.same) == (0, 0, 2)
    leads = run_sheet(world.db, officer, LEAD_SHEET, write_csv(tmp_path / "线索.csv", LEAD_ROWS), now=NOW)
    assert (leads.added, [(e.row, e.field) for e in leads.errors]) == (1, [(3, "来源活动")])
    with world.db.read() as session:
        assert list_rows(session, world.org_id, EVENTS).total == 2
        (lead,) = list_rows(session, world.org_id, LEADS).rows
    assert (lead.values["company_id"], lead.cells["owner_id"].zh) == (world.company_id, "林知远")
