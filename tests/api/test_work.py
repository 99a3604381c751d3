"""后台任务 by API: listed, shown, started again once."""

from cases.outbox import Failure, claim, fail, put
from tests.api.conftest import Api
from tests.world import NOW


def _dead(api: Api) -> None:
    with api.world.db.cursor() as cur:
        put(cur, api.world.org_id, "mail", "mail:1", {"message_id": 1}, NOW)
    (work,) = claim(api.world.db, NOW)
    fail(api.world.db, work, Failure("退信", final=True), NOW)


def test_dead_job_is_listed_with_its_reason_and_started_again_once(api: Api) -> None:
    _dead(api)
    listed = api.get("/work?status=dead").json()
    assert [(row["topic"], row["status"], row["error"]) for row in listed["rows"]] == [
        ("mail", "dead", "退信")
    ]
    assert [(line["topic"], line["dead"]) for line in listed["backlog"]] == [("mail", 1)]
    assert listed["rows"][0] == api.get("/work/1").json()
    assert api.get("/work/runs").json() == {"rows": []}
    assert api.post("/work/1/retry", {}, role="approver").status_code == 403
    assert api.post("/work/1/retry", {}).json()["status"] == "pending"
    assert api.post("/work/1/retry", {}).status_code == 409
    assert api.post("/work/99/retry", {}).status_code == 404
