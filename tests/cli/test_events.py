"""`panhuo events`: registers from the command line."""

from pathlib import Path

from tests.cases.test_events import EVENT, LEAD
from tests.cli.conftest import Office


def pairs(values: dict[str, str]) -> list[str]:
    return [part for name, value in values.items() for part in ("--set", f"{name}={value}")]


def test_event_is_added_listed_and_published(office: Office, tmp_path: Path) -> None:
    added = office.run("events", "set", "events", *pairs(EVENT), "--as", "officer", "--json")
    assert (added.code, added.json["shown"]["campaign"]) == (0, "“千校万企”协同创新伙伴行动")
    listed = office.run("events", "list", "--as", "readonly").out.splitlines()
    assert [line.split("\t")[1] for line in listed[:-1]] == [EVENT["name"]]
    assert listed[-1] == "共1条"
    out = tmp_path / "活动.txt"
    assert office.run("events", "leaflet", "1", "--out", str(out), "--as", "officer").code == 0
    assert "主办单位：沧澜市市场监管局" in out.read_text(encoding="utf-8")


def test_lead_becomes_a_case(office: Office) -> None:
    assert office.run("events", "set", "leads", *pairs(LEAD), "--as", "officer").code == 0
    opened = office.run("events", "case", "1", "--mode", "ordinary_license", "--as", "officer", "--json")
    assert (opened.code, list(opened.json)) == (0, ["case_id"])
    assert office.run("events", "case", "1", "--mode", "ordinary_license", "--as", "officer").code == 5


def test_wrong_input_is_told(office: Office) -> None:
    attempts = [
        ("list", "spells"), ("set", "events", "--set", "colour=red"), ("set", "events"),
        ("set", "events", "--set", "name=x"), ("set", "events", *pairs(EVENT), "--as", "finance"),
        ("leaflet", "9", "--out", "x.txt"),
    ]  # fmt: skip
    codes = [
        office.run("events", *args, *(() if "--as" in args else ("--as", "officer"))).code
        for args in attempts
    ]
    assert codes == [2, 2, 2, 6, 4, 3]
