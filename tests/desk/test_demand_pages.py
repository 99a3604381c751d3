"""Demands on screen: what is typed is kept, what fits is shown with reasons, and a match becomes a case in one click."""

import re

from cases.match_decisions import decide
from tests.cases.test_demands import saved
from tests.desk.conftest import Desk, visible
from tests.world import NOW, TODAY, settle

FORM = {
    "company": "启衡新材料股份有限公司", "title": "锂电池隔膜高温收缩", "text": "涂覆隔膜一百五十度收缩超标",
    "industries": ["materials"], "modes": ["ordinary_license"], "budget_fen": "50万",
}  # fmt: skip


def test_demand_is_registered_and_shows_what_fits_with_reasons(desk: Desk) -> None:
    officer = desk.browser()
    answer = officer.post("/demands/new", FORM)
    assert (answer.status_code, answer.headers["location"]) == (303, "/demands/1?saved")
    page = officer.text("/demands/1")
    for told in (
        "锂电池隔膜高温收缩", "XQ2026-00001", "启衡新材料股份有限公司", "500,000.00", "2026-03-12",
        "专利名称与需求都提到：隔膜、电池", "一种锂离子电池隔膜的制备方法（1）", "陈思远",
    ):  # fmt: skip
        assert told in page
    assert "锂电池隔膜高温收缩" in officer.text("/demands?status=new&industry=materials")
    assert "锂电池隔膜高温收缩" not in officer.text("/demands?overdue=yes")
    assert "锂电池隔膜高温收缩" in officer.text(f"/demands/of-patent/{desk.world.patent_ids[0]}")


def test_what_was_typed_stays_when_it_is_refused(desk: Desk) -> None:
    answer = desk.browser().post(
        "/demands/new", {**FORM, "company": "没有登记的公司", "budget_fen": "很多", "text": "写了很久的内容"}
    )
    page = answer.text
    assert answer.status_code == 422
    assert "没有登记企业“没有登记的公司”" in visible(page)
    assert "写了很久的内容" in page
    assert 'value="很多"' in page
    assert re.search(r'value="materials" checked', page)


def test_demand_is_changed_and_answered(desk: Desk) -> None:
    officer, demand_id = desk.browser(), saved(desk.world)
    assert 'value="500,000.00"' in officer.get(f"/demands/{demand_id}/edit").text
    assert (
        officer.post(f"/demands/{demand_id}/edit", {**FORM, "title": "隔膜涂覆工艺改进"}).status_code == 303
    )
    refused = officer.post(f"/demands/{demand_id}/status", {"status": "answered", "reason": " "})
    assert (refused.status_code, "请写明理由或答复内容" in refused.text) == (422, True)
    assert (
        officer.post(
            f"/demands/{demand_id}/status", {"status": "answered", "reason": "已电话答复"}
        ).status_code
        == 303
    )
    assert (
        officer.post(f"/demands/{demand_id}/status", {"status": "answered", "reason": "再答复"}).status_code
        == 409
    )
    page = officer.text(f"/demands/{demand_id}")
    assert ("隔膜涂覆工艺改进" in page, "已电话答复" in page) == (True, True)


def test_match_is_taken_and_becomes_a_case_in_one_click(desk: Desk) -> None:
    officer, demand_id, (first, second, *_) = desk.browser(), saved(desk.world), desk.world.patent_ids
    refused = officer.post(f"/demands/{demand_id}/matches/{first}", {"decision": "accepted", "reason": "好"})
    assert (
        refused.status_code,
        "请写明采纳或不采纳的理由" in refused.text,
        'value="好"' in refused.text,
    ) == (422, True, True)
    for patent_id, decision in ((first, "accepted"), (second, "rejected")):
        told = {"decision": decision, "reason": "与企业产线核对过"}
        assert officer.post(f"/demands/{demand_id}/matches/{patent_id}", told).status_code == 303
    page = officer.get(f"/demands/{demand_id}").text
    assert 'value="ordinary_license" selected' in page
    pushed = officer.post(f"/demands/{demand_id}/push", {"patents": [str(first)]})
    assert pushed.headers["location"] == f"/demands/{demand_id}?pushed=1&skipped=0#decided"
    opened = officer.post(f"/demands/{demand_id}/case", {"patents": [str(first)], "mode": "ordinary_license"})
    assert (opened.status_code, opened.headers["location"]) == (303, "/cases/1?opened")
    assert "ZH2026-00001" in officer.text(f"/demands/{demand_id}")
    assert "XQ2026-00001" in officer.text("/cases/1")
    terms = officer.get("/cases/1/terms").text
    assert ('value="合同生效后"' in terms, 'value="首批产品销售后"' in terms) == (True, True)
    assert '<option value="net_sales" selected>' in terms
    assert officer.post(f"/demands/{demand_id}/case", {"patents": [str(first)]}).status_code == 409


def test_others_read_and_change_nothing(desk: Desk) -> None:
    demand_id, patent_id = saved(desk.world), desk.world.patent_ids[0]
    for role in ("approver", "finance", "readonly"):
        theirs = desk.browser(role)
        assert "登记需求" not in theirs.text("/demands")
        assert theirs.get(f"/demands/{demand_id}").status_code == 200
        for path in (
            "/demands/new", f"/demands/{demand_id}/edit", f"/demands/{demand_id}/status", f"/demands/{demand_id}/case",
            f"/demands/{demand_id}/matches/{patent_id}", f"/demands/{demand_id}/push",
        ):  # fmt: skip
            told = {**FORM, "status": "closed", "reason": "不需要", "decision": "accepted"}
            assert (path, theirs.post(path, told).status_code) == (path, 403)


def test_strangers_see_nothing(desk: Desk) -> None:
    demand_id, patent_id = saved(desk.world), desk.world.patent_ids[0]
    theirs = desk.browser(world=settle(desk.world.db, "云麓医院", "b-"))
    assert "锂电池隔膜高温收缩" not in theirs.text("/demands")
    assert "㛃䶮𬱖 " not in theirs.text("/teams?q=没有")
    for path in (f"/demands/{demand_id}", f"/demands/{demand_id}/edit", f"/demands/of-patent/{patent_id}"):
        assert (path, theirs.get(path).status_code) == (path, 404)
    told = {"decision": "accepted", "reason": "借用他人需求", "status": "closed", "patents": [str(patent_id)]}
    for path in ("status", f"matches/{patent_id}", "case", "push"):
        assert (path, theirs.post(f"/demands/{demand_id}/{path}", told).status_code) == (path, 404)


def test_team_is_shown_with_its_patents(desk: Desk) -> None:
    officer = desk.browser()
    page = officer.get("/teams").text
    (link,) = re.findall(r'href="(/teams/show[^"]+)"', page)
    assert "一种锂离子电池隔膜的制备方法（3）" in officer.text(link.replace("&amp;", "&"))
    assert officer.get("/teams/show?lead=无此人").status_code == 404


def test_english_pages_have_english_labels(desk: Desk) -> None:
    officer, demand_id = desk.browser(), saved(desk.world)
    decide(
        desk.world.db,
        desk.world.person("officer"),
        demand_id,
        desk.world.patent_ids[0],
        "accepted",
        "合适",
        today=TODAY,
        now=NOW,
    )
    officer.post("/my/language", {"language": "en", "next": "/"})
    page = officer.text(f"/demands/{demand_id}")
    for told in (
        "Patents that may fit",
        "Open a case",
        "the title shares with the demand",
        "Teams",
        "Answer by",
    ):
        assert told in page
