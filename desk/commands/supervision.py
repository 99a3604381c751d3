"""`panhuo supervision`: bureaus and the figures of the institutions that agreed."""

from typing import Annotated

import typer

from desk.commands.console import As, Json, clean, guarded, now, open_desk, print_value, say, today

app = typer.Typer(help="监管：监管单位、全市情况 · supervision", no_args_is_help=True, rich_markup_mode=None)


@app.command("found")
def found(
    name: Annotated[str, typer.Argument(metavar="BUREAU", help="监管单位名称 · name of the bureau")],
    login: Annotated[str, typer.Option("--login", help="第一位监管人员的用户名 · login")],
    person: Annotated[str, typer.Option("--name", help="姓名 · name")],
    as_json: Json = False,
) -> None:
    """建立监管单位和第一位监管人员 · write a bureau with its first supervisor."""
    with guarded(as_json), open_desk() as desk:
        from cases.oversight import found_bureau  # noqa: PLC0415  start-up time

        user_id = found_bureau(desk.db, name=clean(name), login=clean(login), person=clean(person), now=now())
        if as_json:
            print_value({"user_id": user_id})
            return
        say(
            f"已建立{clean(name)}，请用 panhuo user link {clean(login)} 生成登录链接",
            f"founded {clean(name)}",
        )


@app.command("show")
def show(
    year: Annotated[str, typer.Option("--year", help="年度 · year")] = "",
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """全市情况：各单位汇总数 · figures of the institutions that agreed."""
    with guarded(as_json), open_desk() as desk:
        from cases.indicators.words import shown  # noqa: PLC0415  start-up time
        from cases.supervision import COUNTS, overview  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            by = desk.anybody(session, as_login)
        found = overview(desk.db, by, clean(year), today(), now())
        rows = [
            {"name": one.name, **{told.indicator.id: shown(told)[0] for told in one.indicators}, **one.counts}
            for one in found.institutions
        ]
        if as_json:
            print_value({"year": found.year, "institutions": rows, "districts": dict(found.districts)})
            return
        for one in found.institutions:
            zh = [f"{told.indicator.zh} {shown(told)[0]}" for told in one.indicators]
            zh += [f"{COUNTS[key][0]} {value}" for key, value in one.counts.items()]
            en = [f"{told.indicator.en} {shown(told)[1]}" for told in one.indicators]
            en += [f"{COUNTS[key][1]} {value}" for key, value in one.counts.items()]
            say("\t".join([one.name, *zh]), "\t".join([one.name, *en]))
        say(f"共{len(rows)}家单位", f"{len(rows)} institutions")
