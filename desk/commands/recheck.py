"""`panhuo recheck`: what the nightly check does, without Prefect."""

from typing import Annotated

import typer

from desk.commands.console import Json, On, day_of, guarded, now, open_desk, print_value, say, today


def recheck(
    on: On = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只列出结果，不写入 · say what would change, write nothing")
    ] = False,
    as_json: Json = False,
) -> None:
    """重算暂定日期，并用第二套算法复核全部日期；不一致的转为复核事项 · recompute provisional dates, check everything."""
    with guarded(as_json), open_desk() as desk:
        from cases.rechecking import recheck as check  # noqa: PLC0415  start-up time
        from cases.recomputing import recompute  # noqa: PLC0415  start-up time

        day, moment = day_of(on) or today(), now()
        recomputed = recompute(desk.db, moment, day, dry_run=dry_run, door="command")
        checked = check(desk.db, moment, day, dry_run=dry_run)
        if as_json:
            told = {"recomputed": recomputed.as_json(), "checked": checked.as_json()}
            print_value({"on": day.isoformat(), "dry_run": dry_run, **told})
            return
        for change in recomputed.changes:
            if change.moved:
                say(
                    f"{change.case_no} {change.title}：{change.before} → {change.after}",
                    f"{change.case_no} {change.key}: {change.before} → {change.after}",
                )
        say(
            f"{day}：重算{recomputed.moved}项日期有变，{len(recomputed.changes) - recomputed.moved}项确认；"
            f"复核{checked.deadlines}项期限、{checked.patents}件专利，{checked.differ}处不一致，新增复核事项{checked.opened}项",
            f"{day}: {recomputed.moved} dates moved; {checked.deadlines} deadlines and {checked.patents} patents checked, "
            f"{checked.differ} differences, {checked.opened} new review items",
        )
