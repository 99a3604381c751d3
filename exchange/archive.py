"""All data as one file: a zip with a manifest, one JSON-lines file per table, and the stored files.

Format 1. `manifest.json` names format, schema revision, moment, and per table its columns, row count and
SHA-256. `tables/<table>.jsonl` has one JSON object per row, by primary key, every column present; dates are ISO
days, moments ISO in UTC. `files/<sha256>` are the bytes of the file store under their own hash. Left out are
sessions, sign-in links and which processes are alive, which are of no use elsewhere, the search index, which is made
anew, and the secrets of this installation. Password and token hashes are inside: keep the file as safe as the database.
"""

import zlib
from collections.abc import Iterable, Iterator, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import orjson
from sqlalchemy import MetaData, Select, Table, select
from sqlmodel import Session

from cases.db import Database
from cases.errors import NotFound
from cases.files import Damaged, Files, is_name
from cases.replay import one_moment
from cases.schema import TABLES, current, newest
from cases.search_table import SHADOWS, WORDS
from cases.settings import Settings
from exchange.dictionary import README, dictionary_of
from exchange.sheets import csv_lines
from exchange.zips import CHUNK, Parts, zip_at

FORMAT = "panhuo-archive"
FORMAT_VERSION = 1
NAMING_FILES = (
    ("document", "sha256"),
    ("case_file", "sha256"),
    ("import_run", "rejects_file"),
    ("report", "sha256"),
    ("funding", "evidence_sha256"),
)
# Of the installation, not of an institution.
OF_ALL = frozenset({"nightly_step"})
# Derived from the rest and made anew where a record is filled.
DERIVED = frozenset({"patent_index", WORDS, *SHADOWS})
# Those, and what is of no use elsewhere.
LEFT_OUT = DERIVED | {"enterprise_session", "process", "secret", "session", "sign_in_link"}


@dataclass(frozen=True, slots=True)
class TableSummary:
    """What the manifest says of one table."""

    name: str
    columns: tuple[str, ...]
    rows: int
    sha256: str

    def as_json(self) -> dict[str, Any]:
        """Return the entry of the manifest."""
        return {"name": self.name, "columns": list(self.columns), "rows": self.rows, "sha256": self.sha256}


