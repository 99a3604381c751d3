"""`panhuo royalty`: the account of a case, and a statement tried out, in words and as the API's JSON."""

from desk.answers.royalty import royalty
from tests.cli.conftest import Office
from tests.modes.acting import act, case_row, day
from tests.modes.test_paying_later import FROM_DAY_ONE, STATEMENT, in_force


def test_account_is_told_and_a_statement_tried_out(office: Office) -> None:
    world = office.world
    case_id = in_force(world, FROM_DAY_ONE)
    act(world, case_id, "report_royalty", 220, period=1, products="隔膜 100万元", **STATEMENT)
    number, on = case_row(world, case_id).number, day(270).isoformat()
    told = office.run("royalty", number, "--on", on, "--as", "officer")
    assert told.code == 0
    assert "2026-11-16　第1期提成费　应付30,000.00元　未付30,000.00元" in told.out
    assert "逾期违约金 165.00 元" in told.out  # 11 days × 0.05 % of 30,000.00
    tried = office.run("royalty", number, "--sales", "隔膜 50万元", "--on", on, "--as", "officer", "--json")
    with world.db.read() as session:
        expected = royalty(
            world.db, session, world.person("officer"), case_id, on=day(270), products="隔膜 50万元"
        )
    assert tried.json == expected
    world.db.dispose()


def test_line_that_cannot_be_read_is_named(office: Office) -> None:
    case_id = in_force(office.world, FROM_DAY_ONE)
    number = case_row(office.world, case_id).number
    ran = office.run("royalty", number, "--sales", "隔膜", "--as", "officer", "--json")
    assert (ran.code, list(ran.json["fields"])) == (6, ["products"])
    office.world.db.dispose()
