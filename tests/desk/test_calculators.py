"""The calculators on the desk: usable without a case by every role, with the question in the address."""

import re
from urllib.parse import quote, urlencode

import pytest

from desk.answers.dates import roll
from desk.answers.fees import due
from desk.answers.shares import shares
from tests.desk.conftest import Browser, Desk, visible
from tests.world import TODAY, World

FEES = {
    "kind": "invention", "filed": "2020-05-06", "year": "7", "paid_on": "2026-09-01", "reduction": "85",
    "granted": "2022-08-09",
}  # fmt: skip
SHARES = {"mode": "transfer", "net": "100万", "contract": "1500000", "place": "浙江"}
PAGES = (
    "/tools/deadlines", "/tools/deadlines?rule=T-01&base=2026-03-10", "/tools/roll?dates=2026-10-01",
    f"/tools/fees?{urlencode(FEES)}", f"/tools/shares?{urlencode(SHARES)}", "/tools/numbers?numbers=1",
    "/tools/gate?mode=transfer&number=202010100001.9&status=in_force", "/rules", "/rules/T-01", "/fees",
)  # fmt: skip


def ask(browser: Browser, path: str, **typed: str) -> tuple[int, str]:
    """Return the status and the visible text of an asked question."""
    answer = browser.get(f"{path}?{urlencode(typed)}")
    return answer.status_code, visible(answer.text)


@pytest.mark.parametrize("role", ["officer", "approver", "finance", "administrator", "readonly"])
@pytest.mark.parametrize("path", PAGES)
def test_every_role_may_compute(desk: Desk, role: str, path: str) -> None:
    assert desk.browser(role).get(path).status_code == 200


@pytest.mark.parametrize("path", [path for path in PAGES if path != "/rules/T-01"])
def test_english_pages_have_english_frames(desk: Desk, path: str) -> None:
    browser = desk.browser()
    browser.post("/my/language", {"language": "en", "next": "/"})
    html = browser.get(path).text
    assert '<html lang="en">' in html
    labels = re.findall(
        r'<label class="form-label[^>]*>([^<]*)</label>|<h2 class="card-title">([^<]*)<', html
    )
    own = [text.strip() for pair in labels for text in pair if text.strip()]
    assert [text for text in own if re.search("[\u4e00-\u9fff]", text)] == []


def test_timers_are_chosen_by_name_and_grouped(officer: Browser) -> None:
    every = officer.get("/tools/deadlines").text
    assert ('href="/tools/deadlines?rule=T-01"' in every, "法定期限" in every) == (True, True)
    found = officer.get("/tools/deadlines?q=滞纳期").text
    assert ("?rule=T-09" in found, "?rule=T-01" in found) == (True, False)
    assert "没有找到这个期限" in officer.text("/tools/deadlines?q=没有这样的期限")


def test_deadline_shows_date_reminders_status_and_reasons(officer: Browser) -> None:
    status, text = ask(officer, "/tools/deadlines", rule="T-01", base="2026-07-10")
    assert status == 200
    for told in (
        "2026-10-12",
        "顺延前 2026-10-10",
        "未到期",
        "提醒",
        "专利审查指南第五部分第七章第2.3节",
        "写成一句话",
    ):
        assert told in text


def test_full_width_and_chinese_dates_are_read(officer: Browser) -> None:
    plain = ask(officer, "/tools/deadlines", rule="T-01", base="2026-03-10")
    assert "2026-06-10" in plain[1]
    for typed in ("２０２６年３月１０日", "2026.3.10", "20260310"):
        status, text = ask(officer, "/tools/deadlines", rule="T-01", base=typed)
        assert (status, "2026-06-10" in text) == (200, True)


def test_unpublished_year_is_provisional(officer: Browser) -> None:
    _, text = ask(officer, "/tools/roll", dates="2026-10-01\n2030-10-02")
    rows = text.split("计算结果")[1]
    assert rows.count("暂定") == 1
    for row in roll(["2026-10-01", "2030-10-02"]):
        assert row["result"] in rows


def test_timer_asks_for_what_it_needs(officer: Browser) -> None:
    per_year = officer.get("/tools/deadlines?rule=T-08").text
    plain = officer.get("/tools/deadlines?rule=T-01").text
    notice = officer.get("/tools/deadlines?rule=T-13").text
    names = [
        set(re.findall(r'name="(year|second|amount|service|received)"', page))
        for page in (per_year, plain, notice)
    ]
    assert names == [{"year"}, set(), {"service", "received"}]
    status, text = ask(officer, "/tools/deadlines", rule="T-08", base="2020-05-06")
    assert (status, "年度" in text) == (422, True)
    assert "2026-05-06" in ask(officer, "/tools/deadlines", rule="T-08", base="2020-05-06", year="７")[1]


