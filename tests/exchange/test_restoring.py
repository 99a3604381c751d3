"""Archives back in: equal after a round trip between both databases, all or nothing, and what is refused."""

import json
import shutil
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError

from cases.case_files import keep_file
from cases.db import Database
from cases.files import FolderFiles
from cases.schema import TABLES, differences, upgrade
from cases.settings import Settings
from cases.trail import verify
from exchange.archive import LEFT_OUT, ArchiveProblem, export_archive
from exchange.restoring import NotEmpty, Plan, RestoreReport, restore_archive
from tests.cases import uploads
from tests.cases.dump import dump, execute
from tests.modes.story import walk
from tests.world import NOW, World, settle

Change = Callable[[dict[str, bytes]], None]


def in_use(db: Database, home: Path) -> tuple[World, Settings]:
    """A record with a case that has gone far, and a file of it."""
    settings = Settings(home, "")
    world = settle(db)
    case_id = world.case(patents=2)
    list(walk(world, case_id, until="take_effect"))
    keep_file(
        db, settings, world.person("officer"), case_id, kind="other", filename="扫描.png", data=uploads.picture(), now=NOW,
    )  # fmt: skip
    return world, settings


def archived(db: Database, settings: Settings, path: Path) -> Path:
    assert export_archive(db, settings, path, NOW).missing == ()
    return path


def restored(db: Database, path: Path, home: Path, **more: Any) -> RestoreReport:
    return restore_archive(db, Plan(path, FolderFiles(home / "files"), **more), NOW)


def files_of(settings: Settings) -> dict[str, str]:
    return {
        path.name: sha256(path.read_bytes()).hexdigest()
        for path in (settings.home / "files").rglob("*") if path.is_file()
    }  # fmt: skip


@pytest.mark.postgres
def test_record_is_equal_after_the_way_to_postgresql_and_back(
    db: Database, postgres: Database, tmp_path: Path
) -> None:
    _, settings = in_use(db, tmp_path / "one")
    first = archived(db, settings, tmp_path / "1.zip")
    there = restored(postgres, first, tmp_path / "two")
    second = archived(postgres, Settings(tmp_path / "two", ""), tmp_path / "2.zip")
    back = Database(f"sqlite:///{tmp_path}/back.db", synchronous="OFF")
    again = restored(back, second, tmp_path / "three")
    assert dump(back, *LEFT_OUT) == dump(postgres, *LEFT_OUT) == dump(db, *LEFT_OUT)
    assert (there.rows, there.files) == (again.rows, again.files)
    assert files_of(settings) == files_of(Settings(tmp_path / "three", "")) != {}
    for made in (postgres, back):
        assert differences(made) == []
        with made.read() as session:
            found = verify(session)
        assert (found.breaks, found.cases) == ((), 1)
    parts = [zipfile.ZipFile(path) for path in (first, second)]
    names = [name for name in parts[0].namelist() if name != "manifest.json"]
    assert [parts[0].read(name) == parts[1].read(name) for name in names] == [True] * len(names)
    back.dispose()


def test_restored_record_goes_on(any_db: Database, tmp_path: Path) -> None:
    """Numbers go on behind the highest, and the trail still refuses to be changed."""
    source = Database(f"sqlite:///{tmp_path}/source.db", synchronous="OFF")
    upgrade(source)
    world, settings = in_use(source, tmp_path / "one")
    restored(any_db, archived(source, settings, tmp_path / "1.zip"), tmp_path / "two")
    moved = World(any_db, world.org_id, world.people, world.company_id, world.patent_ids)
    assert moved.case(title="第二个案件") == 2
    list(walk(moved, 2, until="post_publicity"))
    for statement in ("UPDATE trail SET body = ''", "DELETE FROM trail"):
        with pytest.raises(DBAPIError, match="append-only"):
            execute(any_db, statement)
    source.dispose()


def test_record_with_rows_is_kept(any_db: Database, tmp_path: Path) -> None:
    _, settings = in_use(any_db, tmp_path / "one")
    archive = archived(any_db, settings, tmp_path / "1.zip")
    settle(any_db, "清源学院", "b-")
    before = dump(any_db)
    with pytest.raises(NotEmpty, match=r"organization有2行"):
        restored(any_db, archive, tmp_path / "two")
    assert dump(any_db) == before
    any_db.dispose()
    report = restored(any_db, archive, tmp_path / "two", replace=True)
    assert len(dump(any_db)["organization"]) == 1
    if not any_db.postgres:
        kept = Database(f"sqlite:///{report.kept}")
        assert dump(kept) == before
        kept.dispose()


def test_database_in_use_is_not_replaced(db: Database, tmp_path: Path) -> None:
    _, settings = in_use(db, tmp_path / "one")
    archive = archived(db, settings, tmp_path / "1.zip")
    before = dump(db)
    with db.cursor() as cur:
        cur.run("UPDATE organization SET phone = '1'")
        other = Database(db.url.render_as_string())
        with pytest.raises(ArchiveProblem, match="数据库正在使用"):
            restored(other, archive, tmp_path / "two", replace=True)
        cur.run("UPDATE organization SET phone = ''")
        other.dispose()
    assert dump(db) == before


