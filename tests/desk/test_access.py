"""Who gets in: every route asks for a session, a token on writes, the right role and the right institution."""

import re
from datetime import UTC, datetime

import httpx
import pytest
from fastapi.routing import APIRoute

from cases.assessments import plan_application
from cases.bulk_runs import start_run
from cases.case_files import keep_file
from cases.delivering import queue_deliveries
from cases.desk_queries import tokens_of
from cases.enterprise_accounts import invite
from cases.evaluations import Given, keep_evaluation
from cases.event_registers import EVENTS, LEADS, TYPICAL
from cases.events import promote
from cases.experts import save_expert
from cases.funding import attach_evidence, declare_funding
from cases.key_projects import choose_project
from cases.outbox import put
from cases.people import add_user, make_api_token
from cases.products import register_product
from cases.registers import save_row
from cases.reviews import Finding, open_items
from cases.robots import RobotAddress, add_robot
from cases.seating import assign_seat, name_deputy
from cases.tables import Document
from desk.web.pages import ROUTERS
from exchange.reports.making import ask_report
from tests.cases import uploads
from tests.cases.stocktaking import items, stocktake
from tests.cases.test_delivering import write_message
from tests.cases.test_demands import saved
from tests.cases.test_events import EVENT
from tests.desk.conftest import Browser, Desk, visible
from tests.world import NOW, NUMBERS, TODAY, World

OPEN = {
    "/healthz": {"GET"},
    "/readyz": {"GET"},
    "/metrics": {"GET"},
    "/sign-in": {"GET", "POST"},
    "/sign-in/{token}": {"GET", "POST"},
    "/language": {"POST"},
    "/feed/{secret}.ics": {"GET"},
    "/v/{token}": {"GET", "POST"},
    "/unsubscribe/{token}": {"GET", "POST"},
    "/rate/{secret}": {"GET", "POST"},
    "/rate/{secret}/{patent}": {"GET", "POST"},
}
# The signed link is all it takes, as one-click unsubscribing needs it (RFC 8058).
WITHOUT_TOKEN = "/unsubscribe/{token}"
READERS_MAY = {
    "/my/language", "/my/password", "/my/email", "/my/feed", "/my/feed/end", "/my/tokens", "/my/tokens/{token_id}/revoke",
    "/sign-out", "/messages/read", "/my/notifications", "/admin/audit", "/verify",
}  # fmt: skip
ROUTES = [(route.path, method) for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)
          for method in sorted(route.methods or ())]  # fmt: skip


def filled(path: str, number: int = 1) -> str:
    """Return a path with something in each of its places."""
    path = path.replace("{event}", "clear_title").replace("{token}", "x").replace("{secret}", "x" * 30)
    return re.sub(r"\{[a-z_]+\}", str(number), path)


def test_routes_outside_the_pages_are_the_api_and_static_files(desk: Desk) -> None:
    known = {path for path, _ in ROUTES}
    named = {str(path) for route in desk.app.routes if (path := getattr(route, "path", ""))}
    api = {path for path in named if path.startswith(("/api/v1/", "/api/rules"))}
    portal = {path for path in named if path == "/enterprise" or path.startswith("/enterprise/")}
    assert named - known <= {"/static"} | api | portal


def test_description_of_the_api_needs_a_token_too(desk: Desk) -> None:
    assert desk.guest().get("/api/v1/openapi.json").status_code == 401


@pytest.mark.parametrize(
    ("path", "method"), [r for r in ROUTES if r[1] == "GET" and "GET" not in OPEN.get(r[0], ())]
)
def test_page_without_session_leads_to_sign_in(desk: Desk, path: str, method: str) -> None:
    answer = desk.guest().get(filled(path))
    assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/sign-in")


@pytest.mark.parametrize(
    ("path", "method"), [r for r in ROUTES if r[1] == "POST" and "POST" not in OPEN.get(r[0], ())]
)
def test_post_without_session_is_refused(desk: Desk, path: str, method: str) -> None:
    assert desk.guest().post(filled(path), {"csrf": "anything"}).status_code == 401


@pytest.mark.parametrize(
    "path", [path for path, method in ROUTES if method == "POST" and path != WITHOUT_TOKEN]
)
def test_post_without_token_is_refused(desk: Desk, path: str) -> None:
    browser = desk.browser("administrator")
    browser.csrf = "wrong"
    assert browser.post(filled(path)).status_code == 403


