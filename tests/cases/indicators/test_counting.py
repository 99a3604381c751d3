"""Every figure is the sum of the rows that it opens, under any filter, on both databases; nothing recorded is not zero."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.errors import Forbidden, Invalid, NotFound
from cases.indicators.catalog import GROUPINGS, INDICATORS
from cases.indicators.choices import choices, choose_definition
from cases.indicators.counting import Line, basis_points, behind
from cases.indicators.dashboard import Dashboard, dashboard
from cases.indicators.facts import catch_up
from cases.indicators.opened import EMPTY_WORD, opened
from cases.indicators.scope import Scope, scope_of
from cases.indicators.words import shown
from cases.profiles import change_profile
from cases.tables import Organization
from states.catalog import MODES
from tests.modes.story import walk_to
from tests.world import NOW, World, settle

LATER = NOW + timedelta(days=400)
NEXT = LATER.date()
COLLEGES = ("材料学院", "信息学院", "")
PROFILES: tuple[Mapping[str, object], ...] = (
    {"grade": "A", "maturity": "pilot", "self_score": 90}, {"grade": "C", "disposal": "bundle", "implementation": "none"},
    {"implementation": "own", "maturity": "lab"},
)  # fmt: skip


UNRECORDED = {
    "products_filed", "product_coverage", "pre_filing", "push_response", "demand_response", "signing_rate", "events",
}  # fmt: skip


def busy(world: World) -> World:
    """Let an institution have converted, rated and shelved some of its patents."""
    with world.db.cursor() as cur:
        for place, patent_id in enumerate(world.patent_ids):
            cur.run("UPDATE patent SET college = ? WHERE id = ?", COLLEGES[place % 3], patent_id)
    walk_to(world, world.case(), "record_industrialization")
    author = world.person("officer").author
    with world.db.cursor() as cur:
        for patent_id, fields in zip(world.patent_ids, PROFILES, strict=False):
            change_profile(
                cur, world.org_id, patent_id, fields, source="officer", why="盘点", actor=author, now=NOW
            )
    return world


def of(world: World, year: int = 2026, **filters: str) -> Scope:
    return scope_of(world.org_id, year, NEXT, **filters)


def made_of(found: Dashboard) -> dict[str, tuple[int | None, int | None, int | None]]:
    return {one.indicator.id: (one.value, one.part, one.over) for one in found.figures}


def test_a_year_is_counted(any_world: World) -> None:
    found = made_of(dashboard(busy(any_world).db, of(any_world), LATER))
    told = {key: one for key, one in found.items() if one != (None, None, None)}
    assert found.keys() - told.keys() == UNRECORDED
    assert told == {
        "contract_value": (120_000_000, 120_000_000, None),
        "contract_growth": (None, 120_000_000, 0),  # nothing in the year before: no growth can be told
        "contracts": (1, 1, None),
        "received": (80_000_000, 80_000_000, None),
        "rewards": (39_600_000, 39_600_000, None),
        "reward_share": (5000, 39_600_000, 79_200_000),
        "open_licenses": (0, 0, None),
        "implementation_rate": (2000, 1, 5),
        "industrialization_rate": (2000, 1, 5),
        "evaluated": (2000, 1, 5),
        "screened": (4000, 2, 5),
        "registered": (0, 0, 5),
        "matched": (2000, 1, 5),
        "opened": (1, 1, None),
        "labeled": (2, 2, None),
        "fed_back": (5000, 1, 2),
        "feedback_lag": (2, 2, None),
        "feedback_lag_p90": (2, 2, None),
        "signing_days": (30, 30, None),
        "valid": (5, 5, None),
    }


def test_before_anything_is_recorded_nothing_is_said(any_world: World) -> None:
    with any_world.db.write() as session:
        session.add(empty := Organization(name="新设学院", created_at=NOW))
        session.flush()
    found = dashboard(any_world.db, scope_of(int(empty.id or 0), 2026, NEXT), LATER)
    assert {one.value for one in found.figures} == {None}
    assert {shown(one) for one in found.figures if one.is_unknown} == {("暂无数据", "No data")}
    assert set(found.groups.values()) == {None}


def test_a_year_without_events_is_zero_once_there_are_cases(world: World) -> None:
    told = made_of(dashboard(busy(world).db, of(world, 2025), LATER))
    assert (told["contracts"][0], told["received"][0], told["reward_share"][0]) == (0, 0, None)


def test_another_institution_counts_nothing_of_it(any_world: World) -> None:
    busy(any_world)
    other = settle(any_world.db, "另一所大学", "other-")
    told = made_of(dashboard(any_world.db, of(other), LATER))
    assert {key: one[0] for key, one in told.items() if one[0]} == {"valid": 5}


SCOPES = st.fixed_dictionaries(
    {"college": st.sampled_from(("", *COLLEGES, "没有的学院")), "mode": st.sampled_from(("", *MODES))}
)


@given(filters=SCOPES, year=st.sampled_from((2025, 2026, 2027)), size=st.integers(1, 7))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_figure_is_the_sum_of_its_rows(
    two_years: World, filters: dict[str, str], year: int, size: int
) -> None:
    scope = of(two_years, year, **filters)
    found = dashboard(two_years.db, scope, LATER)
    with two_years.db.looking() as cur:
        for one in found.figures:
            for which, told in (("part", one.part), ("over", one.over)):
                if told is None or (which == "over" and one.indicator.how == "growth"):
                    continue
                part = opened(one.indicator.id, which, {}).part
                pages: list[Line] = []
                page = 1
                while (got := behind(cur, scope, part, page, size)).lines:
                    pages += got.lines
                    page += 1
                assert len(pages) == got.total
                assert got.amount == told
                assert part.sum != "1" or got.total == told


@pytest.fixture
def two_years(world: World) -> World:
    """A case of this year, one of the year before and one that has not come to a contract."""
    walk_to(busy(world), world.case(title="未签约"), "edit_terms")
    with world.db.cursor() as cur:
        cur.run("UPDATE conversion_case SET mode = 'ordinary_license' WHERE title = '未签约'")
    return world


def test_every_group_opens_as_many_patents_as_it_tells(two_years: World) -> None:
    scope = of(two_years)
    found = dashboard(two_years.db, scope, LATER)
    told, listed = {}, {}
    with two_years.db.looking() as cur:
        for key, words in found.groups.items():
            for one in words or ():
                what = opened(f"{key}.{one.word or EMPTY_WORD}", "", {})
                told[what.id] = one.count
                listed[what.id] = behind(cur, scope, what.part, 1, 50, what.narrowed, *what.values).total
    assert told == listed
    assert {
        key: sum(one.count for one in words or ()) for key, words in found.groups.items()
    } == dict.fromkeys(GROUPINGS, 5)


def test_every_stage_opens_as_many_rows_as_it_tells(two_years: World) -> None:
    scope = of(two_years)
    whole = [one for one in dashboard(two_years.db, scope, LATER).legs if not one.college]
    with two_years.db.looking() as cur:
        for one in whole:
            what = opened(f"leg.{one.stage}", "", {})
            assert behind(cur, scope, what.part, 1, 50, what.narrowed, *what.values).total == one.count
    assert [one.stage for one in whole] == ["contract", "preparation"]


def test_only_changed_cases_are_counted_again(any_world: World) -> None:
    first, second = any_world.case(), any_world.case(title="第二件")
    assert catch_up(any_world.db, any_world.org_id, NOW) == 2
    assert catch_up(any_world.db, any_world.org_id, NOW) == 0
    walk_to(any_world, second, "edit_terms")
    assert catch_up(any_world.db, any_world.org_id, NOW) == 1
    with any_world.db.cursor() as cur:
        cur.run("UPDATE patent SET updated_at = ? WHERE org_id = ?", cur.moment(LATER), any_world.org_id)
    assert catch_up(any_world.db, any_world.org_id, LATER) == 0
    assert catch_up(any_world.db, any_world.org_id, LATER + timedelta(1), thoroughly=True) == 2
    with any_world.db.looking() as cur:
        rows = cur.all(
            "SELECT case_id, COUNT(*) FROM case_fact WHERE kind = 'opened' GROUP BY case_id ORDER BY 1"
        )
    assert [tuple(row) for row in rows] == [(first, 1), (second, 1)]


@pytest.mark.parametrize(
    ("variant", "expected"),
    [("any_event", (2000, 1, 5)), ("any_event_or_marked", (4000, 2, 5)), ("worked", (4000, 2, 5)), ("inventions", (2000, 1, 5))],
)  # fmt: skip
def test_the_chosen_definition_is_used(world: World, variant: str, expected: tuple[int, int, int]) -> None:
    busy(world)
    choose_definition(world.db, world.person("administrator"), "implementation_rate", variant, NOW)
    found = dashboard(world.db, of(world), LATER).figure("implementation_rate")
    assert (found.value, found.part, found.over, found.definition.id) == (*expected, variant)


def test_a_definition_is_chosen_by_administrators_and_kept_on_the_trail(any_world: World) -> None:
    db, administrator = any_world.db, any_world.person("administrator")
    choose_definition(db, administrator, "implementation_rate", "worked", NOW)
    choose_definition(db, administrator, "implementation_rate", "worked", NOW)
    with db.looking() as cur:
        assert choices(cur, any_world.org_id) == {"implementation_rate": "worked"}
        (told,) = cur.one("SELECT COUNT(*) FROM trail WHERE verb = 'indicator_defined'")
    assert told == 1
    with pytest.raises(Forbidden):
        choose_definition(db, any_world.person("officer"), "implementation_rate", "any_event", NOW)
    for indicator, variant in (("implementation_rate", "unknown"), ("valid", "any_event"), ("none", "")):
        with pytest.raises(Invalid):
            choose_definition(db, administrator, indicator, variant, NOW)


@pytest.mark.parametrize(
    ("part", "over", "points"),
    [(1, 3, 3333), (2, 3, 6667), (1, 2, 5000), (-1, 3, -3333), (0, 5, 0), (5, 5, 10_000), (15, 5, 30_000)],
)
def test_shares_are_rounded_half_away_from_zero(part: int, over: int, points: int) -> None:
    assert basis_points(part, over) == points


@pytest.mark.parametrize(
    ("year", "today", "before"),
    [("2025", date(2026, 3, 2), date(2024, 12, 31)), ("2026", date(2026, 3, 2), date(2025, 3, 2)),
     ("", date(2024, 2, 29), date(2023, 2, 28))],
)  # fmt: skip
def test_a_running_year_is_compared_with_as_many_days(year: str, today: date, before: date) -> None:
    assert scope_of(1, year, today).before().last == before


@pytest.mark.parametrize("year", ["2027", "1999", "二〇二六", "20261", "２０２６"])
def test_a_year_that_cannot_be_is_refused(year: str) -> None:
    with pytest.raises(Invalid) as wrong:
        scope_of(1, year, date(2026, 3, 2))
    assert list(wrong.value.fields) == ["year"]


@pytest.mark.parametrize("id_", ["", "unknown", "leg.", "leg.nowhere", "grade.", "nothing.A"])
def test_what_is_not_there_does_not_open(id_: str) -> None:
    with pytest.raises(NotFound):
        opened(id_, "", {})


def test_every_indicator_says_what_it_is_and_who_asks_for_it() -> None:
    for one in INDICATORS.values():
        assert one.sources
        assert all(using.zh and using.en for using in one.definitions)
        assert len({using.id for using in one.definitions}) == len(one.definitions)
        assert (one.how in ("share", "growth")) == all(using.over is not None for using in one.definitions)


def test_the_number_of_patents_does_not_lead() -> None:
    """S0-03: 不得直接将专利数量作为主要条件."""
    sections = [one.section for one in INDICATORS.values()]
    assert sections[0] == "results"
    assert INDICATORS["valid"].section == sections[-1] == "stock"
