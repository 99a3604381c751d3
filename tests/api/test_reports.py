"""Reports through the API: made once by key, opened with rows, downloaded, confirmed."""

from datetime import UTC, datetime

from tests.api.conftest import Api
from tests.modes.story import walk_to
from tests.world import settle


def test_report_is_made_opened_and_downloaded(api: Api) -> None:
    walk_to(api.world, case_id := api.world.case(), "report_feedback")
    api.clock.moment = datetime(2026, 5, 2, 4, tzinfo=UTC)
    made = api.post("/reports", {"kind": "monthly", "period": "2026-04"}, key="april").json()
    assert (made["outcome"], made["report"]["version"], made["report"]["made_by"]) == ("made", 1, "林知远")
    assert api.post("/reports", {"kind": "monthly", "period": "2026-04"}, key="april").json() == made
    assert api.post("/reports", {"kind": "monthly"}).json()["outcome"] == "unchanged"
    shown = api.get("/reports/1").json()
    figures = {one["key"]: (one["value"], one["shape"]) for one in shown["figures"]}
    assert (figures["signed"], figures["signed_value"]) == ((1, "count"), (120_000_000, "money"))
    signed = next(sheet for sheet in shown["sheets"] if sheet["key"] == "signed")
    assert (signed["case_ids"], signed["rows"][0][-1]) == ([case_id], 120_000_000)
    assert api.get("/reports/1/file").content[:2] == b"PK"
    assert [row["id"] for row in api.get("/reports?kind=monthly", role="finance").json()["rows"]] == [1]
    assert api.get("/reports?kind=yearly").json() == {"rows": []}


def test_batch_is_confirmed(api: Api) -> None:
    walk_to(api.world, api.world.case(), "record_filing")
    api.clock.moment = datetime(2026, 4, 28, 4, tzinfo=UTC)
    api.post("/reports", {"kind": "feedback"})
    told = {"reported_on": "2026-04-28", "reference": "记录1号"}
    done = api.post("/reports/1/submitted", told, key="s").json()
    assert (done["status"], [one["outcome"] for one in done["answers"]]) == ("submitted", ["recorded"])
    assert api.post("/reports/1/submitted", told).json() == done
    assert api.post("/reports", {"kind": "feedback"}).json() == {"outcome": "nothing", "report": None}


def test_wrong_requests_are_problems(api: Api) -> None:
    future = api.post("/reports", {"kind": "monthly", "period": "2026-03"})
    assert (future.status_code, future.json()["errors"] if "errors" in future.json() else future.json()["fields"]) == (
        422, {"period": "2026年3月尚未结束，请选择已经结束的期间"},
    )  # fmt: skip
    assert api.post("/reports", {"kind": "daily"}).status_code == 422
    assert api.post("/reports", {"kind": "monthly"}, role="finance").status_code == 403
    assert api.get("/reports/7").status_code == 404
    settle(api.world.db, "另一所大学", "other-")
    assert api.post("/reports/7/submitted", {"reported_on": "", "reference": ""}).status_code == 404
