"""`panhuo nightly`: the checks of a night, without Prefect."""

import typer

from desk.commands.console import (
    CONSOLE,
    FOUND_FAILURE,
    Json,
    On,
    complain,
    day_of,
    guarded,
    now,
    open_desk,
    print_value,
    say,
    today,
)


def nightly(on: On = "", as_json: Json = False) -> None:
    """做一遍夜间检查，有步骤失败或需要处理的，退出码为1 · do the checks of a night; exit code 1 if somebody has to look."""
    with guarded(as_json), open_desk() as desk:
        from cases.nightly import run_night  # noqa: PLC0415  start-up time
        from cases.nightly_steps import NAMES, STEPS  # noqa: PLC0415  start-up time

        results = run_night(desk.db, STEPS, now, day_of(on) or today())
        if as_json:
            print_value([result.as_json() for result in results])
        else:
            for result in results:
                name = CONSOLE.pick(*NAMES[result.step])
                if result.report is None:
                    complain(f"{name}：{result.error}")
                    continue
                say(f"{name}：{result.report.zh}", f"{name}: {result.report.en}")
                for line in result.report.lines:
                    say(f"  {line.zh}", f"  {line.en}")
    if not all(result.is_fine for result in results):
        raise typer.Exit(FOUND_FAILURE)
