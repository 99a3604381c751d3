"""`panhuo serve`, `panhuo worker` and `panhuo prefect-server`: the processes."""

from typing import Annotated

import typer

from desk.commands.console import UsageProblem, guarded, settings_of


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


def prefect_server() -> None:
    """单独运行Prefect服务 · run Prefect's server alone, until a signal comes."""
    with guarded(as_json=False):
        settings = settings_of()
        if settings.engine.is_elsewhere:
            raise UsageProblem(
                "已设置PANHUO_PREFECT_API_URL，即Prefect服务在别处。在运行服务的这台机器上请不要设置它",
                "PANHUO_PREFECT_API_URL says that the server is elsewhere; do not set it on this host",
            )
        from desk.serve import run_engine  # noqa: PLC0415  start-up time

        run_engine(settings)
