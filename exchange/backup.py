"""Backups while everything runs: the record of one moment, every stored file, and the home's keys and house folders.

A backup folder holds one sub-folder per backup, named by its moment, and `objects/`, which they share: stored files
never change, so each is copied once. Files are written before the row that names them and are never deleted, so what a
snapshot of the record names is there when the files are copied after it. A backup is read through again before it
bears its name; one that was killed leaves a draft, which the next one removes. Everything is readable by its owner
only: password hashes and the institution's private keys are inside.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from fcntl import LOCK_EX, LOCK_NB, flock
from hashlib import file_digest
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import orjson

from cases.db import Database
from cases.files import Damaged, Files, FolderFiles, is_name
from cases.settings import Settings
from exchange.archive import DERIVED, ArchiveProblem, check_archive, opened, write_manifest, write_record
from exchange.restoring import Plan, RestoreReport, restore_archive
from exchange.zips import Parts, zip_at

RECORD, HOME, TOLD, OBJECTS, DRAFT = "record.zip", "home.zip", "backup.json", "objects", ".draft-"
FORMAT = "panhuo-backup"
FORMAT_VERSION = 1
KEPT_OF_HOME = ("keys", "packs", "houses")  # what an institution has put there itself; all else is made anew
# The secrets of this installation come back with it.
OF_NO_USE = DERIVED | {"enterprise_session", "session", "sign_in_link"}
STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup wrote: its folder, rows, files in it and files that were copied now, and what was not there."""

    path: Path
    rows: int
    files: int
    copied: int
    size: int
    missing: tuple[str, ...]
    removed: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the JSON form for the command line."""
        return {
            "path": str(self.path), "rows": self.rows, "files": self.files, "copied": self.copied,
            "bytes": self.size, "missing_files": list(self.missing), "removed": list(self.removed),
        }  # fmt: skip


def back_up(
    db: Database, settings: Settings, target: Path, now: datetime, *, keep: int = 0, thorough: bool = False
) -> BackupReport:
    """Write one backup into a folder of backups, and remove all but the newest `keep` (0: remove none).

    Args:
        thorough: hash also the files that an earlier backup has copied.

    Raises: ArchiveProblem if another backup is being written there, or what was written cannot be read again; OSError.
    """
    with _alone(target):
        name = _free_name(target, now)
        draft = target / f"{DRAFT}{name}"
        draft.mkdir(mode=0o700)
        with zip_at(draft / RECORD, now) as parts:
            record = write_record(parts, db, OF_NO_USE)
            write_manifest(parts, record, (), files_beside=True)
        with zip_at(draft / HOME, now) as parts:
            _write_home(parts, settings.own)
        files, copied, size = copy_store(settings.files, FolderFiles(target / OBJECTS), thorough)
        missing = tuple(sorted(record.wanted - files))
        told = {
            "format": FORMAT, "version": FORMAT_VERSION, "schema": record.schema, "made_at": now.astimezone(UTC).isoformat(),
            "parts": {part: _digest_of(draft / part) for part in (RECORD, HOME)},
            "files": sorted(files), "missing": list(missing),
        }  # fmt: skip
        _write(draft / TOLD, orjson.dumps(told, option=orjson.OPT_INDENT_2))
        check_backup(draft, thorough=False)
        draft.rename(target / name)
        _sync(target)
        rows = sum(table.rows for table in record.tables)
        removed = _retire(target, keep)
    return BackupReport(target / name, rows, len(files), copied, size, missing, removed)


def wanted_backup(db: Database, settings: Settings, now: datetime) -> str:
    """Write the backup that the settings ask for and tell of it; nothing if they keep none.

    Raises: ArchiveProblem, also if files that the record names were missing (the backup is there without them); OSError.
    """
    watched = settings.watched
    if not watched.keep:
        return ""
    report = back_up(db, settings, watched.backups, now, keep=watched.keep)
    if report.missing:
        raise ArchiveProblem(
            f"备份{report.path.name}缺少{len(report.missing)}个文件，请运行panhuo verify查看"
        )
    return f"{report.path.name}：{report.rows}行、{report.files}个文件（新复制{report.copied}个）"


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """Hold a folder of backups; drafts that somebody left there go away."""
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (target / ".lock").open("w") as lock:
        try:
            flock(lock, LOCK_EX | LOCK_NB)
        except BlockingIOError as error:
            raise ArchiveProblem(f"{target}中正在写入另一份备份，请待其结束后再试") from error
        for left in target.glob(f"{DRAFT}*"):
            shutil.rmtree(left)
        yield


def _free_name(target: Path, now: datetime) -> str:
    name = now.astimezone(UTC).strftime(STAMP)
    if (target / name).exists():
        raise ArchiveProblem(f"{target / name}已经存在，请稍后再试")
    return name


def _write_home(parts: Parts, home: Path) -> None:
    for name in KEPT_OF_HOME:
        for path in sorted((home / name).rglob("*")):
            if path.is_file():
                parts.file(str(path.relative_to(home)), path)


def copy_store(source: Files, objects: Files, thorough: bool) -> tuple[frozenset[str], int, int]:
    """Copy what is not there yet, checked against its name; return all there is, and the number and bytes copied."""
    there, copied, size = set(), 0, 0
    for name in source.names():
        if not (objects.has(name) and (not thorough or _is_whole(objects, name))):
            try:
                path = source.local(name)
                objects.store_file(path)
            except (FileNotFoundError, Damaged):
                continue
            copied, size = copied + 1, size + path.stat().st_size
        there.add(name)
    return frozenset(there), copied, size


def _is_whole(objects: Files, name: str) -> bool:
    try:
        objects.check(name)
    except (FileNotFoundError, Damaged):
        return False
    return True


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _write(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _retire(target: Path, keep: int) -> tuple[str, ...]:
    """Remove the oldest backups, and the files that no backup names any more."""
    if not keep:
        return ()
    gone = backups_in(target)[:-keep]
    for path in gone:
        path.rename(draft := target / f"{DRAFT}{path.name}")
        shutil.rmtree(draft)
    named = {digest for path in backups_in(target) for digest in told_of(path)["files"]}
    objects = FolderFiles(target / OBJECTS)
    for name in objects.names() if gone else ():
        if name not in named:
            objects.drop(name)
    return tuple(path.name for path in gone)


def backups_in(target: Path) -> list[Path]:
    """Return the finished backups of a folder, the oldest first."""
    return sorted(path.parent for path in target.glob(f"[0-9]*/{TOLD}"))


def told_of(backup: Path) -> dict[str, Any]:
    """Return what a backup says of itself.

    Raises: ArchiveProblem.
    """
    try:
        told: dict[str, Any] = orjson.loads((backup / TOLD).read_bytes())
        well = (told["format"], told["version"]) == (FORMAT, FORMAT_VERSION) and all(
            map(is_name, told["files"])
        )
        set(told["parts"]), set(told["missing"]), str(told["schema"])
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ArchiveProblem(f"{backup}不是完整的备份：{TOLD}无法读取（{error}）") from error
    if not well:
        raise ArchiveProblem(f"{backup}不是本程序的备份，或版本不受支持")
    return told


def check_backup(backup: Path, *, thorough: bool = True) -> dict[str, Any]:
    """Read a backup through and return what it says of itself; with `thorough` every file is hashed anew.

    Raises: ArchiveProblem naming the first part that is missing or altered.
    """
    told = told_of(backup)
    for part in (RECORD, HOME):
        if not (backup / part).is_file():
            raise ArchiveProblem(f"备份不完整：缺少{backup / part}")
        if _digest_of(backup / part) != told["parts"].get(part):
            raise ArchiveProblem(f"备份已损坏：{backup / part}与登记的哈希值不符")
    check_archive(backup / RECORD)
    objects = FolderFiles(backup.parent / OBJECTS)
    for digest in told["files"]:
        if not objects.has(digest):
            raise ArchiveProblem(f"备份不完整：缺少文件{objects.path(digest)}")
        if thorough and not _is_whole(objects, digest):
            raise ArchiveProblem(f"备份已损坏：文件{objects.path(digest)}与其哈希值不符")
    return told


def restore(
    db: Database,
    settings: Settings,
    source: Path,
    now: datetime,
    *,
    replace: bool = False,
    allow_broken: bool = False,
) -> RestoreReport:
    """Fill the record from an archive file, a backup, or the newest backup of a folder.

    Raises: ArchiveProblem if it is none of these, damaged or forged, or if the record holds rows already; OSError.
    Effects: writes the record, its files, and the home's keys and house folders where they are missing.
    """
    if source.is_file():
        return restore_archive(db, Plan(source, settings.files, replace, allow_broken), now)
    backup = _chosen(source)
    told = check_backup(backup)
    objects = FolderFiles(backup.parent / OBJECTS)
    plan = Plan(
        backup / RECORD, settings.files, replace, allow_broken, tuple(told["files"]),
        objects.fetch, frozenset(told["missing"]),
    )  # fmt: skip
    report = restore_archive(db, plan, now)
    with opened(backup / HOME) as archive:
        _bring_home(archive, settings.own)
    return report


def _chosen(source: Path) -> Path:
    if (source / TOLD).is_file():
        return source.resolve()
    if found := backups_in(source):
        return found[-1].resolve()
    raise ArchiveProblem(f"{source}既不是导出文件，也不是备份文件夹")


def _bring_home(archive: ZipFile, home: Path) -> None:
    """Put keys and house folders back; what stands there already stays."""
    for name in archive.namelist():
        target = (home / name).resolve()
        if name.split("/")[0] not in KEPT_OF_HOME or not target.is_relative_to(home.resolve()):
            raise ArchiveProblem(f"备份中的路径{name}不可接受")
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _write(target, archive.read(name))
