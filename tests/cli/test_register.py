"""`panhuo patent register`: a look at the register from the command line."""

from tests.cli.conftest import Office

NO = "ZL202010100001.9"
LOOK = ("--checked-on", "2026-03-01", "--evidence", "登记簿副本2026-0311")


def test_what_the_register_shows_is_recorded(office: Office) -> None:
    first = office.run("patent", "register", NO, *LOOK, "--flag", "pledged", "--as", "officer", "--json")
    assert (first.code, first.json["flags"], first.json["status"]) == (0, ["pledged"], "in_force")
    kept = office.run("patent", "register", NO, *LOOK, "--status", "in_grace", "--as", "officer", "--json")
    assert (kept.json["flags"], kept.json["status"]) == (["pledged"], "in_grace")
    cleared = office.run("patent", "register", NO, *LOOK, "--no-flags", "--as", "officer", "--json")
    assert cleared.json["flags"] == []


def test_wrong_words_and_roles_are_refused(office: Office) -> None:
    runs = (
        office.run("patent", "register", NO, *LOOK, "--flag", "cursed", "--as", "officer"),
        office.run("patent", "register", "ZL1", *LOOK, "--as", "officer"),
        office.run("patent", "register", NO, *LOOK, "--as", "finance"),
    )
    assert [ran.code for ran in runs] == [6, 3, 4]
