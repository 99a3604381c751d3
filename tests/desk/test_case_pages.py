"""The case in the browser: opening, terms, steps, refusals, simultaneous officers, deadlines and documents."""

import re

from cases.messages import draft_of
from cases.tables import Document
from cases.views import TIMELINE_SIZE
from tests.desk.conftest import TERMS, Browser, Desk, visible
from tests.modes.story import walk_to
from tests.world import NOW, TODAY

VERSION = re.compile(r'name="expected_version" value="(\d+)"')
CLEARED = {"checked_on": "2026年3月2日", "evidence": "登记簿副本 2026-03"}


def version_of(browser: Browser, path: str) -> str:
    """Return the version that a form was shown for."""
    return VERSION.search(browser.get(path).text)[1]  # type: ignore[index]


def test_a_case_is_opened_with_what_was_chosen(desk: Desk, officer: Browser) -> None:
    ids = [str(id_) for id_ in desk.world.patent_ids[:2]]
    form = {
        "title": "隔膜独占许可",
        "mode": "exclusive_license",
        "patents": ids,
        "company": str(desk.world.company_id),
    }
    answer = officer.post("/cases/new", {**form, "do": "open"})
    assert answer.status_code == 303
    page = officer.text(answer.headers["location"])
    assert "ZH2026-00001" in page
    assert "启衡新材料股份有限公司" in page
    assert "专利 2" in page


def test_a_form_that_is_posted_twice_opens_one_case(desk: Desk, officer: Browser) -> None:
    form = {
        "title": "隔膜独占许可", "mode": "exclusive_license", "patents": str(desk.world.patent_ids[0]),
        "company": str(desk.world.company_id), "do": "open",
    }  # fmt: skip
    key = re.findall(r'name="action_key" value="([^"]+)"', officer.get("/cases/new").text)[0]
    answers = [officer.post("/cases/new", {**form, "action_key": key}) for _ in range(2)]
    assert {answer.headers["location"] for answer in answers} == {"/cases/1?opened"}
    changed = officer.post("/cases/new", {**form, "title": "另一个案件", "action_key": key})
    assert changed.headers["location"] == "/cases/2?opened"


def test_a_case_half_opened_is_kept_and_named(desk: Desk, officer: Browser) -> None:
    first = str(desk.world.patent_ids[0])
    answer = officer.post("/cases/new", {"title": "隔", "patents": [first], "do": "open"})
    page = visible(answer.text)
    assert answer.status_code == 422
    assert "案件名称须为2至200个字" in page
    assert "请选择企业；没有登记的，请先登记企业" in page
    again = officer.get("/cases/new").text
    assert 'value="隔"' in again
    assert f'name="patents" value="{first}" checked' in again
    assert "已恢复上次未完成的内容" in again


def test_a_new_company_comes_back_to_the_case(desk: Desk, officer: Browser) -> None:
    officer.post("/cases/new", {"title": "隔膜独占许可", "do": "company"})
    form = {"name": "远航精密仪器有限公司", "uscc": "91110000710935732K", "back": "/cases/new"}
    answer = officer.post("/companies/new", form)
    page = officer.get(answer.headers["location"]).text
    assert "远航精密仪器有限公司" in page
    assert 'value="隔膜独占许可"' in page


def test_a_wrong_company_code_is_told_beside_the_field(officer: Browser) -> None:
    answer = officer.post("/companies/new", {"name": "某某科技有限公司", "uscc": "91110000600037341M"})
    assert answer.status_code == 422
    assert 'value="某某科技有限公司"' in answer.text
    assert re.search(r'id="f-uscc-error">[^<]+校验', answer.text)


def test_the_page_names_every_unmet_condition(desk: Desk, officer: Browser) -> None:
    page = officer.text(f"/cases/{desk.world.case()}")
    for told in ("下一步", "权属核查", "条件尚未满足", "开始公示", "确认协议定价", "商务条款"):
        assert told in page
    assert page.count("差1项") + page.count("差2项") + page.count("差3项") >= 2


def test_a_step_of_another_role_is_shown_as_theirs(desk: Desk) -> None:
    case_id = desk.world.case()
    answer = desk.browser("finance").post(f"/cases/{case_id}/steps/clear_title", CLEARED)
    assert (answer.status_code, "须由" in visible(answer.text)) == (403, True)


