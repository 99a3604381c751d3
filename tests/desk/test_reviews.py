"""Review items on the desk: listed, compared side by side, closed with a note by those who may."""

import pytest

from cases.audit_checker import link
from cases.rechecking import recheck
from cases.recomputing import VERB
from cases.trail import canonical
from tests.cases.dump import execute
from tests.desk.conftest import Desk
from tests.modes.story import walk_to
from tests.world import NOW, TODAY, World


@pytest.fixture
def wrong(desk: Desk) -> Desk:
    """A desk with one review item: the filing's date was changed by hand."""
    walk_to(desk.world, desk.world.case(), "take_effect")
    execute(desk.world.db, "UPDATE deadline SET due = '2026-07-02' WHERE key = 'license_filing'")
    recheck(desk.world.db, NOW, TODAY)
    return desk


def test_navigation_leads_there_while_something_is_open(wrong: Desk, strangers: World) -> None:
    officer = wrong.browser()
    assert 'href="/reviews"' in officer.get("/").text
    assert 'href="/reviews"' not in wrong.browser(world=strangers).get("/").text
    officer.post("/reviews/1/close", {"note": "已核对并更正"})
    assert 'href="/reviews"' not in officer.get("/").text


def test_list_names_both_dates_and_leads_to_the_case(wrong: Desk) -> None:
    page = wrong.browser("readonly")
    text = page.text("/reviews")
    assert "许可合同备案" in text and "到期日：原为2026-07-02，复核得出2026-07-01。" in text
    assert "ZH2026-00001" in text
    assert "没有复核事项" in page.text("/reviews?status=closed")
    assert page.get("/reviews?page=9").headers["location"] == "/reviews?status=open&page=1"


def test_item_shows_both_derivations(wrong: Desk) -> None:
    text = wrong.browser().text("/reviews/1")
    assert "系统的结果 复核的结果" in text and "到期日 2026-07-02 2026-07-01" in text
    assert "系统如何得出" in text and "届满日为2026年7月1日（星期三）" in text
    assert "复核如何得出" in text and "2026-07-01（星期三）是工作日，不顺延" in text
    english = wrong.browser("administrator")
    english.post("/my/language", {"language": "en", "next": "/"})
    text = english.text("/reviews/1")
    assert "License filing" in text and "How the check got there" in text


def test_closing_asks_for_a_note_and_keeps_it(wrong: Desk) -> None:
    officer = wrong.browser()
    refused = officer.post("/reviews/1/close", {"note": " 好 "})
    assert (refused.status_code, "请填写核对结果" in refused.text) == (422, True)
    done = officer.post("/reviews/1/close", {"note": "承办人误改，已更正"})
    assert (done.status_code, done.headers["location"]) == (303, "/reviews/1?closed")
    text = officer.text("/reviews/1?closed")
    assert "复核事项已办结" in text and "承办人误改，已更正" in text and "林知远" in text
    again = officer.post("/reviews/1/close", {"note": "再次办结"})
    assert (again.status_code, "已由林知远办结" in again.text) == (409, True)
    assert "办结了复核事项" in wrong.browser("administrator").text("/admin/audit")


@pytest.mark.parametrize("role", ["approver", "finance", "readonly"])
def test_other_roles_read_only(wrong: Desk, role: str) -> None:
    browser = wrong.browser(role)
    assert 'name="note"' not in browser.get("/reviews/1").text
    assert browser.post("/reviews/1/close", {"note": "已核对"}).status_code == 403
    assert 'name="note"' in wrong.browser("administrator").get("/reviews/1").text


def test_timeline_tells_recomputed_dates(desk: Desk) -> None:
    case_id = desk.world.case()
    body = canonical(
        {
            "action_key": None, "actor": "系统", "actor_id": None, "at": NOW.isoformat(), "facts": {}, "role": "", "seq": 2,
            "to": [], "verb": VERB, "voids": [],
            "payload": {"deadlines": [{"title": "许可合同备案", "before": "2027-01-04", "after": "2027-01-05"}]},
        }
    )  # fmt: skip
    with desk.world.db.cursor() as cur:
        (head,) = cur.one("SELECT trail_head FROM conversion_case WHERE id = ?", case_id)
        values = (
            desk.world.org_id,
            f"case:{case_id}",
            case_id,
            cur.moment(NOW),
            VERB,
            body,
            head,
            link(head, body),
        )
        cur.run(
            "INSERT INTO trail (org_id, chain, seq, case_id, at, verb, body, prev, hash) VALUES (?, ?, 2, ?, ?, ?, ?, ?, ?)",
            *values,
        )
    text = desk.browser().text(f"/cases/{case_id}?tab=timeline")
    assert "放假安排公布后重新计算期限" in text and "2027-01-04 → 2027-01-05" in text
