"""The sample shows both libraries filled."""

from cases.patent_search import Search, search
from cases.pool_views import pool_counts
from desk.pool_sample import fill_pool
from tests.world import NOW, TODAY, World


def test_the_sample_rates_patents_and_enters_the_better_ones(world: World) -> None:
    fill_pool(world.db, world.person("officer"), TODAY, NOW)
    with world.db.read() as session:
        found = search(session, world.org_id, Search())
        counts = pool_counts(session, world.org_id)
    assert found.total == 5
    assert {one.value: one.count for one in found.facets["grade"]} == {"B": 2, "A": 1, "C": 1, "-": 1}
    assert counts == {
        ("institution", "entered"): 3,
        ("city", "entered"): 1,
        ("city", "recommended"): 1,
        ("national", "recommended"): 2,
    }
