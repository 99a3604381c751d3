"""Sheets of declaration and use: each is imported once, again without a change, and refused row by row."""

from pathlib import Path

import pytest

from exchange.kinds.use import ASSESSMENTS, DECLARATIONS, PRODUCTS, USES
from exchange.sheet_import import SheetReport, run_sheet
from exchange.sheet_kind import SheetKind
from tests.cases.dump import dump
from tests.world import NOW, World

SHEETS: dict[str, tuple[SheetKind, str, tuple[str, ...]]] = {
    "declarations": (
        DECLARATIONS,
        "申请号,是否财政资助,项目类型,项目名称,项目编号,声明日期\n"
        "202010100001.9,是,国家自然科学基金,机理研究,52000001,2026-03-01\n202010100002.3,否,,,,\n"
        "202010100003.8,是,国家自然科学基金,,,\n202010199999.1,否,,,,\n",
        ("项目名称", "申请号"),
    ),
    "uses": (
        USES,
        "申请号,年度,实施情况,未实施的理由,理由复核日期\n202010100001.9,2025,自行实施,,\n"
        "202010100002.3,2025,未实施,正在洽谈转化,2027-01-01\n202010100003.8,2025,未实施,,\n202010100004.2,2025,睡着了,,\n",
        ("未实施的理由", "实施情况"),
    ),
    "assessments": (
        ASSESSMENTS,
        "发明创造名称,发明人,是否财政资助,产业化前景,转化潜力,商业价值,维护成本合理性,评估人,评估结论,评估意见,评估日期\n"
        "一种甲,陈思远,否,80,80,80,80,周审言,通过,同意申请,2026-03-01\n一种乙,陈思远,,,,,,,,,\n"
        "一种丙,陈思远,否,,,,,周审言,通过,同意申请,2026-03-01\n一种丁,陈思远,否,900,,,,,,,\n",
        ("产业化前景", "产业化前景"),
    ),
    "products": (
        PRODUCTS,
        "产品名称,生产企业,实施依据,所用专利,投产日期,备案编号,备案日期\n"
        "隔膜,启衡新材料股份有限公司,许可,202010100001.9、202010100002.3,2026-01-10,ZLCP1,2026-02-01\n"
        "涂层,启衡新材料股份有限公司,自行实施,202010100003.8,2026-01-10,,\n"
        "粉体,启衡新材料股份有限公司,许可,别人的专利,2026-01-10,,\n薄片,启衡新材料股份有限公司,许可,202010100001.9,2027-01-10,,\n",
        ("所用专利", "投产日期"),
    ),
}  # fmt: skip


def load(world: World, path: Path, name: str) -> SheetReport:
    kind, text, _ = SHEETS[name]
    path.write_text(text, encoding="utf-8")
    return run_sheet(world.db, world.person("officer"), kind, path, now=NOW)


@pytest.mark.parametrize("name", SHEETS)
def test_good_rows_enter_and_bad_ones_are_named(any_world: World, tmp_path: Path, name: str) -> None:
    path = tmp_path / "清单.csv"
    first = load(any_world, path, name)
    assert (first.rows, first.added, first.rejected) == (4, 2, 2)
    assert {error.field for error in first.errors} >= set(SHEETS[name][2])
    before = dump(any_world.db)
    again = load(any_world, path, name)
    assert (again.added, again.changed, again.same, again.rejected) == (0, 0, 2, 2)
    assert dump(any_world.db) == before
