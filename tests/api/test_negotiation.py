"""The negotiation of a contract over the API: export, upload, comparison, decision."""

import httpx

from tests.api.conftest import Api
from tests.cases.test_negotiation import FEE, untracked
from tests.contracts.word.files import edited
from tests.modes.story import walk_to


def _upload(api: Api, case_id: int, data: bytes, role: str = "officer") -> httpx.Response:
    return api.client.post(
        f"/api/v1/cases/{case_id}/negotiation",
        headers=api.headers(role),
        files={"file": ("返回稿.docx", data)},
    )


def test_export_upload_compare_and_decide(api: Api) -> None:
    case_id = api.world.case()
    walk_to(api.world, case_id, "start_drafting")
    path = f"/api/v1/cases/{case_id}/negotiation"
    sent = api.client.post(f"{path}/docx", headers=api.headers("officer"))
    assert (sent.status_code, sent.headers["x-content-type-options"]) == (200, "nosniff")
    data = edited(untracked(sent.content), (FEE, "1,000,000.00（大写：人民币壹佰万元整）"))
    received = _upload(api, case_id, data)
    assert (received.status_code, received.json()["answers"], received.json()["untracked"]) == (201, 1, 2)
    assert _upload(api, case_id, data).status_code == 409
    found = api.get(f"/cases/{case_id}/negotiation/1").json()
    assert [(f["label"], f["before"], f["after"]) for f in found["figures"]][0] == (
        "入门费", "1,200,000.00", "1,000,000.00",
    )  # fmt: skip
    assert [(c["id"], c["status"], c["is_tracked"], c["decision"]) for c in found["clauses"]] == [
        ("performance", "changed", False, ""), ("fees", "changed", False, ""),
    ]  # fmt: skip
    given = {"clause": "fees", "decision": "accept"}
    refused = api.client.post(f"{path}/1/decisions", headers=api.headers("officer"), json=given)
    assert (refused.status_code, "请先修改商务条款" in refused.text) == (409, True)
    kept = api.client.post(
        f"{path}/1/decisions", headers=api.headers("officer"), json={**given, "decision": "keep"}
    )
    assert [c["decision"] for c in kept.json()["clauses"]] == ["", "keep"]
    assert [(v["direction"], v["no"]) for v in api.get(f"/cases/{case_id}/negotiation").json()["rows"]] == [
        ("received", 1), ("sent", 1),
    ]  # fmt: skip


def test_bad_file_and_wrong_role(api: Api) -> None:
    case_id = api.world.case()
    walk_to(api.world, case_id, "start_drafting")
    bad = _upload(api, case_id, b"%PDF-1.7")
    assert (bad.status_code, "这是PDF文件" in bad.json()["fields"]["file"]) == (422, True)
    assert _upload(api, case_id, b"%PDF-1.7", "approver").status_code == 403
    assert api.get(f"/cases/{case_id}/negotiation/1").status_code == 404
