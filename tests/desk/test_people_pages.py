"""Settings, users, audit, messages and the calendar."""

import re
from pathlib import Path

import pytest

from cases.audit_checker import check
from cases.bouncing import count_bounce
from cases.people import set_password
from cases.reminders import remind
from cases.views import deadlines
from tests.desk.conftest import Desk, visible
from tests.world import NOW, TODAY

SECRET = "一段足够长的密码 2026"


def test_a_calendar_link_is_shown_once_and_renewed(desk: Desk) -> None:
    officer = desk.browser()
    paths = [re.search(r"/feed/[\w-]+\.ics", officer.post("/my/feed").text)[0] for _ in range(2)]  # type: ignore[index]
    assert desk.guest().get(paths[0]).status_code == 404
    answer = desk.guest().get(paths[1])
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert answer.content.startswith(b"BEGIN:VCALENDAR")
    assert "/feed/" not in officer.get("/my").text.replace('action="/my/feed', "")


def test_an_unknown_calendar_is_not_there(desk: Desk) -> None:
    assert [desk.guest().get(f"/feed/{secret}.ics").status_code for secret in ("x", "y" * 40)] == [404, 404]


def test_a_token_is_shown_once_and_works(desk: Desk) -> None:
    officer = desk.browser()
    token = re.search(r"ph_[\w-]+", officer.post("/my/tokens", {"name": "科研系统"}).text)[0]  # type: ignore[index]
    assert token not in officer.get("/my").text
    assert "科研系统" in officer.text("/my")
    answer = desk.guest().get("/api/v1/cases", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200


def test_a_password_is_set_and_used(desk: Desk) -> None:
    officer = desk.browser()
    wrong = officer.post("/my/password", {"new": SECRET, "again": "别的"})
    assert (wrong.status_code, "两次输入的新密码不一致" in wrong.text) == (422, True)
    assert "新密码至少10位" in officer.post("/my/password", {"new": "短", "again": "短"}).text
    assert officer.post("/my/password", {"new": SECRET, "again": SECRET}).status_code == 303
    assert officer.get("/").status_code == 303
    guest = desk.guest()
    csrf = re.search(r'name="csrf" value="([^"]+)"', guest.get("/sign-in").text)[1]  # type: ignore[index]
    form = {"csrf": csrf, "login": "officer", "password": SECRET, "next": "//evil.test"}
    entered = guest.post("/sign-in", form)
    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    assert "您好，林知远" in guest.text("/")


def test_a_wrong_old_password_is_told(desk: Desk) -> None:
    set_password(desk.world.db, desk.world.person("officer"), "", SECRET)
    answer = desk.browser().post("/my/password", {"old": "不对", "new": SECRET + "!", "again": SECRET + "!"})
    assert (answer.status_code, "原密码不正确" in answer.text) == (422, True)


def test_signing_out_ends_the_session(desk: Desk) -> None:
    officer = desk.browser()
    cookies = dict(officer.cookies)
    assert officer.post("/sign-out").headers["location"] == "/sign-in"
    again = desk.guest()
    again.cookies.update(cookies)
    assert again.get("/").status_code == 303


def test_a_user_is_added_with_a_link_or_told_why_not(desk: Desk) -> None:
    admin = desk.browser("administrator")
    form = {"login": "wang", "name": "王新", "role": "finance", "email": "wang@example.invalid"}
    assert "王新的一次性登录链接" in visible(admin.post("/admin/users", form).text)
    twice = admin.post("/admin/users", form)
    assert (twice.status_code, 'value="wang"' in twice.text, "已被使用" in twice.text) == (409, True, True)
    wrong = admin.post("/admin/users", {"login": "王", "name": "", "role": ""})
    assert (wrong.status_code, "请选择角色" in wrong.text) == (422, True)


def refuse_letters_of_the_officer(desk: Desk) -> None:
    with desk.world.db.cursor() as cur:
        for _ in range(2):
            officer = desk.world.person("officer")
            count_bounce(cur, officer.org_id, officer.id, officer.email, "550 5.1.1", NOW)


def test_administrator_corrects_an_address_that_letters_came_back_from(desk: Desk) -> None:
    refuse_letters_of_the_officer(desk)
    admin, path = desk.browser("administrator"), f"/admin/users/{desk.world.person('officer').id}/email"
    assert "officer@example.invalid 已停用：多次退信" in admin.text("/admin/users")
    wrong = admin.post(path, {"email": "林知远"})
    assert (wrong.status_code, 'value="林知远"' in wrong.text) == (422, True)
    assert "电子邮箱格式不正确，应形如 name@example.cn" in wrong.text
    assert admin.post(path, {"email": "lin@example.invalid"}).status_code == 303
    page = admin.text("/admin/users")
    assert ("lin@example.invalid" in page, "多次退信" in page) == (True, False)
    told = admin.text("/admin/audit")
    assert ("更正了电子邮箱" in told, "lin@example.invalid" in told) == (True, False)
    assert admin.post("/admin/users/999/email", {"email": "lin@example.invalid"}).status_code == 404
    assert desk.browser("officer").post(path, {"email": "x@example.invalid"}).status_code == 403


def test_everybody_corrects_the_own_address(desk: Desk) -> None:
    refuse_letters_of_the_officer(desk)
    officer = desk.browser()
    assert "您的邮箱已停用：多次退信。核对后保存即恢复使用。" in officer.text("/my")
    wrong = officer.post("/my/email", {"email": ""})
    assert (wrong.status_code, "请填写电子邮箱" in wrong.text) == (422, True)
    assert (
        officer.post("/my/email", {"email": "lin@example.invalid"}).headers["location"] == "/my?email#email"
    )
    page = officer.get("/my?email").text
    assert ('value="lin@example.invalid"' in page, "电子邮箱已保存" in page, "多次退信" in page) == (
        True,
        True,
        False,
    )


def test_nobody_shuts_themselves_out(desk: Desk) -> None:
    admin = desk.browser("administrator")
    own = desk.world.person("administrator").id
    answer = admin.post(f"/admin/users/{own}/active", {"active": "no"})
    assert (answer.status_code, "不能停用自己的账号" in answer.text) == (409, True)


def test_the_audit_proves_the_trail(desk: Desk) -> None:
    desk.case_with_terms()
    page = visible(desk.browser("readonly").post("/admin/audit").text)
    assert "校验通过：2条链、2条记录首尾相连" in page
    assert re.search("校验摘要 [0-9a-f]{64}", page)


@pytest.mark.parametrize(("query", "chains"), [("", 2), ("?case=1", 1)])
def test_the_auditor_takes_the_archive_along(desk: Desk, tmp_path: Path, query: str, chains: int) -> None:
    case_id = desk.case_with_terms()
    browser = desk.browser("readonly")
    assert 'href="/admin/audit/export"' in browser.get("/admin/audit").text
    assert f'href="/admin/audit/export?case={case_id}"' in browser.get(f"/cases/{case_id}?tab=timeline").text
    answer = browser.get(f"/admin/audit/export{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    (tmp_path / "audit.zip").write_bytes(answer.content)
    report = check(tmp_path / "audit.zip")
    assert (report.findings, report.chains) == ([], chains)
    assert desk.browser("officer").get(f"/admin/audit/export{query}").status_code == 403
    assert "/admin/audit/export" not in desk.browser("officer").get(f"/cases/{case_id}?tab=timeline").text


@pytest.mark.parametrize("case", ["99", "abc", "-1"])
def test_no_other_case_is_handed_out(desk: Desk, case: str) -> None:
    desk.case_with_terms()
    assert desk.browser("readonly").get(f"/admin/audit/export?case={case}").status_code == 404


def test_reminders_arrive_and_are_read(desk: Desk) -> None:
    case_id = desk.case_with_terms()
    cleared = {"checked_on": "2026-03-02", "evidence": "登记簿副本"}
    desk.take(case_id, "clear_title", cleared)
    desk.take(case_id, "agree_price", {"agreed_on": "2026-03-02", "basis": "谈判记录"})
    posted = {"posted_on": "2026-03-02", "place": "公示栏", "procedure_published": True}
    desk.take(case_id, "post_publicity", posted)
    officer = desk.browser()
    with desk.world.db.read() as session:
        (due,) = deadlines(session, desk.world.org_id, TODAY, case_id=case_id)
    remind(desk.world.db, due.due, NOW)
    page = officer.text("/messages")
    assert "期限提醒：1项" in page
    assert "1条未读" in officer.text("/")
    officer.post("/messages/read")
    assert "标为已读" not in officer.text("/messages")
    proof = officer.text(f"/cases/{case_id}?tab=deadlines")
    assert "提醒记录（2条）" in proof
    assert [words for words in ("· 到期当日", "站内消息 已发送") if words not in proof] == []
    assert "当日未发，由“到期当日”的提醒一并涵盖" in proof


def test_the_approver_sees_what_waits(desk: Desk) -> None:
    assert "待我审批" not in desk.browser("approver").text("/")


def test_every_role_has_a_workbench(desk: Desk) -> None:
    desk.case_with_terms()
    roles = ("officer", "approver", "finance", "administrator", "readonly")
    assert [desk.browser(role).get("/").status_code for role in roles] == [200] * 5
