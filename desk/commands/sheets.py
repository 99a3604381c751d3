"""`panhuo import sheet` and `panhuo import template`: sheets of any kind into the record."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.console import As, Json, clean, complain, guarded, now, open_desk, print_value, say
from desk.commands.patents import SHOWN_ERRORS, check_file, pairs_of

if TYPE_CHECKING:
    from exchange.sheet_import import SheetReport

Kind = Annotated[
    str, typer.Argument(metavar="KIND", help="表格种类，panhuo import kinds 可查 · kind of sheet")
]


def kinds(as_json: Json = False) -> None:
    """可以批量导入的表格 · kinds of sheets."""
    from exchange.sheet_kinds import ALL  # noqa: PLC0415  start-up time

    if as_json:
        print_value([{"name": kind.name, "zh": kind.zh, "en": kind.en} for kind in ALL])
        return
    for kind in ALL:
        say(f"{kind.name}  {kind.zh}", f"{kind.name}  {kind.en}")


def template(
    kind: Kind, target: Annotated[Path, typer.Argument(metavar="XLSX", help="写到该文件 · write to")]
) -> None:
    """下载模板：列名、下拉选项和填写说明 · an empty workbook with drop-downs."""
    with guarded(False):
        from exchange.sheet_kinds import kind_of  # noqa: PLC0415  start-up time
        from exchange.sheet_template import write_template  # noqa: PLC0415  start-up time

        write_template(target, kind_of(clean(kind)))
        say(f"已写到{target}", f"written to {target}")


def sheet(
    kind: Kind,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="xlsx或csv · xlsx or csv")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，不入库 · check only")] = False,
    mapping: Annotated[
        list[str], typer.Option("--mapping", metavar="FIELD=COLUMN", help="指定列，可重复 · repeatable")
    ] = [],  # noqa: B006  Typer copies it
    rejects: Annotated[str, typer.Option("--rejects", metavar="XLSX", help="把不合格的行写到该文件")] = "",
    skip_hidden: Annotated[
        bool, typer.Option("--skip-hidden", help="不导入隐藏行 · leave hidden rows")
    ] = False,
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """批量导入表格：合格的行入库，不合格的说明工作表、行、列和原因 · import a sheet; bad rows are named."""
    with guarded(as_json):
        check_file(file)
        report = _run(clean(kind), file, pairs_of(mapping), rejects, as_login, dry_run, skip_hidden)
        if as_json:
            print_value({**report.as_json(), "dry_run": dry_run})
        else:
            _tell(report, dry_run)


def _run(
    kind_name: str, file: Path, chosen: dict[str, str], rejects: str, login: str, dry_run: bool, skip: bool
) -> "SheetReport":
    from cases.imports import check_may_import  # noqa: PLC0415  start-up time
    from exchange.list_import import full_mapping, import_sheet  # noqa: PLC0415  start-up time
    from exchange.sheet_import import preview_sheet, run_sheet  # noqa: PLC0415  start-up time
    from exchange.sheet_kinds import kind_of  # noqa: PLC0415  start-up time

    back = Path(rejects) if rejects else None
    with open_desk() as desk:
        kind = kind_of(kind_name, desk.settings.own)
        with desk.db.read() as session:
            person = desk.person(session, login)
        check_may_import(person, kind.roles)
        mapping = None
        if chosen:
            looked = preview_sheet(desk.db, person, kind, file, now=now())
            mapping = full_mapping(looked.mapping, chosen)
        if dry_run:
            return run_sheet(
                desk.db, person, kind, file, mapping=mapping, skip_hidden=skip, dry_run=True, rejects_path=back,
                now=now(),
            )  # fmt: skip
        done = import_sheet(
            desk.db, desk.settings.files, person, kind, file, filename=file.name, mapping=mapping, skip_hidden=skip,
            now=now(),
        )  # fmt: skip
        if back is not None and done.rejects_sha256:
            back.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(desk.settings.files.local(done.rejects_sha256), back)
        return done.report


def _tell(report: "SheetReport", dry_run: bool) -> None:
    done = ("检查完毕（未入库）", "checked, nothing stored") if dry_run else ("导入完毕", "imported")
    say(
        f"{done[0]}：共{report.rows}行，新增{report.added}，更新{report.changed}，未变化{report.same}，重复{report.repeated}，"
        f"退回{report.rejected}",
        f"{done[1]}: {report.rows} rows, {report.added} new, {report.changed} changed, {report.same} unchanged, "
        f"{report.repeated} repeated, {report.rejected} refused",
    )
    for note in report.notes:
        complain(f"  注意：{note}")
    for error in report.errors[:SHOWN_ERRORS]:
        where = f"工作表“{error.sheet}”" if error.sheet else ""
        complain(f"  {where}第{error.row}行 {error.field} “{error.value}”：{error.reason}")
    if len(report.errors) > SHOWN_ERRORS:
        complain(f"  …… 共{len(report.errors)}项，加 --json 查看全部，或用 --rejects 导出")
