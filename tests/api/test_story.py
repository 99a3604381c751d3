"""One case from opening to performance, over the API alone."""

from datetime import datetime, time, timedelta
from pathlib import Path

from cases.audit_checker import check
from desk.story import Scene, story
from states.catalog import MODES
from tests.api.conftest import Api
from tests.world import TODAY

MORNING = time(10, 0)


def at(api: Api, scene: Scene) -> None:
    api.clock.moment = datetime.combine(scene.on, MORNING).astimezone(api.clock.moment.tzinfo)


def open_case(api: Api) -> str:
    body = {
        "mode": "exclusive_license", "title": "隔膜专利独占许可", "patent_ids": [api.world.patent_ids[0]],
        "company_id": api.world.company_id,
    }  # fmt: skip
    answer = api.post("/cases", body)
    assert answer.status_code == 201
    number = answer.json()["number"]
    assert isinstance(number, str)
    return number


def walk(api: Api, number: str, *, until: str | None = None) -> int:
    version = 1
    for scene in story(TODAY):
        at(api, scene)
        body = {"payload": scene.payload, "expected_version": version}
        answer = api.post(f"/cases/{number}/steps/{scene.event}", body, role=scene.role)
        assert answer.status_code == 200, (scene.event, answer.text)
        version = answer.json()["version"]
        if scene.event == until:
            break
    return version


def test_case_reaches_performance(api: Api) -> None:
    number = open_case(api)
    version = walk(api, number)
    case = api.get(f"/cases/{number}").json()
    assert (case["stage"], case["stage_zh"], case["version"]) == ("performance", "履行", version)
    assert [label["label"] for label in case["labels"]] == ["已达成独占许可", "已由被许可人实现产业化"]
    assert case["terms_complete"] is True
    trail = api.get(f"/cases/{number}/trail", params={"limit": 500}).json()
    verbs = [entry["verb"] for entry in trail["entries"]]
    assert verbs == ["open_case", *[scene.event for scene in story(TODAY)]]
    found = api.get("/verify", role="readonly").json()
    assert (found["ok"], found["first_break"]) == (True, None)


def test_trail_is_paged(api: Api) -> None:
    number = open_case(api)
    walk(api, number, until="agree_price")
    first = api.get(f"/cases/{number}/trail", params={"limit": 2}).json()
    rest = api.get(f"/cases/{number}/trail", params={"limit": 2, "after": first["next_after"]}).json()
    assert [entry["seq"] for entry in first["entries"] + rest["entries"]] == [1, 2, 3, 4]
    assert rest["next_after"] is None
    assert first["entries"][0]["body"]["origin"] == {"door": "api", "address": "127.0.0.1"}
    assert rest["next_after"] is None


def test_deadlines_explain_themselves(api: Api) -> None:
    number = open_case(api)
    walk(api, number, until="take_effect")
    found = api.get("/deadlines", params={"case": number}).json()
    filing = next(row for row in found["rows"] if row["key"] == "license_filing")
    effective = TODAY + timedelta(days=30)
    assert (filing["base_date"], filing["status"], filing["case_no"]) == (
        effective.isoformat(),
        "open",
        number,
    )
    assert filing["due"] >= filing["nominal"]
    assert effective.strftime("%Y年") in "".join(filing["explanation_zh"])


def test_terms_say_what_they_void_before_they_are_saved(api: Api) -> None:
    number = open_case(api)
    version = walk(api, number, until="agree_price")
    terms = {
        **next(s.payload for s in story(TODAY) if s.event == "edit_terms")["terms"],
        "entry_fee_fen": "90万元",
    }
    terms["instalments"] = [{"label": "首期款", "amount_fen": "90万元", "due_on": "2026-06-01"}]
    preview = api.client.post(
        f"/api/v1/cases/{number}/terms/preview", json={"terms": terms}, headers=api.headers()
    )
    assert preview.json() == {"voids": ["price"]}
    saved = api.put(f"/cases/{number}/terms", {"terms": terms, "expected_version": version})
    assert (saved.status_code, saved.json()["voids"]) == (200, ["price"])


