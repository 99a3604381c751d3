"""Events, leads and the other registers of promotion: what is kept, what is refused, and what becomes a case."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.event_registers import BY_NAME, EVENTS, LEADS
from cases.event_tables import PromotionLead
from cases.events import events_by_district, lead_figures, open_from_lead, promote, promoted, withdraw
from cases.registers import get_row, list_rows, save_row
from cases.tables import Case, TrailEntry
from rules.patent_numbers import display_number
from tests.world import NOW, NUMBERS, TODAY, World, settle

EVENT = {
    "name": "新材料专场对接会", "kind": "专场对接", "held_on": "2026年3月1日", "campaign": "universities_firms",
    "organizer": "沧澜市市场监管局", "district": "高新区", "status": "held",
}  # fmt: skip
LEAD = {
    "company_name": "启衡新材料股份有限公司",
    "patent_id": NUMBERS[0],
    "status": "contact",
    "owner_id": "officer",
}
OFFER = {
    "kind": "investor",
    "status": "offered",
    "offered_on": "2026-03-01",
    "patent_id": NUMBERS[0],
    "provider_id": "海石创投",
}


def event(world: World, **changes: str) -> int:
    return save_row(world.db, world.person("officer"), EVENTS, {**EVENT, **changes}, now=NOW)


def lead(world: World, **changes: str) -> int:
    return save_row(world.db, world.person("officer"), LEADS, {**LEAD, **changes}, now=NOW)


def verbs(world: World) -> list[str]:
    with world.db.read() as session:
        return list(session.exec(select(TrailEntry.verb).where(TrailEntry.chain == f"org:{world.org_id}")))


def test_event_is_kept_as_it_is_read(any_world: World) -> None:
    row_id = event(any_world)
    with any_world.db.read() as session:
        row = get_row(session, any_world.org_id, EVENTS, row_id)
    assert (row.values["held_on"], row.values["kind"]) == (date(2026, 3, 1), "meeting")
    assert (row.cells["campaign"].zh, row.typed["held_on"]) == ("“千校万企”协同创新伙伴行动", "2026-03-01")
    assert verbs(any_world) == ["event_saved"]


def test_same_values_again_leave_no_trace_and_the_same_event_is_one(world: World) -> None:
    row_id = event(world)
    officer = world.person("officer")
    assert save_row(world.db, officer, EVENTS, EVENT, row_id=row_id, now=NOW) == row_id
    assert save_row(world.db, officer, EVENTS, EVENT, is_repeatable=True, now=NOW) == row_id
    with pytest.raises(Conflict):
        event(world)
    assert verbs(world) == ["event_saved"]


@pytest.mark.parametrize(
    ("register", "typed", "fields"),
    [
        ("events", {}, ["held_on", "kind", "name", "status"]),
        ("events", {**EVENT, "held_on": "明天", "kind": "聚餐"}, ["held_on", "kind"]),
        ("leads", {"company_name": "甲公司", "status": "contact"}, ["patent_id"]),
        ("leads", {**LEAD, "patent_id": "202310999999.1", "owner_id": "nobody"}, ["owner_id", "patent_id"]),
        ("offers", {**OFFER, "fee_fen": "-3"}, ["fee_fen", "provider_id"]),
        ("providers", {"name": "海石创投", "kinds": "投资机构、算命"}, ["kinds"]),
        ("maturation", {"patent_id": NUMBERS[0], "kind": "prototype", "status": "passed", "started_on": "2026-02-01",
                        "ended_on": "2026-01-01"}, ["ended_on"]),
        ("participants", {"event_id": "99", "company_name": "甲公司", "people": "几个"}, ["event_id", "people"]),
        ("typical", {"title": "案例", "case_id": "ZH2026-09999", "marked_on": "2026-03-01"}, ["case_id"]),
    ],
)  # fmt: skip
def test_every_wrong_field_is_named(
    world: World, register: str, typed: dict[str, str], fields: list[str]
) -> None:
    with pytest.raises(Invalid) as invalid:
        save_row(world.db, world.person("officer"), BY_NAME[register], typed, now=NOW)
    assert sorted(invalid.value.fields) == fields
    assert verbs(world) == []


@pytest.mark.parametrize("role", ["readonly", "approver", "finance"])
def test_other_roles_keep_no_register(world: World, role: str) -> None:
    with pytest.raises(Forbidden):
        save_row(world.db, world.person(role), EVENTS, EVENT, now=NOW)


def test_patents_are_promoted_all_or_none(world: World) -> None:
    row_id, officer = event(world), world.person("officer")
    with pytest.raises(Invalid) as invalid:
        promote(world.db, officer, row_id, f"{NUMBERS[0]}\n202310999999.1\n不是号码", NOW)
    assert invalid.value.fields["patents"].count("；") >= 1
    listed = "，".join(display_number(number) for number in NUMBERS[:2])
    assert (
        promote(world.db, officer, row_id, listed, NOW),
        promote(world.db, officer, row_id, listed, NOW),
    ) == (2, 0)
    withdraw(world.db, officer, row_id, world.patent_ids[0], NOW)
    with world.db.read() as session:
        assert [row.application_no for row in promoted(session, world.org_id, row_id)] == [NUMBERS[1]]
    assert verbs(world) == ["event_saved", "event_patents_added", "event_patent_removed"]


def test_lead_becomes_a_case_in_one_step(any_world: World) -> None:
    row_id, officer = lead(any_world), any_world.person("officer")
    case_id = open_from_lead(any_world.db, officer, row_id, mode="ordinary_license", today=TODAY, now=NOW)
    with any_world.db.read() as session:
        case, kept = session.get(Case, case_id), session.get(PromotionLead, row_id)
        assert case is not None
        assert kept is not None
        assert (case.mode, case.company_id, kept.case_id, kept.status) == (
            "ordinary_license", any_world.company_id, case_id, "negotiating",
        )  # fmt: skip
    with pytest.raises(Conflict):
        open_from_lead(any_world.db, officer, row_id, mode="ordinary_license", today=TODAY, now=NOW)
    assert verbs(any_world) == ["lead_saved", "lead_opened_case"]


@pytest.mark.parametrize(
    ("changes", "mode", "fields"),
    [
        ({"company_name": "未登记公司"}, "transfer", ["company_name"]),
        ({"patent_id": "", "need": "耐高温隔膜"}, "open_license", ["patent_id"]),
        ({}, "barter", ["mode"]),
    ],
)
def test_lead_that_lacks_something_says_what(
    world: World, changes: dict[str, str], mode: str, fields: list[str]
) -> None:
    with pytest.raises(Invalid) as invalid:
        open_from_lead(
            world.db, world.person("officer"), lead(world, **changes), mode=mode, today=TODAY, now=NOW
        )
    assert sorted(invalid.value.fields) == fields


def test_share_of_signed_leads_and_events_of_a_district(world: World) -> None:
    for number, status in enumerate(("contact", "signed", "lost")):
        lead(world, patent_id=NUMBERS[number], status=status)
    for name, changes in (
        ("甲", {}),
        ("乙", {"held_on": "2025-12-31"}),
        ("丙", {"status": "planned"}),
        ("丁", {}),
    ):
        event(world, name=name, **changes)
    with world.db.looking() as cur:
        figures = lead_figures(cur, world.org_id)
        assert (figures.total, figures.signed_share) == (3, "33.3")
        assert events_by_district(cur, world.org_id, 2026) == {"高新区": 2}


@pytest.mark.parametrize("register", [*BY_NAME])
def test_registers_of_another_institution_are_empty(world: World, register: str) -> None:
    event(world)
    lead(world)
    other = settle(world.db, "另一所大学", "other-")
    with world.db.read() as session:
        assert list_rows(session, other.org_id, BY_NAME[register]).rows == ()


def test_rows_and_patents_of_others_do_not_exist(world: World) -> None:
    row_id, lead_id = event(world), lead(world)
    other = settle(world.db, "另一所大学", "other-")
    stranger = other.person("officer")
    attempts: list[Any] = [
        lambda: save_row(world.db, stranger, EVENTS, EVENT, row_id=row_id, now=NOW),
        lambda: promote(world.db, stranger, row_id, NUMBERS[0], NOW),
        lambda: withdraw(world.db, stranger, row_id, world.patent_ids[0], NOW),
        lambda: open_from_lead(world.db, stranger, lead_id, mode="transfer", today=TODAY, now=NOW),
    ]
    for attempt in attempts:
        with pytest.raises(NotFound):
            attempt()
