"""`panhuo contract docx|compare|versions`."""

from pathlib import Path

from tests.cases.test_negotiation import FEE, untracked
from tests.cli.conftest import Office
from tests.cli.test_cases import CASE, opened, walk
from tests.contracts.word.files import edited

AS = ("--as", "officer")


def test_contract_goes_out_comes_back_and_is_compared(office: Office, tmp_path: Path) -> None:
    opened(office)
    walk(office, until="start_drafting")
    path, back = tmp_path / "稿.docx", tmp_path / "返回稿.docx"
    assert office.run("contract", "docx", CASE, "--out", str(path), *AS).code == 0
    back.write_bytes(edited(untracked(path.read_bytes()), (FEE, "1,000,000.00（大写：人民币壹佰万元整）")))
    told = office.run("contract", "compare", CASE, str(back), *AS).out.splitlines()
    assert told[0] == "入门费：1,200,000.00 → 1,000,000.00，第六条（一）【未留痕】"
    assert told[1] == "期限：三十日 → 六十日，5.3【未留痕】"
    assert told[-1] == "共2条改动，其中2处没有修订痕迹；0条批注"
    again = office.run("contract", "compare", CASE, "--json", *AS).json
    assert [clause["id"] for clause in again["clauses"]] == ["performance", "fees"]
    rows = office.run("contract", "versions", CASE, "--json", *AS).json["rows"]
    assert [(row["direction"], row["no"]) for row in rows] == [("received", 1), ("sent", 1)]


def test_what_cannot_be_compared_is_told(office: Office, tmp_path: Path) -> None:
    opened(office)
    walk(office, until="start_drafting")
    bad = tmp_path / "稿.docx"
    bad.write_bytes(b"%PDF-1.7")
    refused = office.run("contract", "compare", CASE, str(bad), *AS)
    assert (refused.code, "这是PDF文件" in refused.err) == (6, True)
    nothing = office.run("contract", "compare", CASE, *AS)
    assert (nothing.code, "还没有收到对方返回的合同稿" in nothing.err) == (3, True)
