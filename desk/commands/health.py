"""`panhuo health`: one exit code for a process manager, from what the processes last said of themselves."""

import socket
from typing import Annotated

import typer

from desk.commands.console import FOUND_FAILURE, UsageProblem, database_of, guarded, now, say, settings_of

KINDS = ("desk", "worker", "prefect")


def health(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="desk | worker | prefect")] = "worker",
    any_host: Annotated[
        bool, typer.Option("--any-host", help="其他主机上的也算 · also on other hosts")
    ] = False,
) -> None:
    """进程是否存活（本机），不存活时退出码为1 · exit code 0 while such a process of this host lives."""
    with guarded(as_json=False):
        if kind not in KINDS:
            raise UsageProblem(f"应为 {'、'.join(KINDS)} 之一", f"one of {', '.join(KINDS)}")
        from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415  start-up time

        from cases.heartbeats import processes  # noqa: PLC0415  start-up time

        db = database_of(settings_of())
        try:
            with db.read() as session:
                found = processes(session, now())
        except SQLAlchemyError as error:
            say("数据库不可用，不知道进程是否存活", "the database is away; nothing is known")
            raise typer.Exit(FOUND_FAILURE) from error
        finally:
            db.dispose()
        here = socket.gethostname()
        states = [
            one.state for one in found if one.kind == kind and one.is_alive and (any_host or one.host == here)
        ]
        say(f"{kind}：{len(states)}个在运行", f"{kind}: {len(states)} alive")
        if not states:
            raise typer.Exit(FOUND_FAILURE)
