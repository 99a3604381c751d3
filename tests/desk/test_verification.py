"""The page behind a QR code, for everybody; and the page that says which paper a file is, for the institution."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from cases.papers import document_file, document_of, render_document, request_document
from contracts.pdf import Renderer
from contracts.seal.paper_checker import inside
from tests.desk.conftest import Browser, Desk, visible
from tests.modes.story import walk
from tests.world import NOW, World


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer()


@pytest.fixture
def paper(desk: Desk, renderer: Renderer) -> Path:
    """The publicity notice of a case."""
    case_id = desk.world.case()
    list(walk(desk.world, case_id, until="agree_price"))
    document_id = request_document(
        desk.world.db, desk.world.person("officer"), case_id, "publicity_notice", now=NOW
    )
    render_document(desk.world.db, desk.settings, renderer, document_id, NOW)
    with desk.world.db.read() as session:
        return document_file(desk.settings, document_of(session, desk.world.org_id, document_id))


def address(paper: Path) -> str:
    return f"/v/{(inside(paper.read_bytes()).token or '').removeprefix('panhuo:v1:')}"


def _compared(guest: Browser, page: str, data: bytes) -> str:
    token = re.search(r'name="csrf" value="([^"]+)"', guest.get(page).text)
    assert token is not None
    return visible(
        guest.post(page, {"csrf": token[1]}, files={"file": ("a.pdf", data, "application/pdf")}).text
    )


def test_everybody_learns_that_it_was_issued_and_nothing_of_the_case(desk: Desk, paper: Path) -> None:
    answer = desk.guest().get(address(paper))
    told = visible(answer.text)
    assert answer.status_code == 200
    for word in ("沧澜理工大学", "ZH2026-00001", "第1版", "是目前的最新版本"):
        assert word in told
    for secret in ("启衡新材料", "锂离子电池", "林知远", "120万", "1,200,000"):
        assert secret not in answer.text


@pytest.mark.parametrize("token", ["x", "AVZHWqdUY0dMg4rOvqRS_eRkWcWLPrYHvNLD54Bo6A6Z", "A" * 900])
def test_unknown_token_is_said_to_be_unknown(desk: Desk, token: str) -> None:
    answer = desk.guest().get(f"/v/{token}")
    assert (answer.status_code, "本系统不认识这个验证码" in answer.text) == (404, True)


def test_holder_compares_the_file(desk: Desk, paper: Path) -> None:
    data, guest = paper.read_bytes(), desk.guest()
    assert "逐字节一致" in _compared(guest, address(paper), data)
    told = _compared(guest, address(paper), data.replace(b"/Title", b"/Titel", 1) + b" ")
    assert "您的文件与出具的文书不一致" in told
    assert "至少有一个字节不一致" in told


def test_too_many_questions_are_stopped_for_a_minute(desk: Desk, paper: Path) -> None:
    guest = desk.guest()
    found = [guest.get(address(paper)).status_code for _ in range(31)]
    assert (set(found[:30]), found[30]) == ({200}, 429)
    desk.clock.now += timedelta(minutes=1)
    assert guest.get(address(paper)).status_code == 200


def test_own_people_learn_which_paper_a_file_is(
    desk: Desk, officer: Browser, paper: Path, strangers: World
) -> None:
    def told(browser: Browser, data: bytes) -> str:
        return visible(browser.post("/verify", files={"file": ("a.pdf", data, "application/pdf")}).text)

    data = paper.read_bytes()
    assert "逐字节一致" in told(officer, data)
    assert "ZH2026-00001" in told(desk.browser("readonly"), data)
    assert "与出具的不一致" in told(officer, data + b"\n")
    assert "不是本单位登记的文书或附件" in told(officer, b"something")
    assert "不是本单位登记的文书或附件" in told(desk.browser(world=strangers), data)
    assert "请选择一个文件" in visible(officer.post("/verify").text)


def test_public_key_stands_on_the_page_of_the_institution(desk: Desk, officer: Browser, paper: Path) -> None:
    page = officer.get("/admin/organization").text
    assert "-----BEGIN PUBLIC KEY-----" in page
    assert "PRIVATE" not in page
