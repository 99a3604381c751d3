"""Sheets of enterprises, experts and evaluations: good rows go in, wrong ones are named, again changes nothing."""

from pathlib import Path

from cases.enterprises import get_profile
from cases.evaluation_views import list_evaluations
from cases.experts import list_experts
from exchange.kinds.enterprises import EVALUATIONS, EXPERTS, PROFILES
from exchange.sheet_import import run_sheet
from tests.exchange.lists import write_csv
from tests.world import NOW, World

COMPANY = "启衡新材料股份有限公司"
PROFILE_ROWS = [
    ("企业名称", "企业类别", "地区", "产业领域", "规模", "培育状态"),
    (COMPANY, "高新技术企业、国家知识产权优势企业", "沧澜市", "新材料", "中型", "储备"),
    ("没有登记的公司", "", "", "", "", ""),
    ("91110000600037341L", "最佳企业", "", "", "", ""),
]
EXPERT_ROWS = [
    ("姓名", "工作单位", "产业领域", "熟悉的技术和产品", "推荐单位", "共享范围"),
    ("方既白", "沧澜新材料协会", "新材料、新能源汽车", "隔膜涂覆设备", "市科技局", "全市共享"),
]
EVALUATION_ROWS = [
    (
        "专利号",
        "企业名称",
        "评价专家",
        "专家单位",
        "产业化前景得分",
        "技术改进需求得分",
        "产学研合作意愿得分",
        "产业化前景说明",
        "评价日期",
    ),
    ("202010100001.9", COMPANY, "", "", "80", "40", "60", "下游厂家有批量需求", "2026-03-01"),
    ("202010100002.3", "", "方既白", "沧澜新材料协会", "90", "0", "50", "可替代进口的隔膜产品", "2026-03-01"),
    ("202010100003.8", "", "无此人", "", "90", "0", "50", "", "2026-03-01"),
    ("202010100004.2", COMPANY, "", "", "120", "0", "50", "", "2026-03-01"),
]


def test_sheets_go_in_row_by_row_and_again_change_nothing(world: World, tmp_path: Path) -> None:
    officer = world.person("officer")
    counts = []
    for kind, rows in ((PROFILES, PROFILE_ROWS), (EXPERTS, EXPERT_ROWS), (EVALUATIONS, EVALUATION_ROWS)):
        sheet = write_csv(tmp_path / f"{kind.name}.csv", rows)
        first = run_sheet(world.db, officer, kind, sheet, now=NOW)
        again = run_sheet(world.db, officer, kind, sheet, now=NOW)
        counts.append(
            (
                first.added,
                first.rejected,
                again.added,
                again.changed,
                again.same,
                [e.row for e in first.errors],
            )
        )
    assert counts == [(1, 2, 0, 0, 1, [3, 4]), (1, 0, 0, 0, 1, []), (2, 2, 0, 0, 2, [4, 5])]
    with world.db.read() as session:
        profile = get_profile(session, world.org_id, world.company_id)
        assert (profile.classes, profile.industries, profile.size, profile.cultivation) == (
            ("high_tech", "ip_advantage"), ("materials",), "medium", "reserve",
        )  # fmt: skip
        assert list_experts(session, world.org_id, industry="vehicles")[1] == 1
        found, _ = list_evaluations(session, world.org_id)
    assert {(one.by, one.score, one.source) for one in found} == {
        (COMPANY, 70, "sheet"),
        ("方既白", 70, "sheet"),
    }


def test_another_word_of_the_same_day_is_refused_and_nothing_written_over(
    world: World, tmp_path: Path
) -> None:
    officer = world.person("officer")
    head, first, *_ = EVALUATION_ROWS
    run_sheet(world.db, officer, EVALUATIONS, write_csv(tmp_path / "一.csv", [head, first]), now=NOW)
    changed = (*first[:4], "10", *first[5:])
    told = run_sheet(world.db, officer, EVALUATIONS, write_csv(tmp_path / "二.csv", [head, changed]), now=NOW)
    assert (told.rejected, "没有覆盖" in told.errors[0].reason) == (1, True)
    with world.db.read() as session:
        (row,), _ = list_evaluations(session, world.org_id)
    assert row.score == 70
