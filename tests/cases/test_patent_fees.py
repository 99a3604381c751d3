"""What the record keeps of a patent's fees: changed by officers, checked, kept in the trail."""

from datetime import date
from typing import Any

import pytest

from cases.errors import Forbidden, Invalid, NotFound
from cases.patent_fees import FeeData, fee_data_of, set_fee_data
from cases.tables import Patent
from cases.trail import entries, verify
from tests.cases.dump import dump
from tests.world import NOW, World, settle

NUMBER = "2020101000019"


def _set(world: World, role: str = "officer", **values: object) -> FeeData:
    return set_fee_data(world.db, world.person(role), world.patent_ids[0], values, NOW)


@pytest.mark.parametrize("role", ["officer", "administrator"])
def test_fee_data_are_stored_as_checked(any_world: World, role: str) -> None:
    saved = _set(any_world, role, fee_reduction=70, fee_paid_year=" 7 ", fee_payer="project")
    assert saved == FeeData(any_world.patent_ids[0], NUMBER, "70", 7, "project")
    with any_world.db.read() as session:
        assert fee_data_of(session, any_world.org_id, any_world.patent_ids[0]) == saved
        assert fee_data_of(session, any_world.org_id, any_world.patent_ids[1]).paid_year is None


def test_trail_tells_before_and_after_of_what_changed(any_world: World) -> None:
    _set(any_world, fee_paid_year=6)
    _set(any_world, fee_paid_year=7, fee_payer="")
    with any_world.db.read() as session:
        (_, entry) = entries(session, any_world.org_id, f"org:{any_world.org_id}")
        assert verify(session, any_world.org_id).breaks == ()
    assert (entry.verb, entry.actor_name, entry.at) == ("fee_data_set", "林知远", NOW)
    told = {name: entry.body[name] for name in ("patent_id", "application_no", "before", "after")}
    assert told == {
        "patent_id": any_world.patent_ids[0], "application_no": NUMBER,
        "before": {"fee_paid_year": 6}, "after": {"fee_paid_year": 7},
    }  # fmt: skip


def test_empty_values_take_back_what_was_recorded(world: World) -> None:
    _set(world, fee_reduction="85", fee_paid_year=7, fee_payer="college")
    assert _set(world, fee_reduction="", fee_paid_year="", fee_payer="") == FeeData(
        world.patent_ids[0], NUMBER, "", None, ""
    )


def test_saving_what_stands_writes_nothing(world: World) -> None:
    _set(world, fee_paid_year=7)
    before = dump(world.db)
    _set(world, fee_paid_year="7", fee_reduction="")
    assert dump(world.db) == before


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"fee_reduction": "90"}, ["fee_reduction"]),
        ({"fee_reduction": True}, ["fee_reduction"]),
        ({"fee_paid_year": 0}, ["fee_paid_year"]),
        ({"fee_paid_year": 21}, ["fee_paid_year"]),
        ({"fee_paid_year": 7.0}, ["fee_paid_year"]),
        ({"fee_paid_year": "-3"}, ["fee_paid_year"]),
        ({"fee_paid_year": "²"}, ["fee_paid_year"]),
        ({"fee_payer": "somebody"}, ["fee_payer"]),
        ({"fee_payer": None}, ["fee_payer"]),
        ({"title": "别的名称"}, ["title"]),
        ({"fee_payer": "x", "fee_paid_year": "x"}, ["fee_paid_year", "fee_payer"]),
    ],
)
def test_wrong_fee_data_are_named_field_by_field(
    world: World, values: dict[str, Any], fields: list[str]
) -> None:
    before = dump(world.db)
    with pytest.raises(Invalid) as invalid:
        _set(world, **values)
    assert list(invalid.value.fields) == fields
    assert dump(world.db) == before


@pytest.mark.parametrize(("filed", "last"), [(date(2021, 5, 31), 10), (date(2021, 6, 1), 15)])
def test_paid_year_stays_within_the_term(world: World, filed: date, last: int) -> None:
    with world.db.write() as session:
        row = session.get_one(Patent, world.patent_ids[0])
        row.kind, row.filing_date = "design", filed
        session.add(row)
    assert _set(world, fee_paid_year=last).paid_year == last
    with pytest.raises(Invalid) as invalid:
        _set(world, fee_paid_year=last + 1)
    assert f"1至{last}" in invalid.value.fields["fee_paid_year"]


@pytest.mark.parametrize("role", ["approver", "finance", "readonly"])
def test_others_do_not_keep_the_fees(world: World, role: str) -> None:
    before = dump(world.db)
    with pytest.raises(Forbidden):
        _set(world, role, fee_paid_year=7)
    assert dump(world.db) == before


def test_patents_of_other_organizations_are_not_found(world: World) -> None:
    other = settle(world.db, "云麓医院", "b-")
    before = dump(world.db)
    with pytest.raises(NotFound):
        set_fee_data(world.db, other.person("officer"), world.patent_ids[0], {"fee_paid_year": 7}, NOW)
    with world.db.read() as session, pytest.raises(NotFound):
        fee_data_of(session, other.org_id, world.patent_ids[0])
    assert dump(world.db) == before
