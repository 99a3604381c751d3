"""The scenes of every mode lead from intake to a closed case by the steps that people take."""

from datetime import timedelta

import pytest

from cases.tables import Case
from desk.story import COMPANIES, terms_of, walk, whole_story
from desk.sample import CASES, found_institution
from states.catalog import MODES
from tests.world import TODAY, World


@pytest.mark.parametrize("mode", MODES)
def test_story_of_every_mode_ends_its_case(world: World, mode: str) -> None:
    institution = found_institution(world.db, TODAY, patents=60)
    case_id = institution.open_case(TODAY, mode=mode)
    scenes = whole_story(TODAY, terms_of(TODAY, mode=mode), "XK-001", mode=mode)
    walked = [done.event for done in walk(world.db, institution.people, case_id, scenes)]
    with world.db.read() as session:
        case = session.get(Case, case_id)
        assert case is not None
        assert (walked, case.stage) == ([scene.event for scene in scenes], "end")
