"""`panhuo audit export`: what an auditor takes along."""

from pathlib import Path
from typing import Annotated

import typer

from desk.commands.console import (
    FOUND_FAILURE,
    As,
    Json,
    UsageProblem,
    complain,
    guarded,
    now,
    open_desk,
    print_value,
    say,
    tell_problem,
)

app = typer.Typer(help="审计 · audit", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _group() -> None:
    """审计 · audit."""


@app.command("export")
def export(
    target: Annotated[Path, typer.Argument(metavar="FILE", help="导出文件，zip格式 · zip file to write")],
    case: Annotated[str, typer.Option("--case", metavar="CASE", help="只导出该案件 · one case only")] = "",
    everything: Annotated[
        bool, typer.Option("--all", help="全部案件及单位留痕 · all cases and the institution's own chain")
    ] = False,
    files: Annotated[
        bool, typer.Option("--files", help="附文书原文件 · with the files of documents")
    ] = False,
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """导出审计包：留痕、案件现状、文书哈希值和独立核验程序 · the trail, cases, hashes and a stand-alone checker."""
    with guarded(as_json), open_desk() as desk:
        from exchange.audit import export_audit  # noqa: PLC0415  start-up time

        if bool(case) is everything:
            raise UsageProblem("请用 --case 案件编号 或 --all 指明导出范围", "say --case CASE or --all")
        with desk.db.read() as session:
            person = desk.person(session, as_login)
            case_id = desk.case(session, person, case) if case else None
        try:
            report = export_audit(desk.db, desk.settings, person, target, now(), case_id=case_id, files=files)
        except OSError as error:
            reason = error.strerror or str(error)
            tell_problem("failed", 500, f"无法写入{target}：{reason}", f"cannot write {target}: {reason}")
            raise typer.Exit(FOUND_FAILURE) from error
        if as_json:
            print_value(report.as_json())
        else:
            say(f"已导出{report.entries}条记录、{report.cases}个案件、{report.documents}份文书：{report.path}\n"
                f"清单哈希值（请另行抄存）：{report.manifest_hash}\n核验：python3 -I check.py {report.path.name}",
                f"{report.entries} entries, {report.cases} cases, {report.documents} documents written to {report.path}\n"
                f"hash of the manifest (keep it elsewhere): {report.manifest_hash}")  # fmt: skip
            for name in report.missing:
                complain(f"文件库缺少：{name}")
        if report.missing:
            raise typer.Exit(FOUND_FAILURE)
