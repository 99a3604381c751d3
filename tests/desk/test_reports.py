"""报告 on the desk: made, opened down to the rows, downloaded, confirmed; wrong input in Chinese, where it was typed."""

import io
from datetime import UTC, datetime

import openpyxl

from tests.cases.dump import dump
from tests.desk.conftest import Desk, visible
from tests.modes.story import walk_to


def test_month_is_made_opened_and_downloaded(desk: Desk) -> None:
    walk_to(desk.world, case_id := desk.world.case(), "report_feedback")
    desk.clock.now = datetime(2026, 5, 2, 4, tzinfo=UTC)
    officer = desk.browser()
    assert 'value="2026-04"' in officer.get("/reports").text
    made = officer.post("/reports", {"kind": "monthly", "period": "2026-04"})
    assert (made.status_code, made.headers["location"]) == (303, "/reports/1?made=made")
    page = officer.text("/reports/1")
    assert "签订合同金额 1,200,000.00元 签订日期在本月的合同金额合计" in page
    behind = officer.get("/reports/1?figure=signed")
    assert f'<a href="/cases/{case_id}">ZH2026-00001</a>' in behind.text
    assert "本月签订合同 · 1行" in visible(behind.text)
    assert "没有明细" in officer.text("/reports/1?figure=closed")
    file = officer.get("/reports/1/file")
    assert file.headers["content-disposition"].endswith("-2026-04-%E7%AC%AC1%E7%89%88.xlsx")
    assert openpyxl.load_workbook(io.BytesIO(file.content))["本月签订合同"]["G2"].value == 1_200_000
    again = officer.post("/reports", {"kind": "monthly", "period": "2026年4月"})
    assert "没有产生新版本" in officer.text(again.headers["location"])


def test_batch_is_made_and_confirmed(desk: Desk) -> None:
    walk_to(desk.world, desk.world.case(), "record_filing")
    desk.clock.now = datetime(2026, 4, 28, 4, tzinfo=UTC)
    officer = desk.browser()
    assert officer.post("/reports", {"kind": "feedback"}).headers["location"] == "/reports/1?made=made"
    assert "确认已在盘活系统提交" in officer.text("/reports/1")
    assert "确认已在盘活系统提交" not in desk.browser("finance").text("/reports/1")
    wrong = officer.post("/reports/1/submitted", {"reported_on": "2026-04-29", "reference": "记录1号"})
    assert wrong.status_code == 422
    assert "提交日期不能晚于今日2026-04-28" in visible(wrong.text)
    assert 'value="记录1号"' in wrong.text
    done = officer.post("/reports/1/submitted", {"reported_on": "2026-04-28", "reference": "记录1号"})
    assert (done.status_code, done.headers["location"]) == (303, "/reports/1")
    page = officer.text("/reports/1")
    assert "ZH2026-00001 已登记平台反馈" in page
    assert "确认已在盘活系统提交" not in page
    second = officer.post("/reports/1/submitted", {"reported_on": "2026-04-27", "reference": "记录2号"})
    assert (second.status_code, "该批次已由林知远确认于2026-04-28提交" in visible(second.text)) == (409, True)
    nothing = officer.post("/reports", {"kind": "feedback"})
    assert "没有待反馈的标签，未生成批次" in visible(nothing.text)
    assert "生成了报告" in desk.browser("administrator").text("/admin/audit")


def test_wrong_periods_are_told_and_write_nothing(desk: Desk) -> None:
    officer, before = desk.browser(), dump(desk.world.db, "session")
    for kind, period, told in (
        ("monthly", "2026-03", "2026年3月尚未结束"), ("yearly", "明年", "年度须写成2025或2025年的形式"),
        ("daily", "", "没有“daily”这种报告"),
    ):  # fmt: skip
        answer = officer.post("/reports", {"kind": kind, "period": period})
        assert (answer.status_code, told in visible(answer.text)) == (422, True)
    assert desk.browser("approver").post("/reports", {"kind": "monthly"}).status_code == 403
    assert dump(desk.world.db, "session", "sign_in_link") == {
        name: rows for name, rows in before.items() if name != "sign_in_link"
    }


def test_report_reads_in_english(desk: Desk) -> None:
    officer = desk.browser()
    officer.post("/my/language", {"language": "en", "next": "/"})
    officer.post("/reports", {"kind": "yearly"})
    assert "Yearly conversion report 2025" in officer.text("/reports/1")
    assert "Contracts signed" in officer.text("/reports/1")


def test_frozen_year_is_printed_and_compared(desk: Desk) -> None:
    walk_to(desk.world, desk.world.case(), "record_filing")
    desk.clock.now = datetime(2027, 1, 5, 4, tzinfo=UTC)
    officer = desk.browser()
    assert officer.post("/reports", {"kind": "indicators"}).headers["location"] == "/reports/1?made=made"
    assert "与现在的记录一致。" in officer.text("/reports/1?compare=1")
    desk.world.case(title="第二件")
    page = officer.text("/reports/1?compare=1")
    assert "冻结之后记录有变化" in page
    assert "新立案件：1 → 2" in page
    paper = officer.get("/reports/1/paper.pdf")
    assert (paper.headers["content-type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