@pytest.mark.parametrize(
    "path", [p for p, method in ROUTES if method == "POST" and p not in OPEN and p not in READERS_MAY]
)
def test_post_by_a_reader_is_refused(desk: Desk, path: str) -> None:
    assert desk.browser("readonly").post(filled(path)).status_code == 403


@pytest.mark.parametrize("role", ["officer", "approver", "finance", "readonly"])
def test_users_are_for_administrators(desk: Desk, role: str) -> None:
    assert desk.browser(role).get("/admin/users").status_code == 403


@pytest.mark.parametrize(("role", "status"), [
    ("administrator", 200), ("readonly", 200), ("officer", 403), ("approver", 403), ("finance", 403),
])  # fmt: skip
def test_audit_is_for_administrators_and_readers(desk: Desk, role: str, status: int) -> None:
    assert desk.browser(role).get("/admin/audit").status_code == status


def _with_ids() -> list[tuple[str, str]]:
    """What an officer may reach; the lists of a supervisor are tried in test_supervision."""
    return [
        (path, method) for path, method in ROUTES
        if re.search(r"\{[a-z]+_id\}", path) and not path.startswith("/supervision/")
    ]  # fmt: skip


@pytest.mark.parametrize(("path", "method"), _with_ids())
def test_what_belongs_to_another_institution_is_not_there(
    desk: Desk, strangers: World, path: str, method: str
) -> None:
    case_id = desk.world.case()
    names = {
        "case_id": case_id, "patent_id": desk.world.patent_ids[0], "company_id": desk.world.company_id,
        "document_id": _document(desk, case_id), "user_id": desk.world.person("finance").id,
        "import_id": _import(desk, path), "outbox_id": _job(desk), "token_id": _token(desk),
        "demand_id": saved(desk.world),
        "review_id": _review(desk), "file_id": _file(desk, case_id), "run_id": _bulk(desk, case_id),
        "version_id": 1,
        "seat_id": _seat(desk), "deputy_id": _deputy(desk), "report_id": _report(desk),
        "event_id": _event(desk), "row_id": 1,
        "stocktake_id": (campaign := stocktake(desk.world)), "item_id": items(desk.world, campaign)[0], "sampled_id": 1,
        "robot_id": _robot(desk), "delivery_id": _delivery(desk), **_enterprise(desk),
        "funding_id": _funding(desk), "assessment_id": _assessment(desk), "product_id": _product(desk),
    }  # fmt: skip
    address = (
        re.sub(r"\{([a-z_]+_id)\}", lambda found: str(names[found[1]]), path)
        .replace("{event}", "clear_title")
        .replace("{name}", "companies")
        .replace("{register}", "leads")
        .replace("{kind}", "txt")
    )
    role = "administrator" if path.startswith("/admin") or path.endswith("/override") else "officer"
    theirs, ours = desk.browser(role, strangers), desk.browser(role)
    assert _asked(theirs, method, address).status_code == 404
    assert _asked(ours, method, address).status_code in (200, 204, 303, 409, 422) or path.endswith("/rejects")


def _enterprise(desk: Desk) -> dict[str, int]:
    """What an enterprise has left behind: an evaluation with its message, an account, an expert, a key project."""
    world, officer = desk.world, desk.world.person("officer")
    expert = {
        "name": "方既白",
        "employer": "沧澜新材料协会",
        "fields": ["materials"],
        "products": "隔膜",
        "recommender": "市科技局",
    }
    texts = ("下游厂家有批量需求", "涂层需要改进", "愿意合作")
    kept = keep_evaluation(
        world.db,
        officer,
        Given(world.patent_ids[0], (80, 40, 60), texts, company_id=world.company_id),
        now=NOW,
    )
    account, _ = invite(world.db, officer, world.company_id, {"login": "qiheng", "name": "方既白"}, now=NOW)
    return {
        "expert_id": save_expert(world.db, officer, expert, now=NOW), "evaluation_id": kept.id,
        "message_id": kept.messages[1], "account_id": account,
        "project_id": choose_project(world.db, officer, world.patent_ids[0], "重点推介", now=NOW),
    }  # fmt: skip


