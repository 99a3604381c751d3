"""Sheets and platform feedback on their pages: upload, look, import, hand out; labels by hand, differences, quality."""

import io
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest

from cases.feedback_view import all_told
from cases.tables import ImportRun
from desk.web.pages.feedback import CONTENTS
from exchange.sheet_kind import SheetKind
from exchange.sheet_kinds import ALL
from tests.desk.conftest import Browser, Desk, visible
from tests.world import NUMBERS

COMPANIES = (
    "企业名称,统一社会信用代码\n沧澜隔膜科技有限公司,91440300708461136T\n无码有限公司,91330100799655058X\n"
)
LABEL = {
    "patent_no": f"ZL{NUMBERS[1]}", "label": "已转让", "on": "2026-02-10", "party": "甲公司", "evidence": "手续合格通知书 41 号",
}  # fmt: skip


def upload(browser: Browser, kind: str, text: str) -> str:
    answer = browser.post(f"/sheets/{kind}", files={"file": ("名单.csv", text.encode(), "text/csv")})
    assert answer.status_code == 303
    return str(answer.headers["location"])


def told(desk: Desk) -> list[tuple[str, str]]:
    with desk.world.db.read() as session:
        return [(one.label, one.state) for one in all_told(session, desk.world.org_id, date(2026, 3, 2))]


def test_sheet_from_upload_to_result(desk: Desk, until: Callable[[Callable[[], bool]], None]) -> None:
    browser = desk.browser()
    address = upload(browser, "companies", COMPANIES)
    assert "91330100799655058X" in visible(browser.get(address).text)
    assert browser.post(address, {"do": "run"}).status_code == 303
    run_id = int(address.rsplit("/", 1)[1])

    def status() -> str:
        with desk.world.db.read() as session:
            return session.get_one(ImportRun, run_id).status

    until(lambda: status() != "running")
    with desk.world.db.read() as session:
        run = session.get_one(ImportRun, run_id)
        assert (run.kind, run.status, run.rows, run.accepted, run.rejected) == ("companies", "done", 2, 1, 1)
    assert "下载退回行" in visible(browser.get(address).text)
    handed = openpyxl.load_workbook(io.BytesIO(browser.get(f"{address}/rejects").content)).active
    assert handed is not None
    assert handed["A2"].value == "无码有限公司"


def test_sheet_that_cannot_be_read_is_told_and_not_kept(desk: Desk) -> None:
    browser = desk.browser()
    answer = browser.post("/sheets/companies", files={"file": ("a.csv", "甲,乙\n1,2\n".encode(), "text/csv")})
    assert answer.status_code == 422
    assert "没有找到企业名单" in visible(answer.text)


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.name)
def test_every_kind_has_its_page_and_a_template(desk: Desk, kind: SheetKind) -> None:
    browser = desk.browser()
    page = visible(browser.get(f"/sheets/{kind.name}").text)
    assert kind.columns[0].label in page
    book = openpyxl.load_workbook(io.BytesIO(browser.get(f"/sheets/{kind.name}/template").content))
    assert book.worksheets[0]["A1"].value == kind.columns[0].label
    assert kind.zh in visible(browser.get("/sheets").text)


def test_label_by_hand_is_recorded_listed_and_withdrawn(desk: Desk) -> None:
    browser = desk.browser()
    assert browser.post("/feedback", LABEL).headers["location"] == "/feedback?done=recorded"
    assert told(desk)[0][0] == "已转让"
    page = visible(browser.get("/feedback").text)
    assert "手续合格通知书 41 号" in page
    assert "已转让" in visible(browser.get(f"/patents/{desk.world.patent_ids[1]}").text)
    answer = browser.post("/feedback/withdraw", {"record_id": "1", "why": "误登记，合同未生效"})
    assert answer.headers["location"] == "/feedback?done=withdrawn"
    assert told(desk) == [("已转让", "withdrawn")]


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("patent_no", "ZL202110200001.0", "没有专利号为"),
        ("evidence", "", "请写明证明材料"),
        ("on", "2099-01-01", "晚于今日"),
    ],
)
def test_refused_label_keeps_what_was_typed(desk: Desk, field: str, value: str, reason: str) -> None:
    answer = desk.browser().post("/feedback", {**LABEL, field: value})
    assert answer.status_code == 422
    assert reason in visible(answer.text)
    assert 'value="甲公司"' in answer.text
    assert told(desk) == []


@pytest.mark.parametrize("part", list(CONTENTS))
def test_differences_and_quality_are_shown_and_handed_out(desk: Desk, part: str) -> None:
    browser = desk.browser()
    browser.post("/feedback", LABEL)
    assert CONTENTS[part][0] in visible(browser.get(f"/feedback/{part}").text)
    first, second = (browser.get(f"/feedback/{part}/file").content for _ in range(2))
    assert first == second
    assert openpyxl.load_workbook(io.BytesIO(first)).sheetnames[0] == "汇总"


def test_unknown_part_and_kind_are_not_there(desk: Desk) -> None:
    browser = desk.browser()
    assert browser.get("/feedback/other").status_code == 404
    assert browser.get("/sheets/other").status_code == 404


def test_finance_may_look_but_not_record(desk: Desk) -> None:
    browser = desk.browser("finance")
    assert browser.get("/feedback").status_code == 200
    assert browser.post("/feedback", LABEL).status_code == 403
    assert browser.post("/sheets/companies", files={"file": ("a.csv", b"a", "text/csv")}).status_code == 403