def test_a_step_taken_shows_in_the_timeline(desk: Desk, officer: Browser) -> None:
    case_id = desk.case_with_terms()
    path = f"/cases/{case_id}/steps/clear_title"
    answer = officer.post(path, {**CLEARED, "expected_version": version_of(officer, path)})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{case_id}?done=clear_title")
    page = officer.text(f"/cases/{case_id}?tab=timeline")
    assert "林知远 转化专员 完成权属核查" in page
    assert "登记簿核查日期 2026-03-02" in page
    assert "网页 127.0.0.1" in page


def test_a_long_timeline_is_paged_and_still_tells_what_an_edit_changed(desk: Desk, officer: Browser) -> None:
    case_id = desk.case_with_terms()
    for number in range(TIMELINE_SIZE):
        desk.take(case_id, "clear_title", {"checked_on": "2026-03-02", "evidence": f"登记簿副本{number}"})
    desk.take(case_id, "edit_terms", {"terms": {**TERMS, "copies": "8"}})
    first = officer.text(f"/cases/{case_id}?tab=timeline")
    assert (first.count("完成权属核查"), "改动 合同份数" in first) == (TIMELINE_SIZE - 1, True)
    assert f"第1–{TIMELINE_SIZE}条，共{TIMELINE_SIZE + 3}条" in first
    second = officer.text(f"/cases/{case_id}?tab=timeline&page=2")
    assert (second.count("完成权属核查"), "立案" in second, "条款 首次填写" in second) == (1, True, True)
    beyond = officer.get(f"/cases/{case_id}?tab=timeline&page=9")
    assert (beyond.status_code, beyond.headers["location"]) == (303, f"/cases/{case_id}?tab=timeline&page=2")


def test_wrong_values_stay_in_the_form(desk: Desk, officer: Browser) -> None:
    path = f"/cases/{desk.world.case()}/steps/clear_title"
    answer = officer.post(path, {"checked_on": "三月二日", "evidence": ""})
    assert answer.status_code == 422
    assert 'value="三月二日"' in answer.text
    assert 'id="f-evidence-error"' in answer.text
    assert 'id="f-checked_on-error"' in answer.text


def test_the_same_button_twice_is_one_step(desk: Desk, officer: Browser) -> None:
    case_id = desk.world.case()
    path = f"/cases/{case_id}/steps/clear_title"
    form = {**CLEARED, "expected_version": version_of(officer, path), "action_key": "one-press"}
    assert [officer.post(path, form).status_code for _ in range(2)] == [303, 303]
    assert officer.text(f"/cases/{case_id}?tab=timeline").count("完成权属核查") == 1


def test_a_stale_page_says_who_was_first_and_keeps_what_was_typed(desk: Desk, officer: Browser) -> None:
    case_id = desk.world.case()
    path = f"/cases/{case_id}/steps/clear_title"
    seen = version_of(officer, path)
    desk.take(case_id, "edit_terms", {"terms": TERMS}, role="administrator")
    answer = officer.post(path, {**CLEARED, "expected_version": seen})
    page = visible(answer.text)
    assert answer.status_code == 409
    assert "管理员刚刚修改了商务条款" in page
    assert 'value="登记簿副本 2026-03"' in answer.text
    newer = VERSION.search(answer.text)[1]  # type: ignore[index]
    assert officer.post(path, {**CLEARED, "expected_version": newer}).status_code == 303


def test_an_unknown_step_is_not_there(desk: Desk, officer: Browser) -> None:
    assert officer.get(f"/cases/{desk.world.case()}/steps/fly").status_code == 404


def test_terms_are_saved_as_typed(desk: Desk, officer: Browser) -> None:
    case_id = desk.world.case()
    path = f"/cases/{case_id}/terms"
    answer = officer.post(path, {**TERMS, "expected_version": version_of(officer, path), "do": "save"})
    assert answer.status_code == 303
    page = officer.text(f"/cases/{case_id}?tab=terms")
    assert "1,200,000.00 元" in page
    assert "制造、销售" in page
    assert "第一期" in page


def test_wrong_terms_are_marked_and_kept(desk: Desk, officer: Browser) -> None:
    case_id = desk.world.case()
    path = f"/cases/{case_id}/terms"
    wrong = {
        **TERMS,
        "end": "2025-01-01",
        "instalments.0.amount_fen": "九十万",
        "entry_fee_fen": "1,200,000.505",
    }
    answer = officer.post(path, {**wrong, "do": "save"})
    assert answer.status_code == 422
    assert 'value="九十万"' in answer.text
    assert 'id="f-instalments-0-amount_fen-error"' in answer.text
    assert 'id="f-entry_fee_fen-error"' in answer.text
    with desk.world.db.read() as session:
        kept = draft_of(session, desk.world.person("officer"), f"case:{case_id}:terms")
    assert kept is not None
    assert kept["entry_fee_fen"] == "1,200,000.505"


