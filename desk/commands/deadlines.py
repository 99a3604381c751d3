"""`panhuo deadlines` and `panhuo remind`."""

from typing import Annotated

import typer

from desk.commands.case_text import show_deadline
from desk.commands.console import (
    As,
    Json,
    On,
    day_of,
    guarded,
    now,
    open_desk,
    print_json,
    print_value,
    say,
    today,
)


def deadlines(
    until: Annotated[
        str, typer.Option("--until", metavar="DATE", help="截止日 · due on this day or before")
    ] = "",
    case: Annotated[str, typer.Option("--case", help="案件编号 · case number")] = "",
    everything: Annotated[bool, typer.Option("--all", help="含已完成和已变更的 · also closed ones")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000)] = 500,
    on: On = "",
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """期限列表，含每个期限的由来 · deadlines, with how each came about."""
    with guarded(as_json), open_desk() as desk:
        from cases.views import deadlines as find  # noqa: PLC0415  start-up time
        from desk.shapes import DeadlineShape  # noqa: PLC0415  start-up time

        day = day_of(on) or today()
        with desk.db.read() as session:
            person = desk.person(session, as_login)
            case_id = desk.case(session, person, case) if case else None
            found = find(
                session, person.org_id, day, case_id=case_id, open_only=not everything, until=day_of(until),
                limit=limit,
            )  # fmt: skip
        shapes = [DeadlineShape.of(view) for view in found]
        if as_json:
            print_value({"on": day.isoformat(), "rows": [shape.model_dump(mode="json") for shape in shapes]})
            return
        for shape in shapes:
            show_deadline(shape)
        say(f"共{len(shapes)}项", f"{len(shapes)} in all")


def remind(on: On = "", as_json: Json = False) -> None:
    """扫描期限并生成提醒；重复执行不会重复提醒 · sweep deadlines; each rung reminds once."""
    with guarded(as_json), open_desk() as desk:
        from cases.reminders import remind as sweep  # noqa: PLC0415  start-up time
        from desk.recorded import RemindShape  # noqa: PLC0415  start-up time

        report = sweep(desk.db, day_of(on) or today(), now(), mail=bool(desk.settings.smtp_host))
        if as_json:
            print_json(RemindShape.of(report))
            return
        say(
            f"{report.on}：检查{report.examined}项期限，新增提醒{report.reminders}条，合并为{report.messages}条消息",
            f"{report.on}: {report.examined} deadlines, {report.reminders} reminders, {report.messages} messages",
        )
