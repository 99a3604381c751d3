"""`panhuo import patents`: the same checks from the command line."""

from pathlib import Path

import pytest

from tests.cli.conftest import Cli, Office

HEADER = "专利号,专利名称,专利权人,申请日,类型\n"
GOOD = f"{HEADER}ZL201710601862.3,一种电池,沧澜理工大学,2017-07-21,发明\n"
BAD = f"{GOOD}2.02E+12,坏号,沧澜理工大学,2018-01-01,发明\nZL201710601862.3,一种电池,沧澜理工大学,2017-07-21,发明\n"
KEYS = ["rows", "accepted", "unchanged", "rejected", "errors", "mapping"]


def listed(folder: Path, text: str, encoding: str = "utf-8") -> str:
    path = folder / "清单.csv"
    path.write_bytes(text.encode(encoding))
    return str(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_dry_run_needs_no_record(cli: Cli, tmp_path: Path, encoding: str) -> None:
    ran = cli.run("import", "patents", listed(tmp_path, BAD, encoding), "--dry-run", "--json")
    assert (ran.code, list(ran.json)) == (0, KEYS)
    assert [ran.json[key] for key in KEYS[:4]] == [3, 1, 0, 1]
    assert [list(error) for error in ran.json["errors"]] == [["row", "field", "value", "reason"]]
    assert not cli.home.exists()


def test_import_stores_good_lines_and_repeating_changes_nothing(office: Office, tmp_path: Path) -> None:
    file, rejects = listed(tmp_path, BAD), tmp_path / "out" / "rejects.xlsx"
    command = ("import", "patents", file, "--as", "officer", "--json")
    first = office.run(*command, "--rejects", str(rejects)).json
    again = office.run(*command).json
    dry = office.run("import", "patents", file, "--dry-run", "--json").json
    assert [[told[key] for key in KEYS[:4]] for told in (first, again, dry)] == [
        [3, 1, 0, 1],
        [3, 1, 1, 1],
        [3, 1, 1, 1],
    ]
    assert rejects.read_bytes()[:2] == b"PK"


def test_columns_may_be_chosen(office: Office, tmp_path: Path) -> None:
    file = listed(tmp_path, "号码,甲,乙\n201710601862.3,一种电池,另一个名称\n")
    command = ("import", "patents", file, "--as", "officer", "--json")
    ran = office.run(*command, "--mapping", "application_no=号码", "--mapping", "title=乙")
    assert (ran.code, ran.json["mapping"]["title"]) == (0, "乙")
    assert office.run(*command, "--mapping", "title").code == 2
    assert office.run(*command, "--mapping", "title=没有的列").code == 6


def test_text_names_the_line_and_the_reason(office: Office, tmp_path: Path) -> None:
    ran = office.run("import", "patents", listed(tmp_path, BAD), "--as", "officer")
    assert (ran.code, ran.out.startswith("导入完毕：共3行，合格1件")) == (0, True)
    assert "第3行" in ran.err


def test_what_cannot_be_imported(office: Office, tmp_path: Path) -> None:
    empty, folder, nul = tmp_path / "empty.csv", tmp_path / "folder", tmp_path / "nul.csv"
    empty.write_bytes(b"")
    folder.mkdir()
    nul.write_bytes(b"\x00" * 2000)
    base = ("import", "patents", "--as", "officer")
    codes = [office.run(*base, str(path)).code for path in (tmp_path / "nothing.csv", empty, folder, nul)]
    assert codes == [3, 6, 6, 6]
    assert office.run("import", "patents", listed(tmp_path, GOOD), "--as", "readonly").code == 4
    told = office.run(*base, str(empty), "--json")
    assert (told.code, told.json["title"], list(told.json["fields"])) == (6, "填写有误", ["file"])


def test_file_that_cannot_be_read(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "locked.csv"
    file.symlink_to("/proc/self/mem")  # opens, but reading its first byte is an error, for root too
    assert office.run("import", "patents", str(file), "--as", "officer").code == 1


def test_unusable_database_still_checks_the_file(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PANHUO_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    ran = cli.run("import", "patents", listed(tmp_path, GOOD), "--dry-run", "--json")
    assert (ran.code, ran.json["accepted"]) == (0, 1)
    stored = cli.run("import", "patents", listed(tmp_path, GOOD), "--json")
    assert (stored.code, stored.json["title"]) == (1, "数据库不可用")
