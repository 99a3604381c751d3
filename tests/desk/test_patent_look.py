"""The register on a patent's page: recorded, told in the audit list, and kept when it is refused."""

from tests.desk.conftest import Desk

LOOK = {"register_checked_on": "2026-03-01", "evidence": "登记簿副本2026-0311", "status": "in_force"}


def test_officer_records_a_look_at_the_register(desk: Desk) -> None:
    officer, page = desk.browser("officer"), f"/patents/{desk.world.patent_ids[0]}"
    answer = officer.post(f"{page}/register", {**LOOK, "flags": ["pledged", "state_funded"]})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{page}?looked#register")
    shown = officer.text(page)
    assert all(word in shown for word in ("已质押", "财政资助项目", "2026-03-01"))
    audit = desk.browser("administrator").text("/admin/audit")
    assert all(word in audit for word in ("登记了登记簿核查结果", "登记簿副本2026-0311", "已质押"))


def test_a_refused_look_keeps_what_was_typed(desk: Desk) -> None:
    officer, page = desk.browser("officer"), f"/patents/{desk.world.patent_ids[0]}"
    typed = {**LOOK, "evidence": "", "register_checked_on": "2026-02-30", "flags": ["preserved"]}
    answer = officer.post(f"{page}/register", typed)
    assert answer.status_code == 422
    assert all(word in answer.text for word in ("不存在这一天", "请写明查的是什么", 'value="2026-02-30"'))
    assert 'value="preserved" checked' in answer.text


def test_others_have_no_form(desk: Desk) -> None:
    finance, page = desk.browser("finance"), f"/patents/{desk.world.patent_ids[0]}"
    assert "/register#register" not in finance.text(page)
    assert finance.post(f"{page}/register", LOOK).status_code == 403
