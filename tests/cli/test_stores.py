"""`panhuo files` and `panhuo processes`: the store checked and moved, the processes of all hosts."""

from datetime import UTC, datetime
from pathlib import Path

from cases.db import Database
from cases.files import FolderFiles
from cases.heartbeats import say_state
from tests.cases.uploads import pdf
from tests.cli.conftest import Office
from tests.cli.test_cases import CASE, opened


def attached(office: Office) -> str:
    """Add a file to a case and return its hash."""
    opened(office)
    scan = office.home / "扫描.pdf"
    scan.write_bytes(pdf(text="growth"))
    told = office.run("case", "attach", CASE, str(scan), "--as", "officer", "--json").json
    return str(told["sha256"])


def test_a_store_is_copied_once_and_checked(office: Office, tmp_path: Path) -> None:
    digest, target = attached(office), tmp_path / "elsewhere"
    first = office.run("files", "copy", "--to", str(target), "--json").json
    assert (first["copied"], first["there"], first["missing"]) == (1, 0, [])
    assert FolderFiles(target).fetch(digest) == (office.home / "扫描.pdf").read_bytes()
    again = office.run("files", "copy", "--to", str(target), "--json").json
    assert (again["copied"], again["there"]) == (0, 1)
    assert office.run("files", "check", "--json").json["spoiled"] == []


def test_what_is_damaged_is_named_and_never_copied(office: Office, tmp_path: Path) -> None:
    digest = attached(office)
    FolderFiles(office.home / "files").path(digest).write_bytes(b"other bytes")
    checked = office.run("files", "check", "--json")
    assert (checked.code, [one["sha256"] for one in checked.json["spoiled"]]) == (1, [digest])
    copied = office.run("files", "copy", "--to", str(tmp_path / "elsewhere"), "--json")
    assert (copied.code, copied.json["copied"], copied.json["missing"]) == (1, 0, [digest])


def test_a_place_that_cannot_be_used_is_refused(office: Office) -> None:
    told = office.run("files", "copy", "--to", "https://example.cn/files", "--json")
    assert (told.code, "应为目录或 s3://" in told.json["detail"]) == (2, True)


def test_processes_of_all_hosts_are_listed(office: Office) -> None:
    db = Database(f"sqlite:///{office.home / 'panhuo.db'}")
    say_state(db, "worker", "running", datetime.now(UTC))
    db.dispose()
    (row,) = office.run("processes", "--json").json["rows"]
    assert (row["kind"], row["state"]) == ("worker", "running")
