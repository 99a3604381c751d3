"""Review items by API: read by everyone of the organization, closed by officers and administrators."""

from pathlib import Path

import pytest

from cases.rechecking import recheck
from tests.api.conftest import Api, api_over
from tests.cases.dump import execute
from tests.modes.story import walk_to
from tests.world import NOW, TODAY, settle


@pytest.fixture
def wrong(api: Api) -> Api:
    """An API over a record with one review item."""
    walk_to(api.world, api.world.case(), "take_effect")
    execute(api.world.db, "UPDATE deadline SET due = '2026-07-02' WHERE key = 'license_filing'")
    recheck(api.world.db, NOW, TODAY)
    return api


def test_item_carries_both_dates_and_both_derivations(wrong: Api) -> None:
    listed = wrong.get("/reviews", role="readonly").json()
    assert (listed["total"], listed["page"], listed["size"]) == (1, 1, 20)
    (row,) = listed["rows"]
    assert row == wrong.get("/reviews/1").json()
    assert (row["kind"], row["status"], row["case_no"]) == ("deadline", "open", "ZH2026-00001")
    assert [(one["first"], one["second"]) for one in row["found"]["differs"]] == [
        ("2026-07-02", "2026-07-01")
    ]
    assert row["found"]["second"]["tree"]["value"] == "2026-07-01"
    assert row["found"]["first"]["zh"][0].startswith("依据")


def test_closing_keeps_the_note(wrong: Api) -> None:
    closed = wrong.post("/reviews/1/close", {"note": "承办人误改，已更正"}).json()
    assert (closed["status"], closed["note"], closed["closed_by"]) == (
        "closed",
        "承办人误改，已更正",
        "林知远",
    )
    assert wrong.get("/reviews").json()["total"] == 0
    assert wrong.get("/reviews?status=all").json()["total"] == 1
    assert wrong.post("/reviews/1/close", {"note": "再次办结"}).status_code == 409


def test_wrong_input_names_the_field(wrong: Api) -> None:
    assert wrong.post("/reviews/1/close", {"note": ""}).status_code == 422
    assert wrong.get("/reviews?status=unknown").status_code == 422
    assert wrong.get("/reviews/99").status_code == 404


@pytest.mark.parametrize("role", ["approver", "finance", "readonly"])
def test_other_roles_may_not_close(wrong: Api, role: str) -> None:
    assert wrong.post("/reviews/1/close", {"note": "已核对"}, role=role).status_code == 403
    assert wrong.get("/reviews").json()["total"] == 1


def test_another_organization_sees_nothing(wrong: Api, tmp_path: Path) -> None:
    other = api_over(settle(wrong.world.db, "云麓医院", "b-"), tmp_path)
    assert other.get("/reviews?status=all").json()["total"] == 0
    assert other.get("/reviews/1").status_code == 404
    assert other.post("/reviews/1/close", {"note": "已核对"}).status_code == 404
