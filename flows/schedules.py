"""What runs by the clock: the flows, their names, and when, as cron lines in Shanghai time."""

from cases.settings import Settings
from flows import pool
from flows.backup import nightly_backup
from flows.bounces import bounces
from flows.dispatch import dispatch
from flows.nightly import nightly
from flows.remind import remind
from flows.report import feedback_batch, monthly_report, yearly_report

SCHEDULES: tuple[pool.Schedule, ...] = (
    (remind, "每日期限提醒", "0 8 * * *"),
    (dispatch, "出件补扫", "*/15 * * * *"),
    (nightly, "每夜检查", "30 2 * * *"),
    (nightly_backup, "每夜备份", "15 1 * * *"),
    (monthly_report, "每月统计报告", "30 7 1 * *"),
    (yearly_report, "每年年度报告", "45 7 2 1 *"),
    (feedback_batch, "每周平台反馈批次", "0 7 * * 1"),
)
BOUNCES: pool.Schedule = (bounces, "每小时退信读取", "7 * * * *")


def schedules(settings: Settings) -> tuple[pool.Schedule, ...]:
    """Return what runs by the clock here: letters that came back are read only where they come back to a mailbox."""
    return (*SCHEDULES, BOUNCES) if settings.bounce_host else SCHEDULES
