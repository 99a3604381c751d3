"""The doctor's checks: each returns what it found, what is broken and the remedy. None of them writes."""

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.exc import SQLAlchemyError

from cases.db import Database
from cases.operating import files_fault, last_backup
from cases.schema import current, newest
from cases.settings import SHANGHAI, Settings
from contracts.fonts.build import FALLBACK_PACKAGE, FontProblem, find_fallback, spoiled_fonts
from contracts.pdf import engine_status
from desk.commands.channel_checks import check_channels, check_robots
from desk.commands.console import Unreachable, database_of, settings_of
from desk.commands.engine_checks import check_engine_server, check_ports
from desk.commands.found import Check, failed
from desk.commands.record_checks import check_record
from desk.commands.regular_checks import check_holidays

LEAST_FREE_MB = 500
BACKUP_AGE = timedelta(days=2)
SECRETS = ("prefect/password", "keys/*.pem")


def examine() -> tuple[Check, ...]:
    """Run every check; one that breaks becomes a failed check."""
    try:
        settings = settings_of()
    except Unreachable as error:
        return (check_python(), failed("settings", "环境变量", error.zh, error.en))
    now = datetime.now(UTC)
    record = tuple(check_database(settings))
    if not any(check.name == "holidays" for check in record):  # no record tells which packs are in use
        record = (*record, check_holidays((), now.astimezone(SHANGHAI).date()))
    return (
        check_python(),
        check_zone(),
        check_home(settings),
        check_disk(settings),
        *record,
        check_fonts(settings),
        *check_engine(),
        check_store(settings),
        check_secrets(settings),
        check_backup(settings, now),
        *check_ports(settings),
        *check_engine_server(settings),
        *check_channels(settings),
    )


def check_python() -> Check:
    """Python is new enough."""
    version = platform.python_version()
    return Check(
        "python", "Python版本", sys.version_info >= (3, 11), True, version, version,
        "安装Python 3.11或更新版本", "install Python 3.11 or newer",
    )  # fmt: skip


def check_zone() -> Check:
    """The clock's zone table knows Shanghai, and the clock is not in the past."""
    try:
        moment = datetime.now(ZoneInfo("Asia/Shanghai"))
    except ZoneInfoNotFoundError:
        moment = None
    ok = moment is not None and moment.year >= 2026
    shown = moment.isoformat(timespec="seconds") if moment else "-"
    return Check(
        "clock", "时钟与时区", ok, True, f"上海时间{shown}", f"Shanghai time {shown}",
        "安装tzdata软件包，并校准系统时钟", "install tzdata and set the clock",
    )  # fmt: skip


def check_home(settings: Settings) -> Check:
    """The home folder can be written."""
    folder = _existing(settings.home)
    ok = folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
    return Check(
        "home", "数据目录", ok, True, str(settings.home), str(settings.home),
        f"为运行用户授予{folder}的写权限，或设置PANHUO_HOME", f"make {folder} writable or set PANHUO_HOME",
    )  # fmt: skip


def _existing(path: Path) -> Path:
    while not path.exists() and path != path.parent:
        path = path.parent
    return path


def check_disk(settings: Settings) -> Check:
    """There is room for documents."""
    free = shutil.disk_usage(_existing(settings.home)).free // 1024 // 1024
    return Check(
        "disk", "磁盘空间", free >= LEAST_FREE_MB, True, f"剩余{free}MB", f"{free} MB free",
        f"清理磁盘，至少留出{LEAST_FREE_MB}MB", f"free at least {LEAST_FREE_MB} MB",
    )  # fmt: skip


def check_database(settings: Settings) -> Iterator[Check]:
    """The database answers, stands at the newest schema, and its outbox flows."""
    if _is_unborn(settings):
        yield Check("database", "数据库", True, True, "尚未建立，首次使用时自动建立", "not created yet")
        return
    try:
        db = database_of(settings)
    except Unreachable as error:
        yield failed("database", "数据库", error.zh, error.en)
        return
    try:
        yield from _database(db, settings)
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
        yield Check(
            "database", "数据库", False, True, f"无法使用：{reason}", f"not usable: {reason}",
            "检查PANHUO_DATABASE_URL、数据库服务和文件权限", "check PANHUO_DATABASE_URL, the server and permissions",
        )  # fmt: skip
    finally:
        db.dispose()


