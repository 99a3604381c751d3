"""A look at the register: recorded with before and after, and the gates of the next step see it."""

from datetime import date
from typing import Any

import pytest

from cases.errors import Forbidden, Invalid, NotFound
from cases.patent_register import FIELDS, LABELS, STATUSES, record_register
from cases.patents import STATUS_ZH, get_patent
from cases.trail import verify
from rules.gates import FLAGS
from tests.modes.acting import day, refusal
from tests.modes.story import walk_to
from tests.world import NOW, TODAY, World, settle

LOOK = {"register_checked_on": "2026-03-01", "evidence": "登记簿副本2026-0311"}


def look(world: World, role: str = "officer", **values: Any) -> None:
    """Record a look at the register of the first patent."""
    record_register(
        world.db, world.person(role), world.patent_ids[0], {**LOOK, **values}, today=TODAY, now=NOW
    )


def test_what_the_register_shows_is_kept_with_its_trail(any_world: World) -> None:
    look(any_world, status="in_grace", flags=["pledged", "preserved", "pledged"])
    with any_world.db.read() as session:
        patent = get_patent(session, any_world.person("officer").org_id, any_world.patent_ids[0])
        assert (patent.status, list(patent.flags)) == ("in_grace", ["pledged", "preserved"])
        assert patent.register_checked_on == date(2026, 3, 1)
        assert verify(session).breaks == ()
    with any_world.db.cursor() as cur:
        (body,) = cur.one("SELECT body FROM trail WHERE verb = 'register_checked'")
    assert '"evidence":"登记簿副本2026-0311"' in body
    assert '"status":"in_grace"' in body


def test_a_field_that_is_not_said_stays(any_world: World) -> None:
    look(any_world, flags=["state_funded"])
    look(any_world, status="in_force")
    with any_world.db.read() as session:
        patent = get_patent(session, any_world.person("officer").org_id, any_world.patent_ids[0])
        assert (patent.status, list(patent.flags)) == ("in_force", ["state_funded"])


def test_a_pledge_recorded_after_approval_stops_the_signature(any_world: World) -> None:
    case_id = any_world.case()
    walk_to(any_world, case_id, "finalize_contract")
    look(any_world, flags=["pledged"])
    signed = {"signed_on": day(30), "licensor_signatory": "江", "licensee_signatory": "冯"}
    assert refusal(any_world, case_id, "sign", 30, **signed) == ["patent_PG-02"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"status": "sleeping"}, "status"),
        ({"flags": ["cursed"]}, "flags"),
        ({"flags": 7}, "flags"),
        ({"register_checked_on": "2026-03-03"}, "register_checked_on"),
        ({"register_checked_on": "2026-02-30"}, "register_checked_on"),
        ({"evidence": "  "}, "evidence"),
        ({"evidence": "长" * 201}, "evidence"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_wrong_values_change_nothing(world: World, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        look(world, **values)
    assert list(refused.value.fields) == [field]
    with world.db.cursor() as cur:
        assert cur.all("SELECT id FROM trail WHERE verb = 'register_checked'") == []


def test_only_keepers_record_and_only_their_own(world: World) -> None:
    with pytest.raises(Forbidden):
        look(world, role="finance")
    stranger = settle(world.db, "另一所大学", "other-").person("officer")
    with pytest.raises(NotFound):
        record_register(world.db, stranger, world.patent_ids[0], LOOK, today=TODAY, now=NOW)


def test_every_field_status_and_flag_has_its_place() -> None:
    assert set(LABELS) == set(FIELDS)
    assert set(STATUSES) == set(STATUS_ZH)
    assert "pledged" in FLAGS
