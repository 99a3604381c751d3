"""The desk over a small world, and browsers for its people. No network: requests go straight into the application."""

import asyncio
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from cases.advance import advance
from cases.people import make_sign_in_link, sign_in_by_link
from cases.scope import Person
from cases.settings import Settings
from desk.web.app import create_app
from desk.web.desk_state import SESSION_COOKIE
from tests.world import NOW, TODAY, World, settle

TERMS = {
    "project_name": "锂电池隔膜涂覆技术",
    "purpose": "动力电池隔膜的工业化生产",
    "acts": ["manufacture", "sell"],
    "products": "涂覆隔膜",
    "start": "2026-04-01",
    "end": "2031-03-31",
    "price_method": "agreement",
    "entry_fee_fen": "120万",
    "instalments.0.label": "第一期",
    "instalments.0.amount_fen": "120万",
    "instalments.0.due_on": "2026-06-30",
}


@dataclass
class Clock:
    """A clock that stands still until a test moves it."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Browser:
    """One person's browser: keeps cookies, follows nothing; posts carry the session's token unless told otherwise."""

    app: FastAPI
    csrf: str = ""
    person: Person | None = None
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)

    def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send one request straight into the application."""

        async def answer() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(
                transport=transport, base_url="http://desk.test", cookies=self.cookies
            ) as client:
                found = await client.request(method, path, **options)
                self.cookies = client.cookies
                return found

        return asyncio.run(answer())

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.send("GET", path, **options)

    def post(self, path: str, data: Mapping[str, Any] | None = None, **options: Any) -> httpx.Response:
        return self.send("POST", path, data={"csrf": self.csrf, **(data or {})}, **options)

    def text(self, path: str) -> str:
        """Return the visible text of a page, blanks collapsed."""
        return visible(self.get(path).text)


def visible(html: str) -> str:
    """Return the text of a page without tags, blanks collapsed."""
    bare = re.sub(r"<(script|style|svg)\b.*?</\1>|<[^>]+>", " ", html, flags=re.S)
    return re.sub(r"\s+", " ", bare)


@dataclass
class Desk:
    """The running desk of a world."""

    app: FastAPI
    world: World
    clock: Clock
    settings: Settings

    def guest(self) -> Browser:
        """Return a browser in which nobody has signed in."""
        return Browser(self.app)

    def browser(self, role: str = "officer", world: World | None = None) -> Browser:
        """Return the browser of the person in a role."""
        return self.browser_of((world or self.world).person(role))

    def browser_of(self, person: Person) -> Browser:
        """Return the browser of somebody."""
        token = make_sign_in_link(self.world.db, person.id, now=self.clock.now)
        signed = sign_in_by_link(self.world.db, token, now=self.clock.now)
        return Browser(self.app, signed.csrf, person, httpx.Cookies({SESSION_COOKIE: signed.token}))

    def take(self, case_id: int, event: str, payload: Mapping[str, Any], role: str = "officer") -> None:
        """Take a step of a case without a browser."""
        advance(
            self.world.db, case_id, event, self.world.person(role), payload, today=TODAY, now=NOW,
            expected_version=None,
        )  # fmt: skip

    def case_with_terms(self) -> int:
        """Return a new case whose terms are entered."""
        case_id = self.world.case()
        self.take(case_id, "edit_terms", {"terms": TERMS})
        return case_id


def desk_over(world: World, home: Path) -> Desk:
    """Return the desk over a world."""
    settings = Settings(home=home, database_url=str(world.db.url))
    app = create_app(settings, world.db)
    clock = Clock()
    app.state.clock = clock
    return Desk(app, world, clock, settings)


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Iterator[Desk]:
    """The desk on SQLite; its background thread ends with the test."""
    running = desk_over(world, tmp_path / "home")
    yield running
    running.app.state.desk.jobs.stop()


@pytest.fixture
def officer(desk: Desk) -> Browser:
    """The officer's browser."""
    return desk.browser()


@pytest.fixture
def strangers(desk: Desk) -> World:
    """A second institution in the same record."""
    return settle(desk.world.db, "远山农业大学", "far-")


@pytest.fixture
def until() -> Callable[[Callable[[], bool]], None]:
    """Wait for something that happens behind a page."""

    def wait(happened: Callable[[], bool]) -> None:
        for _ in range(400):
            if happened():
                return
            time.sleep(0.025)
        raise AssertionError("it did not happen within ten seconds")

    return wait
