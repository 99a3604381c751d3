"""The portal of enterprises: who gets in, that nothing else opens, that nobody sees another's slice, and its pages."""

import re
from datetime import timedelta

import httpx
import pytest
from fastapi.routing import APIRoute
from sqlmodel import select

from cases.enterprise_accounts import invite, set_account_active
from cases.enterprise_messages import answer_message, list_messages
from cases.enterprise_tables import EnterpriseAccount, EnterpriseSession, PatentAccess, PatentPush
from cases.evaluation_views import list_evaluations
from cases.people import MAX_FAILURES, make_api_token
from cases.profiles import change_profile, enter_pool
from cases.tables import Patent
from cases.trail import entries
from desk.web.desk_state import SESSION_COOKIE
from desk.web.pages import ROUTERS
from desk.web.portal import ROUTERS as PORTAL
from desk.web.portal.portal_state import COOKIE, portal_path
from tests.desk.conftest import Browser, Desk, visible
from tests.desk.enterprises import MARKS, PASSWORD, SECOND, Seat, account, form_of, push, second_company
from tests.desk.test_access import OPEN, filled
from tests.world import TODAY, World

PORTAL_ROUTES = [(route.path, method) for router in PORTAL for route in router.routes if isinstance(route, APIRoute)
                 for method in sorted(route.methods or ())]  # fmt: skip
DESK_ROUTES = [(route.path, method) for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)
               for method in sorted(route.methods or ())]  # fmt: skip
OUTSIDE = {
    ("/enterprise/sign-in", "GET"), ("/enterprise/sign-in", "POST"), ("/enterprise/join/{secret}", "GET"),
    ("/enterprise/join/{secret}", "POST"), ("/enterprise/language", "POST"),
}  # fmt: skip


@pytest.fixture
def seat(desk: Desk) -> Seat:
    """Somebody of the world's company."""
    return account(desk)


def everywhere(seat: Seat) -> Browser:
    """The same browser as if it sent the portal's cookie to every page, and under every name."""
    cookies = httpx.Cookies({COOKIE: seat.token, SESSION_COOKIE: seat.token})
    return Browser(seat.browser.app, seat.browser.csrf, None, cookies)


def into_pool(desk: Desk, place: int) -> None:
    world, officer = desk.world, desk.world.person("officer")
    given = {"maturity": "pilot", "prospect": "high", "industry": ["vehicles"], "grade": "A", "self_score": 88,
             "scenario": "动力电池隔膜", "willingness": ["license"], "patent_class": "", "implementation": "none"}  # fmt: skip
    with world.db.cursor() as cur:
        patent = world.patent_ids[place]
        change_profile(
            cur,
            world.org_id,
            patent,
            given,
            source="officer",
            why="盘点结果",
            actor=officer.author,
            now=desk.clock.now,
        )
        enter_pool(
            cur,
            world.org_id,
            patent,
            on=TODAY,
            reason="可转化",
            source="officer",
            actor=officer.author,
            now=desk.clock.now,
        )


def test_every_portal_route_lies_under_its_own_path() -> None:
    assert all(path == "/enterprise" or path.startswith("/enterprise/") for path, _ in PORTAL_ROUTES)
    assert not [path for path, _ in DESK_ROUTES if path.startswith("/enterprise")]


@pytest.mark.parametrize(("path", "method"), [route for route in PORTAL_ROUTES if route not in OUTSIDE])
def test_nothing_of_the_portal_opens_without_its_own_session(desk: Desk, path: str, method: str) -> None:
    """Not to strangers, and not to the people of the desk either."""
    for browser in (desk.guest(), desk.browser("administrator")):
        if method == "GET":
            answer = browser.get(filled(path))
            assert (answer.status_code, answer.headers["location"].split("?")[0]) == (
                303,
                "/enterprise/sign-in",
            )
        else:
            assert browser.post(filled(path)).status_code == 401


@pytest.mark.parametrize(("path", "method"), [
    (path, method) for path, method in DESK_ROUTES if method not in OPEN.get(path, ())
])  # fmt: skip
def test_nothing_of_the_desk_opens_to_an_enterprise(desk: Desk, seat: Seat, path: str, method: str) -> None:
    browser = everywhere(seat)
    answer = browser.get(filled(path)) if method == "GET" else browser.post(filled(path))
    if method == "GET":
        assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/sign-in")
    else:
        assert answer.status_code == 401


