"""A real Chromium on the real product: desk, Prefect's server and worker, with sample data."""

import os
import re
import signal
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from cases.db import Database
from cases.people import make_sign_in_link, person_by_login
from cases.schema import upgrade
from desk.provision import browser as installed_browser
from desk.sample import fill
from tests.flows.conftest import Product, launch

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SHOTS = os.environ.get("PANHUO_SHOTS", "")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The running product with sample data."""
    home = tmp_path_factory.mktemp("site")
    db = Database(f"sqlite:///{home / 'panhuo.db'}")
    upgrade(db)
    fill(db, datetime.now(ZoneInfo("Asia/Shanghai")))
    with (
        db.cursor() as cur
    ):  # the sample's own papers would keep the worker from those of the tests for minutes
        cur.run("UPDATE outbox SET available_at = '2100-01-01 00:00:00.000000' WHERE status = 'pending'")
    db.dispose()
    product = launch(home)
    yield product
    product.process.send_signal(signal.SIGTERM)
    product.process.wait(40)
    product.db.dispose()


@pytest.fixture
def chromium() -> Iterator[Browser]:
    """The distribution's Chromium, or Playwright's own; without one the run fails (`make test` installs it).

    Started for each test: while Playwright runs, its event loop would stop every other client in the process.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed_browser(), args=ARGUMENTS)
        yield browser
        browser.close()


Visit = Callable[..., Page]


@pytest.fixture
def visit(site: Product, chromium: Browser) -> Iterator[Visit]:
    """Return a function that opens a page signed in as somebody, wide or narrow; errors on the page fail the test."""
    opened: list[Page] = []
    faults: list[str] = []

    def enter(login: str, width: int = 1440) -> Page:
        context = chromium.new_context(
            base_url=site.settings.base_url, viewport={"width": width, "height": 900}, locale="zh-CN"
        )
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        with site.db.read() as session:
            person = person_by_login(session, login)
        page.goto(f"/sign-in/{make_sign_in_link(site.db, person.id)}")
        confirm = page.locator("form[action^='/sign-in'] button")
        if re.search("/sign-in/", page.url):
            confirm.first.click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        opened.append(page)
        return page

    yield enter
    for number, page in enumerate(opened):
        shot(page, f"last-{number}")
        page.context.close()
    assert [fault for fault in faults if "status of 4" not in fault] == []


def shot(page: Page, name: str) -> None:
    """Keep a picture of the whole page under PANHUO_SHOTS, if that is set."""
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)
