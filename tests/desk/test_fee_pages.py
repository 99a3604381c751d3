"""Annual fees on the desk: the forecast of the institution, and what a patent's page says and keeps."""

import io
import re
from datetime import date

import pytest
from openpyxl import load_workbook

from cases.patent_fees import fee_data_of
from cases.tables import Patent
from cases.trail import verify
from tests.desk.conftest import Browser, Desk, visible
from tests.world import World


@pytest.fixture
def library(desk: Desk) -> Desk:
    """Five patents: two plain, one in its grace period, one lapsed, one without a filing date."""
    _, second, third, fourth, fifth = desk.world.patent_ids
    changes: dict[int, dict[str, object]] = {
        second: {"filing_date": date(2021, 6, 7), "fee_payer": "college"},
        third: {"filing_date": date(2019, 11, 4), "status": "in_grace", "fee_paid_year": 6},
        fourth: {"status": "lapsed"},
        fifth: {"filing_date": None},
    }
    with desk.world.db.write() as session:
        for id_, values in changes.items():
            row = session.get(Patent, id_)
            assert row is not None
            for name, value in values.items():
                setattr(row, name, value)
    return desk


def test_forecast_adds_up_by_month_and_payer(library: Desk) -> None:
    officer = library.browser()
    text = officer.text("/fees?months=12")
    assert "笔数 4" in text
    assert "滞纳期内 1" in text
    assert "未计入的专利 2" in text
    assert re.search(r"2026-06 \S+ 元 1笔 学院（部门） 1笔", text)
    college = officer.text("/fees?months=12&payer=college")
    assert ("笔数 1" in college, "2026-05 —" in college) == (True, True)


def test_overdue_fee_counts_today_with_its_surcharge(library: Desk) -> None:
    text = library.browser().text("/fees?months=12&view=patent")
    row = re.search(r"2025-11-04 已逾期 (.+?) 第7年度 (\S+) (\S+) (\S+) 元", text)
    assert row is not None
    assert row.groups()[1:] == ("300.00", "300.00", "600.00")


def test_patents_left_out_are_told_with_the_reason(library: Desk) -> None:
    text = library.browser().text("/fees?view=left_out")
    assert ("缺申请日，无法计算；请补录申请日" in text, "已终止、期满或宣告无效，不再缴费" in text) == (
        True,
        True,
    )


def test_forecast_is_downloaded_with_its_filters(library: Desk) -> None:
    officer = library.browser()
    table = officer.get("/fees/forecast.csv?months=12&view=patent&payer=college").content.decode("utf-8-sig")
    lines = table.splitlines()
    assert [line.split(",")[1] for line in lines[1:] if "未计入" not in line] == ["ZL202010100002.3"]
    book = load_workbook(io.BytesIO(officer.get("/fees/forecast.xlsx?months=12").content), read_only=True)
    assert book.sheetnames == ["按月汇总", "明细"]
    book.close()
    assert officer.get("/fees/forecast.pdf").status_code == 404


@pytest.mark.parametrize("query", ["months=0", "months=121", "months=x", "from=前年", "from=1984-01"])
def test_wrong_span_is_told(library: Desk, query: str) -> None:
    officer = library.browser()
    page = officer.get(f"/fees?{query}")
    assert (page.status_code, "alert-danger" in page.text) == (422, True)
    assert officer.get(f"/fees/forecast.csv?{query}").status_code == 422


def test_strangers_have_a_forecast_of_their_own(library: Desk, strangers: World) -> None:
    with library.world.db.write() as session:
        row = session.get(Patent, library.world.patent_ids[0])
        assert row is not None
        row.title = "只在本单位的发明"
    assert "只在本单位的发明" in library.browser().text("/fees?view=patent")
    assert "只在本单位的发明" not in library.browser(world=strangers).text("/fees?view=patent")


def test_patent_shows_fees_clocks_and_their_reasons(library: Desk) -> None:
    text = library.browser().text(f"/patents/{library.world.patent_ids[0]}")
    for told in ("年费与期限", "第7年度 2026-05-06 300.00 元", "年费缴纳：第7年度", "专利权期满", "日期如何得出",
                 "唯一权利人为本单位，按可减缴85%计算", "已经过去、系统没有办理记录的期限"):  # fmt: skip
        assert told in text


def test_patent_without_dates_says_why_nothing_is_due(library: Desk) -> None:
    officer = library.browser()
    assert "缺申请日，无法计算" in officer.text(f"/patents/{library.world.patent_ids[4]}")
    assert "不再缴费" in officer.text(f"/patents/{library.world.patent_ids[3]}")


def test_fee_data_are_corrected_and_kept_in_the_trail(desk: Desk, officer: Browser) -> None:
    patent = desk.world.patent_ids[0]
    path = f"/patents/{patent}/fees"
    typed = {"fee_paid_year": "7", "fee_reduction": "none", "fee_payer": "institution"}
    assert officer.post(path, typed).headers["location"] == f"/patents/{patent}?fees#upkeep"
    text = officer.text(f"/patents/{patent}?fees")
    assert ("年费信息已保存" in text, "第8年度" in text, "第7年度 2026" in text) == (True, True, False)
    assert "更正了年费信息" in desk.browser("administrator").text("/admin/audit")
    officer.post(path, {"fee_paid_year": "", "fee_reduction": "unsaid", "fee_payer": "unsaid"})
    with desk.world.db.read() as session:
        found = fee_data_of(session, desk.world.org_id, patent)
        assert (found.reduction, found.paid_year, found.payer) == ("", None, "")
        assert verify(session, desk.world.org_id).breaks == ()


def test_wrong_fee_data_stay_in_the_form(desk: Desk, officer: Browser) -> None:
    patent = desk.world.patent_ids[0]
    answer = officer.post(f"/patents/{patent}/fees", {"fee_paid_year": "21", "fee_reduction": "99"})
    assert (answer.status_code, 'value="21"' in answer.text) == (422, True)
    assert "须为1至20的整数" in visible(answer.text)
    with desk.world.db.read() as session:
        assert fee_data_of(session, desk.world.org_id, patent).paid_year is None


@pytest.mark.parametrize("role", ["approver", "finance", "readonly"])
def test_others_read_the_fee_data(desk: Desk, role: str) -> None:
    patent = desk.world.patent_ids[0]
    browser = desk.browser(role)
    page = browser.get(f"/patents/{patent}").text
    assert ("按权利人推定" in page, f"/patents/{patent}/fees" in page) == (True, False)
    assert browser.post(f"/patents/{patent}/fees", {"fee_paid_year": "3"}).status_code == 403
