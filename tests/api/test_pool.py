"""The two libraries over the API: searched, graded, entered, with every refusal told."""

from tests.api.conftest import Api
from tests.cases.test_profiles import RATED

RATING = {**RATED, "grade": "A", "why": "盘点结论"}


def test_a_library_is_searched_with_its_facets(any_api: Api) -> None:
    patent = any_api.world.patent_ids[0]
    changed = any_api.put(f"/patents/{patent}/profile", RATING).json()
    assert (changed["profile"]["grade"], changed["profile"]["review_on"]) == ("A", "2027-03-02")
    assert {one["field"] for one in changed["history"]} == {*RATED, "grade", "review_on"}
    found = any_api.get("/pool?view=base&q=隔膜&facet=grade=A").json()
    assert (found["total"], found["at_least"], [row["id"] for row in found["rows"]]) == (1, False, [patent])
    assert found["facets"]["grade"] == [{"value": "-", "count": 4}, {"value": "A", "count": 1}]
    assert any_api.get("/pool").json()["total"] == 0


def test_patents_enter_and_each_refusal_is_told(any_api: Api) -> None:
    good, bad = any_api.world.patent_ids[:2]
    any_api.put(f"/patents/{good}/profile", RATING)
    body = {"patent_ids": [good, bad], "reason": "盘点结论"}
    answer = any_api.post("/pool/standings", body, key="k-1").json()
    assert answer["done"] == 1
    codes = [one["code"] for one in answer["refused"][str(bad)]["unmet"]]
    assert codes == ["maturity_missing", "scenario_missing", "prospect_missing", "willingness_missing"]
    assert any_api.post("/pool/standings", body, key="k-1").json() == answer
    assert any_api.get("/pool").json()["total"] == 1
    assert any_api.post("/pool/standings", {**body, "patent_ids": [good, 999]}).status_code == 404
    left = any_api.post(
        "/pool/standings", {"patent_ids": [good], "standing": "left", "reason": "独占许可"}
    ).json()
    assert left == {"done": 1, "refused": {}}


def test_many_are_graded_or_none(any_api: Api) -> None:
    ids = list(any_api.world.patent_ids)
    assert (
        any_api.post("/pool/grades", {"patent_ids": [*ids, 999], "grade": "B", "why": "年度分级"}).status_code
        == 404
    )
    assert (
        any_api.post("/pool/grades", {"patent_ids": ids, "grade": "E", "why": "年度分级"}).status_code == 422
    )
    assert (
        any_api.post(
            "/pool/grades", {"patent_ids": ids, "grade": "B", "why": "年度分级"}, "readonly"
        ).status_code
        == 403
    )
    assert any_api.get("/pool?view=base&facet=grade=B").json()["total"] == 0
    assert any_api.post("/pool/grades", {"patent_ids": ids, "grade": "B", "why": "年度分级"}).json() == {
        "changed": 5
    }
    assert any_api.get("/pool?view=base&facet=grade=B").json()["total"] == 5
