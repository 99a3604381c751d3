"""Cases loaded at once are the cases loaded one by one, and only those of the organization."""

from cases.loading import load
from cases.loading_many import load_many
from tests.modes.acting import act, day
from tests.modes.story import walk_to
from tests.world import World, settle


def test_many_cases_are_loaded_as_each_one_alone(any_world: World) -> None:
    signed, rival, new = (any_world.case(title=title) for title in ("甲案", "乙案", "丙案"))
    walk_to(any_world, signed, "sign")
    walk_to(any_world, rival, "approve")
    act(
        any_world,
        new,
        "record_consent",
        1,
        consent="co_owner",
        given_by="某企业",
        given_on=day(1),
        evidence="同意书",
    )
    with any_world.db.cursor() as cur:
        chosen = [new, signed, rival]
        alone = {id_: load(cur, id_, any_world.org_id) for id_ in chosen}
        together = load_many(cur, chosen, any_world.org_id)
    assert together == alone
    assert [len(together[id_].facts.others) for id_ in chosen] == [1, 0, 1]


def test_cases_of_strangers_and_unknown_ones_are_left_out(any_world: World) -> None:
    ours = any_world.case()
    other = settle(any_world.db, "远山农业大学", "far-")
    with any_world.db.cursor() as cur:
        assert list(load_many(cur, [ours, 10_000], any_world.org_id)) == [ours]
        assert load_many(cur, [ours], other.org_id) == {}
        assert load_many(cur, [], any_world.org_id) == {}
