"""`panhuo inbox`: what waits for a person, who holds the rest and since when."""

from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.console import CONSOLE, As, Json, On, day_of, guarded, open_desk, print_value, say, today

if TYPE_CHECKING:
    from desk.awaiting import WaitingCaseShape


def inbox(
    everyone: Annotated[
        bool, typer.Option("--all", help="本单位全部在办案件 · the whole office's cases")
    ] = False,
    on: On = "",
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """等我办理、等他人办理、已逾期 · what needs me, what waits for others, what is overdue."""
    with guarded(as_json), open_desk() as desk:
        from cases.inbox import EVERYONE  # noqa: PLC0415  start-up time
        from cases.inbox import inbox as find  # noqa: PLC0415  start-up time
        from desk.awaiting import LIST_NAMES, LISTS, WaitingCaseShape  # noqa: PLC0415  start-up time

        day = day_of(on) or today()
        with desk.db.read() as session:
            person = desk.person(session, as_login)
            found = find(desk.db, session, person, day, officer_id=EVERYONE if everyone else None)
        shown = {name: [WaitingCaseShape.of(item) for item in found.items(name)] for name in LISTS}
        if as_json:
            lists = {name: [row.model_dump(mode="json") for row in rows] for name, rows in shown.items()}
            print_value({"on": day.isoformat(), "login": person.login, **lists})
            return
        for name, rows in shown.items():
            zh, en = LIST_NAMES[name]
            say(f"{zh}（{len(rows)}）", f"{en} ({len(rows)})")
            for row in rows:
                _show(row)


def _show(row: "WaitingCaseShape") -> None:
    held = row.holder
    say(f"  {row.number} {row.title}")
    say(f"    {held.who_zh}，已{held.days}天", f"    {held.who_en}, {held.days} days")
    if row.due:
        left = row.due.days_left
        zh = f"还有{left}天" if left >= 0 else f"已逾期{-left}天"
        en = f"{left} days left" if left >= 0 else f"{-left} days overdue"
        say(f"    {row.due.due} {row.due.title}（{zh}）", f"    {row.due.due} {row.due.title_en} ({en})")
    if row.steps:
        steps = CONSOLE.pick("、", ", ").join(
            f"{CONSOLE.pick(step.zh, step.en)} ({step.event})" for step in row.steps
        )
        say(f"    下一步：{steps}", f"    next: {steps}")
