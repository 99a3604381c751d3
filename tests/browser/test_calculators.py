"""The calculators in a real browser: a deadline, a fee and shares without a case, on a wide and on a narrow screen."""

import re
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cases.settings import SHANGHAI
from desk.answers.dates import due as due_of
from desk.answers.fees import due as fee_of
from desk.answers.shares import shares as shares_of
from tests.browser.conftest import Visit, shot

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("engine")]

TODAY = datetime.now(SHANGHAI).date()  # the day of the product, wherever the tests run
FEES = "/tools/fees?kind=invention&filed=2020-05-06&year=7&paid_on=2026-09-01&reduction=85&granted=2022-08-09"
WIDE_PAGES = {
    "deadlines": "/tools/deadlines", "deadline": "/tools/deadlines?rule=T-01&base=2026-07-10",
    "roll": "/tools/roll?dates=2026-10-01%0A2030-10-02", "fee": FEES,
    "shares": "/tools/shares?mode=exclusive_license&receipt=120万&cost_public_rd=5万&contract=150万&place=浙江",
    "numbers": "/tools/numbers?numbers=ZL202010100001.9%0A2.02E%2B12%0A91110000600037341L",
    "gate": "/tools/gate?patent=1&mode=transfer&stage=file", "rules": "/rules?q=备案", "rule": "/rules/F-01",
    "fees": "/fees", "fees-patent": "/fees?view=patent", "patent": "/patents/3", "case-rules": "/cases/11?tab=rules",
}  # fmt: skip


def _compute(page: Page, button: str = "计算") -> None:
    with page.expect_navigation():
        page.locator(".calc-form").get_by_role("button", name=button).click()


def test_deadline_fee_and_shares_are_computed_without_a_case(visit: Visit) -> None:
    page = visit("readonly")
    page.locator("#menu summary", has_text="工具").click()
    page.get_by_role("link", name="期限计算").click()
    page.locator("#timers").wait_for()
    page.locator("input[name=q]").last.press_sequentially("许可合同备案")
    expect(page.locator("#timers a.rule-row[href$='rule=T-08']")).to_have_count(0)  # narrowed while typing
    page.locator("#timers a.rule-row[href$='rule=T-01']").click()
    page.locator("[name=base]").fill("2026-07-10")
    _compute(page)
    expect(page.locator(".answer-main")).to_have_text(due_of("T-01", "2026-07-10")["due"])
    expect(page.locator(".why-table")).to_contain_text("专利审查指南第五部分第七章第2.3节")
    expect(page.locator("[name=base]")).to_have_value("2026-07-10")
    page.locator(".why-table a", has_text="T-00").first.click()  # from a step to its rule
    expect(page.locator("h1")).to_contain_text("期限的计算与顺延")

    page.get_by_role("link", name="年费计算").click()
    for name, value in {
        "filed": "2020-05-06",
        "year": "７",
        "paid_on": "2026-09-01",
        "granted": "2022-08-09",
    }.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=reduction]").select_option("85")
    _compute(page)
    fee = fee_of("invention", "2020-05-06", "7", "2026-09-01", reduction="85", granted="2022-08-09")
    expect(page.locator(".answer-main")).to_have_text(f"{fee['total_fen'] // 100:,}.00 元")
    expect(page.locator("tr.bracket-now")).to_contain_text(fee["window"]["from"])
    expect(page.locator("table.windows tbody tr")).to_have_count(8)

    page.get_by_role("link", name="收益分配计算").click()
    page.locator("[name=mode]").select_option("exclusive_license")
    page.locator("[name=net]").fill("１００万")
    page.locator("[name=contract]").fill("1500000")
    page.locator("[name=place]").select_option("浙江")
    _compute(page)
    told = shares_of(
        "exclusive_license", "100万", "150万", place="浙江", layers="national,house", today=TODAY
    )
    for line in told["lines"]:
        expect(page.locator(".share-table")).to_contain_text(line["party_zh"])
    expect(page.locator(".answer-main")).to_have_text(f"{told['reward_fen'] // 100:,}.00 元")
    shot(page, "shares-computed")
    address = page.url
    other = visit("officer")
    other.goto(address)  # the address is the question
    expect(other.locator(".answer-main")).to_have_text(f"{told['reward_fen'] // 100:,}.00 元")


def test_numbers_are_pasted_and_taken_along(visit: Visit) -> None:
    page = visit("finance")
    page.goto("/tools/numbers")
    page.locator("textarea[name=numbers]").fill("ZL202010100001.9\n2.02E+12")
    _compute(page, "校验")
    expect(page.locator(".number-table")).to_contain_text("科学计数法")
    with page.expect_download() as table:
        page.get_by_role("link", name="CSV").click()
    assert Path(table.value.path()).read_bytes().startswith("\ufeff填写的号码".encode())


def test_mistakes_keep_what_was_typed(visit: Visit) -> None:
    page = visit("officer", 390)
    page.goto("/tools/fees")
    page.locator("[name=year]").fill("七")
    _compute(page)
    expect(page.locator("#f-year-error")).to_be_visible()
    expect(page.locator("[name=year]")).to_have_value("七")


@pytest.mark.parametrize("width", [1440, 390])
def test_no_page_of_rules_and_tools_is_wider_than_the_screen(visit: Visit, width: int) -> None:
    page = visit("officer", width)
    for name, path in WIDE_PAGES.items():
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        shot(page, f"{name}-{width}")


def test_menu_shows_everything_on_a_laptop(visit: Visit) -> None:
    page = visit("admin")
    menu = page.locator("#menu")
    assert menu.evaluate("node => node.scrollHeight <= node.clientHeight + 1")
    expect(menu.get_by_role("link", name=re.compile("我的设置"))).to_be_in_viewport()
