"""A small application with nothing but the API in it, and a client for each role."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from cases.people import make_api_token
from cases.settings import Settings
from desk.api import problem_handlers, router
from tests.api.asgi import AsgiClient
from tests.world import NOW, World


@dataclass
class Clock:
    """A clock that stands until it is set."""

    moment: datetime = NOW

    def __call__(self) -> datetime:
        return self.moment


@dataclass
class Api:
    """The API over one world. `client` is unauthenticated."""

    world: World
    client: AsgiClient
    clock: Clock
    tokens: dict[str, str]
    settings: Settings

    def headers(self, role: str = "officer", **more: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[role]}", **more}

    def get(self, path: str, role: str = "officer", **options: Any) -> httpx.Response:
        return self.client.get(f"/api/v1{path}", headers=self.headers(role), **options)

    def post(self, path: str, body: Any, role: str = "officer", key: str = "") -> httpx.Response:
        more = {"Idempotency-Key": key} if key else {}
        return self.client.post(f"/api/v1{path}", json=body, headers=self.headers(role, **more))

    def put(self, path: str, body: Any, role: str = "officer", key: str = "") -> httpx.Response:
        more = {"Idempotency-Key": key} if key else {}
        return self.client.put(f"/api/v1{path}", json=body, headers=self.headers(role, **more))


def api_over(world: World, home: Path) -> Api:
    """Return the API over a world."""
    app = FastAPI(openapi_url=None)
    app.include_router(router)
    for error, handler in problem_handlers().items():
        app.add_exception_handler(error, handler)
    clock = Clock()
    settings = Settings(home=home, database_url=str(world.db.url))
    app.state.db, app.state.settings, app.state.clock = world.db, settings, clock
    tokens = {
        role: make_api_token(world.db, person, "test", now=NOW) for role, person in world.people.items()
    }
    return Api(world, AsgiClient(app), clock, tokens, settings)


@pytest.fixture
def api(world: World, tmp_path: Path) -> Iterator[Api]:
    """The API on SQLite."""
    yield api_over(world, tmp_path)


@pytest.fixture
def any_api(any_world: World, tmp_path: Path) -> Iterator[Api]:
    """The API on both databases."""
    yield api_over(any_world, tmp_path)
