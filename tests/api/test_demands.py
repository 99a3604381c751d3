"""Demands by API: registered, matched with reasons, decided and made a case; nobody else's."""

from pathlib import Path

from tests.api.conftest import Api, api_over
from tests.world import settle

BODY = {
    "company_id": 1,
    "title": "锂电池隔膜高温收缩",
    "text": "涂覆隔膜收缩超标",
    "industries": ["materials"],
}


def test_demand_leads_to_matches_with_reasons_and_to_a_case(api: Api) -> None:
    made = api.post("/demands", {**BODY, "company_id": api.world.company_id}).json()
    assert (made["number"], made["status"], made["owner"]) == ("XQ2026-00001", "new", "林知远")
    listed = api.get("/demands?status=new", role="readonly").json()
    assert (listed["total"], listed["rows"]) == (1, [made])
    best = api.get("/demands/1/matches?limit=2").json()["rows"][0]
    assert (best["title"], best["blocked"], best["decision"]) == (
        "一种锂离子电池隔膜的制备方法（1）",
        False,
        "",
    )
    assert best["reasons"][0] == {
        "kind": "words", "zh": "专利名称与需求都提到：隔膜、电池", "en": "the title shares with the demand: 隔膜、电池",
    }  # fmt: skip
    patent = best["patent_id"]
    assert [row["demand"]["id"] for row in api.get(f"/patents/{patent}/demands").json()["rows"]] == [1]
    early = api.post("/demands/1/case", {"patent_ids": [patent]})
    assert (early.status_code, list(early.json()["fields"])) == (422, ["patent_ids"])
    taken = api.post(f"/demands/1/matches/{patent}", {"decision": "accepted", "reason": "与产线一致"})
    assert (taken.status_code, taken.json()["status"]) == (200, "matched")
    opened = api.post("/demands/1/case", {"patent_ids": [patent]})
    assert (opened.status_code, opened.json()) == (201, {"case_id": 1})
    assert api.get("/cases/1").json()["mode"] == "ordinary_license"
    assert (
        api.post("/demands/1/status", {"status": "closed", "reason": "已立案"}).json()["status"] == "closed"
    )
    assert api.get("/teams").json()["rows"][0]["patents"] == 5


def test_wrong_fields_are_named_and_a_change_replaces_all_of_them(api: Api) -> None:
    body = {**BODY, "company_id": api.world.company_id}
    wrong = api.post("/demands", {**body, "industries": ["steam"], "title": "短"})
    assert (wrong.status_code, sorted(wrong.json()["fields"])) == (422, ["industries", "title"])
    api.post("/demands", body)
    changed = api.client.put(
        "/api/v1/demands/1", json={**body, "region": "滨江区"}, headers=api.headers("officer")
    )
    assert (changed.status_code, changed.json()["region"]) == (200, "滨江区")


def test_strangers_and_other_roles_get_nothing_done(api: Api, tmp_path: Path) -> None:
    body = {**BODY, "company_id": api.world.company_id}
    api.post("/demands", body)
    other = api_over(settle(api.world.db, "云麓医院", "b-"), tmp_path)
    told = {"decision": "accepted", "reason": "借用"}
    assert [
        other.get("/demands/1").status_code, other.get("/demands/1/matches").status_code,
        other.post("/demands/1/matches/1", told).status_code, other.get("/patents/1/demands").json()["rows"],
        other.get("/demands").json()["total"], api.post("/demands", body, role="finance").status_code,
    ] == [404, 404, 404, [], 0, 403]  # fmt: skip
