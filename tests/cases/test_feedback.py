"""Labels by hand, their days, their withdrawal; the platform's answers and lists, and how both sides differ."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.feedback_view import Told, all_told, told_of_patent
from cases.label_records import LABELS, record_label, withdraw_label
from cases.report_content import canonical
from cases.reports import confirm_submitted
from cases.rulebooks import DEFAULT_LAYERS, book_of
from exchange.reports.platform import comparison, quality
from exchange.sheet_import import SheetReport, run_sheet
from exchange.sheet_kinds import kind_of
from tests.exchange.lists import write_csv
from tests.exchange.reports.counted import content, made_on
from tests.modes.story import walk_to
from tests.world import NUMBERS, World, settle

NOW = datetime(2026, 5, 8, 2, 0, tzinfo=UTC)
TODAY = date(2026, 5, 8)
TRANSFERRED: Mapping[str, object] = {
    "label": "已转让", "on": "2026-04-20", "party": "沧澜隔膜科技有限公司", "evidence": "手续合格通知书 2026-041",
}  # fmt: skip


def record(world: World, values: Mapping[str, object] = TRANSFERRED, patent: int = 1) -> str:
    told = {**values, "patent_id": world.patent_ids[patent]}
    return record_label(world.db, world.person("officer"), told, today=TODAY, now=NOW)


def told(world: World, today: date = TODAY) -> tuple[Told, ...]:
    with world.db.read() as session:
        return all_told(session, world.org_id, today)


def states(world: World, today: date = TODAY) -> list[tuple[str, str, str]]:
    return [(one.patent.number, one.label, one.state) for one in told(world, today)]


def deadlines(world: World) -> list[tuple[str, str, str]]:
    with world.db.cursor() as cur:
        rows = cur.all("SELECT key, due, status FROM deadline WHERE patent_id IS NOT NULL ORDER BY id")
        return [(key, str(due), status) for key, due, status in rows]


def take_in(
    world: World, tmp_path: Path, kind: str, rows: Sequence[tuple[str, ...]], at: datetime = NOW
) -> SheetReport:
    path = write_csv(tmp_path / f"{kind}.csv", rows)
    return run_sheet(world.db, world.person("officer"), kind_of(kind), path, source="sheet:1", now=at)


def differences(world: World, today: date = TODAY) -> list[tuple[object, ...]]:
    with world.db.read() as session:
        found = comparison(session, world.org_id, today, book_of(DEFAULT_LAYERS))
        sheet = found.sheet("differences")
        shown = [sheet.place_of(name) for name in ("kind", "patent_no", "label", "their_label")]
        return [tuple(row.cells[at] for at in shown) for row in sheet.rows]


def test_the_platform_knows_nine_labels() -> None:
    assert sorted(LABELS) == sorted((
        "已转让", "已作价入股", "已达成开放许可", "已达成普通许可", "已达成排他许可", "已达成独占许可", "已由被许可人实现产业化",
        "已通过技术服务合同或技术开发合同约定由合作企业实现产业化", "已参与专利池运营",
    ))  # fmt: skip


def test_label_by_hand_has_its_own_day_and_is_one_record(any_world: World) -> None:
    assert (record(any_world), record(any_world)) == ("added", "same")
    # Fifteen days after 20 April 2026 is 5 May, a day off; the next working day is 6 May (国务院办公厅 2026 年放假安排).
    assert deadlines(any_world) == [("feedback:1", "2026-05-06", "open")]
    assert states(any_world, date(2026, 5, 6)) == [(NUMBERS[1], "已转让", "owed")]
    assert states(any_world, date(2026, 5, 7)) == [(NUMBERS[1], "已转让", "overdue")]


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("label", "转让", "请从九种反馈类别中选择"),
        ("on", "2026-05-09", "2026-05-09晚于今日2026-05-08，请填写已经发生的日期"),
        ("on", "", "日期为空"),
        ("evidence", " ", "请写明证明材料"),
    ],
)
def test_label_that_is_not_valid(world: World, field: str, value: str, reason: str) -> None:
    with pytest.raises(Invalid) as caught:
        record(world, {**TRANSFERRED, field: value})
    assert list(caught.value.fields) == [field]
    assert caught.value.fields[field].startswith(reason)
    assert told(world) == ()


def test_only_keepers_record_and_only_on_own_patents(world: World) -> None:
    strangers = settle(world.db, "云岫大学", "y-")
    with pytest.raises(Forbidden):
        record_label(world.db, world.person("finance"), TRANSFERRED, today=TODAY, now=NOW)
    values = {**TRANSFERRED, "patent_id": strangers.patent_ids[0]}
    with pytest.raises(NotFound):
        record_label(world.db, world.person("officer"), values, today=TODAY, now=NOW)


def test_withdrawn_label_stays_on_record_with_its_reason(any_world: World) -> None:
    record(any_world)
    officer = any_world.person("officer")
    withdraw_label(any_world.db, officer, record_id=1, why="合同未生效，误登记", today=TODAY, now=NOW)
    (one,) = told(any_world)
    assert (one.state, one.why) == ("withdrawn", "林知远：合同未生效，误登记")
    assert [row[2] for row in deadlines(any_world)] == ["dropped"]
    with pytest.raises(Conflict):
        withdraw_label(any_world.db, officer, record_id=1, why="再撤一次也无妨", today=TODAY, now=NOW)
    with pytest.raises(Invalid):
        withdraw_label(any_world.db, officer, record_id=1, why="误", today=TODAY, now=NOW)


def test_withdrawn_label_of_a_case_is_owed_no_more(any_world: World, tmp_path: Path) -> None:
    walk_to(any_world, any_world.case(), "record_filing")
    (one,) = told(any_world)
    withdraw_label(
        any_world.db, any_world.person("officer"), event_id=one.id, why="备案被撤销", today=TODAY, now=NOW
    )
    assert [state for _, _, state in states(any_world)] == ["withdrawn"]
    assert made_on(any_world, tmp_path, "feedback", "", "2026-05-08").outcome == "nothing"


def test_batch_holds_labels_by_hand_and_confirming_it_tells_of_them(any_world: World, tmp_path: Path) -> None:
    record(any_world)
    made = made_on(any_world, tmp_path, "feedback", "", "2026-05-08")
    (row,) = content(any_world, made).sheet("batch").rows
    assert (row.case_id, row.event, row.cells[:2]) == (
        None, "label_record:1", ("ZL202010100002.3", "一种锂离子电池隔膜的制备方法（2）"),
    )  # fmt: skip
    assert made.report_id is not None
    view = confirm_submitted(
        any_world.db, any_world.person("officer"), made.report_id, "2026-05-08", "盘活-001", NOW
    )
    assert [answer["outcome"] for answer in view.answers] == ["recorded"]
    assert view.status == "submitted"
    assert states(any_world) == [(NUMBERS[1], "已转让", "reported")]
    assert [row[2] for row in deadlines(any_world)] == ["met"]


ANSWERS = ("专利号", "反馈类别", "审核结果", "审核日期", "反馈编号", "退回原因")


def test_returned_label_is_owed_again_with_a_new_day_and_accepted_is_done(
    any_world: World, tmp_path: Path
) -> None:
    record(any_world)
    path = [ANSWERS, (NUMBERS[1], "转让", "通过", "2026-05-06", "PH-9", "")]
    assert take_in(any_world, tmp_path, "platform_answers", path).added == 1
    assert states(any_world) == [(NUMBERS[1], "已转让", "accepted")]
    returned = [ANSWERS, (NUMBERS[1], "转让", "退回", "2026-05-07", "", "合同金额不符")]
    report = take_in(any_world, tmp_path, "platform_answers", returned)
    assert (report.added, take_in(any_world, tmp_path, "platform_answers", returned).same) == (1, 1)
    (one,) = told(any_world)
    assert (one.state, one.answer, one.due) == ("returned", "合同金额不符", date(2026, 5, 22))
    assert deadlines(any_world) == [
        ("feedback:1", "2026-05-06", "met"), ("feedback:1", "2026-05-22", "open"),
    ]  # fmt: skip
    assert differences(any_world) == [("平台退回", "ZL202010100002.3", "已转让", "")]


LIST = ("专利号", "反馈类别", "成交日期", "受让人", "反馈编号")


def test_differences_between_our_labels_and_the_platform(any_world: World, tmp_path: Path) -> None:
    walk_to(any_world, any_world.case(), "report_feedback")
    record(any_world, {**TRANSFERRED, "on": "2026-04-01"}, 1)
    record(any_world, {**TRANSFERRED, "label": "已作价入股", "party": "甲公司"}, 2)
    record(any_world, patent=4)
    shown: list[tuple[str, ...]] = [
        LIST, (NUMBERS[1], "已转让", "2026-04-02", "乙公司", "P1"), (NUMBERS[2], "普通许可", "2026-04-20", "甲公司", "P2"),
        (NUMBERS[3], "专利池", "2026-03-01", "", "P3"),
    ]  # fmt: skip
    assert take_in(any_world, tmp_path, "platform_list", shown).added == 3
    expected = [
        ("平台缺少", "ZL202010100001.9", "已达成独占许可", ""), ("本单位缺少", "ZL202010100004.2", "", "已参与专利池运营"),
        ("类别不同", "ZL202010100003.8", "已作价入股", "已达成普通许可"), ("日期不同", "ZL202010100002.3", "已转让", "已转让"),
        ("对方不同", "ZL202010100002.3", "已转让", "已转让"),
    ]  # fmt: skip
    assert differences(any_world) == expected
    assert take_in(any_world, tmp_path, "platform_list", shown).same == 3
    assert differences(any_world) == expected


def test_newer_list_takes_the_place_of_the_one_before(world: World, tmp_path: Path) -> None:
    take_in(world, tmp_path, "platform_list", [LIST, (NUMBERS[3], "专利池", "2026-03-01", "", "P3")])
    assert differences(world) == [("本单位缺少", "ZL202010100004.2", "", "已参与专利池运营")]
    later = datetime(2026, 5, 9, 2, 0, tzinfo=UTC)
    take_in(world, tmp_path, "platform_list", [LIST, (NUMBERS[4], "已转让", "2026-03-01", "", "P4")], later)
    assert differences(world) == [("本单位缺少", "ZL202010100005.7", "", "已转让")]


def test_quality_counts_lags_and_doubts_by_college(any_world: World) -> None:
    record(any_world, {**TRANSFERRED, "party": ""}, 1)
    record(any_world, {**TRANSFERRED, "on": "2026-05-01"}, 2)
    with any_world.db.read() as session:
        found = quality(session, any_world.org_id, TODAY, book_of(DEFAULT_LAYERS))
        again = quality(session, any_world.org_id, TODAY, book_of(DEFAULT_LAYERS))
    assert {figure.key: figure.value for figure in found.figures} == {
        "events": 2, "open": 2, "late": 1, "median": 7, "most": 18, "faulty": 2,
    }  # fmt: skip
    assert found.sheet("colleges").rows[0].cells == ("（未填院系）", 2, 2, 1, 7, 18, 2)
    assert [row.cells[12] for row in found.sheet("events").rows] == [
        "没有院系，无法归集", "没有写明对方当事人；没有院系，无法归集",
    ]  # fmt: skip
    assert canonical(found) == canonical(again)


def test_history_of_a_patent_and_no_other(any_world: World) -> None:
    record(any_world, patent=1)
    record(any_world, patent=2)
    with any_world.db.read() as session:
        found = told_of_patent(session, any_world.org_id, any_world.patent_ids[1], TODAY)
    assert [one.patent.number for one in found] == [NUMBERS[1]]


def test_mapping_file_teaches_the_titles_of_the_platform(world: World, tmp_path: Path) -> None:
    (tmp_path / "mappings").mkdir()
    (tmp_path / "mappings" / "sheet-platform_answers.toml").write_text(
        '[titles]\noutcome = ["处理情况"]\n[words.outcome]\n"审结" = "已采纳"\n', "utf-8"
    )
    record(world)
    path = write_csv(
        tmp_path / "list.csv",
        (("专利号", "反馈类别", "处理情况", "审核日期"), (NUMBERS[1], "转让", "审结", "2026-05-06")),
    )
    kind = kind_of("platform_answers", tmp_path)
    assert run_sheet(world.db, world.person("officer"), kind, path, now=NOW).added == 1


@pytest.mark.parametrize(
    ("text", "told_"),
    [
        ("[titles]\nresult = []\n", "没有这些字段：result。"),
        ('[words.outcome]\n"审结" = "办结"\n', "没有“办结”这个选项。"),
        ('[words.number]\n"x" = "y"\n', "反馈编号没有选项，不能设置words"),
        ("titles = 1\n", "titles "),
        ("x", "无法读取："),
    ],
)
def test_mapping_file_that_cannot_be_used(tmp_path: Path, text: str, told_: str) -> None:
    (tmp_path / "mappings").mkdir()
    path = tmp_path / "mappings" / "sheet-platform_answers.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(Invalid) as caught:
        kind_of("platform_answers", tmp_path)
    assert caught.value.message.startswith(f"列名映射文件{path}有误：{told_}")
