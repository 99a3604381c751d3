"""The inbox by keyboard, the board on both screens, and one step for several cases."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit, shot

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("engine")]


def test_inbox_is_walked_by_keyboard(visit: Visit) -> None:
    officer = visit("officer")
    officer.goto("/inbox")
    shot(officer, "inbox")
    links = officer.locator("[data-walked] [data-open]")
    officer.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    officer.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    officer.keyboard.press("k")
    officer.keyboard.press("Enter")
    officer.wait_for_url(re.compile(r"/cases/\d+$"))
    officer.goto("/inbox")
    officer.keyboard.press("2")
    officer.wait_for_url("**/inbox?tab=waiting*")
    expect(officer.get_by_text(re.compile("^审批人（")).first).to_be_visible()
    shot(officer, "inbox-waiting")


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize(
    "path", ["/", "/inbox", "/board", "/cases", "/modes?patents=1", "/cases/new?patents=1"]
)
def test_page_fits_the_screen(visit: Visit, path: str, width: int) -> None:
    officer = visit("officer", width)
    officer.goto(path)
    assert officer.evaluate("document.documentElement.scrollWidth") == width
    shot(officer, f"fits-{path.split('?')[0].strip('/').replace('/', '-') or 'home'}-{width}")


def test_board_leads_to_the_case(visit: Visit) -> None:
    officer = visit("officer", 390)
    officer.goto("/board")
    officer.locator(".board-card").first.click()
    officer.wait_for_url(re.compile(r"/cases/\d+$"))


def test_several_cases_are_chosen_and_looked_at_first(visit: Visit) -> None:
    officer = visit("officer")
    officer.goto("/cases")
    press = officer.get_by_role("button", name="批量办理")
    expect(press).to_be_disabled()
    officer.get_by_label("选择本页全部案件").check()
    expect(press).to_be_enabled()
    press.click()
    officer.wait_for_url("**/cases/bulk")
    expect(officer.get_by_role("heading", name="现在不能办理，将略过")).to_be_visible()
    shot(officer, "bulk")


def test_choosing_a_patent_compares_the_modes_at_once(visit: Visit) -> None:
    officer = visit("officer")
    officer.goto("/cases/new")
    expect(officer.get_by_text("选择专利后，这里比较各种方式")).to_be_visible()
    officer.locator("#patents .picker-row:not(.chosen) input").first.check()
    expect(officer.get_by_role("link", name="详细比较")).to_be_visible()
    expect(officer.locator("#modes .suited-choice .badge").first).to_be_visible()
