"""Stocktaking by the API."""

from cases.stocktakes import fill_by_id
from tests.api.conftest import Api, api_over
from tests.world import NOW, settle

BODY = {"title": "2026年盘点", "due_on": "2099-12-31"}
ANSWERS = {"maturity": "pilot", "prospect": "high", "scenario": "储能", "willingness": ["license"]}


def test_stocktake_answers_at_once_and_is_filled_behind(api: Api) -> None:
    assert api.post("/stocktakes/preview", BODY).json()["total"] == 5
    opened = api.post("/stocktakes", BODY)
    assert (opened.status_code, opened.json()["status"], opened.json()["total"]) == (201, "filling", 0)
    fill_by_id(api.world.db, opened.json()["id"], NOW)
    found = api.get("/stocktakes/1").json()
    assert (found["status"], found["total"], found["counts"]["waiting"]) == ("open", 5, 5)
    assert api.get("/stocktakes").json()["rows"][0]["title"] == "2026年盘点"


def test_steps_are_taken_on_a_version_and_refused_with_reasons(api: Api) -> None:
    api.post("/stocktakes", BODY)
    fill_by_id(api.world.db, 1, NOW)
    first = api.get("/stocktakes/1/items").json()["rows"][0]
    address = f"/stocktakes/items/{first['id']}/steps"
    rated = api.post(address, {"step": "rate", "expected_version": 1, "answers": ANSWERS})
    assert (rated.status_code, rated.json()["state"], rated.json()["version"]) == (200, "rated", 2)
    stale = api.post(address, {"step": "pass_college", "expected_version": 1}, role="approver")
    assert stale.status_code == 409
    refused = api.post(address, {"step": "accept"})
    assert (refused.status_code, [u["code"] for u in refused.json()["unmet"]]) == (409, ["place"])
    wrong = api.post(address, {"step": "rate", "answers": {"maturity": "火星"}})
    assert (wrong.status_code, set(wrong.json()["fields"])) == (422, {"maturity"})
    assert api.post("/stocktakes", {**BODY, "title": "另一次"}, role="approver").status_code == 403


def test_strangers_find_no_stocktake(api: Api, tmp_path_factory: object) -> None:
    api.post("/stocktakes", BODY)
    fill_by_id(api.world.db, 1, NOW)
    theirs = api_over(settle(api.world.db, "云麓医院", "b-"), api.settings.home)
    for path in ("/stocktakes/1", "/stocktakes/1/items", "/stocktakes/items/1"):
        assert theirs.get(path).status_code == 404
    assert theirs.get("/stocktakes").json()["rows"] == []
