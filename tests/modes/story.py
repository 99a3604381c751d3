"""The product's own story of an exclusive license, walked by tests in their small world."""

from collections.abc import Iterator, Mapping
from typing import Any

from cases.advance import Advanced
from desk.story import Scene, story, terms_of
from desk.story import walk as walk_story
from tests.world import TODAY, World

TERMS: Mapping[str, Any] = terms_of(TODAY)
STORY: tuple[Scene, ...] = story(TODAY, contract_no="CLLG-XK-2026-007")


def walk(world: World, case_id: int, *, until: str | None = None) -> Iterator[Advanced]:
    """Take the scenes in order, up to and including `until`, and yield what came of each."""
    return walk_story(world.db, world.people, case_id, STORY, until=until)


def walk_to(world: World, case_id: int, until: str) -> Advanced:
    """Take the scenes up to and including `until` and return the last outcome."""
    return list(walk(world, case_id, until=until))[-1]
