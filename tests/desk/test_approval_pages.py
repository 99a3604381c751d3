"""Approvals at the desk: the table of a half-decided route, the form of a decision, seats and deputies."""

import re
from datetime import timedelta

from cases.seating import name_deputy, seating
from tests.cases.test_seating import VOTE, approver, decide, handed_up, seated
from tests.desk.conftest import Desk, visible
from tests.modes.acting import case_data, day
from tests.world import NOW, TODAY, World

SEATS = "/admin/approvals"


def _rows(html: str) -> list[str]:
    """The rows of the table of stages, as text."""
    table = html[html.index("approval-table") :].split("</table>")[0]
    return [visible(f"<tr {row}").strip() for row in table.split("<tr ")[1:]]


def test_case_page_shows_who_decided_and_who_is_asked(desk: Desk) -> None:
    people = seated(desk.world)
    away = approver(desk.world, "stand_in", "代理人")
    name_deputy(
        desk.world.db, desk.world.person("administrator"), "legal", away.login, day(25), day(30), "出差",
        today=TODAY, now=NOW,
    )  # fmt: skip
    case_id = handed_up(desk.world)
    decide(desk.world, case_id, people["college"], 25)
    desk.clock.now = NOW + timedelta(days=26)
    assert _rows(desk.browser().get(f"/cases/{case_id}").text) == [
        "1 成果完成人所在院系 已批准 院长 2026-03-27 1号",
        "2 科技成果转化中心 待审批 主任 自2026-03-27 —",
        "2 法律事务室 待审批 沈律 代理人：代理人 自2026-03-27 —",
        "3 科技成果转化领导小组 会议表决，6人以上参加 未到此环节 秘书 — —",
    ]
    decide(desk.world, case_id, away, 26)
    (legal,) = [row for row in _rows(desk.browser().get(f"/cases/{case_id}").text) if "法律事务室" in row]
    assert legal == "2 法律事务室 已批准 代理人 代沈律：出差 2026-03-28 1号"
    assert "审批机构 法律事务室 被代理人 沈律" in desk.browser().text(f"/cases/{case_id}?tab=timeline")


def test_form_asks_a_committee_alone_for_its_vote(desk: Desk) -> None:
    people = seated(desk.world)
    case_id = handed_up(desk.world)
    desk.clock.now = NOW + timedelta(days=25)
    path = f"/cases/{case_id}/steps/approve"
    page = desk.browser_of(people["college"]).get(path).text
    assert ("代表：成果完成人所在院系" in page, 'name="in_favor"' in page, 'name="body"' in page) == (
        True,
        False,
        False,
    )
    for body in ("college", "legal", "transfer_office"):
        decide(desk.world, case_id, people[body], 25)
    secretary = desk.browser_of(people["leading_group"])
    assert 'name="in_favor"' in secretary.get(path).text
    given = {"decided_on": day(25).isoformat(), "minutes_no": "纪要1号", **VOTE}
    wrong = secretary.post(path, {**given, "in_favor": "4", "against": "2"})
    assert (wrong.status_code, "须全体成员过半数赞成，即5票，实际4票" in visible(wrong.text)) == (422, True)
    assert secretary.post(path, {key: str(value) for key, value in given.items()}).status_code == 303
    assert case_data(desk.world, case_id)["approval"]["decisions"][-1]["present"] == 7


def test_who_sits_for_two_bodies_chooses_one(desk: Desk) -> None:
    case_id = handed_up(desk.world)
    decide(desk.world, case_id, approver(desk.world, "first", "陆一"), 25)
    desk.clock.now = NOW + timedelta(days=25)
    page = desk.browser("approver").get(f"/cases/{case_id}/steps/approve").text
    assert re.findall(r'<option value="(\w+)"', page[page.index('name="body"') :]) == [
        "transfer_office",
        "legal",
    ]


def test_administrator_keeps_seats_and_deputies(desk: Desk) -> None:
    approver(desk.world, "second", "陆二")
    administrator = desk.browser("administrator")
    assert "尚未指定任何席位" in administrator.text(SEATS)
    assert administrator.post(f"{SEATS}/seats", {"body": "legal", "login": "approver"}).status_code == 303
    again = administrator.post(f"{SEATS}/seats", {"body": "legal", "login": "approver"})
    assert (again.status_code, "周审言已有“法律事务室”的席位" in again.text) == (409, True)
    days = {"first_day": "2026年3月5日", "last_day": "2026-03-09", "reason": "年休假"}
    named = administrator.post(f"{SEATS}/deputies", {"login": "approver", "deputy": "second", **days})
    assert named.status_code == 303
    wrong = administrator.post(
        f"{SEATS}/deputies", {"login": "approver", "deputy": "second", **days, "last_day": "明天吧"}
    )
    assert (wrong.status_code, 'value="年休假"' in wrong.text) == (422, True)
    text = administrator.text(SEATS)
    assert "周审言 陆二 2026-03-05 至 2026-03-09 年休假 尚未开始" in text
    with desk.world.db.read() as session:
        found = seating(session, desk.world.org_id, TODAY)
    seat = next(office.seats[0].id for office in found.offices if office.seats)
    assert administrator.post(f"{SEATS}/seats/{seat}/remove").status_code == 303
    assert administrator.post(f"{SEATS}/deputies/{found.deputies[0].id}/end").status_code == 303
    assert "没有登记代理。" in administrator.text(SEATS)
    assert "终止了审批代理" in administrator.text("/admin/audit")


def test_others_see_seats_and_change_none(desk: Desk, strangers: World) -> None:
    seated(desk.world)
    officer = desk.browser()
    assert ("沈律" in officer.text(SEATS), "指定席位" in officer.text(SEATS)) == (True, False)
    assert officer.post(f"{SEATS}/seats", {"body": "legal", "login": "approver"}).status_code == 403
    assert "沈律" not in desk.browser("administrator", strangers).text(SEATS)
    assert desk.browser("administrator", strangers).post(f"{SEATS}/seats/1/remove").status_code == 404
