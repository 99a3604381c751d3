"""Registers through the API: rows are added, changed and listed, and a lead becomes a case."""

from tests.api.conftest import Api
from tests.cases.test_events import EVENT, LEAD
from tests.world import NUMBERS, settle


def test_event_and_lead_lead_to_a_case(api: Api) -> None:
    added = api.post("/registers/events", {"values": EVENT}, key="event-1")
    assert (added.status_code, added.json()["shown"]["kind"]) == (201, "专场对接")
    assert api.post("/registers/events", {"values": EVENT}, key="event-1").json() == added.json()
    assert api.post("/registers/events", {"values": EVENT}).status_code == 409
    assert api.post("/registers/events/1/patents", {"numbers": [NUMBERS[0]]}).json() == {"added": 1}
    changed = api.put("/registers/events/1", {"values": {"result": "签约意向两项"}})
    assert (changed.json()["values"]["result"], changed.json()["values"]["name"]) == (
        "签约意向两项",
        EVENT["name"],
    )
    assert api.post("/registers/leads", {"values": LEAD}).json()["values"]["owner_id"] == "officer"
    opened = api.post("/registers/leads/1/case", {"mode": "transfer"}, key="lead-1")
    assert (opened.status_code, opened.json()["case_id"]) == (201, 1)
    assert api.post("/registers/leads/1/case", {"mode": "transfer"}).status_code == 409
    assert [row["id"] for row in api.get("/registers/leads?status=negotiating").json()["rows"]] == [1]
    assert api.get("/registers/leads?status=lost").json()["total"] == 0


def test_wrong_requests_are_problems(api: Api) -> None:
    assert api.get("/registers/spells").status_code == 404
    assert api.post("/registers/events", {"values": {"colour": "red"}}).json()["fields"].keys() == {"colour"}
    assert api.post("/registers/events", {"values": {}}).status_code == 422
    assert api.post("/registers/events", {"values": EVENT}, role="finance").status_code == 403
    assert api.get("/registers/events/9").status_code == 404
    settle(api.world.db, "另一所大学", "other-")
    assert api.get("/registers/events").json() == {"rows": [], "total": 0, "page": 1, "size": 50}
