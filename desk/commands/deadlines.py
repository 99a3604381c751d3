"""`panhuo deadlines` and `panhuo remind`."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.case_text import show_deadline
from desk.commands.console import (
    As,
    Json,
    On,
    complain,
    day_of,
    guarded,
    now,
    open_desk,
    print_json,
    print_value,
    say,
    today,
)

if TYPE_CHECKING:
    from cases.reminders import Found, RemindReport


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


def remind(
    on: On = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只列出将提醒谁什么，不写入 · tell who would be told what")
    ] = False,
    as_json: Json = False,
) -> None:
    """扫描期限并生成提醒；重复执行不会重复提醒 · sweep deadlines; each rung reminds once."""
    with guarded(as_json), open_desk() as desk:
        from cases.reminders import preview  # noqa: PLC0415  start-up time
        from cases.reminders import remind as sweep  # noqa: PLC0415  start-up time
        from desk.recorded import RemindShape  # noqa: PLC0415  start-up time

        day = day_of(on) or today()
        if dry_run:
            _show_preview(day, preview(desk.db, day), as_json)
            return
        report = sweep(desk.db, day, now(), mail=bool(desk.settings.smtp_host))
        if as_json:
            print_json(RemindShape.of(report))
            return
        _show_report(report)


def _show_report(report: "RemindReport") -> None:
    say(
        f"{report.on}：检查{report.examined}项期限，新增提醒{report.reminders}条，新建消息{report.messages}条"
        "（同一人当天的提醒合并为一条）",
        f"{report.on}: {report.examined} deadlines, {report.reminders} reminders, {report.messages} new messages "
        "(one for each person and day)",
    )
    for count, zh, en in (
        (report.missed, "此前停用{n}天，已一并补上", "{n} days without a sweep before, caught up with"),
        (report.covered, "其中{n}档已过，由较近一档涵盖", "{n} rungs gone by are covered by tighter ones"),
        (report.waiting, "{n}项期限的提醒并入次日消息", "{n} deadlines wait for tomorrow's message"),
        (
            report.untold,
            "{n}项期限没有可通知的人，请启用用户",
            "of {n} deadlines nobody can be told; enable users",
        ),
    ):
        if count:
            say(f"  {zh.format(n=count)}", f"  {en.format(n=count)}")
    for fault in report.faults:
        complain(fault)


def _show_preview(on: date, found: "tuple[tuple[str, Found], ...]", as_json: bool) -> None:
    people = [(org, name, lines) for org, one in found for name, lines in one.by_person()]
    if as_json:
        told = [{"organization": org, "name": name, "lines": lines} for org, name, lines in people]
        untold = sum(len(one.untold) for _, one in found)
        print_value({"on": on.isoformat(), "dry_run": True, "people": told, "untold": untold})
        return
    for org, name, lines in people:
        say(f"{org}　{name}：{len(lines)}项", f"{org}, {name}: {len(lines)}")
        for line in lines:
            left = line["days_left"]
            when = f"逾期{-left}天" if left < 0 else f"还有{left}天"
            number = line.get("case_no", "")
            say(
                f"  {line['due']}（{when}）{number} {line['title']}",
                f"  {line['due']} ({left} days) {number} {line['title']}",
            )
    say(f"{on}：共{len(people)}人，未写入", f"{on}: {len(people)} people; nothing was written")
