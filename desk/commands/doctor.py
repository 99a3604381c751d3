"""`panhuo doctor`: what this installation needs, what is broken, and how to mend it."""

from typing import Annotated

import typer

from desk.commands.console import CONSOLE, FOUND_FAILURE, Json, guarded, print_value, say


def doctor(
    strict: Annotated[bool, typer.Option("--strict", help="警告也视为失败 · warnings fail too")] = False,
    as_json: Json = False,
) -> None:
    """检查运行环境；必需项有问题时退出码为1 · check this installation; exit code 1 if a needed part is broken."""
    with guarded(as_json):
        from desk.commands.checks import examine  # noqa: PLC0415  start-up time

        checks = examine()
        ok = all(check.ok for check in checks if check.needed or strict)
        if as_json:
            print_value({"ok": ok, "checks": [check.as_json() for check in checks]})
        else:
            for check in checks:
                mark = "✓" if check.ok else ("✗" if check.needed else "!")
                say(f"{mark} {check.title_zh}：{check.detail_zh}", f"{mark} {check.name}: {check.detail_en}")
                if not check.ok:
                    say(f"    办法：{check.remedy_zh}", f"    remedy: {check.remedy_en}")
            verdict = (
                "一切正常" if ok else "有必需项需要处理",
                "all is well" if ok else "needed parts are broken",
            )
            say(CONSOLE.pick(*verdict), verdict[1])
        if not ok:
            raise typer.Exit(FOUND_FAILURE)
