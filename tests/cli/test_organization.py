"""`panhuo org`: the institution from the command line."""

from tests.cli.conftest import Office

WHOLE = {
    "name": "沧澜理工大学", "uscc": "12100000400000624D", "address": "沧澜市学府路1号", "legal_representative": "",
    "contact": "", "phone": "", "email": "", "bank": "", "account": "", "name_en": "", "address_en": "",
}  # fmt: skip


def test_institution_is_shown(office: Office) -> None:
    ran = office.run("org", "show", "--as", "readonly", "--json")
    assert (ran.code, ran.json) == (0, WHOLE)
    told = office.run("org", "show", "--as", "officer").out.splitlines()
    assert (told[0], told[2]) == ("机构名称\t沧澜理工大学", "住所\t沧澜市学府路1号")
    assert told[-1] == "尚未填写：法定代表人。合同定稿前请补全：panhuo org set --set 字段=取值"
    assert "legal representative\t—" in office.run("--lang", "en", "org", "show", "--as", "officer").out


def test_named_fields_are_changed_and_others_stay(office: Office) -> None:
    ran = office.run(
        "org", "set", "--set", "legal_representative=江景行", "--set", "phone=010-1234", "--as", "administrator", "--json"
    )  # fmt: skip
    whole = {**WHOLE, "legal_representative": "江景行", "phone": "010-1234"}
    assert (ran.code, ran.json) == (0, whole)
    assert office.run("org", "show", "--as", "officer", "--json").json == whole


def test_wrong_changes_leave_the_institution_as_it_is(office: Office) -> None:
    administrator = ("--as", "administrator", "--json")
    refused = office.run("org", "set", "--set", "address=别处", "--as", "officer", "--json")
    wrong = office.run("org", "set", "--set", "email=x", "--set", "street=学府路", *administrator)
    nested = office.run("org", "set", "--set", "address.street=学府路", *administrator)
    nothing = office.run("org", "set", *administrator)
    assert [refused.code, wrong.code, nested.code, nothing.code] == [4, 6, 6, 2]
    assert [sorted(found.json["fields"]) for found in (wrong, nested)] == [["email", "street"], ["address"]]
    assert office.run("org", "show", "--as", "officer", "--json").json == WHOLE
