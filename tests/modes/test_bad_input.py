"""Bad input in every mode, before its signature: refused with an explanation, and nothing written."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from cases.advance import Advanced, Refused, advance
from cases.companies import get_company, save_company
from cases.errors import ActionError, Conflict, Invalid, NotFound, Stale
from desk.story import Scene, story, walk
from states.catalog import MODES
from tests.cases.dump import dump, execute
from tests.modes.acting import case_row, change_patent
from tests.world import TODAY, World

EVERY_MODE = pytest.mark.parametrize("mode", MODES)
WITH_A_COMPANY = pytest.mark.parametrize("mode", [slug for slug, mode in MODES.items() if mode.has_company])


def ready(world: World, mode: str) -> tuple[int, Scene, tuple[Scene, ...]]:
    """A case that only has to be signed, the scene that does it, and those after it."""
    scenes = story(TODAY, mode=mode)
    number = [scene.event for scene in scenes].index("sign")
    case_id = world.case(mode=mode)
    assert len(list(walk(world.db, world.people, case_id, scenes[:number]))) == number
    return case_id, scenes[number], scenes[number + 1 :]


def take(world: World, case_id: int, scene: Scene, **how: Any) -> Advanced:
    """Take a step as a door does."""
    now = datetime.combine(scene.on, time(3, tzinfo=UTC))
    given: dict[str, Any] = {"expected_version": None, "today": scene.on, "now": now, **how}
    return advance(world.db, case_id, scene.event, world.person(scene.role), scene.payload, **given)


def told(world: World, attempt: Callable[[], object]) -> ActionError:
    """Make an attempt that must fail, and return what people are told: in two languages, with nothing written."""
    before = dump(world.db)
    with pytest.raises(ActionError) as failed:
        attempt()
    assert dump(world.db) == before
    assert failed.value.message and failed.value.message_en
    if isinstance(failed.value, Refused):
        assert all(unmet.what_zh and unmet.remedy_zh and unmet.who for unmet in failed.value.unmet)
    return failed.value


def codes(error: ActionError) -> list[str]:
    """The codes of what is unmet."""
    assert isinstance(error, Refused), error
    return [unmet.code for unmet in error.unmet]


Bend = Callable[[Scene], Scene]
# What is wrong with the step, what it is refused with, and a word that people are told.
BENT: Mapping[str, tuple[Bend, type[ActionError], str]] = {
    "unknown event": (lambda scene: replace(scene, event="fly"), NotFound, "fly"),
    "raised event": (lambda scene: replace(scene, event="void_price"), NotFound, "void_price"),
    "wrong role": (lambda scene: replace(scene, role="readonly"), Refused, "转化专员"),
    "nothing filled in": (lambda scene: replace(scene, payload={}), Invalid, "此项必填"),
    "unknown field": (
        lambda scene: replace(scene, payload={**scene.payload, "price": 1}), Invalid, "没有这个填写项",
    ),
    "no date": (lambda scene: replace(scene, payload={**scene.payload, "signed_on": "昨天"}), Invalid, "签"),
    "not yet": (
        lambda scene: replace(scene, payload={**scene.payload, "signed_on": "2027-01-01"}), Refused, "2027-01-01",
    ),
}  # fmt: skip


@EVERY_MODE
def test_bent_step_is_refused(world: World, mode: str) -> None:
    case_id, sign, _ = ready(world, mode)
    found = {
        name: told(world, lambda bend=bend: take(world, case_id, bend(sign)))  # type: ignore[misc]
        for name, (bend, _, _) in BENT.items()
    }
    assert {name: type(error) for name, error in found.items()} == {
        name: kind for name, (_, kind, _) in BENT.items()
    }
    assert [name for name, (_, _, word) in BENT.items() if word not in found[name].message] == []


@EVERY_MODE
def test_later_steps_are_out_of_order(world: World, mode: str) -> None:
    """Whatever the story does after the signature is refused before it, unless it is possible at any time."""
    case_id, _, later = ready(world, mode)
    chart, position = MODES[mode].chart, tuple(case_row(world, case_id).state.split())
    early = {scene.event: scene for scene in later if not chart.offers(position, scene.event)}
    assert len(early) > 5
    for scene in early.values():
        assert "not_here" in codes(told(world, lambda scene=scene: take(world, case_id, scene)))  # type: ignore[misc]


@EVERY_MODE
def test_page_of_yesterday_is_told_who_did_what_since(world: World, mode: str) -> None:
    case_id, sign, _ = ready(world, mode)
    seen = case_row(world, case_id).version - 1
    error = told(world, lambda: take(world, case_id, sign, expected_version=seen))
    assert (type(error), "林知远" in error.message) == (Stale, True)


@EVERY_MODE
def test_same_request_twice_signs_once(world: World, mode: str) -> None:
    case_id, sign, later = ready(world, mode)
    first = take(world, case_id, sign, action_key="k-1")
    before = dump(world.db)
    again = take(world, case_id, sign, action_key="k-1")
    assert (again.replayed, again.version, dump(world.db) == before) == (True, first.version, True)
    assert codes(told(world, lambda: take(world, case_id, sign, action_key="k-2"))) == ["not_here"]
    assert type(told(world, lambda: take(world, case_id, later[0], action_key="k-1"))) is Conflict


@EVERY_MODE
def test_patent_that_lapsed_an_hour_ago_is_not_signed_for(world: World, mode: str) -> None:
    case_id, sign, _ = ready(world, mode)
    change_patent(world, status="lapsed")
    error = told(world, lambda: take(world, case_id, sign))
    assert isinstance(error, Refused)
    assert {(unmet.patent_id, unmet.code) for unmet in error.unmet if unmet.code.startswith("patent_")} == {
        (world.patent_ids[0], f"patent_{unmet.rule_id}") for unmet in error.unmet if unmet.patent_id
    }
    assert "终止" in error.message


@WITH_A_COMPANY
def test_company_renamed_after_the_final_text_is_finalized_for_anew(world: World, mode: str) -> None:
    case_id, sign, _ = ready(world, mode)
    with world.db.read() as session:
        was = get_company(session, world.org_id, world.company_id)
    values = {"name": "启衡新能源股份有限公司", "uscc": was.uscc, "address": was.address}
    save_company(world.db, world.person("officer"), values, company_id=world.company_id)
    error = told(world, lambda: take(world, case_id, sign))
    assert codes(error) == ["company_renamed"]
    assert was.name in error.message and "启衡新能源股份有限公司" in error.message
    back = Scene("return_to_drafting", "officer", sign.on, {"reason": "对方更名"})
    for scene in (back, Scene("finalize_contract", "officer", sign.on, {"reviewed_by": "法务"}), sign):
        done = take(world, case_id, scene)
    assert "signing" not in done.position


def test_company_of_a_case_cannot_be_deleted(any_world: World) -> None:
    for mode in MODES:
        any_world.case(mode=mode)
    before = dump(any_world.db)
    with pytest.raises(IntegrityError):
        execute(any_world.db, f"DELETE FROM company WHERE id = {any_world.company_id}")
    assert dump(any_world.db) == before


@WITH_A_COMPANY
def test_case_with_a_company_deleted_meanwhile_is_not_opened(world: World, mode: str) -> None:
    execute(world.db, f"DELETE FROM company WHERE id = {world.company_id}")
    error = told(world, lambda: world.case(mode=mode))
    assert (error.kind, "企业" in error.message) == ("missing", True)
