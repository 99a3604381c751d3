"""The institution: changed by administrators, kept in the trail, and whole before a contract is finalized."""

from typing import Any

import pytest
from sqlmodel import Session

from cases.errors import Forbidden, Invalid, NotFound
from cases.organizations import OrganizationView, organization_of, save_organization
from cases.tables import Company, Organization, Patent
from cases.trail import entries, verify
from tests.cases.dump import dump
from tests.modes.acting import act, refusal
from tests.modes.story import walk_to
from tests.world import NOW, World, settle

REVIEWED = {"reviewed_by": "法律事务室"}


def _save(world: World, role: str = "administrator", **values: object) -> OrganizationView:
    return save_organization(world.db, world.person(role), values, NOW)


def _empty(session: Session, table: Any, row_id: int, field: str, value: object = "") -> None:
    row = session.get(table, row_id)
    setattr(row, field, value)


def test_organization_is_stored_as_checked(any_world: World) -> None:
    saved = _save(any_world, legal_representative=" 江景行　", uscc="12100000400000624d", phone="０８１-1234")
    with any_world.db.read() as session:
        found = organization_of(session, any_world.org_id)
    assert saved == found
    assert (found.name, found.uscc, found.address, found.legal_representative, found.phone) == (
        "沧澜理工大学", "12100000400000624D", "沧澜市学府路1号", "江景行", "081-1234",
    )  # fmt: skip
    assert found.missing == ()


def test_trail_tells_before_and_after_of_what_changed(any_world: World) -> None:
    _save(any_world, address="沧澜市学府路2号", uscc="12100000400000624D", bank="沧澜银行")
    with any_world.db.read() as session:
        (entry,) = entries(session, any_world.org_id, f"org:{any_world.org_id}")
        assert verify(session, any_world.org_id).breaks == ()
        assert organization_of(session, any_world.org_id).trail_seq == 1
    assert (entry.verb, entry.actor_name, entry.at) == ("organization_saved", "管理员", NOW)
    assert (entry.body["before"], entry.body["after"]) == (
        {"address": "沧澜市学府路1号", "bank": ""},
        {"address": "沧澜市学府路2号", "bank": "沧澜银行"},
    )


def test_saving_what_stands_writes_nothing(world: World) -> None:
    before = dump(world.db)
    _save(world, name="沧澜理工大学", address=" 沧澜市学府路1号 ")
    assert dump(world.db) == before


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"name": "某"}, {"name": "机构名称须为2至200个字，按法人证书填写"}),
        ({"address": "长" * 301}, {"address": "住所不能超过300个字"}),
        ({"email": "not an address"}, {"email": "电子邮箱格式不正确"}),
        ({"address": {"street": "学府路"}}, {"address": "须为一段文字"}),
        (
            {"adress": "学府路"},
            {
                "adress": "没有这个字段，可填：name、uscc、address、legal_representative、contact、phone、email、bank、account、"
                "name_en、address_en"
            },
        ),
    ],
)
def test_wrong_organization_is_named_field_by_field(
    world: World, values: dict[str, Any], fields: dict[str, str]
) -> None:
    before = dump(world.db)
    with pytest.raises(Invalid) as invalid:
        _save(world, **values)
    assert invalid.value.fields == fields
    assert dump(world.db) == before


def test_wrong_code_is_refused_and_an_empty_one_is_missing(world: World) -> None:
    with pytest.raises(Invalid) as invalid:
        _save(world, uscc="12100000400000624X")
    assert list(invalid.value.fields) == ["uscc"]
    assert _save(world, uscc="", address="").missing == ("uscc", "address", "legal_representative")


@pytest.mark.parametrize("role", ["officer", "approver", "finance", "readonly"])
def test_only_administrators_change_the_institution(world: World, role: str) -> None:
    before = dump(world.db)
    with pytest.raises(Forbidden):
        _save(world, role, address="别处")
    assert dump(world.db) == before


def test_administrator_changes_their_own_organization_only(world: World) -> None:
    other = settle(world.db, "云麓医院", "b-")
    _save(other, address="云麓路9号")
    with world.db.read() as session:
        addresses = [organization_of(session, org).address for org in (world.org_id, other.org_id)]
        with pytest.raises(NotFound):
            organization_of(session, 999)
    assert addresses == ["沧澜市学府路1号", "云麓路9号"]


def test_contract_without_the_licensors_address_is_not_finalized(any_world: World) -> None:
    case_id = any_world.case()
    walk_to(any_world, case_id, "start_drafting")
    _save(any_world, address="")
    assert refusal(any_world, case_id, "finalize_contract", 28, **REVIEWED) == ["no_licensor_address"]
    _save(any_world, address="沧澜市学府路1号")
    assert "signing" in act(any_world, case_id, "finalize_contract", 28, **REVIEWED).position


@pytest.mark.parametrize(
    ("table", "field", "code"),
    [
        (Organization, "address", "no_licensor_address"),
        (Company, "address", "no_licensee_address"),
        (Patent, "grant_date", "no_patent_grant_date"),
        (Patent, "filing_date", "no_patent_filing_date"),
        (Patent, "title", "no_patent_title"),
    ],
)
def test_what_a_recorded_contract_must_name_stops_the_final_text(
    world: World, table: Any, field: str, code: str
) -> None:
    case_id = world.case()
    walk_to(world, case_id, "start_drafting")
    ids = {Organization: world.org_id, Company: world.company_id, Patent: world.patent_ids[0]}
    with world.db.write() as session:
        _empty(session, table, ids[table], field, None if field.endswith("_date") else "")
    assert refusal(world, case_id, "finalize_contract", 28, **REVIEWED) == [code]
