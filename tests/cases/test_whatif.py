"""What would happen: the same decisions in memory, and not a byte written."""

from datetime import date
from typing import Any

import pytest

from cases import views
from cases.errors import Invalid, NotFound
from cases.whatif import Outcome, Supposed, preview_terms, simulate
from tests.cases.dump import dump
from tests.modes.acting import act, change_patent, day
from tests.modes.story import STORY, TERMS, walk_to
from tests.states.situation import performing
from tests.world import TODAY, World


def _simulate(world: World, case_id: int, *supposed: Supposed) -> tuple[Outcome, ...]:
    with world.db.read() as session:
        return simulate(world.db, session, world.person("readonly"), case_id, supposed)


def _preview(world: World, case_id: int, **changes: Any) -> tuple[str, ...]:
    with world.db.read() as session:
        return preview_terms(world.db, session, world.person("officer"), case_id, {**TERMS, **changes}, TODAY)


def test_whole_story_can_be_supposed_and_writes_nothing(any_world: World) -> None:
    case_id = any_world.case()
    before = dump(any_world.db)
    outcomes = _simulate(
        any_world, case_id, *(Supposed(scene.event, scene.payload, scene.on) for scene in STORY)
    )
    assert [outcome.step.event for outcome in outcomes if outcome.possible] == [
        scene.event for scene in STORY
    ]
    assert outcomes[-1].leaves == performing(
        feedback="feedback_reported",
        filing="filing_recorded",
        registration="registered",
        industrialization="industrialization_reported",
    )
    assert dump(any_world.db) == before


def test_supposed_steps_are_what_really_happens(world: World) -> None:
    case_id = world.case()
    walk_to(world, case_id, "sign")
    scene = next(scene for scene in STORY if scene.event == "take_effect")
    (supposed,) = _simulate(world, case_id, Supposed(scene.event, scene.payload, scene.on))
    done = walk_effect(world, case_id)
    with world.db.read() as session:
        real = {
            deadline.key: deadline.due
            for deadline in views.deadlines(session, world.org_id, scene.on, case_id=case_id)
            if deadline.key != "stamp_duty"
        }
    assert {key: deadline.due for key, deadline in supposed.deadlines} == real
    assert (supposed.leaves, supposed.voids) == (done, ())


def walk_effect(world: World, case_id: int) -> tuple[str, ...]:
    """Let the contract take effect as the story does, and return the position."""
    scene = next(scene for scene in STORY if scene.event == "take_effect")
    return act(world, case_id, scene.event, (scene.on - TODAY).days, **scene.payload).position


def test_question_of_another_day_has_another_date(world: World) -> None:
    """What if it took effect on 1 October: the filing would be due in January, after the holiday."""
    case_id = world.case()
    walk_to(world, case_id, "sign")
    dues = [
        dict(
            _simulate(world, case_id, Supposed("take_effect", {"effective_on": on.isoformat()}, on))[
                0
            ].deadlines
        )["license_filing"].due.isoformat()
        for on in (date(2026, 4, 1), date(2026, 7, 1))
    ]
    assert dues == ["2026-07-01", "2026-10-08"]


def test_first_refusal_ends_the_chain_and_explains(world: World) -> None:
    case_id = world.case()
    walk_to(world, case_id, "start_drafting")
    change_patent(world, flags='["pledged"]')
    rest = [scene for scene in STORY if scene.event in ("finalize_contract", "sign", "take_effect")]
    outcomes = _simulate(world, case_id, *(Supposed(scene.event, scene.payload, scene.on) for scene in rest))
    assert [(outcome.step.event, outcome.possible) for outcome in outcomes] == [
        ("finalize_contract", True), ("sign", False),
    ]  # fmt: skip
    assert [(unmet.code, unmet.who) for unmet in outcomes[1].unmet] == [("patent_PG-02", "outside")]


def test_supposed_roles_are_those_that_may(world: World) -> None:
    case_id = world.case()
    walk_to(world, case_id, "submit_approval")
    (outcome,) = _simulate(
        world, case_id, Supposed("approve", {"decided_on": day(26), "minutes_no": "1"}, day(26))
    )
    assert (outcome.roles, outcome.possible) == (("approver",), True)


def test_submitting_and_approving_are_supposed_of_two_people(world: World) -> None:
    case_id = world.case()
    walk_to(world, case_id, "close_publicity")
    outcomes = _simulate(
        world, case_id, Supposed("submit_approval", {}, day(25)),
        Supposed("approve", {"decided_on": day(26), "minutes_no": "1"}, day(26)),
    )  # fmt: skip
    assert [outcome.possible for outcome in outcomes] == [True, True]


def test_unknown_steps_and_wrong_input_are_told(world: World) -> None:
    case_id = world.case()
    with pytest.raises(NotFound, match="没有名为“fly”的步骤"):
        _simulate(world, case_id, Supposed("fly", {}, TODAY))
    with pytest.raises(Invalid):
        _simulate(world, case_id, Supposed("clear_title", {"checked_on": "昨天"}, TODAY))


def test_preview_says_what_would_be_voided_before_it_is(any_world: World) -> None:
    case_id = any_world.case()
    walk_to(any_world, case_id, "finalize_contract")
    before = dump(any_world.db)
    assert _preview(any_world, case_id) == ()
    assert _preview(any_world, case_id, copies="8") == ()
    assert _preview(any_world, case_id, dispute="court_plaintiff") == ("approval", "contract")
    assert _preview(any_world, case_id, purpose="储能电池") == ("price", "publicity", "approval", "contract")
    with pytest.raises(Invalid) as invalid:
        _preview(any_world, case_id, end="2020-01-01")
    assert "end" in invalid.value.fields
    assert dump(any_world.db) == before


def test_page_and_explanation_tell_the_same(world: World) -> None:
    case_id = world.case()
    walk_to(world, case_id, "clear_title")
    with world.db.read() as session:
        page = views.case_page(world.db, session, world.person("officer"), case_id, TODAY)
        told = {option.step.event: option for option in page.options}
        assert {
            event: views.explain(world.db, session, world.person("officer"), case_id, event, TODAY)
            for event in told
        } == told
        with pytest.raises(NotFound, match="没有名为“fly”的步骤，可用的步骤：edit_terms"):
            views.explain(world.db, session, world.person("officer"), case_id, "fly", TODAY)
    assert [event for event, option in told.items() if option.possible] == [
        "edit_terms", "record_consent", "clear_title", "agree_price", "withdraw", "correct_entry", "reassign",
        "add_patent", "switch_mode", "join_case", "draft_confidentiality", "step_back",
    ]  # fmt: skip
    assert (page.number, page.stage, page.officer, page.version) == (
        "ZH2026-00001",
        "preparation",
        "林知远",
        3,
    )


def test_case_list_is_paged_and_searched(world: World) -> None:
    for number in range(5):
        world.case(title=f"隔膜许可{number}")
    with world.db.read() as session:
        first = views.list_cases(session, world.org_id, size=2)
        last = views.list_cases(session, world.org_id, page=3, size=2)
        assert [row.number[-1] for row in (*first.rows, *last.rows)] == ["5", "4", "1"]
        assert (first.total, last.total, first.rows[0].patents) == (5, 5, 1)
        for q, found in (("许可3", 1), ("启衡", 5), ("zh2026-00002".upper(), 1), ("%", 0), ("没有", 0)):
            assert views.list_cases(session, world.org_id, q=q).total == found
        assert views.list_cases(session, world.org_id, stage="end").total == 0
        assert views.list_cases(session, world.org_id, officer_id=world.person("finance").id).total == 0
