"""Who holds a case and since when, and what waits for whom: read off the decision, scoped by organization."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cases import bulk
from cases.inbox import EVERYONE, Inbox, Item, inbox
from cases.people import add_user, person_by_login
from cases.standing import Holder, holders, next_dues
from cases.tables import Case
from states.catalog import MODES
from tests.modes.acting import act, case_row, change_patent, day
from tests.modes.story import STORY, TERMS, walk_to
from tests.world import NOW, TODAY, World, settle

FAR = 10_000


def seen(world: World, role: str, number: int = 0, officer_id: int | None = None, mode: str = "") -> Inbox:
    """The inbox of the person in a role, so many days after the opening."""
    with world.db.read() as session:
        return inbox(world.db, session, world.person(role), day(number), mode=mode, officer_id=officer_id)


def told(items: tuple[Item, ...]) -> list[tuple[int, tuple[str, ...]]]:
    """The cases with the steps that are offered."""
    return [(item.case_id, tuple(step.event for step in item.steps)) for item in items]


def held(world: World, case_id: int, number: int) -> Holder | None:
    with world.db.read() as session:
        return holders(world.db, session, world.org_id, [case_id], day(number)).get(case_id)


def last_day(event: str) -> int:
    """The day of a scene, counted from the opening."""
    return next((scene.on - TODAY).days for scene in STORY if scene.event == event)


# Who holds the case once this scene has been played, asked on the same day.
@pytest.mark.parametrize(
    ("until", "roles"),
    [
        ("edit_terms", ("officer",)),
        ("post_publicity", ()),
        ("raise_objection", ("officer",)),
        ("close_publicity", ("officer",)),
        ("submit_approval", ("approver",)),
        ("approve", ("officer",)),
        ("sign", ("officer",)),
        ("submit_filing", ("officer",)),  # has still to apply for the registration of the contract
        ("apply_registration", ("outside",)),
        ("receive_correction", ("officer",)),
        ("record_filing", ("officer",)),
        ("report_feedback", ()),
    ],
)
def test_holder_is_whose_turn_it_is(world: World, until: str, roles: tuple[str, ...]) -> None:
    case_id = world.case()
    walk_to(world, case_id, until)
    name = "林知远" if roles == ("officer",) else ""
    on = last_day(until)
    found = held(world, case_id, on + 3)
    assert found and replace(found, asked=()) == Holder(roles, name, day(on), 3)
    bodies = ["科技成果转化中心主任审批"] if roles == ("approver",) else []
    assert [row.body.zh for row in found.asked] == bodies


def test_holder_counts_days_from_the_last_entry_of_the_trail(any_world: World) -> None:
    case_id = any_world.case()
    assert held(any_world, case_id, 5) == Holder(("officer",), "林知远", TODAY, 5)
    act(any_world, case_id, "edit_terms", 4, terms=dict(TERMS))
    assert held(any_world, case_id, 5) == Holder(("officer",), "林知远", day(4), 1)


def test_publicity_over_is_the_officers_turn(world: World) -> None:
    case_id = world.case()
    walk_to(world, case_id, "resolve_objection")
    turns = [found.roles for number in (23, 24) if (found := held(world, case_id, number))]
    assert turns == [(), ("officer",)]


def test_ended_case_is_held_by_nobody_and_stands_in_no_inbox(world: World) -> None:
    case_id = world.case()
    act(world, case_id, "withdraw", 1, reason="企业放弃")
    assert held(world, case_id, 2) is None
    assert [told(seen(world, role, 2).needs) for role in world.people] == [[]] * 5
    assert [told(seen(world, role, 2).waiting) for role in world.people] == [[]] * 5


def test_holder_speaks_both_languages() -> None:
    named = [Holder(roles, "", TODAY, 0) for roles in ((), ("outside",), ("officer", "approver"))]
    assert [(one.who_zh, one.who_en) for one in named] == [
        ("等待期限届满", "Waits for a date"),
        ("外部单位", "Outside party"),
        ("转化专员、审批人", "Officer, approver"),
    ]


def test_turn_passes_from_the_officer_to_the_approver_and_back(any_world: World) -> None:
    case_id = any_world.case()
    walk_to(any_world, case_id, "close_publicity")
    assert told(seen(any_world, "officer", 24).needs) == [(case_id, ("submit_approval",))]
    assert told(seen(any_world, "approver", 24).needs) == []
    walk_to_approval = last_day("submit_approval")
    act(any_world, case_id, "submit_approval", walk_to_approval, note="提请审批")
    officer, approver = seen(any_world, "officer", 27), seen(any_world, "approver", 27)
    assert (told(officer.needs), told(officer.waiting)) == ([], [(case_id, ())])
    holder = officer.waiting[0].holder
    assert (holder.roles, holder.since, holder.days) == (("approver",), day(24), 3)
    assert holder.who_zh == "审批人（科技成果转化中心主任审批）"
    assert (told(approver.needs), told(approver.waiting)) == ([(case_id, ("approve",))], [])
    act(any_world, case_id, "approve", 27, decided_on=day(27), minutes_no="1号")
    assert told(seen(any_world, "officer", 28).needs) == [(case_id, ("start_drafting",))]
    waiting = seen(any_world, "approver", 28).waiting
    assert [(item.case_id, item.holder.who_zh) for item in waiting] == [(case_id, "转化专员 林知远")]


def test_whoever_submitted_is_not_asked_to_approve(world: World) -> None:
    case_id = world.case()
    walk_to(world, case_id, "submit_approval")
    approver = world.person("approver")
    with world.db.write() as session:
        row = session.get(Case, case_id)
        assert row is not None
        submitter = world.person("officer").id
        row.data = row.data.replace(f'"submitted_by":{submitter}', f'"submitted_by":{approver.id}')
    assert told(seen(world, "approver", 25).needs) == []
    found = held(world, case_id, 25)
    assert found and (found.roles, found.since, found.days) == (("approver",), day(24), 1)


def test_case_that_nothing_carries_on_stays_with_who_can_mend_it(world: World) -> None:
    case_id = world.case()
    act(world, case_id, "edit_terms", 0, terms=dict(TERMS))
    change_patent(world, status="lapsed")
    assert told(seen(world, "officer").needs) == [(case_id, ())]


def test_colleague_sees_a_case_only_when_asking_for_it(world: World) -> None:
    case_id = world.case()
    add_user(world.db, world.person("administrator"), login="second", name="顾二", role="officer")
    with world.db.read() as session:
        second = person_by_login(session, "second")
        own = inbox(world.db, session, second, TODAY)
        asked = inbox(world.db, session, second, TODAY, officer_id=world.person("officer").id)
        everyone = inbox(world.db, session, second, TODAY, officer_id=EVERYONE)
    assert (told(own.needs), told(own.waiting)) == ([], [])
    assert [item.case_id for item in asked.needs] == [case_id]
    assert [item.case_id for item in everyone.needs] == [case_id]
    assert own.officers == ((world.person("officer").id, "林知远"),)


def test_deadline_due_soon_calls_its_role(world: World) -> None:
    case_id = world.case()
    walk_to(world, case_id, "report_feedback")
    due = next(item.due for item in seen(world, "finance", 58).waiting if item.due)
    assert (due.who, due.title) == ("finance", "合同款到期：入门费首期款")
    early = (due.due - TODAY).days - 8
    assert told(seen(world, "finance", early).needs) == []
    called = seen(world, "finance", early + 1).needs
    assert [(item.case_id, item.steps[0].event, item.holder.roles) for item in called] == [
        (case_id, "record_receipt", ("finance",))
    ]
    assert called[0].due is not None
    assert called[0].due.days_left == 7


def test_duties_that_an_end_leaves_are_somebodys_turn(world: World) -> None:
    case_id = world.case()
    walk_to(world, case_id, "take_effect")
    ended = last_day("take_effect") + 1
    act(world, case_id, "terminate", ended, agreed_on=day(ended), reason="双方协商一致解除")
    assert case_row(world, case_id).closed_on is None
    assert held(world, case_id, ended + 60) == Holder(("finance",), "", day(ended), 60)


def test_overdue_deadlines_come_first_and_each_has_its_line(world: World) -> None:
    first, second = world.case(title="甲案"), world.case(title="乙案")
    walk_to(world, second, "sign")
    late = seen(world, "officer", 400)
    assert [(item.case_id, item.due and item.due.title) for item in late.overdue] == [
        (second, "印花税申报缴纳")
    ]
    assert [item.case_id for item in late.needs] == [second, first]
    assert [len(seen(world, role, 400).overdue) for role in ("finance", "administrator", "readonly")] == [
        1
    ] * 3
    assert seen(world, "approver", 400).overdue == ()


def test_reader_is_asked_for_nothing_and_sees_who_is(world: World) -> None:
    case_id = world.case()
    found = seen(world, "readonly")
    assert (told(found.needs), told(found.waiting)) == ([], [(case_id, ())])


def test_filter_by_mode_leaves_the_others_out(world: World) -> None:
    case_id = world.case()
    assert [item.case_id for item in seen(world, "officer", mode="exclusive_license").needs] == [case_id]
    assert seen(world, "officer", mode="transfer").needs == ()


def test_strangers_share_nothing(world: World) -> None:
    case_id = world.case()
    walk_to(world, case_id, "sign")
    other = settle(world.db, "远山农业大学", "far-")
    for role in other.people:
        found = seen(other, role, 400, EVERYONE)
        assert (found.needs, found.waiting, found.overdue, found.officers) == ((), (), (), ())
    with world.db.read() as session:
        assert holders(world.db, session, other.org_id, [case_id], TODAY) == {}
        assert next_dues(session, other.org_id, [case_id], TODAY) == {}
        assert list(next_dues(session, world.org_id, [case_id], TODAY)) == [case_id]


def test_steps_for_many_ask_for_a_note_at_most_and_end_nothing() -> None:
    assert {"submit_approval"} <= set(bulk.steps_for("officer"))
    assert not {"withdraw", "reject", "expire", "terminate", "edit_terms", "sign"} & (
        set(bulk.steps_for("officer")) | set(bulk.steps_for("approver"))
    )
    assert bulk.steps_for("readonly") == {}


def test_bulk_takes_what_is_possible_and_tells_the_rest(any_world: World) -> None:
    ready, early = any_world.case(title="甲案"), any_world.case(title="乙案")
    walk_to(any_world, ready, "close_publicity")
    officer, on = any_world.person("officer"), day(24)
    titles = {ready: "甲案", early: "乙案", FAR: ""}
    with any_world.db.read() as session:
        rows = bulk.look(any_world.db, session, officer, "submit_approval", titles, on)
    assert [(row.number, row.outcome) for row in rows] == [
        ("ZH2026-00001", "possible"), ("ZH2026-00002", "refused"), ("", "failed"),
    ]  # fmt: skip
    at = NOW + timedelta(days=24)
    for _ in range(2):  # pressed twice with the same key, it is done once
        done = bulk.take(any_world.db, officer, "submit_approval", rows, {}, today=on, now=at, key="k")
        assert [row.outcome for row in done] == ["done", "refused", "failed"]
    assert [unmet.code for unmet in done[1].unmet] == ["needs_publicity", "terms_incomplete"]
    assert done[2].reason_zh == "没有找到该案件，请从案件列表重新打开"
    assert told(seen(any_world, "approver", 24).needs) == [(ready, ("approve",))]


def test_bulk_on_an_older_version_is_a_conflict_of_that_row_alone(world: World) -> None:
    first, second = world.case(title="甲案"), world.case(title="乙案")
    for case_id in (first, second):
        walk_to(world, case_id, "close_publicity")
    officer, on = world.person("officer"), day(24)
    with world.db.read() as session:
        rows = bulk.look(world.db, session, officer, "submit_approval", {first: "甲案", second: "乙案"}, on)
    rows = (rows[0].seen_at(1), rows[1].seen_at(None))
    done = bulk.take(world.db, officer, "submit_approval", rows, {}, today=on, now=NOW, key="k")
    assert [row.outcome for row in done] == ["failed", "done"]
    assert done[0].reason_zh.startswith("林知远刚刚确认公示期满")


@pytest.mark.parametrize("role", ["officer", "approver", "finance"])
def test_cases_of_all_modes_are_answered_row_by_row(world: World, role: str) -> None:
    cases = {world.case(mode=slug, title=mode.zh): mode for slug, mode in MODES.items()}
    titles = {case_id: mode.zh for case_id, mode in cases.items()}
    with world.db.read() as session:
        for event in bulk.steps_for(role):
            rows = bulk.look(world.db, session, world.person(role), event, titles, TODAY)
            assert [row.case_id for row in rows] == list(cases)
            for row in rows:
                mode = cases[row.case_id]
                can = event in mode.steps and bulk.is_harmless(mode, mode.steps[event])
                assert row.outcome in ({"possible", "refused"} if can else {"failed"})
                assert row.outcome == "possible" or row.unmet or mode.zh in row.reason_zh


@pytest.mark.parametrize("slug", MODES)
def test_no_place_is_left_by_bad_news_alone(slug: str) -> None:
    """A place that only warnings and endings lead on from would be nobody's turn, and nobody outside would answer."""
    mode = MODES[slug]
    stuck = []
    for leaf in (node.id for node in mode.chart.nodes.values() if not node.children and not node.final):
        leaving = [
            mode.steps[event]
            for event, arcs in mode.chart.table.items()
            for arc in arcs
            if event in mode.steps
            and arc.source_leaves == {leaf}
            and leaf in arc.leaves_exited - {*arc.leaves_entered}
        ]
        if leaving and all(step.tone in ("warning", "danger") and not step.from_outside for step in leaving):
            stuck.append(leaf)
    assert stuck == []
