"""Two officers sign at the same moment: of two modes that exclude each other exactly one gets the patent.

The pairs are those of the matrix between cases in which either order stops the second; all of them meet on PostgreSQL.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import combinations_with_replacement
from threading import Barrier

import pytest

from cases.advance import Advanced, Refused
from cases.db import Database
from cases.trail import verify
from desk.story import Scene, story, walk
from rules.grants import CLASHES
from states.catalog import MODES
from tests.modes.acting import act, case_row
from tests.world import NUMBERS, TODAY, World, settle

Pairs = tuple[tuple[str, str], ...]


def _excludes(first: str, second: str) -> bool:
    clash = CLASHES.get((first, second))
    return clash is not None and clash.severity != "warn"


PAIRS: Pairs = tuple(
    pair
    for pair in combinations_with_replacement(MODES, 2)
    if _excludes(pair[0], pair[1]) and _excludes(pair[1], pair[0])
)
# As many pairs to a database as there are patents to meet on.
MEETINGS = tuple(PAIRS[start : start + len(NUMBERS)] for start in range(0, len(PAIRS), len(NUMBERS)))
# By what a case binds itself: a declaration to everybody once it is handed in; sealed, it may still stay in the drawer.
BINDING: Mapping[str, str] = {"open_license": "submit_filing"}


def test_pairs_are_those_that_the_law_keeps_apart() -> None:
    licenses = ("sole_license", "exclusive_license")
    assert {
        ("exclusive_license", "transfer"), ("transfer", "equity"), ("exclusive_license", "open_license"),
        ("exclusive_license", "patent_pool"), ("open_license", "transfer"), ("transfer", "transfer"), licenses,
    } <= set(PAIRS)  # fmt: skip
    assert ("ordinary_license", "ordinary_license") not in PAIRS


def _ready(world: World, mode: str, title: str) -> tuple[int, Scene]:
    """A case that only has to be bound, and the scene that does it."""
    scenes = story(TODAY, contract_no=title, mode=mode)
    number = [scene.event for scene in scenes].index(BINDING.get(mode, "sign"))
    case_id = world.case(title=title, mode=mode)
    assert len(list(walk(world.db, world.people, case_id, scenes[:number]))) == number
    return case_id, scenes[number]


def _sign(world: World, case_id: int, scene: Scene, start: Barrier) -> Advanced | Refused:
    start.wait()
    try:
        return act(world, case_id, scene.event, (scene.on - TODAY).days, **scene.payload)
    except Refused as refused:
        return refused


def _race(world: World, modes: tuple[str, str]) -> None:
    """Sign both at once; whoever loses is told of the other case, by the rule of the matrix."""
    cases = [_ready(world, mode, f"{mode}{number}") for number, mode in enumerate(modes)]
    before = [case_row(world, case_id).version for case_id, _ in cases]
    start = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        running = [pool.submit(_sign, world, case_id, scene, start) for case_id, scene in cases]
        outcomes = [one.result() for one in running]
    (won,) = (number for number, outcome in enumerate(outcomes) if isinstance(outcome, Advanced))
    refused = outcomes[1 - won]
    assert isinstance(refused, Refused)
    told = [(unmet.code, unmet.rule_id) for unmet in refused.unmet]
    assert told == [("conflicting_case", CLASHES[modes[won], modes[1 - won]].rule_id)], modes
    assert case_row(world, cases[won][0]).number in refused.unmet[0].what_zh
    written = [
        case_row(world, case_id).version - was for (case_id, _), was in zip(cases, before, strict=True)
    ]
    assert (written[won], written[1 - won]) == (1, 0)


@pytest.mark.postgres
@pytest.mark.parametrize("pairs", MEETINGS, ids=lambda pairs: "+".join("-".join(pair) for pair in pairs[:1]))
def test_of_two_who_sign_at_the_same_moment_one_wins(postgres: Database, pairs: Pairs) -> None:
    world = settle(postgres)
    for number, pair in enumerate(pairs):
        _race(replace(world, patent_ids=world.patent_ids[number:]), pair)
    with world.db.read() as session:
        assert verify(session).breaks == ()


def test_on_one_file_too_one_of_two_wins(world: World) -> None:
    for number in range(3):
        _race(
            replace(world, patent_ids=world.patent_ids[number:]), ("exclusive_license", "exclusive_license")
        )
