"""Runs over many cases through the API."""

from tests.api.conftest import Api


def test_run_is_started_once_stopped_and_retried(api: Api) -> None:
    cases = [api.world.case(title=f"许可{n}") for n in range(3)]
    asked = {"kind": "approval_form", "case_ids": cases[:2]}
    started = api.post("/document-runs", asked, key="bulk-1")
    assert (started.status_code, started.json()["total"], started.json()["chosen"]) == (202, 2, "指定2件")
    assert api.post("/document-runs", asked, key="bulk-1").json() == started.json()
    assert [run["counts"]["waiting"] for run in api.get("/document-runs").json()["rows"]] == [2]
    stopped = api.post("/document-runs/1/stop", {})
    assert (stopped.json()["status"], stopped.json()["counts"]["cancelled"]) == ("cancelled", 2)
    assert api.post("/document-runs/1/stop", {}).status_code == 409
    assert api.post("/document-runs/1/retry", {}).json()["counts"]["waiting"] == 2
    assert api.get("/document-runs/1").json()["done"] == 0
    filtered = api.post("/document-runs", {"kind": "approval_form", "q": "许可1"})
    assert (filtered.json()["total"], filtered.json()["chosen"]) == (1, "含“许可1”")
    assert api.post("/document-runs", {"kind": "novel"}).status_code == 422
    assert api.get("/document-runs/9").status_code == 404
    assert api.post("/document-runs", asked, role="finance").status_code == 403
