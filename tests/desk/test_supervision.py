"""A supervisor sees totals of the institutions that agreed, and nothing else: every page, address and command is tried."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from fastapi.routing import APIRoute

from cases import oversight
from cases.db import Database
from cases.errors import Conflict, Forbidden, Invalid
from cases.event_registers import LEADS
from cases.night_followups import follow_up
from cases.people import add_user, make_api_token, person_by_login, supervisors
from cases.registers import save_row
from cases.scope import Person, check_reach
from cases.supervision import overview
from cases.supervision_registers import CONTACTS, DISTRICTS, POLICIES, TASKS
from desk.api import router as api
from desk.supervision_sample import fill_supervision
from desk.web.pages import ROUTERS
from tests.cases.test_events import event, lead
from tests.desk.conftest import Desk
from tests.desk.test_access import OPEN, filled
from tests.world import INSTITUTION, NOW, ROLE_NAMES, TODAY, World, settle

OWN = ("/", "/supervision", "/my", "/messages", "/sign-out", "/language")
PAGES = [
    (route.path, method) for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)
    for method in sorted(route.methods or ())
    # Accounts of enterprises and links of inventors have doors of their own, with no session of the desk.
    if not route.path.startswith(("/enterprise", "/rate"))
    and route.path not in OPEN and not any(route.path == own or route.path.startswith(f"{own}/") for own in OWN if own != "/")
    and route.path != "/"
]  # fmt: skip
PURPOSE = "季度通报各区县盘活工作情况"


def bureau(db: Database) -> Person:
    oversight.found_bureau(db, name="沧澜市知识产权局", login="bureau", person="局里人", now=NOW)
    with db.read() as session:
        return person_by_login(session, "bureau")


def agreed(world: World) -> Person:
    supervisor = bureau(world.db)
    oversight.agree(world.db, world.person("administrator"), 1, NOW)
    return supervisor


def test_no_page_of_an_institution_opens_for_a_supervisor(desk: Desk) -> None:
    browser = desk.browser_of(bureau(desk.world.db))
    assert len(PAGES) > 150
    opened = []
    for path, method in PAGES:
        address = (
            filled(path)
            .replace("{register}", "leads")
            .replace("{kind}", "txt")
            .replace("{name}", "companies")
        )
        answer = browser.get(address) if method == "GET" else browser.post(address, {})
        if answer.status_code != 403:
            opened.append((method, path, answer.status_code))
    assert opened == []


def test_no_address_of_the_api_opens_either(desk: Desk) -> None:
    supervisor = bureau(desk.world.db)
    secret = make_api_token(desk.world.db, supervisor, "试", now=NOW)
    headers = {"Authorization": f"Bearer {secret}"}
    guest = desk.guest()
    paths = guest.get("/api/v1/openapi.json", headers=headers).json()["paths"]
    assert len(paths) > 50
    opened = set()
    for path, methods in paths.items():
        for method in methods:
            answer = guest.send(
                method.upper(), filled(path).replace("{register}", "leads"), headers=headers, json={}
            )
            if answer.status_code != 403:
                opened.add(path)
    assert opened == {"/api/v1/me", "/api/v1/supervision"}
    assert api.routes


def test_other_roles_are_stopped_nowhere_by_it() -> None:
    for role in ROLE_NAMES:
        check_reach(role, "/cases")
    with pytest.raises(Forbidden):
        check_reach("supervisor", "/supervisionary")


def test_figures_are_those_of_institutions_that_agreed(any_world: World) -> None:
    supervisor = agreed(any_world)
    other = settle(any_world.db, "另一所大学", "other-")
    event(any_world)
    event(other)
    lead(any_world, status="signed")
    found = overview(any_world.db, supervisor, "", TODAY, NOW)
    assert [one.name for one in found.institutions] == [INSTITUTION]
    assert (found.counts["events"], found.counts["leads"], found.counts["signed"]) == (1, 1, 1)
    oversight.agree(any_world.db, other.person("administrator"), 1, NOW)
    both = overview(any_world.db, supervisor, "", TODAY, NOW)
    assert (len(both.institutions), both.counts["events"], both.districts) == (2, 2, {"高新区": 2})
    valid = next(one for one in both.indicators if one.indicator.id == "valid")
    assert valid.value == 10
    oversight.end_agreement(any_world.db, any_world.person("administrator"), 1, NOW)
    assert [one.name for one in overview(any_world.db, supervisor, "", TODAY, NOW).institutions] == [
        "另一所大学"
    ]


def test_page_shows_totals_and_no_person(desk: Desk) -> None:
    supervisor = agreed(desk.world)
    desk.case_with_terms()
    lead(desk.world)
    browser = desk.browser_of(supervisor)
    assert browser.get("/").headers["location"] == "/supervision"
    page = browser.text("/supervision")
    assert INSTITUTION in page
    assert [
        name for name in (*ROLE_NAMES.values(), "启衡新材料", "锂电池隔膜", "陈思远", "冯立") if name in page
    ] == []


def test_export_asks_for_a_purpose_that_the_institution_can_read(desk: Desk) -> None:
    supervisor = agreed(desk.world)
    browser = desk.browser_of(supervisor)
    assert browser.post("/supervision/export", {"purpose": ""}).status_code == 422
    answer = browser.post("/supervision/export", {"purpose": PURPOSE})
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    cells = [
        str(cell)
        for sheet in book
        for row in sheet.iter_rows(values_only=True)
        for cell in row
        if cell is not None
    ]
    assert INSTITUTION in cells
    assert [name for name in ROLE_NAMES.values() if any(name in cell for cell in cells)] == []
    assert PURPOSE in desk.browser("administrator").text("/admin/supervision")
    assert desk.browser("officer").get("/admin/supervision").status_code == 403


def test_administrator_agrees_and_ends_it(desk: Desk) -> None:
    bureau(desk.world.db)
    administrator = desk.browser("administrator")
    assert administrator.post("/admin/supervision", {"bureau": "1", "act": "agree"}).status_code == 303
    assert administrator.post("/admin/supervision", {"bureau": "1", "act": "agree"}).status_code == 409
    assert "停止提供" in administrator.text("/admin/supervision")
    assert administrator.post("/admin/supervision", {"bureau": "1", "act": "end"}).status_code == 303
    assert administrator.post("/admin/supervision", {"bureau": "9", "act": "agree"}).status_code == 404


def test_table_of_tasks_begins_with_the_annex_and_is_changed(desk: Desk) -> None:
    browser = desk.browser_of(bureau(desk.world.db))
    assert browser.post("/supervision/annex", {}).status_code == 303
    assert browser.post("/supervision/annex", {}).status_code == 409
    listed = browser.text("/supervision/tasks")
    assert listed.count("（一）全面盘点") == 2
    assert "2026-12-31" in listed
    assert "持续推动" in listed
    assert browser.post("/supervision/tasks/1", {"area": "盘点", "content": "全部完成", "unit": "各高校", "status": "done",
                                                "due_on": "2026-12-31"}).status_code == 303  # fmt: skip
    assert "全部完成" in browser.text("/supervision/tasks?status=done")
    assert "全部完成" not in browser.text("/supervision/tasks?status=open")
    assert desk.browser().get("/supervision/tasks").status_code == 403


def test_lists_of_a_bureau_are_checked(world: World) -> None:
    supervisor = bureau(world.db)
    save_row(world.db, supervisor, DISTRICTS, {"name": "高新区"}, now=NOW)
    save_row(world.db, supervisor, CONTACTS, {"unit": "高新区市场监管局", "contact": "某联系人"}, now=NOW)
    save_row(world.db, supervisor, POLICIES, {"title": "转化奖补办法", "kind": "资助"}, now=NOW)
    assert overview(world.db, supervisor, "", TODAY, NOW).districts == {"高新区": 0}
    with pytest.raises(Invalid) as invalid:
        save_row(
            world.db,
            supervisor,
            TASKS,
            {"area": "甲", "content": "乙", "unit": "丙", "status": "open"},
            now=NOW,
        )
    assert list(invalid.value.fields) == ["due_on"]
    with pytest.raises(Forbidden):
        save_row(world.db, world.person("officer"), TASKS, {}, now=NOW)


def test_nobody_crosses_between_bureau_and_institution(world: World) -> None:
    bureau(world.db)
    with pytest.raises(Invalid):
        add_user(world.db, world.person("administrator"), login="spy", name="某", role="supervisor")
    with pytest.raises(Conflict):
        oversight.found_bureau(world.db, name="沧澜市知识产权局", login="bureau2", person="某", now=NOW)
    with pytest.raises(Forbidden):
        overview(world.db, world.person("administrator"), "", TODAY, NOW)


@pytest.mark.parametrize(("days", "told"), [(40, 0), (30, 1), (7, 1), (0, 1), (-1, 1)])
def test_tasks_are_reminded_of_once_a_rung(any_world: World, days: int, told: int) -> None:
    supervisor = bureau(any_world.db)
    due = (TODAY + timedelta(days=days)).isoformat()
    task = {"area": "甲", "content": "乙", "unit": "丙", "status": "open", "due_on": due}
    save_row(any_world.db, supervisor, TASKS, task, now=NOW)
    first = follow_up(any_world.db, NOW, TODAY)
    assert (dict(first.counts), dict(follow_up(any_world.db, NOW, TODAY).counts)) == (
        {"told": told},
        {"told": 0},
    )


def test_lead_is_followed_up_until_it_is_over(world: World) -> None:
    row_id = lead(world, due_on="2026-03-05", next_step="寄样品")
    assert dict(follow_up(world.db, NOW, TODAY).counts) == {"told": 1}
    save_row(world.db, world.person("officer"), LEADS, {"status": "lost"}, row_id=row_id, now=NOW)
    assert dict(follow_up(world.db, NOW, date(2026, 3, 5)).counts) == {"told": 0}


def test_sample_bureau_sees_the_institution(world: World) -> None:
    fill_supervision(world.db, world.person("administrator"), TODAY, NOW)
    with world.db.read() as session:
        (supervisor,) = supervisors(session)
    found = overview(world.db, supervisor, "", TODAY, NOW)
    assert ([one.name for one in found.institutions], found.districts["山南县"]) == ([INSTITUTION], 0)
