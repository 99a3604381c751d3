"""Reports counted by hand, frozen in versions, the same from the same data."""

from pathlib import Path
from threading import Barrier, Thread

import pytest

from cases.errors import Invalid, NotFound
from cases.periods import period_of
from cases.reports import reports
from cases.trail import verify
from exchange.reports.making import Made, make_report, make_reports
from tests.cases.dump import dump
from tests.exchange.reports.counted import SYSTEM, content, figure, made_on, noon, settings_at, values
from tests.modes.acting import act, day
from tests.modes.story import walk, walk_to
from tests.world import TODAY, World, settle

# The story: opened 2 March, signed and effective 1 April, filed 11 April (due 1 July), recorded 26 April, fed back
# 28 April, 800,000 yuan in on 1 May. The second case of the world is only opened.
APRIL = {
    "running": 2, "stage:preparation": 1, "stage:performance": 1, "mode:exclusive_license": 2, "signed": 1,
    "signed_value": 120_000_000, "filed": 1, "in_time": 10_000, "median:立案至签订": 30, "most:立案至签订": 30,
    "median:签订至备案登记完成": 25, "most:签订至备案登记完成": 25, "labeled": 1,
}  # fmt: skip


@pytest.fixture
def walked(any_world: World) -> tuple[World, int]:
    """A world with a case that has been fed back, and one that has only been opened."""
    first = any_world.case()
    any_world.case(title="第二件")
    walk_to(any_world, first, "report_feedback")
    return any_world, first


def test_month_is_counted_from_what_happened_in_it(walked: tuple[World, int], tmp_path: Path) -> None:
    world, case_id = walked
    found = content(world, made_on(world, tmp_path, "monthly", "2026-04", "2026-05-02"))
    assert values(found) == APRIL
    rows = {key: [row.case_id for row in found.behind(figure(found, key))] for key in ("signed", "running")}
    assert rows == {"signed": [case_id], "running": [case_id, case_id + 1]}


def test_month_stays_as_it_was_whatever_happens_later(walked: tuple[World, int], tmp_path: Path) -> None:
    world, case_id = walked
    first = made_on(world, tmp_path, "monthly", "2026-04", "2026-05-02")
    act(world, case_id, "record_receipt", 60, received_on=day(60), amount_fen=80_000_000, payment="payment:1",
        reference="银行回单")  # fmt: skip
    before = dump(world.db)
    again = made_on(world, tmp_path, "monthly", "2026-04", "2026-07-09")
    assert (again.outcome, again.report_id, again.sha256) == ("unchanged", first.report_id, first.sha256)
    assert dump(world.db) == before


def test_late_entry_makes_a_second_version_that_says_what_differs(
    walked: tuple[World, int], tmp_path: Path
) -> None:
    world, case_id = walked
    first = made_on(world, tmp_path, "monthly", "2026-04", "2026-05-02")
    act(world, case_id, "record_receipt", 70, received_on="2026-04-30", amount_fen=80_000_050, payment="payment:1",
        reference="银行回单")  # fmt: skip
    second = made_on(world, tmp_path, "monthly", "2026-04", "2026-05-20")
    assert (second.outcome, second.version, second.changes) == (
        "made",
        2,
        (
            "本月到账笔数：0 → 1",
            "到账金额：0.00元 → 800,000.50元",
            "签订至首笔到账（中位数）：— → 29天",
            "签订至首笔到账（最长）：— → 29天",
            "本月到账：新增 ZH2026-00001 1",
            "本月完成环节用时：新增 ZH2026-00001 CLLG-XK-2026-007 签订至首笔到账",
        ),
    )
    with world.db.read() as session:
        kept = [(one.version, one.status, one.sha256) for one in reports(session, world.org_id, "monthly")]
        assert verify(session, world.org_id).breaks == ()
    assert kept == [(2, "current", second.sha256), (1, "superseded", first.sha256)]
    store = settings_at(tmp_path).files
    assert store.fetch(first.sha256) != store.fetch(second.sha256)


def test_same_data_give_the_same_bytes_on_another_machine(world: World, tmp_path: Path) -> None:
    walk_to(world, world.case(), "report_feedback")
    first = made_on(world, tmp_path / "one", "yearly", "2026", "2027-01-02")
    with world.db.cursor() as cur:
        cur.run("DELETE FROM report")
    second = made_on(world, tmp_path / "two", "yearly", "2026", "2027-02-28")
    assert (second.sha256, second.version) == (first.sha256, 1)


