"""`panhuo import patents`: a list of patents into the base library."""

from pathlib import Path
from typing import Annotated

import typer

from desk.commands.console import As, Json, UsageProblem, clean, guarded, open_desk, print_value

app = typer.Typer(help="导入 · import", no_args_is_help=True, rich_markup_mode=None)


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
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """导入专利清单：逐行检查，合格的入库，不合格的说明位置和原因 · import a list of patents."""
