"""The doctor's checks: each returns what it found, what is broken and the remedy. None of them writes."""

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.exc import SQLAlchemyError

from cases.backlog import backlog
from cases.db import Database
from cases.schema import current, newest
from cases.settings import Settings
from contracts.fonts.build import FALLBACK_PACKAGE, FontProblem, find_fallback
from contracts.pdf import engine_status
from desk.commands.console import Unreachable, database_of, settings_of
from rules.calendar import official

LEAST_FREE_MB = 500
MOST_WAITING = 1000
PREFECT_SECONDS = 2


@dataclass(frozen=True)
class Check:
    """One thing that was looked at. `needed` parts make the doctor fail; the others only warn."""

    name: str
    title_zh: str
    ok: bool
    needed: bool
    detail_zh: str
    detail_en: str
    remedy_zh: str = ""
    remedy_en: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the JSON form; a check that is fine has no remedy."""
        values = asdict(self)
        return {**values, "remedy_zh": "", "remedy_en": ""} if self.ok else values


def examine() -> tuple[Check, ...]:
    """Run every check; one that breaks becomes a failed check."""
    try:
        settings = settings_of()
    except Unreachable as error:
        return (check_python(), _failed("settings", "环境变量", error.zh, error.en))
    return (
        check_python(),
        check_zone(),
        check_home(settings),
        check_disk(settings),
        *check_database(settings),
        check_fonts(settings),
        *check_engine(),
        check_holidays(datetime.now(UTC).year),
        check_prefect(settings),
        check_mail(settings),
    )


def _failed(name: str, title: str, zh: str, en: str) -> Check:
    return Check(
        name, title, False, True, zh, en, "改正后重新运行panhuo doctor", "mend it and run the doctor again"
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
        yield _failed("database", "数据库", error.zh, error.en)
        return
    try:
        yield from _database(db)
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


def _database(db: Database) -> Iterator[Check]:
    with db.read() as session:
        revision = current(session.connection())
        kind = "PostgreSQL" if db.postgres else "SQLite"
        yield Check("database", "数据库", True, True, f"{kind}，可以连接", f"{kind}, reachable")
        yield Check(
            "schema", "数据库结构", revision == newest(), True, f"{revision}，程序为{newest()}",
            f"{revision}, program {newest()}", "运行panhuo db upgrade", "run panhuo db upgrade",
        )  # fmt: skip
        if revision == newest():
            yield from _outbox(backlog(session))


def _outbox(rows: dict[str, int]) -> Iterator[Check]:
    waiting = rows.get("pending", 0) + rows.get("running", 0)
    dead = rows.get("dead", 0)
    yield Check(
        "outbox", "待办队列", waiting < MOST_WAITING, False, f"等待{waiting}项", f"{waiting} waiting",
        "检查任务进程是否在运行：panhuo worker", "see whether a worker runs: panhuo worker",
    )  # fmt: skip
    yield Check(
        "outbox_dead", "失败任务", dead == 0, False, f"{dead}项", f"{dead} dead",
        "在案件页查看失败原因，处理后重新启动", "look at the reason on the case page and start it again",
    )  # fmt: skip


def check_fonts(settings: Settings) -> Check:
    """The product's own fonts are there, or can be made on first use."""
    made = len(list(settings.fonts.glob("*.ttf"))) if (settings.fonts / "stamp.json").exists() else 0
    if made:
        return Check("fonts", "字体", True, True, f"{made}个字体文件", f"{made} font files")
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


def check_holidays(year: int) -> Check:
    """The official holiday table covers this year."""
    known = official().known_years
    span = f"{known.start}–{known.stop - 1}"
    return Check(
        "holidays", "节假日数据", year in known, False, f"已有{span}年，其后年份为推算", f"{span}",
        "升级chinesecalendar；在此之前，相关期限标记为暂定", "upgrade chinesecalendar; dates stay provisional",
    )  # fmt: skip


def check_prefect(settings: Settings) -> Check:
    """Prefect's own server answers on this machine; that it wants a password is an answer, too."""
    connection = HTTPConnection("127.0.0.1", settings.prefect_port, timeout=PREFECT_SECONDS)
    try:
        connection.request("GET", "/api/health")
        status = connection.getresponse().status
        ok, detail = status in (200, 401, 403), f"HTTP {status}"
    except (OSError, HTTPException) as error:
        ok, detail = False, str(error) or type(error).__name__
    finally:
        connection.close()
    return Check(
        "prefect", "Prefect服务", ok, False, f"端口{settings.prefect_port}：{detail}",
        f"port {settings.prefect_port}: {detail}", "启动工作台：panhuo serve", "start the desk: panhuo serve",
    )  # fmt: skip


def check_mail(settings: Settings) -> Check:
    """E-mail is configured; without it reminders stay in the inbox."""
    ok = bool(settings.smtp_host and settings.smtp_from)
    shown = f"{settings.smtp_host}:{settings.smtp_port}" if settings.smtp_host else "未配置"
    return Check(
        "smtp", "邮件", ok, False, shown, shown if settings.smtp_host else "not configured",
        "设置PANHUO_SMTP_HOST和PANHUO_SMTP_FROM；不设置时仅站内提醒", "set PANHUO_SMTP_HOST and PANHUO_SMTP_FROM",
    )  # fmt: skip
