"""Stocktaking from the command line."""

from pathlib import Path

import openpyxl

from tests.cli.conftest import Office

OPEN = ("stocktake", "open", "2026年盘点", "--due", "2099-12-31", "--as", "officer")


def test_stocktake_is_previewed_opened_and_walked_through(office: Office, tmp_path: Path) -> None:
    assert office.run(*OPEN, "--preview", "--json").json["total"] == 5
    opened = office.run(*OPEN, "--set", "kinds=invention", "--json").json
    assert (opened["total"], opened["status"], opened["unassigned"]) == (5, "open", 5)
    listed = office.run("stocktake", "list", "--as", "officer", "--json").json
    assert [(row["title"], row["total"]) for row in listed] == [("2026年盘点", 5)]
    items = office.run("stocktake", "items", "2026年盘点", "--as", "officer", "--json").json
    first = str(items["rows"][0]["id"])
    refused = office.run("stocktake", "step", "pass_college", first, "--as", "approver")
    assert refused.code == 5
    assert "现为“待自评”" in refused.err
    sheet = tmp_path / "待填.xlsx"
    assert office.run("stocktake", "sheet", "1", str(sheet), "--as", "officer").code == 0
    assert openpyxl.load_workbook(sheet).worksheets[0].max_row == 6
    left = office.run(
        "stocktake", "step", "leave_out", first, first, "--why", "不属本单位", "--as", "officer", "--json"
    )
    assert (left.code, [row["done"] for row in left.json]) == (1, [True, False])
    progress = office.run("stocktake", "progress", "1", "--as", "officer", "--json").json
    assert progress["counts"]["left_out"] == 1


def test_decision_names_every_unmet_condition(office: Office) -> None:
    office.run(*OPEN)
    told = office.run(
        "stocktake", "decide", "stop_fees", "1", "--why", "费用过高", "--as", "officer", "--json"
    )
    assert told.code == 5
    assert [one["code"] for one in told.json["unmet"]] == ["place", "approval_needed", "inventors_not_told"]


def test_links_are_printed_for_whoever_may_hand_them_out(office: Office) -> None:
    office.run(*OPEN)
    assert office.run("stocktake", "links", "1", "--make", "--as", "officer", "--json").json == []
    assert office.run("stocktake", "links", "1", "--as", "approver").code == 4
    assert office.run("stocktake", "links", "nothing", "--as", "officer").code == 3
