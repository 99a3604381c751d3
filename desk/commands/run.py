"""`panhuo serve` and `panhuo worker`: the processes."""

from typing import Annotated

import typer

from desk.commands.console import guarded, settings_of


def serve(
    background: Annotated[
        bool,
        typer.Option(
            "--background/--no-background", help="同时运行Prefect与任务进程 · also run Prefect and worker"
        ),
    ] = True,
) -> None:
    """启动工作台 · serve the desk until a signal comes."""
    with guarded(as_json=False):
        settings = settings_of()
        from desk.serve import run  # noqa: PLC0415  start-up time

        run(settings, background=background)


def worker() -> None:
    """启动任务进程 · run a worker until a signal comes."""
    with guarded(as_json=False):
        settings = settings_of()
        from flows.environment import apply  # noqa: PLC0415  Prefect reads the environment when it is imported

        apply(settings)
        from flows.worker import main  # noqa: PLC0415  start-up time

        main()
