"""合同条款 of a case on the page, over the API and on the command line: the same clauses, chosen and rewritten."""

import re

import pytest

from cases.clause_page import clause_page
from desk.clause_shapes import ClauseListShape, ClauseTextShape
from tests.desk.conftest import Browser, Desk
from tests.modes.story import walk

OWN = "任何一方违约的，应当赔偿对方因此遭受的损失。"


def _drafted(desk: Desk) -> int:
    case_id = desk.world.case()
    list(walk(desk.world, case_id, until="start_drafting"))
    return case_id


def _version(browser: Browser, case_id: int) -> str:
    found = re.search(r'name="expected_version" value="(\d+)"', browser.get(f"/cases/{case_id}/clauses").text)
    assert found is not None
    return found[1]


def _post(browser: Browser, case_id: int, event: str, **typed: str) -> tuple[int, str]:
    data = {"event": event, "expected_version": _version(browser, case_id), **typed}
    answer = browser.post(f"/cases/{case_id}/clauses", data)
    return answer.status_code, answer.headers.get("location", answer.text)


def test_case_without_terms_says_what_is_missing(desk: Desk) -> None:
    text = desk.browser().text(f"/cases/{desk.world.case()}/clauses")
    assert "还没有合同条款" in text
    assert "商务条款尚未填写完整，不能生成文书" in text


def test_every_clause_is_listed_with_variant_version_and_basis(desk: Desk) -> None:
    case_id = _drafted(desk)
    text = desk.browser().text(f"/cases/{case_id}/clauses")
    assert "起草时已固定，条款库今后的修改不影响本合同。" in text
    assert "违约责任 标准 第1版 2种文本可选" in text
    assert "依据：民法典585、872、873" in text
    assert "没有发现法律不允许的约定、金额不一致或者缺少的必备内容。" in text


def test_variant_is_chosen_and_shown_as_the_text_of_the_contract(desk: Desk) -> None:
    case_id, officer = _drafted(desk), desk.browser()
    status, where = _post(officer, case_id, "choose_clauses", choices="breach=penalty", reason="便于计算")
    assert (status, where) == (303, f"/cases/{case_id}/clauses?done=choose_clauses")
    text = officer.text(f"/cases/{case_id}/clauses?done=choose_clauses")
    assert "已选用条款，合同草案正在重新生成。" in text
    assert "违约责任 违约金型 第1版" in text


def test_rewritten_clause_is_told_with_reason_person_and_difference(desk: Desk) -> None:
    case_id, officer = _drafted(desk), desk.browser()
    status, where = _post(
        officer, case_id, "rewrite_clause", clause="breach", text=OWN, reason="对方要求简化"
    )
    assert (status, where) == (303, f"/cases/{case_id}/clauses?done=rewrite_clause#c-breach")
    page = officer.get(f"/cases/{case_id}/clauses").text
    assert f"<ins>{OWN}</ins>" in page
    assert "<del>" in page
    text = officer.text(f"/cases/{case_id}/clauses")
    assert "与条款库不同的条款" in text
    assert "林知远 · 2026-03-02 · 对方要求简化" in text


def test_unlawful_text_is_shown_beside_its_clause(desk: Desk) -> None:
    case_id, officer = _drafted(desk), desk.browser()
    _post(
        officer,
        case_id,
        "rewrite_clause",
        clause="improvements",
        text="后续改进均归许可人所有。",
        reason="院系要求",
    )
    text = officer.text(f"/cases/{case_id}/clauses")
    assert "“改进均归许可人”可能属于“无偿回授”" in text
    assert "LI-08" in text


def test_refused_text_stays_in_the_form(desk: Desk) -> None:
    case_id, officer = _drafted(desk), desk.browser()
    status, page = _post(
        officer, case_id, "rewrite_clause", clause="breach", text="价款为{{ t.x }}。", reason="改写"
    )
    assert status == 422
    assert "条款是普通文字，不能含有模板标记“{{”" in page
    assert "价款为{{ t.x }}。</textarea>" in page


def test_nobody_else_changes_clauses(desk: Desk) -> None:
    case_id = _drafted(desk)
    finance = desk.browser("finance")
    assert "改写本条" not in finance.text(f"/cases/{case_id}/clauses")
    data = {"event": "choose_clauses", "choices": "breach=penalty"}
    assert finance.post(f"/cases/{case_id}/clauses", data).status_code == 403


def test_step_that_is_none_of_clauses_is_not_taken_here(desk: Desk) -> None:
    case_id, officer = _drafted(desk), desk.browser()
    assert _post(officer, case_id, "withdraw", reason="不办了")[0] == 422


def test_shapes_tell_what_the_page_tells(desk: Desk) -> None:
    case_id = _drafted(desk)
    _post(desk.browser(), case_id, "rewrite_clause", clause="breach", text=OWN, reason="对方要求简化")
    with desk.world.db.read() as session:
        page = clause_page(desk.world.db, session, desk.world.person("officer"), case_id)
    told = ClauseListShape.of(page).model_dump(mode="json")
    (breach,) = [row for row in told["rows"] if row["id"] == "breach"]
    assert (breach["origin"], breach["variants"], breach["differs"]) == ("own", ["standard", "penalty"], True)
    assert breach["own"] == {"reason": "对方要求简化", "by": "林知远", "on": "2026-03-02", "source_id": None}
    assert {row["id"] for row in told["rows"] if row["differs"]} == {"breach"}
    shown = ClauseTextShape.of(page.line("breach")).model_dump(mode="json")
    assert shown["text"] == OWN
    assert (
        "".join(piece["text"] for piece in shown["comparison"] if piece["op"] != "in")
        == shown["library_text"]
    )
    assert "".join(piece["text"] for piece in shown["comparison"] if piece["op"] != "out") == OWN


@pytest.mark.parametrize("event", ["choose_clauses", "rewrite_clause"])
def test_step_that_changes_clauses_is_taken_beside_their_text(desk: Desk, event: str) -> None:
    case_id = desk.case_with_terms()
    answer = desk.browser().get(f"/cases/{case_id}/steps/{event}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{case_id}/clauses")