@pytest.fixture(scope="module")
def parts_of_archive(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The parts of a good archive, made once."""
    folder = tmp_path_factory.mktemp("archive")
    shutil.copy(migrated, folder / "panhuo.db")
    source = Database(f"sqlite:///{folder}/panhuo.db", synchronous="OFF")
    _, settings = in_use(source, folder / "one")
    path = archived(source, settings, folder / "1.zip")
    source.dispose()
    with zipfile.ZipFile(path) as made:
        return {name: made.read(name) for name in made.namelist()}


def written(parts: dict[str, bytes], path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as target:
        for name, data in parts.items():
            target.writestr(name, data)
    return path


def _json(name: str, change: Callable[[Any], None]) -> Change:
    def apply(parts: dict[str, bytes]) -> None:
        told = json.loads(parts[name])
        change(told)
        parts[name] = json.dumps(told).encode()

    return apply


def _told(table: str, **values: object) -> Change:
    return _json("manifest.json", lambda m: next(t for t in m["tables"] if t["name"] == table).update(values))


def _rows(table: str, old: str, new: str) -> Change:
    """Change a table's rows and its hash in the manifest, as a forger would."""

    def apply(parts: dict[str, bytes]) -> None:
        name = f"tables/{table}.jsonl"
        assert old.encode() in parts[name]
        parts[name] = parts[name].replace(old.encode(), new.encode(), 1)
        told = json.loads(parts["manifest.json"])
        next(t for t in told["tables"] if t["name"] == table)["sha256"] = sha256(parts[name]).hexdigest()
        parts["manifest.json"] = json.dumps(told).encode()

    return apply


def _without(name: str) -> Change:
    return lambda parts: parts.__delitem__(name)


BAD: dict[str, tuple[Change, str]] = {
    "newer": (_json("manifest.json", lambda m: m.update(schema="9999")), "9999不属于本程序"),
    "no manifest": (_without("manifest.json"), "缺少manifest.json"),
    "other format": (_json("manifest.json", lambda m: m.update(format="zip")), "导出格式zip"),
    "bad manifest": (_json("manifest.json", lambda m: m.pop("tables")), "manifest.json无法读取"),
    "path for a file": (_json("manifest.json", lambda m: m["files"].append("../../x")), "manifest.json无法读取"),
    "table gone": (_without("tables/trail.jsonl"), "缺少tables/trail.jsonl"),
    "altered": (
        lambda parts: parts.update({"tables/company.jsonl": parts["tables/company.jsonl"].replace(b'"id":1', b'"id":2')}),
        "tables/company.jsonl与登记的哈希值不符",
    ),
    "unknown table": (_told("organization", name="sqlite_master"), "缺少tables/sqlite"),
    "unknown column": (_told("organization", columns=["id", "x"]), "organization或其中的列"),
    "fewer rows": (_told("organization", rows=2), "organization应有2行，实际1行"),
    "forged name": (_rows("conversion_case", "锂电池隔膜独占许可", "锂电池隔膜普通许可"), "核验未通过.*case:1"),
    "forged trail": (_rows("trail", "林知远", "林知近"), "核验未通过"),
    "broken reference": (_rows("case_patent", '"patent_id":1', '"patent_id":77'), "引用不完整|case_patent.jsonl"),
    "wrong kind": (_rows("patent", '"org_id":1', '"org_id":"1"'), "patent.jsonl第1至5行不能写入：'1'不是int"),
    "twice": (_rows("patent", '"id":2', '"id":1'), r"patent.jsonl第1至5行不能写入：(UNIQUE|duplicate)"),
    "not JSON": (_rows("company", "{", "["), "company.jsonl第1至1行不能写入"),
    "no date": (_rows("patent", '"filing_date":"2020-05-06"', '"filing_date":"2020-15-06"'), "patent.jsonl第1至5行"),
}  # fmt: skip


@pytest.mark.parametrize("how", BAD)
def test_bad_archive_is_refused_with_its_place_and_changes_nothing(
    how: str, parts_of_archive: dict[str, bytes], tmp_path: Path
) -> None:
    change, reason = BAD[how]
    parts = dict(parts_of_archive)
    change(parts)
    empty = Database(f"sqlite:///{tmp_path}/empty.db", synchronous="OFF")
    with pytest.raises(ArchiveProblem, match=reason):
        restored(empty, written(parts, tmp_path / "bad.zip"), tmp_path / "two")
    empty.dispose()
    assert sorted(path.name for path in tmp_path.glob("empty.db*")) == []


@pytest.mark.parametrize("size", [0, 100, -2000, -1])
def test_truncated_archive_is_refused(size: int, parts_of_archive: dict[str, bytes], tmp_path: Path) -> None:
    path = written(parts_of_archive, tmp_path / "1.zip")
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(ArchiveProblem, match="不是完整的zip文件"):
        restored(Database(f"sqlite:///{tmp_path}/empty.db"), path, tmp_path / "two")


@pytest.mark.postgres
def test_refused_archive_leaves_postgresql_as_it_was(
    postgres: Database, parts_of_archive: dict[str, bytes], tmp_path: Path
) -> None:
    parts = dict(parts_of_archive)
    BAD["forged trail"][0](parts)
    bad = written(parts, tmp_path / "bad.zip")
    with pytest.raises(ArchiveProblem, match="核验未通过"):
        restored(postgres, bad, tmp_path / "two")
    assert differences(postgres) == []
    with postgres.engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) - {"alembic_version"} == set(TABLES.tables)
    report = restored(postgres, bad, tmp_path / "two", allow_broken=True)
    assert report.broken
