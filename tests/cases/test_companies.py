"""The register of counterparties: only real parties, each code once, and nobody else's."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from cases.companies import CompanyView, get_company, list_companies, save_company
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from tests.cases.dump import dump
from tests.world import World, settle

VALUES = {"name": "远岫储能科技有限公司", "uscc": "91440300708461136T"}


def _save(world: World, company_id: int | None = None, **values: object) -> int:
    return save_company(world.db, world.person("officer"), {**VALUES, **values}, company_id=company_id)


def test_company_is_stored_as_checked(any_world: World) -> None:
    company_id = _save(
        any_world, name="　远岫储能科技有限公司 ", uscc=" 91440300708461136t", email="a@example.invalid"
    )
    with any_world.db.read() as session:
        found = get_company(session, any_world.org_id, company_id)
    assert found == CompanyView(
        company_id,
        "远岫储能科技有限公司",
        "91440300708461136T",
        "",
        "",
        "",
        "",
        "a@example.invalid",
        "",
        "",
        False,
    )


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"uscc": "91440300708461136X"}, ["uscc"]),
        ({"uscc": ""}, ["uscc"]),
        ({"uscc": "9144030070846113"}, ["uscc"]),
        ({"name": "某"}, ["name"]),
        ({"name": "材料学院张教授课题组"}, ["name"]),
        ({"name": "储能工作室"}, ["name"]),
        ({"address": "长" * 301}, ["address"]),
        ({"email": "not an address"}, ["email"]),
        ({"name": "", "uscc": "1", "email": "x"}, ["name", "email", "uscc"]),
    ],
)
def test_wrong_company_is_named_field_by_field(
    world: World, values: dict[str, Any], fields: list[str]
) -> None:
    before = dump(world.db)
    with pytest.raises(Invalid) as invalid:
        _save(world, **values)
    assert list(invalid.value.fields) == fields
    assert dump(world.db) == before


def test_group_is_told_that_it_is_no_party(world: World) -> None:
    with pytest.raises(Invalid) as invalid:
        _save(world, name="固态电池课题组")
    assert invalid.value.fields == {
        "name": "课题组、工作室等没有民事主体资格，不能作为合同当事人，请填写其所属法人"
    }


def test_foreign_company_has_no_code(any_world: World) -> None:
    for name in ("Northwind Cells GmbH", "Southwind Cells Ltd"):
        company_id = _save(any_world, name=name, uscc="", is_foreign="是")
        with any_world.db.read() as session:
            found = get_company(session, any_world.org_id, company_id)
        assert (found.name, found.uscc, found.is_foreign) == (name, "", True)


def test_code_is_registered_once(any_world: World) -> None:
    company_id = _save(any_world)
    with pytest.raises(Conflict, match="91440300708461136T已登记为“远岫储能科技有限公司”，请直接选用该企业"):
        _save(any_world, name="远岫储能")
    assert _save(any_world, company_id, phone="0755-1") == company_id
    with pytest.raises(Conflict):
        _save(any_world, any_world.company_id)


def test_twins_registered_at_the_same_moment_are_one_company(any_world: World) -> None:
    start = Barrier(4)

    def save(number: int) -> str:
        start.wait()
        try:
            _save(any_world, name=f"远岫储能科技有限公司{number}")
        except Conflict as conflict:
            return conflict.kind
        return "saved"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(save, range(4))) == ["conflict", "conflict", "conflict", "saved"]


@pytest.mark.parametrize("role", ["approver", "finance", "readonly"])
def test_only_officers_register(world: World, role: str) -> None:
    with pytest.raises(Forbidden):
        save_company(world.db, world.person(role), VALUES)


def test_companies_of_another_organization_do_not_exist(any_world: World) -> None:
    other = settle(any_world.db, "另一所大学", "other-")
    company_id = _save(any_world)
    assert _save(other) != company_id
    with pytest.raises(NotFound):
        _save(other, company_id, uscc="91310115591346029A")
    with any_world.db.read() as session:
        with pytest.raises(NotFound):
            get_company(session, other.org_id, company_id)
        assert len(list_companies(session, any_world.org_id)) == 2


def test_companies_are_found_by_name_or_code(world: World) -> None:
    _save(world)
    with world.db.read() as session:
        for q in ("远岫", "9144030070", "9144030070846113".lower(), "　储能科技"):
            assert [company.uscc for company in list_companies(session, world.org_id, q)] == [
                "91440300708461136T"
            ]
        for q in ("%", "_", "没有"):
            assert list_companies(session, world.org_id, q) == ()
        assert len(list_companies(session, world.org_id, limit=1)) == 1
