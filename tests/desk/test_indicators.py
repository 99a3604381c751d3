"""指标 on the desk: results first, opened down to the rows, filtered, taken along, and defined by administrators."""

import io
from datetime import UTC, datetime

import openpyxl
import pytest

from tests.desk.conftest import Desk, visible
from tests.modes.story import walk_to


@pytest.fixture
def converted(desk: Desk) -> Desk:
    """A desk with one license that has come to its money."""
    walk_to(desk.world, desk.world.case(), "record_receipt")
    desk.clock.now = datetime(2026, 12, 1, 4, tzinfo=UTC)
    return desk


def test_results_lead_and_every_figure_has_its_definition(converted: Desk) -> None:
    page = converted.browser().text("/indicators?year=2026")
    order = ("转化成果", "专利转化合同额", "专利实施率", "推进过程", "有效专利（比率的分母）")
    heads = [page.index(name) for name in order]
    assert heads == sorted(heads)
    assert "专利转化合同额 120.00万元 年度内签订的转化合同金额合计" in page
    assert (
        "专利实施率 待核实 20.00% 1 ÷ 5 · 分母明细 有任一转化事件（九类反馈标签之一）的有效专利÷有效专利 依据 S2-14"
        in page
    )
    assert "评价覆盖率 待核实 暂无数据" in page


def test_a_figure_opens_its_rows(converted: Desk) -> None:
    officer = converted.browser()
    page = officer.get("/indicators/contract_value?year=2026")
    assert "合计1,200,000.00元" in visible(page.text)
    assert '<a href="/cases/1">ZH2026-00001</a>' in page.text
    assert "共5条" in officer.text("/indicators/implementation_rate?year=2026&part=over")
    assert "共1条" in officer.text("/indicators/implementation_rate?year=2026")
    assert "没有明细" in officer.text("/indicators/contract_value?year=2025")
    assert officer.get("/indicators/unknown").status_code == 404
    beyond = officer.get("/indicators/contract_value?year=2026&page=9")
    assert (beyond.status_code, beyond.headers["location"]) == (
        303,
        "/indicators/contract_value?year=2026&page=1",
    )


def test_filters_narrow_and_what_they_do_not_touch_says_so(converted: Desk) -> None:
    officer = converted.browser()
    page = officer.text("/indicators?year=2026&mode=transfer")
    assert "签订转化合同 0 " in page
    assert "依据 S2-14 · 未按转化方式筛选" in page
    wrong = officer.get("/indicators?year=2099")
    assert (wrong.status_code, "年度须写成2026的形式，且不晚于今年" in visible(wrong.text)) == (422, True)


def test_page_and_rows_are_taken_along_as_workbooks(converted: Desk) -> None:
    officer = converted.browser()
    whole = openpyxl.load_workbook(io.BytesIO(officer.get("/indicators/export.xlsx?year=2026").content))
    listed = {row[0]: row[3] for row in whole["指标"].iter_rows(min_row=2, values_only=True)}
    assert (listed["contract_value"], listed["registered"]) == ("120.00万元", "暂无数据")
    rows = openpyxl.load_workbook(
        io.BytesIO(officer.get("/indicators/contracts/rows.xlsx?year=2026").content)
    )
    assert [cell.value for cell in rows["明细"][2]][:3] == ["ZH2026-00001", "锂电池隔膜独占许可", "独占许可"]


def test_administrators_choose_the_definition(converted: Desk) -> None:
    path, administrator = "/indicators/implementation_rate", converted.browser("administrator")
    assert "采用所选口径" in administrator.text(path)
    assert "采用所选口径" not in converted.browser().text(path)
    assert converted.browser().post(f"{path}/definition", {"variant": "worked"}).status_code == 403
    wrong = administrator.post(f"{path}/definition", {"variant": "other"})
    assert (wrong.status_code, "请从所列口径中选择" in visible(wrong.text)) == (422, True)
    done = administrator.post(f"{path}/definition", {"variant": "worked"})
    assert (done.status_code, done.headers["location"]) == (303, f"{path}?defined")
    assert "专利实施率 待核实 0.00% 0 ÷ 5" in administrator.text("/indicators?year=2026")
    assert "更换了指标口径" in administrator.text("/admin/audit")


def test_page_reads_in_english(converted: Desk) -> None:
    officer = converted.browser()
    officer.post("/my/language", {"language": "en", "next": "/"})
    page = officer.text("/indicators?year=2026")
    assert "Contract value 1,200,000.00 CNY sum of the contracts signed in the year" in page
    assert "Time of the stage: Preparation" in officer.text("/indicators/leg.preparation?year=2026")
