"""Files of a case over the API."""

from hashlib import sha256

import httpx

from tests.api.conftest import Api, api_over
from tests.cases import uploads
from tests.world import settle

SCAN = uploads.pdf(text="signed")


def _add(
    api: Api, case_id: int, data: bytes = SCAN, role: str = "officer", kind: str = "signed_contract"
) -> httpx.Response:
    return api.client.post(
        f"/api/v1/cases/{case_id}/files", headers=api.headers(role), data={"kind": kind},
        files={"file": ("合同.pdf", data, "application/pdf")},
    )  # fmt: skip


def test_file_is_added_once_listed_and_downloaded(api: Api) -> None:
    case_id = api.world.case()
    first, again = _add(api, case_id), _add(api, case_id)
    assert (first.status_code, again.status_code) == (201, 200)
    digest = sha256(SCAN).hexdigest()
    assert (first.json()["sha256"], first.json()["again"], again.json()["again"]) == (digest, False, True)
    (row,) = api.get(f"/cases/{case_id}/files").json()["rows"]
    assert (row["kind_zh"], row["filename"], row["size"]) == ("已签合同扫描件", "合同.pdf", len(SCAN))
    file = api.get(f"/cases/{case_id}/files/{row['id']}/file")
    assert (file.content, file.headers["etag"], file.headers["x-content-type-options"]) == (
        SCAN,
        f'"{digest}"',
        "nosniff",
    )
    assert file.headers["content-disposition"].startswith("attachment;")


def test_what_is_refused_says_why(api: Api) -> None:
    case_id = api.world.case()
    fake = _add(api, case_id, b"MZ\x90\x00")
    assert (fake.status_code, fake.json()["fields"]) == (
        422, {"file": "该文件的内容是Windows可执行程序，此处只接受PDF、PNG、JPEG、TIFF。请转换后重新上传"},
    )  # fmt: skip
    assert [_add(api, case_id, role="readonly").status_code, _add(api, case_id, kind="x").status_code] == [
        403,
        422,
    ]
    assert api.get(f"/cases/{case_id}/files").json() == {"rows": []}


def test_another_organization_gets_nothing(api: Api) -> None:
    case_id = api.world.case()
    file_id = _add(api, case_id).json()["id"]
    other = api_over(settle(api.world.db, "云麓医院", "b-"), api.settings.home)
    assert other.get(f"/cases/{case_id}/files").status_code == 404
    assert other.get(f"/cases/{case_id}/files/{file_id}/file").status_code == 404
    assert _add(other, case_id).status_code == 404
