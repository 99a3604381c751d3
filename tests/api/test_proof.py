"""The proof over the API: the links in order, and nothing for another institution."""

from pathlib import Path

import pytest

from cases.case_files import keep_file
from contracts.pdf import Renderer
from tests.api.conftest import Api, api_over
from tests.cases import uploads
from tests.cases.test_signing import finalized
from tests.world import NOW, settle


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer()


def test_links_are_told_in_order(any_api: Api, renderer: Renderer, tmp_path: Path) -> None:
    world = any_api.world
    case_id = finalized(world, any_api.settings, renderer)
    keep_file(
        world.db, any_api.settings, world.person("officer"), case_id, kind="signed_contract", filename="扫描.png",
        data=uploads.picture(), now=NOW,
    )  # fmt: skip
    told = any_api.get(f"/cases/{case_id}/proof").json()["links"]
    assert [(link["name_zh"], link["answer"]) for link in told] == [
        ("审批通过的商务条款", "same"), ("合同定稿", "same"), ("已签合同：扫描.png", "unknown"), ("签订登记", "waiting"),
        ("申报材料包中的合同", "waiting"),
    ]  # fmt: skip
    assert told[2]["notes_zh"] == ["扫描件，无法逐字核对，已记录校验值"]


def test_proof_of_another_institution_is_not_there(any_api: Api, tmp_path: Path) -> None:
    case_id = any_api.world.case()
    other = api_over(settle(any_api.world.db, "云岭大学", "yl-"), tmp_path)
    assert other.get(f"/cases/{case_id}/proof").status_code == 404
    assert any_api.client.get(f"/api/v1/cases/{case_id}/proof").status_code == 401