def _funding(desk: Desk) -> int:
    officer, project = (
        desk.world.person("officer"),
        {"program": "nsfc", "project_name": "机理研究", "project_no": "520"},
    )
    made = declare_funding(
        desk.world.db, officer, desk.world.patent_ids[0], {"funded": "yes", **project}, now=NOW
    )
    attach_evidence(
        desk.world.db, desk.settings, officer, made, filename="回执.png", data=uploads.picture(), now=NOW
    )
    return made


def _assessment(desk: Desk) -> int:
    planned = {
        "title": "一种隔膜",
        "kind": "invention",
        "inventors": "陈思远",
        "funded": "no",
        "examination": "ordinary",
    }
    return plan_application(desk.world.db, desk.world.person("officer"), planned, now=NOW)


def _product(desk: Desk) -> int:
    told = {"name": "隔膜", "basis": "license", "patents": NUMBERS[0], "since": "2026-03-01"}
    return register_product(desk.world.db, desk.world.person("officer"), told, now=NOW)


def _job(desk: Desk) -> int:
    """A job of the institution that stopped."""
    now = datetime.now(UTC)
    with desk.world.db.cursor() as cur:
        put(cur, desk.world.org_id, "mail", "mail:of-a-test", {"message_id": 1}, now)
        (id_,) = cur.one("SELECT id FROM outbox WHERE key = 'mail:of-a-test'")
        cur.run("UPDATE outbox SET status = 'dead' WHERE id = ?", id_)
    return int(id_)


def _asked(browser: Browser, method: str, address: str) -> httpx.Response:
    return browser.get(address) if method == "GET" else browser.post(address, {"kind": "contract"})


def _robot(desk: Desk) -> int:
    address = RobotAddress("webhook", "http://127.0.0.1:9/hook")
    by = desk.world.person("administrator")
    return add_robot(desk.world.db, by, name="群", address=address, shown="…", kinds=["reminder"], now=NOW)


def _event(desk: Desk) -> int:
    """An event with a patent, a lead and a typical case, each the first of its register."""
    officer, world = desk.world.person("officer"), desk.world
    event_id = save_row(world.db, officer, EVENTS, {**EVENT, "status": "held"}, now=NOW)
    promote(world.db, officer, event_id, NUMBERS[0], NOW)
    save_row(
        world.db, officer, LEADS, {"company_name": "甲公司", "need": "隔膜", "status": "contact"}, now=NOW
    )
    typical = {"case_id": "ZH2026-00001", "title": "案例", "marked_on": "2026-03-01"}
    save_row(world.db, officer, TYPICAL, typical, now=NOW)
    return event_id


def _delivery(desk: Desk) -> int:
    with desk.world.db.cursor() as cur:
        queue_deliveries(cur, write_message(cur, desk.world), NOW, mail=True)
        cur.run("UPDATE delivery SET status = 'failed' WHERE channel = 'mail'")
        return int(cur.one("SELECT MAX(id) FROM delivery WHERE channel = 'mail'")[0])


def _token(desk: Desk) -> int:
    officer = desk.world.person("officer")
    make_api_token(desk.world.db, officer, "夜间导入", now=NOW)
    with desk.world.db.read() as session:
        return tokens_of(session, officer)[0].id


def _bulk(desk: Desk, case_id: int) -> int:
    return start_run(desk.world.db, desk.world.person("officer"), "approval_form", (case_id,), NOW)


def _review(desk: Desk) -> int:
    found = {"title": "", "title_en": "", "sentence": "", "sentence_en": "", "differs": []}
    side: dict[str, object] = {"zh": [], "en": [], "tree": None}
    sides = {"first": side, "second": side}
    with desk.world.db.cursor() as cur:
        open_items(cur, (Finding(desk.world.org_id, "term", "patent:1:term", None, {**found, **sides}),), NOW)
    return 1


def _seat(desk: Desk) -> int:
    by = desk.world.person("administrator")
    return assign_seat(desk.world.db, by, "legal", desk.world.person("approver").login, today=TODAY, now=NOW)


def _deputy(desk: Desk) -> int:
    by, sitting = desk.world.person("administrator"), desk.world.person("approver").login
    add_user(desk.world.db, by, login="stand-in", name="代理人", role="approver")
    return name_deputy(desk.world.db, by, sitting, "stand-in", TODAY, TODAY, "出差", today=TODAY, now=NOW)


def _report(desk: Desk) -> int:
    officer = desk.world.person("officer")
    return ask_report(desk.world.db, desk.settings, officer, "monthly", "", NOW).report_id or 0


