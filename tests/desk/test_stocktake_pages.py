"""Stocktakes on the desk, and the self-rating by a link on a phone."""

import re
from datetime import timedelta

import pytest

from cases.stocktake_answers import read_answers
from cases.stocktake_steps import take_step
from states.stocktaking import Asked
from tests.cases.stocktaking import FIRST, RATING, SECOND, change, contact, items, secrets, step, stocktake
from tests.desk.conftest import Browser, Desk, visible
from tests.world import NOW

CAMPAIGN = {"title": "2026年存量专利盘点", "due_on": "2026-04-30", "statuses": ["in_force"]}
FORM = {**RATING, "willingness": ["license", "open_license"]}


def token(html: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', html)
    assert found is not None
    return found[1]


def wait_filled(desk: Desk) -> None:
    desk.app.state.desk.jobs.stop()


def test_scope_is_previewed_and_opened_in_the_background(desk: Desk) -> None:
    change(desk.world, 0, college="材料学院")
    officer = desk.browser()
    shown = officer.post("/stocktakes/new", {**CAMPAIGN, "do": "preview"})
    assert (shown.status_code, "将纳入5件专利" in visible(shown.text)) == (200, True)
    narrow = officer.post("/stocktakes/new", {**CAMPAIGN, "colleges": ["材料学院"], "do": "preview"})
    assert "将纳入1件专利" in visible(narrow.text)
    assert officer.get("/stocktakes/new").status_code == 200
    opened = officer.post("/stocktakes/new", {**CAMPAIGN, "do": "open"})
    wait_filled(desk)
    assert (opened.status_code, opened.headers["location"]) == (303, "/stocktakes/1")
    page = officer.text("/stocktakes/1")
    assert "5件专利没有对应的发明人联系方式" in page
    assert "已评价 0 0%" in page
    assert "2026年存量专利盘点" in officer.text("/stocktakes")


def test_refused_campaign_keeps_what_was_typed(desk: Desk) -> None:
    answer = desk.browser().post("/stocktakes/new", {**CAMPAIGN, "due_on": "2020-01-01", "do": "open"})
    assert answer.status_code == 422
    assert 'value="2026年存量专利盘点"' in answer.text
    assert "完成期限不能早于今日" in visible(answer.text)


def test_every_count_of_the_progress_leads_to_as_many_rows(desk: Desk) -> None:
    id_ = stocktake(desk.world)
    for item in items(desk.world, id_)[:2]:
        step(desk.world, item, "rate", rating=read_answers(RATING))
    officer = desk.browser()
    page = officer.get(f"/stocktakes/{id_}").text
    links = re.findall(
        r'<a class="btn btn-sm" href="([^"]+)">[^<]+<span class="number ms-1">(\d+)</span>', page
    )
    assert len(links) == 8
    for address, count in links:
        rows = re.findall(r'href="/stocktakes/items/\d+"', officer.get(address).text)
        assert len(rows) == int(count)


def test_review_queue_takes_a_step_for_many_and_names_what_stood_against(desk: Desk) -> None:
    id_ = stocktake(desk.world)
    first, second, *_ = items(desk.world, id_)
    for item in (first, second):
        step(desk.world, item, "rate", rating=read_answers(RATING))
    step(desk.world, second, "send_back")
    chosen = {"state": "rated", "step": "pass_college", "item": [f"{first}:2", f"{second}:2"]}
    page = visible(desk.browser("approver").post(f"/stocktakes/{id_}/items", chosen).text)
    assert "已办理1件" in page
    assert "1件没有办理" in page
    assert "林知远刚刚办理了“退回发明人”" in page


def test_item_page_tells_every_unmet_condition_with_its_rule(desk: Desk) -> None:
    id_ = stocktake(desk.world)
    item = items(desk.world, id_)[0]
    for name, role in (("rate", "officer"), ("pass_college", "approver"), ("accept", "officer")):
        step(desk.world, item, name, role, **({"rating": read_answers(RATING)} if name == "rate" else {}))
    desk.world.case()
    form = {"step": "dispose", "choice": "stop_fees", "why": "年费负担过重", "version": "4"}
    answer = desk.browser("approver").post(f"/stocktakes/items/{item}", form)
    page = visible(answer.text)
    assert answer.status_code == 409
    assert all(
        text in page for text in ("尚有1个未结案件", "ST-04", "尚未通知发明人", "ST-02", "年费负担过重")
    )
    stale = desk.browser().post(f"/stocktakes/items/{item}", {"step": "enter_pool", "version": "2"})
    assert stale.status_code == 409
    assert (
        desk.browser().post(f"/stocktakes/items/{item}", {"step": "enter_pool", "version": "4"}).status_code
        == 303
    )


@pytest.mark.parametrize(("role", "shown"), [("officer", True), ("administrator", True), ("approver", False)])
def test_addresses_of_links_are_for_those_who_hand_them_out(desk: Desk, role: str, shown: bool) -> None:
    id_ = stocktake(desk.world)
    contact(desk.world)
    secret = secrets(desk.world, id_)[FIRST]
    assert (secret in desk.browser(role).get(f"/stocktakes/{id_}/links").text) == shown


def test_sample_is_drawn_and_rated_again(desk: Desk) -> None:
    id_ = stocktake(desk.world)
    step(desk.world, items(desk.world, id_)[0], "rate", rating=read_answers(RATING))
    officer = desk.browser()
    assert officer.post(f"/stocktakes/{id_}/samples", {"size": "5", "seed": "7"}).status_code == 303
    again = {"maturity": "pilot", "prospect": "low", "implementation": "none"}
    assert officer.post(f"/stocktakes/{id_}/samples/1", again).status_code == 303
    page = officer.text(f"/stocktakes/{id_}/samples")
    assert "从1件中抽取1件" in page
    assert "前景好 → 前景较差" in page


def test_contacts_and_reviewers_are_kept(desk: Desk) -> None:
    officer, admin = desk.browser(), desk.browser("administrator")
    assert (
        officer.post("/stocktakes/inventors", {"name": FIRST, "email": "a@example.invalid"}).status_code
        == 303
    )
    assert officer.post("/stocktakes/inventors", {"name": FIRST, "email": "不是邮箱"}).status_code == 422
    approver = desk.world.person("approver").id
    assert (
        admin.post("/stocktakes/reviewers", {"college": "材料学院", "users": [str(approver)]}).status_code
        == 303
    )
    assert officer.post("/stocktakes/reviewers", {"college": "材料学院"}).status_code == 403
    page = officer.text("/stocktakes/inventors")
    assert "材料学院 ：周审言" in page
    assert FIRST in page


def opened(desk: Desk, name: str = FIRST) -> tuple[Browser, str]:
    """A guest's browser with an inventor's link."""
    if name == SECOND:
        change(desk.world, 4, inventors=f'["{SECOND}"]')
    id_ = stocktake(desk.world)
    contact(desk.world)
    contact(desk.world, SECOND, email="")
    return desk.guest(), f"/rate/{secrets(desk.world, id_)[name]}"


def test_rating_goes_from_one_patent_to_the_next(desk: Desk) -> None:
    guest, address = opened(desk)
    page = guest.get(address)
    guest.csrf = token(page.text)
    assert "一种锂离子电池隔膜" not in page.text
    assert guest.get(f"{address}/1").headers["location"] == address
    assert guest.post(address).status_code == 422
    began = guest.post(address, {"consent": "yes"})
    assert (began.status_code, began.headers["location"]) == (303, f"{address}/1")
    half = guest.post(
        f"{address}/1", {"maturity": "lab", "scenario": "写到一半"}, headers={"HX-Request": "true"}
    )
    assert half.status_code == 204
    assert "写到一半" in guest.get(f"{address}/1").text
    refused = guest.post(f"{address}/1", {"maturity": "lab", "do": "submit", "version": "1"})
    assert refused.status_code == 422
    assert "自评缺少：应用场景、产业化前景" in visible(refused.text)
    sent = guest.post(f"{address}/1", {**FORM, "do": "submit", "version": "1"})
    assert (sent.status_code, sent.headers["location"]) == (303, f"{address}/2?rated")
    copied = guest.get(f"{address}/2?copy=1").text
    assert re.search(r'value="pilot" checked', copied)
    assert "动力电池；储能" in copied
    for item in (2, 3, 4, 5):
        sent = guest.post(f"{address}/{item}", {**FORM, "do": "submit", "version": "1"})
    assert sent.headers["location"] == f"{address}?all"
    assert "全部填写完毕" in guest.text(f"{address}?all")


def test_link_of_another_inventor_shows_nothing(desk: Desk) -> None:
    guest, address = opened(desk, SECOND)
    guest.csrf = token(guest.get(address).text)
    guest.post(address, {"consent": "yes"})
    assert "（5）" in guest.text(address)
    assert "（1）" not in guest.text(address)
    for answer in (guest.get(f"{address}/1"), guest.post(f"{address}/1", {**FORM, "do": "submit"})):
        assert answer.status_code == 404
        assert "隔膜" not in answer.text


def test_old_and_unknown_links_look_the_same_and_guessing_is_slowed_down(desk: Desk) -> None:
    guest, address = opened(desk)
    assert guest.get(address).status_code == 200
    desk.clock.now = NOW + timedelta(days=200)
    ended, unknown = guest.get(address), guest.get("/rate/" + "x" * 60)
    assert (ended.status_code, unknown.status_code) == (404, 404)
    assert visible(ended.text) == visible(unknown.text)
    assert {guest.get(f"/rate/{'y' * 50}{n}").status_code for n in range(40)} == {404, 429}


def test_link_opens_nothing_but_itself(desk: Desk) -> None:
    guest, address = opened(desk)
    guest.get(address)
    assert {
        guest.get(path).status_code for path in ("/", "/patents", "/stocktakes", "/stocktakes/items/1")
    } == {303}


def test_sent_back_patent_tells_the_inventor_why(desk: Desk) -> None:
    guest, address = opened(desk)
    guest.csrf = token(guest.get(address).text)
    guest.post(address, {"consent": "yes"})
    guest.post(f"{address}/1", {**FORM, "do": "submit", "version": "1"})
    asked = Asked("send_back", "", why="应用场景写得太笼统")
    take_step(desk.world.db, desk.world.person("approver"), 1, asked, now=NOW)
    assert "退回原因：应用场景写得太笼统" in guest.text(address)


def test_profile_of_a_patent_leads_to_its_stocktakes(desk: Desk) -> None:
    item = items(desk.world, stocktake(desk.world))[0]
    page = desk.browser().get(f"/patents/{desk.world.patent_ids[0]}/profile")
    assert (page.status_code, f'href="/stocktakes/items/{item}"' in page.text) == (200, True)
