"""`panhuo report`: the same reports from cron as from the schedule, for every institution or as somebody."""

from pathlib import Path

import pytest

from tests.cases.dump import dump
from tests.cli.conftest import Office
from tests.modes.story import walk_to


def test_month_is_made_once_and_copied_whole(office: Office, tmp_path: Path) -> None:
    walk_to(office.world, office.world.case(), "report_feedback")
    out = tmp_path / "out"
    ran = office.run("report", "monthly", "--period", "2026-04", "--out", str(out), "--json")
    (row,) = ran.json["reports"]
    assert (ran.code, row["outcome"], row["version"]) == (0, "made", 1)
    assert [path.name for path in out.iterdir()] == ["沧澜理工大学-月度转化统计-2026-04-第1版.xlsx"]
    assert Path(row["path"]).read_bytes()[:2] == b"PK"
    told = office.run("report", "monthly", "--period", "2026年4月").out
    assert told == f"沧澜理工大学 2026-04：与已有版本相同，第1版，{row['rows']}行\n"
    listed = office.run("report", "list", "--as", "officer").out
    assert listed == f"1  月度转化统计 2026年4月 第1版  {row['rows']}行  当前版本\n"


def test_batch_is_made_and_confirmed(office: Office) -> None:
    walk_to(office.world, office.world.case(), "record_filing")
    assert office.run("report", "feedback", "--period", "2026-04-28", "--as", "officer").code == 0
    asked = ("report", "submitted", "1", "--on", "2026-04-28", "--reference", "记录1号", "--as", "officer")
    assert office.run(*asked).out == "ZH2026-00001：已登记平台反馈\n"
    before = dump(office.world.db)
    assert office.run(*asked).code == 0
    assert dump(office.world.db) == before
    assert office.run("report", "feedback").out.endswith("：没有待反馈的标签\n")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("monthly", "--period", "2999-01"), 6, "2999年1月尚未结束"),
        (("yearly", "--period", "x"), 6, "年度须写成2025或2025年的形式"),
        (("feedback", "--period", "2026-02-30"), 6, "截止日期有误"),
        (("monthly", "--as", "finance"), 4, "报告由转化专员或管理员生成和确认"),
        (("submitted", "5", "--on", "2026-03-01", "--reference", "记录", "--as", "officer"), 3, "没有找到该报告"),
    ],
)  # fmt: skip
def test_wrong_input_is_told_with_its_code(
    office: Office, arguments: tuple[str, ...], code: int, told: str
) -> None:
    before = dump(office.world.db)
    ran = office.run("report", *arguments)
    assert (ran.code, told in ran.err) == (code, True)
    assert dump(office.world.db) == before
