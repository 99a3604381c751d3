"""What stands behind a failure that is nobody's fault: no space, no database, a read-only disk. In officers' words.

In: any exception. Out: what to tell people, and the HTTP status; None for a failure that is none of these.
"""

import errno
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from psycopg import Error as PostgresError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout


@dataclass(frozen=True, slots=True)
class Outage:
    """An outage as people are told of it, and as programs are: 507 without space, otherwise 503."""

    status: int
    zh: str
    en: str


FULL = Outage(
    507,
    "磁盘空间已满，本次操作没有生效，已有数据不受影响。请联系管理员清理磁盘空间，随后重新提交即可",
    "no space is left on the disk; nothing was changed; try again once there is space",
)
READ_ONLY = Outage(
    503,
    "数据目录处于只读状态，本次操作没有生效，已有数据不受影响。请联系管理员检查磁盘和目录权限",
    "the data can only be read at the moment; nothing was changed",
)
BUSY = Outage(
    503,
    "数据库正被其他程序长时间占用，本次操作没有生效。请稍后重新提交；反复出现的，请联系管理员",
    "the database is held by another program; nothing was changed; try again later",
)
GONE = Outage(
    503,
    "数据库暂时不能连接。恢复后会自动继续；刚才提交的内容是否已办理，以刷新后的页面为准",
    "the database cannot be reached; look at the record once it is back",
)
OF_ERRNO = {errno.ENOSPC: FULL, errno.EDQUOT: FULL, errno.EFBIG: FULL, errno.EROFS: READ_ONLY}
# How SQLite words it; the drivers of Python before 3.11 give no code.
OF_SQLITE = (
    ("database or disk is full", FULL),
    ("readonly database", READ_ONLY),
    ("database is locked", BUSY),
    ("database table is locked", BUSY),
    ("unable to open database file", GONE),
    ("disk I/O error", GONE),
)
# The classes of PostgreSQL's codes: no space, read-only, no connection, shutting down, too many connections, deadlocks.
OF_POSTGRES = (
    ("53100", FULL),
    ("25006", READ_ONLY),
    ("08", GONE),
    ("57P", GONE),
    ("53300", BUSY),
    ("40", BUSY),
)


def outage_of(error: BaseException) -> Outage | None:
    """Return the outage behind a failure, or behind what it was caused by."""
    return next((found for one in _behind(error) if (found := _one(one)) is not None), None)


def _behind(error: BaseException | None) -> Iterator[BaseException]:
    for _ in range(10):
        if error is None:
            return
        yield error
        if isinstance(error, DBAPIError) and error.orig is not None:
            yield error.orig
        error = error.__cause__ or error.__context__


def _one(error: BaseException) -> Outage | None:
    if isinstance(error, sqlite3.Error):
        return next((outage for words, outage in OF_SQLITE if words in str(error)), None)
    if isinstance(error, PostgresError):
        code = error.sqlstate
        if code is None:  # the connection broke before the server could say anything
            return GONE if type(error).__name__ == "OperationalError" else None
        return next((outage for prefix, outage in OF_POSTGRES if code.startswith(prefix)), None)
    if isinstance(error, PoolTimeout):
        return BUSY
    return OF_ERRNO.get(error.errno or 0) if isinstance(error, OSError) else None
