"""Seats, deputies and the route of a case over the API."""

from datetime import timedelta

from tests.api.conftest import Api
from tests.cases.test_seating import VOTE, approver, decide, handed_up, seated
from tests.modes.acting import day
from tests.world import NOW, settle

DAYS = {"first_day": "2026-03-05", "last_day": "2026-03-09", "reason": "年休假"}


def test_seats_and_deputies_are_kept_by_administrators(api: Api) -> None:
    approver(api.world, "second", "陆二")
    assert api.get("/approvals").json()["assigned"] is False
    seat = {"body": "legal", "login": "approver"}
    assert api.post("/approvals/seats", seat).status_code == 403
    made = [api.post("/approvals/seats", seat, "administrator", key="k1") for _ in range(2)]
    assert [answer.status_code for answer in made] == [201, 201]
    legal = next(office for office in made[0].json()["offices"] if office["body"] == "legal")
    assert [(one["login"], one["name"]) for one in legal["seats"]] == [("approver", "周审言")]
    assert api.post("/approvals/seats", {**seat, "body": "x"}, "administrator").json()["fields"].keys() == {
        "body"
    }
    named = api.post(
        "/approvals/deputies", {"login": "approver", "deputy": "second", **DAYS}, "administrator"
    )
    (deputy,) = named.json()["deputies"]
    assert (deputy["deputy"], deputy["standing"], deputy["last_day"]) == ("陆二", "coming", "2026-03-09")
    for path in (f"/approvals/seats/{legal['seats'][0]['id']}", f"/approvals/deputies/{deputy['id']}"):
        url, headers = f"/api/v1{path}", api.headers("administrator")
        assert [api.client.request("DELETE", url, headers=headers).status_code for _ in range(2)] == [
            200,
            404,
        ]
    assert api.get("/approvals").json()["deputies"] == []


def test_case_tells_its_route_and_the_inbox_who_is_asked(api: Api) -> None:
    people = seated(api.world)
    case_id = handed_up(api.world)
    decide(api.world, case_id, people["college"], 25)
    api.clock.moment = NOW + timedelta(days=26)
    told = api.get(f"/cases/{case_id}").json()["approval"]
    assert [(row["stage"], row["body"], row["status"], row["decided_by"], row["since"]) for row in told] == [
        (1, "college", "approved", "院长", None), (2, "transfer_office", "waiting", "", "2026-03-27"),
        (2, "legal", "waiting", "", "2026-03-27"), (3, "leading_group", "later", "", None),
    ]  # fmt: skip
    for body in ("legal", "transfer_office"):
        decide(api.world, case_id, people[body], 26)
    decide(api.world, case_id, people["leading_group"], 26, recused="冯立：股东", **VOTE)
    last = api.get(f"/cases/{case_id}").json()["approval"][-1]
    assert (last["vote"], last["recused"], last["decided_on"]) == (
        VOTE,
        [["冯立", "股东"]],
        day(26).isoformat(),
    )


def test_strangers_seats_are_theirs(api: Api) -> None:
    seated(settle(api.world.db, "远山农业大学", "far-"), "far-")
    found = api.get("/approvals", "administrator").json()
    assert (found["assigned"], [office["seats"] for office in found["offices"] if office["seats"]]) == (
        False,
        [],
    )
