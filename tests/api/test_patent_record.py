"""What is recorded of a patent, by API: the register and the annual fees."""

from tests.api.conftest import Api

LOOK = {"register_checked_on": "2026-03-01", "evidence": "登记簿副本2026-0311"}


def test_a_look_at_the_register_is_put(any_api: Api) -> None:
    patent = f"/patents/{any_api.world.patent_ids[0]}"
    answer = any_api.put(f"{patent}/register", {**LOOK, "status": "in_force", "flags": ["pledged"]})
    assert (answer.status_code, answer.json()["flags"]) == (200, ["pledged"])
    assert any_api.get(patent).json()["register_checked_on"] == "2026-03-01"
    refused = any_api.put(f"{patent}/register", {**LOOK, "flags": ["cursed"]})
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["flags"])
    assert any_api.put(f"{patent}/register", LOOK, "finance").status_code == 403


def test_annual_fees_are_put(api: Api) -> None:
    patent = f"/patents/{api.world.patent_ids[0]}"
    answer = api.put(f"{patent}/fees", {"fee_paid_year": 6, "fee_reduction": "85"})
    assert answer.status_code == 200
    assert (answer.json()["fee_paid_year"], answer.json()["fee_reduction"]) == (6, "85")
    assert api.put(f"{patent}/fees", {"fee_paid_year": 99}).status_code == 422
