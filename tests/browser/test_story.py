"""An officer's Monday, in a real browser: from a patent list to a contract that is filed and performed."""

import csv
import io
import re
import time
import zipfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import pikepdf
import pytest
from playwright.sync_api import Page, expect

from cases.settings import SHANGHAI
from exchange.sample_patents import INSTITUTION, sample_patents, uscc_of
from rules.identifiers import parse_application_number
from tests.browser.conftest import Visit, shot
from tests.flows.conftest import Product, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("engine")]

PACK = "备案申报材料包"  # made last, when every paper in it is there
TODAY = datetime.now(SHANGHAI).date()  # the day of the product, wherever the tests run

LISTED = [p for p in sample_patents(TODAY, 60, seed=7) if p.kind == "invention" and p.status == "in_force"][
    :8
]


def _day(days_ago: int) -> str:
    return (TODAY - timedelta(days=days_ago)).isoformat()


def _list(folder: Path) -> Path:
    """Write a list as offices have it: GB18030, own column names, ZL prefix, one row destroyed by a spreadsheet."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["序号", "发明名称", "专利权人", "专利号", "申请日", "授权公告日", "发明人", "授权公告号"])
    for number, patent in enumerate(LISTED, 1):
        rows.writerow([
            number, patent.title, INSTITUTION, parse_application_number(patent.application_no).patent_no,
            f"{patent.filing_date:%Y.%m.%d}", f"{patent.grant_date:%Y.%m.%d}", "；".join(patent.inventors),
            patent.publication_no,
        ])  # fmt: skip
    rows.writerow(
        [9, "一种被表格破坏号码的装置", INSTITUTION, "2.02E+12", "2020.01.02", "2021.03.04", "林知远", ""]
    )
    path = folder / "专利清单.csv"
    path.write_bytes(text.getvalue().encode("gb18030"))
    return path


def _step(page: Page, case: str, event: str, values: Mapping[str, str | bool]) -> None:
    """Fill in one step's form and confirm it."""
    page.goto(f"{case}/steps/{event}")
    for name, value in values.items():
        field = page.locator(f"form.card [name='{name}']:not([type=hidden])")
        if isinstance(value, bool):
            field.set_checked(value)
        elif field.evaluate("node => node.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    with page.expect_navigation():
        page.get_by_role("button", name="确认办理").click()
    if "/steps/" in page.url:
        pytest.fail(f"{event}: {page.locator('main').inner_text()[:800]}")


def _search(page: Page, name: str) -> None:
    """Press a search of the form and wait for its list: what is chosen before it comes would be replaced with it."""
    with page.expect_response(re.compile("/cases/new")):
        page.locator(f"[name={name}] + button").click()
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)


