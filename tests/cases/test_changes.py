"""Who has a case and which patents it is about can change: both sides stay on record, and what it voids is told."""

from datetime import date
from typing import Any

from cases.advance import Refused
from cases.tables import User
from cases.trail import entries, verify
from cases.views import case_page, deadlines
from cases.whatif import Supposed, preview
from tests.cases.dump import dump
from tests.modes.acting import act, case_data, case_row, day, open_deadlines, refusal
from tests.modes.story import walk_to
from tests.world import NOW, NUMBERS, World

WHY: dict[str, Any] = {"reason": "岗位调整"}


def _colleague(world: World, login: str, **values: Any) -> int:
    with world.db.write() as session:
        user = User(
            org_id=world.org_id,
            login=login,
            created_at=NOW,
            **{"name": "张明", "role": "officer", **values},
        )
        session.add(user)
        session.flush()
        return int(user.id or 0)


def _owners(world: World, case_id: int) -> set[str]:
    with world.db.read() as session:
        return {view.owner for view in deadlines(session, world.org_id, day(40), case_id=case_id)}


def _patents(world: World, case_id: int) -> list[str]:
    with world.db.cursor() as cur:
        rows = cur.all(
            "SELECT p.application_no FROM case_patent cp JOIN patent p ON p.id = cp.patent_id "
            "WHERE cp.case_id = ? ORDER BY p.id",
            case_id,
        )
    return [number for (number,) in rows]


def test_another_officer_takes_the_case_with_its_deadlines(any_world: World) -> None:
    case_id = any_world.case()
    walk_to(any_world, case_id, "take_effect")
    successor = _colleague(any_world, "zhangming")
    assert _owners(any_world, case_id) == {"林知远"}
    before = case_row(any_world, case_id)
    done = act(any_world, case_id, "reassign", 35, officer="zhangming", **WHY)
    after = case_row(any_world, case_id)
    assert (after.officer_id, after.version) == (successor, before.version + 1)
    assert (after.state, done.voids) == (before.state, ())
    assert _owners(any_world, case_id) == {"张明"}
    (told,) = case_data(any_world, case_id)["officers"]["list"]
    assert (told["from_name"], told["to_name"], told["reason"]) == ("林知远", "张明", "岗位调整")
    with any_world.db.read() as session:
        assert verify(session).breaks == ()
    act(any_world, case_id, "submit_filing", 36, submitted_on=day(36), receipt_no="SL1")
    assert _owners(any_world, case_id) == {"张明"}


def test_closed_deadline_stays_with_whoever_met_it(world: World) -> None:
    case_id = world.case()
    walk_to(world, case_id, "submit_filing")
    _colleague(world, "zhangming")
    act(world, case_id, "reassign", 45, officer="张明", **WHY)
    with world.db.read() as session:
        rows = deadlines(session, world.org_id, day(45), case_id=case_id, open_only=False)
    assert {row.owner for row in rows if row.status != "open"} == {"林知远"}


def test_only_an_officer_of_the_house_takes_over(world: World) -> None:
    case_id = world.case()
    _colleague(world, "away", name="赵离", active=False)
    _colleague(world, "twin1", name="王同")
    _colleague(world, "twin2", name="王同")
    for name in ("nobody", "approver", "officer", "away", "王同"):
        assert refusal(world, case_id, "reassign", 1, officer=name, **WHY) == ["no_successor"], name
    assert case_row(world, case_id).officer_id == world.person("officer").id
    act(world, case_id, "reassign", 1, officer="twin2", **WHY)
    assert case_data(world, case_id)["officers"]["list"][0]["to_name"] == "王同"


def test_finance_hands_no_case_over(world: World) -> None:
    case_id = world.case()
    try:
        act(world, case_id, "reassign", 1, role="finance", officer="administrator", **WHY)
        raise AssertionError("finance reassigned a case")
    except Refused as refused:
        assert refused.kind == "forbidden"


def test_patent_joins_and_voids_what_named_the_others(any_world: World) -> None:
    case_id = any_world.case()
    walk_to(any_world, case_id, "approve")
    given = {"patent": f"ZL{NUMBERS[2]}", "reason": "一并许可"}
    before = dump(any_world.db)
    with any_world.db.read() as session:
        supposed = Supposed("add_patent", given, day(26))
        told = preview(any_world.db, session, any_world.person("officer"), case_id, supposed)
    assert told == ("title", "price", "publicity", "approval")
    assert dump(any_world.db) == before
    done = act(any_world, case_id, "add_patent", 26, **given)
    assert (done.voids, _patents(any_world, case_id)) == (told, [NUMBERS[0], NUMBERS[2]])
    assert {"title_pending", "price_open", "publicity_open", "approval_open"} < set(done.position)
    assert {"price", "publicity", "approval"} & set(case_data(any_world, case_id)) == set()
    assert refusal(any_world, case_id, "add_patent", 26, **given) == ["patent_not_addable"]
    unknown = {"patent": "2019100000012", "reason": "误填"}
    assert refusal(any_world, case_id, "add_patent", 26, **unknown) == ["patent_not_addable"]
    with any_world.db.read() as session:
        assert verify(session).breaks == ()


def test_running_publicity_is_dropped_when_a_patent_leaves(any_world: World) -> None:
    case_id = any_world.case(patents=2)
    walk_to(any_world, case_id, "post_publicity")
    gone = {"patent": NUMBERS[1], "reason": "企业不需要"}
    done = act(any_world, case_id, "remove_patent", 6, **gone)
    assert (done.voids, _patents(any_world, case_id)) == (("title", "price", "publicity"), [NUMBERS[0]])
    assert open_deadlines(any_world, case_id) == {}
    last = {"patent": NUMBERS[0], "reason": "撤下"}
    assert refusal(any_world, case_id, "remove_patent", 6, **last) == ["last_patent"]


def test_signed_case_keeps_its_patents(world: World) -> None:
    case_id = world.case(patents=2)
    walk_to(world, case_id, "sign")
    given = {"patent": NUMBERS[2], "reason": "补充"}
    assert refusal(world, case_id, "add_patent", 31, **given) == ["already_signed"]
    gone = {"patent": NUMBERS[1], "reason": "移出"}
    assert refusal(world, case_id, "remove_patent", 31, **gone) == ["already_signed"]


def test_joining_patent_warns_of_other_cases(any_world: World) -> None:
    signed = World(
        any_world.db, any_world.org_id, any_world.people, any_world.company_id, any_world.patent_ids[1:]
    )
    walk_to(signed, signed.case(title="甲公司独占许可"), "sign")
    case_id = any_world.case(title="乙公司独占许可")
    act(any_world, case_id, "add_patent", 31, patent=NUMBERS[1], reason="一并许可")
    with any_world.db.read() as session:
        *_, last = entries(session, any_world.org_id, f"case:{case_id}")
        page = case_page(any_world.db, session, any_world.person("officer"), case_id, date(2026, 4, 2))
    (warning,) = last.body["warnings"]
    assert "甲公司独占许可" in warning
    assert [zh for zh, _ in page.opening_warnings] == [warning]


def test_refused_change_of_patents_writes_nothing(world: World) -> None:
    case_id = world.case()
    before = dump(world.db)
    try:
        act(world, case_id, "add_patent", 1, role="finance", patent=NUMBERS[1], reason="越权")
        raise AssertionError("finance added a patent")
    except Refused:
        assert dump(world.db) == before
