"""The whole product, really running: desk, Prefect's server and worker as processes of their own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from cases.db import Database
from cases.schema import upgrade
from cases.settings import ROOT, Settings
from contracts.pool import RenderPool
from flows.environment import prefect_environment


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(what: str, found: Callable[[], Any], seconds: float = 90) -> Any:
    """Return the first true answer, or fail saying what was waited for."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := found():
            return answer
        time.sleep(0.2)
    return pytest.fail(f"waited {seconds} s in vain for {what}")


@dataclass
class Product:
    """A running product and how to ask it things."""

    settings: Settings
    process: subprocess.Popen[bytes]
    db: Database

    def prefect(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Ask Prefect's API; None while it does not answer."""
        secret = prefect_environment(self.settings)["PREFECT_API_AUTH_STRING"]
        headers = {
            "Authorization": f"Basic {b64encode(secret.encode()).decode()}", "Content-Type": "application/json",
        }  # fmt: skip
        url = f"http://127.0.0.1:{self.settings.prefect_port}/api{path}"
        data = None if body is None else json.dumps(body).encode()
        try:
            with urlopen(Request(url, data, headers), timeout=5) as answer:
                return json.load(answer)
        except (URLError, OSError):
            return None

    def answers(self, path: str) -> int:
        """Return the status that the desk answers with, 0 while it does not."""
        try:
            with urlopen(f"{self.settings.base_url}{path}", timeout=5) as answer:
                return int(answer.status)
        except (URLError, OSError):
            return 0

    def children(self) -> list[int]:
        """Return the process ids that the desk owns."""
        tasks = Path(f"/proc/{self.process.pid}/task")
        found: list[int] = []
        for task in tasks.iterdir():
            found.extend(int(pid) for pid in (task / "children").read_text().split())
        return found


def launch(home: Path) -> Product:
    """Start the product on a home of its own and wait for the desk."""
    environment = {
        **os.environ, "PANHUO_HOME": str(home), "PANHUO_PORT": str(free_port()),
        "PANHUO_PREFECT_PORT": str(free_port()),
    }  # fmt: skip
    fonts = ROOT / "var" / "fonts"
    if fonts.is_dir() and not (home / "fonts").exists():
        home.mkdir(parents=True, exist_ok=True)
        (home / "fonts").symlink_to(fonts)
    process = subprocess.Popen([sys.executable, "-m", "desk.cli", "serve"], cwd=ROOT, env=environment)
    settings = Settings(
        home=home, database_url=f"sqlite:///{home / 'panhuo.db'}", port=int(environment["PANHUO_PORT"]),
        prefect_port=int(environment["PANHUO_PREFECT_PORT"]),
    )  # fmt: skip
    product = Product(settings, process, Database(settings.database_url))
    wait_for("the desk", lambda: product.answers("/sign-in") == 200)
    return product


@pytest.fixture(scope="session")
def renderers() -> Iterator[RenderPool]:
    """One process that renders, for all tests without a running product."""
    with RenderPool(ROOT / "var" / "fonts", processes=1) as pool:
        yield pool


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    """A running product on a fresh home."""
    upgrade(Database(f"sqlite:///{tmp_path / 'home' / 'panhuo.db'}"))
    running = launch(tmp_path / "home")
    yield running
    if running.process.poll() is None:
        running.process.send_signal(signal.SIGTERM)
        running.process.wait(40)
    running.db.dispose()