def test_officer_takes_a_patent_from_a_list_to_a_filed_contract(
    site: Product, visit: Visit, tmp_path: Path
) -> None:
    officer = visit("officer")
    officer.goto("/patents/imports")
    officer.set_input_files("input[type=file]", str(_list(tmp_path)))
    officer.get_by_role("button", name="上传并预览").click()
    expect(officer.locator("select#map-application_no")).to_have_value("专利号")
    shot(officer, "import-preview")
    officer.get_by_role("button", name="开始导入").click()
    expect(officer.get_by_text("2.02E+12").first).to_be_visible(timeout=20_000)
    with officer.expect_download() as rejects:
        officer.locator("a[href$='/rejects']").first.click()
    assert Path(rejects.value.path()).read_bytes()[:2] == b"PK"
    shot(officer, "import-result")

    officer.goto("/companies/new")
    officer.locator("[name=name]").fill("澄江隔膜科技有限公司")
    officer.locator("[name=uscc]").fill("91990100MA7700001A")
    officer.locator("[name=address]").fill("沧澜市滨江大道1号")
    officer.locator("main form button.btn-primary").click()
    expect(officer.locator(".invalid-feedback").first).to_be_visible()  # the check digit is wrong
    expect(officer.locator("[name=name]")).to_have_value("澄江隔膜科技有限公司")
    officer.locator("[name=uscc]").fill(uscc_of("91", 7_700_001))
    officer.locator("main form button.btn-primary").click()
    officer.wait_for_url(re.compile(r"/companies/\d+"))

    officer.goto("/cases/new")
    officer.locator("[name=title]").fill("浏览器全流程独占许可")
    officer.locator("[name=company_q]").fill("澄江隔膜")
    _search(officer, "company_q")
    officer.get_by_text("澄江隔膜科技有限公司").click()
    officer.locator("[name=patent_q]").fill(LISTED[0].application_no)
    _search(officer, "patent_q")
    officer.locator("#patents label", has_text=LISTED[0].application_no[:-1]).locator("input").check()
    officer.get_by_role("button", name="立案", exact=True).click()
    officer.wait_for_url(re.compile(r"/cases/\d+"))
    case = re.sub(r"[?#].*", "", officer.url)
    expect(officer.get_by_text("条件尚未满足").first).to_be_visible()
    shot(officer, "case-opened")

    officer.goto(f"{case}/terms")
    officer.locator("[name=project_name]").fill("隔膜制备技术")
    officer.locator("button[name=do][value=keep]").last.click()  # half-done, and back later
    officer.goto(f"{case}/terms")
    expect(officer.locator("[name=project_name]")).to_have_value("隔膜制备技术")
    officer.locator("[name=purpose]").fill("动力电池隔膜的工业化生产")
    officer.locator("[name=products]").fill("陶瓷涂覆隔膜")
    for act in ("manufacture", "use", "sell"):
        officer.locator(f"label:has([name='acts'][value={act}])").click()
    officer.locator("[name=start]").fill(TODAY.isoformat())
    officer.locator("[name=end]").fill((TODAY + timedelta(days=700)).isoformat())
    officer.locator("[name=price_method]").select_option("agreement")
    officer.locator("[name=entry_fee_fen]").fill("８０万元")
    officer.locator("[data-rows=instalments] [data-add-row]").click()
    row = officer.locator("[data-rows=instalments] tbody tr").first
    row.locator("input").nth(0).fill("一次付清")
    row.locator("input").nth(1).fill("800000")
    row.locator("input").nth(2).fill((TODAY + timedelta(days=30)).isoformat())
    officer.locator("button[name=do][value=save]").last.click()
    officer.wait_for_url(re.compile(r"/cases/\d+(\?|$|#)"))
    shot(officer, "case-terms")

    _step(officer, case, "clear_title", {"checked_on": _day(1), "evidence": "登记簿副本"})
    _step(officer, case, "agree_price", {"agreed_on": _day(40), "basis": "两轮谈判，参照同类许可"})
    _step(
        officer,
        case,
        "post_publicity",
        {"posted_on": _day(38), "place": "校园网", "procedure_published": True},
    )
    _step(
        officer,
        case,
        "raise_objection",
        {"received_on": _day(30), "objector": "某教师", "content": "对价格有疑问"},
    )
    shot(officer, "case-paused")
    _step(
        officer,
        case,
        "resolve_objection",
        {"resolved_on": _day(28), "outcome": "dismissed", "reason": "价格依据充分"},
    )
    _step(officer, case, "close_publicity", {"closed_on": _day(0), "result": "无其他异议"})
    _step(officer, case, "submit_approval", {"note": "请审批"})

    officer.goto(f"{case}/steps/approve")
    expect(officer.get_by_text("审批人").first).to_be_visible()  # not the officer's step
    assert officer.locator("form.card").count() == 0
    approver = visit("approver")
    _step(approver, case, "approve", {"decided_on": _day(0), "minutes_no": "纪要第9期"})

    _step(officer, case, "start_drafting", {"contract_no": "XK-BROWSER-1"})
    _step(officer, case, "finalize_contract", {"reviewed_by": "法律事务室"})
    _step(
        officer,
        case,
        "sign",
        {"signed_on": _day(0), "licensor_signatory": "授权代表", "licensee_signatory": "法定代表人"},
    )
    _step(officer, case, "take_effect", {"effective_on": _day(0)})
    officer.goto(f"{case}?tab=documents")
    _wait_ready(officer, case)
    shot(officer, "case-documents")
    _check_papers(officer)

    _step(officer, case, "submit_filing", {"submitted_on": _day(0), "receipt_no": "SL-1"})
    _step(officer, case, "receive_correction", {"received_on": _day(0), "content": "补充主体资格证明"})
    _step(officer, case, "answer_correction", {"answered_on": _day(0)})
    _step(officer, case, "record_filing", {"recorded_on": _day(0), "record_no": "X2026990000001"})
    _step(officer, case, "report_feedback", {"reported_on": _day(0), "reference": "盘活系统反馈记录"})
    finance = visit("finance")
    receipt = {"received_on": _day(0), "amount_fen": "80万元", "payment": "payment:1", "reference": "回单"}
    _step(finance, case, "record_receipt", receipt)
    officer.goto(case)
    expect(officer.get_by_text("已达成独占许可").first).to_be_visible()
    shot(officer, "case-performing")
    officer.goto(f"{case}?tab=timeline")
    expect(officer.get_by_text("登记许可合同备案证明").first).to_be_visible()
    officer.goto(f"{case}?tab=deadlines")
    expect(officer.get_by_text("专利法实施细则第15条第2款").first).to_be_attached()