@dataclass(frozen=True, slots=True)
class ArchiveReport:
    """What an export wrote. `missing` names stored files that the record knows and the disk does not have."""

    path: Path
    size: int
    tables: tuple[TableSummary, ...]
    files: int
    missing: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the JSON form for the command line."""
        return {
            "path": str(self.path),
            "size": self.size,
            "format": FORMAT,
            "version": FORMAT_VERSION,
            "rows": sum(table.rows for table in self.tables),
            "tables": {table.name: table.rows for table in self.tables},
            "files": self.files,
            "missing_files": list(self.missing),
        }


def export_archive(
    db: Database,
    settings: Settings,
    target: Path,
    now: datetime,
    *,
    org_id: int | None = None,
    csv: bool = False,
) -> ArchiveReport:
    """Write everything into one zip, as of one moment; the file appears whole or not at all.

    With `org_id` it is everything that one institution owns, its files included, and can be restored as a record of
    its own. With `csv` every table is also there as spreadsheets open it.

    Raises: OSError if the folder cannot be written; NotFound if there is no such institution.
    Effects: writes `target`, readable by its owner only. Reads in one snapshot; memory does not grow with rows.
    """
    with zip_at(target, now) as parts:
        left_out = LEFT_OUT if org_id is None else LEFT_OUT | OF_ALL
        record = write_record(parts, db, left_out, org_id=org_id, csv=csv)
        wanted = None if org_id is None else record.wanted
        stored = _write_files(parts, settings.files, wanted)
        parts.whole("README.txt", README.encode())
        exported = {table.name for table in record.tables}
        parts.lines(
            "dictionary.jsonl", dictionary_of([t for t in TABLES.sorted_tables if t.name in exported])
        )
        write_manifest(parts, record, stored, **({} if org_id is None else {"institution": org_id}))
    missing = tuple(sorted(record.wanted - stored))
    return ArchiveReport(target, target.stat().st_size, record.tables, len(stored), missing)


@dataclass(frozen=True, slots=True)
class WrittenRecord:
    """The tables as written, the schema they stand at, and the stored files that their rows name."""

    schema: str
    left_out: Set[str]
    tables: tuple[TableSummary, ...]
    wanted: frozenset[str]


def write_record(
    parts: Parts, db: Database, left_out: Set[str] = LEFT_OUT, *, org_id: int | None = None, csv: bool = False
) -> WrittenRecord:
    """Write every table as of one moment, while others go on writing; with `org_id` the rows of one institution."""
    with db.read() as session:
        one_moment(session)
        revision = str(current(session.connection()))
        held = TABLES if revision == newest() else _older(session)
        if (
            org_id is not None
            and not session.connection().execute(_rows(held.tables["organization"], org_id)).first()
        ):
            raise NotFound(f"没有编号为{org_id}的单位", f"there is no institution {org_id}")
        tables = tuple(_write_table(parts, session, table, org_id, csv) for table in _tables(held, left_out))
        return WrittenRecord(revision, left_out, tables, frozenset(wanted_files(session, held, org_id)))


def write_manifest(parts: Parts, record: WrittenRecord, stored: Iterable[str], **more: object) -> None:
    """Write what the archive holds; it comes last, so that an archive without it is known to be unfinished."""
    manifest = {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "schema": record.schema,
        "exported_at": parts.moment.isoformat(),
        "left_out": sorted(record.left_out),
        "tables": [table.as_json() for table in record.tables],
        "files": sorted(stored),
        **more,
    }
    parts.whole("manifest.json", orjson.dumps(manifest, option=orjson.OPT_INDENT_2))


def _tables(held: MetaData, left_out: Set[str]) -> Iterator[Table]:
    """Yield the tables in an order in which they can be filled again."""
    return (table for table in held.sorted_tables if table.name not in {*left_out, "alembic_version"})


def _older(session: Session) -> MetaData:
    """Return the tables as an older release made them, for a backup before the upgrade."""
    found = MetaData()
    found.reflect(session.connection())
    return found


def _write_table(
    parts: Parts, session: Session, table: Table, org_id: int | None = None, csv: bool = False
) -> TableSummary:
    columns = tuple(str(column.name) for column in table.columns)

    def values() -> Iterator[list[object]]:
        found = session.connection().execution_options(yield_per=1000).execute(_rows(table, org_id))
        return ([_plain(value) for value in row] for row in found)

    name = f"tables/{table.name}.jsonl"
    rows = parts.lines(name, (orjson.dumps(dict(zip(columns, row, strict=True))) + b"\n" for row in values()))
    if csv:
        parts.lines(f"csv/{table.name}.csv", csv_lines(columns, values()))
    return TableSummary(table.name, columns, rows, parts.digests[name])


def _rows(table: Table, org_id: int | None) -> Select[Any]:
    """Return the query of a table's rows: all, or those that are one institution's and refer to no other."""
    query = select(*table.columns).order_by(*table.primary_key.columns)
    if org_id is None:
        return query
    if table.name == "organization":
        return query.where(table.c.id == org_id)
    for column in table.columns:
        if column.name == "org_id":
            query = query.where(column == org_id)
        elif any(key.target_fullname == "organization.id" for key in column.foreign_keys):
            query = query.where((column == org_id) | column.is_(None))
    return query


def _plain(value: object) -> object:
    if isinstance(value, datetime):  # tables that were read back from SQLite do not know that theirs are UTC
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def wanted_files(session: Session, held: MetaData, org_id: int | None = None) -> Iterator[str]:
    """Yield the stored files that rows name, or those of one institution."""
    for table, column in NAMING_FILES:
        if table in held.tables and column in held.tables[table].c:
            query = select(held.tables[table].c[column])
            query = query if org_id is None else query.where(held.tables[table].c.org_id == org_id)
            yield from filter(is_name, session.connection().execute(query).scalars())


def _write_files(parts: Parts, files: Files, wanted: Set[str] | None = None) -> set[str]:
    """Copy the file store, or what is wanted of it; a file is checked against its name, a damaged one counts as missing."""
    stored = set()
    for name in files.names() if wanted is None else sorted(wanted):
        with suppress(Damaged, FileNotFoundError):
            parts.file(f"files/{name}", files.local(name))
            stored.add(name)
    return stored


class ArchiveProblem(ValueError):
    """An archive that does not hold together; the text is Chinese and says where."""

    @property
    def message(self) -> str:
        """What people are told."""
        return str(self)


def check_archive(path: Path) -> dict[str, Any]:
    """Read an archive through and return its manifest.

    Raises: ArchiveProblem naming the first part that is missing or does not match its hash; OSError.
    """
    with opened(path) as archive:
        manifest = manifest_of(archive)
        names = set(archive.namelist())
        parts = {f"tables/{table['name']}.jsonl": table["sha256"] for table in manifest["tables"]}
        parts |= {f"files/{digest}": digest for digest in manifest["files"]}
        for name, expected in parts.items():
            if name not in names:
                raise ArchiveProblem(f"导出文件不完整：缺少{name}")
            if _part_digest(archive, name) != expected:
                raise ArchiveProblem(f"导出文件已损坏：{name}与登记的哈希值不符")
    return manifest


@contextmanager
def opened(path: Path) -> Iterator[ZipFile]:
    """Open a zip for reading; whatever is wrong with its bytes becomes an ArchiveProblem."""
    try:
        with ZipFile(path) as archive:
            yield archive
    except (BadZipFile, EOFError, zlib.error, NotImplementedError, UnicodeDecodeError) as error:
        raise ArchiveProblem(f"{path.name}不是完整的zip文件，或已损坏：{error}") from error


def manifest_of(archive: ZipFile) -> dict[str, Any]:
    """Return the manifest of an archive, its shape checked.

    Raises: ArchiveProblem.
    """
    if "manifest.json" not in archive.namelist():
        raise ArchiveProblem("不是盘活导出文件：缺少manifest.json")
    try:
        manifest: dict[str, Any] = orjson.loads(archive.read("manifest.json"))
        found = (manifest.get("format"), manifest.get("version"))
        rows = [(t["name"], tuple(t["columns"]), int(t["rows"]), t["sha256"]) for t in manifest["tables"]]
        texts = [
            manifest["schema"],
            *manifest["files"],
            *(text for row in rows for text in (row[0], row[3], *row[1])),
        ]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ArchiveProblem(f"manifest.json无法读取：{error}") from error
    if found != (FORMAT, FORMAT_VERSION):
        raise ArchiveProblem(f"导出格式{found[0]} {found[1]}不受支持")
    if not all(isinstance(text, str) for text in texts) or not all(map(is_name, manifest["files"])):
        raise ArchiveProblem("manifest.json无法读取：应为文字的内容不是文字，或文件名不是哈希值")
    return manifest


def _part_digest(archive: ZipFile, name: str) -> str:
    digest = sha256()
    with archive.open(name) as source:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
