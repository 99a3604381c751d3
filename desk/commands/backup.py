"""`panhuo backup`, `panhuo restore` and `panhuo import archive`: the record and its files, away and back."""

from pathlib import Path
from typing import Annotated

import typer

from desk.commands.console import (
    FOUND_FAILURE,
    Json,
    complain,
    database_of,
    guarded,
    now,
    open_desk,
    print_value,
    say,
    settings_of,
    tell_problem,
)

Source = Annotated[
    Path,
    typer.Argument(metavar="BACKUP", help="备份文件夹，或panhuo export的zip · backup folder or exported zip"),
]
Replace = Annotated[
    bool,
    typer.Option("--replace", help="数据库非空时也恢复；SQLite的原库改名保留 · also over a record in use"),
]
AllowBroken = Annotated[
    bool, typer.Option("--allow-broken", help="核验不通过也恢复 · also a record that does not verify")
]


def backup(
    folder: Annotated[
        str,
        typer.Argument(metavar="[FOLDER]", help="存放备份的文件夹，默认PANHUO_BACKUPS · folder of backups"),
    ] = "",
    keep: Annotated[
        int,
        typer.Option(
            "--keep",
            min=-1,
            metavar="N",
            help="只保留最新的N份，0为全部，默认PANHUO_BACKUP_KEEP · keep the newest N",
        ),
    ] = -1,
    thorough: Annotated[
        bool, typer.Option("--thorough", help="重新核对此前已备份的文件 · hash every file again")
    ] = False,
    as_json: Json = False,
) -> None:
    """在线备份数据库、文件库、密钥和单位模板，写后核对 · back up while everything runs, read through afterwards."""
    with guarded(as_json), open_desk() as desk:
        from exchange.archive import ArchiveProblem  # noqa: PLC0415  start-up time
        from exchange.backup import back_up  # noqa: PLC0415  start-up time

        watched = desk.settings.watched
        target = Path(folder) if folder else watched.backups
        kept = watched.keep if keep < 0 else keep
        try:
            report = back_up(desk.db, desk.settings, target, now(), keep=kept, thorough=thorough)
        except (ArchiveProblem, OSError) as error:
            tell_problem("failed", 500, f"备份没有完成：{error}", f"no backup was made: {error}")
            raise typer.Exit(FOUND_FAILURE) from error
        if as_json:
            print_value(report.as_json())
        else:
            say(
                f"已备份{report.rows}行、{report.files}个文件（新复制{report.copied}个）：{report.path}。含密码散列和私钥，请妥善保管",
                f"{report.rows} rows and {report.files} files ({report.copied} copied now) in {report.path}",
            )
            for name in report.missing:
                complain(f"文件库缺少：{name}")
        if report.missing:
            raise typer.Exit(FOUND_FAILURE)


def restore(
    source: Source, replace: Replace = False, allow_broken: AllowBroken = False, as_json: Json = False
) -> None:
    """把备份或导出文件恢复到空的数据库，恢复前核验 · fill an empty record from a backup or an exported zip."""
    with guarded(as_json):
        from exchange.archive import ArchiveProblem  # noqa: PLC0415  start-up time
        from exchange.backup import restore as run  # noqa: PLC0415  start-up time

        settings = settings_of()
        db = database_of(settings)
        try:
            report = run(db, settings, source, now(), replace=replace, allow_broken=allow_broken)
        except (ArchiveProblem, OSError) as error:
            tell_problem("failed", 422, f"没有恢复：{error}", f"nothing was restored: {error}")
            raise typer.Exit(FOUND_FAILURE) from error
        finally:
            db.dispose()
        if as_json:
            print_value(report.as_json())
        else:
            rows = sum(report.rows.values())
            verdict = "未通过" if report.broken else "通过"
            say(
                f"已恢复{rows}行、{report.files}个文件，数据库结构为{report.schema[1]}，留痕核验{verdict}",
                f"{rows} rows and {report.files} files restored at schema {report.schema[1]}",
            )
            if report.kept:
                say(f"原数据库保留在{report.kept}", f"the former database is kept as {report.kept}")
            for line in report.broken:
                complain(line)
        if report.broken:
            raise typer.Exit(FOUND_FAILURE)
