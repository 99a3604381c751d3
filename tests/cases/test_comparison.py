"""The comparison of modes asks the record: the patents of the institution, and its cases on them."""

import pytest

from cases.comparison import MOST_PATENTS, Comparison, compare
from cases.errors import Invalid, NotFound
from tests.modes.acting import change_patent
from tests.modes.story import walk_to
from tests.world import TODAY, World, settle

LICENSE = "exclusive_license"


def ask(world: World, *patent_ids: int, foreign: bool = False) -> Comparison:
    with world.db.read() as session:
        person = world.person("readonly")
        return compare(world.db, session, person, patent_ids, TODAY, foreign_party=foreign)


def verdicts(found: Comparison) -> dict[str, str]:
    return {one.mode.slug: one.verdict for one in found.modes}


def test_record_of_the_patent_and_signed_cases_count(any_world: World) -> None:
    first, second = any_world.patent_ids[:2]
    assert verdicts(ask(any_world, first))[LICENSE] == "clear"
    case_id = any_world.case()
    begun = {one.mode.slug: one for one in ask(any_world, first).modes}[LICENSE]
    assert (begun.verdict, [unmet.code for unmet in begun.warnings]) == ("clear", ["other_case"])
    walk_to(any_world, case_id, "sign")
    signed = {one.mode.slug: one for one in ask(any_world, first).modes}[LICENSE]
    assert [unmet.code for unmet in signed.before_signing] == ["conflicting_case"]
    assert verdicts(ask(any_world, second))[LICENSE] == "clear"


def test_lapsed_patent_is_no_longer_licensed(world: World) -> None:
    change_patent(world, status="lapsed")
    assert verdicts(ask(world, world.patent_ids[0]))[LICENSE] == "blocked"


def test_patents_of_strangers_and_no_patents_are_refused(world: World) -> None:
    other = settle(world.db, "远山农业大学", "far-")
    with pytest.raises(NotFound):
        ask(other, world.patent_ids[0])
    for ids in ((), tuple(range(1, MOST_PATENTS + 2))):
        with pytest.raises(Invalid) as invalid:
            ask(world, *ids)
        assert invalid.value.fields == {"patent": "请选择1至20件专利"}
