"""The scenes of every mode lead from intake to a closed case by the steps that people take."""

import pytest

from cases.db import Database
from cases.tables import Case
from desk.sample import found_institution
from desk.story import terms_of, walk, whole_story
from states.catalog import MODES
from tests.world import TODAY


@pytest.mark.parametrize("mode", MODES)
def test_story_of_every_mode_ends_its_case(db: Database, mode: str) -> None:
    institution = found_institution(db, TODAY, patents=60)
    case_id = institution.open_case(TODAY, mode=mode)
    scenes = whole_story(TODAY, terms_of(TODAY, mode=mode), "XK-001", mode=mode)
    walked = [done.event for done in walk(db, institution.people, case_id, scenes)]
    with db.read() as session:
        case = session.get(Case, case_id)
        assert case is not None
        assert (walked, case.stage) == ([scene.event for scene in scenes], "end")
