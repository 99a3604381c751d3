"""Enterprises and evaluations over the API: pushed, evaluated, answered; and nothing for strangers."""

from pathlib import Path

from tests.api.conftest import Api, api_over
from tests.world import settle

MARKS = {"prospect": 80, "improvement": 40, "cooperation": 60, "prospect_text": "下游厂家有批量需求",
         "improvement_text": "涂层需要改进"}  # fmt: skip


def test_a_patent_is_pushed_evaluated_and_answered(api: Api, tmp_path: Path) -> None:
    patent, company = api.world.patent_ids[0], api.world.company_id
    asked = {"patent_ids": [patent], "company_ids": [company], "purpose": "evaluation"}
    first, again = api.post("/pushes", asked), api.post("/pushes", asked)
    assert (first.status_code, len(first.json()["pushed"])) == (201, 1)
    assert (again.json()["pushed"], len(again.json()["skipped"])) == ([], 1)
    kept = api.post("/evaluations", {"patent_id": patent, "company_id": company, **MARKS}, key="once")
    repeated = api.post("/evaluations", {"patent_id": patent, "company_id": company, **MARKS}, key="once")
    assert (kept.status_code, kept.json()["flags"], repeated.json()) == (201, [], kept.json())
    (row,) = api.get("/evaluations").json()["rows"]
    assert (row["score"], [head["zh"] for head in row["heads"]]) == (
        70, ["产业化前景", "技术改进需求", "产学研合作意愿"],
    )  # fmt: skip
    (listed,) = api.get("/enterprises").json()["rows"]
    assert (listed["pushed"], listed["evaluated"]) == (1, 1)
    first_message = api.get("/enterprise-messages", params={"status": "open"}).json()["rows"][0]
    path = f"/enterprise-messages/{first_message['id']}/answer"
    other = api_over(settle(api.world.db, "云麓医院", "b-"), tmp_path)
    assert other.get("/evaluations").json()["total"] == other.get("/enterprise-messages").json()["total"] == 0
    assert other.post(path, {"answer": "不该答复"}).status_code == 404
    assert other.post("/pushes", asked).status_code == 404
    assert api.post(path, {"answer": "已安排"}, role="finance").status_code == 403
    assert api.post(path, {"answer": "已安排"}).json() == {"id": first_message["id"], "status": "answered"}
    assert api.get("/enterprise-messages", params={"status": "open"}).json()["total"] == 1
