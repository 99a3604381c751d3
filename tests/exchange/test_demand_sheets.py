"""Sheets of demands: good rows go in, wrong cells are named, and a second import changes nothing."""

from pathlib import Path

from cases.demands import list_demands
from exchange.kinds.demands import DEMANDS
from exchange.sheet_import import run_sheet
from tests.exchange.lists import write_csv
from tests.world import NOW, World

HEADER = ("企业名称", "需求名称", "需求描述", "产业领域", "预算（元）", "转化方式", "提出日期")
ROWS = [
    HEADER,
    ("启衡新材料股份有限公司", "锂电池隔膜高温收缩", "一百五十度收缩超标", "新材料、新能源汽车", "50万", "普通许可",
     "2026-02-27"),
    ("91110000600037341L", "车间粉尘治理", "", "节能环保", "", "", ""),
    ("没有登记的公司", "果园采摘人手不足", "", "", "", "", ""),
    ("启衡新材料股份有限公司", "仓库堵车", "", "蒸汽动力", "很多", "租赁", "昨天"),
]  # fmt: skip


def test_good_rows_go_in_wrong_cells_are_named_and_again_changes_nothing(
    any_world: World, tmp_path: Path
) -> None:
    officer = any_world.person("officer")
    first = run_sheet(any_world.db, officer, DEMANDS, write_csv(tmp_path / "需求.csv", ROWS), now=NOW)
    assert (first.added, first.rejected) == (2, 2)
    assert [(error.row, error.field) for error in first.errors] == [
        (4, "整行"), (5, "产业领域"), (5, "预算"), (5, "意向转化方式"), (5, "提出日期"),
    ]  # fmt: skip
    again = run_sheet(any_world.db, officer, DEMANDS, tmp_path / "需求.csv", now=NOW)
    assert (again.added, again.changed, again.same) == (0, 0, 2)
    more = [
        HEADER,
        ("启衡新材料股份有限公司", "锂电池隔膜高温收缩", "热收缩率须低于百分之三", "", "", "", ""),
    ]
    third = run_sheet(any_world.db, officer, DEMANDS, write_csv(tmp_path / "补充.csv", more), now=NOW)
    assert (third.added, third.changed, third.same) == (0, 1, 0)
    with any_world.db.read() as session:
        rows = {row.title: row for row in list_demands(session, any_world.org_id).rows}
    assert set(rows) == {"锂电池隔膜高温收缩", "车间粉尘治理"}
    found = rows["锂电池隔膜高温收缩"]
    assert (found.text, found.budget_fen, found.modes) == (
        "热收缩率须低于百分之三",
        50_000_000,
        ("ordinary_license",),
    )
    assert found.industries == ("materials", "vehicles")