def test_nothing_of_the_api_opens_to_an_enterprise(desk: Desk, seat: Seat) -> None:
    token = make_api_token(desk.world.db, desk.world.person("officer"), "test", now=desk.clock.now)
    told = (
        desk.guest().get("/api/v1/openapi.json", headers={"Authorization": f"Bearer {token}"}).json()["paths"]
    )
    asked = [
        (method.upper(), path)
        for path, item in told.items()
        for method in item
        if method in ("get", "post", "put")
    ]
    assert len(asked) > 80
    for method, path in asked:
        headers = {"Authorization": f"Bearer {seat.token}"}
        answer = everywhere(seat).send(method, re.sub(r"\{\w+\}", "1", path), headers=headers)
        assert (path, answer.status_code) == (path, 401)


def test_the_cookies_are_sent_to_the_portal_alone(desk: Desk) -> None:
    _, secret = invite(
        desk.world.db, desk.world.person("officer"), desk.world.company_id, {"login": "qiheng", "name": "方既白"},
        now=desk.clock.now,
    )  # fmt: skip
    guest = desk.guest()
    page = guest.get(f"/enterprise/join/{secret}")
    token = re.search(r'name="csrf" value="([^"]+)"', page.text)[1]  # type: ignore[index]
    answer = guest.post(
        f"/enterprise/join/{secret}", {"csrf": token, "password": PASSWORD, "again": PASSWORD}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/enterprise")
    set_cookies = [*page.headers.get_list("set-cookie"), *answer.headers.get_list("set-cookie")]
    assert len(set_cookies) == 3
    assert all(
        "Path=/enterprise;" in one and "HttpOnly" in one and "SameSite=lax" in one for one in set_cookies
    )
    assert guest.get("/enterprise").status_code == 200
    # The link is used up, and looking at it before did not use it.
    again = guest.get(f"/enterprise/join/{secret}")
    assert (again.status_code, "邀请链接无效" in again.text) == (404, True)


def test_an_invitation_runs_out_and_a_password_has_its_length(desk: Desk) -> None:
    _, secret = invite(
        desk.world.db, desk.world.person("officer"), desk.world.company_id, {"login": "qiheng", "name": "方既白"},
        now=desk.clock.now,
    )  # fmt: skip
    guest = desk.guest()
    token = re.search(r'name="csrf" value="([^"]+)"', guest.get(f"/enterprise/join/{secret}").text)[1]  # type: ignore[index]
    short = {"csrf": token, "password": "短", "again": "短"}
    assert guest.post(f"/enterprise/join/{secret}", short).status_code == 422
    unlike = {"csrf": token, "password": PASSWORD, "again": PASSWORD + "x"}
    assert "两次输入的密码不一致" in guest.post(f"/enterprise/join/{secret}", unlike).text
    desk.clock.now += timedelta(days=8)
    good = {"csrf": token, "password": PASSWORD, "again": PASSWORD}
    assert guest.post(f"/enterprise/join/{secret}", good).status_code == 404


def test_signing_in_slows_down_and_never_says_what_was_wrong(desk: Desk, seat: Seat) -> None:
    guest = desk.guest()
    token = re.search(r'name="csrf" value="([^"]+)"', guest.get("/enterprise/sign-in").text)[1]  # type: ignore[index]

    def tried(login: str, password: str) -> tuple[int, str]:
        form = {"csrf": token, "login": login, "password": password, "next": "/cases"}
        answer = guest.post("/enterprise/sign-in", form)
        told = re.search(r'role="alert".*?<div>(.*?)</div>', answer.text, re.S)
        return answer.status_code, visible(told[1]).strip() if told else answer.headers["location"]

    assert tried("nobody", PASSWORD) == tried("qiheng", "wrong") == (401, "用户名或密码不正确")
    # A login of the desk is none here.
    assert tried("officer", PASSWORD) == (401, "用户名或密码不正确")
    for _ in range(MAX_FAILURES - 1):
        tried("qiheng", "wrong")
    assert tried("qiheng", PASSWORD) == (401, "登录失败次数过多，请10分钟后再试")
    desk.clock.now += timedelta(minutes=11)
    assert tried("qiheng", PASSWORD) == (303, "/enterprise")


@pytest.mark.parametrize(("path", "kept"), [
    ("/enterprise/messages", "/enterprise/messages"), ("/enterprise?q=1", "/enterprise?q=1"), ("/cases", "/enterprise"),
    ("//evil.example/enterprise", "/enterprise"), ("/enterprises", "/enterprise"), ("https://evil.example", "/enterprise"),
])  # fmt: skip
def test_the_portal_sends_people_to_its_own_pages_only(path: str, kept: str) -> None:
    assert portal_path(path) == kept


@pytest.mark.parametrize("path", [path for path, method in PORTAL_ROUTES if method == "POST"])
def test_a_form_without_its_token_is_refused(desk: Desk, seat: Seat, path: str) -> None:
    seat.browser.csrf = "wrong"
    assert seat.browser.post(filled(path)).status_code == 403


def test_an_account_that_is_shut_is_out_at_once(desk: Desk, seat: Seat) -> None:
    assert seat.browser.get("/enterprise").status_code == 200
    set_account_active(
        desk.world.db, desk.world.person("officer"), seat.visitor.id, False, now=desk.clock.now
    )
    assert seat.browser.get("/enterprise").status_code == 303
    with desk.world.db.read() as session:
        assert session.exec(select(EnterpriseSession)).all() == []


def test_a_session_ends_after_its_hours(desk: Desk, seat: Seat) -> None:
    desk.clock.now += timedelta(hours=13)
    assert seat.browser.get("/enterprise").status_code == 303


def test_only_what_was_pushed_or_published_is_there(desk: Desk, seat: Seat) -> None:
    """The third patent was pushed to somebody else, the fourth to nobody, the fifth lies in the pool but is classified."""
    other = second_company(desk.world)
    push(desk, 0)
    push(desk, 2, company_id=other)
    into_pool(desk, 1)
    into_pool(desk, 4)
    with desk.world.db.write() as session:
        session.get_one(Patent, desk.world.patent_ids[4]).flags = '["defense"]'
    statuses = [seat.browser.get(f"/enterprise/patents/{id_}").status_code for id_ in desk.world.patent_ids]
    assert statuses == [200, 200, 404, 404, 404]
    assert "制备方法（1）" in seat.browser.text("/enterprise")
    pool = seat.browser.text("/enterprise/pool")
    assert [f"制备方法（{n}）" in pool for n in (1, 2, 3, 4, 5)] == [False, True, False, False, False]
    for act in ("evaluation", "favorite", "messages"):
        answer = seat.browser.post(
            f"/enterprise/patents/{desk.world.patent_ids[2]}/{act}",
            {**MARKS, "on": "yes", "kind": "cooperation", "body": "合作"},
        )
        assert answer.status_code in (404, 422)
    with desk.world.db.read() as session:
        assert list_evaluations(session, desk.world.org_id)[1] == 0
        assert list_messages(session, desk.world.org_id, TODAY)[1] == 0


def test_a_card_tells_public_facts_and_nothing_else(desk: Desk, seat: Seat) -> None:
    push(desk, 0)
    into_pool(desk, 0)
    officer = desk.world.person("officer")
    page = seat.browser.get(f"/enterprise/patents/{desk.world.patent_ids[0]}").text
    assert {
        "ZL202010100001.9" in page or "202010100001.9" in page,
        "CN110000000B" in page,
        "H01M50/403" in page,
    } == {True}
    secret = (
        "㛃䶮𬱖",
        "陈思远",
        officer.email,
        officer.name,
        "88",
        "动力电池隔膜",
        "盘点结果",
        "officer@",
        "grade",
    )
    assert [word for word in secret if word in visible(page)] == []


def test_one_enterprise_never_sees_another(desk: Desk, seat: Seat) -> None:
    rival = account(desk, "yunlu", second_company(desk.world))
    push(desk, 0)
    push(desk, 0, company_id=rival.visitor.company_id)
    path = f"/enterprise/patents/{desk.world.patent_ids[0]}"
    form = form_of(seat.browser.get(path).text)
    assert seat.browser.post(f"{path}/evaluation", {**MARKS, "form": form}).status_code == 303
    seat.browser.post(f"{path}/favorite", {"on": "yes"})
    seat.browser.post("/enterprise/subscriptions", {"industries": ["materials"]})
    for page in (
        "/enterprise",
        "/enterprise/pool",
        "/enterprise/favorites",
        "/enterprise/messages",
        path,
        "/enterprise/my",
    ):
        theirs = rival.browser.text(page)
        assert [
            word for word in (*MARKS.values(), "启衡", "qiheng", "已评价") if len(word) > 3 and word in theirs
        ] == []
    assert "还没有收藏" in rival.browser.text("/enterprise/favorites")
    assert 'value="materials" checked' not in rival.browser.get("/enterprise/favorites").text
    # Nor can a form of one be sent by the other.
    fresh = form_of(seat.browser.get(path).text)
    assert rival.browser.post(f"{path}/evaluation", {**MARKS, "form": fresh}).status_code == 422
    with desk.world.db.read() as session:
        rows, total = list_evaluations(session, desk.world.org_id)
    assert (total, rows[0].by) == (1, "启衡新材料股份有限公司")


def test_an_enterprise_of_one_institution_is_none_of_another(
    desk: Desk, strangers: World, seat: Seat
) -> None:
    push(desk, 0)
    theirs = account(desk, "far-away", world=strangers)
    push(desk, 0, world=strangers)
    path = f"/enterprise/patents/{desk.world.patent_ids[0]}"
    assert (seat.browser.get(path).status_code, theirs.browser.get(path).status_code) == (200, 404)
    assert "远山农业大学" in theirs.browser.text("/enterprise")
    assert "沧澜理工大学" not in theirs.browser.text("/enterprise")


def test_opening_is_on_record_and_marks_the_push(desk: Desk, seat: Seat) -> None:
    push(desk, 0)
    desk.clock.now += timedelta(hours=1)
    for _ in range(2):
        seat.browser.get(f"/enterprise/patents/{desk.world.patent_ids[0]}")
    with desk.world.db.read() as session:
        (pushed,) = session.exec(select(PatentPush)).all()
        log = session.exec(select(PatentAccess).order_by(PatentAccess.id)).all()  # type: ignore[arg-type]
    assert pushed.opened_at == desk.clock.now
    assert [(row.act, row.account_id) for row in log] == [
        ("pushed", None), ("opened", seat.visitor.id), ("opened", seat.visitor.id),
    ]  # fmt: skip


def test_an_evaluation_is_kept_once_with_the_time_it_took(desk: Desk, seat: Seat) -> None:
    push(desk, 0)
    path = f"/enterprise/patents/{desk.world.patent_ids[0]}"
    form = form_of(seat.browser.get(path).text)
    desk.clock.now += timedelta(seconds=12)
    for _ in range(2):
        answer = seat.browser.post(f"{path}/evaluation", {**MARKS, "form": form})
        assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?done=evaluated")
    with desk.world.db.read() as session:
        (row,), total = list_evaluations(session, desk.world.org_id)
    assert (total, row.seconds, row.flags, row.source) == (1, 12, ("too_fast",), "portal")
    assert "已评价" in seat.browser.text("/enterprise")
    shown = seat.browser.text(path)
    assert "下游厂家有批量需求" in shown
    assert "填写过快" not in shown


def test_what_was_typed_stays_when_an_evaluation_is_refused(desk: Desk, seat: Seat) -> None:
    push(desk, 0)
    path = f"/enterprise/patents/{desk.world.patent_ids[0]}"
    form = form_of(seat.browser.get(path).text)
    answer = seat.browser.post(f"{path}/evaluation", {**MARKS, "form": form, "prospect": ""})
    assert (answer.status_code, "产业化前景须打分" in answer.text) == (422, True)
    assert all(text in answer.text for key, text in MARKS.items() if key.endswith("_text"))
    forged = seat.browser.post(f"{path}/evaluation", {**MARKS, "form": form[:-1] + "x"})
    assert (forged.status_code, "表单已失效" in forged.text) == (422, True)
    assert MARKS["prospect_text"] in forged.text


def test_an_answer_reaches_the_enterprise_and_counts_as_seen(desk: Desk, seat: Seat) -> None:
    push(desk, 0)
    path = f"/enterprise/patents/{desk.world.patent_ids[0]}"
    sent = seat.browser.post(f"{path}/messages", {"kind": "improvement", "body": "希望降低涂层厚度"})
    assert sent.headers["location"] == "/enterprise/messages?sent"
    assert "2026-03-09前答复" in seat.browser.text("/enterprise/messages").replace(
        "2026年3月9日", "2026-03-09"
    )
    officer = desk.world.person("officer")
    answer_message(desk.world.db, officer, 1, "课题组下周与贵司联系", now=desk.clock.now)
    assert re.search(r"需求与答复 +1 ", seat.browser.text("/enterprise"))
    page = seat.browser.text("/enterprise/messages")
    assert ("课题组下周与贵司联系" in page, officer.name in page) == (True, False)
    assert not re.search(r"需求与答复 +1 ", seat.browser.text("/enterprise"))


def test_favorites_and_subscriptions_are_kept(desk: Desk, seat: Seat) -> None:
    push(desk, 0, 1)
    path = f"/enterprise/patents/{desk.world.patent_ids[0]}/favorite"
    for _ in range(2):
        seat.browser.post(path, {"on": "yes"})
    seat.browser.post("/enterprise/subscriptions", {"industries": ["materials", "vehicles"]})
    page = seat.browser.text("/enterprise/favorites")
    assert ("制备方法（1）" in page, "制备方法（2）" in page) == (True, False)
    # The subscription is a reason of the next push.
    push(desk, 2)
    assert "企业已订阅该领域：新能源汽车" in seat.browser.text(
        f"/enterprise/patents/{desk.world.patent_ids[2]}"
    )
    seat.browser.post(path, {"on": "no"})
    seat.browser.post("/enterprise/subscriptions", {})
    assert "还没有收藏" in seat.browser.text("/enterprise/favorites")
    assert seat.browser.post("/enterprise/subscriptions", {"industries": ["weapons"]}).status_code == 422


def test_a_password_is_changed_and_all_sessions_end(desk: Desk, seat: Seat) -> None:
    wrong = seat.browser.post("/enterprise/my/password", {"old": "x", "new": "新的密码2026-0303"})
    assert (wrong.status_code, "原密码不正确" in wrong.text) == (422, True)
    seat.browser.post("/enterprise/my/password", {"old": PASSWORD, "new": "新的密码2026-0303"})
    cookies = httpx.Cookies()
    cookies.set(COOKIE, seat.token, path="/enterprise")
    assert Browser(desk.app, cookies=cookies).get("/enterprise").status_code == 303


def test_a_demand_enters_the_register_and_is_the_companys_own(desk: Desk, seat: Seat) -> None:
    rival = account(desk, "yunlu", second_company(desk.world))
    refused = seat.browser.post("/enterprise/demands", {"title": "隔膜", "text": "耐温一百八十度"})
    assert (refused.status_code, "耐温一百八十度" in refused.text) == (422, True)
    stated = {"title": "寻找耐高温隔膜涂层", "text": "耐温一百八十度"}
    assert seat.browser.post("/enterprise/demands", stated).headers["location"] == "/enterprise/demands?sent"
    assert "寻找耐高温隔膜涂层" in seat.browser.text("/enterprise/demands")
    assert "寻找耐高温隔膜涂层" not in rival.browser.text("/enterprise/demands")
    assert "寻找耐高温隔膜涂层" in desk.browser().text("/demands")
    with desk.world.db.read() as session:
        (entry,) = [
            one
            for one in entries(session, desk.world.org_id, f"org:{desk.world.org_id}")
            if one.verb == "demand_saved"
        ]
    assert entry.actor_name == "启衡新材料股份有限公司 方既白"


def test_only_hashes_are_stored(desk: Desk, seat: Seat) -> None:
    with desk.world.db.read() as session:
        row = session.exec(select(EnterpriseAccount)).one()
        (kept,) = session.exec(select(EnterpriseSession)).all()
    assert row.password_hash.startswith("$argon2id$")
    assert (seat.token in kept.token_hash, row.invite_hash) == (False, "")


def test_the_portal_speaks_english(desk: Desk, seat: Seat) -> None:
    push(desk, 0)
    seat.browser.post("/enterprise/my/language", {"language": "en", "next": "/enterprise/pool"})
    for path in (
        "/enterprise",
        "/enterprise/pool",
        "/enterprise/favorites",
        "/enterprise/messages",
        "/enterprise/my",
    ):
        page = seat.browser.get(path).text
        bare = re.sub(
            "|".join((SECOND, "启衡新材料股份有限公司", "方既白", "沧澜理工大学", "中文", "一种.*?（1）")),
            "",
            visible(page),
        )
        assert '<html lang="en">' in page
        assert re.findall("[\u4e00-\u9fff]+", bare) == []
