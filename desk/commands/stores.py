"""`panhuo files`: the file store: what is missing or damaged, and moving it elsewhere."""

from typing import Annotated

import typer

from desk.commands.console import (
    CONSOLE,
    FOUND_FAILURE,
    Json,
    UsageProblem,
    clean,
    complain,
    guarded,
    open_desk,
    print_value,
    say,
)

store = typer.Typer(help="文件库 · file store", no_args_is_help=True, rich_markup_mode=None)


@store.command("check")
def check(as_json: Json = False) -> None:
    """核对文件库，列出缺失或损坏的文件，有问题时退出码为1 · find missing and damaged files."""
    with guarded(as_json), open_desk() as desk:
        from cases.stored_files import check_files  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            found = check_files(session, desk.settings.files)
        if as_json:
            print_value({
                "store": repr(desk.settings.files), "files": found.files,
                "spoiled": [
                    {"case": one.case_no, "filename": one.filename, "sha256": one.sha256, "reason": one.reason_zh}
                    for one in found.spoiled
                ],
            })  # fmt: skip
        else:
            for one in found.spoiled:
                reason = CONSOLE.pick(one.reason_zh, one.reason_en)
                complain(f"{one.case_no} {one.filename}（{one.sha256}）：{reason}")
            say(
                f"核对{found.files}个文件，{len(found.spoiled)}处有问题",
                f"{found.files} files, {len(found.spoiled)} spoiled",
            )
        if found.spoiled:
            raise typer.Exit(FOUND_FAILURE)


@store.command("copy")
def copy(
    to: Annotated[
        str,
        typer.Option(
            "--to", metavar="PLACE", help="目录，或s3://存储桶/前缀 · a folder or s3://bucket/prefix"
        ),
    ],
    as_json: Json = False,
) -> None:
    """把文件库复制到别处，可重复执行 · copy the file store; safe to repeat. Set PANHUO_FILES afterwards."""
    with guarded(as_json), open_desk() as desk:
        from cases.file_place import open_files  # noqa: PLC0415  start-up time
        from exchange.copying import copy_files  # noqa: PLC0415  start-up time

        try:
            target = open_files(desk.settings.place_of_files.at(clean(to)))
        except ValueError as error:
            raise UsageProblem(f"目标位置不可用：{error}", str(error)) from error
        with desk.db.read() as session:
            done = copy_files(session, desk.settings.files, target)
        if as_json:
            print_value(
                {
                    "copied": done.copied,
                    "there": done.there,
                    "bytes": done.size,
                    "missing": list(done.missing),
                }
            )
        else:
            for name in done.missing:
                complain(
                    CONSOLE.pick(f"未能复制（缺失或损坏）：{name}", f"not copied, missing or damaged: {name}")
                )
            say(
                f"复制{done.copied}个文件（{done.size >> 20} MB），原有{done.there}个。请把PANHUO_FILES设为{to}并重启各进程",
                f"{done.copied} files copied, {done.there} were there; set PANHUO_FILES={to} and restart",
            )
        if done.missing:
            raise typer.Exit(FOUND_FAILURE)
