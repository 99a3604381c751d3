"""`panhuo pool`: search, grade, enter and leave from the command line."""

from pathlib import Path

from tests.cli.conftest import Office
from tests.world import NUMBERS

RATING = ("maturity=pilot", "scenario=动力电池隔膜", "prospect=high", "willingness=许可、转让", "grade=A")


def test_a_patent_is_graded_entered_found_and_taken_out(office: Office, tmp_path: Path) -> None:
    pairs = [part for pair in RATING for part in ("--set", pair)]
    graded = office.run(
        "pool", "grade", f"ZL{NUMBERS[0]}", *pairs, "--why", "年度分级", "--as", "officer", "--json"
    )
    assert (graded.code, graded.json) == (0, {"changed": 1})
    entered = office.run("pool", "enter", *NUMBERS[:2], "--why", "盘点结论", "--as", "officer", "--json")
    assert (entered.code, entered.json["done"], list(entered.json["refused"])) == (1, 1, [NUMBERS[1]])
    found = office.run("pool", "search", "隔膜", "--facet", "grade=A", "--as", "officer")
    assert found.code == 0
    assert found.out.splitlines()[0] == "共1件" and "等级：A级（重点推广） 1" in found.out
    file = tmp_path / "资源库.csv"
    assert office.run("pool", "export", str(file), "--as", "readonly", "--json").json["rows"] == 1
    assert "已入库" in file.read_text(encoding="utf-8-sig")
    left = office.run("pool", "leave", NUMBERS[0], "--why", "独占许可", "--as", "officer")
    assert (left.code, "已办理1件" in left.out) == (0, True)


def test_wrong_use_says_what_to_do(office: Office) -> None:
    attempts = (
        (("search", "--view", "attic"), 2),
        (("search", "--facet", "color=red"), 2),
        (("export", "list.pdf"), 2),
        (("grade", NUMBERS[0], "--set", "grade=E", "--why", "年度分级"), 6),
        (("grade", "2099101000019", "--set", "grade=A", "--why", "年度分级"), 3),
        (("leave", NUMBERS[0], "--why", "独占许可"), 1),
    )
    assert [office.run("pool", *words, "--as", "officer").code for words, _ in attempts] == [
        code for _, code in attempts
    ]
    assert (
        office.run("pool", "grade", NUMBERS[0], "--set", "grade=A", "--why", "年度", "--as", "finance").code
        == 4
    )
