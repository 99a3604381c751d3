"""Pages of changes: what becomes void is shown before it is confirmed, and migrations are told case by case."""

import re

import orjson

from cases.tables import Case
from tests.desk.conftest import Browser, Desk, visible
from tests.modes.acting import case_data, case_row, day
from tests.modes.story import walk_to


def _version(browser: Browser, path: str) -> dict[str, str]:
    page = browser.get(path).text
    return dict(re.findall(r'name="(expected_version|action_key)" value="([^"]+)"', page))


def _mark(html: str) -> str:
    found = re.search(r'name="confirmed" value="([^"]*)"', html)
    return found[1] if found else ""


def _running(desk: Desk, until: str, patents: int = 1) -> int:
    case_id = desk.world.case(patents=patents)
    walk_to(desk.world, case_id, until)
    desk.clock.now = desk.clock.now.replace(month=4, day=1)
    return case_id


def test_step_back_is_previewed_and_confirmed(desk: Desk) -> None:
    case_id = _running(desk, "approve")
    officer, path = desk.browser(), f"/cases/{case_id}/steps/step_back"
    page = officer.get(path).text
    assert re.findall(r'<option value="(\w+)">', page)[:4] == ["title", "price", "publicity", "approval"]
    given = {**_version(officer, path), "what": "publicity", "reason": "公示内容有误"}
    shown = officer.post(path, given)
    said = visible(shown.text)
    assert shown.status_code == 200
    assert ("办理后，以下内容将失效" in said, "文书作废" in said) == (True, True)
    assert "approval" in case_data(desk.world, case_id)
    done = officer.post(path, {**given, "confirmed": _mark(shown.text)})
    assert done.status_code == 303
    assert "approval" not in case_data(desk.world, case_id)
    assert "已作废" in officer.text(f"/cases/{case_id}?tab=documents")


def test_confirmation_of_something_else_is_asked_again(desk: Desk) -> None:
    case_id = _running(desk, "approve")
    officer, path = desk.browser(), f"/cases/{case_id}/steps/step_back"
    given = {**_version(officer, path), "what": "approval", "reason": "先补材料"}
    mark = _mark(officer.post(path, given).text)
    other = officer.post(path, {**given, "what": "title", "confirmed": mark})
    assert (other.status_code, _mark(other.text) != mark) == (200, True)
    assert "approval" in case_data(desk.world, case_id)


def test_patent_that_leaves_is_confirmed_too(desk: Desk) -> None:
    case_id = _running(desk, "post_publicity", patents=2)
    officer, path = desk.browser(), f"/cases/{case_id}/steps/remove_patent"
    given = {**_version(officer, path), "patent": "2020101000023", "reason": "企业不需要"}
    shown = officer.post(path, given)
    assert (shown.status_code, "期限不再适用" in visible(shown.text)) == (200, True)
    assert officer.post(path, {**given, "confirmed": _mark(shown.text)}).status_code == 303


def test_step_that_takes_nothing_away_asks_nothing(desk: Desk) -> None:
    case_id = _running(desk, "start_drafting")
    officer, path = desk.browser(), f"/cases/{case_id}/steps/correct_entry"
    page = officer.text(path)
    assert "合同编号（现为：" in page
    given = {**_version(officer, path), "which": "contract_no", "corrected": "H-9", "reason": "误填"}
    assert officer.post(path, given).status_code == 303
    assert case_data(desk.world, case_id)["contract"]["contract_no"] == "H-9"


def test_mode_is_switched_after_its_preview(desk: Desk) -> None:
    case_id = _running(desk, "agree_price")
    officer, path = desk.browser(), f"/cases/{case_id}/steps/switch_mode"
    given = {**_version(officer, path), "mode": "sole_license", "reason": "企业只要求排他"}
    shown = officer.post(path, given)
    assert "协议定价" in visible(shown.text)
    assert officer.post(path, {**given, "confirmed": _mark(shown.text)}).status_code == 303
    assert case_row(desk.world, case_id).mode == "sole_license"
    assert officer.get(f"/cases/{case_id}").status_code == 200
    assert officer.get(f"/cases/{case_id}/terms").status_code == 200


def test_terms_that_stay_fill_the_form_of_the_new_mode(desk: Desk) -> None:
    case_id = _running(desk, "agree_price")
    with desk.world.db.write() as session:
        row = session.get(Case, case_id)
        assert row is not None
        terms = orjson.loads(row.terms)
        data = {**orjson.loads(row.data), "switched": {"list": [], "terms": terms}}
        row.terms, row.terms_facts, row.data = "{}", "{}", orjson.dumps(data).decode()
    page = desk.browser().get(f"/cases/{case_id}/terms").text
    assert re.findall(r'name="entry_fee_fen" value="([^"]*)"', page) == ["1,200,000.00"]
    assert re.findall(r'name="start" value="([^"]*)"', page) == [terms["start"]]


def test_simulation_tells_approvers_papers_and_shares(desk: Desk) -> None:
    case_id = _running(desk, "finalize_contract")
    on = day(40).isoformat()
    page = desk.browser().text(f"/cases/{case_id}/what-if?event=sign&on={on}")
    assert ("收益分配测算" in page, "将生成的文书" in page) == (True, True)


def test_migration_page_tells_does_and_undoes(desk: Desk) -> None:
    case_id = _running(desk, "agree_price")
    with desk.world.db.write() as session:
        row = session.get(Case, case_id)
        assert row is not None
        data = orjson.loads(row.data)
        data["process"]["packs"]["house"] = "2025.1"
        row.data = orjson.dumps(data).decode()
    admin = desk.browser("administrator")
    page = admin.text("/admin/migration")
    assert ("规则包house：2025.1 → 2026.1" in page, "可以迁移" in page) == (True, True)
    done = visible(admin.post("/admin/migration", {"mode": ""}).text)
    run = re.findall(r"批次(M\d+)", done)[0]
    assert case_data(desk.world, case_id)["process"]["packs"]["house"] == "2026.1"
    assert "没有需要迁移的案件" in admin.text("/admin/migration")
    undone = visible(admin.post("/admin/migration/undo", {"run": run}).text)
    assert "1件恢复" in undone
    assert case_data(desk.world, case_id)["process"]["packs"]["house"] == "2025.1"
    missing = admin.post("/admin/migration/undo", {"run": "M999"})
    assert (missing.status_code, "没有编号为“M999”的迁移" in missing.text) == (404, True)


def test_timeline_tells_corrections_splits_and_migrations(desk: Desk) -> None:
    case_id = _running(desk, "start_drafting", patents=2)
    desk.take(case_id, "correct_entry", {"which": "contract_no", "corrected": "H-9", "reason": "误填"})
    desk.take(case_id, "split_off", {"patents": "2020101000023", "reason": "另一产品线"})
    said = desk.browser().text(f"/cases/{case_id}?tab=timeline")
    assert ("更正前" in said, "CLLG-XK-2026-007" in said, "关联案件" in said) == (True, True, True)
    with desk.world.db.write() as session:
        row = session.get(Case, case_id)
        assert row is not None
        data = orjson.loads(row.data)
        data["process"]["packs"]["house"] = "2025.1"
        row.data = orjson.dumps(data).decode()
    desk.browser("administrator").post("/admin/migration", {"mode": ""})
    said = desk.browser().text(f"/cases/{case_id}?tab=timeline")
    assert ("将案件迁移到新版流程" in said, "批次" in said, "0件" in said) == (True, True, False)
