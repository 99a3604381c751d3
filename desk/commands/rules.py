"""`panhuo rules`: what the rule packs say, whether they are sound, what differs, and dates without a case."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from desk.commands import rule_dates
from desk.commands.console import (
    CONSOLE,
    FOUND_FAILURE,
    Json,
    Unreachable,
    clean,
    complain,
    database_of,
    guarded,
    print_value,
    say,
    settings_of,
)

if TYPE_CHECKING:
    from cases.db import Database

app = typer.Typer(
    help="规则包：规则、核对、比较、期限 · rule packs: rules, checks, differences, dates",
    no_args_is_help=True,
)
app.command("roll")(rule_dates.roll)
app.command("due")(rule_dates.due)

Layers = Annotated[
    str,
    typer.Option(
        "--layers", help="规则包名称或TOML文件，以逗号分隔，默认national,house · packs or TOML files"
    ),
]
KINDS = {"added": ("新增", "added"), "removed": ("删除", "removed"), "changed": ("变更", "changed")}


@app.command("list")
def list_rules(
    layers: Layers = "",
    prefix: Annotated[str, typer.Option("--prefix", help="编号开头，如T- · ids that begin so")] = "",
    on: Annotated[
        str, typer.Option("--on", metavar="DATE", help="只列该日有效的 · those in force on a day")
    ] = "",
    unverified: Annotated[
        bool, typer.Option("--unverified", help="只列待核实的 · only unverified ones")
    ] = False,
    as_json: Json = False,
) -> None:
    """列出规则，含出处、版本和可信度 · rules, with source, version and confidence."""
    with guarded(as_json):
        from desk.answers import rulebook  # noqa: PLC0415  start-up time

        found = rulebook.list_rules(
            layers=clean(layers), prefix=clean(prefix), on=clean(on), unverified=unverified, files=True
        )
        if as_json:
            print_value(found)
            return
        for row in found["rows"]:
            _show_row(row)
        say(
            f"共{found['count']}条，其中待核实{found['unverified']}条",
            f"{found['count']} in all, {found['unverified']} not verified",
        )


@app.command("show")
def show(
    rule: Annotated[str, typer.Argument(metavar="ID", help="规则编号，如W-06 · id of a rule")],
    layers: Layers = "",
    as_json: Json = False,
) -> None:
    """一条规则的全部版本、所定的数值和用处 · a rule with all versions, its values and where it is used."""
    with guarded(as_json):
        from desk.answers import rulebook  # noqa: PLC0415  start-up time

        found = rulebook.show(clean(rule), layers=clean(layers), files=True)
        if as_json:
            print_value(found)
            return
        if found["also"]:
            say(f"又称：{'、'.join(found['also'])}", f"also known as: {', '.join(found['also'])}")
        for version in found["versions"]:
            _show_row({**version, "also": found["also"]})
            if version["text"]:
                say(f"  {version['text']}", f"  {version['text']}")
        for value in found["values"]:
            told = "，".join(f"{name}={held}" for name, held in value.items() if held not in (None, "", []))
            say(f"  · {told}", f"  · {told}")
        if found["used_in"]:
            say(f"用于：{'、'.join(found['used_in'])}", f"used in: {', '.join(found['used_in'])}")


@app.command("check")
def check(
    packs: Annotated[
        list[str] | None,
        typer.Argument(metavar="PACK", help="名称或TOML文件，默认全部 · packs or TOML files, all by default"),
    ] = None,
    as_json: Json = False,
) -> None:
    """核对规则包，逐条指出文件、行和原因 · check packs; every fault with file, line and reason."""
    with guarded(as_json):
        from desk.answers import rulebook  # noqa: PLC0415  start-up time

        found = rulebook.check([clean(pack) for pack in packs or ()], files=True)
        if as_json:
            print_value(found)
        else:
            _show_check(found)
        if not found["ok"]:
            raise typer.Exit(FOUND_FAILURE)


@app.command("diff")
def diff(
    before: Annotated[str, typer.Argument(metavar="PACK_A", help="原规则包 · the packs as they are")],
    after: Annotated[str, typer.Argument(metavar="PACK_B", help="新规则包 · the packs as they shall be")],
    as_json: Json = False,
) -> None:
    """比较规则包，并指出哪些未结期限会变动；不写入 · what differs, and which open deadlines would move."""
    with guarded(as_json), _record() as (db, why):
        from desk.answers import rulebook  # noqa: PLC0415  start-up time

        found = rulebook.diff(clean(before), clean(after), db=db, no_record=why, files=True)
        if as_json:
            print_value(found)
        else:
            _show_diff(found)


@contextmanager
def _record() -> "Iterator[tuple[Database | None, tuple[str, str]]]":
    """Open the record to read, if there is one; otherwise say why not. No database is made."""
    from pathlib import Path  # noqa: PLC0415  start-up time

    from sqlalchemy.exc import OperationalError  # noqa: PLC0415  start-up time

    from cases.schema import current, newest  # noqa: PLC0415  start-up time

    nothing = ("没有案件数据库，未比较期限", "there is no record, so no deadlines were compared")
    try:
        db = database_of(settings_of())
    except Unreachable as error:
        yield None, (f"{error.zh}，未比较期限", error.en)
        return
    try:
        if not db.postgres and not (db.url.database and Path(db.url.database).is_file()):
            yield None, nothing
            return
        try:
            with db.read() as session:
                revision = current(session.connection())
        except (OperationalError, OSError):
            yield (
                None,
                ("数据库无法打开，未比较期限", "the database cannot be opened; no deadlines were compared"),
            )
            return
        if revision is None:
            yield None, nothing
        elif revision != newest():
            yield (
                None,
                (
                    "数据库结构须先升级（panhuo db upgrade），未比较期限",
                    "the database must be upgraded first (panhuo db upgrade); no deadlines were compared",
                ),
            )
        else:
            yield db, ("", "")
    finally:
        db.dispose()


def _show_row(row: dict[str, Any]) -> None:
    badge = f"〔{row['badge']}〕" if row["badge"] else ""
    until = row["valid_to"] or ""
    say(f"{row['id']}　{row['title']}{badge}", f"{row['id']}  {row['title_en']}")
    when = f"{row['valid_from']}—{until}"
    say(
        f"  {row['article']}；{row['version']}，{when}；可信度{row['confidence']}；{row['layer']}",
        f"  {row['article']}; {row['version']}, {when}; confidence {row['confidence']}; {row['layer']}",
    )


def _show_check(found: dict[str, Any]) -> None:
    for fault in found["faults"]:
        place = f"{fault['file']}:{fault['line']}" if fault["line"] else fault["file"]
        complain(f"{place}: {CONSOLE.pick(fault['reason'], fault['reason_en'])}")
    for one in found["checked"]:
        if one["ok"]:
            say(f"{one['pack']}：无误（{one['rules']}条）", f"{one['pack']}: sound ({one['rules']} rules)")
        else:
            say(f"{one['pack']}：有误", f"{one['pack']}: not sound")


def _show_diff(found: dict[str, Any]) -> None:
    if found["same"]:
        say("规则包内容相同", "the packs say the same")
    parts = (("rules", "规则", "rule"), ("rows", "数值", "value"), ("policy", "单位规则", "house policy"))
    for part, zh, en in parts:
        for change in found[part]:
            kind = KINDS[change["kind"]]
            say(
                f"{zh}{kind[0]}　{change['key']} {change['title']}",
                f"{en} {kind[1]}: {change['key']} {change['title_en']}",
            )
            for field in change["fields"]:
                told = f"  {field['field']}：{_told(field['before'])} → {_told(field['after'])}"
                say(told, told)
    if found["ladders"]:
        say(
            "提醒方式有变：只影响以后的提醒，已发出的不变，已过的档不补发",
            "reminders change: only those to come; what was sent stays, and rungs gone by are not made up for",
        )
    _show_moves(found["record"])


def _told(value: object) -> str:
    return "（无）" if value in (None, "") else str(value)


def _show_moves(record: dict[str, Any]) -> None:
    if not record["available"]:
        say(record["reason"], record["reason_en"])
        return
    for move in record["moves"]:
        after = move["after"] or CONSOLE.pick("不再有此期限", "no such deadline")
        say(
            f"期限变动　{move['case_no']} {move['title']}（{move['rule']}）：{move['before']} → {after}",
            f"deadline moves: {move['case_no']} {move['title_en']} ({move['rule']}): {move['before']} -> {after}",
        )
        if move["internal_before"] != move["internal_after"]:
            inner = f"{_told(move['internal_before'])} → {_told(move['internal_after'])}"
            say(f"  内部期限：{inner}", f"  internal date: {inner}")
    say(
        f"检查未结期限{record['examined']}项，会变动{len(record['moves'])}项，另有{record['other']}项不由原规则包算出",
        f"{record['examined']} open deadlines, {len(record['moves'])} would move, {record['other']} rest on other packs",
    )
