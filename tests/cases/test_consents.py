"""Consents hold for the terms they saw: what a change voids is said before, done, and told in the trail."""

from typing import Any

import pytest

from cases.trail import entries, verify
from cases.whatif import preview_terms
from desk.story import terms_of
from tests.modes.acting import act, case_data, day
from tests.world import TODAY, World

TERMS = terms_of(TODAY)
CHANGED = {
    "entry_fee_fen": "130万元",
    "instalments": [{"label": "全款", "amount_fen": "130万元", "due_on": "2026-06-30"}],
}


def consenting(world: World, *consents: str) -> int:
    """A case with terms and these consents."""
    case_id = world.case()
    act(world, case_id, "edit_terms", 0, terms=dict(TERMS))
    for consent in consents:
        act(
            world,
            case_id,
            "record_consent",
            1,
            consent=consent,
            given_by="启明研究所",
            given_on=day(1),
            evidence="1号",
        )
    return case_id


def previewed(world: World, case_id: int, **changes: Any) -> tuple[str, ...]:
    with world.db.read() as session:
        return preview_terms(
            world.db, session, world.person("officer"), case_id, {**TERMS, **changes}, day(2)
        )


def test_a_changed_price_voids_a_consent_and_says_so_before(any_world: World) -> None:
    case_id = consenting(any_world, "co_owner")
    assert previewed(any_world, case_id, **CHANGED) == ("consents",)
    done = act(any_world, case_id, "edit_terms", 2, terms={**TERMS, **CHANGED})
    assert done.voids == ("consents",)
    kept = case_data(any_world, case_id)["consents"]
    assert (kept["given"], [(one["given_by"], one["void_on"]) for one in kept["void"]]) == (
        [], [("启明研究所", day(2).isoformat())],
    )  # fmt: skip
    with any_world.db.read() as session:
        last = entries(session, any_world.org_id, f"case:{case_id}")[-1]
        assert (last.verb, last.body["voids"]) == ("edit_terms", ["consents"])
        assert verify(session).breaks == ()


@pytest.mark.parametrize(
    ("consent", "changes", "voids"),
    [
        ("co_owner", {"territory": "江州省"}, ("consents",)),
        ("pledgee", {"sublicense_allowed": "是"}, ("consents",)),
        ("export_control", CHANGED, ("consents",)),
        ("co_owner", {"project_name": "隔膜项目"}, ()),
        ("co_owner", {"signing_place": "临江市"}, ()),
        ("co_owner_agreement", CHANGED, ()),
        ("license_disclosure", CHANGED, ()),
    ],
)
def test_exactly_what_saw_the_changed_fields_is_void(
    world: World, consent: str, changes: dict[str, Any], voids: tuple[str, ...]
) -> None:
    assert previewed(world, consenting(world, consent), **changes) == voids


def test_a_consent_given_before_the_terms_stays(world: World) -> None:
    case_id = world.case()
    act(
        world,
        case_id,
        "record_consent",
        1,
        consent="co_owner",
        given_by="启明研究所",
        given_on=day(1),
        evidence="1号",
    )
    assert act(world, case_id, "edit_terms", 2, terms=dict(TERMS)).voids == ()
    assert len(case_data(world, case_id)["consents"]["given"]) == 1


def test_a_patent_that_joins_voids_consents_that_did_not_know_of_it(world: World) -> None:
    case_id = consenting(world, "co_owner", "co_owner_agreement")
    done = act(world, case_id, "add_patent", 2, patent="2020101000023", reason="一并许可")
    assert "consents" in done.voids
    kept = case_data(world, case_id)["consents"]
    assert [one["consent"] for one in kept["given"]] == ["co_owner_agreement"]
