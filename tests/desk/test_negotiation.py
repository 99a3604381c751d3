"""The pages of the negotiation: the whole loop as a person walks it."""

import re

import httpx
import pytest

from tests.cases.test_negotiation import FEE, untracked
from tests.contracts.word.files import BY, edited, run, with_parts
from tests.desk.conftest import Browser, Desk, visible
from tests.modes.story import walk_to

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def case_id(desk: Desk) -> int:
    made = desk.world.case()
    walk_to(desk.world, made, "start_drafting")
    return made


def upload(browser: Browser, case_id: int, data: bytes, name: str = "返回稿.docx") -> httpx.Response:
    return browser.post(
        f"/cases/{case_id}/negotiation", {"note": "对方邮件"}, files={"file": (name, data, DOCX)}
    )


def exported(browser: Browser, case_id: int) -> bytes:
    answer = browser.post(f"/cases/{case_id}/negotiation/send", {"note": ""})
    assert (answer.status_code, answer.headers["content-type"]) == (200, DOCX)
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    return answer.content


def decide(browser: Browser, case_id: int, clause: str, decision: str, note: str = "") -> httpx.Response:
    given = {"clause": clause, "decision": decision, "note": note}
    return browser.post(f"/cases/{case_id}/negotiation/1/decide", given)


def test_loop_from_export_to_the_last_decision(desk: Desk, officer: Browser, case_id: int) -> None:
    assert "还没有往来稿件" in officer.text(f"/cases/{case_id}/negotiation")
    data = edited(untracked(exported(officer, case_id)), (FEE, "1,000,000.00（大写：人民币壹佰万元整）"))
    answer = upload(officer, case_id, data)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{case_id}/negotiation/1")
    page = officer.text(answer.headers["location"])
    assert "有2处改动没有留下修订痕迹" in page
    assert re.search(r"入门费 1,200,000\.00 1,000,000\.00", page)
    assert (
        page.index("商务条款的改动")
        < page.index("其他数值的改动")
        < page.index("第五条 实施计划与实施义务 已修改")
    )
    listed = officer.text(f"/cases/{case_id}/negotiation")
    assert "对方最近返回的一稿还有2处改动没有决定" in listed
    assert "未留痕2处" in listed
    refused = decide(officer, case_id, "fees", "accept")
    assert refused.status_code == 422
    assert "属于商务条款：请先修改商务条款" in visible(refused.text)
    for clause in ("fees", "performance"):
        assert decide(officer, case_id, clause, "keep", "双方已商定").status_code == 303
    assert "没有决定" not in officer.text(f"/cases/{case_id}/negotiation")
    told = officer.text(f"/cases/{case_id}?tab=timeline")
    assert all(words in told for words in ("导出了磋商稿", "收到了对方返回稿", "保留我方文本", "双方已商定"))


def test_changed_term_fills_the_form_and_nothing_is_saved(desk: Desk, officer: Browser, case_id: int) -> None:
    upload(
        officer, case_id, edited(exported(officer, case_id), (FEE, "1,000,000.00（大写：人民币壹佰万元整）"))
    )
    answer = officer.post(f"/cases/{case_id}/negotiation/1/terms", {})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{case_id}/terms")
    assert 'value="1,000,000.00"' in officer.get(f"/cases/{case_id}/terms").text
    assert "1,200,000.00" in officer.text(f"/cases/{case_id}?tab=terms")


def test_comments_and_authors_are_shown_as_text(desk: Desk, officer: Browser, case_id: int) -> None:
    start, end = '<w:commentRangeStart w:id="0"/>', '<w:commentRangeEnd w:id="0"/>'
    data = edited(exported(officer, case_id), (FEE, f"</w:t></w:r>{start}{run(FEE)}{end}<w:r><w:t>"))
    note = f'<w:comment w:id="0" {BY}><w:p>{run("<script>alert(1)</script>价格过高")}</w:p></w:comment>'
    head = '<w:comments xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    upload(officer, case_id, with_parts(data, **{"word/comments.xml": f"{head}{note}</w:comments>".encode()}))
    page = officer.get(f"/cases/{case_id}/negotiation/1").text
    assert "与我方文本完全一致" in visible(page)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;价格过高" in page
    assert "王䶮 · 2026-02-03" in visible(page)


@pytest.mark.parametrize(("name", "data", "told"), [
    ("返回稿.docx", b"", "文件是空的"),
    ("返回稿.docx", b"%PDF-1.7", "这是PDF文件"),
    ("返回稿.docx", b"<html></html>", "网页或 XML"),
    ("", b"PK", "请选择一个文件"),
])  # fmt: skip
def test_bad_file_says_why(
    desk: Desk, officer: Browser, case_id: int, name: str, data: bytes, told: str
) -> None:
    answer = upload(officer, case_id, data, name)
    assert answer.status_code == 422
    assert told in visible(answer.text)
    assert "还没有往来稿件" in visible(answer.text)


def test_readers_see_and_do_not_decide(desk: Desk, officer: Browser, case_id: int) -> None:
    upload(officer, case_id, untracked(exported(officer, case_id)))
    reader = desk.browser("readonly")
    assert "接受对方文本" not in reader.text(f"/cases/{case_id}/negotiation/1")
    assert "上传对方返回稿" not in reader.text(f"/cases/{case_id}/negotiation")
    assert decide(desk.browser("finance"), case_id, "performance", "keep").status_code == 403


def test_redline_is_a_word_file_with_every_difference_marked(
    desk: Desk, officer: Browser, case_id: int
) -> None:
    upload(officer, case_id, untracked(exported(officer, case_id)))
    answer = officer.get(f"/cases/{case_id}/negotiation/1/redline")
    assert (answer.status_code, answer.headers["content-type"]) == (200, DOCX)
    from contracts.word.reading import read_docx

    assert {(one.kind, one.text) for one in read_docx(answer.content).revisions} >= {
        ("insert", "六"),
        ("delete", "三"),
    }
