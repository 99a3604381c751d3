"""The register of demands: checked field by field, answered by somebody, and nobody else's."""

from datetime import date, timedelta
from typing import Any

import pytest

from cases.demands import (
    demand_id_of,
    get_demand,
    list_demands,
    move_demand,
    save_demand,
    status_counts,
    steps_of_demand,
)
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.trail import entries, verify
from tests.cases.dump import dump
from tests.world import NOW, TODAY, World, settle


def saved(world: World, demand_id: int | None = None, **values: object) -> int:
    """Register a demand as the officer."""
    said = {
        "company_id": world.company_id, "title": "锂电池隔膜高温收缩", "text": "涂覆隔膜一百五十度收缩超标",
        "industries": ["materials", "vehicles"], "region": "沧澜市", "budget_fen": "50万", "modes": "ordinary_license",
    }  # fmt: skip
    return save_demand(
        world.db, world.person("officer"), {**said, **values}, demand_id=demand_id, today=TODAY, now=NOW
    )


def test_demand_is_stored_as_checked(any_world: World) -> None:
    demand_id = saved(any_world, title="　锂电池隔膜高温收缩 ")
    with any_world.db.read() as session:
        found = get_demand(session, any_world.org_id, demand_id)
        assert demand_id_of(session, any_world.org_id, " xq2026-00001 ") == demand_id
        assert verify(session, any_world.org_id).breaks == ()
    assert (found.number, found.company, found.title) == (
        "XQ2026-00001",
        "启衡新材料股份有限公司",
        "锂电池隔膜高温收缩",
    )
    assert (found.industries, found.modes, found.budget_fen) == (
        ("materials", "vehicles"), ("ordinary_license",), 50_000_000,
    )  # fmt: skip
    assert (found.received_on, found.due_on, found.owner) == (TODAY, TODAY + timedelta(days=10), "林知远")


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"title": "隔膜"}, ["title"]),
        ({"company_id": ""}, ["company_id"]),
        ({"company_id": "abc"}, ["company_id"]),
        ({"industries": ["steam"]}, ["industries"]),
        ({"modes": "lease"}, ["modes"]),
        ({"budget_fen": "很多"}, ["budget_fen"]),
        ({"budget_fen": -1}, ["budget_fen"]),
        ({"due_on": "2026-03-01"}, ["due_on"]),
        ({"received_on": "2026-03-03"}, ["received_on"]),
        ({"received_on": "昨天"}, ["received_on"]),
        ({"owner_id": "99999"}, ["owner_id"]),
        ({"text": "长" * 4001}, ["text"]),
        ({"color": "red"}, ["color"]),
        ({"title": "", "modes": "x", "budget_fen": "x"}, ["title", "modes", "budget_fen"]),
    ],
)
def test_wrong_demand_is_named_field_by_field(
    world: World, values: dict[str, Any], fields: list[str]
) -> None:
    before = dump(world.db)
    with pytest.raises(Invalid) as invalid:
        saved(world, **values)
    assert list(invalid.value.fields) == fields
    assert dump(world.db) == before


def test_answer_needs_its_words_and_stays_on_record(any_world: World) -> None:
    demand_id, officer = saved(any_world), any_world.person("officer")
    with pytest.raises(Invalid) as invalid:
        move_demand(any_world.db, officer, demand_id, "answered", " ", now=NOW)
    assert list(invalid.value.fields) == ["reason"]
    move_demand(any_world.db, officer, demand_id, "answered", "已电话答复，约3月10日面谈", now=NOW)
    with pytest.raises(Conflict):
        move_demand(any_world.db, officer, demand_id, "answered", "又答复一次", now=NOW)
    move_demand(any_world.db, officer, demand_id, "closed", "企业已自行解决", now=NOW)
    with any_world.db.read() as session:
        steps = steps_of_demand(session, any_world.org_id, demand_id)
        verbs = [entry.verb for entry in entries(session, any_world.org_id, f"org:{any_world.org_id}")]
    assert [(step.status, step.reason, step.who) for step in steps] == [
        ("closed", "企业已自行解决", "林知远"),
        ("answered", "已电话答复，约3月10日面谈", "林知远"),
        ("new", "", "林知远"),
    ]
    assert verbs == ["demand_saved", "demand_moved", "demand_moved"]


@pytest.mark.parametrize("role", ["approver", "finance", "readonly"])
def test_only_officers_keep_the_register(world: World, role: str) -> None:
    demand_id = saved(world)
    with pytest.raises(Forbidden):
        save_demand(world.db, world.person(role), {}, today=TODAY, now=NOW)
    with pytest.raises(Forbidden):
        move_demand(world.db, world.person(role), demand_id, "closed", "不再需要", now=NOW)


def test_demands_of_another_organization_do_not_exist(any_world: World) -> None:
    other = settle(any_world.db, "另一所大学", "other-")
    demand_id = saved(any_world)
    with pytest.raises(NotFound):
        saved(other, demand_id)
    with pytest.raises(NotFound):
        saved(other, company_id=any_world.company_id)
    with pytest.raises(NotFound):
        move_demand(any_world.db, other.person("officer"), demand_id, "closed", "不再需要", now=NOW)
    with any_world.db.read() as session:
        with pytest.raises(NotFound):
            get_demand(session, other.org_id, demand_id)
        with pytest.raises(NotFound):
            demand_id_of(session, other.org_id, "XQ2026-00001")
        assert list_demands(session, other.org_id).total == 0
        assert steps_of_demand(session, other.org_id, demand_id) == ()
        assert status_counts(session, other.org_id, TODAY)["new"] == 0


def test_list_puts_what_is_due_first_and_counts_what_is_late(any_world: World) -> None:
    late = saved(any_world, title="早该答复的需求", received_on="2026-02-01", due_on="2026-02-10")
    soon = saved(any_world, title="快到期的需求", industries="energy")
    done = saved(any_world, title="已经答复的需求", received_on="2026-01-01", due_on="2026-01-10")
    move_demand(any_world.db, any_world.person("officer"), done, "answered", "已书面答复", now=NOW)
    with any_world.db.read() as session:

        def ids(**filters: Any) -> list[int]:
            return [row.id for row in list_demands(session, any_world.org_id, **filters).rows]

        assert ids() == [late, soon, done]
        assert ids(overdue_on=TODAY) == [late]
        assert ids(status="answered") == [done]
        assert ids(industry="energy") == [soon]
        assert ids(q="启衡") == [late, soon, done]
        assert ids(q="%") == []
        assert ids(page=2, size=2) == [done]
        counts = status_counts(session, any_world.org_id, TODAY)
    assert counts == {"new": 2, "answered": 1, "matched": 0, "closed": 0, "overdue": 1}
    assert date(2026, 2, 10) < TODAY
