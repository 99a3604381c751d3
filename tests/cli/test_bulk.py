"""`panhuo documents bulk`: a run of real processes, killed in the middle, started again: none twice, none missing."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from sqlmodel import col, func, select

from cases.bulk_tables import BulkItem
from cases.settings import ROOT
from cases.tables import Document
from contracts.fonts.build import prepare
from tests.cli.conftest import Office
from tests.flows.conftest import wait_for
from tests.modes.story import walk_to

CASES = 7


@pytest.fixture
def office(office: Office) -> Office:
    """The office with fonts in its home and cases whose terms are agreed."""
    (office.home / "fonts").symlink_to(prepare(ROOT / "var" / "fonts"))
    for number in range(CASES):
        walk_to(office.world, office.world.case(title=f"许可{number}"), "edit_terms")
    return office


def made(office: Office) -> int:
    with office.world.db.read() as session:
        query = select(func.count()).select_from(BulkItem).where(col(BulkItem.status) == "made")
        return session.exec(query).one()


def documents(office: Office) -> list[tuple[int, int, str]]:
    with office.world.db.read() as session:
        query = select(Document.case_id, Document.version, Document.status)
        rows = session.exec(query.where(Document.kind == "approval_form").order_by(col(Document.case_id)))
        return [(case_id, version, status) for case_id, version, status in rows]


def test_run_killed_in_the_middle_goes_on_with_none_twice_and_none_missing(
    office: Office, tmp_path: Path
) -> None:
    before = len(documents(office))
    started = office.run("documents", "bulk", "start", "approval_form", "--as", "officer", "--json")
    assert (started.code, started.json["total"], started.json["counts"]["waiting"]) == (0, CASES, CASES)
    run = str(started.json["id"])
    command = [sys.executable, "-m", "desk.cli", "documents", "bulk", "work", run, "--as", "officer"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PANHUO_HOME": str(office.home)}

    first = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    wait_for("some documents", lambda: made(office) >= 2)
    first.kill()
    first.wait()
    assert 2 <= made(office) < CASES

    second = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    assert f"已完成：{CASES}/{CASES}件，生成{CASES}" in second.stdout
    found = documents(office)
    assert len({case_id for case_id, _, _ in found}) == CASES
    assert (len(found), {status for _, _, status in found}) == (before + CASES, {"ready"})

    again = office.run("documents", "bulk", "start", "approval_form", "--here", "--as", "officer", "--json")
    assert again.json["counts"]["unchanged"] == CASES
    assert documents(office) == found

    target = tmp_path / "all.zip"
    packed = office.run("documents", "bulk", "files", run, "--out", str(target), "--as", "officer")
    assert packed.code == 0
    with zipfile.ZipFile(target) as archive:
        assert len(archive.namelist()) == CASES
        assert {archive.read(name)[:5] for name in archive.namelist()} == {b"%PDF-"}


def test_failures_are_listed_stopped_and_retried_by_command(office: Office) -> None:
    office.world.case(title="条款未填")
    ran = office.run("documents", "bulk", "start", "contract", "--q", "条款未填", "--here", "--as", "officer")
    assert ran.code == 1
    assert "失败1" in ran.out
    assert "条款未填：商务条款尚未填写完整" in ran.err
    assert office.run("documents", "bulk", "stop", "1", "--as", "officer").code == 5
    again = office.run("documents", "bulk", "retry", "1", "--as", "officer", "--json")
    assert again.json["counts"]["waiting"] == 1
    assert office.run("documents", "bulk", "stop", "1", "--as", "officer").code == 0
    listed = office.run("documents", "bulk", "status", "--as", "officer", "--json")
    assert [(run["kind"], run["status"], run["chosen"]) for run in listed.json["runs"]] == [
        ("contract", "cancelled", "含“条款未填”")
    ]
    assert office.run("documents", "bulk", "status", "2", "--as", "officer").code == 3
    assert office.run("documents", "bulk", "start", "novel", "--as", "officer").code == 6
    assert office.run("documents", "bulk", "start", "contract", "--as", "finance").code == 4
