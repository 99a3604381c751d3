"""The inbox over the API."""

from pathlib import Path

from tests.api.conftest import Api, api_over
from tests.modes.story import walk_to
from tests.world import settle


def test_inbox_tells_who_holds_a_case_and_the_next_step(any_api: Api) -> None:
    walk_to(any_api.world, any_api.world.case(), "submit_approval")
    (row,) = any_api.get("/inbox", role="approver").json()["rows"]
    (asked,) = row["holder"].pop("asked")
    assert (asked["stage"], asked["status"], asked["since"], asked["persons"]) == (
        1,
        "waiting",
        "2026-03-26",
        [],
    )
    assert row == {
        "case_id": 1, "number": "ZH2026-00001", "title": "锂电池隔膜独占许可", "mode": "exclusive_license",
        "mode_zh": "独占许可", "stage": "preparation", "stage_zh": "准备", "company": "启衡新材料股份有限公司",
        "officer": "林知远",
        "holder": {
            "roles": ["approver"], "who_zh": "审批人（科技成果转化中心主任审批）",
                "who_en": "Approver (Director of the technology-transfer office)", "since": "2026-03-26", "days": 0,
        },
        "steps": [{"event": "approve", "zh": "批准", "en": "Approve"}], "due": None,
    }  # fmt: skip
    officer = any_api.get("/inbox?list=waiting").json()
    assert officer["counts"] == {"needs": 0, "waiting": 1, "overdue": 0}
    assert [one["number"] for one in officer["rows"]] == ["ZH2026-00001"]


def test_inbox_is_paged(api: Api) -> None:
    for _ in range(3):
        api.world.case()
    numbers = [
        [row["number"] for row in api.get(f"/inbox?size=2&page={page}").json()["rows"]] for page in (1, 2, 3)
    ]
    assert numbers == [["ZH2026-00001", "ZH2026-00002"], ["ZH2026-00003"], []]


def test_wrong_filters_are_named(api: Api) -> None:
    assert list(api.get("/inbox?mode=x").json()["fields"]) == ["mode"]
    assert api.get("/inbox?list=x").status_code == 422


def test_strangers_find_an_empty_inbox(api: Api, tmp_path: Path) -> None:
    api.world.case()
    other = api_over(settle(api.world.db, "云麓医院", "b-"), tmp_path)
    assert api.get("/inbox?officer_id=0").json()["counts"]["needs"] == 1
    assert other.get("/inbox?officer_id=0").json()["counts"] == {"needs": 0, "waiting": 0, "overdue": 0}
