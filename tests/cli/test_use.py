"""`panhuo use`: declarations, statements, planned applications and products from the command line."""

from tests.cli.conftest import Office

NO = "ZL202010100001.9"
PROJECT = ("program=nsfc", "project_name=机理研究", "project_no=52000001")


def sets(*pairs: str) -> list[str]:
    return [part for pair in pairs for part in ("--set", pair)]


def test_a_patent_is_declared_and_its_use_stated(office: Office) -> None:
    made = office.run("use", "declare", NO, *sets("funded=yes", *PROJECT), "--as", "officer", "--json")
    assert (made.code, made.json) == (0, {"id": 1})
    assert office.run("use", "update", "--as", "officer", "--json").json == {"id": 5}
    listed = office.run("use", "list", "--view", "undeclared", "--as", "officer", "--json")
    assert (listed.json["total"], listed.json["rows"][0]["number"]) == (1, "2020101000019")
    missing = office.run("use", "state", NO, *sets("year=2025", "use=none"), "--as", "officer", "--json")
    assert (missing.code, sorted(missing.json["fields"])) == (6, ["reason", "review_on"])
    used = office.run("use", "state", NO, *sets("year=2025", "use=own", "product=隔膜"), "--as", "officer")
    assert used.code == 0
    assert office.run("use", "fill", "--year", "2025", "--as", "officer", "--json").json == {"id": 0}


def test_filing_is_stopped_without_an_assessment(office: Office) -> None:
    plan = (
        "title=一种隔膜",
        "kind=invention",
        "inventors=陈思远",
        "funded=no",
        "examination=ordinary",
        "search_note=已检索",
    )
    assert office.run("use", "plan", *sets(*plan), "--as", "officer", "--json").json == {"id": 1}
    filing = sets("application_no=202610100099.6", "filed_on=2026-03-01")
    assert office.run("use", "file", "1", *filing, "--as", "officer").code in (5, 6)
    judged = sets(
        "prospect=80", "potential=80", "value=80", "upkeep=80", "assessors=周审言", "decision=pass", "opinion=同意申请",
        "decided_on=2026-03-01",
    )  # fmt: skip
    assert office.run("use", "assess", "1", *judged, "--as", "approver").code == 0
    assert office.run("use", "pass", "1", *sets("override_reason=先行提交"), "--as", "officer").code == 4


def test_figures_are_printed(office: Office) -> None:
    told = ("name=隔膜", "basis=own", f"patents={NO}", "since=2026-02-01")
    assert office.run("use", "product", *sets(*told), "--as", "officer", "--json").json == {"id": 1}
    filing = sets("filed_on=2026-03-01", "filing_no=ZLCP1")
    assert office.run("use", "file-product", "1", *filing, "--as", "officer").code == 0
    found = office.run("use", "figures", "--as", "officer", "--json").json
    assert (found["newly_filed_products"], found["covered_patents"], found["valid_patents"]) == (1, 1, 5)
    assert office.run("use", "list", "--view", "nothing", "--as", "officer").code == 2