def _wait_ready(page: Page, case: str) -> None:
    """Wait until the pack of the filing and every paper before it are made, as the officer sees them."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        page.goto(f"{case}?tab=documents")
        pack = page.locator("section.document", has_text=PACK).locator(".badge", has_text="已生成")
        if pack.count() and page.locator(".badge", has_text="排队生成").count() == 0:
            return
        page.wait_for_timeout(1_000)
    pytest.fail("the documents were not ready within two minutes")


def _check_papers(page: Page) -> None:
    """Download every paper and look inside."""
    hrefs = page.locator("a[href*='/documents/']").evaluate_all(
        "nodes => nodes.map(node => node.getAttribute('href'))"
    )
    files: dict[str, bytes] = {}
    for href in dict.fromkeys(hrefs):
        answer = page.request.get(href)
        assert answer.status == 200, href
        files[answer.headers["content-disposition"]] = answer.body()
    packs = [data for data in files.values() if data[:2] == b"PK"]
    assert len(packs) == 1
    with zipfile.ZipFile(io.BytesIO(packs[0])) as pack:
        assert "manifest.json" in pack.namelist()
        contract = next(name for name in pack.namelist() if "签字或者盖章的合同" in name)
        with pikepdf.open(io.BytesIO(pack.read(contract))) as pdf:
            assert len(pdf.pages) >= 8


def test_two_officers_press_the_same_button_and_the_second_is_told(visit: Visit) -> None:
    first, second = visit("officer"), visit("officer2")
    for page in (first, second):
        page.goto("/cases/12/steps/clear_title")
        page.locator("[name=checked_on]").fill(TODAY.isoformat())
        page.locator("[name=evidence]").fill("登记簿副本")
    first.get_by_role("button", name="确认办理").click()
    first.wait_for_url(re.compile(r"/cases/12(\?.*)?(#.*)?$"))
    second.get_by_role("button", name="确认办理").click()
    expect(second.get_by_text("林知远刚刚完成权属核查").first).to_be_visible()
    expect(second.locator("[name=evidence]")).to_have_value("登记簿副本")


@pytest.mark.parametrize("width", [1440, 390])
def test_no_page_is_wider_than_the_screen(visit: Visit, width: int) -> None:
    page = visit("officer", width)
    for path in ("/", "/patents", "/cases", "/cases/11", "/cases/11?tab=deadlines", "/cases/3/steps/close_publicity",
                 "/deadlines", "/messages", "/my", "/companies", "/demands", "/demands/new", "/teams",
                 "/cases/1/terms", "/patents/imports"):  # fmt: skip
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        shot(page, f"{path.strip('/').replace('/', '-').replace('?', '-') or 'home'}-{width}")


def test_english_switch_and_calendar_feed(site: Product, visit: Visit) -> None:
    page = visit("readonly")
    page.get_by_role("button", name="English").first.click()
    expect(page.get_by_role("link", name="Cases").first).to_be_visible()
    page.goto("/my")
    page.get_by_role("button", name="Make a link").click()
    address = wait_for("the feed's address", lambda: re.search(r"http://[^\s\"<]+\.ics", page.content()))
    with urlopen(address[0]) as answer:
        assert answer.read().startswith(b"BEGIN:VCALENDAR")
    page.get_by_role("button", name="中文").first.click()  # the language stays with the person
    expect(page.get_by_role("link", name="案件").first).to_be_visible()