def test_a_draft_is_kept_silently_and_offered_again(desk: Desk, officer: Browser) -> None:
    path = f"/cases/{desk.world.case()}/terms"
    assert officer.post(f"{path}/draft", {"project_name": "半个名", "acts": ["use"]}).status_code == 204
    page = officer.get(path).text
    assert "已恢复上次未保存的草稿" in page
    assert 'value="半个名"' in page
    assert officer.post(f"{path}/forget").status_code == 303
    assert 'value="半个名"' not in officer.get(path).text


def test_a_row_is_added_without_scripts(desk: Desk, officer: Browser) -> None:
    path = f"/cases/{desk.world.case()}/terms"
    page = officer.post(path, {**TERMS, "do": "add:instalments"}).text
    assert 'name="instalments.0.label" value="第一期"' in page
    assert 'name="instalments.1.label" value=""' in page


def test_a_change_that_voids_asks_first(desk: Desk, officer: Browser) -> None:
    case_id = desk.case_with_terms()
    desk.take(case_id, "clear_title", CLEARED)
    desk.take(case_id, "agree_price", {"agreed_on": "2026-03-02", "basis": "双方谈判记录"})
    path = f"/cases/{case_id}/terms"
    changed = {**TERMS, "entry_fee_fen": "150万", "instalments.0.amount_fen": "150万"}
    form = {**changed, "expected_version": version_of(officer, path), "do": "save"}
    asked = officer.post(path, form)
    assert asked.status_code == 200
    assert "以下已完成的环节将失效" in visible(asked.text)
    assert "协议定价" in visible(asked.text)
    assert "1,200,000.00" in officer.text(f"/cases/{case_id}?tab=terms")
    confirmed = re.search(r'name="confirmed" value="([^"]+)"', asked.text)[1]  # type: ignore[index]
    assert officer.post(path, {**form, "confirmed": confirmed}).status_code == 303
    page = officer.text(f"/cases/{case_id}?tab=timeline")
    assert "因此失效：协议定价" in page
    assert "入门费" in page


def test_a_date_explains_itself(desk: Desk, officer: Browser) -> None:
    case_id = desk.case_with_terms()
    desk.take(case_id, "clear_title", CLEARED)
    desk.take(case_id, "agree_price", {"agreed_on": "2026-03-02", "basis": "双方谈判记录"})
    posted = {"posted_on": "2026-03-02", "place": "校园网公示栏", "procedure_published": True}
    desk.take(case_id, "post_publicity", posted)
    page = officer.text(f"/cases/{case_id}?tab=deadlines")
    for told in ("日期如何得出", "起算事件 公示开始", "起算日 2026-03-02", "规则 PUB"):
        assert told in page
    assert "公示" in officer.text("/deadlines?window=month")
    assert TODAY.isoformat() in officer.text("/deadlines?window=all") or "剩" in officer.text(
        "/deadlines?window=all"
    )


def test_a_document_asked_for_is_queued_and_not_yet_there(desk: Desk, officer: Browser) -> None:
    case_id = desk.case_with_terms()
    assert officer.post(f"/cases/{case_id}/documents", {"kind": "contract"}).status_code == 303
    page = officer.get(f"/cases/{case_id}?tab=documents").text
    assert "排队生成" in page
    assert 'hx-trigger="every 3s"' in page
    assert officer.get(f"/cases/{case_id}/documents/1").status_code == 409
    assert officer.post(f"/cases/{case_id}/documents", {"kind": "novel"}).status_code == 422


