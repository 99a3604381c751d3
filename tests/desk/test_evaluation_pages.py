"""The officers' pages of work with enterprises: pushing, reviewing, answering, choosing, inviting."""

import re

from cases.enterprise_messages import list_messages
from cases.evaluation_views import list_evaluations
from cases.evaluations import Given, keep_evaluation
from cases.experts import list_experts
from cases.key_projects import list_projects
from cases.profiles import change_profile
from cases.pushing import list_pushes
from tests.desk.conftest import Browser, Desk
from tests.world import NOW, TODAY

NUMBERS = "ZL202010100001.9，202010100002.3"
TEXTS = ("下游厂家有批量需求，可替代进口隔膜", "涂层均匀性需要提高", "愿意共建中试线")
EXPERT = {"name": "方既白", "employer": "沧澜新材料协会", "fields": ["materials"], "products": "隔膜涂覆", "recommender": "协会",
          "sharing": "city", "active": "yes"}  # fmt: skip


def evaluated(desk: Desk, **more: object) -> tuple[int, ...]:
    given = Given(desk.world.patent_ids[0], (80, 40, 60), TEXTS, company_id=desk.world.company_id, **more)  # type: ignore[arg-type]
    return keep_evaluation(desk.world.db, desk.world.person("officer"), given, now=NOW).messages


def test_patents_are_pushed_and_what_was_left_out_is_told(desk: Desk, officer: Browser) -> None:
    form = {
        "numbers": NUMBERS,
        "companies": [str(desk.world.company_id)],
        "purpose": "evaluation",
        "note": "产线相关",
        "do": "push",
    }
    assert officer.post("/evaluations/push", form).headers["location"] == "/evaluations/pushes?pushed"
    again = officer.post("/evaluations/push", form)
    assert (again.status_code, "本单位规定180天内不重复推送" in again.text) == (200, True)
    page = officer.text("/evaluations/pushes")
    assert ("专员推荐：产线相关" in page, "林知远" in page, "请企业评价" in page) == (True, True, True)
    with desk.world.db.read() as session:
        assert list_pushes(session, desk.world.org_id)[1] == 2


def test_a_refused_push_keeps_what_was_typed_and_names_every_number(desk: Desk, officer: Browser) -> None:
    form = {"numbers": "202010100001.0\n202099999999.9", "companies": [str(desk.world.company_id)], "purpose": "matching",
            "note": "请关注涂层", "do": "push"}  # fmt: skip
    answer = officer.post("/evaluations/push", form)
    assert answer.status_code == 422
    assert ("202010100001.0：" in answer.text, "请关注涂层" in answer.text) == (True, True)
    assert re.search(rf'value="{desk.world.company_id}" checked', answer.text)
    nobody = officer.post("/evaluations/push", {"numbers": NUMBERS, "purpose": "", "do": "push"})
    assert ("请选择用途" in nobody.text, "请选择企业" in nobody.text) == (True, True)


def test_narrowing_the_enterprises_keeps_the_form(desk: Desk, officer: Browser) -> None:
    form = {"numbers": NUMBERS, "companies": [str(desk.world.company_id)], "q": "没有这家", "do": "filter"}
    page = officer.post("/evaluations/push", form).text
    assert ("ZL202010100001.9" in page, "启衡新材料股份有限公司" in page, "没有找到企业" in page) == (
        True,
        True,
        True,
    )


def test_an_evaluation_on_paper_is_entered_and_reviewed(desk: Desk, officer: Browser) -> None:
    form = {"number": "ZL202010100001.9", "company_id": str(desk.world.company_id), "prospect": "80", "improvement": "20",
            "cooperation": "60", "prospect_text": "好", "on": "2026-03-01"}  # fmt: skip
    refused = officer.post("/evaluations/new", {**form, "prospect": "800", "number": ""})
    assert (refused.status_code, "请填写专利号" in refused.text, "产业化前景须打分" in refused.text) == (
        422,
        True,
        True,
    )
    assert officer.post("/evaluations/new", form).status_code == 303
    doubtful = officer.text("/evaluations?only=doubtful")
    assert ("没有文字说明" in doubtful, "70分" in doubtful) == (True, True)
    officer.post("/evaluations/1/review", {"verdict": "set_aside", "note": "与企业核实为误填"})
    assert "没有需要复核的评价" in officer.text("/evaluations?only=doubtful")
    assert "不计入" in officer.text("/evaluations")


def test_an_expert_evaluates_for_the_pool(desk: Desk, officer: Browser) -> None:
    refused = officer.post("/experts/new", {**EXPERT, "fields": [], "employer": ""})
    assert (refused.status_code, "请选择产业领域" in refused.text, 'value="方既白"' in refused.text) == (
        422,
        True,
        True,
    )
    assert officer.post("/experts/new", EXPERT).status_code == 303
    form = {"number": "ZL202010100001.9", "expert_id": "1", "prospect": "90", "improvement": "0", "cooperation": "50",
            "prospect_text": "专家认为可替代进口"}  # fmt: skip
    assert officer.post("/evaluations/new", form).status_code == 303
    with desk.world.db.read() as session:
        (row,), _ = list_evaluations(session, desk.world.org_id, evaluator="expert")
    assert (row.by, row.score) == ("方既白", 70)
    officer.post("/experts/1", {**EXPERT, "active": ""})
    with desk.world.db.read() as session:
        assert list_experts(session, desk.world.org_id, active_only=True)[1] == 0


