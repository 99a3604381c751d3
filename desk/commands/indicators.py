"""`panhuo indicators`: what the policy papers measure, with the definitions an institution has chosen."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from desk.commands.console import As, Json, clean, guarded, now, open_desk, print_value, say, today

if TYPE_CHECKING:
    from cases.indicators.dashboard import Dashboard


def indicators(
    year: Annotated[
        str, typer.Option("--year", metavar="YEAR", help="年度，默认今年 · this year by default")
    ] = "",
    college: Annotated[str, typer.Option("--college", help="只统计该院系 · one college only")] = "",
    mode: Annotated[str, typer.Option("--mode", help="只统计该转化方式 · one mode only")] = "",
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """年度转化指标，逐项列出口径和依据 · the indicators of a year with their definitions."""
    with guarded(as_json), open_desk() as desk:
        from cases.indicators.dashboard import dashboard  # noqa: PLC0415  start-up time
        from cases.indicators.scope import scope_of  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            person = desk.person(session, as_login)
        scope = scope_of(person.org_id, clean(year), today(), college=clean(college), mode=clean(mode))
        found = dashboard(desk.db, scope, now())
        if as_json:
            print_value(_told(found))
            return
        _show(found)


def _told(found: "Dashboard") -> Any:
    from desk.api.indicators import DashboardShape  # noqa: PLC0415  start-up time

    return DashboardShape.of(found).model_dump(mode="json")


def _show(found: "Dashboard") -> None:
    from cases.indicators.catalog import SECTIONS  # noqa: PLC0415  start-up time
    from cases.indicators.words import made_of, shown  # noqa: PLC0415  start-up time

    for key, names in SECTIONS.items():
        say(*names)
        for one in found.figures:
            if one.indicator.section != key:
                continue
            told, (zh, en), (of, of_en) = one.indicator, shown(one), made_of(one)
            mark = ("【待核实】", " [not verified]") if told.confidence == "D" else ("", "")
            sources = "、".join(told.sources)
            say(
                f"  {told.zh}：{zh}{f'（{of}）' if of else ''}{mark[0]}\n    {one.definition.zh} 〔{sources}〕",
                f"  {told.en}: {en}{f' ({of_en})' if of_en else ''}{mark[1]}\n    {one.definition.en} [{sources}]",
            )
