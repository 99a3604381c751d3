"""The inbox page and the workbench: three lists, filters, the next step as a button."""

import re

from tests.desk.conftest import Browser, Desk
from tests.modes.acting import day
from tests.modes.story import walk_to
from tests.world import NOW, World


def counts(browser: Browser, address: str = "/inbox") -> list[tuple[str, str]]:
    """The numbers on the three tabs."""
    return re.findall(r"(等我办理|等他人办理|已逾期) (\d+)", browser.text(address))[:3]


def test_each_list_has_its_count_and_the_next_step_as_a_button(desk: Desk) -> None:
    case_id = desk.world.case()
    walk_to(desk.world, case_id, "submit_approval")
    officer, approver = desk.browser(), desk.browser("approver")
    assert counts(officer) == [("等我办理", "0"), ("等他人办理", "1"), ("已逾期", "0")]
    assert counts(approver) == [("等我办理", "1"), ("等他人办理", "0"), ("已逾期", "0")]
    assert f'href="/cases/{case_id}/steps/approve"' in approver.get("/inbox").text
    assert "/steps/" not in officer.get("/inbox?tab=waiting").text
    assert "审批人（科技成果转化中心主任审批） 今天起" in officer.text("/inbox?tab=waiting")


def test_overdue_list_names_the_deadline(desk: Desk) -> None:
    walk_to(desk.world, desk.world.case(), "sign")
    desk.clock.now = NOW.replace(year=2027)
    officer = desk.browser()
    assert counts(officer)[2] == ("已逾期", "1")
    page = officer.text("/inbox?tab=overdue")
    assert re.search(r"印花税申报缴纳 2026-\d\d-\d\d 逾期\d+天", page)
    assert "逾期事项" in page


def test_filters_are_kept_in_pages_and_tabs(desk: Desk) -> None:
    for _ in range(21):
        desk.world.case()
    page = desk.browser("administrator").get("/inbox?mode=exclusive_license&officer=all").text
    assert "/inbox?tab=needs&amp;mode=exclusive_license&amp;officer=all&amp;page=2" in page
    assert "/inbox?tab=waiting&amp;mode=exclusive_license&amp;officer=all" in page
    assert desk.browser("administrator").text("/inbox?page=2").count("ZH2026-") == 1


def test_a_page_behind_the_end_leads_to_the_last_one(desk: Desk) -> None:
    answer = desk.browser().get("/inbox?page=9")
    assert (answer.status_code, answer.headers["location"]) == (303, "/inbox?tab=needs&page=1")


def test_nonsense_in_the_address_shows_the_plain_inbox(desk: Desk) -> None:
    desk.world.case()
    address = "/inbox?tab=x&mode=%3Cscript%3E&officer=%E4%B9%9D&page=-1"
    assert counts(desk.browser(), address)[0] == ("等我办理", "1")


def test_empty_lists_say_what_would_stand_there(desk: Desk) -> None:
    finance = desk.browser("finance")
    assert "没有等您办理的事项" in finance.text("/inbox")
    assert "没有在等他人办理的案件" in finance.text("/inbox?tab=waiting")
    assert "没有逾期事项" in finance.text("/inbox?tab=overdue")
    assert "没有符合条件的事项" in finance.text("/inbox?officer=all")


def test_inbox_speaks_english(desk: Desk) -> None:
    desk.world.case()
    officer = desk.browser()
    officer.post("/my/language", {"language": "en", "next": "/inbox"})
    page = desk.browser().text("/inbox")
    assert "Needs me 1" in page
    assert "Officer 林知远 since today" in page
    assert "Edit the terms" in page


def test_workbench_shows_what_waits_instead_of_repeating_it(desk: Desk) -> None:
    case_id = desk.world.case()
    walk_to(desk.world, case_id, "submit_approval")
    approver = desk.browser("approver").get("/").text
    assert f'href="/cases/{case_id}/steps/approve"' in approver
    officer = desk.browser().text("/")
    assert re.search(
        r"锂电池隔膜独占许可 ZH2026-00001 · 启衡新材料股份有限公司 审批人（科技成果转化中心主任审批） 今天起",
        officer,
    )


def test_waiting_case_grows_older_by_the_day(desk: Desk) -> None:
    walk_to(desk.world, desk.world.case(), "submit_approval")
    desk.clock.now = NOW.replace(month=4)
    waited = (desk.clock.now.date() - day(24)).days
    assert f"审批人（科技成果转化中心主任审批） 已{waited}天" in desk.browser().text("/inbox?tab=waiting")


def test_strangers_have_their_own_officers_to_choose(desk: Desk, strangers: World) -> None:
    desk.world.case()
    page = desk.browser("administrator", strangers).get("/inbox?officer=all").text
    assert f'<option value="{desk.world.person("officer").id}"' not in page
