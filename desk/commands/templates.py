"""`panhuo templates`: the institution's own templates: begin a folder, check it, see what it makes."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from desk.commands.console import (
    FOUND_FAILURE,
    Json,
    UsageProblem,
    clean,
    guarded,
    print_value,
    say,
    settings_of,
)

app = typer.Typer(
    help="单位模板：新建、检查、预览 · the institution's own templates",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="单位模板文件夹 · the folder")]


@app.command("new")
def new(folder: Folder) -> None:
    """新建单位模板文件夹，含说明和可改的样例 · a new folder, with notes and something to change."""
    with guarded(False):
        from desk.answers.house import begin_house  # noqa: PLC0415  start-up time

        if folder.exists() and any(folder.iterdir()):
            raise UsageProblem(f"{folder} 不是空文件夹，未写入", f"{folder} is not empty")
        begin_house(folder)
        say(f"已新建 {folder}，修改后运行 panhuo templates check {folder}", f"made {folder}")


@app.command("check")
def check(folder: Folder, as_json: Json = False) -> None:
    """检查单位模板，逐条列出文件、行号和改法 · check a folder: file, line, and what to do."""
    with guarded(as_json):
        from desk.answers.house import faults_in  # noqa: PLC0415  start-up time

        if not folder.is_dir():
            raise UsageProblem(f"没有文件夹 {folder}", f"no folder {folder}")
        found = faults_in(folder)
        if as_json:
            print_value({"folder": str(folder), "faults": [asdict(fault) for fault in found]})
        else:
            for fault in found:
                say(str(fault), f"{fault}  [{fault.reason_en}]")
            if not found:
                say("单位模板可以使用：各转化方式的样例合同均已试填", "the templates can be used")
        if found:
            raise typer.Exit(FOUND_FAILURE)


@app.command("preview")
def preview(
    folder: Folder,
    mode: Annotated[str, typer.Option("--mode", help="转化方式 · conversion mode")] = "exclusive_license",
    kind: Annotated[str, typer.Option("--kind", help="文书种类 · document kind")] = "contract",
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="PDF文件 · where to")] = Path(
        "preview.pdf"
    ),
) -> None:
    """用样例数据按单位模板生成一份文书 · a document of made-up data, as the folder has it."""
    with guarded(False):
        from desk.answers.house import preview_job  # noqa: PLC0415  start-up time
        from flows.work import render_pool  # noqa: PLC0415  start-up time

        job = preview_job(folder, clean(mode), clean(kind), settings_of().fonts)
        with render_pool(settings_of()) as pool:
            made = pool.render_job(job)
        out.write_bytes(made.data)
        say(f"{out}：{made.pages}页", f"{out}: {made.pages} pages")
