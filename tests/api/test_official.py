"""Checklists and comparison over the API: complete, and never another institution's."""

from tests.api.conftest import Api
from tests.api.test_story import open_case, walk


def test_checklists_and_comparison_of_a_case(api: Api) -> None:
    number = open_case(api)
    walk(api, number, until="take_effect")
    acts = {act["act"]: act for act in api.get(f"/cases/{number}/checklists").json()["acts"]}
    assert list(acts) == ["license_filing", "registration", "filing_change", "filing_cancellation"]
    rows = {row["paper_zh"]: row for row in acts["license_filing"]["rows"]}
    assert (rows["备案申请表"]["article"], rows["备案申请表"]["document"]) == (
        "专利实施许可合同备案办法第8条",
        "filing_form",
    )
    assert (rows["质权人同意书"]["state"], rows["质权人同意书"]["note_zh"]) == (
        "not_needed",
        "登记簿没有质押记录",
    )
    found = api.get(f"/cases/{number}/comparison").json()
    assert (found["differing"], found["may_pack"]) == (0, True)
    fields = {row["field"]: row for row in found["rows"]}
    row = fields["许可种类"]
    assert (row["form"], row["agrees"], row["record"]) == ("独占许可", True, None)
    assert len(fields) == found["compared"]


def test_case_that_is_not_there_is_not_found(api: Api) -> None:
    for path in ("checklists", "comparison"):
        assert api.get(f"/cases/ZH2026-00099/{path}").status_code == 404
