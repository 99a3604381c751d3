"""The royalty account over the API and the command's answer: the same JSON, scoped, and nothing written."""

from desk.answers.royalty import royalty
from tests.api.conftest import Api
from tests.modes.acting import act, case_row, day
from tests.modes.test_paying_later import FROM_DAY_ONE, STATEMENT, in_force


def test_account_is_shown_and_tried_out(api: Api) -> None:
    case_id = in_force(api.world, FROM_DAY_ONE)
    act(api.world, case_id, "report_royalty", 220, period=1, products="隔膜 100万元", **STATEMENT)
    number, version = case_row(api.world, case_id).number, case_row(api.world, case_id).version
    on = day(270).isoformat()
    shown = api.get(f"/cases/{number}/royalty?on={on}").json()
    assert [(line["ref"], line["asked_fen"]) for line in shown["lines"]] == [("royalty:1", 3_000_000)]
    tried = api.post(f"/cases/{number}/royalty", {"products": "隔膜 50万元", "on": on}).json()
    with api.world.db.read() as session:
        person = api.world.person("officer")
        assert tried == royalty(api.world.db, session, person, case_id, on=day(270), products="隔膜 50万元")
    wrong = api.post(f"/cases/{number}/royalty", {"products": "隔膜"})
    assert (wrong.status_code, list(wrong.json()["fields"])) == (422, ["products"])
    assert case_row(api.world, case_id).version == version


def test_case_without_a_royalty_says_so(api: Api) -> None:
    case_id = in_force(api.world, {})
    answer = api.get(f"/cases/{case_id}/royalty")
    assert (answer.status_code, answer.json()["detail"]) == (422, "本案合同没有约定提成费")
