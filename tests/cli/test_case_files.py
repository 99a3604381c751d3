"""`panhuo case attach|files`, and `panhuo verify` over the stored files."""

from hashlib import sha256
from pathlib import Path

from cases.files import FolderFiles
from tests.cases import uploads
from tests.cli.conftest import Office
from tests.cli.test_cases import CASE, opened

SCAN = uploads.pdf(text="signed")
DIGEST = sha256(SCAN).hexdigest()


def test_file_is_attached_listed_and_copied(office: Office, tmp_path: Path) -> None:
    opened(office)
    path = tmp_path / "合同.pdf"
    path.write_bytes(SCAN)
    told = office.run("case", "attach", CASE, str(path), "--kind", "signed_contract", "--as", "officer")
    assert (told.code, told.out) == (0, f"已添加附件：合同.pdf（编号1）\nSHA-256 {DIGEST}\n")
    again = office.run(
        "case", "attach", CASE, str(path), "--kind", "signed_contract", "--as", "officer", "--json"
    )
    assert (again.json["again"], again.json["id"]) == (True, 1)
    listed = office.run("case", "files", CASE, "--as", "officer", "--out", str(tmp_path / "out"))
    assert listed.out == f"1\t已签合同扫描件\t合同.pdf\t{DIGEST}\n共1个附件\n"
    assert (tmp_path / "out" / "1-合同.pdf").read_bytes() == SCAN


def test_what_cannot_be_attached(office: Office, tmp_path: Path) -> None:
    opened(office)
    gone = office.run("case", "attach", CASE, str(tmp_path / "nothing.pdf"), "--as", "officer")
    assert (gone.code, "无法读取" in gone.err) == (2, True)
    fake = tmp_path / "合同.pdf"
    fake.write_bytes(b"#!/bin/sh")
    refused = office.run("case", "attach", CASE, str(fake), "--kind", "signed_contract", "--as", "officer")
    assert (refused.code, "内容是脚本" in refused.err) == (6, True)


def test_altered_and_missing_files_are_named(office: Office, tmp_path: Path) -> None:
    opened(office)
    path = tmp_path / "合同.pdf"
    path.write_bytes(SCAN)
    office.run("case", "attach", CASE, str(path), "--as", "officer")
    whole = office.run("verify", "--json")
    assert (whole.code, whole.json["files"], whole.json["spoiled"]) == (0, 1, [])
    stored = FolderFiles(office.home / "files").path(DIGEST)
    stored.write_bytes(SCAN + b"\n")
    altered = office.run("verify")
    assert (altered.code, altered.err) == (
        1, f"文件：{CASE} 合同.pdf（{DIGEST}），内容与登记的校验值不符，文件被改动\n",
    )  # fmt: skip
    stored.unlink()
    assert (
        f"file: {CASE} 合同.pdf ({DIGEST}), the file is missing" in office.run("--lang", "en", "verify").err
    )
