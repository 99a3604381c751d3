"""The doctor's look into a record at the newest schema: what waits, who works, whether it is what it says it is."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from sqlmodel import col, select

from cases.db import Database, cursor_of
from cases.heartbeats import processes, product_version
from cases.operating import Operation, clock_skew, operation, wal_bytes
from cases.settings import SHANGHAI, Settings
from cases.stored_files import flaw_of
from cases.tables import Case, Document
from cases.trail import verify
from desk.commands.found import Check
from desk.commands.regular_checks import check_regular

MOST_WAITING = 1000
LONGEST_WAIT = timedelta(minutes=15)
MOST_WAL = 512 * 1024 * 1024
MOST_SKEW = 5.0
SAMPLE = 20
OLDEST = {True: 140000, False: 33500}  # PostgreSQL 14; SQLite 3.35, the first with RETURNING


def check_record(db: Database, settings: Settings) -> Iterator[Check]:
    """Everything that only the record itself can tell."""
    now = datetime.now(UTC)
    yield _engine(db)
    yield _wal(db)
    yield _clock(db, now)
    with db.read() as session:
        found = operation(cursor_of(session, db.postgres), now.astimezone(SHANGHAI).date())
        yield from check_regular(session, found, now)
    yield from _outbox(found, now)
    yield from _workers(db, now)
    yield _trail(db)
    yield _files(db, settings)


def _engine(db: Database) -> Check:
    if db.postgres:
        with db.cursor() as cur:
            number, shown = (int(cur.one("SHOW server_version_num")[0]), cur.one("SHOW server_version")[0])
    else:
        major, minor, patch = sqlite3.sqlite_version_info
        number, shown = major * 10000 + minor * 100 + patch, sqlite3.sqlite_version
    return Check(
        "database_version", "数据库版本", number >= OLDEST[db.postgres], True, shown, shown,
        "升级到PostgreSQL 14或SQLite 3.35以上", "upgrade to PostgreSQL 14 or SQLite 3.35 at least",
    )  # fmt: skip


def _wal(db: Database) -> Check:
    size = wal_bytes(db)
    return Check(
        "wal", "SQLite预写日志", size <= MOST_WAL, False, f"{size >> 20}MB", f"{size >> 20} MB",
        "有进程长期占用旧快照：结束未完成的导出或复制，再重启工作台",
        "something holds an old snapshot: end it and restart the desk",
    )  # fmt: skip


def _clock(db: Database, now: datetime) -> Check:
    skew = clock_skew(db, now)
    return Check(
        "clock_skew", "时钟一致", abs(skew) <= MOST_SKEW, True, f"与数据库相差{skew:.1f}秒", f"{skew:.1f} s off the database's",
        "用NTP校准本机和数据库服务器的时钟", "set the clocks of this machine and the database server by NTP",
    )  # fmt: skip


def _outbox(found: Operation, now: datetime) -> Iterator[Check]:
    since = found.oldest()
    waited = now - since if since else timedelta()
    yield Check(
        "outbox", "待办队列", found.waiting < MOST_WAITING and waited < LONGEST_WAIT, False,
        f"等待{found.waiting}项，最早已等{int(waited.total_seconds()) // 60}分钟",
        f"{found.waiting} waiting, the oldest for {int(waited.total_seconds()) // 60} min",
        "检查任务进程是否在运行：panhuo worker；在“后台任务”中查看", "see whether a worker runs: panhuo worker; look at 后台任务",
    )  # fmt: skip
    topics = "、".join(sorted(name for name, of in found.outbox.items() if of.statuses.get("dead")))
    yield Check(
        "outbox_dead", "失败任务", found.dead == 0, False, f"{found.dead}项{'：' + topics if topics else ''}",
        f"{found.dead} dead {topics}", "在“后台任务”中查看失败原因，处理后重新启动",
        "look at the reason under 后台任务 and start it again",
    )  # fmt: skip


def _workers(db: Database, now: datetime) -> Iterator[Check]:
    with db.read() as session:
        found = processes(session, now)
    alive = [one for one in found if one.kind == "worker" and one.is_alive]
    lost = "、".join(f"{one.kind} {one.host}:{one.pid}" for one in found if one.state == "lost")
    yield Check(
        "workers", "任务进程", bool(alive), False, f"{len(alive)}个在运行", f"{len(alive)} alive",
        f"启动任务进程：panhuo worker{'；失去联系：' + lost if lost else ''}",
        f"start one: panhuo worker; lost: {lost or 'none'}",
    )  # fmt: skip
    others = sorted({one.version for one in found if one.is_alive} - {product_version()})
    yield Check(
        "versions", "程序版本", not others, False, f"{product_version()}{'；另有' + '、'.join(others) if others else ''}",
        f"{product_version()}, others: {', '.join(others) or 'none'}",
        "各进程版本不一致：重启尚未更新的工作台和任务进程", "restart the desks and workers that run another version",
    )  # fmt: skip


def _trail(db: Database) -> Check:
    with db.read() as session:
        newest = session.exec(select(Case.id).order_by(col(Case.updated_at).desc()).limit(SAMPLE)).all()
        session.rollback()
        found = verify(session, only=tuple(f"case:{number}" for number in newest) or ("none",))
    told = "；".join(f"{one.chain}第{one.seq}条：{one.reason_zh}" for one in found.breaks[:3])
    return Check(
        "trail", "留痕抽查", not found.breaks, True, told or f"最近{found.cases}个案件完整",
        "; ".join(f"{one.chain} entry {one.seq}: {one.reason_en}" for one in found.breaks[:3]) or f"{found.cases} cases intact",
        "不要改动数据；运行panhuo verify查看全部断点，从备份恢复", "change nothing; run panhuo verify, restore from a backup",
    )  # fmt: skip


def _files(db: Database, settings: Settings) -> Check:
    with db.read() as session:
        query = (
            select(Document.sha256)
            .where(Document.sha256 != "")
            .order_by(col(Document.id).desc())
            .limit(SAMPLE)
        )
        names = session.exec(query).all()
    try:
        spoiled = [name for name in names if flaw_of(settings.files, name)]
    except OSError:  # that the store is away, another check tells
        spoiled = []
    return Check(
        "stored_files", "文件抽查", not spoiled, True,
        f"{len(spoiled)}个缺失或被改动：{'、'.join(spoiled[:3])}" if spoiled else f"最近{len(names)}个完好",
        f"{len(spoiled)} missing or altered" if spoiled else f"the newest {len(names)} are whole",
        "从备份把文件放回文件库，再运行panhuo verify", "bring the files back from a backup, then run panhuo verify",
    )  # fmt: skip
