"""`panhuo approvals`: seats and deputies from the command line, and the route in `panhuo case show`."""

from dataclasses import replace

from cases.db import Database
from tests.cases.test_seating import decide, handed_up, seated
from tests.cli.conftest import Office

AS = ("--as", "administrator")


def test_seats_and_deputies(office: Office) -> None:
    assert office.run("approvals", "show", *AS).out.startswith("尚未指定席位")
    found = office.run("approvals", "seat", "法律事务室", "approver", *AS, "--json").json
    (seat,) = [one for row in found["offices"] for one in row["seats"]]
    assert (seat["login"], found["assigned"]) == ("approver", True)
    assert "legal\t法律事务室\t#1 周审言（approver）" in office.run("approvals", "show", *AS).out
    assert office.run("approvals", "seat", "legal", "officer", *AS).code == 6
    assert office.run("approvals", "seat", "legal", "approver", "--as", "officer").code == 4
    alone = ("approvals", "deputize", "approver", "approver", "--from", "2099-03-05", "--to", "2099-03-09")
    assert office.run(*alone, "--reason", "年休假", *AS).code == 6
    assert office.run("approvals", "end-deputy", "9", *AS).code == 3
    assert office.run("approvals", "unseat", str(seat["id"]), *AS).code == 0
    assert office.run("approvals", "show", *AS, "--json").json["assigned"] is False


def test_case_shows_its_route(office: Office) -> None:
    db = Database(f"sqlite:///{office.home / 'panhuo.db'}", synchronous="OFF")
    world = replace(office.world, db=db)
    people = seated(world)
    case_id = handed_up(world)
    decide(world, case_id, people["college"], 25)
    db.dispose()
    told = office.run("case", "show", "ZH2026-00001", "--as", "officer").out
    assert "  1. 成果完成人所在院系｜已批准｜2026-03-27 院长 1号" in told
    assert "  2. 法律事务室｜待审批｜沈律 自2026-03-27" in told
