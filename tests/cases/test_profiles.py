"""Profiles and pools: what changes is kept with its history, and what stands against an entry is told at once."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from cases.db import Cursor
from cases.errors import Conflict, Invalid, NotFound, Refused
from cases.profiles import change_profile, change_profiles, enter_pool, leave_pool
from cases.trail import verify
from tests.cases.dump import dump
from tests.world import NOW, TODAY, World, settle

RATED = {
    "maturity": "pilot",
    "scenario": "动力电池隔膜",
    "prospect": "high",
    "willingness": ["license", "transfer"],
}


def change(
    world: World, values: Mapping[str, object], patent: int = 0, **more: Any
) -> Mapping[str, tuple[str, str]]:
    """Change one profile as the officer."""
    with world.db.cursor() as cur:
        return change_profile(
            cur, world.org_id, world.patent_ids[patent], values,
            **{"source": "officer", "why": "年度复核", "actor": world.person("officer").author, "now": NOW, **more},
        )  # fmt: skip


def enter(cur: Cursor, world: World, pool: str = "institution", **more: Any) -> None:
    """Enter the first patent into a pool."""
    enter_pool(cur, world.org_id, world.patent_ids[0], pool, **_dated(world, **more))


def leave(cur: Cursor, world: World, pool: str = "institution", **more: Any) -> None:
    """Take the first patent out of a pool."""
    leave_pool(cur, world.org_id, world.patent_ids[0], pool, **_dated(world, **more))


def _dated(world: World, **more: Any) -> dict[str, Any]:
    actor = world.person("officer").author
    return {"on": TODAY, "reason": "盘点结论", "source": "officer", "actor": actor, "now": NOW, **more}


def test_a_change_is_kept_with_its_history_and_its_trail(any_world: World) -> None:
    assert change(any_world, {"grade": "A", "industry": ["materials"]}) == {
        "grade": ("", "A"), "industry": ("", "materials"),
    }  # fmt: skip
    assert change(any_world, {"grade": "B", "industry": "新材料"}, why="企业评价不高") == {
        "grade": ("A", "B")
    }
    assert change(any_world, {"grade": "B"}) == {}
    with any_world.db.cursor() as cur:
        rows = cur.all('SELECT field, "before", "after", why, source FROM profile_change ORDER BY id')
        assert rows[0][:1] + rows[2][:] == ("grade", "grade", "A", "B", "企业评价不高", "officer")
        assert len(cur.all("SELECT id FROM trail WHERE verb = 'profile_changed'")) == 2
    with any_world.db.read() as session:
        assert verify(session).breaks == ()


def test_what_is_typed_in_chinese_is_stored_as_codes(world: World) -> None:
    changed = change(world, {
        "grade": "A级", "maturity": "中试", "willingness": "许可、转让", "funded": "是", "review_on": "2027-03-01",
        "self_score": "85", "key_project": True,
    })  # fmt: skip
    assert {name: after for name, (_, after) in changed.items()} == {
        "grade": "A", "maturity": "pilot", "willingness": "transfer,license", "funded": "yes",
        "review_on": "2027-03-01", "self_score": "85", "key_project": "yes",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"grade": "E"}, "grade"),
        ({"willingness": ["sell"]}, "willingness"),
        ({"industry": "金融"}, "industry"),
        ({"self_score": "101"}, "self_score"),
        ({"central_score": -1}, "central_score"),
        ({"enterprise_score": 8.5}, "enterprise_score"),
        ({"review_on": "2027-02-30"}, "review_on"),
        ({"funded": "也许"}, "funded"),
        ({"scenario": "长" * 501}, "scenario"),
        ({"in_pool": True}, "in_pool"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_value_changes_nothing(world: World, values: dict[str, object], field: str) -> None:
    before = dump(world.db)
    with pytest.raises(Invalid) as refused:
        change(world, {"maturity": "lab", **values})
    assert list(refused.value.fields) == [field]
    assert dump(world.db) == before


def test_a_reason_is_asked_for(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        change(world, {"grade": "A"}, why=" ")
    assert list(refused.value.fields) == ["why"]


def test_many_are_changed_together_or_not_at_all(any_world: World) -> None:
    stranger = settle(any_world.db, "另一所大学", "other-")
    more: dict[str, Any] = {
        "source": "stocktake:7", "why": "盘点结论", "actor": any_world.person("officer").author, "now": NOW,
    }  # fmt: skip
    wanted = {one: {"grade": "A"} for one in any_world.patent_ids[:3]}
    before = dump(any_world.db)
    with pytest.raises(NotFound), any_world.db.cursor() as cur:
        change_profiles(cur, any_world.org_id, {**wanted, stranger.patent_ids[0]: {"grade": "A"}}, **more)
    assert dump(any_world.db) == before
    with any_world.db.cursor() as cur:
        assert list(change_profiles(cur, any_world.org_id, wanted, **more)) == list(any_world.patent_ids[:3])
        assert len(cur.all("SELECT id FROM trail WHERE verb = 'profile_changed'")) == 1


def test_entry_into_the_pools_in_their_order_and_out_again(any_world: World) -> None:
    change(any_world, RATED)
    with any_world.db.cursor() as cur:
        enter(cur, any_world)
        enter(cur, any_world, "national", recommended=True)
        enter(cur, any_world, "national")
        leave(cur, any_world, reason="独占许可")
        rows = cur.all("SELECT pool, status, current FROM pool_entry ORDER BY id")
        assert [(pool, status, bool(current)) for pool, status, current in rows] == [
            ("institution", "entered", False), ("national", "recommended", False),
            ("national", "entered", True), ("institution", "left", True),
        ]  # fmt: skip
        assert not cur.one("SELECT in_pool FROM patent_profile")[0]
        changes = cur.all(
            'SELECT "before", "after" FROM profile_change WHERE field = \'in_pool\' ORDER BY id'
        )
        assert changes == [("no", "yes"), ("yes", "no")]


@pytest.mark.parametrize(
    ("status", "flags", "rated", "codes"),
    [
        ("lapsed", "[]", RATED, ["patent_lapsed"]),
        ("void", "[]", RATED, ["patent_void"]),
        ("unknown", "[]", RATED, ["patent_unknown"]),
        ("in_force", '["defense"]', RATED, ["defense"]),
        (
            "expired", "[]", {},
            ["patent_expired", "maturity_missing", "scenario_missing", "prospect_missing", "willingness_missing"],
        ),
    ],
)  # fmt: skip
def test_every_obstacle_is_told(
    world: World, status: str, flags: str, rated: dict[str, object], codes: list[str]
) -> None:
    if rated:
        change(world, rated)
    with world.db.cursor() as cur:
        cur.run("UPDATE patent SET status = ?, flags = ? WHERE id = ?", status, flags, world.patent_ids[0])
    with pytest.raises(Refused) as refused, world.db.cursor() as cur:
        enter(cur, world)
    assert [unmet.code for unmet in refused.value.unmet] == codes
    assert all(unmet.rule_id and unmet.article and unmet.remedy_zh for unmet in refused.value.unmet)


def test_an_outer_pool_comes_after_the_own_one(world: World) -> None:
    change(world, RATED)
    with pytest.raises(Refused) as refused, world.db.cursor() as cur:
        enter(cur, world, "city")
    (unmet,) = refused.value.unmet
    assert (unmet.code, unmet.rule_id, unmet.badge_zh) == ("own_pool_first", "S1-04", "待核实")


def test_nothing_is_entered_twice_nor_left_unentered(world: World) -> None:
    change(world, RATED)
    with world.db.cursor() as cur:
        enter(cur, world)
    with pytest.raises(Refused), world.db.cursor() as cur:
        enter(cur, world)
    with pytest.raises(Conflict), world.db.cursor() as cur:
        leave(cur, world, "national")


@pytest.mark.parametrize(("on", "pool"), [(date(2026, 3, 3), "institution"), (TODAY, "global")])
def test_a_wrong_day_or_pool_is_refused(world: World, on: date, pool: str) -> None:
    with pytest.raises(Invalid), world.db.cursor() as cur:
        enter(cur, world, pool, on=on)
