"""`panhuo rules roll` and `panhuo rules due`: dates without a case."""

from typing import Annotated, Any

import typer

from desk.commands.console import CONSOLE, Json, clean, guarded, print_value, say, today

Dates = Annotated[
    list[str], typer.Argument(metavar="DATE...", help="期限届满日，可填多个 · days on which a limit ends")
]
RuleId = Annotated[str, typer.Argument(metavar="RULE", help="期限规则编号，如T-01 · id of a timer")]
Layers = Annotated[str, typer.Option("--layers", help="规则包，以逗号分隔，默认national,house · rule packs")]


def roll(dates: Dates, layers: Layers = "", as_json: Json = False) -> None:
    """期限遇休息日时的实际届满日 · the day on which a limit ending on a day really ends."""
    with guarded(as_json):
        from desk.answers import dates as answers  # noqa: PLC0415  start-up time

        rows = answers.roll([clean(text) for text in dates], layers=clean(layers))
        if as_json:
            print_value(rows)
            return
        for row in rows:
            mark = CONSOLE.pick("　暂定", "  provisional") if row["provisional"] else ""
            say(f"{row['day']} → {row['result']}{mark}")
            say(f"  {row['derivation']['sentence']}", f"  {row['derivation']['sentence_en']}")


def due(
    rule: RuleId,
    base: Annotated[str, typer.Option("--base", metavar="DATE", help="起算日 · base date")],
    service: Annotated[
        str,
        typer.Option(
            "--service",
            metavar="post|electronic|publication",
            help="起算日为官方通知的发文日，按送达方式推算送达日 · the base date is the dispatch of a notice",
        ),
    ] = "",
    received: Annotated[
        str, typer.Option("--received", metavar="DATE", help="有证据的实际收到日 · proven day of receipt")
    ] = "",
    year: Annotated[str, typer.Option("--year", metavar="N", help="专利年度，年费用 · patent year")] = "",
    second: Annotated[
        str, typer.Option("--second", metavar="DATE", help="第二个日期，两个事件的规则用 · second date")
    ] = "",
    amount: Annotated[
        str, typer.Option("--amount", help="金额：整数为分，或带单位如500万 · amount, in fen or with a unit")
    ] = "",
    met_on: Annotated[
        str, typer.Option("--met-on", "--paid", metavar="DATE", help="实际办理日 · day on which it was done")
    ] = "",
    on: Annotated[str, typer.Option("--on", metavar="DATE", help="以该日判断状态，默认今日 · the day")] = "",
    layers: Layers = "",
    as_json: Json = False,
) -> None:
    """某项期限的到期日及其由来 · when an act is due under a rule, and why."""
    with guarded(as_json):
        from desk.answers import dates as answers  # noqa: PLC0415  start-up time

        texts = (rule, base, service, received, year, second, amount, met_on, on, layers)
        rule, base, service, received, year, second, amount, met_on, on, layers = map(clean, texts)
        found = answers.due(
            rule, base, service=service, received=received, year=year, second=second, amount=amount,
            met_on=met_on, on=on or today().isoformat(), layers=layers,
        )  # fmt: skip
        if as_json:
            print_value(found)
        else:
            _show(found)


def _show(found: dict[str, Any]) -> None:
    say(f"{found['rule']} {found['title']}", f"{found['rule']} {found['title_en']}")
    mark = CONSOLE.pick("（暂定）", " (provisional)") if found["provisional"] else ""
    say(
        f"到期日：{found['due']}{mark}　{found['status_zh']}", f"due: {found['due']}{mark}  {found['status']}"
    )
    if found["free_from"]:
        say(f"自{found['free_from']}起方可办理", f"allowed from {found['free_from']}")
    if found["opens"]:
        say(f"自{found['opens']}起可以办理", f"may be done from {found['opens']}")
    if found["internal"]:
        say(f"内部期限：{found['internal']}", f"internal date: {found['internal']}")
    if found["warn_on"]:
        say(f"提醒日：{'、'.join(found['warn_on'])}", f"reminders: {', '.join(found['warn_on'])}")
    say(f"依据：{found['source']}", f"source: {found['source']}")
    say(found["derivation"]["sentence"], found["derivation"]["sentence_en"])
