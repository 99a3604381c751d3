"""Prefect's pages through the desk: a hand-written server in its place hears what the desk passes on."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from desk.web.desk_state import Desk as Running
from flows.environment import prefect_environment
from tests.desk.conftest import Browser, Desk
from tests.world import World

HOME = {"Origin": "http://desk.test", "Sec-Fetch-Site": "same-origin"}


@dataclass
class Engine:
    """What the server in Prefect's place heard: method, path and headers of each request."""

    port: int = 0
    heard: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def engine(desk: Desk) -> Iterator[Engine]:
    """A server in Prefect's place, which the desk is told of."""
    kept = Engine()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.headers.get("Transfer-Encoding") == "chunked":
                size = int(self.rfile.readline(), 16)
                body = self.rfile.read(size)
            kept.heard.append(
                (self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            )
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Set-Cookie", "theirs=1")
            self.end_headers()
            self.wfile.write(b'{"ok": true}')

        do_GET = do_POST = _answer  # noqa: N815

        def log_message(self, *_args: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    _point(desk, kept.port)
    yield kept
    server.shutdown()
    server.server_close()


def _point(desk: Desk, port: int) -> None:
    running: Running = desk.app.state.desk
    object.__setattr__(running.settings, "prefect_port", port)


def _post(browser: Browser, headers: dict[str, str]) -> httpx.Response:
    return browser.send(
        "POST", "/admin/prefect/api/flow_runs/filter", content=b'{"limit": 1}',
        headers={"Content-Type": "application/json", **headers},
    )  # fmt: skip


def test_desk_adds_the_password_and_keeps_its_own_cookies(desk: Desk, engine: Engine) -> None:
    answer = desk.browser("administrator").get("/admin/prefect/api/flows/1?limit=2")
    assert (answer.status_code, answer.json()) == (200, {"ok": True})
    ((method, path, headers, _),) = engine.heard
    assert (method, path) == ("GET", "/api/flows/1?limit=2")
    expected = httpx.BasicAuth(*prefect_environment(desk.settings)["PREFECT_API_AUTH_STRING"].split(":", 1))
    assert headers["authorization"] == expected._auth_header
    assert "cookie" not in headers
    assert "set-cookie" not in answer.headers
    assert "connect-src 'self'" in answer.headers["content-security-policy"]


def test_what_a_page_of_this_desk_posts_arrives_whole(desk: Desk, engine: Engine) -> None:
    assert _post(desk.browser("administrator"), HOME).status_code == 200
    assert [(method, path, body) for method, path, _, body in engine.heard] == [
        ("POST", "/api/flow_runs/filter", b'{"limit": 1}')
    ]


@pytest.mark.parametrize("headers", [
    {}, {"Origin": "http://evil.test"}, {"Origin": "null"}, {**HOME, "Sec-Fetch-Site": "cross-site"},
])  # fmt: skip
def test_what_another_site_posts_never_leaves_the_desk(
    desk: Desk, engine: Engine, headers: dict[str, str]
) -> None:
    assert _post(desk.browser("administrator"), headers).status_code == 403
    assert engine.heard == []


@pytest.mark.parametrize("role", ["officer", "approver", "finance", "readonly"])
def test_pages_are_for_administrators(desk: Desk, engine: Engine, role: str) -> None:
    browser = desk.browser(role)
    paths = ("", "/dashboard", "/ui-settings", "/api/flows/1", "/assets/x.js")
    assert {browser.get(f"/admin/prefect{path}").status_code for path in paths} == {403}
    assert _post(browser, HOME).status_code == 403
    assert engine.heard == []


def test_engine_belongs_to_the_institution_that_was_founded_first(
    desk: Desk, engine: Engine, strangers: World
) -> None:
    answer = desk.browser("administrator", strangers).get("/admin/prefect/dashboard")
    assert answer.status_code == 403
    assert engine.heard == []


def test_settings_of_the_pages_ask_for_no_password(desk: Desk) -> None:
    told = desk.browser("administrator").get("/admin/prefect/ui-settings").json()
    assert (told["api_url"], told["auth"]) == ("/admin/prefect/api", None)


def test_engine_that_is_away_is_told_plainly(desk: Desk) -> None:
    _point(desk, 9)
    browser = desk.browser("administrator")
    assert browser.get("/admin/prefect/api/flows/1").status_code == 503
    page = browser.get("/admin/prefect/dashboard")
    assert page.status_code == 503
    assert "流程引擎没有应答" in page.text
