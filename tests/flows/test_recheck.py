"""The nightly check as Prefect runs it: scheduled for half past two, and what it finds waits as a review item."""

import json

import pytest

from cases.reviews import list_reviews
from tests.cases.dump import execute
from tests.flows.conftest import Product, wait_for
from tests.modes.story import walk_to
from tests.world import settle

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]


def test_night_check_is_scheduled_and_opens_a_review_item(product: Product) -> None:
    world = settle(product.db)
    walk_to(world, world.case(), "take_effect")
    execute(product.db, "UPDATE deadline SET due = '2026-07-02' WHERE key = 'license_filing'")

    runs = wait_for(
        "a scheduled run of the nightly check",
        lambda: product.prefect(
            "/flow_runs/filter",
            {
                "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}},
                "flows": {"name": {"any_": ["夜间复核"]}},
            },
        ),
    )
    assert runs[0]["expected_start_time"][11:16] == "18:30"  # half past two in Shanghai

    asked = f"/deployments/{runs[0]['deployment_id']}/create_flow_run"
    wait_for("a run at once", lambda: product.prefect(asked, {"state": {"type": "SCHEDULED"}}))

    def found() -> bool:
        with product.db.read() as session:
            return list_reviews(session, world.org_id).total == 1

    wait_for("the review item", found)
    artifacts = wait_for(
        "the table of the run",
        lambda: product.prefect("/artifacts/filter", {"artifacts": {"key": {"any_": ["recheck"]}}}),
    )
    (row,) = json.loads(artifacts[0]["data"])
    assert (row["复核期限"], row["不一致"], row["新增复核事项"]) == (7, 1, 1)
