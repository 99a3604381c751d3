"""Documents over the API: asked for, made, downloaded; never another case's."""

from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import unquote

import pytest
from sqlmodel import select

from cases.papers import render_document
from cases.tables import Outbox
from contracts.pdf import Renderer
from tests.api.conftest import Api
from tests.api.test_story import open_case, walk


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer()


def test_document_is_asked_for_made_and_downloaded(api: Api, renderer: Renderer) -> None:
    number = open_case(api)
    walk(api, number, until="agree_price")
    asked = api.post(f"/cases/{number}/documents", {"kind": "publicity_notice"}, key="k-1")
    assert (asked.status_code, asked.json()["status"]) == (202, "queued")
    again = api.post(f"/cases/{number}/documents", {"kind": "publicity_notice"}, key="k-1")
    assert again.content == asked.content
    document_id = asked.json()["id"]
    early = api.get(f"/cases/{number}/documents/{document_id}/file")
    assert (early.status_code, early.json()["detail"]) == (404, "文书尚未生成完成，请稍后再下载")
    now = datetime(2026, 3, 4, tzinfo=UTC)
    render_document(api.world.db, api.settings, renderer, document_id, now)
    ready = api.get(f"/cases/{number}/documents/{document_id}").json()
    assert (ready["status"], ready["error"], ready["version"]) == ("ready", "", 1)
    file = api.get(f"/cases/{number}/documents/{document_id}/file")
    assert (file.headers["content-type"], file.headers["x-content-type-options"]) == (
        "application/pdf",
        "nosniff",
    )
    assert (sha256(file.content).hexdigest(), len(file.content)) == (ready["sha256"], ready["size"])
    assert unquote(file.headers["content-disposition"]).endswith(ready["filename"])
    rows = api.get(f"/cases/{number}/documents").json()["rows"]
    assert [row["id"] for row in rows] == [document_id]


def test_asking_queues_one_piece_of_work(api: Api) -> None:
    number = open_case(api)
    for _ in range(2):
        api.post(f"/cases/{number}/documents", {"kind": "contract"}, key="k-1")
    with api.world.db.read() as session:
        assert session.exec(select(Outbox.topic)).all() == ["render"]


def test_unknown_kind_and_wrong_role(api: Api) -> None:
    number = open_case(api)
    unknown = api.post(f"/cases/{number}/documents", {"kind": "novel"})
    assert (unknown.status_code, list(unknown.json()["fields"])) == (422, ["kind"])
    assert api.post(f"/cases/{number}/documents", {"kind": "contract"}, role="readonly").status_code == 403
    assert api.post("/cases/ZH2026-00099/documents", {"kind": "contract"}).status_code == 404


def test_document_of_another_case_is_not_found(api: Api) -> None:
    first, second = open_case(api), open_case(api)
    document_id = api.post(f"/cases/{first}/documents", {"kind": "contract"}).json()["id"]
    assert api.get(f"/cases/{first}/documents/{document_id}").status_code == 200
    for path in (f"/cases/{second}/documents/{document_id}", f"/cases/{second}/documents/{document_id}/file"):
        assert api.get(path).status_code == 404