def test_year_is_counted_by_the_law(any_world: World, tmp_path: Path) -> None:
    list(walk(any_world, any_world.case()))
    found = content(any_world, made_on(any_world, tmp_path, "yearly", "2026", "2027-01-02"))
    cash = found.sheet("cash").rows
    assert values(found) == {
        "contracts": 1, "value": 120_000_000, "contracts:许可": 1, "value:许可": 120_000_000, "received": 80_000_000,
        "cash": 39_600_000, "cash_heads": 3, "net": 79_200_000, "patents": 1,
    }  # fmt: skip
    assert [row.cells[-5:] for row in cash] == [(80_000_000, 800_000, 79_200_000, 39_600_000, 3)]
    assert (figure(found, "cash").article, figure(found, "cash").confidence) == (
        "促进科技成果转化法第21条、第46条",
        "V",
    )
    unverified = {one.zh for one in found.sheet("contracts").columns if one.confidence == "D"}
    assert unverified == {"境外", "定价方式", "技术合同登记编号", "其中技术交易额", "备案（登记）编号"}
    assert "成果完成人甲" not in str(found)


def test_reports_of_all_institutions_are_made_apart(world: World, tmp_path: Path) -> None:
    other = settle(world.db, "另一所大学", "other-")
    walk_to(world, world.case(), "report_feedback")
    made = make_reports(world.db, settings_at(tmp_path), "monthly", "2026-04", noon("2026-05-01"))
    told = [(one.org_id, one.institution, one.rows > 0) for one in made]
    assert told == [(world.org_id, "沧澜理工大学", True), (other.org_id, "另一所大学", False)]


def test_unknown_institution_is_told_and_nothing_is_written(world: World, tmp_path: Path) -> None:
    before = dump(world.db)
    with pytest.raises(NotFound, match="没有编号为99的单位"):
        make_reports(world.db, settings_at(tmp_path), "monthly", "", noon("2026-05-01"), org_id=99)
    assert dump(world.db) == before


def test_two_at_once_make_one_version(walked: tuple[World, int], tmp_path: Path) -> None:
    world, _ = walked
    made: list[Made] = []
    barrier = Barrier(4)

    def make() -> None:
        barrier.wait()
        made.append(
            make_report(
                world.db,
                settings_at(tmp_path),
                world.org_id,
                "monthly",
                "2026-04",
                noon("2026-05-01"),
                SYSTEM,
            )
        )

    threads = [Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.outcome for one in made) == ["made", "unchanged", "unchanged", "unchanged"]
    assert {(one.report_id, one.sha256) for one in made} == {(made[0].report_id, made[0].sha256)}
    with world.db.read() as session:
        assert len(reports(session, world.org_id)) == 1


@pytest.mark.parametrize(
    ("kind", "text", "told"),
    [
        ("monthly", "2026-03", "2026年3月尚未结束，请选择已经结束的期间"),
        ("monthly", "2027年1月", "2027年1月尚未结束，请选择已经结束的期间"),
        ("monthly", "2026-13", "月份须写成2026-10或2026年10月的形式"),
        ("monthly", "１２", "月份须写成2026-10或2026年10月的形式"),
        ("monthly", "2026-2\x00", "月份须写成2026-10或2026年10月的形式"),
        ("yearly", "2026", "2026年度尚未结束，请选择已经结束的期间"),
        ("yearly", "0001", "年度须写成2025或2025年的形式"),
        ("yearly", "去年", "年度须写成2025或2025年的形式"),
        ("feedback", "2026-03-03", "截止日期2026-03-03晚于今日2026-03-02，请选择已经结束的期间"),
        ("weekly", "", "没有“weekly”这种报告，可选：feedback（盘活系统反馈批次）、monthly（月度转化统计）、"
         "yearly（科技成果转化年度报告）、indicators（转化指标年度快照）"),
    ],
)  # fmt: skip
def test_wrong_period_is_told_in_chinese(kind: str, text: str, told: str) -> None:
    with pytest.raises(Invalid) as refused:
        period_of(kind, text, TODAY)
    assert refused.value.message == told


@pytest.mark.parametrize(
    ("kind", "text", "key", "last"),
    [
        ("monthly", "", "2026-02", "2026-02-28"), ("monthly", "2026年2月", "2026-02", "2026-02-28"),
        ("monthly", "2024/2", "2024-02", "2024-02-29"), ("yearly", "", "2025", "2025-12-31"),
        ("feedback", "", "2026-03-02", "2026-03-02"), ("feedback", "2026年3月1日", "2026-03-01", "2026-03-01"),
    ],
)  # fmt: skip
def test_period_is_read_or_the_latest_complete_one(kind: str, text: str, key: str, last: str) -> None:
    found = period_of(kind, text, TODAY)
    assert (found.key, found.last.isoformat()) == (key, last)
