"""`panhuo outbox` and `panhuo dispatch`: the backlog, reasons, starting again, and handing on without Prefect."""

from cases.outbox import Failure, claim, fail, put
from tests.cli.conftest import Office
from tests.world import NOW


def _dead(office: Office, count: int = 1) -> None:
    with office.world.db.cursor() as cur:
        for number in range(count):
            put(cur, office.world.org_id, "mail", f"mail:{number}", {"message_id": 99}, NOW)
    for work in claim(office.world.db, NOW):
        fail(office.world.db, work, Failure("退信", final=True), NOW)


def test_dead_jobs_are_listed_and_started_again(office: Office) -> None:
    _dead(office, 3)
    listed = office.run("outbox", "list", "--status", "dead", "--json").json
    assert [row["error"] for row in listed["rows"]] == ["退信"] * 3
    assert "发送邮件：等待0，执行0，停止3" in office.run("outbox", "list").out
    assert office.run("outbox", "retry", "1", "--json").json == {"revived": 1}
    assert office.run("outbox", "retry", "1").code == 5
    assert office.run("outbox", "retry", "--topic", "mail", "--json").json == {"revived": 2}
    assert office.run("outbox", "retry").code == 2
    assert office.run("outbox", "show", "77").code == 3


def test_dispatch_does_what_is_due_and_tells_what_failed(office: Office) -> None:
    with office.world.db.cursor() as cur:
        put(cur, office.world.org_id, "mail", "mail:1", {"message_id": 99}, NOW)
    ran = office.run("dispatch", "--json")
    assert (ran.code, ran.json) == (1, {"done": 0, "failed": 1})
    assert office.run("dispatch", "--limit", "5", "--json").json == {"done": 0, "failed": 0}
    shown = office.run("outbox", "show", "1", "--json").json
    assert (shown["status"], shown["attempts"]) == ("dead", 1)
    assert shown["error"].startswith("没有找到要处理的消息（编号99）")
    assert [run["state"] for run in shown["runs"]] == ["failed"]
