"""Every live mode over REST: opened by its slug, with its own name."""

import json

import pytest

from cases.comparison import compare
from desk.cli import execute
from desk.comparison_shapes import ComparisonShape
from states.catalog import MODES
from tests.api.conftest import Api
from tests.world import TODAY


@pytest.mark.parametrize("mode", MODES)
def test_case_of_every_mode_is_opened(api: Api, mode: str) -> None:
    company = {"company_id": api.world.company_id} if MODES[mode].has_company else {}
    body = {"mode": mode, "title": "隔膜专利许可", "patent_ids": [api.world.patent_ids[0]], **company}
    answer = api.post("/cases", body)
    assert answer.status_code == 201
    assert (answer.json()["mode"], answer.json()["mode_zh"]) == (mode, MODES[mode].zh)


def test_modes_are_those_of_the_command_line(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["modes", "--json"]) == 0
    assert api.get("/modes").json() == json.loads(capsys.readouterr().out)


def test_comparison_is_the_product_s(api: Api) -> None:
    patents = api.world.patent_ids[:2]
    answer = api.get("/modes/compare", params={"patent_id": list(patents), "foreign_party": "true"}).json()
    with api.world.db.read() as session:
        person = api.world.person("officer")
        found = compare(api.world.db, session, person, patents, TODAY, foreign_party=True)
    assert answer == ComparisonShape.of(found).model_dump(mode="json")
    assert {one["verdict"] for one in answer["modes"]} == {"conditions"}


def test_comparison_without_patents_or_of_strangers_is_refused(api: Api) -> None:
    assert api.get("/modes/compare").status_code == 422
    assert api.get("/modes/compare", params={"patent_id": 9999}).status_code == 404
