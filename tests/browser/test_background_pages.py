"""What runs by itself, as each role sees it: jobs, reminders, messages, channels, reports; wide and narrow."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from cases.night_fees import date_annual_fees
from cases.reminders import remind
from tests.browser.conftest import Visit, shot
from tests.flows.conftest import Product

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("engine")]
WIDTHS = (1440, 390)
TABBED = "/admin/work"  # the first of several pages behind one entry of the menu
INSIDE = {
    "/my/notifications": "/my",
    "/indicators/contract_value": "/indicators",
    **dict.fromkeys(("/use/assessments", "/use/products", "/use/outcomes"), "/use"),
}  # reached from another page
PAGES = {
    "officer": (
        "/",
        "/deadlines?of=patents",
        "/messages",
        "/my",
        "/my/notifications",
        "/reports",
        "/fees",
        "/indicators",
        "/indicators/contract_value",
        "/use",
        "/use/assessments",
        "/use/products",
        "/use/outcomes",
    ),
    "finance": ("/", "/messages", "/my/notifications", "/reports"),
    "admin": ("/admin/work", "/admin/nightly", "/admin/channels", "/admin/audit"),
    "readonly": ("/admin/nightly", "/admin/audit", "/deadlines"),
}


@pytest.fixture(scope="module")
def fees(site: Product) -> int:
    """A patent of an officer's case whose annual fee has been reminded of."""
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    date_annual_fees(site.db, now, now.date())
    remind(site.db, now.date(), now)
    with site.db.cursor() as cur:
        (patent,) = cur.one(
            "SELECT MIN(d.patent_id) FROM deadline d JOIN reminder r ON r.deadline_id = d.id "
            "WHERE d.status = 'open' AND d.rule_id = ?",
            "T-08",
        )
    return int(patent)


def _fits(page: Page, width: int, name: str) -> bool:
    page.set_viewport_size({"width": width, "height": 900})
    shot(page, f"background-{name}-{width}")
    return bool(page.evaluate("document.documentElement.scrollWidth") <= width)


@pytest.mark.parametrize("login", PAGES)
def test_pages_of_a_role_stand_in_its_menu_and_fit(visit: Visit, fees: int, login: str) -> None:
    page = visit(login)
    menu = {link.get_attribute("href") for link in page.locator("#menu a.nav-link").all()}
    if TABBED in menu:
        page.goto(TABBED)
        menu |= {link.get_attribute("href") for link in page.locator("main .nav-tabs a.nav-link").all()}
    assert {INSIDE.get(path, path).partition("?")[0] for path in PAGES[login]} - menu == set()
    for path in PAGES[login]:
        answer = page.goto(path)
        fits = [_fits(page, width, f"{login}{path.partition('?')[0].replace('/', '-')}") for width in WIDTHS]
        assert (path, answer and answer.status, fits) == (path, 200, [True, True])


def test_a_message_leads_to_the_date_and_its_reminders(visit: Visit, fees: int) -> None:
    page = visit("officer")
    page.goto("/messages")
    link = page.locator("main a[href^='/cases/'][href*='#deadline-']").first
    target = (link.get_attribute("href") or "").partition("#")[2]
    link.click()
    expect(page.locator(f"#{target}")).to_be_visible()
    page.goto(f"/patents/{fees}")
    told = page.locator("#upkeep details", has_text="提醒记录").first
    told.locator("summary").click()
    expect(told.get_by_text("站内消息 已发送").first).to_be_visible()
    assert [_fits(page, width, "patent") for width in WIDTHS] == [True, True]
