"""The scenes of every mode lead from intake to a closed case by the steps that people take."""

import pytest

from cases.db import Database
from cases.tables import Case
from desk.answers.royalty import royalty
from desk.sample import found_institution
from desk.story import paid_by_result, terms_of, walk, whole_story
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


def test_license_with_royalties_is_paid_for_the_first_period(db: Database) -> None:
    institution = found_institution(db, TODAY, patents=60)
    case_id = institution.open_case(TODAY, mode="ordinary_license")
    terms = terms_of(TODAY, mode="ordinary_license")
    scenes = paid_by_result(TODAY, terms, "XK-001", mode="ordinary_license", way="royalties")
    list(walk(db, institution.people, case_id, scenes))
    with db.read() as session:
        person = institution.people["officer"]
        answer = royalty(db, session, person, case_id, on=scenes[-1].on)
    # 6,345,000 × 3 % - 100,000 credited = 90,350, paid; 5,110,000 × 3 % = 153,300; the minimum of 100,000 is reached.
    assert [(line["asked_fen"], line["open_fen"]) for line in answer["lines"]] == [
        (9_035_000, 0), (15_330_000, 15_330_000), (0, 0),
    ]  # fmt: skip


def test_license_with_free_use_begins_it(db: Database) -> None:
    institution = found_institution(db, TODAY, patents=60)
    case_id = institution.open_case(TODAY, mode="ordinary_license")
    terms = terms_of(TODAY, mode="ordinary_license")
    scenes = paid_by_result(TODAY, terms, "XK-001", mode="ordinary_license", way="free_use")
    assert list(walk(db, institution.people, case_id, scenes))[-1].event == "start_trial"