def test_unknown_timer_leads_to_the_list(officer: Browser) -> None:
    status, text = ask(officer, "/tools/deadlines", rule="<script>", base="2026-03-01")
    assert (status, "没有这个期限规则，请从下面选择" in text, "许可合同备案" in text) == (404, True, True)


def test_wrong_dates_stay_in_the_form_with_the_reason(officer: Browser) -> None:
    answer = officer.get("/tools/deadlines?rule=T-01&base=2026-02-30")
    assert (answer.status_code, 'value="2026-02-30"' in answer.text) == (422, True)
    assert "不存在这一天" in visible(answer.text)
    answer = officer.get("/tools/roll?" + urlencode({"dates": "2026-10-01\n前天"}))
    assert (answer.status_code, "2026-10-01\n前天</textarea>" in answer.text) == (422, True)


def test_fee_shows_every_window_and_marks_the_paid_one(officer: Browser) -> None:
    html = officer.get(f"/tools/fees?{urlencode(FEES)}").text
    table = html.split('<table class="table card-table windows">')[1].split("</table>")[0]
    rows = re.findall(r'<tr class="([^"]*)"[^>]*>\s*(.*?)</tr>', table, re.S)
    windows = [(mark.strip(), visible(row)) for mark, row in rows]
    assert len(windows) == 8
    now = [text for mark, text in windows if "bracket-now" in mark]
    assert len(now) == 1
    assert ("2026-08-07 – 2026-09-06" in now[0], "滞纳金15%" in now[0], "600.00 元" in now[0]) == (
        True,
        True,
        True,
    )
    assert "bracket-over" in windows[-1][0]


@pytest.mark.parametrize("day", ["2026-05-06", "2026-06-06", "2026-06-07", "2026-11-06", "2026-11-07"])
def test_fee_page_says_what_the_answer_says(officer: Browser, day: str) -> None:
    found = due("invention", "2020-05-06", "7", day, reduction="85", granted="2022-08-09")
    _, text = ask(officer, "/tools/fees", **{**FEES, "paid_on": day})
    told = text.split("应缴合计")[1]
    assert told.strip().startswith(f"{found['total_fen'] // 100:,}.00 元")


def test_fee_counts_earlier_payments_in_yuan(officer: Browser) -> None:
    _, text = ask(officer, "/tools/fees", **FEES, payments="2026-05-01＝100\n2026-06-01=50元")
    assert "第7年度还应补缴 450.00 元" in text


def test_grant_year_has_no_windows(officer: Browser) -> None:
    _, text = ask(officer, "/tools/fees", kind="invention", filed="2020-05-06", year="3", granted="2022-08-09",
                  paid_on="2022-09-01")  # fmt: skip
    assert ("随登记手续缴纳" in text, "各缴费时段的金额" in text) == (True, False)


def test_fee_faults_stand_beside_their_fields(officer: Browser) -> None:
    html = officer.get("/tools/fees?kind=invention&filed=x&year=50&paid_on=2026-13-01").text
    wrong = re.findall(r'id="f-(\w+)-error"', html)
    assert set(wrong) >= {"filed", "paid_on"}
    assert 'value="x"' in html


def test_shares_show_lines_floor_and_sources(officer: Browser) -> None:
    found = shares("transfer", "100万", "150万", place="浙江", today=TODAY)
    _, text = ask(officer, "/tools/shares", **SHARES)
    for line in found["lines"]:
        assert line["party_zh"] in text
        assert line["article"] in text
    assert ("法定下限 70%" in text, "符合规定" in text, "印花税" in text) == (True, True, True)


def test_bare_amounts_on_the_desk_are_yuan(officer: Browser) -> None:
    _, bare = ask(officer, "/tools/shares", mode="transfer", net="1000000", contract="1,500,000.00")
    _, worded = ask(officer, "/tools/shares", mode="transfer", net="１００万元", contract="150万")
    assert "奖励合计 500,000.00 元" in bare
    assert bare.split("奖励合计")[1] == worded.split("奖励合计")[1]


def test_shares_below_the_floor_are_told_with_article_and_remedy(desk: Desk, officer: Browser) -> None:
    found = shares("transfer", "100万", "150万", place="山东", pack="example_yangtze", today=TODAY)
    _, text = ask(officer, "/tools/shares", mode="transfer", net="100万", contract="150万", place="山东",
                  pack="example_yangtze")  # fmt: skip
    assert ("不符合规定" in text) == bool(found["violations"])
    for one in found["violations"]:
        assert one["reason"] in text
        assert one["remedy"] in text


def test_net_income_comes_from_receipt_and_costs(officer: Browser) -> None:
    typed = {"mode": "exclusive_license", "receipt": "120万", "cost_tax": "6000", "cost_public_rd": "5万",
             "contract": "150万", "place": "浙江"}  # fmt: skip
    _, text = ask(officer, "/tools/shares", **typed)
    assert "财政资金研发投入依规定不作为成本，不能扣除" in text
    assert "净收入 1,194,000.00 元" in text
    status, wrong = ask(officer, "/tools/shares", **{**typed, "cost_tax": "-1"})
    assert (status, "不能小于零" in wrong) == (422, True)


