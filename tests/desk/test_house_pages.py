"""The institution's own templates at the desk: looked at, chosen, previewed; by administrators alone."""

from pathlib import Path

import pytest

from contracts.fonts.build import default_folder
from desk.answers.house import begin_house
from tests.desk.conftest import Desk, visible
from tests.modes.story import walk_to

PATH = "/admin/templates"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with one house."""
    (tmp_path / "fonts").symlink_to(default_folder())
    monkeypatch.setenv("PANHUO_HOME", str(tmp_path))
    folder = tmp_path / "houses" / "canglan"
    begin_house(folder)
    return folder


def test_only_administrators_see_the_page(desk: Desk, home: Path) -> None:
    statuses = {role: desk.browser(role).get(PATH).status_code for role in ("officer", "administrator")}
    assert statuses == {"officer": 403, "administrator": 200}


def test_a_house_is_looked_at_and_chosen(desk: Desk, home: Path) -> None:
    administrator = desk.browser("administrator")
    (home / "general" / "notice.txt").write_text("一切通知以纸质送达为准。\n", encoding="utf-8")
    page = administrator.text(f"{PATH}?name=canglan")
    assert "一切通知以纸质送达为准。" in page
    assert "可以使用：各转化方式的样例合同均已试填" in page
    assert administrator.post(PATH, {"name": "canglan"}).status_code == 303
    assert "产品自带模板 选用 本单位文书模板 canglan · 版本 1 使用中" in " ".join(
        administrator.text(PATH).split()
    )
    assert "选用了单位模板" in administrator.text("/admin/audit")


def test_faults_are_shown_with_file_and_line_and_nothing_is_chosen(desk: Desk, home: Path) -> None:
    administrator = desk.browser("administrator")
    (home / "general" / "notice.txt").write_text("通知。\n\n{{ t.__class__ }}<script>", encoding="utf-8")
    answer = administrator.post(PATH, {"name": "canglan"})
    assert answer.status_code == 422
    told = " ".join(visible(answer.text).split())
    assert "general/notice.txt 3 不能读取内部内容“__class__”，请删去。" in told
    assert "<script>。" not in answer.text
    assert "使用中" in told.split("本单位文书模板")[0]


def test_the_contract_number_is_suggested_when_drafting_begins(desk: Desk, home: Path) -> None:
    settings = home / "house.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace('# contract = "XX', 'contract = "CL'), encoding="utf-8"
    )
    desk.browser("administrator").post(PATH, {"name": "canglan"})
    case_id = desk.world.case()
    walk_to(desk.world, case_id, "approve")
    page = desk.browser().get(f"/cases/{case_id}/steps/start_drafting").text
    assert 'value="CL-DZ-2026-001"' in page


def test_a_preview_is_a_pdf_of_made_up_data(desk: Desk, home: Path) -> None:
    desk.settings.home.mkdir()
    desk.settings.fonts.symlink_to(default_folder().resolve())  # to decode them takes ten seconds
    answer = desk.browser("administrator").get(f"{PATH}/preview?name=canglan&kind=publicity_notice")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-")
    missing = desk.browser("administrator").get(f"{PATH}/preview?name=canglan&mode=pledge")
    assert (missing.status_code, "没有名为“pledge”的转化方式" in missing.text) == (422, True)