def test_messages_are_answered_handed_on_and_developed(desk: Desk, officer: Browser) -> None:
    first, second, third = evaluated(desk)
    assert officer.post(f"/evaluations/messages/{first}/answer", {"answer": " "}).status_code == 422
    assert officer.post(f"/evaluations/messages/{first}/answer", {"answer": "感谢评价"}).status_code == 303
    administrator = desk.world.person("administrator")
    officer.post(f"/evaluations/messages/{second}/hand", {"owner": str(administrator.id)})
    opened = officer.post(f"/evaluations/messages/{third}/develop")
    assert opened.headers["location"] == "/cases/1"
    assert officer.post(f"/evaluations/messages/{third}/develop").headers["location"] == "/cases/1"
    with desk.world.db.read() as session:
        rows = {one.id: one for one in list_messages(session, desk.world.org_id, TODAY)[0]}
    assert (rows[first].answer, rows[second].owner, rows[third].case_no) == (
        "感谢评价", administrator.name, "ZH2026-00001",
    )  # fmt: skip
    assert "锂离子电池隔膜的制备方法（1）技术改进" in officer.text("/cases/1")


def test_overdue_messages_stand_in_the_dates_too(desk: Desk, officer: Browser) -> None:
    evaluated(desk)
    assert "答复企业" in officer.text("/deadlines")
    desk.clock.now = NOW.replace(month=4)
    assert "逾期3条" in desk.browser().text("/evaluations/messages")


def test_both_sides_agree_and_resources_are_matched(desk: Desk, officer: Browser) -> None:
    evaluated(desk)
    world = desk.world
    with world.db.cursor() as cur:
        change_profile(
            cur, world.org_id, world.patent_ids[0], {"self_score": 85}, source="officer", why="自评",
            actor=world.person("officer").author, now=NOW,
        )  # fmt: skip
    assert "不低于70分且企业评分不低于70分" in officer.text("/evaluations/both")
    patent = str(world.patent_ids[0])
    assert officer.post("/evaluations/projects", {"patent": patent, "reason": ""}).status_code == 422
    officer.post("/evaluations/projects", {"patent": patent, "reason": "双方评价一致"})
    officer.post("/evaluations/projects/1", {"done": ["pilot", "pledge"], "note_pilot": "沧澜中试基地"})
    page = officer.get("/evaluations/both").text
    assert ("已匹配2项资源" in page, 'value="沧澜中试基地"' in page) == (True, True)
    with world.db.read() as session:
        assert list_projects(session, world.org_id)[1] == 1


def test_an_enterprise_is_profiled_and_invited(desk: Desk, officer: Browser) -> None:
    path = f"/companies/{desk.world.company_id}/enterprise"
    profile = {"classes": ["high_tech", "ip_model"], "industries": ["materials"], "region": "沧澜市", "size": "medium",
               "cultivation": "reserve", "source": "bureau", "confirmed_on": "2026-03-01"}  # fmt: skip
    assert officer.post(path, profile).status_code == 303
    wrong = officer.post(path, {**profile, "confirmed_on": "2026-12-01", "region": "新区"})
    assert (wrong.status_code, "确认日期不能晚于今日" in wrong.text, 'value="新区"' in wrong.text) == (
        422,
        True,
        True,
    )
    for query, found in (
        ("class=high_tech", True), ("class=champion", False), ("industry=materials", True), ("region=沧澜市", True),
        ("cultivation=left", False), ("class=nonsense", True),
    ):  # fmt: skip
        page = officer.text(f"/companies?{query}")
        assert (query, "启衡新材料股份有限公司" in page) == (query, found)
    account = {"login": "qiheng", "name": "方既白", "email": "fang@example.invalid"}
    shown = officer.post(f"/companies/{desk.world.company_id}/accounts", account)
    link = re.search(r"/enterprise/join/[\w-]+", shown.text)
    assert link
    assert desk.guest().get(link[0]).status_code == 200
    assert link[0] not in officer.get(path).text
    assert officer.post(f"/companies/{desk.world.company_id}/accounts", account).status_code == 409
    newer = re.search(r"/enterprise/join/[\w-]+", officer.post("/companies/accounts/1/link").text)
    assert newer
    assert (desk.guest().get(link[0]).status_code, desk.guest().get(newer[0]).status_code) == (404, 200)
    officer.post("/companies/accounts/1/active", {"active": "no"})
    assert desk.guest().get(newer[0]).status_code == 404


def test_the_log_of_access_tells_what_for(desk: Desk, officer: Browser) -> None:
    form = {
        "numbers": NUMBERS,
        "companies": [str(desk.world.company_id)],
        "purpose": "promotion",
        "do": "push",
    }
    officer.post("/evaluations/push", form)
    page = officer.text("/evaluations/access")
    assert ("推广推介" in page, "启衡新材料股份有限公司" in page, "林知远" in page) == (True, True, True)
