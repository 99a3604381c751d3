"""Headers, limits, redirects and failures."""

import re
from collections.abc import AsyncIterator

import pytest

from cases.imports import uploads_of
from desk.web.paging import Pages, page_number
from desk.web.security import UPLOAD_LIMIT, as_id, safe_path
from tests.desk.conftest import Browser, Desk, visible


@pytest.mark.parametrize("path", ["/sign-in", "/healthz", "/static/desk.css", "/nowhere"])
def test_every_answer_carries_the_headers(desk: Desk, path: str) -> None:
    headers = desk.guest().get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'self'; ")
    assert "unsafe" not in headers["content-security-policy"]
    assert (headers["x-frame-options"], headers["x-content-type-options"]) == ("DENY", "nosniff")
    assert headers["referrer-policy"] == "same-origin"


def test_pages_hold_no_inline_script_or_style(desk: Desk) -> None:
    case_id = desk.case_with_terms()
    officer = desk.browser()
    for path in ("/", "/cases", f"/cases/{case_id}", f"/cases/{case_id}/terms", "/patents/imports", "/my"):
        html = officer.get(path).text
        assert re.findall(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=|\son[a-z]+=", html) == []
        assert re.findall(r"""(?:src|href)=["']?(?:https?:)?//""", html) == []


def test_the_session_cookie_is_out_of_reach_of_scripts(desk: Desk) -> None:
    guest = desk.guest()
    cookie = guest.get("/sign-in").headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


@pytest.mark.parametrize(("given", "kept"), [
    ("/cases/1?tab=terms", "/cases/1?tab=terms"), ("//evil.test", "/"), ("https://evil.test", "/"),
    ("/\\evil.test", "/"), ("", "/"), ("/a\nb", "/"), ("javascript:alert(1)", "/"),
])  # fmt: skip
def test_nobody_is_sent_to_another_site(given: str, kept: str) -> None:
    assert safe_path(given) == kept


@pytest.mark.parametrize(("text", "number"), [
    ("1", 1), ("7", 7), ("0", 1), ("-3", 1), ("x", 1), ("", 1), ("999999", 100_000), ("9999999999", 1), ("１", 1),
])  # fmt: skip
def test_page_numbers_are_bounded(text: str, number: int) -> None:
    assert page_number(text) == number


def test_pages_keep_the_filters() -> None:
    pages = Pages(2, 20, 45, "/patents", {"q": "隔膜", "status": ""})
    assert (pages.count, pages.first, pages.last, list(pages.near)) == (3, 21, 40, [1, 2, 3])
    assert pages.address(9) == "/patents?q=%E9%9A%94%E8%86%9C&page=3"


def test_a_page_behind_the_end_leads_to_the_last(officer: Browser) -> None:
    assert officer.get("/patents?page=99&q=隔膜").headers["location"].endswith("page=1")


@pytest.mark.parametrize(
    ("text", "number"), [("12", 12), ("-1", None), ("1.5", None), ("", None), ("9" * 16, None)]
)
def test_ids_are_plain_numbers(text: str, number: int | None) -> None:
    assert as_id(text) == number


def test_an_unknown_address_has_a_page(officer: Browser) -> None:
    for path in ("/nowhere", "/cases/abc", "/cases/999999", "/cases?q=%00"):
        answer = officer.get(path)
        assert (answer.status_code, "没有找到" in visible(answer.text)) == (404, True)
        assert "林知远" in visible(answer.text)


def test_a_fault_of_ours_shows_an_id_and_no_trace(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    officer = desk.browser()

    def broken() -> None:
        raise RuntimeError("secret detail")

    desk.app.state.clock = broken
    answer = officer.get("/")
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    error_id = re.search(r"<code>([0-9a-f]{8})</code>", answer.text)[1]  # type: ignore[index]
    assert f"error {error_id} at GET /" in caplog.text


def test_an_api_failure_is_no_page(desk: Desk) -> None:
    answer = desk.guest().get("/api/v1/nowhere")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def _chunks(total: int, head: bytes) -> AsyncIterator[bytes]:
    yield head
    chunk = b"1" * (1 << 20)
    for _ in range(total >> 20):
        yield chunk


def _multipart(csrf: str) -> tuple[bytes, dict[str, str]]:
    head = (
        '--cut\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n' + csrf + "\r\n--cut\r\n"
        'Content-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n'
    )
    return head.encode(), {"content-type": "multipart/form-data; boundary=cut"}


def test_a_huge_upload_is_stopped_and_nothing_kept(desk: Desk) -> None:
    officer = desk.browser()
    head, headers = _multipart(officer.csrf)
    answer = officer.send(
        "POST", "/patents/imports", content=_chunks(2 * UPLOAD_LIMIT, head), headers=headers
    )
    assert (answer.status_code, "50 MB" in visible(answer.text)) == (413, True)
    assert list(uploads_of(desk.settings).names()) == []
    assert "还没有导入过清单" in officer.text("/patents/imports")


def test_a_huge_form_is_stopped(desk: Desk) -> None:
    answer = desk.browser().post("/companies/new", {"name": "长" * 1_000_000})
    assert answer.status_code == 413


def test_a_form_comes_back_after_the_session_ended(desk: Desk) -> None:
    answer = desk.guest().post("/companies/new", {"name": "某公司"})
    assert (answer.status_code, "在新标签页" in visible(answer.text)) == (401, True)


def test_wrong_passwords_rest_the_account(desk: Desk) -> None:
    guest = desk.guest()
    page = guest.get("/sign-in").text
    token = re.search(r'name="csrf" value="([^"]+)"', page)[1]  # type: ignore[index]
    answers = [guest.post("/sign-in", {"csrf": token, "login": "officer", "password": "x"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 6
    assert "用户名或密码不正确" in answers[0].text
    assert "登录失败次数过多" in answers[5].text
    assert 'value="officer"' in answers[5].text


def test_health_is_told_to_everyone(desk: Desk) -> None:
    assert desk.guest().get("/healthz").json() == {"status": "ok"}
    assert desk.guest().get("/readyz").json() == {"status": "ready"}
