"""Patents and companies over the API: lists, imports, checks."""

import json
import tracemalloc
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.api.conftest import Api
from tests.world import NUMBERS

HEADER = "专利号,专利名称,专利权人,申请日,类型\n"
GOOD = f"{HEADER}ZL201710601862.3,一种电池,沧澜理工大学,2017-07-21,发明\n"
BAD = f"{GOOD}2.02E+12,坏号,沧澜理工大学,2018-01-01,发明\n"


def upload(
    api: Api, content: bytes | str, *, role: str = "officer", key: str = "", **form: str
) -> httpx.Response:
    data = content.encode() if isinstance(content, str) else content
    headers = api.headers(role, **({"Idempotency-Key": key} if key else {}))
    return api.client.post(
        "/api/v1/patents/import", files={"file": ("清单.csv", data)}, data=form, headers=headers
    )


def test_good_lines_go_in_and_bad_ones_come_back(api: Api) -> None:
    answer = upload(api, BAD)
    told = answer.json()
    counts = [told[name] for name in ("rows", "accepted", "unchanged", "rejected")]
    assert (answer.status_code, counts) == (200, [2, 1, 0, 1])
    assert [(error["row"], error["value"]) for error in told["errors"]] == [(3, "2.02E+12")]
    assert told["mapping"]["title"] == "专利名称"
    found = api.get("/patents", params={"q": "ZL 201710601862.3"}).json()
    assert [(row["patent_no"], row["kind_zh"], row["title"]) for row in found["rows"]] == [
        ("ZL201710601862.3", "发明", "一种电池")
    ]
    file = api.client.get(told["rejects"], headers=api.headers())
    assert (file.status_code, file.content[:2]) == (200, b"PK")
    trail = api.get("/trail", role="readonly").json()["entries"][-1]
    assert (trail["verb"], trail["body"]["filename"]) == ("patents_imported", "清单.csv")


def test_import_twice_changes_nothing(api: Api) -> None:
    upload(api, GOOD)
    before = api.get("/patents").json()
    again = upload(api, GOOD).json()
    assert (again["accepted"], again["unchanged"]) == (1, 1)
    assert api.get("/patents").json() == before


def test_dry_run_stores_nothing(api: Api) -> None:
    told = upload(api, BAD, dry_run="true").json()
    assert (told["accepted"], told["dry_run"], told["import_id"]) == (1, True, None)
    assert api.get("/patents").json()["total"] == len(NUMBERS)


def test_import_with_a_key_happens_once(api: Api) -> None:
    first, again = upload(api, GOOD, key="k-1"), upload(api, GOOD, key="k-1")
    assert (again.content, again.headers["idempotency-replayed"]) == (first.content, "true")
    assert upload(api, BAD, key="k-1").status_code == 409
    verbs = [entry["verb"] for entry in api.get("/trail", role="readonly").json()["entries"]]
    assert verbs.count("patents_imported") == 1


def test_chosen_columns_override_the_guess(api: Api) -> None:
    text = "号码,甲,乙\n201710601862.3,一种电池,另一个名称\n"
    told = upload(api, text, mapping=json.dumps({"application_no": "号码", "title": "乙"})).json()
    assert (told["accepted"], told["mapping"]["title"]) == (1, "乙")
    assert api.get("/patents", params={"q": "201710601862"}).json()["rows"][0]["title"] == "另一个名称"


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (b"", {}),
        (b"%PDF-1.7", {}),
        (b"PK\x03\x04 not a workbook", {}),
        (b"\x00" * 1000, {}),
        ("随便写点什么\n", {}),
        (GOOD, {"mapping": "[1]"}),
        (GOOD, {"mapping": "{"}),
        (GOOD, {"mapping": '{"title": 1}'}),
        (GOOD, {"mapping": '{"nonsense": "专利名称"}'}),
        (GOOD, {"mapping": '{"title": "没有的列"}'}),
        (GOOD, {"dry_run": "perhaps"}),
    ],
)
def test_files_and_columns_that_cannot_be_used(api: Api, content: bytes | str, form: dict[str, str]) -> None:
    answer = upload(api, content, **form)
    assert (answer.status_code, answer.json()["title"]) == (422, "填写有误")
    assert api.get("/patents").json()["total"] == len(NUMBERS)


def test_upload_without_a_file_and_with_the_wrong_role(api: Api) -> None:
    answer = api.client.post("/api/v1/patents/import", data={"dry_run": "1"}, headers=api.headers())
    assert (answer.status_code, answer.json()["fields"]) == (422, {"file": "此项必填"})
    broken = api.headers(**{"Content-Type": "multipart/form-data; boundary=x"})
    assert api.client.post("/api/v1/patents/import", content=b"--y", headers=broken).status_code in (400, 422)
    assert upload(api, GOOD, role="readonly").status_code == 403


def test_200_megabytes_are_refused_at_the_door(api: Api) -> None:
    headers = api.headers(
        **{"Content-Type": "multipart/form-data; boundary=x", "Content-Length": str(200 * 2**20)}
    )
    answer = api.client.post("/api/v1/patents/import", content=b"--x", headers=headers)
    assert (answer.status_code, "50MB" in answer.json()["detail"]) == (413, True)


def test_upload_without_a_length_stops_at_the_limit_in_flat_memory(api: Api) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
        for _ in range(1000):
            yield b"a" * 2**17

    headers = api.headers(**{"Content-Type": "multipart/form-data; boundary=x"})
    tracemalloc.start()
    answer = api.client.post("/api/v1/patents/import", content=chunks(), headers=headers)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert answer.status_code == 413
    assert peak < 20 * 2**20


def test_rejects_of_another_import_are_not_found(api: Api) -> None:
    import_id = upload(api, GOOD).json()["import_id"]
    assert api.get(f"/patents/imports/{import_id}/rejects").status_code == 404
    assert api.get("/patents/imports/99/rejects").status_code == 404


def test_patents_are_paged_and_filtered(api: Api) -> None:
    first = api.get("/patents", params={"size": 2}).json()
    second = api.get("/patents", params={"size": 2, "page": 2}).json()
    assert (first["total"], len(first["rows"]), first["page"], first["size"]) == (5, 2, 1, 2)
    assert {row["id"] for row in first["rows"]} & {row["id"] for row in second["rows"]} == set()
    assert api.get("/patents", params={"kind": "design"}).json()["total"] == 0
    one = api.get(f"/patents/{first['rows'][0]['id']}").json()
    assert one == first["rows"][0]


def test_company_is_checked_and_registered_once(api: Api) -> None:
    body = {"name": "云麓电池有限公司", "uscc": "91440300708461136T", "contact": "梁工"}
    made = api.post("/companies", body)
    assert (made.status_code, made.json()["contact"]) == (201, "梁工")
    assert api.get(f"/companies/{made.json()['id']}").json() == made.json()
    twin = api.post("/companies", body)
    assert (twin.status_code, "已登记为" in twin.json()["detail"]) == (409, True)
    wrong = api.post("/companies", {"name": "某课题组", "uscc": "91440300708461136X"})
    assert (wrong.status_code, sorted(wrong.json()["fields"])) == (422, ["name", "uscc"])
    assert [row["name"] for row in api.get("/companies", params={"q": "云麓"}).json()["rows"]] == [
        "云麓电池有限公司"
    ]
