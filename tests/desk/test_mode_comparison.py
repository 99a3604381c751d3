"""The comparison of modes on its page, and beside the choice when a case is opened."""

import re

from states.catalog import MODES
from tests.desk.conftest import Desk
from tests.modes.acting import change_patent


def test_page_compares_every_mode(desk: Desk) -> None:
    patent = desk.world.patent_ids[0]
    page = desk.browser().text(f"/modes?patents={patent}")
    for mode in MODES.values():
        assert f"{mode.zh} 平台标签：{mode.label}" in page
    assert "可以立案，签约前须满足" not in page.split("独占许可 平台标签")[1].split("平台标签")[0]
    assert "不低于转让、许可净收入的50%" in page


def test_page_reads_in_english(desk: Desk) -> None:
    officer = desk.browser()
    officer.post("/my/language", {"language": "en", "next": "/"})
    page = officer.text(f"/modes?patents={desk.world.patent_ids[0]}")
    assert "publicity of name and price 15 days" in page
    assert "at least 50% of the net income of transfers and licenses" in page


def test_patent_leads_to_the_comparison_and_the_comparison_to_a_case(desk: Desk) -> None:
    patent = desk.world.patent_ids[0]
    assert f'href="/modes?patents={patent}"' in desk.browser().get(f"/patents/{patent}").text
    officer = desk.browser().get(f"/modes?patents={patent}&patents=999").text
    assert f"/cases/new?mode=exclusive_license&amp;patents={patent}" in officer
    assert "/cases/new?mode=" not in desk.browser("readonly").get(f"/modes?patents={patent}").text
    assert "选择专利后比较" in desk.browser().text("/modes")


def test_mode_that_cannot_be_opened_cannot_be_chosen_and_says_why(desk: Desk) -> None:
    patent = desk.world.patent_ids[0]
    change_patent(desk.world, status="lapsed")
    officer = desk.browser()
    page = officer.get(f"/cases/new?patents={patent}").text
    assert set(re.findall(r'name="mode" value="(\w+)"[^>]* disabled', page)) == set(MODES)
    assert "专利权已终止" in officer.text(f"/cases/new?patents={patent}")
    compared = officer.get(f"/modes?patents={patent}").text
    assert "/cases/new?mode=" not in compared
    assert "不能以此方式立案" in compared


def test_mode_with_conditions_is_opened_all_the_same(desk: Desk) -> None:
    patent = desk.world.patent_ids[0]
    change_patent(desk.world, flags='["pledged"]')
    officer = desk.browser()
    page = officer.get(f"/cases/new?patents={patent}&mode=sole_license").text
    assert re.findall(r'name="mode" value="(\w+)"[^>]* checked', page) == ["sole_license"]
    assert "尚未取得质权人书面同意" in page
    typed = {"mode": "sole_license", "title": "隔膜许可", "patents": patent, "company": desk.world.company_id}
    answer = officer.post("/cases/new", {"do": "open", **typed})
    assert answer.status_code == 303
