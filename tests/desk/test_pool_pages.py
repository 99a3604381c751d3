"""The pages of the two libraries: search and facets, grading one or many, pools, lists to take along."""

import csv
import io
import re
from typing import Any
from zipfile import ZipFile

import pytest

from cases.profiles import change_profile, enter_pool
from tests.cases.test_profiles import RATED
from tests.desk.conftest import Browser, Desk, visible
from tests.world import NOW, TODAY, World


def rated(world: World, place: int, **values: object) -> int:
    """Rate a patent, so that it may enter the pool."""
    patent_id = world.patent_ids[place]
    with world.db.cursor() as cur:
        change_profile(
            cur, world.org_id, patent_id, {**RATED, **values}, source="officer", why="盘点",
            actor=world.person("officer").author, now=NOW,
        )  # fmt: skip
    return patent_id


def entered(world: World, place: int, **values: object) -> int:
    """Rate a patent and enter it into the own pool."""
    patent_id = rated(world, place, **values)
    with world.db.cursor() as cur:
        enter_pool(
            cur, world.org_id, patent_id, on=TODAY, reason="盘点结论", source="officer",
            actor=world.person("officer").author, now=NOW,
        )  # fmt: skip
    return patent_id


def rows(browser: Browser, query: str) -> list[int]:
    """The patents on a page of the pool, in order."""
    return [
        int(one) for one in re.findall(r'href="/patents/(\d+)/profile">', browser.get(f"/pool?{query}").text)
    ]


def test_the_menu_leads_to_the_pool_and_the_two_libraries_differ(desk: Desk) -> None:
    inside = entered(desk.world, 0)
    officer = desk.browser()
    assert 'href="/pool"' in officer.get("/").text
    assert rows(officer, "") == [inside]
    assert len(rows(officer, "view=base")) == 5
    assert rows(officer, "view=base&q=隔膜&in_pool=0") == list(reversed(desk.world.patent_ids[1:]))


def test_facets_narrow_and_count(desk: Desk) -> None:
    first, second = rated(desk.world, 0, grade="A"), rated(desk.world, 1, grade="B", prospect="low")
    officer = desk.browser()
    assert rows(officer, "view=base&grade=A&grade=B&sort=grade") == [first, second]
    page = officer.text("/pool?view=base&grade=A")
    assert "A级（重点推广） 1" in page and "B级（常规推广） 1" in page and "未填写 3" in page
    assert rows(officer, "view=base&prospect=low") == [second]
    assert rows(officer, "view=base&grade=-&nonsense=1&sort=bad&page=x") == list(
        reversed(desk.world.patent_ids[2:])
    )
    assert officer.get("/pool?view=base&page=9").headers["location"] == "/pool?view=base&sort=filed&page=1"


def test_the_pages_speak_english(desk: Desk) -> None:
    entered(desk.world, 0, grade="A", industry=["materials"])
    officer = desk.browser()
    officer.post("/my/language", {"language": "en"})
    pool, profile = officer.text("/pool"), officer.text(f"/patents/{desk.world.patent_ids[0]}/profile")
    assert "Conversion pool" in pool and "Own pool Entered" in pool and "New materials" in pool
    assert "Grade A (promote first)" in profile and "Pilot" in profile


def test_many_are_graded_with_a_reason_and_a_day_of_review(desk: Desk) -> None:
    officer, chosen = desk.browser(), [str(one) for one in desk.world.patent_ids[:2]]
    asked = ["view=base", "q=隔膜"]
    refused = officer.post("/pool/grade", {"patents": chosen, "grade": "A", "asked": asked})
    assert refused.status_code == 422
    assert "请写明理由" in visible(refused.text) and refused.text.count(" checked aria-label") == 2
    done = officer.post("/pool/grade", {"patents": chosen, "grade": "A", "why": "年度分级", "asked": asked})
    assert done.headers["location"] == "/pool?view=base&q=%E9%9A%94%E8%86%9C&done=2"
    page = officer.text(f"/patents/{chosen[0]}/profile")
    assert "等级：— → A级" in page and "2027-03-02" in page and "年度分级" in page
    nothing = officer.post("/pool/grade", {"grade": "A", "why": "年度分级"})
    assert "请勾选1至500件专利" in visible(nothing.text)


