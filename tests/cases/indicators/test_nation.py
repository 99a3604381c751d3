"""What many institutions come to together is the sum of what each of them shows, as of the night it was counted."""

from datetime import timedelta

from cases.indicators.dashboard import dashboard
from cases.indicators.nation import ADDING, count_all, summed
from cases.indicators.scope import scope_of
from cases.night_indicators import count_indicators
from tests.cases.indicators.test_counting import LATER, NEXT, busy
from tests.modes.story import walk_to
from tests.world import World, settle


def test_institutions_are_added_up(any_world: World) -> None:
    db = any_world.db
    other = settle(db, "另一所大学", "other-")
    walk_to(other, other.case(), "sign")
    busy(any_world)
    count_indicators(db, LATER, NEXT)
    count_all(db, NEXT, 2026)
    parts = [
        {
            one.indicator.id: (one.part, one.over)
            for one in dashboard(db, scope_of(org, 2026, NEXT), LATER).figures
        }
        for org in (any_world.org_id, other.org_id)
    ]
    with db.looking() as cur:
        told = summed(cur, 2026)
        alone = summed(cur, 2026, [other.org_id])
    for one in ADDING:
        each = [found[one.id] for found in parts]
        assert (told[one.id].part if one.id in told else 0) == sum(part or 0 for part, _ in each)
        if one.how == "share" and one.id in told:
            assert told[one.id].over == sum(over or 0 for _, over in each)
    assert (told["contracts"].value, told["contracts"].institutions, told["contracts"].counted_on) == (
        2,
        2,
        NEXT,
    )
    assert (told["implementation_rate"].value, alone["implementation_rate"].value) == (1000, 0)
    assert (alone["contracts"].value, "events" in told) == (1, False)


def test_counting_again_changes_nothing_twice(any_world: World) -> None:
    db = busy(any_world).db
    first = count_indicators(db, LATER, NEXT)
    second = count_indicators(db, LATER + timedelta(hours=1), NEXT)
    assert (dict(first.counts)["cases"], dict(second.counts)["cases"]) == (1, 0)
    assert dict(first.counts)["indicators"] == dict(second.counts)["indicators"]