def _document(desk: Desk, case_id: int) -> int:
    with desk.world.db.write() as session:
        row = Document(
            org_id=desk.world.org_id, case_id=case_id, kind="contract", version=1, title="", filename="", draft=True,
            requested_seq=1, requested_at=NOW,
        )  # fmt: skip
        session.add(row)
        session.flush()
        return int(row.id or 0)


def _file(desk: Desk, case_id: int) -> int:
    officer = desk.world.person("officer")
    kept = keep_file(
        desk.world.db, desk.settings, officer, case_id, kind="other", filename="扫描.png", data=uploads.picture(), now=NOW,
    )  # fmt: skip
    return kept.file.id


def _import(desk: Desk, path: str) -> int:
    """A list that waits for a look: of patents, or of companies for the pages of other sheets."""
    browser, of_sheets = desk.browser(), path.startswith("/sheets")
    text = (
        "企业名称,联系人\n启衡有限公司,冯立\n" if of_sheets else "申请号,专利名称\n202010100001.9,一种隔膜\n"
    )
    answer = browser.post(
        "/sheets/companies" if of_sheets else "/patents/imports",
        files={"file": ("清单.csv", text.encode(), "text/csv")},
    )
    return int(answer.headers["location"].rsplit("/", 1)[1])


def test_strangers_see_nothing_in_lists(desk: Desk, strangers: World) -> None:
    desk.case_with_terms()
    theirs = desk.browser(world=strangers)
    for path in (
        "/",
        "/inbox",
        "/inbox?tab=waiting&officer=all",
        "/inbox?tab=overdue&officer=all",
        "/board",
        "/cases",
        "/patents",
        "/companies",
        "/deadlines",
        "/patents/imports",
        "/admin/organization",
        "/reports",
        "/indicators",
        "/indicators/opened",
        "/evaluations",
        "/evaluations/messages?only=all",
        "/evaluations/pushes",
        "/evaluations/both",
        "/evaluations/access",
        "/evaluations/push",
        "/experts",
    ):
        page = theirs.text(path)
        assert "锂电池隔膜独占许可" not in page
        assert "沧澜理工大学" not in page


def test_a_case_cannot_be_opened_on_strangers_patents(desk: Desk, strangers: World) -> None:
    theirs = desk.browser(world=strangers)
    form = {
        "title": "借用他人专利",
        "patents": [str(desk.world.patent_ids[0])],
        "company": str(strangers.company_id),
    }
    answer = theirs.post("/cases/new", {**form, "do": "open"})
    assert answer.status_code == 422
    assert "请至少选择一件专利" in visible(answer.text) or "不在本单位专利库中" in visible(answer.text)


def test_a_user_shut_out_loses_the_session(desk: Desk) -> None:
    finance = desk.browser("finance")
    assert finance.get("/").status_code == 200
    admin = desk.browser("administrator")
    admin.post(f"/admin/users/{desk.world.person('finance').id}/active", {"active": "no"})
    assert finance.get("/").status_code == 303


def test_a_link_is_not_used_up_by_looking_at_it(desk: Desk) -> None:
    user_id = add_user(
        desk.world.db, desk.world.person("administrator"), login="newcomer", name="新人", role="officer"
    )
    admin = desk.browser("administrator")
    page = admin.post(f"/admin/users/{user_id}/link").text
    path = re.search(r"/sign-in/[\w-]+", page)[0]  # type: ignore[index]
    guest = desk.guest()
    for _ in range(3):
        looked = guest.get(path)
        assert looked.status_code == 200
    token = re.search(r'name="csrf" value="([^"]+)"', looked.text)[1]  # type: ignore[index]
    assert guest.post(path, {"csrf": token}).status_code == 303
    assert desk.guest().get("/").status_code == 303
    assert "新人" in guest.text("/")
    again = desk.guest()
    page = again.get(path).text
    token = re.search(r'name="csrf" value="([^"]+)"', page)[1]  # type: ignore[index]
    used = again.post(path, {"csrf": token})
    assert (used.status_code, "登录链接无效、已使用或已过期" in used.text) == (401, True)


def test_menu_leads_to_pages_that_are_there(desk: Desk) -> None:
    menu = set(re.findall(r'class="nav-link" href="(/[^"]*)"', desk.browser("officer").get("/").text))
    assert {"/", "/cases", "/events", "/indicators"} <= menu
    assert {path for path in menu if (path, "GET") not in ROUTES} == set()
