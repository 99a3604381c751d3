"""The institution over the API: read by all, changed as a whole by administrators, once per key."""

import pytest
from sqlmodel import select

from cases.people import revoke_api_token
from cases.tables import ApiToken
from cases.trail import entries
from tests.api.conftest import Api
from tests.world import NOW

WHOLE = {
    "name": "沧澜理工大学", "uscc": "12100000400000624D", "address": "沧澜市学府路1号", "legal_representative": "",
    "contact": "", "phone": "", "email": "", "bank": "", "account": "", "name_en": "", "address_en": "",
}  # fmt: skip
MOVED = {**WHOLE, "address": "沧澜市学府路2号"}


def _verbs(api: Api) -> list[str]:
    with api.world.db.read() as session:
        told = entries(session, api.world.org_id, f"org:{api.world.org_id}")
    return [entry.verb for entry in told if entry.verb != "api_token_made"]


@pytest.mark.parametrize("role", ["officer", "approver", "finance", "administrator", "readonly"])
def test_everyone_reads_the_institution(api: Api, role: str) -> None:
    answer = api.get("/organization", role)
    assert (answer.status_code, answer.json()) == (200, WHOLE)


def test_what_is_read_can_be_put_back(any_api: Api) -> None:
    read = any_api.get("/organization", "administrator").json()
    answer = any_api.put("/organization", {**read, "address": MOVED["address"]}, "administrator")
    assert (answer.status_code, answer.json()) == (200, MOVED)
    assert any_api.get("/organization").json() == MOVED


def test_same_key_changes_once(any_api: Api) -> None:
    first = any_api.put("/organization", MOVED, "administrator", key="k-1")
    any_api.put("/organization", WHOLE, "administrator", key="k-2")
    again = any_api.put("/organization", MOVED, "administrator", key="k-1")
    other = any_api.put("/organization", WHOLE, "administrator", key="k-1")
    assert (first.json(), again.json(), again.headers["idempotency-replayed"]) == (MOVED, MOVED, "true")
    assert other.status_code == 409
    assert any_api.get("/organization").json() == WHOLE
    assert _verbs(any_api) == ["organization_saved", "organization_saved"]


@pytest.mark.parametrize("role", ["officer", "approver", "finance", "readonly"])
def test_other_roles_change_nothing(api: Api, role: str) -> None:
    assert api.put("/organization", MOVED, role).status_code == 403
    assert api.get("/organization").json() == WHOLE


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({**WHOLE, "name": "某", "email": "x"}, ["email", "name"]),
        ({**WHOLE, "name_en": "沧澜理工大学"}, ["name_en"]),
        ({name: value for name, value in WHOLE.items() if name != "bank"}, ["bank"]),
        ({**WHOLE, "street": "学府路"}, ["street"]),
    ],
)
def test_wrong_institution_is_named_field_by_field(api: Api, body: dict[str, str], fields: list[str]) -> None:
    answer = api.put("/organization", body, "administrator")
    assert (answer.status_code, sorted(answer.json()["fields"])) == (422, fields)
    assert api.get("/organization").json() == WHOLE


def test_english_names_left_out_stay(api: Api) -> None:
    named = {**WHOLE, "name_en": "Canglan University of Technology", "address_en": "1 Xuefu Road, Canglan"}
    assert api.put("/organization", named, "administrator").json() == named
    older = {name: value for name, value in MOVED.items() if not name.endswith("_en")}
    assert api.put("/organization", older, "administrator").json() == {**named, "address": MOVED["address"]}


def test_revoked_token_is_no_token(api: Api) -> None:
    finance = api.world.person("finance")
    with api.world.db.read() as session:
        token_id = session.exec(select(ApiToken.id).where(ApiToken.user_id == finance.id)).one()
    revoke_api_token(api.world.db, finance, int(token_id or 0), NOW)
    assert [api.get("/organization", role).status_code for role in ("finance", "officer")] == [401, 200]
