"""Why a piece of work came to nothing, in an officer's words: a table from what was raised to what is told.

A message that is Chinese already is told as it is. Names of exceptions are never told; they stay, with the raw text, for
administrators.
"""

import re
from collections.abc import Callable

from sqlalchemy.exc import DBAPIError, OperationalError

from cases.errors import ActionError
from cases.files import StoreDown
from cases.outages import outage_of
from cases.outbox import Failure
from contracts.glyphs import MissingGlyph
from contracts.jobs import RenderProblem
from exchange.mail import MailProblem
from exchange.robots import RobotProblem

CHINESE = re.compile("[\u4e00-\u9fff]")
# Kinds of refused actions that a later try may see otherwise; the others would come to the same.
PASSING = frozenset({"conflict"})
NO_SPACE = frozenset({28, 122})
UNEXPECTED = "处理时出现未预料的情况，将自动重试；多次失败后请联系管理员查看技术详情"
Matches = Callable[[BaseException], bool]


def _is(*kinds: type[BaseException]) -> Matches:
    return lambda error: isinstance(error, kinds)


def _no_space(error: BaseException) -> bool:
    return isinstance(error, OSError) and error.errno in NO_SPACE


def _channel_down(error: BaseException) -> bool:
    return isinstance(error, MailProblem | RobotProblem) and error.fault == "channel"


def _outage(error: BaseException) -> bool:
    return isinstance(error, StoreDown) or outage_of(error) is not None


def _full_database(error: BaseException) -> bool:
    return isinstance(error, DBAPIError) and "full" in str(error.orig)


# What it is, what officers are told, whether no try can help, whether others must mend it. The first that fits counts.
KNOWN: tuple[tuple[Matches, str, bool, bool], ...] = (
    (_channel_down, "邮件服务器或群机器人暂时无法使用，将自动重试", False, True),
    (_is(MissingGlyph), "文书中有字体无法显示的字，请改正后重新生成", True, False),
    (_is(RenderProblem), "文书无法排版，请检查内容后重新生成", True, False),
    (_no_space, "服务器磁盘空间不足，清理后将自动重试", False, True),
    (_full_database, "数据库所在磁盘空间不足，清理后将自动重试", False, True),
    (_is(OperationalError), "数据库暂时无法使用，将自动重试", False, True),
    (_outage, "数据或文件暂时无法读写，恢复后将自动重试", False, True),
    (_is(FileNotFoundError), "所需文件缺失，请重新生成或从备份恢复", False, False),
    (_is(PermissionError), "服务器文件没有读写权限，请联系管理员", False, True),
    (_is(TimeoutError), "处理超过时限，将自动重试", False, False),
    (_is(ConnectionError), "网络连接中断，将自动重试", False, True),
    (_is(MemoryError), "服务器内存不足，将自动重试", False, True),
    (_is(KeyError, TypeError), "任务缺少必要的参数，请联系管理员", True, False),
)


def failure_of(error: BaseException) -> Failure:
    """Return what is told of an exception, and whether trying again can help."""
    text = f"{error}".strip()
    detail = f"{type(error).__module__}.{type(error).__qualname__}: {text}"
    if isinstance(error, ActionError):
        return Failure(error.message, detail, final=error.kind not in PASSING)
    for fits, reason, final, outer in KNOWN:
        if fits(error):
            return Failure(text if CHINESE.search(text) else reason, detail, final, outer)
    return Failure(text if CHINESE.search(text) else UNEXPECTED, detail)
