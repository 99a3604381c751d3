"""`panhuo company`: a counterparty completed from the command line."""

from tests.cli.conftest import Office

CODE = "91110000600037341L"


def test_named_fields_of_a_company_are_changed_and_others_stay(office: Office) -> None:
    before = office.run("company", "show", CODE, "--as", "officer", "--json").json
    assert (before["name"], before["address"]) == ("启衡新材料股份有限公司", "沧澜市高新区创新路8号")
    changed = office.run(
        "company", "set", before["name"], "--set", "address=创新路9号", "--as", "officer", "--json"
    )
    assert (changed.code, changed.json) == (0, {**before, "address": "创新路9号"})
    assert (
        "住所\t创新路9号" in office.run("company", "show", CODE.lower(), "--as", "readonly").out.splitlines()
    )


def test_wrong_changes_leave_the_company_as_it_is(office: Office) -> None:
    before = office.run("company", "show", CODE, "--as", "officer", "--json").json
    attempts = (
        ("启衡", "address=别处", "officer", 3),
        (CODE, "address=别处", "finance", 4),
        (CODE, "email=x", "officer", 6),
        (CODE, "street=别处", "officer", 2),
        (CODE, "address.street=别处", "officer", 2),
    )
    codes = [
        office.run("company", "set", name, "--set", pair, "--as", who).code for name, pair, who, _ in attempts
    ]
    assert codes == [code for *_, code in attempts]
    assert office.run("company", "set", CODE, "--as", "officer").code == 2
    assert office.run("company", "show", CODE, "--as", "officer", "--json").json == before
