"""Declaration and use by API: recorded, listed, refused with all that is unmet, and nobody else's."""

from tests.api.conftest import Api
from tests.cases.test_assessments import FILED, PASSED, PLANNED
from tests.cases.test_products import PRODUCT
from tests.cases.test_use import PROJECT, UNUSED
from tests.world import settle


def test_funding_and_use_are_recorded_and_listed(any_api: Api) -> None:
    patent = f"/use/patents/{any_api.world.patent_ids[0]}"
    made = any_api.post(f"{patent}/fundings", {"fields": PROJECT}, key="a")
    again = any_api.post(f"{patent}/fundings", {"fields": PROJECT}, key="a")
    assert (made.status_code, made.json(), again.json()) == (201, {"id": 1}, {"id": 1})
    assert [row["project_no"] for row in any_api.get(f"{patent}/fundings").json()["rows"]] == ["52000001"]
    assert any_api.post(f"{patent}/statements", {"fields": UNUSED}).status_code == 201
    assert [row["reason"] for row in any_api.get(f"{patent}/statements").json()["rows"]] == ["validation"]
    listed = any_api.get("/use?view=undeclared").json()
    assert (listed["total"], listed["counts"]["undeclared"], listed["rows"][0]["funded"]) == (1, 1, True)
    refused = any_api.post(f"{patent}/statements", {"fields": {**UNUSED, "review_on": "", "colour": "red"}})
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["colour"])
    assert any_api.post(f"{patent}/fundings", {"fields": PROJECT}, "finance").status_code == 403


def test_filing_tells_all_that_stands_against_it(api: Api) -> None:
    made = api.post("/use/assessments", {"fields": PLANNED}).json()["id"]
    one = f"/use/assessments/{made}"
    assert [row["rule_id"] for row in api.get(f"{one}/unmet").json()["unmet"]] == ["ST-05"]
    assert api.post(f"{one}/file", {"fields": FILED}).status_code == 409
    assert api.post(f"{one}/override", {"fields": {"override_reason": "先行提交"}}).status_code == 403
    assert api.post(f"{one}/assess", {"fields": PASSED}, "approver").status_code == 200
    assert api.post(f"{one}/file", {"fields": FILED}).json() == {"id": made, "unmet": []}
    listed = api.get("/use/assessments?view=filed").json()
    assert (listed["total"], listed["assessed"], listed["filed"]) == (1, 1, 1)
    assert api.get(one).json()["scores"] == {"prospect": 85, "potential": 80, "value": 70, "upkeep": 60}


def test_products_and_outcomes(api: Api) -> None:
    made = api.post("/use/products", {"fields": {**PRODUCT, "since": "2026-02-01"}}).json()["id"]
    one = f"/use/products/{made}"
    asked = {"fields": {"prompted_on": "2026-03-01", "prompt_note": "函告"}}
    assert api.post(f"{one}/prompt", asked).status_code == 200
    filing = {"fields": {"filed_on": "2026-03-01", "filing_no": "ZLCP1"}}
    assert api.post(f"{one}/file", filing).status_code == 200
    found = api.get(one).json()
    assert (found["filing_no"], found["gaps"], found["due"]) == ("ZLCP1", [], "2026-03-31")
    listed = api.get("/use/products").json()
    assert (listed["newly_filed"], listed["covered_patents"], listed["valid_patents"]) == (1, 2, 5)
    gone = {"fields": {"withdrawn_on": "2026-03-02", "prompt_note": "退市"}}
    assert api.post(f"{one}/withdraw", gone).status_code == 200
    company = f"/use/companies/{api.world.company_id}/outcomes"
    assert api.post(company, {"fields": {"year": 2025, "outcomes": ["scale"]}}).status_code == 201
    assert [row["outcomes"] for row in api.get("/use/outcomes").json()["rows"]] == [["scale"]]


def test_what_others_have_is_not_there(api: Api) -> None:
    other = settle(api.world.db, "另一所大学", "other-")
    patent = f"/use/patents/{other.patent_ids[0]}"
    for path in (f"{patent}/fundings", f"{patent}/statements", "/use/assessments/1", "/use/products/1"):
        assert api.get(path).status_code == 404
    assert api.post(f"{patent}/fundings", {"fields": PROJECT}).status_code == 404
    assert (
        api.post(f"/use/companies/{other.company_id}/outcomes", {"fields": {"year": 2025}}).status_code == 404
    )
