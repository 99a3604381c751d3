"""`panhuo demand`: registered, matched with reasons, taken, made a case."""

from tests.cli.conftest import Office

COMPANY = "启衡新材料股份有限公司"


def test_demand_goes_from_the_register_to_a_case(office: Office) -> None:
    made = office.run(
        "demand", "add", COMPANY, "锂电池隔膜高温收缩", "--budget", "50万", "--as", "officer", "--json"
    )
    assert (made.code, made.json["number"], made.json["budget_fen"]) == (0, made.json["number"], 50_000_000)
    number = made.json["number"]
    assert office.run("demand", "list", "隔膜", "--as", "readonly", "--json").json["total"] == 1
    shown = office.run("demand", "match", number, "--limit", "1", "--as", "officer").out
    assert "1. 一种锂离子电池隔膜的制备方法（1）" in shown
    assert "   + 专利名称与需求都提到：电池、隔膜" in shown.splitlines()
    best = office.run("demand", "match", number, "--as", "officer", "--json").json["matches"][0][
        "application_no"
    ]
    assert office.run("demand", "case", number, best, "--as", "officer").code == 6
    assert (
        office.run(
            "demand", "take", number, best, "--reason", "与产线一致", "--as", "officer", "--json"
        ).json["status"]
        == "matched"
    )
    assert (
        office.run("demand", "case", number, best, "--as", "officer", "--json").json["case"].startswith("ZH")
    )
    assert (
        office.run("demand", "close", number, "--reason", "已立案", "--as", "officer", "--json").json[
            "status"
        ]
        == "closed"
    )


def test_wrong_names_and_roles_are_told_by_the_exit_code(office: Office) -> None:
    codes = [
        office.run("demand", "add", "没有的公司", "锂电池隔膜", "--as", "officer").code,
        office.run("demand", "add", COMPANY, "短", "--as", "officer").code,
        office.run("demand", "add", COMPANY, "锂电池隔膜", "--as", "finance").code,
        office.run("demand", "match", "XQ1999-00001", "--as", "officer").code,
    ]
    assert codes == [3, 6, 4, 3]
