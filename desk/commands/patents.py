"""`panhuo import patents`: a list of patents into the base library."""

import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.console import (
    As,
    Desk,
    Json,
    Unreachable,
    UsageProblem,
    clean,
    complain,
    guarded,
    now,
    open_desk,
    print_value,
    say,
    settings_of,
    today,
)

if TYPE_CHECKING:
    from cases.db import Database
    from exchange.patent_import import ImportReport, OnProgress, Progress

app = typer.Typer(help="导入 · import", no_args_is_help=True, rich_markup_mode=None)
SHOWN_ERRORS = 20


@app.callback()
def _group() -> None:
    """导入 · import."""


@app.command("patents")
def patents(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="xlsx或csv专利清单 · xlsx or csv list")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，不入库 · check only")] = False,
    mapping: Annotated[
        list[str], typer.Option("--mapping", metavar="FIELD=COLUMN", help="指定列，可重复 · repeatable")
    ] = [],  # noqa: B006  Typer copies it
    rejects: Annotated[str, typer.Option("--rejects", metavar="XLSX", help="把不合格的行写到该文件")] = "",
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """导入专利清单：合格的入库，不合格的说明位置和原因 · import a list; bad lines are named."""
    with guarded(as_json):
        check_file(file)
        chosen = _mapping_of(file, mapping)
        back = Path(rejects) if rejects else None
        report = (
            _check_only(file, chosen, back, as_login)
            if dry_run
            else _store(file, chosen, back, as_login, as_json)
        )
        if as_json:
            print_value(report.as_json())
        else:
            _tell(report, dry_run)


def check_file(file: Path) -> None:
    """Refuse a file that is not there or cannot be read.

    Raises: NotFound, Invalid, Unreachable.
    """
    from cases.errors import Invalid, NotFound  # noqa: PLC0415  start-up time

    if not file.exists():
        raise NotFound(f"找不到文件：{clean(str(file))}", f"no such file: {file}")
    if not file.is_file():
        raise Invalid(f"不是文件：{clean(str(file))}", {"file": "请指定xlsx或csv文件"}, f"not a file: {file}")
    try:
        with file.open("rb") as opened:
            opened.read(1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise Unreachable(f"文件无法读取：{reason}", f"cannot read {file}: {reason}") from error


def _mapping_of(file: Path, pairs: list[str]) -> Mapping[str, str] | None:
    """Return the guessed columns with the chosen ones over them; None leaves all to the guess."""
    chosen = pairs_of(pairs)
    if not chosen:
        return None
    from exchange.list_import import full_mapping  # noqa: PLC0415  start-up time
    from exchange.patent_import import preview  # noqa: PLC0415  start-up time

    return full_mapping(preview(file, today=today()).mapping, chosen)


def pairs_of(pairs: list[str]) -> dict[str, str]:
    """Return the columns that were chosen as FIELD=COLUMN.

    Raises: UsageProblem.
    """
    chosen = {}
    for pair in pairs:
        name, separator, column = clean(pair).partition("=")
        if not separator or not name.strip():
            raise UsageProblem(f"“{pair}”不是 字段=列名 的形式", f"'{pair}' is not field=column")
        chosen[name.strip()] = column.strip()
    return chosen


def _store(
    file: Path, mapping: Mapping[str, str] | None, back: Path | None, login: str, as_json: bool
) -> "ImportReport":
    from exchange.list_import import import_list  # noqa: PLC0415  start-up time

    with open_desk() as desk:
        with desk.db.read() as session:
            person = desk.person(session, login)
        done = import_list(
            desk.db, desk.settings.files, person, file, filename=file.name, mapping=mapping, now=now(),
            on_progress=None if as_json else _progress(),
        )  # fmt: skip
        if back is not None and done.rejects_sha256:
            back.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(desk.settings.files.local(done.rejects_sha256), back)
        return done.report


def _check_only(
    file: Path, mapping: Mapping[str, str] | None, back: Path | None, login: str
) -> "ImportReport":
    from exchange.patent_import import run_import  # noqa: PLC0415  start-up time

    with _compared_with(login) as (db, org_id):
        return run_import(
            db, file, mapping=mapping, org_id=org_id, rejects_path=back, dry_run=True, now=now()
        )


@contextmanager
def _compared_with(login: str) -> Iterator[tuple["Database", int]]:
    """Give the record to compare a list with; without one, an empty scratch record that goes away again."""
    if _has_record():
        try:
            with open_desk() as desk:
                yield desk.db, _organization(desk, login)
                return
        except Unreachable:
            complain("数据库暂不可用，仅检查文件本身")
    from tempfile import TemporaryDirectory  # noqa: PLC0415  start-up time

    from cases.db import Database  # noqa: PLC0415  start-up time
    from cases.schema import upgrade  # noqa: PLC0415  start-up time

    with TemporaryDirectory(prefix="panhuo-dry-run-") as folder:
        scratch = Database(f"sqlite:///{folder}/scratch.db", synchronous="OFF")
        try:
            upgrade(scratch)
            yield scratch, 0
        finally:
            scratch.dispose()


def _has_record() -> bool:
    url, prefix = settings_of().database_url, "sqlite:///"
    return not url.startswith(prefix) or Path(url.removeprefix(prefix)).exists()


def _organization(desk: Desk, login: str) -> int:
    """Return whose library to compare with: the login's, else the first institution's, else nobody's."""
    from sqlmodel import col, select  # noqa: PLC0415  start-up time

    from cases.tables import Organization  # noqa: PLC0415  start-up time

    with desk.db.read() as session:
        if login:
            return desk.person(session, login).org_id
        first = session.exec(select(Organization.id).order_by(col(Organization.id))).first()
    return int(first or 0)


def _progress() -> "OnProgress | None":
    if not sys.stderr.isatty():
        return None

    def show(progress: "Progress") -> None:
        sys.stderr.write(f"\r{progress.percent:3d}%")
        if progress.percent >= 100:
            sys.stderr.write("\n")

    return show


def _tell(report: "ImportReport", dry_run: bool) -> None:
    done = ("检查完毕（未入库）", "checked, nothing stored") if dry_run else ("导入完毕", "imported")
    say(
        f"{done[0]}：共{report.rows}行，合格{report.accepted}件（其中已有{report.unchanged}件），不合格{report.rejected}行",
        f"{done[1]}: {report.rows} rows, {report.accepted} good ({report.unchanged} known), {report.rejected} refused",
    )
    for error in report.errors[:SHOWN_ERRORS]:
        told = error.as_json()
        complain(f"  第{told['row']}行 {told['field']} “{told['value']}”：{told['reason']}")
    if len(report.errors) > SHOWN_ERRORS:
        complain(f"  …… 共{len(report.errors)}项，加 --json 查看全部，或用 --rejects 导出")
