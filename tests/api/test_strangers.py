"""Every address of the API that names a thing: for people of another institution there is no such thing."""

import re
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from cases.bulk_runs import start_run
from cases.case_files import keep_file
from desk.api import router
from tests.api.conftest import Api, api_over
from tests.cases import uploads
from tests.world import NOW, settle

_APP = FastAPI()
_APP.include_router(router)
OF_A_CASE = [
    (method.upper(), path)
    for path, methods in sorted(_APP.openapi()["paths"].items())
    for method in sorted(methods)
    if re.match(r"/api/v1/cases/\{", path)
]
NO_BODY_THAT_FITS = (
    422  # The address is looked up by a body's reader or after it; nothing of the case is told.
)


@pytest.mark.parametrize(("method", "path"), OF_A_CASE)
def test_case_of_another_institution_is_not_there(api: Api, tmp_path: Path, method: str, path: str) -> None:
    world = api.world
    case_id = world.case()
    officer = world.person("officer")
    keep_file(
        world.db,
        api.settings,
        officer,
        case_id,
        kind="other",
        filename="扫描.png",
        data=uploads.picture(),
        now=NOW,
    )
    start_run(world.db, officer, "approval_form", (case_id,), NOW)
    address = path.replace("{case}", str(case_id)).replace("{event}", "sign")
    address = re.sub(r"\{[a-z_]+\}", "1", address)
    theirs = api_over(settle(world.db, "云麓医院", "b-"), tmp_path)
    bodies: dict[str, Any] = {"json": {}} if method in ("POST", "PUT", "PATCH") else {}
    answer = theirs.client.request(method, address, headers=theirs.headers("officer"), **bodies)
    before = api.get(f"/cases/{case_id}").json()
    assert answer.status_code in ((404, NO_BODY_THAT_FITS) if bodies else (404,)), (
        address,
        answer.text[:200],
    )
    assert "ZH2026" not in answer.text
    assert api.get(f"/cases/{case_id}").json() == before