def _is_unborn(settings: Settings) -> bool:
    prefix = "sqlite:///"
    return (
        settings.database_url.startswith(prefix)
        and not Path(settings.database_url.removeprefix(prefix)).exists()
    )


def _database(db: Database, settings: Settings) -> Iterator[Check]:
    with db.read() as session:
        revision = current(session.connection())
        kind = "PostgreSQL" if db.postgres else "SQLite"
        yield Check("database", "数据库", True, True, f"{kind}，可以连接", f"{kind}, reachable")
        yield Check(
            "schema", "数据库结构", revision == newest(), True, f"{revision}，程序为{newest()}",
            f"{revision}, program {newest()}", "程序较新时运行panhuo upgrade；数据库较新时安装更新的程序",
            "run panhuo upgrade, or install the newer program",
        )  # fmt: skip
    if revision == newest():
        yield from check_record(db, settings)
        yield check_robots(db)


def check_fonts(settings: Settings) -> Check:
    """The product's own fonts are there, or can be made on first use; so is the institution's 仿宋, if one is set."""
    spoiled = "、".join(spoiled_fonts(settings.fonts))
    if spoiled:
        return Check(
            "fonts", "字体", False, True, f"{settings.fonts}中缺少或损坏：{spoiled}", f"gone or empty: {spoiled}",
            f"删除{settings.fonts}，再运行make fonts", f"delete {settings.fonts}, then run make fonts",
        )  # fmt: skip
    own = os.environ.get("PANHUO_FANGSONG", "")
    if own and not os.access(own, os.R_OK):
        return Check(
            "fonts", "字体", False, True, f"读不到仿宋字体{own}", f"cannot read {own}",
            "改正或取消PANHUO_FANGSONG", "correct PANHUO_FANGSONG, or unset it",
        )  # fmt: skip
    if (settings.fonts / "stamp.json").exists():
        return Check("fonts", "字体", True, True, "齐全", "all there")
    try:
        find_fallback()
    except FontProblem as error:
        return Check(
            "fonts", "字体", False, True, str(error), "the fallback font is not installed",
            f"apt-get install {FALLBACK_PACKAGE}", f"apt-get install {FALLBACK_PACKAGE}",
        )  # fmt: skip
    return Check("fonts", "字体", True, True, "齐全，首次生成文书时自动准备", "made on first use")


def check_engine() -> Iterator[Check]:
    """The PDF engine is the release that was tested, with its fast paths."""
    for name, ok, remark in engine_status():
        yield Check(
            name, f"排版引擎 {name}", ok, name == "weasyprint", remark, "ok" if ok else "missing",
            "按锁定文件重新安装依赖：make setup", "install the locked dependencies: make setup",
        )  # fmt: skip


def check_store(settings: Settings) -> Check:
    """The file store takes files, and has room for them."""
    fault = files_fault(settings.files)
    return Check(
        "files", "文件库", not fault, True, fault or "可用", fault or "usable",
        "检查目录权限、共享目录的挂载，或PANHUO_FILES各项设置", "check permissions, the mount, or the PANHUO_FILES settings",
    )  # fmt: skip


def check_secrets(settings: Settings) -> Check:
    """Passwords and private keys on the disk are readable by their owner only."""
    paths = [path for pattern in SECRETS for path in settings.home.glob(pattern)]
    paths += [Path(settings.sign_certificate)] if settings.sign_certificate else []
    open_ones = [str(path) for path in paths if path.exists() and path.stat().st_mode & 0o077]
    told = "、".join(open_ones)
    return Check(
        "secrets", "密钥文件权限", not open_ones, True, f"其他用户可读：{told}" if told else f"{len(paths)}个，仅属主可读",
        f"readable by others: {told}" if told else f"{len(paths)} files, owner only",
        f"chmod 600 {' '.join(open_ones)}；可能已泄露的应更换",
        f"chmod 600 {' '.join(open_ones)}, replace them if others had access",
    )  # fmt: skip


def check_backup(settings: Settings, now: datetime) -> Check:
    """There is a recent backup."""
    made = last_backup(settings)
    ok = made is not None and now - made <= BACKUP_AGE
    shown = f"{settings.backups}：{made.isoformat(timespec='minutes') if made else '没有备份'}"
    return Check(
        "backup", "备份", ok, False, shown, shown if made else f"{settings.backups}: none",
        "运行panhuo backup，并每天定时执行；备份在别处时设置PANHUO_BACKUPS", "run panhuo backup every day, or set PANHUO_BACKUPS",
    )  # fmt: skip
