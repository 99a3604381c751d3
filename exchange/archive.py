"""All data as one file: a zip with a manifest, one JSON-lines file per table, and the stored files.

Format 1. `manifest.json` names format, schema revision, moment, and per table its columns, row count and
SHA-256. `tables/<table>.jsonl` has one JSON object per row, by primary key, every column present; dates are ISO
days, moments ISO in UTC. `files/<sha256>` are the bytes of the file store under their own hash. Left out are
sessions, sign-in links and which processes are alive, which are of no use elsewhere, and the secrets of this
installation. Password and token hashes are inside: keep the file as safe as the database.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import orjson
from sqlalchemy import Table, select
from sqlmodel import Session

from cases.db import Database
from cases.files import Damaged, Files, is_name
from cases.replay import one_moment
from cases.schema import TABLES, current
from cases.settings import Settings
from exchange.zips import CHUNK, Parts, zip_at

FORMAT = "panhuo-archive"
FORMAT_VERSION = 1
LEFT_OUT = frozenset({"process", "secret", "session", "sign_in_link"})


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


def export_archive(db: Database, settings: Settings, target: Path, now: datetime) -> ArchiveReport:
    """Write everything into one zip, as of one moment; the file appears whole or not at all.

    Raises: OSError if the folder cannot be written.
    Effects: writes `target`, readable by its owner only. Reads in one snapshot; memory does not grow with rows.
    """
    with zip_at(target, now) as parts, db.read() as session:
        one_moment(session)
        revision = current(session.connection())
        tables = tuple(_write_table(parts, session, table) for table in _tables())
        wanted = _wanted_files(session)
        stored = _write_files(parts, settings.files)
        manifest = {
            "format": FORMAT,
            "version": FORMAT_VERSION,
            "schema": revision,
            "exported_at": parts.moment.isoformat(),
            "left_out": sorted(LEFT_OUT),
            "tables": [table.as_json() for table in tables],
            "files": sorted(stored),
        }
        parts.whole("manifest.json", orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
    missing = tuple(sorted(wanted - stored))
    return ArchiveReport(target, target.stat().st_size, tables, len(stored), missing)


def _tables() -> Iterator[Table]:
    """Yield the tables in an order in which they can be filled again."""
    return (table for table in TABLES.sorted_tables if table.name not in LEFT_OUT)


def _write_table(parts: Parts, session: Session, table: Table) -> TableSummary:
    columns = tuple(column.name for column in table.columns)
    query = select(*table.columns).order_by(*table.primary_key.columns)
    result = session.connection().execution_options(yield_per=1000).execute(query)
    name = f"tables/{table.name}.jsonl"
    rows = parts.lines(
        name, (orjson.dumps(dict(zip(columns, map(_plain, row), strict=True))) + b"\n" for row in result)
    )
    return TableSummary(table.name, columns, rows, parts.digests[name])


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _wanted_files(session: Session) -> set[str]:
    run = TABLES.tables["import_run"]
    found = [
        digest
        for name in ("document", "case_file")
        for digest in session.connection().execute(select(TABLES.tables[name].c.sha256)).scalars()
        if digest
    ]
    rejects = (
        session.connection().execute(select(run.c.rejects_file).where(run.c.rejects_file != "")).scalars()
    )
    return {*found, *(name for name in rejects if is_name(name))}


def _write_files(parts: Parts, files: Files) -> set[str]:
    """Copy the file store; each file is checked against its name, a damaged one counts as missing."""
    stored = set()
    for name in files.names():
        with suppress(Damaged, FileNotFoundError):
            parts.file(f"files/{name}", files.local(name))
            stored.add(name)
    return stored


class ArchiveProblem(ValueError):
    """An archive that does not hold together; the text is Chinese and says where."""


def check_archive(path: Path) -> dict[str, Any]:
    """Read an archive through and return its manifest.

    Raises: ArchiveProblem naming the first part that is missing or does not match its hash; OSError.
    """
    with ZipFile(path) as archive:
        names = set(archive.namelist())
        if "manifest.json" not in names:
            raise ArchiveProblem("不是盘活导出文件：缺少manifest.json")
        manifest: dict[str, Any] = orjson.loads(archive.read("manifest.json"))
        if (manifest.get("format"), manifest.get("version")) != (FORMAT, FORMAT_VERSION):
            raise ArchiveProblem(f"导出格式{manifest.get('format')} {manifest.get('version')}不受支持")
        parts = {f"tables/{table['name']}.jsonl": table["sha256"] for table in manifest["tables"]}
        parts |= {f"files/{digest}": digest for digest in manifest["files"]}
        for name, expected in parts.items():
            if name not in names:
                raise ArchiveProblem(f"导出文件不完整：缺少{name}")
            if _part_digest(archive, name) != expected:
                raise ArchiveProblem(f"导出文件已损坏：{name}与登记的哈希值不符")
    return manifest


def _part_digest(archive: ZipFile, name: str) -> str:
    digest = sha256()
    with archive.open(name) as source:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
