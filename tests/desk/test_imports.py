"""Importing a list in the browser: look, choose columns, import behind the page, refused rows back."""

import io
from collections.abc import Callable
from hashlib import sha256

import openpyxl
import pytest

from cases.imports import uploads_of
from tests.desk.conftest import Browser, Desk, visible

LIST = (
    "序号,名称,号码,日期\n"
    "1,一种电解液及其制备方法,ZL 2021 1 0000001.6,2021年3月1日\n"
    "2,一种正极材料,2.02E+12,2021-03-02\n"
    "3,一种负极材料,202110000003.5,2021-13-40\n"
)
Waiting = Callable[[Callable[[], bool]], None]


def upload(browser: Browser, data: bytes, name: str = "清单.csv") -> str:
    """Upload a list and return the address of its preview."""
    answer = browser.post("/patents/imports", files={"file": (name, data, "text/csv")})
    assert answer.status_code == 303
    return answer.headers["location"]


def test_the_preview_shows_what_was_understood(officer: Browser) -> None:
    page = officer.text(upload(officer, LIST.encode("gb18030")))
    assert "编码 GB18030" in page
    assert "表头在第1行" in page
    assert "2.02E+12" in page
    assert "科学计数法" in page


def test_good_rows_go_in_and_bad_rows_come_back(desk: Desk, officer: Browser, until: Waiting) -> None:
    address = upload(officer, LIST.encode())
    chosen = {"map.application_no": "号码", "map.title": "名称", "map.filing_date": "日期"}
    assert officer.post(address, {**chosen, "do": "run"}).status_code == 303
    until(lambda: "清单行数" in officer.text(address))
    page = officer.text(address)
    assert "清单行数 3 合格专利 1 其中未变化 0 退回行数 2" in page
    book = openpyxl.load_workbook(io.BytesIO(officer.get(f"{address}/rejects").content))
    rows = list(book.active.iter_rows(values_only=True))
    assert [row[2] for row in rows[1:]] == ["2.02E+12", "202110000003.5"]
    assert "一种电解液及其制备方法" in officer.text("/patents?q=电解液")
    assert list(uploads_of(desk.settings).names()) == []


def test_the_same_list_again_changes_nothing(officer: Browser, until: Waiting) -> None:
    for unchanged in (0, 2):
        address = upload(officer, LIST.encode())
        officer.post(address, {"map.application_no": "号码", "map.title": "名称", "do": "run"})
        until(lambda where=address: "清单行数" in officer.text(where))  # type: ignore[misc]
        assert f"其中未变化 {unchanged} " in officer.text(address)


def test_a_missing_column_is_asked_for(officer: Browser) -> None:
    address = upload(officer, LIST.encode())
    answer = officer.post(address, {"map.title": "名称", "do": "run"})
    assert (answer.status_code, "请为申请号指定一列" in visible(answer.text)) == (422, True)
    assert "<option selected>名称</option>" in answer.text


@pytest.mark.parametrize(("data", "told"), [
    (b"", "文件是空的"), (b"%PDF-1.7 not a list", "这是PDF"), ("今天天气,很好\n是,的\n".encode(), "没有找到专利清单"),
])  # fmt: skip
def test_a_file_that_is_no_list_is_refused_and_not_kept(
    desk: Desk, officer: Browser, data: bytes, told: str
) -> None:
    answer = officer.post("/patents/imports", files={"file": ("a.csv", data, "text/csv")})
    assert (answer.status_code, told in visible(answer.text)) == (422, True)
    assert list(uploads_of(desk.settings).names()) == []


def test_no_file_is_told(officer: Browser) -> None:
    answer = officer.post("/patents/imports")
    assert (answer.status_code, "请选择一个" in visible(answer.text)) == (422, True)


def test_an_upload_can_be_thrown_away(desk: Desk, officer: Browser) -> None:
    address = upload(officer, LIST.encode())
    assert officer.post(address, {"do": "discard"}).status_code == 303
    assert "已放弃导入" in officer.text(address)
    assert list(uploads_of(desk.settings).names()) == []


@pytest.mark.parametrize("role", ["approver", "finance"])
def test_others_do_not_import(desk: Desk, role: str) -> None:
    answer = desk.browser(role).post("/patents/imports", files={"file": ("a.csv", LIST.encode(), "text/csv")})
    assert answer.status_code == 403


@pytest.mark.parametrize("name", ["../../etc/passwd.csv", "C:\\Users\\lin\\passwd.csv"])
def test_a_filename_never_leaves_its_folder(desk: Desk, officer: Browser, name: str) -> None:
    address = upload(officer, LIST.encode(), name)
    assert "预览 · passwd.csv · 盘活" in officer.text(address)
    assert list(uploads_of(desk.settings).names()) == [sha256(LIST.encode()).hexdigest()]
