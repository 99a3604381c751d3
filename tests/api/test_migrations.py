"""Migrations and previews by API: told before they are done, done by administrators only, undone by run."""

from cases.db import Database
from tests.api.conftest import Api
from tests.cases.dump import dump
from tests.modes.acting import case_data
from tests.modes.story import walk_to


def _older(db: Database) -> None:
    """Let every case keep an earlier version of the house's pack."""
    with db.cursor() as cur:
        for id_, data in cur.all("SELECT id, data FROM conversion_case"):
            cur.run(
                "UPDATE conversion_case SET data = ? WHERE id = ?", data.replace('"2026.1"', '"2025.1"'), id_
            )


def test_migration_is_told_done_and_undone(any_api: Api) -> None:
    case_id = any_api.world.case()
    _older(any_api.world.db)
    told = any_api.get("/migrations", role="administrator").json()
    assert (told["run"], told["examined"], [case["number"] for case in told["cases"]]) == (
        "",
        1,
        ["ZH2026-00001"],
    )
    assert {"pack": "house", "before": "2025.1", "after": "2026.1"} in told["cases"][0]["packs"]
    done = any_api.post("/migrations", {}, role="administrator", key="m1").json()
    assert (done["run"][:1], done["cases"][0]["possible"]) == ("M", True)
    assert any_api.post("/migrations", {}, role="administrator", key="m1").json() == done
    assert any_api.get("/migrations", role="administrator").json()["cases"] == []
    back = any_api.post(f"/migrations/{done['run']}/undo", {}, role="administrator").json()
    assert back == {"run": done["run"], "back": ["ZH2026-00001"], "moved_since": []}
    assert case_data(any_api.world, case_id)["process"]["packs"]["house"] == "2025.1"


def test_only_administrators_see_and_do_it(api: Api) -> None:
    api.world.case()
    before = dump(api.world.db, "idempotency_key")
    assert api.get("/migrations").status_code == 403
    assert api.post("/migrations", {}).status_code == 403
    assert api.post("/migrations/M1/undo", {}).status_code == 403
    assert api.post("/migrations/M1/undo", {}, role="administrator").status_code == 404
    assert dump(api.world.db, "idempotency_key") == before


def test_preview_of_a_step_tells_what_it_takes_away(api: Api) -> None:
    case_id = api.world.case()
    walk_to(api.world, case_id, "post_publicity")
    before = dump(api.world.db)
    given = {"payload": {"what": "publicity", "reason": "公示内容有误"}}
    told = api.post("/cases/ZH2026-00001/steps/step_back/preview", given).json()
    assert (told["voids"], [d["key"] for d in told["dropped"]], told["reopened"]) == (
        ["publicity"],
        ["publicity"],
        [],
    )
    assert [paper["kind"] for paper in told["papers"]] == ["objection_procedure", "publicity_notice"]
    assert dump(api.world.db) == before