def test_numbers_are_checked_copied_and_downloaded(officer: Browser) -> None:
    typed = {"numbers": "ZL 2020 1 0100001.9\n2.02E+12\n=HYPERLINK(1)"}
    answer = officer.get(f"/tools/numbers?{urlencode(typed)}")
    text = visible(answer.text)
    assert ("有效1个" in text, "有误2个" in text, "科学计数法" in text) == (True, True, True)
    assert "202010100001.9\n2.02E+12\n=HYPERLINK(1)</textarea>" in answer.text
    table = officer.get(f"/tools/numbers/table.csv?{urlencode(typed)}")
    lines = table.content.decode("utf-8-sig").splitlines()
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert (len(lines), lines[1].split(",")[1], lines[3].startswith("'=HYPERLINK")) == (
        4,
        "202010100001.9",
        True,
    )


def test_too_many_numbers_are_refused(officer: Browser) -> None:
    status, text = ask(officer, "/tools/numbers", numbers="\n".join(["1"] * 501))
    assert (status, "一次最多校验500个号码，请分批填写" in text) == (422, True)


def test_gate_takes_patents_of_the_library(desk: Desk, officer: Browser) -> None:
    first = desk.world.patent_ids[0]
    _, text = ask(
        officer, "/tools/gate", patent=str(first), mode="exclusive_license", stage="sign", end="2045-01-01"
    )
    assert (
        "差1项，暂不能办理" in text,
        "超过专利权期限届满日2040-05-05" in text,
        "缩短许可期限" in text,
    ) == (True, True, True)
    _, text = ask(
        officer, "/tools/gate", patent=str(first), mode="exclusive_license", stage="sign", end="2030-01-01"
    )
    assert ("没有障碍，可以办理" in text, "以所选专利立案" in text) == (True, True)


def test_gate_sees_other_cases_on_the_patent(desk: Desk, officer: Browser) -> None:
    desk.case_with_terms()
    _, text = ask(officer, "/tools/gate", patent=str(desk.world.patent_ids[0]), mode="transfer", stage="sign")
    assert "ZH2026-00001" in text
    _, other = ask(
        officer, "/tools/gate", patent=str(desk.world.patent_ids[1]), mode="transfer", stage="sign"
    )
    assert "ZH2026-00001" not in other


def test_gate_takes_a_typed_patent(officer: Browser) -> None:
    query = urlencode({"mode": "transfer", "stage": "file", "number": "202010100001.9", "status": "in_force",
                       "owners": "启衡公司；沧澜理工大学", "flag": "pledged"})  # fmt: skip
    text = visible(officer.get(f"/tools/gate?{query}").text)
    assert ("尚未取得全体共有人书面同意" in text, "尚未取得质权人书面同意" in text) == (True, True)
    lifted = visible(officer.get(f"/tools/gate?{query}&consent=co_owner&consent=pledgee").text)
    assert ("尚未取得全体共有人书面同意" in lifted, "尚未取得质权人书面同意" in lifted) == (False, False)
    wrong = officer.get("/tools/gate?mode=transfer&number=123&status=in_force")
    assert (wrong.status_code, 'id="f-number-error"' in wrong.text) == (422, True)


def test_gate_does_not_see_patents_of_others(desk: Desk, strangers: World) -> None:
    path = f"/tools/gate?mode=transfer&patent={desk.world.patent_ids[0]}"
    assert "一种锂离子电池隔膜的制备方法（1）" in desk.browser().text(path)
    assert "一种锂离子电池隔膜的制备方法（1）" not in desk.browser(world=strangers).text(path)


@pytest.mark.parametrize("path", [
    "/tools/roll?dates={}", "/tools/numbers?numbers={}", "/tools/deadlines?q={}", "/tools/deadlines?rule=T-01&base={}",
    "/tools/shares?net={}", "/tools/fees?filed={}", "/tools/gate?mode=transfer&number={}&owners={}", "/fees?from={}",
    "/rules?q={}",
])  # fmt: skip
def test_what_is_typed_is_escaped(officer: Browser, path: str) -> None:
    nasty = '"><script>alert(1)</script>{{ 7*7 }}'
    html = officer.get(path.replace("{}", quote(nasty))).text
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}" in html


def test_forms_ask_by_address_and_keep_the_question(officer: Browser) -> None:
    for path in ("/tools/fees", "/tools/shares", "/tools/numbers", "/tools/roll", "/tools/gate"):
        assert re.search(
            rf'<form class="card calc-form" method="get" action="{path}#answer"', officer.get(path).text
        )
    html = officer.get(f"/tools/fees?{urlencode(FEES)}").text
    assert ('value="2020-05-06"' in html, '<option value="85" selected>' in html) == (True, True)
