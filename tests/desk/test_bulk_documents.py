"""批量生成 on the desk and through the API: started, watched, stopped, tried again, handed out."""

import io
import zipfile

from cases.bulk_making import hold, let_go, make_item, waiting_items
from tests.cases.test_bulk_runs import Printer
from tests.desk.conftest import Desk, visible
from tests.world import NOW


def work(desk: Desk, run_id: int, broken: str = "") -> None:
    """Do what the worker does, with a renderer that prints the HTML itself."""
    db, printer = desk.world.db, Printer(broken=broken)
    assert hold(db, run_id, "worker", NOW)
    for item in waiting_items(db, run_id, 0, 99):
        make_item(db, desk.settings, printer, item, NOW)
    let_go(db, run_id, "worker", NOW)


def test_filtered_cases_are_made_watched_retried_and_downloaded(desk: Desk) -> None:
    officer = desk.browser()
    first, second = desk.case_with_terms(), desk.case_with_terms()
    with desk.world.db.cursor() as cur:
        cur.run("UPDATE conversion_case SET number = 'ZH-BAD' WHERE id = ?", second)
    assert "/documents/bulk?stage=" in officer.get("/cases").text
    assert "全部案件 · 2件" in officer.text("/documents/bulk")
    started = officer.post("/documents/bulk", {"kind": "approval_form"})
    assert (started.status_code, started.headers["location"]) == (303, "/documents/bulk/1")
    assert "已处理0件，共2件" in officer.text("/documents/bulk/1")
    assert "hx-refresh" not in officer.get("/documents/bulk/1/progress").headers

    work(desk, 1, broken="ZH-BAD")
    shown = officer.text("/documents/bulk/1")
    assert "已处理2件，共2件" in shown
    assert "文书生成超过 60 秒，已停止" in shown
    assert f'href="/cases/{second}"' in officer.get("/documents/bulk/1").text
    assert f'href="/cases/{first}"' not in officer.get("/documents/bulk/1").text
    assert officer.get("/documents/bulk/1/progress").headers["hx-refresh"] == "true"

    assert officer.post("/documents/bulk/1", {"do": "retry"}).status_code == 303
    assert officer.post("/documents/bulk/1", {"do": "retry"}).status_code == 409
    work(desk, 1)
    with zipfile.ZipFile(io.BytesIO(officer.get("/documents/bulk/1/files").content)) as archive:
        assert len(archive.namelist()) == 2
    assert "已完成" in officer.text("/documents/bulk")


def test_stopped_run_says_so_and_wrong_input_is_told(desk: Desk) -> None:
    officer = desk.browser()
    desk.case_with_terms()
    officer.post("/documents/bulk", {"kind": "contract"})
    assert officer.post("/documents/bulk/1", {"do": "stop"}).status_code == 303
    assert "已停止" in officer.text("/documents/bulk/1")
    again = officer.post("/documents/bulk/1", {"do": "stop"})
    assert (again.status_code, "已经结束" in visible(again.text)) == (409, True)
    none = officer.post("/documents/bulk", {"kind": "contract", "q": "没有这样的案件"})
    assert (none.status_code, "没有可以生成该文书的案件" in visible(none.text)) == (422, True)
    assert "开始生成" not in desk.browser("readonly").text("/documents/bulk")