def test_a_ready_document_is_downloaded_under_its_name(desk: Desk, officer: Browser) -> None:
    case_id = desk.case_with_terms()
    digest = desk.settings.files.store(b"%PDF-1.7 the contract")
    with desk.world.db.write() as session:
        row = Document(
            org_id=desk.world.org_id, case_id=case_id, kind="contract", version=1, title="专利实施许可合同", pages=9,
            filename="ZH2026-00001-合同.pdf", draft=True, status="ready", sha256=digest, size=21, requested_seq=1,
            requested_at=NOW,
        )  # fmt: skip
        session.add(row)
        session.flush()
        address = f"/cases/{case_id}/documents/{row.id}"
    page = officer.text(f"/cases/{case_id}?tab=documents")
    assert "已生成 第1版 草案 9页 21 B" in page
    assert digest[:12] in page
    answer = officer.get(address)
    assert (answer.content, answer.headers["content-type"]) == (b"%PDF-1.7 the contract", "application/pdf")
    assert (
        answer.headers["content-disposition"]
        == "attachment; filename*=UTF-8''ZH2026-00001-%E5%90%88%E5%90%8C.pdf"
    )
    assert officer.get(f"{address}?view").headers["content-disposition"].startswith("inline")


def test_a_stopped_job_is_started_again_from_its_case(desk: Desk, officer: Browser) -> None:
    case_id = desk.case_with_terms()
    officer.post(f"/cases/{case_id}/documents", {"kind": "contract"})
    with desk.world.db.cursor() as cur:
        cur.run("UPDATE outbox SET status = 'dead', error = '缺少字形' WHERE case_id = ?", case_id)
        (job,) = cur.one("SELECT id FROM outbox WHERE case_id = ?", case_id)
    page = officer.text(f"/cases/{case_id}?tab=work")
    assert ("已停止" in page, "缺少字形" in page) == (True, True)
    assert officer.post(f"/cases/{case_id}/work/{job}/revive").status_code == 303
    assert "等待中" in officer.text(f"/cases/{case_id}?tab=work")


def test_what_if_writes_nothing(desk: Desk, officer: Browser) -> None:
    case_id = desk.case_with_terms()
    before = officer.text(f"/cases/{case_id}?tab=timeline")
    query = "event=clear_title&on=2026-03-02&event=agree_price&on=2026-03-03&event=sign&on=2026-03-04"
    page = officer.text(f"/cases/{case_id}/what-if?{query}")
    assert page.count("可以办理") == 2
    assert "差" in page
    assert officer.text(f"/cases/{case_id}?tab=timeline") == before


def test_what_if_asks_for_a_date(desk: Desk, officer: Browser) -> None:
    answer = officer.get(f"/cases/{desk.world.case()}/what-if?event=clear_title&on=never")
    assert (answer.status_code, "invalid-feedback" in answer.text) == (422, True)


def test_every_tab_of_a_new_case_opens(desk: Desk, officer: Browser) -> None:
    case_id = desk.world.case()
    tabs = ("overview", "terms", "deadlines", "documents", "timeline", "patents", "work", "nonsense")
    assert [officer.get(f"/cases/{case_id}?tab={tab}").status_code for tab in tabs] == [200] * 8


def test_search_and_stage_narrow_the_list(desk: Desk, officer: Browser) -> None:
    desk.world.case(title="隔膜独占许可甲")
    desk.world.case(title="电解液独占许可乙")
    page = officer.text("/cases?q=电解液")
    assert ("电解液独占许可乙" in page, "隔膜独占许可甲" in page) == (True, False)
    assert "没有符合条件的案件" in officer.text("/cases?stage=performance")


def test_another_case_on_the_same_patent_is_told_when_a_case_is_opened(desk: Desk, officer: Browser) -> None:
    desk.world.case(title="甲公司独占许可")
    second = desk.world.case(title="乙公司独占许可")
    page = visible(officer.text(f"/cases/{second}"))
    assert "ZH2026-00001" in page
    assert "甲公司独占许可" in page


def test_terms_lead_to_the_shares_of_this_deal(desk: Desk, officer: Browser) -> None:
    case_id = desk.world.case()
    walk_to(desk.world, case_id, "edit_terms")
    page = officer.get(f"/cases/{case_id}?tab=terms").text
    found = re.search(r'href="(/tools/shares[?][^"#]+)', page)
    assert found
    page = officer.text(found[1].replace("&amp;", "&"))
    assert "独占许可" in page
    assert "奖励合计" in page


def test_what_to_mind_is_shown_although_it_stops_nothing(desk: Desk, officer: Browser) -> None:
    case_id = desk.world.case()
    assert "请注意" not in officer.text(f"/cases/{case_id}")
    look = {"register_checked_on": "2026-03-01", "evidence": "登记簿副本", "status": "in_force"}
    officer.post(f"/patents/{desk.world.patent_ids[0]}/register", {**look, "flags": ["under_invalidation"]})
    page = officer.text(f"/cases/{case_id}")
    assert page.index("请注意") < page.index("无效宣告")