def test_wrong_terms_name_every_field(api: Api) -> None:
    number = open_case(api)
    wrong = {"terms": {"entry_fee_fen": "很多", "start": "昨天"}, "expected_version": 1}
    answer = api.put(f"/cases/{number}/terms", wrong)
    assert answer.status_code == 422
    assert {"entry_fee_fen", "start"} <= set(answer.json()["fields"])
    assert api.get(f"/cases/{number}").json()["version"] == 1


def test_simulation_writes_nothing(api: Api) -> None:
    number = open_case(api)
    before = api.get(f"/cases/{number}").json()
    every = story(TODAY)
    scenes = every[: 1 + [s.event for s in every].index("submit_approval")]
    events = [{"event": s.event, "payload": s.payload, "on": s.on.isoformat()} for s in scenes]
    answer = api.post(f"/cases/{number}/simulate", {"events": events}).json()
    assert [step["event"] for step in answer["steps"]] == [s.event for s in scenes]
    assert answer["possible"] is True
    assert api.get(f"/cases/{number}").json() == before


def test_simulation_stops_at_the_first_refusal_with_its_article(api: Api) -> None:
    number = open_case(api)
    events = [{"event": "agree_price", "payload": {"agreed_on": "2026-03-02", "basis": "两轮谈判"}}]
    answer = api.post(f"/cases/{number}/simulate", {"events": events * 2}).json()
    assert (answer["possible"], len(answer["steps"])) == (False, 1)
    assert "terms_incomplete" in [unmet["code"] for unmet in answer["steps"][0]["unmet"]]
    assert all(unmet["article"] for unmet in answer["steps"][0]["unmet"] if unmet["rule_id"])


def test_reminders_reach_the_inbox_once(api: Api) -> None:
    number = open_case(api)
    walk(api, number, until="take_effect")
    api.clock.moment += timedelta(days=45)
    first = api.post("/reminders/run", {}, role="administrator").json()
    again = api.post("/reminders/run", {}, role="administrator").json()
    assert (first["reminders"] > 0, again["reminders"]) == (True, 0)
    inbox = api.get("/messages").json()
    assert (inbox["unread"], len(inbox["rows"])) == (1, 1)
    assert api.post(f"/messages/{inbox['rows'][0]['id']}/read", {}).json() == {"done": True}
    assert api.get("/me").json()["unread"] == 0


def test_reminders_are_for_administrators_and_never_for_tomorrow(api: Api) -> None:
    assert api.post("/reminders/run", {}).status_code == 403
    answer = api.post("/reminders/run", {"on": "2026-03-03"}, role="administrator")
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["on"])


def test_auditor_takes_the_archive_along(any_api: Api, tmp_path: Path) -> None:
    number = open_case(any_api)
    walk(any_api, number, until="agree_price")
    answer = any_api.get("/audit/export", role="readonly", params={"case": number})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    (tmp_path / "audit.zip").write_bytes(answer.content)
    report = check(tmp_path / "audit.zip")
    assert (report.findings, report.entries, report.manifest["scope"]) == ([], 4, number)
    assert any_api.get("/audit/export").status_code == 403
    assert any_api.get("/audit/export", role="readonly", params={"case": "99"}).status_code == 404


def test_all_steps_are_explained_in_one_answer(api: Api) -> None:
    number = open_case(api)
    here = api.get(f"/cases/{number}/steps").json()["steps"]
    every = api.get(f"/cases/{number}/steps", params={"everywhere": True}).json()["steps"]
    assert [step for step in every if step["here"]] == here
    assert [step["event"] for step in every] == list(MODES["exclusive_license"].steps)
    alone = [api.get(f"/cases/{number}/steps/{step['event']}").json() for step in every]
    assert every == alone