def test_pools_are_entered_and_every_refusal_is_told(desk: Desk) -> None:
    officer, good, bad = desk.browser(), rated(desk.world, 0), desk.world.patent_ids[1]
    form = {
        "patents": [str(good), str(bad)],
        "pool": "institution",
        "standing": "entered",
        "on": "2026-03-01",
        "why": "盘点结论",
    }
    page = officer.post("/pool/standing", form)
    assert page.status_code == 409
    told = visible(page.text)
    assert (
        "已办理1件，以下1件未办理" in told
        and "尚未评定技术成熟度" in told
        and "榕市监知〔2024〕268号" in told
    )
    assert rows(officer, "") == [good]
    one = {**form, "patents": [str(good)]}
    assert (
        officer.post("/pool/standing", {**one, "pool": "city", "standing": "recommended"}).status_code == 303
    )
    assert rows(officer, "view=base&pool=city:recommended") == [good]
    assert rows(officer, "view=base&pool=city") == []
    assert officer.post("/pool/standing", {**one, "standing": "left", "why": "独占许可"}).status_code == 303
    assert rows(officer, "") == []
    assert "独占许可" in officer.text(f"/patents/{good}/profile")


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"on": "2026-03-03"}, "晚于今日"),
        ({"on": "2026-02-30"}, "日期"),
        ({"standing": "sold"}, "请选择入库、推荐或出库"),
        ({"pool": "moon"}, "请从以下各项中选择"),
        ({"why": ""}, "请写明理由"),
    ],
)
def test_a_wrong_entry_keeps_what_was_typed(desk: Desk, values: dict[str, str], told: str) -> None:
    form = {
        "pool": "institution",
        "standing": "entered",
        "on": "2026-03-01",
        "why": "盘点结论",
        "asked": "view=base",
        **values,
    }
    page = desk.browser().post("/pool/standing", {**form, "patents": [str(rated(desk.world, 0))]})
    assert page.status_code == 422
    assert told in visible(page.text)
    assert f'value="{form["on"]}"' in page.text


def test_a_profile_is_changed_and_what_was_typed_is_kept(desk: Desk) -> None:
    officer, path = desk.browser(), f"/patents/{desk.world.patent_ids[0]}/profile"
    assert "按分类号推荐：新能源汽车" in officer.text(path)
    form: dict[str, Any] = {
        "grade": "B", "scenario": "动力电池隔膜", "industry": ["materials"], "industry_shown": "1", "self_score": "120",
        "why": "企业访谈",
    }  # fmt: skip
    refused = officer.post(path, form)
    assert refused.status_code == 422
    assert "请填0至100的整数" in refused.text and "动力电池隔膜</textarea>" in refused.text
    assert officer.post(path, {**form, "self_score": "88"}).headers["location"] == f"{path}?saved"
    page = officer.text(path)
    assert "应用场景：— → 动力电池隔膜" in page and "产业领域：— → 新材料" in page
    assert rows(officer, "view=base&q=动力电池") == [desk.world.patent_ids[0]]


def test_reviews_that_are_due_stand_in_a_list_of_their_own(desk: Desk) -> None:
    late = rated(desk.world, 2, review_on="2026-03-01")
    rated(desk.world, 3, review_on="2026-03-02")
    assert rows(desk.browser(), "view=review") == [late]


def test_lists_are_taken_along_as_they_are_filtered(desk: Desk) -> None:
    entered(desk.world, 0, grade="A")
    rated(desk.world, 1, grade="A", scenario="=1+1")
    officer = desk.browser()
    answer = officer.get("/pool/export?format=csv&view=base&grade=A")
    table = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["等级"], row["应用场景"], row["本单位资源库"]) for row in table] == [
        ("A级", "'=1+1", ""), ("A级", "动力电池隔膜", "已入库 2026-03-02"),
    ]  # fmt: skip
    book = ZipFile(io.BytesIO(officer.get("/pool/export?format=xlsx").content))
    assert "锂离子电池隔膜" in book.read("xl/sharedStrings.xml").decode()


def test_strangers_see_nothing_and_readers_change_nothing(desk: Desk, strangers: World) -> None:
    entered(desk.world, 0)
    theirs = desk.browser(world=strangers)
    assert rows(theirs, "view=base") == list(reversed(strangers.patent_ids))
    form = {"patents": [str(desk.world.patent_ids[0])], "grade": "A", "why": "年度分级"}
    assert theirs.post("/pool/grade", form).status_code == 404
    assert desk.browser("readonly").post("/pool/grade", form).status_code == 403
    assert "办理所选专利" not in desk.browser("readonly").text("/pool")
