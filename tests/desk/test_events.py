"""Pages of events: the list, one event with its patents and leads, the registers, and what is published."""

import io
import zipfile

import pytest

from cases.db import Database
from cases.event_registers import BY_NAME, EVENTS, LEADS, PROVIDERS, TYPICAL
from cases.registers import list_rows, save_row
from desk.event_sample import fill_events
from desk.sample import found_institution
from rules.patent_numbers import display_number
from tests.cases.test_events import EVENT, LEAD, event, lead
from tests.desk.conftest import Desk
from tests.world import NOW, NUMBERS, TODAY, World

FORMATS = {"txt": b"\xe3\x80\x90", "html": b"<!DOCTYPE html>", "docx": b"PK\x03\x04", "pdf": b"%PDF"}


def test_event_is_added_shown_and_counted_by_district(desk: Desk) -> None:
    officer = desk.browser()
    answer = officer.post("/events/new", {**EVENT, "kind": "meeting"})
    assert answer.status_code == 303
    page = officer.text(answer.headers["location"])
    assert "新材料专场对接会" in page
    assert "“千校万企”协同创新伙伴行动" in page
    listed = officer.text("/events")
    assert "高新区 1" in listed
    assert "没有活动" in officer.text("/events?year=2025")


def test_what_was_typed_stays_when_it_is_refused(desk: Desk) -> None:
    answer = desk.browser().post("/events/new", {**EVENT, "held_on": "明天"})
    assert answer.status_code == 422
    assert "新材料专场对接会" in answer.text
    assert "“明天”不是可识别的日期" in answer.text


def test_patents_are_shown_and_a_lead_leads_to_a_case(desk: Desk) -> None:
    officer, row_id = desk.browser(), event(desk.world)
    assert officer.post(f"/events/{row_id}/patents", {"patents": "错号"}).status_code == 422
    officer.post(f"/events/{row_id}/patents", {"patents": display_number(NUMBERS[0])})
    assert "一种锂离子电池隔膜的制备方法（1）" in officer.text(f"/events/{row_id}")
    typed = {
        **LEAD,
        "event_id": str(row_id),
        "next_step": "寄样品",
        "due_on": "2026-03-20",
        "back": f"/events/{row_id}",
    }
    assert officer.post("/promotion/leads/new", typed).headers["location"] == f"/events/{row_id}"
    assert "寄样品" in officer.text(f"/events/{row_id}")
    opened = officer.post("/promotion/leads/1/case", {"mode": "ordinary_license"})
    assert opened.headers["location"].startswith("/cases/")
    assert "洽谈中" in officer.text("/promotion/leads")
    again = officer.post("/promotion/leads/1/case", {"mode": "ordinary_license"})
    assert (again.status_code, "该线索已转为案件" in again.text) == (422, True)


def test_lead_without_a_registered_company_says_what_to_do(desk: Desk) -> None:
    row_id = lead(desk.world, company_name="未登记公司")
    answer = desk.browser().post(f"/promotion/leads/{row_id}/case", {"mode": "transfer"})
    assert answer.status_code == 422
    assert "请先在“企业”中登记" in answer.text


@pytest.mark.parametrize("name", [*BY_NAME])
def test_every_register_has_a_list_and_a_form_in_both_languages(desk: Desk, name: str) -> None:
    address = "/events" if name == "events" else f"/promotion/{name}"
    officer, register = desk.browser(), BY_NAME[name]
    assert officer.get(address).status_code == 200
    form = officer.text(f"{address}/new")
    assert [column.zh for column in register.columns if column.zh not in form] == []
    officer.post("/my/language", {"language": "en", "next": "/"})
    assert [column.en for column in register.columns if column.en not in officer.text(f"{address}/new")] == []
    assert desk.browser("readonly").post(f"{address}/new", {}).status_code == 403


def test_overdue_lead_is_marked(desk: Desk) -> None:
    lead(desk.world, due_on="2026-03-01")
    lead(desk.world, due_on="2026-03-01", status="lost", patent_id=NUMBERS[1])
    assert desk.browser().text("/promotion/leads").count("已逾期") == 1


@pytest.mark.parametrize("kind", FORMATS)
def test_event_is_published_in_every_format(desk: Desk, kind: str) -> None:
    officer, row_id = desk.browser(), event(desk.world)
    officer.post(f"/events/{row_id}/patents", {"patents": NUMBERS[0]})
    answer = officer.get(f"/events/{row_id}/leaflet.{kind}")
    assert (answer.status_code, FORMATS[kind] in answer.content) == (200, True)
    if kind == "docx":
        with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
            assert "一种锂离子电池隔膜的制备方法（1）" in parts.read("word/document.xml").decode()
    assert officer.get(f"/events/{row_id}/leaflet.exe").status_code == 404


def test_typical_case_is_summed_up(desk: Desk) -> None:
    case_id = desk.world.case()
    typed = {
        "case_id": "ZH2026-00001", "title": "隔膜技术独占许可", "pattern": "license_royalty", "practice": "先做中试，\n再谈价格",
        "marked_on": "2026-03-01",
    }  # fmt: skip
    row_id = save_row(desk.world.db, desk.world.person("officer"), TYPICAL, typed, now=NOW)
    text = desk.browser().get(f"/promotion/typical/{row_id}/summary.txt").content.decode()
    assert "转化模式：入门费加提成" in text
    assert "【主要做法】\n先做中试，\n再谈价格" in text
    assert case_id == 1


def test_pages_of_another_institution_hold_nothing(desk: Desk, strangers: World) -> None:
    event(desk.world)
    save_row(
        desk.world.db,
        desk.world.person("officer"),
        PROVIDERS,
        {"name": "海石创投", "kinds": "investor"},
        now=NOW,
    )
    stranger = desk.browser("officer", strangers)
    assert "新材料专场对接会" not in stranger.text("/events")
    assert "海石创投" not in stranger.text("/promotion/providers")
    assert EVENTS.zh in stranger.text("/events")
    assert LEADS.zh in stranger.text("/events")


def test_sample_fills_every_register(db: Database) -> None:
    institution = found_institution(db, TODAY, patents=60)
    institution.open_case(TODAY)
    assert fill_events(db, institution.people["officer"], TODAY, NOW) == 6
    with db.read() as session:
        held = {
            name: list_rows(session, institution.org_id, register).total for name, register in BY_NAME.items()
        }
    assert [name for name, total in held.items() if not total] == []
