"""Every live mode over REST: opened by its slug, with its own name."""

import json

import pytest

from desk.cli import execute
from states.catalog import MODES
from tests.api.conftest import Api


@pytest.mark.parametrize("mode", MODES)
def test_case_of_every_mode_is_opened(api: Api, mode: str) -> None:
    body = {
        "mode": mode, "title": "隔膜专利许可", "patent_ids": [api.world.patent_ids[0]], "company_id": api.world.company_id,
    }  # fmt: skip
    answer = api.post("/cases", body)
    assert answer.status_code == 201
    assert (answer.json()["mode"], answer.json()["mode_zh"]) == (mode, MODES[mode].zh)


def test_modes_are_those_of_the_command_line(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["modes", "--json"]) == 0
    assert api.get("/modes").json() == json.loads(capsys.readouterr().out)
