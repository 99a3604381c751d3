"""`panhuo supervision`: a bureau is founded, and its people use no other command."""

from tests.cli.conftest import Office


def test_bureau_is_founded_and_sees_nothing_before_somebody_agrees(office: Office) -> None:
    founded = office.run(
        "supervision", "found", "沧澜市知识产权局", "--login", "bureau", "--name", "局里人", "--json"
    )
    assert (founded.code, list(founded.json)) == (0, ["user_id"])
    shown = office.run("supervision", "show", "--as", "bureau", "--json")
    assert (shown.code, shown.json["institutions"]) == (0, [])
    assert office.run("supervision", "show", "--as", "bureau").out.splitlines() == ["共0家单位"]
    assert office.run("supervision", "found", "沧澜市知识产权局", "--login", "b2", "--name", "某").code == 5


def test_other_commands_are_closed_to_a_supervisor_and_this_one_to_others(office: Office) -> None:
    office.run("supervision", "found", "沧澜市知识产权局", "--login", "bureau", "--name", "局里人")
    tried = (("events", "list"), ("inbox",), ("deadlines",), ("company", "show", "x"), ("report", "list"))
    assert [office.run(*words, "--as", "bureau").code for words in tried] == [4] * len(tried)
    assert office.run("supervision", "show", "--as", "administrator").code == 4
