"""`panhuo verify`, `panhuo export` and `panhuo db upgrade`: the record as a whole."""

from pathlib import Path
from typing import Annotated

import typer

from desk.commands.console import (
    CONSOLE,
    FOUND_FAILURE,
    As,
    Json,
    complain,
    database_of,
    guarded,
    now,
    open_desk,
    print_json,
    print_value,
    say,
    settings_of,
    tell_problem,
)

db_app = typer.Typer(help="数据库 · database", no_args_is_help=True, rich_markup_mode=None)


def verify(as_json: Json = False) -> None:
    """核验留痕、重演案件并核对文件，有问题时退出码为1 · verify the trail, the cases and the stored files."""
    with guarded(as_json), open_desk() as desk:
        from cases.stored_files import check_files  # noqa: PLC0415  start-up time
        from cases.trail import verify as check  # noqa: PLC0415  start-up time
        from desk.recorded import VerifyShape  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            shape = VerifyShape.of(check(session), check_files(session, desk.settings.files))
        if as_json:
            print_json(shape)
        else:
            say(f"核验{shape.chains}条链、{shape.entries}条记录，重演{shape.cases}个案件（每秒{shape.entries_per_second}条），"
                f"总摘要{shape.digest}",
                f"{shape.chains} chains, {shape.entries} entries, {shape.cases} cases replayed "
                f"({shape.entries_per_second} entries/s), digest {shape.digest}")  # fmt: skip
            for found in shape.breaks:
                complain(CONSOLE.pick(f"断点：{found.chain} 第{found.seq}条，{found.reason_zh}",
                                      f"broken: {found.chain} entry {found.seq}, {found.reason_en}"))  # fmt: skip
            for file in shape.spoiled:
                complain(CONSOLE.pick(f"文件：{file.case_no} {file.filename}（{file.sha256}），{file.reason_zh}",
                                      f"file: {file.case_no} {file.filename} ({file.sha256}), {file.reason_en}"))  # fmt: skip
            say(f"核对{shape.files}个文件", f"{shape.files} files hashed")
            say("留痕完整" if shape.ok else "留痕不完整", "intact" if shape.ok else "broken")
        if not shape.ok:
            raise typer.Exit(FOUND_FAILURE)


def export(
    target: Annotated[Path, typer.Argument(metavar="FILE", help="导出文件，zip格式 · zip file to write")],
    own: Annotated[
        bool, typer.Option("--own", help="只导出登录人所在单位的数据和文件 · one institution's only")
    ] = False,
    csv: Annotated[bool, typer.Option("--csv", help="另附csv，供电子表格打开 · csv files too")] = False,
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """导出全部数据，含文件库和数据字典 · write all data and files into one zip, with a dictionary."""
    with guarded(as_json), open_desk() as desk:
        from exchange.archive import export_archive  # noqa: PLC0415  start-up time

        try:
            with desk.db.read() as session:
                org_id = desk.person(session, as_login).org_id if own else None
            report = export_archive(desk.db, desk.settings, target, now(), org_id=org_id, csv=csv)
        except OSError as error:
            reason = error.strerror or str(error)
            tell_problem("failed", 500, f"无法写入{target}：{reason}", f"cannot write {target}: {reason}")
            raise typer.Exit(FOUND_FAILURE) from error
        if as_json:
            print_value(report.as_json())
        else:
            rows = sum(table.rows for table in report.tables)
            say(f"已导出{rows}行、{report.files}个文件：{report.path}（含密码散列，请妥善保管）",
                f"{rows} rows and {report.files} files written to {report.path}")  # fmt: skip
            for name in report.missing:
                complain(f"文件库缺少：{name}")
        if report.missing:
            raise typer.Exit(FOUND_FAILURE)


@db_app.command("upgrade")
def upgrade(as_json: Json = False) -> None:
    """升级数据库结构，可重复执行 · bring the database to the newest schema."""
    with guarded(as_json):
        from cases.schema import newest  # noqa: PLC0415  start-up time
        from cases.schema import upgrade as run  # noqa: PLC0415  start-up time

        db = database_of(settings_of())
        try:
            run(db)
        finally:
            db.dispose()
        if as_json:
            print_value({"schema": newest()})
        else:
            say(f"数据库结构已是{newest()}", f"the database is at {newest()}")
