"""`panhuo channels list|test` and `panhuo bounces`: how messages go out, and which came back."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from desk.commands.console import (
    FOUND_FAILURE,
    As,
    Desk,
    Json,
    UsageProblem,
    guarded,
    now,
    open_desk,
    print_value,
    say,
)

app = typer.Typer(help="通知渠道 · channels", no_args_is_help=True, rich_markup_mode=None)


@app.command("list")
def list_(as_login: As = "", as_json: Json = False) -> None:
    """渠道与近30天发送情况 · the channels and how they fared in the last 30 days."""
    with guarded(as_json), open_desk() as desk:
        rows = _rows(desk, as_login)
        if as_json:
            print_value({"rows": rows})
            return
        for row in rows:
            say(f"{row['channel']}\t{row['name']}\t成功{row['sent']}\t失败{row['failed']}\t{row['where']}")


@app.command("test")
def test(
    channel: Annotated[str, typer.Argument(metavar="CHANNEL", help="mail，robot:1 …")],
    to: Annotated[str, typer.Option("--to", help="测试邮件收件人 · recipient of a test letter")] = "",
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """真实发送一条测试消息；失败时退出码为1 · really send a test message; exit code 1 if it failed."""
    with guarded(as_json), open_desk() as desk:
        from cases.errors import Forbidden  # noqa: PLC0415  start-up time
        from cases.robots import robot_of  # noqa: PLC0415  start-up time
        from exchange.channel_trials import try_mail, try_robot  # noqa: PLC0415  start-up time
        from exchange.delivering import Channels  # noqa: PLC0415  start-up time
        from exchange.mail import MailSettings, Postman  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            by = desk.person(session, as_login)
        if by.role != "administrator":
            raise Forbidden("只有管理员可以测试渠道", "only administrators may test channels")
        channels = Channels(desk.db, desk.settings, Postman(MailSettings.of(desk.settings)), now)
        kind, _, number = channel.partition(":")
        if channel == "mail":
            trial = try_mail(channels, to or by.email, by.name)
        elif kind == "robot" and number.isdigit():
            with desk.db.read() as session:
                robot = robot_of(session, by.org_id, int(number))
            trial = try_robot(channels, robot, by)
        else:
            raise UsageProblem("渠道写作mail或robot:编号", "a channel is mail or robot:NUMBER")
        if as_json:
            print_value(trial.as_json())
        else:
            say(f"{'✓' if trial.ok else '✗'} {trial.detail}")
        if not trial.ok:
            raise typer.Exit(FOUND_FAILURE)


def bounces(
    source: Annotated[
        str, typer.Argument(metavar="[FILE|-]", help="退信文件，-为标准输入；省略则读退信邮箱")
    ] = "",
    as_json: Json = False,
) -> None:
    """读取退信通知并登记 · read delivery notices from a file, a pipe or the mailbox."""
    with guarded(as_json), open_desk() as desk:
        from exchange.bounces import BounceProblem, read_mailbox, take_notices  # noqa: PLC0415  start-up time

        try:
            if source:
                data = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
                report = take_notices(desk.db, [data], now())
            else:
                report = read_mailbox(desk.db, desk.settings, now())
        except (BounceProblem, OSError) as error:
            raise UsageProblem(f"{error}", f"{error}") from error
        if as_json:
            print_value(report.as_json())
        else:
            say(
                report.zh,
                f"{report.read} read, {report.bounced} bounced, {report.delayed} delayed, {report.ignored} ignored",
            )


def _rows(desk: Desk, as_login: str) -> list[dict[str, object]]:
    from cases.channel_health import health_of  # noqa: PLC0415  start-up time
    from cases.robots import robots_of  # noqa: PLC0415  start-up time

    with desk.db.read() as session:
        by = desk.person(session, as_login)
        health, robots = health_of(session, by.org_id, now()), robots_of(session, by.org_id)
    settings = desk.settings
    server = f"{settings.smtp_host}:{settings.smtp_port}" if settings.smtp_host else ""
    known = [("inbox", "站内消息", "", True), ("mail", "电子邮件", server, bool(server))]
    known += [(f"robot:{r.id}", r.name, r.shown, r.active) for r in robots]
    return [
        {
            "channel": channel, "name": name, "where": where, "active": active,
            "sent": health[channel].sent if channel in health else 0,
            "failed": health[channel].failed if channel in health else 0,
            "late": health[channel].late if channel in health else 0,
        }
        for channel, name, where, active in known
    ]  # fmt: skip
