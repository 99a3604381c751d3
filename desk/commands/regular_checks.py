"""The doctor's look at what goes stale: the night, the sweep of reminders, the channels, rule packs, days off."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from cases.channel_health import ChannelHealth, health_of
from cases.night_holidays import known_until, wanted_year
from cases.nightly_steps import NAMES
from cases.operating import Operation
from cases.rulebooks import DEFAULT_LAYERS, book_of
from cases.settings import SHANGHAI
from cases.tables import Organization
from desk.commands.found import Check
from rules.packs import PackError

NIGHT_AGE = timedelta(hours=36)
SWEEP_AGE = timedelta(days=1)
CHANNELS = {"inbox": ("站内消息", "inbox"), "mail": ("邮件", "mail")}


def check_regular(session: Session, found: Operation, now: datetime) -> Iterator[Check]:
    """Everything that runs by the clock."""
    yield _night(found, now)
    yield _sweep(found, now.astimezone(SHANGHAI).date())
    yield _deliveries(session, now)
    layers = session.exec(select(Organization.rule_layers).distinct()).all()
    yield _packs(layers)
    yield check_holidays(layers, now.astimezone(SHANGHAI).date())


def _night(found: Operation, now: datetime) -> Check:
    """Every step of the night has ended well lately; a new record is given the same time for its first night."""
    since = {step: found.nights.get(step, found.founded) for step in NAMES}
    late = [step for step, at in since.items() if at is not None and now - at > NIGHT_AGE]
    last = max((found.nights[step] for step in NAMES if step in found.nights), default=None)
    shown = last.astimezone(SHANGHAI).isoformat(" ", "minutes") if last else ""
    return Check(
        "night", "夜间检查", not late, False,
        f"最近一次{shown or '尚未运行'}{'；未按时完成：' + '、'.join(NAMES[step][0] for step in late) if late else ''}",
        f"last {shown or 'never'}; late: {', '.join(NAMES[step][1] for step in late) or 'none'}",
        "运行panhuo nightly，并检查定时计划；在“夜间检查”页面查看失败原因",
        "run panhuo nightly and look at the schedules; the page of the night tells why a step failed",
    )  # fmt: skip


def _sweep(found: Operation, today: date) -> Check:
    late = found.swept is not None and today - found.swept > SWEEP_AGE
    shown = found.swept.isoformat() if found.swept else "-"
    return Check(
        "sweep", "期限提醒", not late, False, f"已扫描至{shown}{'，已经迟到' if late else ''}",
        f"swept until {shown}{', late' if late else ''}",
        "运行panhuo remind（会补上漏掉的日期，不会重复提醒），并检查定时计划",
        "run panhuo remind (it makes up for missed days and tells nothing twice) and look at the schedules",
    )  # fmt: skip


def _packs(layers: Iterable[str]) -> Check:
    """The rule packs of every institution can be loaded."""
    faults = []
    for one in layers:
        try:
            book_of(one)
        except PackError as error:
            faults.append(str(error))
    told = "；".join(faults)
    return Check(
        "rule_packs", "规则包", not faults, True, told or "可以加载", f"{len(faults)} sets cannot be loaded",
        "按提示改正文件，用panhuo rules check核对；改正前期限提醒按随附规则包进行",
        "correct the files and run panhuo rules check; until then reminders follow the shipped packs",
    )  # fmt: skip


def _deliveries(session: Session, now: datetime) -> Check:
    """The last message of each channel went out, and none waits for hours."""
    troubled: dict[str, int] = {}
    for org_id in session.exec(select(Organization.id).order_by(col(Organization.id))).all():
        for channel, health in health_of(session, org_id or 0, now).items():
            if _is_troubled(health):
                troubled[channel] = troubled.get(channel, 0) + health.failed + health.late
    zh = "；".join(f"{_named(channel)[0]}{count}条" for channel, count in sorted(troubled.items()))
    en = ", ".join(f"{_named(channel)[1]} {count}" for channel, count in sorted(troubled.items()))
    return Check(
        "deliveries", "通知发送", not troubled, False, f"失败或久候：{zh}" if zh else "各渠道正常",
        f"failed or late: {en}" if en else "every channel works",
        "在“通知渠道”页面查看原因并重发；用 panhuo channels test 试发", "see the page 通知渠道; try with: panhuo channels test",
    )  # fmt: skip


def _is_troubled(health: ChannelHealth) -> bool:
    failed, sent = health.last_failed, health.last_sent
    return health.late > 0 or (failed is not None and (sent is None or failed > sent))


def _named(channel: str) -> tuple[str, str]:
    number = channel.partition(":")[2]
    return CHANNELS.get(channel, (f"群机器人{number}", f"robot {number}"))


def check_holidays(layers: Iterable[str], today: date) -> Check:
    """The days off are known under all rule packs in use, from November on those of the next year too."""
    known = min(known_until(one, today) for one in (*layers, DEFAULT_LAYERS))
    wanted = wanted_year(today)
    return Check(
        "holidays", "节假日数据", known >= wanted, False, f"放假安排已知至{known}年，其后为推算", f"known until {known}",
        f"国务院办公厅公布{wanted}年放假安排后，升级软件（chinesecalendar）或在规则包中补充；在此之前，相关期限标记为暂定",
        f"once the notice for {wanted} is out, upgrade (chinesecalendar) or add it to a rule pack; dates stay provisional",
    )  # fmt: skip
