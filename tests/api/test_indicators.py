"""Indicators through the API: figures with their parts, the rows behind them, and the choice of a definition."""

from datetime import UTC, datetime

from tests.api.conftest import Api
from tests.modes.story import walk_to


def test_figures_rows_and_definitions(api: Api) -> None:
    walk_to(api.world, case_id := api.world.case(), "record_receipt")
    api.clock.moment = datetime(2026, 12, 1, 4, tzinfo=UTC)
    told = api.get("/indicators?year=2026").json()
    figures = {one["id"]: one for one in told["indicators"]}
    rate = figures["implementation_rate"]
    assert (rate["value"], rate["part"], rate["over"], rate["definition_id"]) == (2000, 1, 5, "any_event")
    assert (rate["sources"], rate["confidence"], rate["ignores"]) == (["S2-14"], "D", ["mode"])
    assert (figures["contract_value"]["value"], figures["registered"]["unknown"]) == (120_000_000, True)
    assert told["groups"]["grade"] is None
    behind = api.get("/indicators/contract_value/rows?year=2026").json()
    assert (behind["total"], behind["amount"], behind["opens"], behind["ids"]) == (
        1,
        120_000_000,
        "cases",
        [case_id],
    )
    path, chosen = "/indicators/implementation_rate/definition", {"definition": "worked"}
    assert api.put(path, chosen).status_code == 403
    done = api.put(path, chosen, role="administrator").json()
    assert (done["value"], done["definition_id"]) == (0, "worked")


def test_wrong_questions_are_problems(api: Api) -> None:
    assert list(api.get("/indicators?year=2099").json()["fields"]) == ["year"]
    assert list(api.get("/indicators?mode=barter").json()["fields"]) == ["mode"]
    assert api.get("/indicators/nothing/rows").status_code == 404
    assert api.get("/indicators/contracts/rows?part=other").status_code == 422
