"""`panhuo indicators`: the figures of a year with their definitions, as text and as JSON."""

from tests.cli.conftest import Office
from tests.modes.story import walk_to


def test_figures_are_told_with_their_definitions(office: Office) -> None:
    walk_to(office.world, office.world.case(), "record_receipt")
    told = office.run("indicators", "--year", "2026", "--as", "officer")
    assert (told.code, told.out.splitlines()[0]) == (0, "转化成果")
    assert (
        "  专利实施率：20.00%（1 ÷ 5）【待核实】\n    有任一转化事件（九类反馈标签之一）的有效专利÷有效专利 〔S2-14〕"
        in told.out
    )
    assert "  登记入库率：暂无数据【待核实】" in told.out
    (college,) = office.run("indicators", "--college", "没有的学院", "--json", "--as", "officer").json[
        "indicators"
    ][2:3]
    assert (college["id"], college["value"]) == ("contracts", 0)


def test_wrong_years_are_refused(office: Office) -> None:
    refused = office.run("indicators", "--year", "明年", "--as", "officer")
    assert (refused.code, "年度须写成" in refused.err) == (6, True)


def test_a_year_is_frozen(office: Office) -> None:
    walk_to(office.world, office.world.case(), "record_receipt")
    made = office.run("report", "indicators", "--period", "2025", "--as", "officer")
    assert (made.code, "第1版" in made.out) == (0, True)
    assert "与已有版本相同" in office.run("report", "indicators", "--period", "2025", "--as", "officer").out
