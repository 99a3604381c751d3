"""The page of a case's files: what is added is listed and taken along, what is not accepted says why."""

from urllib.parse import quote

import httpx
import pytest

from tests.cases import uploads
from tests.desk.conftest import Browser, Desk, visible
from tests.modes.story import walk
from tests.world import World

SCAN = uploads.pdf(text="signed")


def _add(
    browser: Browser, case_id: int, name: str, data: bytes, kind: str = "signed_contract"
) -> httpx.Response:
    files = {"file": (name, data, "text/html")}
    return browser.post(f"/cases/{case_id}/files", {"kind": kind, "note": "双方盖章"}, files=files)


def test_file_is_added_listed_and_told(desk: Desk, officer: Browser) -> None:
    case_id = desk.world.case()
    answer = _add(officer, case_id, "合同.pdf", SCAN)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{case_id}/files?done=kept")
    page = officer.text(answer.headers["location"])
    assert "附件已保存" in page
    assert "合同.pdf" in page
    assert "已签合同扫描件" in page
    again = _add(officer, case_id, "合同.pdf", SCAN)
    assert "没有重复保存" in officer.text(again.headers["location"])
    assert "添加了附件" in officer.text(f"/cases/{case_id}?tab=timeline")


def test_download_is_never_shown_as_a_page(desk: Desk, officer: Browser) -> None:
    case_id = desk.world.case()
    _add(officer, case_id, "合同.pdf", SCAN)
    answer = officer.get(f"/cases/{case_id}/files/1")
    assert answer.content == SCAN
    assert {name: answer.headers[name] for name in (
        "content-type", "content-disposition", "x-content-type-options", "content-security-policy",
    )} == {
        "content-type": "application/pdf",
        "content-disposition": f"attachment; filename*=UTF-8''{quote('合同.pdf')}",
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; sandbox",
    }  # fmt: skip


@pytest.mark.parametrize(("name", "data", "told"), [
    ("合同.pdf", b"<html><script>alert(1)</script></html>", "内容是网页或XML文本"),
    ("合同.pdf", b"", "文件是空的"),
    ("合同.pdf", uploads.encrypted_pdf(), "PDF已加密"),
    ("", SCAN, "请选择一个文件"),
])  # fmt: skip
def test_refused_file_says_why_and_is_not_kept(
    desk: Desk, officer: Browser, name: str, data: bytes, told: str
) -> None:
    case_id = desk.world.case()
    answer = _add(officer, case_id, name, data)
    assert answer.status_code == 422
    assert told in visible(answer.text)
    assert "还没有附件" in visible(answer.text)


def test_file_above_the_limit_is_stopped_while_it_streams(desk: Desk, officer: Browser) -> None:
    answer = _add(officer, desk.world.case(), "合同.pdf", SCAN + b"\0" * (52 << 20))
    assert answer.status_code == 413


def test_other_institution_and_other_roles(desk: Desk, officer: Browser, strangers: World) -> None:
    case_id = desk.world.case()
    _add(officer, case_id, "合同.pdf", SCAN)
    theirs = desk.browser(world=strangers)
    assert [theirs.get(f"/cases/{case_id}/files{path}").status_code for path in ("", "/1")] == [404, 404]
    assert _add(theirs, case_id, "合同.pdf", SCAN).status_code == 404
    assert _add(desk.browser("finance"), case_id, "合同.pdf", SCAN).status_code == 403
    assert _add(desk.browser("finance"), case_id, "回单.pdf", SCAN, "evidence").status_code == 303
    assert "添加附件" not in desk.browser("readonly").text(f"/cases/{case_id}/files")


def test_signature_names_its_copy_by_choosing_it(desk: Desk, officer: Browser) -> None:
    case_id = desk.world.case()
    list(walk(desk.world, case_id, until="finalize_contract"))
    _add(officer, case_id, "合同.pdf", SCAN)
    form = officer.get(f"/cases/{case_id}/steps/sign").text
    assert '<option value="1">合同.pdf</option>' in form
    assert "本案“附件”中的编号" not in form
