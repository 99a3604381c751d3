"""后台任务 on the desk: a case's jobs with progress and reason, and the administrator's page with its buttons."""

import pytest

from cases.handing import complete, give_back, take_up
from cases.outbox import Failure, claim, put
from cases.trail import entries
from tests.desk.conftest import Desk
from tests.modes.story import walk_to
from tests.world import NOW, settle

RAW = "smtplib.SMTPServerDisconnected: 421"


def _dead_letters(desk: Desk, count: int = 1) -> None:
    with desk.world.db.cursor() as cur:
        for number in range(count):
            put(cur, desk.world.org_id, "mail", f"mail:{number}", {"message_id": number}, NOW)
    for work in claim(desk.world.db, NOW):
        take_up(desk.world.db, work, f"run-{work.id}", NOW)
        failure = Failure("邮件服务器拒绝发送", RAW, final=True)
        give_back(desk.world.db, work, f"run-{work.id}", failure, NOW)


def _states(desk: Desk) -> list[str]:
    with desk.world.db.cursor() as cur:
        return [str(row[0]) for row in cur.all("SELECT status FROM outbox ORDER BY id")]


def test_case_shows_its_jobs_and_polls_while_some_wait(desk: Desk) -> None:
    case_id = desk.world.case()
    walk_to(desk.world, case_id, "clear_title")
    page = desk.browser().get(f"/cases/{case_id}?tab=work").text
    assert ("hx-get" in page) == ("等待中" in page)


def test_failed_job_tells_why_and_when_it_is_tried_again(desk: Desk) -> None:
    case_id = desk.world.case()
    walk_to(desk.world, case_id, "post_publicity")
    desk.clock.now = NOW.replace(month=4)
    (work, *_) = claim(desk.world.db, desk.clock.now)
    take_up(desk.world.db, work, "run-1", desk.clock.now)
    give_back(desk.world.db, work, "run-1", Failure("服务器磁盘空间不足", RAW), desk.clock.now)
    shown = desk.browser().text(f"/cases/{case_id}/work")
    assert "服务器磁盘空间不足" in shown
    assert "自动重试" in shown
    assert RAW not in shown
    assert RAW in desk.browser("administrator").text(f"/cases/{case_id}/work")
    (work, *_) = claim(desk.world.db, desk.clock.now.replace(month=5))
    take_up(desk.world.db, work, "run-2", desk.clock.now)
    complete(desk.world.db, work, "run-2", "公示书：2页", desk.clock.now)
    shown = desk.browser().text(f"/cases/{case_id}/work")
    assert "公示书：2页" in shown
    assert "2次运行" in shown


def test_administrator_sees_reasons_and_starts_jobs_again(desk: Desk) -> None:
    _dead_letters(desk, 3)
    administrator = desk.browser("administrator")
    shown = administrator.text("/admin/work")
    assert shown.count("邮件服务器拒绝发送") == 6  # three jobs, three runs
    assert RAW in shown
    assert administrator.post("/admin/work/2/revive").status_code == 303
    assert _states(desk) == ["dead", "pending", "dead"]
    assert administrator.post("/admin/work/2/revive").status_code == 409
    assert "全部重新执行" in administrator.text("/admin/work?topic=mail&state=failed")
    assert administrator.post("/admin/work/topics/mail/revive").status_code == 303
    assert _states(desk) == ["pending"] * 3
    with desk.world.db.read() as session:
        told = entries(session, desk.world.org_id, f"org:{desk.world.org_id}")
    assert [(entry.verb, entry.body.get("outbox_id"), entry.body.get("count")) for entry in told] == [
        ("work_revived", 2, None), ("work_revived", None, 2),
    ]  # fmt: skip


def test_page_of_an_institution_names_no_work_of_another(desk: Desk) -> None:
    _dead_letters(desk)
    other = settle(desk.world.db, "另一所大学", "other-")
    shown = desk.browser("administrator", other).text("/admin/work")
    assert "邮件服务器拒绝发送" not in shown
    assert "发送邮件" in shown  # the number of the whole installation


@pytest.mark.parametrize("role", ["officer", "approver", "finance", "readonly"])
def test_page_is_for_administrators(desk: Desk, role: str) -> None:
    assert desk.browser(role).get("/admin/work").status_code == 403


@pytest.mark.parametrize(("role", "status"), [("officer", 303), ("approver", 403), ("readonly", 403)])
def test_officers_start_jobs_of_a_case_again(desk: Desk, role: str, status: int) -> None:
    case_id = desk.world.case()
    _dead_letters(desk)
    assert desk.browser(role).post(f"/cases/{case_id}/work/1/revive").status_code == status
    assert _states(desk) == ["pending" if status == 303 else "dead"]
