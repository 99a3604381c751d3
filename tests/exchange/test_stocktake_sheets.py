"""Sheets of stocktaking: contacts, self-ratings and scores in, the sheet to fill in out."""

from pathlib import Path

import openpyxl
import pytest

from cases.profile_tables import PatentProfile
from cases.stocktake_progress import item_page
from exchange.kinds.stocktake import CENTRAL_RATINGS, INVENTORS, SELF_RATINGS, write_rating_sheet
from exchange.sheet_import import SheetReport, run_sheet
from exchange.sheet_kind import SheetKind
from tests.cases.stocktaking import FIRST, items, step, stocktake
from tests.exchange.lists import write_xlsx
from tests.world import NOW, NUMBERS, World

HEADER = (
    "专利号",
    "技术成熟度",
    "应用场景",
    "产业化前景",
    "转化意愿",
    "暂不转化",
    "是否受财政资助",
    "专利价值",
)
GOOD = (NUMBERS[0], "中试", "动力电池；储能", "前景好", "许可、开放许可", "", "否", "较高")


def brought(world: World, kind: SheetKind, path: Path, *rows: tuple[str, ...]) -> SheetReport:
    if rows:
        write_xlsx(path, [list(row) for row in rows])
    return run_sheet(world.db, world.person("officer"), kind, path, now=NOW)


def counts(report: SheetReport) -> tuple[int, int, int, int]:
    return report.added, report.changed, report.same, report.rejected


def test_ratings_enter_as_steps_and_again_change_nothing(any_world: World, tmp_path: Path) -> None:
    item = items(any_world, stocktake(any_world))[0]
    path = tmp_path / "自评.xlsx"
    assert counts(brought(any_world, SELF_RATINGS, path, HEADER, GOOD)) == (1, 0, 0, 0)
    assert counts(brought(any_world, SELF_RATINGS, path)) == (0, 0, 1, 0)
    with any_world.db.read() as session:
        page = item_page(session, any_world.org_id, item)
        profile = session.get(PatentProfile, page.line.patent_id)
    assert profile is not None
    assert (page.line.state, profile.maturity, profile.self_score, profile.funded) == (
        "rated",
        "pilot",
        80,
        False,
    )
    assert len(page.events) == 1


def test_bad_rows_are_named_and_the_good_ones_enter(world: World, tmp_path: Path) -> None:
    id_ = stocktake(world)
    rows = [
        GOOD, (NUMBERS[1], "火星", "储能", "前景好", "许可", "", "", ""), (NUMBERS[2], "中试", "储能", "", "许可", "", "", ""),
        ("202110100099X", "中试", "储能", "前景好", "许可", "", "", ""),
    ]  # fmt: skip
    report = brought(world, SELF_RATINGS, tmp_path / "自评.xlsx", HEADER, *rows)
    assert counts(report)[0] == 1
    assert report.rejected == 3
    told = " ".join(error.reason for error in report.errors)
    assert "没有“火星”这个选项" in told
    assert "自评缺少：产业化前景" in told
    assert items(world, id_, state="rated") == [items(world, id_)[0]]


def test_what_is_being_reviewed_is_not_rewritten(world: World, tmp_path: Path) -> None:
    item = items(world, stocktake(world))[0]
    brought(world, SELF_RATINGS, tmp_path / "自评.xlsx", HEADER, GOOD)
    step(world, item, "pass_college", "approver")
    changed = (*GOOD[:3], "前景较差", *GOOD[4:])
    report = brought(world, SELF_RATINGS, tmp_path / "改.xlsx", HEADER, changed)
    assert (counts(report), "待学校审核" in report.errors[0].reason) == ((0, 0, 0, 1), True)


def test_scores_of_several_raters_make_a_mean(world: World, tmp_path: Path) -> None:
    item = items(world, stocktake(world))[0]
    brought(world, SELF_RATINGS, tmp_path / "自评.xlsx", HEADER, GOOD)
    rows = [
        ("专利号", "评价人登录名", "评分"),
        (NUMBERS[0], "approver", "90"),
        (NUMBERS[0], "", "71"),
        (NUMBERS[0], "nobody", "1"),
    ]
    path = tmp_path / "评分.xlsx"
    assert counts(brought(world, CENTRAL_RATINGS, path, *rows)) == (2, 0, 0, 1)
    assert counts(brought(world, CENTRAL_RATINGS, path)) == (0, 0, 2, 1)
    with world.db.read() as session:
        panel = item_page(session, world.org_id, item).panel
    assert (panel.raters, panel.mean, panel.spread) == (2, 81, 19)


def test_contacts_are_kept_once(any_world: World, tmp_path: Path) -> None:
    rows = [("姓名", "学院", "邮箱"), (FIRST, "材料学院", "a@example.invalid"), ("陈思远", "", "不是邮箱")]
    path = tmp_path / "联系表.xlsx"
    assert counts(brought(any_world, INVENTORS, path, *rows)) == (1, 0, 0, 1)
    assert counts(brought(any_world, INVENTORS, path)) == (0, 0, 1, 1)


def test_sheet_to_fill_in_comes_back_as_it_went_out(world: World, tmp_path: Path) -> None:
    id_ = stocktake(world)
    step_rated = items(world, id_)[0]
    brought(world, SELF_RATINGS, tmp_path / "自评.xlsx", HEADER, GOOD)
    path = tmp_path / "待填.xlsx"
    assert write_rating_sheet(world.db, world.org_id, id_, path) == "2026年存量专利盘点"
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    titles = [cell.value for cell in sheet[1]]
    assert sheet.max_row == 5  # the header, and four of five patents
    for name, value in (
        ("技术成熟度", "中试"),
        ("应用场景", "储能"),
        ("产业化前景", "前景好"),
        ("转化意愿", "许可"),
    ):
        sheet.cell(2, titles.index(name) + 1).value = value
    book.save(path)
    report = run_sheet(world.db, world.person("officer"), SELF_RATINGS, path, now=NOW)
    assert (report.added, report.rejected) == (1, 3)
    assert len(items(world, id_, state="rated")) == 2
    assert step_rated in items(world, id_, state="rated")


@pytest.mark.parametrize("kind", [SELF_RATINGS, CENTRAL_RATINGS, INVENTORS])
def test_examples_of_the_columns_can_be_read(kind: SheetKind) -> None:
    for column in kind.columns:
        if column.example:
            column.parse(column.example)
