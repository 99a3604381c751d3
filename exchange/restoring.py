"""Fills a record from an archive: an empty one of either kind, at once or not at all.

The tables are made at the schema of the archive, filled, brought to the newest schema, and verified (references,
trail, replay, files) before anything counts. On SQLite all of it happens in a draft beside the database, which takes
its place at the end in one step; on PostgreSQL in one transaction. Whoever is killed on the way leaves the record as it was.
Memory does not grow with rows.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from sqlite3 import Error as SqliteError
from sqlite3 import connect
from typing import Any
from zipfile import ZipFile

import orjson
from sqlalchemy import Boolean, Connection, Date, DateTime, Integer, MetaData, Table, func, inspect, select
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from cases.db import Database
from cases.files import Files
from cases.replay import batched
from cases.schema import TABLES, build, fill, newest, rebuilding, revisions
from cases.stored_files import check_files
from cases.trail import verify
from exchange.archive import ArchiveProblem, check_archive, opened

BATCH = 2000
DRAFT = ".restoring"
FileSource = Callable[[str], bytes]
FUNCTIONS = (
    "SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang "
    "WHERE p.pronamespace = current_schema()::regnamespace AND l.lanname = 'plpgsql' "
    "AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
)


class NotEmpty(ArchiveProblem):
    """The record to fill holds rows already."""


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What was filled in: rows by table, files, and the schema before and after. `kept` is where the old database went."""

    schema: tuple[str, str]
    rows: Mapping[str, int]
    files: int
    missing: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    kept: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the JSON form for the command line."""
        return {
            "schema_of_archive": self.schema[0], "schema": self.schema[1], "rows": sum(self.rows.values()),
            "tables": dict(self.rows), "files": self.files, "missing_files": list(self.missing),
            "broken": list(self.broken), "kept": self.kept,
        }  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """What to fill in, from where, and how strictly. `files` are the digests to bring, `file` gives their bytes."""

    path: Path
    store: Files
    replace: bool = False
    allow_broken: bool = False
    files: tuple[str, ...] | None = None
    file: FileSource | None = None
    expected_missing: frozenset[str] = field(default_factory=frozenset)


def restore_archive(db: Database, plan: Plan, now: datetime) -> RestoreReport:
    """Fill the record with the rows and files of an archive.

    Raises: ArchiveProblem if the archive is damaged, forged or too new; NotEmpty; OSError.
    Effects: writes the files that are missing, and the whole record.
    """
    manifest = check_archive(plan.path)
    _check_schema(manifest["schema"])
    with _place(db, plan.replace, now) as (connection, kept):
        with opened(plan.path) as archive, _whole(connection):
            build(connection, manifest["schema"])
            rows = _fill(connection, archive, manifest)
            build(connection, "head")
            fill(connection)
            files = _bring_files(archive, manifest, plan)
        broken = _verified(connection, plan)
        if broken and not plan.allow_broken:
            raise ArchiveProblem(
                f"核验未通过，没有恢复任何数据：{'；'.join(broken[:5])}。确需恢复受损的数据时加 --allow-broken"
            )
    return RestoreReport(
        (manifest["schema"], str(newest())), rows, files, tuple(sorted(plan.expected_missing)), broken, kept
    )


@contextmanager
def _whole(connection: Connection) -> Iterator[None]:
    """Let rows come in any order on SQLite; at the end every reference must hold."""
    try:
        with rebuilding(connection):
            yield
    except RuntimeError as error:
        raise ArchiveProblem(f"行之间的引用不完整：{error}") from error


def _check_schema(revision: str) -> None:
    if revision not in revisions():
        raise ArchiveProblem(
            f"数据库结构版本{revision}不属于本程序（最新为{newest()}）：请先安装更新的程序，再恢复"
        )


@contextmanager
def _place(db: Database, replace: bool, now: datetime) -> Iterator[tuple[Connection, str]]:
    """Give a connection to an empty database without tables; what was written there counts at the end, or never."""
    held = rows_held(db)
    db.dispose()  # a connection kept open here would count as somebody who uses the database
    if held and not replace:
        raise NotEmpty(
            f"目标数据库中已有数据（{held}），没有恢复任何内容。请指定空的PANHUO_HOME或空数据库；确需覆盖时加 --replace"
        )
    with _postgres(db) if db.postgres else _sqlite(db, now) as found:
        yield found


def rows_held(db: Database) -> str:
    """Return the first table with rows in it; nothing if the record is empty or not there yet."""
    if not db.postgres and not Path(str(db.url.database)).exists():
        return ""
    with db.read() as session:
        connection = session.connection()
        there = set(inspect(connection).get_table_names())
        for table in TABLES.sorted_tables:
            if table.name in there and (count := connection.scalar(select(func.count()).select_from(table))):
                return f"表{table.name}有{count}行"
    return ""


@contextmanager
def _postgres(db: Database) -> Iterator[tuple[Connection, str]]:
    with db.engine.connect() as connection, connection.begin():
        for name in inspect(connection).get_table_names():
            if name in TABLES.tables or name == "alembic_version":
                connection.exec_driver_sql(f'DROP TABLE "{name}" CASCADE')
        for (function,) in connection.exec_driver_sql(FUNCTIONS).all():
            connection.exec_driver_sql(f"DROP FUNCTION {function} CASCADE")
        yield connection, ""


@contextmanager
def _sqlite(db: Database, now: datetime) -> Iterator[tuple[Connection, str]]:
    target = Path(str(db.url.database))
    draft = target.with_name(target.name + DRAFT)
    _remove(draft)
    _check_unused(target)
    _forget_second_names(target)
    kept = (
        target.with_name(f"{target.name}.{now.astimezone(UTC):%Y%m%dT%H%M%SZ}") if target.exists() else None
    )
    building = Database(f"sqlite:///{draft}", synchronous="OFF")
    try:
        with building.engine.connect() as connection:
            yield connection, str(kept or "")
            connection.commit()
        building.dispose()
        with connect(draft) as raw:
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            raw.execute("PRAGMA journal_mode = DELETE")
        raw.close()
        _sync(draft)
        if kept:
            _keep(target, kept)
        draft.replace(target)
        _sync(target.parent)
    finally:
        building.dispose()
        _remove(draft)


def _keep(target: Path, kept: Path) -> None:
    """Give the old database a second name, so that the draft takes its place in one step; a copy where links are not had."""
    kept.unlink(missing_ok=True)
    try:
        kept.hardlink_to(target)
    except OSError:
        shutil.copyfile(target, kept)
        _sync(kept)


def _forget_second_names(target: Path) -> None:
    """Take away what a restore left that died before its draft took the place: a second name of the database in use."""
    for other in target.parent.glob(f"{target.name}.2*"):
        if target.exists() and other.samefile(target):
            other.unlink()


def _check_unused(target: Path) -> None:
    """Leave WAL mode, which works only while nobody else has the database open; what waits in the WAL goes in.

    Raises: ArchiveProblem.
    """
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        return
    raw = connect(target, timeout=1)
    try:
        raw.execute("PRAGMA journal_mode = DELETE").fetchone()
    except SqliteError as error:
        raise ArchiveProblem(
            f"数据库正在使用（{error}）：请先停止panhuo serve和panhuo worker，再恢复"
        ) from error
    finally:
        raw.close()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(draft: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal", ".migrating"):
        draft.with_name(draft.name + ending).unlink(missing_ok=True)


def _fill(connection: Connection, archive: ZipFile, manifest: Mapping[str, Any]) -> dict[str, int]:
    held = MetaData()
    held.reflect(connection)
    rows = {}
    for told in manifest["tables"]:
        name = told["name"]
        table = held.tables.get(name)
        if table is None or not set(told["columns"]) <= set(table.columns.keys()):
            raise ArchiveProblem(f"表{name}或其中的列不属于数据库结构{manifest['schema']}")
        rows[name] = _fill_table(connection, archive, table, told["columns"])
        if rows[name] != told["rows"]:
            raise ArchiveProblem(f"表{name}应有{told['rows']}行，实际{rows[name]}行")
        if connection.dialect.name == "postgresql" and isinstance(
            getattr(table.c.get("id"), "type", None), Integer
        ):
            _count_on(connection, table)
    return rows


def _fill_table(connection: Connection, archive: ZipFile, table: Table, columns: list[str]) -> int:
    readers = [_reader_of(table, name, connection.dialect.name == "postgresql") for name in columns]
    listed = ", ".join(f'"{name}"' for name in columns)
    cursor: Any = connection.connection.cursor()
    count = 0
    with archive.open(f"tables/{table.name}.jsonl") as lines:
        for page in batched(lines, BATCH):
            try:
                values = [_row(line, columns, readers) for line in page]
                _insert(cursor, table.name, listed, values, connection.dialect.name)
            except (ValueError, KeyError, TypeError) as error:
                raise _at(table, count, len(page), str(error)) from error
            except (DBAPIError, connection.dialect.loaded_dbapi.Error) as error:
                raise _at(table, count, len(page), str(error).splitlines()[0]) from error
            count += len(page)
    return count


def _at(table: Table, before: int, rows: int, reason: str) -> ArchiveProblem:
    return ArchiveProblem(f"tables/{table.name}.jsonl第{before + 1}至{before + rows}行不能写入：{reason}")


def _insert(cursor: Any, table: str, listed: str, rows: list[list[object]], dialect: str) -> None:
    if dialect == "postgresql":
        with cursor.copy(f'COPY "{table}" ({listed}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)
        return
    places = ", ".join("?" * len(rows[0]))
    cursor.executemany(f'INSERT INTO "{table}" ({listed}) VALUES ({places})', rows)  # noqa: S608


def _row(line: bytes, columns: list[str], readers: list[Callable[[Any], object]]) -> list[object]:
    told = orjson.loads(line)
    if not isinstance(told, dict) or len(told) != len(columns):
        raise ValueError("一行的列与清单不符")
    return [
        None if (value := told[name]) is None else read(value)
        for name, read in zip(columns, readers, strict=True)
    ]


def _reader_of(table: Table, name: str, postgres: bool) -> Callable[[Any], object]:
    """Return what turns a value of the archive into the form that the database stores, and refuses any other."""
    kind = table.columns[name].type
    readers: tuple[tuple[type, Callable[[Any], object]], ...] = (
        (DateTime, _moment if postgres else lambda text: _moment(text).strftime("%Y-%m-%d %H:%M:%S.%f")),
        (Date, date.fromisoformat if postgres else lambda text: date.fromisoformat(text).isoformat()),
        (Boolean, lambda value: bool(_exactly(value, bool))),
        (Integer, lambda value: _exactly(value, int)),
    )
    for found, read in readers:
        if isinstance(kind, found):
            return read
    return lambda value: _exactly(value, str)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _exactly(value: object, kind: type) -> object:
    if type(value) is not kind:
        raise ValueError(f"{value!r}不是{kind.__name__}")
    return value


def _count_on(connection: Connection, table: Table) -> None:
    """Let PostgreSQL number on behind the highest id."""
    connection.exec_driver_sql(
        f"SELECT setval(s, GREATEST(m, 1), m > 0) FROM (SELECT pg_get_serial_sequence('{table.name}', 'id') AS s, "  # noqa: S608
        f'(SELECT COALESCE(MAX(id), 0) FROM "{table.name}") AS m) AS x WHERE s IS NOT NULL'
    )


def _bring_files(archive: ZipFile, manifest: Mapping[str, Any], plan: Plan) -> int:
    wanted = manifest["files"] if plan.files is None else plan.files
    for digest in wanted:
        data = archive.read(f"files/{digest}") if plan.file is None else plan.file(digest)
        if plan.store.store(data) != digest:
            raise ArchiveProblem(f"文件{digest}的内容与其哈希值不符")
    return len(wanted)


def _verified(connection: Connection, plan: Plan) -> tuple[str, ...]:
    """Return what does not hold in the record as filled; files that the backup already missed are not counted again."""
    with Session(connection) as session:
        session.connection()  # joins the transaction that filled the tables
        breaks = [f"{found.chain}第{found.seq}条：{found.reason_zh}" for found in verify(session).breaks]
        spoiled = [
            f"{file.case_no} {file.filename}：{file.reason_zh}"
            for file in check_files(session, plan.store).spoiled
            if file.sha256 not in plan.expected_missing
        ]
    return (*breaks, *spoiled)
