"""What an institution owns leaves in open formats: every table, its files, a dictionary; and comes back in."""

import csv
import io
import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cases.case_files import keep_file
from cases.db import Database
from cases.errors import NotFound
from cases.files import FolderFiles
from cases.label_records import record_label
from cases.schema import TABLES, upgrade
from cases.settings import Settings
from exchange.archive import LEFT_OUT, NAMING_FILES, OF_ALL, check_archive, export_archive
from exchange.dictionary import docstrings
from exchange.restoring import Plan, restore_archive
from tests.cases import uploads
from tests.modes.story import walk
from tests.world import NOW, World, settle

# Who is signed in, of use only where they are; and an index that the program makes anew.
NOT_TAKEN = {"enterprise_session", "patent_index"}
# Hashes of what is no file of the store: the text of a clause, a list that waits for its import.
NO_FILES = {("clause_set", "sha256"), ("import_run", "sha256")}


def rows_of(path: Path) -> dict[str, list[dict[str, Any]]]:
    with zipfile.ZipFile(path) as archive:
        return {
            name.removeprefix("tables/").removesuffix(".jsonl"): [
                json.loads(line) for line in archive.open(name)
            ]
            for name in archive.namelist()
            if name.startswith("tables/")
        }


def in_use(world: World, settings: Settings, color: int) -> None:
    case_id = world.case(patents=2)
    list(walk(world, case_id, until="take_effect"))
    values = {"patent_id": world.patent_ids[3], "label": "已转让", "on": "2026-03-01", "evidence": "=通知书"}
    record_label(world.db, world.person("officer"), values, today=date(2026, 3, 2), now=NOW)
    data = uploads.picture() + bytes([color])
    keep_file(
        world.db,
        settings,
        world.person("officer"),
        case_id,
        kind="other",
        filename="扫描.png",
        data=data,
        now=NOW,
    )


@pytest.fixture
def two(any_db: Database, tmp_path: Path) -> tuple[World, World, Settings]:
    """Two institutions in one record, each with a case, a file and a label by hand."""
    settings = Settings(tmp_path / "home", "")
    ours, theirs = settle(any_db), settle(any_db, "远山农业大学", "far-")
    in_use(theirs, settings, 1)
    in_use(ours, settings, 2)
    return ours, theirs, settings


def test_every_table_of_an_institution_is_exported(world: World, tmp_path: Path) -> None:
    export_archive(world.db, Settings(tmp_path, ""), tmp_path / "own.zip", NOW, org_id=world.org_id)
    owned = {table.name for table in TABLES.sorted_tables if "org_id" in table.c}
    assert owned - set(rows_of(tmp_path / "own.zip")) == NOT_TAKEN
    assert {t.name for t in TABLES.sorted_tables if "org_id" not in t.c} <= {
        "organization",
        *LEFT_OUT,
        *OF_ALL,
    }


def test_every_column_that_names_a_file_takes_the_file_along() -> None:
    named = {(table.name, c.name) for table in TABLES.sorted_tables for c in table.c if "sha256" in c.name}
    assert named - NO_FILES <= set(NAMING_FILES)


def test_export_of_one_holds_its_own_and_nothing_else(
    two: tuple[World, World, Settings], tmp_path: Path
) -> None:
    ours, theirs, settings = two
    report = export_archive(ours.db, settings, tmp_path / "own.zip", NOW, org_id=ours.org_id)
    rows = rows_of(tmp_path / "own.zip")
    assert {row["org_id"] for found in rows.values() for row in found if "org_id" in row} == {ours.org_id}
    assert [row["id"] for row in rows["organization"]] == [ours.org_id]
    assert rows["label_record"][0]["evidence"] == "=通知书"
    everything = export_archive(ours.db, settings, tmp_path / "all.zip", NOW)
    assert (report.files, everything.files, report.missing) == (everything.files - 1, everything.files, ())
    assert theirs.org_id in {row["org_id"] for row in rows_of(tmp_path / "all.zip")["label_record"]}


def test_export_of_one_comes_back_as_a_record_of_its_own(
    two: tuple[World, World, Settings], tmp_path: Path
) -> None:
    ours, _, settings = two
    export_archive(ours.db, settings, tmp_path / "own.zip", NOW, org_id=ours.org_id)
    back = Database(f"sqlite:///{tmp_path}/back.db")
    done = restore_archive(back, Plan(tmp_path / "own.zip", FolderFiles(tmp_path / "back")), NOW)
    assert done.broken == ()
    again = Settings(tmp_path, "", file_place=None)
    export_archive(back, again, tmp_path / "again.zip", NOW, org_id=ours.org_id)
    back.dispose()
    assert rows_of(tmp_path / "again.zip") == rows_of(tmp_path / "own.zip")


def test_export_says_what_every_column_is(world: World, tmp_path: Path) -> None:
    export_archive(world.db, Settings(tmp_path, ""), tmp_path / "all.zip", NOW)
    manifest = check_archive(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        told = [json.loads(line) for line in archive.open("dictionary.jsonl")]
        assert archive.read("README.txt").decode().startswith("盘活数据导出")
    columns = [(table["name"], column) for table in manifest["tables"] for column in table["columns"]]
    assert [(row["table"], row["column"]) for row in told] == columns
    assert [row["table"] for row in told if not row["about"]] == []
    label = next(row for row in told if (row["table"], row["column"]) == ("label_record", "patent_id"))
    assert (label["type"], label["nullable"], label["refers_to"]) == ("integer", False, ["patent.id"])
    assert docstrings()["label_record"] == label["about"]


def test_csv_beside_the_lines_opens_in_a_spreadsheet(
    two: tuple[World, World, Settings], tmp_path: Path
) -> None:
    ours, _, settings = two
    export_archive(ours.db, settings, tmp_path / "own.zip", NOW, org_id=ours.org_id, csv=True)
    with zipfile.ZipFile(tmp_path / "own.zip") as archive:
        text = archive.read("csv/label_record.csv").decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["label"], row["evidence"]) == ("已转让", "'=通知书")


def test_institution_that_is_not_there(db: Database, tmp_path: Path) -> None:
    upgrade(db)
    with pytest.raises(NotFound):
        export_archive(db, Settings(tmp_path, ""), tmp_path / "own.zip", NOW, org_id=99)
    assert not (tmp_path / "own.zip").exists()
