"""`panhuo number`: are these numbers right, and what is their one form."""

from typing import Annotated

import typer

from desk.commands.console import Json, clean, guarded, print_value, say

app = typer.Typer(
    help="号码核对：申请号、专利号、公开号、统一社会信用代码、身份证号 · check numbers",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Numbers = Annotated[
    list[str],
    typer.Argument(
        metavar="NO...",
        help="号码；“-”从标准输入读取，“@文件”从文件读取，每行一个 · numbers, - for standard input, @FILE for a file",
    ),
]


@app.callback()
def _group() -> None:
    pass


@app.command("check")
def check(numbers: Numbers, as_json: Json = False) -> None:
    """核对号码并写成规范形式 · check numbers and write them in one form.

    认得：1985至1988年、1989至2003年9月、2003年10月以后的申请号和专利号，各时期的公开（公告）号，
    统一社会信用代码，居民身份证号码。缺少的校验位会补算；被电子表格截断的号码一律拒绝。
    """
    with guarded(as_json):
        from desk.answers import numbers as answers  # noqa: PLC0415  start-up time

        rows = answers.check(_all(numbers))
        if as_json:
            print_value(rows)
            return
        for row in rows:
            _show(row)
        wrong = sum(not row["valid"] for row in rows)
        say(f"共{len(rows)}个号码，{wrong}个有误", f"{len(rows)} numbers, {wrong} wrong")


def _all(given: list[str]) -> list[str]:
    from desk.commands.inputs import text_of  # noqa: PLC0415  start-up time

    found: list[str] = []
    for number in given:
        if number == "-" or number.startswith("@"):
            text = text_of(number.removeprefix("@"))
            found += [clean(line.strip()) for line in text.splitlines() if line.strip()]
        else:
            found.append(clean(number))
    return found


def _show(row: dict[str, object]) -> None:
    mark = "√" if row["valid"] else "×"
    what = "，".join(str(row[name]) for name in ("type_zh", "kind_zh", "generation_zh") if row[name])
    say(
        f"{mark} {row['input']}　{row['normalized'] or ''}　{what}",
        f"{mark} {row['input']}  {row['normalized'] or ''}  {row['type']}, {row['kind']}, {row['generation'] or '-'}",
    )
    if row["reason"]:
        say(f"  {row['reason']}", f"  {row['code'] or ''} {row['reason']}")
