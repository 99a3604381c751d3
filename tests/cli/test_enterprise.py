"""`panhuo enterprise`: pushed, listed, answered and invited from the command line."""

from cases.db import Database
from cases.evaluations import Given, keep_evaluation
from tests.cli.conftest import Office
from tests.world import NOW

COMPANY, PATENT = "启衡新材料股份有限公司", "ZL202010100001.9"
AS = ("--as", "officer")


def test_work_with_enterprises_from_the_command_line(office: Office) -> None:
    pushed = office.run("enterprise", "push", COMPANY, PATENT, "--note", "产线相关", *AS, "--json")
    assert (pushed.code, len(pushed.json["pushed"])) == (0, 1)
    again = office.run("enterprise", "push", COMPANY, PATENT, *AS)
    assert (again.code, "已推送0件" in again.out, "不重复推送" in again.out) == (0, True, True)
    db = Database(f"sqlite:///{office.home / 'panhuo.db'}")
    given = Given(
        office.world.patent_ids[0],
        (80, 0, 60),
        ("好", "", "合作"),
        company_id=office.world.company_id,
    )
    keep_evaluation(db, office.world.person("officer"), given, now=NOW)
    db.dispose()
    (row,) = office.run("enterprise", "evaluations", "--doubtful", *AS, "--json").json["rows"] or [{}]
    assert row["flags"] == ["empty"]
    rows = office.run("enterprise", "messages", "--overdue", *AS, "--json").json["rows"]
    assert {one["kind"] for one in rows} == {"evaluation", "cooperation"}
    answered = office.run("enterprise", "answer", str(rows[0]["id"]), "--text", "已安排对接", *AS)
    assert (answered.code, answered.out.strip()) == (0, "已答复")
    assert office.run("enterprise", "answer", "99", "--text", "x", *AS).code == 3
    listed = office.run("enterprise", "list", *AS)
    assert f"{COMPANY}\t\t\t推送1\t评价1" in listed.out
    invited = office.run(
        "enterprise", "invite", COMPANY, "--login", "qiheng", "--name", "方既白", *AS, "--json"
    )
    assert "/enterprise/join/" in invited.json["link"]
    assert office.run("enterprise", "push", COMPANY, PATENT, "--as", "finance").code == 4
