"""`panhuo upgrade`: one command after a newer program was installed."""

from pathlib import Path
from typing import Annotated

import typer

from desk.commands.console import (
    FOUND_FAILURE,
    Json,
    Unreachable,
    complain,
    database_of,
    guarded,
    now,
    print_value,
    say,
    settings_of,
    tell_problem,
)


def upgrade(
    folder: Annotated[
        str,
        typer.Option(
            "--backup-to", metavar="FOLDER", help="备份的去处，默认<home>/backups · folder of backups"
        ),
    ] = "",
    no_backup: Annotated[
        bool, typer.Option("--no-backup", help="不备份（已另行备份时） · when a backup was made elsewhere")
    ] = False,
    as_json: Json = False,
) -> None:
    """升级数据：先备份，再升级数据库结构并核验，可重复执行 · back up, migrate, verify; safe to repeat."""
    with guarded(as_json):
        from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415  start-up time

        from exchange.archive import ArchiveProblem  # noqa: PLC0415  start-up time
        from exchange.upgrading import upgrade_record  # noqa: PLC0415  start-up time

        settings = settings_of()
        target = None if no_backup else Path(folder) if folder else settings.backups
        db = database_of(settings)
        try:
            done = upgrade_record(db, settings, now(), backup_to=target)
        except (ArchiveProblem, OSError) as error:
            tell_problem(
                "failed",
                500,
                f"备份失败，没有升级：{error}",
                f"the backup failed, nothing was upgraded: {error}",
            )
            raise typer.Exit(FOUND_FAILURE) from error
        except SQLAlchemyError as error:
            reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
            raise Unreachable(
                f"没有升级，数据库保持原样：{reason}", f"nothing was upgraded: {reason}"
            ) from error
        finally:
            db.dispose()
        if as_json:
            print_value(done.as_json())
        else:
            _tell(done.before, done.after, done.backup)
        for line in done.broken:
            complain(line)
        if done.broken:
            raise typer.Exit(FOUND_FAILURE)


def _tell(before: str | None, after: str, backup: Path | None) -> None:
    if before == after:
        say(
            f"数据库结构已是{after}，无需升级；留痕核验通过",
            f"the database is at {after} already; the trail verifies",
        )
        return
    if backup:
        say(f"升级前的备份：{backup}", f"backup made before the upgrade: {backup}")
    say(f"数据库结构：{before or '无'} → {after}", f"schema: {before or 'none'} → {after}")
    say(
        "接下来：重启工作台和任务进程（panhuo serve、panhuo worker）；在办案件是否改用新流程，见 panhuo migrate-cases --dry-run",
        "next: restart panhuo serve and panhuo worker; see panhuo migrate-cases --dry-run for running cases",
    )
