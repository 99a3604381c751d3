"""The doctor's look at the channels: mail, the mailbox for letters that came back, group robots. Nothing is sent."""

from collections.abc import Iterator

from cases.channel_health import LastAnswer, last_answers
from cases.db import Database
from cases.settings import Settings
from desk.commands.found import Check

MAIL_EN = "the mail server does not answer as it should"
BOUNCES_EN = "the mailbox cannot be read"


def check_channels(settings: Settings) -> Iterator[Check]:
    """The mail server and the mailbox can be reached and signed in to; without one reminders stay in the inbox."""
    yield _mail(settings)
    if settings.bounce_host:
        yield _bounces(settings)


def _mail(settings: Settings) -> Check:
    if not settings.smtp_host:
        return Check(
            "smtp", "邮件", False, False, "未配置", "not configured",
            "设置PANHUO_SMTP_HOST和PANHUO_SMTP_FROM；不设置时仅站内提醒", "set PANHUO_SMTP_HOST and PANHUO_SMTP_FROM",
        )  # fmt: skip
    from exchange.channel_trials import look_at_mail  # noqa: PLC0415  start-up time

    trial = look_at_mail(settings)
    ok = trial.ok and bool(settings.smtp_from)
    detail = trial.detail if settings.smtp_from else "没有设置发件人"
    return Check(
        "smtp", "邮件", ok, False, detail, detail if ok else MAIL_EN,
        "按提示更正设置后运行 panhuo channels test mail；另设PANHUO_SMTP_FROM",
        "correct the settings, then run: panhuo channels test mail",
    )  # fmt: skip


def _bounces(settings: Settings) -> Check:
    from exchange.channel_trials import look_at_bounces  # noqa: PLC0415  start-up time

    trial = look_at_bounces(settings)
    return Check(
        "bounces", "退信邮箱", trial.ok, False, trial.detail, trial.detail if trial.ok else BOUNCES_EN,
        "按提示更正设置后运行 panhuo bounces", "correct the settings, then run: panhuo bounces",
    )  # fmt: skip


def check_robots(db: Database) -> Check:
    """Every group robot in use took what it was last sent; a robot is not called for this."""
    with db.read() as session:
        found = last_answers(session)
    refused = [one for one in found if one.error]
    told = "；".join(f"{one.name}：{one.error}" for one in refused) or _summary(found)
    shown = ", ".join(f"robot:{one.robot_id}" for one in refused)
    return Check(
        "robots", "群机器人", not refused, False, told, f"refused: {shown}" if refused else f"{len(found)} in use",
        "在“通知渠道”核对该群机器人的地址与安全设置，再运行 panhuo channels test robot:编号",
        "check the robot under 通知渠道, then run: panhuo channels test robot:NUMBER",
    )  # fmt: skip


def _summary(found: tuple[LastAnswer, ...]) -> str:
    unknown = sum(not one.was_used for one in found)
    return f"{len(found)}个在用" + (f"，其中{unknown}个尚未发送过" if unknown else "")
