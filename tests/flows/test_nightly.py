"""The night's checks as the product runs them: scheduled for half past two, and made up for once after an outage."""

import json
import signal
import urllib.request
from datetime import datetime
from pathlib import Path

import pytest

from cases.db import Database
from cases.nightly import nights
from cases.nightly_steps import NAMES
from cases.people import make_sign_in_link, sign_in_by_link
from cases.reviews import list_reviews
from cases.schema import upgrade
from cases.settings import SHANGHAI
from desk.web.desk_state import SESSION_COOKIE
from tests.cases.dump import execute
from tests.flows.conftest import Product, launch, wait_for
from tests.modes.story import walk_to
from tests.world import World, settle

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]
NIGHT = {"flows": {"name": {"any_": ["夜间检查"]}}}


def _runs(product: Product, state: str) -> list[dict[str, str]]:
    body = {**NIGHT, "flow_runs": {"state": {"type": {"any_": [state]}}}}
    return product.prefect("/flow_runs/filter", body) or []


def _engine_page(product: Product, world: World, path: str) -> str:
    token = make_sign_in_link(world.db, world.person("administrator").id)
    cookie = f"{SESSION_COOKIE}={sign_in_by_link(world.db, token).token}"
    request = urllib.request.Request(
        f"{product.settings.base_url}{path}", headers={"Cookie": cookie, "Accept": "text/html,*/*"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return str(answer.read().decode())


def test_missed_night_runs_once_the_next_one_is_scheduled_and_findings_wait_on_the_desk(
    tmp_path: Path,
) -> None:
    db = Database(f"sqlite:///{tmp_path / 'home' / 'panhuo.db'}")
    upgrade(db)
    world = settle(db)
    walk_to(world, world.case(), "take_effect")
    execute(db, "UPDATE deadline SET due = '2026-07-02' WHERE key = 'license_filing'")
    product = launch(tmp_path / "home")
    try:
        (next_night, *_) = wait_for("a scheduled night", lambda: _runs(product, "SCHEDULED"))
        assert next_night["expected_start_time"][11:16] == "18:30"  # half past two in Shanghai
        # What was due since the institution was founded was missed: the newest occasion is made up for.
        (made_up,) = wait_for("the night that was missed", lambda: _runs(product, "COMPLETED"), 180)
        assert made_up["tags"] == ["补做"]
        today = datetime.now(SHANGHAI).date()
        assert made_up["name"] == f"夜间检查 {today}"
        with db.read() as session:
            ((on, results),) = nights(session)
            assert list_reviews(session, world.org_id).total == 1
        assert (on, [result.step for result in results]) == (today, list(NAMES))
        artifacts = wait_for(
            "the summary",
            lambda: product.prefect(
                "/artifacts/filter", {"artifacts": {"key": {"any_": ["nightly-findings"]}}}
            ),
        )
        assert {row["步骤"] for row in json.loads(artifacts[0]["data"])} >= {"日期与金额复核"}
        assert "/admin/prefect/assets/" in _engine_page(product, world, "/admin/prefect/dashboard")
        told = json.loads(_engine_page(product, world, f"/admin/prefect/api/flow_runs/{made_up['id']}"))
        assert told["name"] == made_up["name"]
    finally:
        product.process.send_signal(signal.SIGTERM)
        product.process.wait(40)
        product.db.dispose()
        db.dispose()
